// Raw sectors of user data, on one core.
//
//   edc            the error detection code of 2064 bytes, by itself
//   parity         P and Q of one sector, by themselves
//   encode_mode1   whole mode 1 sectors: 64 sectors that stay in the cache
//   encode_form1   the same in mode 2 form 1
//   encode_stream  mode 1, 32 MiB of user data at a time: bound by memory as well
//
// Each runs once for each codec of this processor, in the order of sector_codec::available();
// the last one is what a drive uses. Bytes are user data (2048 for each sector). Not measured:
// scrambling, sub-channels. The counter "hash" is the xxHash of the last sector; it changes only
// when its bytes do.
#include <benchmark/benchmark.h>
#include <xxhash.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "simdrive/disc/sector.h"
#include "simdrive/disc/sector_codec.h"

namespace simdrive {
namespace {

bool is_smoke() {
  return std::getenv("PREGROOVE_BENCH_SMOKE") != nullptr;  // NOLINT(concurrency-mt-unsafe)
}

std::vector<std::byte> noise(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::uint64_t state = 1;
  for (std::byte& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
    byte = static_cast<std::byte>(state >> 56U);
  }
  return bytes;
}

void report(benchmark::State& state, std::size_t sectors, std::span<const std::byte> last) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(sectors) * 2048);
  state.counters["hash"] = static_cast<double>(XXH3_64bits(last.data(), last.size()) >> 12U);
}

const sector_codec::Codec& chosen(benchmark::State& state) {
  const auto& codec = *sector_codec::available()[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(std::string(codec.name));
  return codec;
}

void edc(benchmark::State& state) {
  const auto& codec = chosen(state);
  const auto bytes = noise(2064);
  std::uint32_t code = 0;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(code = codec.edc(bytes));
  report(state, 1, std::as_bytes(std::span(&code, 1)));
}

void parity(benchmark::State& state) {
  const auto& codec = chosen(state);
  auto bytes = noise(sector_codec::kProtectedSize);
  const sector_codec::Protected span(bytes);
  for ([[maybe_unused]] auto _ : state) {
    codec.append_parity(span);
    benchmark::ClobberMemory();
  }
  report(state, 1, bytes);
}

void encode(benchmark::State& state, SectorForm form, std::size_t sectors) {
  const auto& codec = chosen(state);
  const auto user_data = noise(sectors * 2048);
  std::vector<std::byte> raw(sectors * kRawSectorSize);
  for ([[maybe_unused]] auto _ : state) {
    encode_sectors({.form = form}, Lba{0}, user_data, raw, codec);
    benchmark::ClobberMemory();
  }
  report(state, sectors, std::span(raw).last(kRawSectorSize));
}

void encode_mode1(benchmark::State& state) { encode(state, SectorForm::kMode1, 64); }
void encode_form1(benchmark::State& state) { encode(state, SectorForm::kMode2Form1, 64); }
void encode_stream(benchmark::State& state) {
  encode(state, SectorForm::kMode1, is_smoke() ? 64 : 16384);
}

const auto kLastCodec = static_cast<std::int64_t>(sector_codec::available().size()) - 1;
BENCHMARK(edc)->DenseRange(0, kLastCodec);
BENCHMARK(parity)->DenseRange(0, kLastCodec);
BENCHMARK(encode_mode1)->DenseRange(0, kLastCodec);
BENCHMARK(encode_form1)->DenseRange(0, kLastCodec);
BENCHMARK(encode_stream)->DenseRange(0, kLastCodec);

}  // namespace
}  // namespace simdrive
