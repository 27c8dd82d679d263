// Makes an input for fuzz_udf of an image: udf_seed < IMAGE > SEED.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "tests/fuzz/sparse_blocks.h"

int main() {
  using namespace pregroove;  // NOLINT(google-build-using-namespace): a program of one file
  std::array<std::uint8_t, kBlockSize> block{};
  for (std::int64_t lba = 0; lba < fuzz::kMedium.value; ++lba) {
    if (std::fread(block.data(), 1, block.size(), stdin) < block.size()) break;
    if (std::ranges::all_of(block, [](std::uint8_t byte) { return byte == 0; })) continue;
    const std::array<std::uint8_t, fuzz::kAddressBytes> address{
        static_cast<std::uint8_t>(lba & 0xFF), static_cast<std::uint8_t>(lba >> 8)};
    if (std::fwrite(address.data(), 1, address.size(), stdout) < address.size()) return 1;
    if (std::fwrite(block.data(), 1, block.size(), stdout) < block.size()) return 1;
  }
  return 0;
}
