// What a burn costs in CPU, without the disc's time.
//
//   Burn      memory -> ring -> WRITE (10) -> simulated recorder -> disc in memory: what the
//             engine does per block, and what simdrive does. One session, checked and closed: on a
//             CD-R, and 4 GiB on a BD-R.
//   Rewrite   the same on a BD-RE that was written before, so that the memory is there already.
//   Copy      memcpy of the same pieces to memory that was just allocated, 4 GiB: the disc in
//             memory is such memory, and costs its page faults as well.
//   Inspect   looking at a disc with three sessions: how fast commands pass.
//
// Not measured: virtual time (tests report it), and disc files (the file system's business).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "engine/burn/burner.h"
#include "engine/drive/inspection.h"
#include "engine/plan/image_plan.h"
#include "engine/plan/plan.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"

namespace {

using namespace pregroove;

class PatternSource final : public burn::BlockSource {
 public:
  explicit PatternSource(std::int64_t blocks) : left_(blocks), size_{blocks} {}
  [[nodiscard]] BlockCount size() const override { return size_; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out) override {
    const auto blocks = std::min(left_, static_cast<std::int64_t>(out.size() / kBlockSize));
    const auto bytes = static_cast<std::size_t>(BlockCount{blocks}.bytes());
    std::ranges::fill(out.first(bytes), static_cast<std::byte>(left_));
    left_ -= blocks;
    return bytes;
  }

 private:
  std::int64_t left_;
  BlockCount size_;
};

class Silent final : public burn::Observer {};

struct Recorder {
  explicit Recorder(const char* medium) : simulated(clock), drive(simulated, clock) {
    simulated.insert(simdrive::Disc::blank(*simdrive::find_medium(medium)));
  }
  bool burn_session(std::int64_t blocks) {
    const auto disc = drive::inspect(drive);
    if (!disc) return false;
    const auto plan = plan::make_burn_plan(*disc, {.image = {blocks}});
    if (!plan) return false;
    PatternSource source(blocks);
    Silent silent;
    return burn::burn(drive, *plan, source, silent).has_value();
  }
  // From block 0 on, over what is there.
  bool write_image(std::int64_t blocks) {
    const auto disc = drive::inspect(drive);
    if (!disc) return false;
    const auto plan = plan::make_image_plan(*disc, {.image = {blocks}});
    if (!plan) return false;
    PatternSource source(blocks);
    Silent silent;
    return burn::burn(drive, *plan, source, silent).has_value();
  }
  simdrive::VirtualClock clock;
  simdrive::Drive simulated;
  drive::Drive drive;
};

bool smoke() { return std::getenv("PREGROOVE_BENCH_SMOKE") != nullptr; }

void burn_one_session(benchmark::State& state, const char* medium) {
  const std::int64_t blocks = smoke() ? 1000 : state.range(0);
  for (auto _ : state) {
    Recorder recorder(medium);
    if (!recorder.burn_session(blocks)) state.SkipWithError("the burn failed");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(BlockCount{blocks}.bytes()));
}
BENCHMARK_CAPTURE(burn_one_session, cd_r, "cd-r-80")
    ->Name("Burn")
    ->Arg(300'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(burn_one_session, bd_r, "bd-r-25")
    ->Name("BurnBdR")
    ->Arg(2 << 20)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void write_again(benchmark::State& state) {
  const std::int64_t blocks = smoke() ? 1000 : state.range(0);
  Recorder recorder("bd-re-25");
  if (!recorder.write_image(blocks)) state.SkipWithError("the first burn failed");
  for (auto _ : state)
    if (!recorder.write_image(blocks)) state.SkipWithError("the burn failed");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(BlockCount{blocks}.bytes()));
}
BENCHMARK(write_again)->Name("Rewrite")->Arg(2 << 20)->Unit(benchmark::kMillisecond)->UseRealTime();

void copy_to_fresh_memory(benchmark::State& state) {
  constexpr std::size_t kPiece = 65'536;
  const std::size_t bytes = (smoke() ? 1000 : std::size_t{2} << 20U) * kBlockSize;
  const std::vector<std::byte> piece(kPiece, std::byte{1});
  for (auto _ : state) {
    const auto target = std::make_unique_for_overwrite<std::byte[]>(bytes);
    for (std::size_t at = 0; at + kPiece <= bytes; at += kPiece)
      std::memcpy(target.get() + at, piece.data(), kPiece);
    benchmark::DoNotOptimize(target.get());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(bytes));
}
BENCHMARK(copy_to_fresh_memory)->Name("Copy")->Unit(benchmark::kMillisecond)->UseRealTime();

void inspect_disc(benchmark::State& state) {
  Recorder recorder("cd-r-80");
  for (int session = 0; session < 3; ++session)
    if (!recorder.burn_session(1000)) state.SkipWithError("the burn failed");
  for (auto _ : state) benchmark::DoNotOptimize(drive::inspect(recorder.drive));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(inspect_disc)->Name("Inspect")->Unit(benchmark::kMicrosecond);

}  // namespace
