#include "simdrive/disc/rules/dvd_ram.h"

namespace simdrive {
namespace {

constexpr std::uint8_t kFullFormat = 0x00;
constexpr std::uint8_t kSpareAreaExpansion = 0x01;
constexpr std::int64_t kEccBlock = kDvdEccBlock.value;
// Recalled, not read (ECMA-330): the supplementary spare area takes no more than this.
constexpr BlockCount kLargestExpansion{97792};

bool size_is_possible(const Medium& medium, std::uint8_t type, BlockCount blocks) {
  const BlockCount all = medium.capacity();
  if (type == kFullFormat) return blocks == all;
  return type == kSpareAreaExpansion && blocks < all && blocks >= all - kLargestExpansion &&
         blocks.value % kEccBlock == 0;
}

}  // namespace

Formatting fresh_dvd_ram(const Medium& medium) {
  return {.state = FormatState::kFormatted, .type = kFullFormat, .user_blocks = medium.capacity()};
}

DiscStatus DvdRamRules::status(const Layout& layout) const {
  return formatted(layout) ? DiscStatus::kRandomAccess : DiscStatus::kBlank;
}

Effected DvdRamRules::format(Layout& layout, const FormatRequest& request) const {
  if (request.type != kFullFormat && request.type != kSpareAreaExpansion)
    return std::unexpected(Refusal::kOtherMediumFormat);
  const BlockCount blocks{request.blocks};
  if (request.sub_type != 0 || !size_is_possible(layout.medium(), request.type, blocks))
    return std::unexpected(Refusal::kInvalidFormat);
  if (request.type == kFullFormat)
    return format_anew(layout, fresh_dvd_ram(layout.medium()), blocks + blocks);
  // What becomes spare area is lost, and never comes back but by a full format.
  Formatting& now = layout.edit().formatting;
  if (!formatted(layout) || blocks >= now.user_blocks)
    return std::unexpected(Refusal::kInvalidFormat);
  const Extent lost{Lba{0} + blocks, Lba{0} + now.user_blocks};
  now.type = kSpareAreaExpansion;
  now.user_blocks = blocks;
  return Effect{.changed = true, .cleared = {lost}};
}

bool DvdRamRules::possible(const Medium& medium, const Formatting& formatting) const {
  return formatting.state == FormatState::kFormatted && formatting.sub_type == 0 &&
         formatting.de_iced.value == 0 &&
         size_is_possible(medium, formatting.type, formatting.user_blocks);
}

std::vector<FormatDescriptor> DvdRamRules::formats(const Layout& layout) const {
  const BlockCount all = layout.medium().capacity();
  std::vector<FormatDescriptor> list{
      {.blocks = as_field(all), .type = kFullFormat, .parameter = kBlockLength}};
  const BlockCount least = all - kLargestExpansion;
  if (formatted(layout) && formatting(layout).user_blocks > least)
    list.push_back(
        {.blocks = as_field(least), .type = kSpareAreaExpansion, .parameter = kBlockLength});
  return list;
}

}  // namespace simdrive
