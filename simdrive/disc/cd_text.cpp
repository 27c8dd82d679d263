#include "simdrive/disc/cd_text.h"

#include <algorithm>
#include <map>
#include <utility>

namespace simdrive {
namespace {

constexpr std::size_t kSymbolsPerPack = 24;
constexpr std::size_t kCrcOffset = 16;
constexpr unsigned kSymbolBits = 6;

unsigned octet(const CdTextPack& pack, std::size_t index) {
  return std::to_integer<unsigned>(pack[index]);
}

bool is_fill(const CdTextPack& pack) { return pack == CdTextPack{}; }

bool is_valid(const CdTextPack& pack) {
  return (octet(pack, 0) & 0xF0U) == 0x80U && pack_crc_holds(pack);
}

// Block number (bits 6 to 4 of byte 3) and sequence number: what makes a pack unique.
std::pair<unsigned, unsigned> number_of(const CdTextPack& pack) {
  return {(octet(pack, 3) >> 4U) & 7U, octet(pack, 2)};
}

}  // namespace

bool pack_crc_holds(const CdTextPack& pack) {
  return subchannel_crc(std::span(pack).first<kCrcOffset>()) ==
         ((octet(pack, kCrcOffset) << 8U) | octet(pack, kCrcOffset + 1));
}

CdTextPack pack_in(const CdTextBlock& block, std::size_t number) {
  CdTextPack pack{};
  const auto symbols = std::span(block).subspan(number * kSymbolsPerPack, kSymbolsPerPack);
  for (std::size_t bit = 0; bit < 8 * pack.size(); ++bit) {
    const auto symbol = std::to_integer<unsigned>(symbols[bit / kSymbolBits]);
    const unsigned value = (symbol >> (kSymbolBits - 1 - (bit % kSymbolBits))) & 1U;
    pack[bit / 8] |= static_cast<std::byte>(value << (7 - (bit % 8)));
  }
  return pack;
}

CdTextBlock make_block(std::span<const CdTextPack, kPacksPerBlock> packs) {
  CdTextBlock block{};
  for (std::size_t number = 0; number < kPacksPerBlock; ++number) {
    const auto symbols = std::span(block).subspan(number * kSymbolsPerPack, kSymbolsPerPack);
    for (std::size_t bit = 0; bit < 8 * packs[number].size(); ++bit) {
      const unsigned value = (octet(packs[number], bit / 8) >> (7 - (bit % 8))) & 1U;
      symbols[bit / kSymbolBits] |=
          static_cast<std::byte>(value << (kSymbolBits - 1 - (bit % kSymbolBits)));
    }
  }
  return block;
}

CdTextBlock lead_in_block(std::span<const CdTextPack> packs, std::size_t index) {
  if (packs.empty()) return {};
  std::array<CdTextPack, kPacksPerBlock> four;
  for (std::size_t i = 0; i < kPacksPerBlock; ++i)
    four[i] = packs[((index * kPacksPerBlock) + i) % packs.size()];
  return make_block(four);
}

CdText collect_cd_text(std::span<const std::byte> blocks) {
  CdText text;
  std::map<std::pair<unsigned, unsigned>, CdTextPack> packs;
  for (; blocks.size() >= kSubchannelSize; blocks = blocks.subspan(kSubchannelSize)) {
    CdTextBlock block;
    std::ranges::copy(blocks.first<kSubchannelSize>(), block.begin());
    for (std::size_t number = 0; number < kPacksPerBlock; ++number) {
      const CdTextPack pack = pack_in(block, number);
      if (is_fill(pack)) continue;
      if (!is_valid(pack)) {
        ++text.broken;
        continue;
      }
      const auto [known, is_new] = packs.try_emplace(number_of(pack), pack);
      if (!is_new && known->second != pack) ++text.conflicting;
    }
  }
  for (const auto& [number, pack] : packs) text.packs.push_back(pack);
  return text;
}

}  // namespace simdrive
