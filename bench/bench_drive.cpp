// What a command to the simulated drive costs in CPU. All in one thread; discs are in memory.
//
//   copy_fresh, copy_touched   memcpy of the pieces that WRITE brings, to memory that was just
//                              allocated, and to memory that was used before: what is to be reached
//   write/MODEL                WRITE (10)s of 64 KiB to a blank or just formatted disc, for each
//                              writing model; a WRITE that is answered 2/04/08 is sent again
//   rewrite/MODEL              the same to a disc that was written from end to end before
//   command/NAME               commands without data: the cost of table, preconditions and reply
//
// Each pass of write and rewrite follows a pass of memcpy to the same kind of memory (fresh for
// write, touched for rewrite); the counter "of_memcpy" is the ratio of the two bandwidths, 1 when a
// WRITE costs nothing besides the copy. A test write copies nothing, and may be beyond 1. Making
// and freeing discs and buffers is not measured. Virtual time is not measured: tests report it.
// The counter "last_lba" is where the writing ended, so that the work cannot change unnoticed.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"

namespace simdrive {
namespace {

using pregroove::scsi::Completion;
using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using pregroove::scsi::DataPhase;
using pregroove::scsi::NoData;

constexpr std::size_t kPiece = 65536;

bool smoke() {
  return std::getenv("PREGROOVE_BENCH_SMOKE") != nullptr;  // NOLINT(concurrency-mt-unsafe)
}
std::size_t pieces() { return smoke() ? 16 : 4096; }

double seconds_of(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

const std::vector<std::byte>& source() {
  static const std::vector<std::byte> kData(kPiece, std::byte{0x5A});
  return kData;
}

// Not set to anything: as fresh as the system gives it.
std::unique_ptr<std::byte[]> fresh_memory() {
  return std::make_unique_for_overwrite<std::byte[]>(pieces() * kPiece);
}

double copy_into(std::byte* target) {
  return seconds_of([&] {
    for (std::size_t i = 0; i < pieces(); ++i) {
      std::memcpy(target + (i * kPiece), source().data(), kPiece);
      benchmark::DoNotOptimize(target);
      benchmark::ClobberMemory();
    }
  });
}

double copy_seconds(bool touched) {
  const auto target = fresh_memory();
  if (touched) copy_into(target.get());
  return copy_into(target.get());
}

void copy(benchmark::State& state, bool touched) {
  for (auto _ : state) state.SetIterationTime(copy_seconds(touched));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(pieces() * kPiece));
}

template <std::size_t N>
std::array<std::byte, N> cdb(const std::array<std::uint8_t, N>& octets) {
  std::array<std::byte, N> bytes{};
  for (std::size_t i = 0; i < N; ++i) bytes[i] = std::byte{octets[i]};
  return bytes;
}

class Recorder {
 public:
  explicit Recorder(const char* medium) : drive_(clock_) {
    drive_.insert(Disc::blank(*find_medium(medium)));
    let_time_pass();
    for (int i = 0; i < 2; ++i) (void)send(cdb<6>({0x00}), NoData{});
  }

  // Minutes to hours of virtual time.
  void let_time_pass() { clock_.advance(std::chrono::hours(10)); }
  bool send(std::span<const std::byte> command, const DataPhase& data) {
    const auto completion = drive_.execute({.cdb = command, .data = data});
    return completion && !completion->sense;
  }
  // Writes with the bytes 2 to 4 of page 05h, and packets of 16 blocks for type 0.
  bool select_page_5(std::array<std::uint8_t, 3> bytes) {
    std::array<std::byte, 60> list{};
    list[8] = std::byte{0x05};
    list[9] = std::byte{0x32};
    for (std::size_t i = 0; i < bytes.size(); ++i) list[10 + i] = std::byte{bytes[i]};
    const bool incremental = (bytes[0] & 0x0FU) == 0;
    if (incremental) list[13] = list[21] = std::byte{16};
    list[23] = std::byte{150};
    return send(cdb<10>({0x55, 0x10, 0, 0, 0, 0, 0, 0, 60}), DataOut{list});
  }
  // FORMAT UNIT, its descriptor: the blocks, the type with its sub-type, a parameter.
  bool format(std::uint32_t blocks, std::uint8_t type, std::uint16_t parameter) {
    std::array<std::byte, 12> list{};
    list[3] = std::byte{8};
    for (std::size_t i = 0; i < 4; ++i)
      list[4 + i] = static_cast<std::byte>(blocks >> (24 - (8 * i)));
    list[8] = std::byte{type};
    list[10] = static_cast<std::byte>(parameter >> 8U);
    list[11] = static_cast<std::byte>(parameter & 0xFFU);
    const bool formatted = send(cdb<6>({0x04, 0x11}), DataOut{list});
    let_time_pass();
    return send(cdb<6>({0x00}), NoData{}) && formatted;
  }
  // SEND CUE SHEET: one track of the data form, long enough for any pass, from the pregap on.
  bool send_cue_sheet(std::uint8_t control, std::uint8_t data_form) {
    const std::uint8_t lead_out_form = data_form == 0x10 ? 0x14 : 0x01;
    const std::uint8_t entries[] = {control, 0,    0, lead_out_form, 0, 0,  0, 0,  //
                                    control, 1,    0, data_form,     0, 0,  0, 0,  //
                                    control, 1,    1, data_form,     0, 0,  2, 0,  //
                                    control, 0xAA, 1, lead_out_form, 0, 70, 0, 0};
    const auto bytes = std::as_bytes(std::span(entries));
    return send(cdb<10>({0x5D, 0, 0, 0, 0, 0, 0, 0, sizeof(entries)}), DataOut{bytes});
  }
  // One WRITE (10), again until it is taken. False when it is refused for another reason.
  bool write(std::int32_t lba, std::int32_t blocks, std::span<const std::byte> data) {
    std::array<std::byte, 10> command{};
    command[0] = std::byte{0x2A};
    for (std::size_t i = 0; i < 4; ++i)
      command[2 + i] = static_cast<std::byte>(lba >> (24 - (8 * i)));
    command[8] = static_cast<std::byte>(blocks);
    for (;;) {
      const auto completion = drive_.execute({.cdb = command, .data = DataOut{data}});
      if (!completion) return false;
      if (!completion->sense) return true;
      if (completion->sense->code != pregroove::SenseCode{2, 0x04, 0x08}) return false;
      clock_.advance(std::chrono::milliseconds(100));
    }
  }
  // As many whole blocks as fit into each piece, one piece after the other.
  bool write_all(std::size_t block_size, std::int32_t first) {
    const auto blocks = static_cast<std::int32_t>(kPiece / block_size);
    const auto data = std::span(source()).first(static_cast<std::size_t>(blocks) * block_size);
    for (std::size_t i = 0; i < pieces(); ++i) {
      if (!write(first + (static_cast<std::int32_t>(i) * blocks), blocks, data)) return false;
    }
    return true;
  }

 private:
  VirtualClock clock_;
  Drive drive_;
};

constexpr std::int32_t kPregapStart = -150;
constexpr std::size_t kAudioSector = 2352;

struct Model {
  const char* name;
  const char* medium;
  bool (*prepare)(Recorder& recorder);
  std::size_t block_size = pregroove::kBlockSize;
  std::int32_t first = 0;  // where writing starts
};

// Page 05h as burning programs send it (mmc.md 2.8); formats as burning.md 4.3 lists them.
constexpr auto kModels = std::to_array<Model>({
    {"cd-tao", "cd-r-80",
     [](Recorder& recorder) {
       return recorder.select_page_5({0x41, 0xC4, 0x08});
     }},
    {"cd-sao", "cd-r-80",
     [](Recorder& recorder) {
       return recorder.select_page_5({0x42, 0xC0, 0x00}) && recorder.send_cue_sheet(0x41, 0x10);
     },
     pregroove::kBlockSize, kPregapStart},
    {"cd-sao-audio", "cd-r-80",
     [](Recorder& recorder) {
       return recorder.select_page_5({0x42, 0xC0, 0x00}) && recorder.send_cue_sheet(0x01, 0x00);
     },
     kAudioSector, kPregapStart},
    {"cd-test-write", "cd-r-80",
     [](Recorder& recorder) {
       return recorder.select_page_5({0x51, 0xC4, 0x08});
     }},
    {"dvd-r-incremental", "dvd-r",
     [](Recorder& recorder) {
       return recorder.select_page_5({0x60, 0xE5, 0x08});
     }},
    {"dvd+r", "dvd+r", [](Recorder&) { return true; }},
    {"dvd+rw", "dvd+rw",
     [](Recorder& recorder) { return recorder.format(0xFFFFFFFF, 0x26U << 2U, 0); }},
    {"dvd-ram", "dvd-ram", [](Recorder&) { return true; }},
    {"bd-r", "bd-r-25", [](Recorder&) { return true; }},
    {"bd-re", "bd-re-25",
     [](Recorder& recorder) { return recorder.format(12219392, 0x31U << 2U, 0x0800); }},
});
bool is_overwritable(const Model& model) {
  const auto kind = find_medium(model.medium)->kind;
  return kind == MediumKind::kDvdPlusRw || kind == MediumKind::kDvdRam || kind == MediumKind::kBdRe;
}

void write(benchmark::State& state, const Model& model, bool again) {
  double copying = 0;
  double writing = 0;
  for (auto _ : state) {
    copying += copy_seconds(again);
    Recorder recorder(model.medium);
    bool good =
        model.prepare(recorder) && (!again || recorder.write_all(model.block_size, model.first));
    const double seconds =
        seconds_of([&] { good = good && recorder.write_all(model.block_size, model.first); });
    if (!good) state.SkipWithError("a command was refused");
    state.SetIterationTime(seconds);
    writing += seconds;
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(pieces() * kPiece));
  state.counters["of_memcpy"] = copying / writing;
  const auto blocks = static_cast<std::int64_t>(pieces() * (kPiece / model.block_size));
  state.counters["last_lba"] = static_cast<double>(model.first + blocks - 1);
}

void command(benchmark::State& state, std::span<const std::byte> bytes) {
  Recorder recorder("cd-r-80");
  std::array<std::byte, 64> reply{};
  const DataPhase data = bytes.size() == 6 ? DataPhase(NoData{}) : DataPhase(DataIn{reply});
  for (auto _ : state) {
    if (!recorder.send(bytes, data)) state.SkipWithError("the command was refused");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

const auto kTestUnitReady = cdb<6>({0x00});
const auto kReadTrackInformation = cdb<10>({0x52, 0x01, 0, 0, 0, 0xFF, 0, 0, 36});

[[maybe_unused]] const bool kRegistered = [] {
  const auto timed = [](const std::string& name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark(name.c_str(), function, arguments...)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  };
  timed("copy_fresh", copy, false);
  timed("copy_touched", copy, true);
  for (const Model& model : kModels) {
    timed(std::string("write/") + model.name, write, model, false);
    if (is_overwritable(model)) timed(std::string("rewrite/") + model.name, write, model, true);
  }
  benchmark::RegisterBenchmark("command/TEST UNIT READY", command,
                               std::span<const std::byte>(kTestUnitReady));
  benchmark::RegisterBenchmark("command/READ TRACK INFORMATION", command,
                               std::span<const std::byte>(kReadTrackInformation));
  return true;
}();

}  // namespace
}  // namespace simdrive
