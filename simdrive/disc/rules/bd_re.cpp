#include "simdrive/disc/rules/bd_re.h"

namespace simdrive {
namespace {

constexpr std::int64_t kCluster = kBdCluster.value;  // blocks
constexpr std::uint8_t kFullFormat = 0x00;
constexpr std::uint8_t kFormatWithSpares = 0x30;
constexpr std::uint8_t kFormatWithoutSpares = 0x31;

// Clusters of spare area on a layer: an inner area of 4096, and an outer one. Recalled, not read:
// that the layers of a disc with more than one are all alike.
constexpr std::int64_t kFewestSpares = 4096;
constexpr std::int64_t kDefaultSpares = 4096 + 8192;
constexpr std::int64_t kMostSpares = 4096 + 16384;

std::int64_t spare_clusters(const Medium& medium, std::int64_t on_a_layer) {
  return on_a_layer * medium.layers;
}

BlockCount blocks_with(const Medium& medium, std::int64_t spares_on_a_layer) {
  return medium.capacity() - BlockCount{kCluster * spare_clusters(medium, spares_on_a_layer)};
}

// Sub-types of 30h and 31h. Recalled, not read: a quick certification looks at a few tracks only.
BlockCount certified_blocks(const FormatRequest& request) {
  constexpr std::uint8_t kFullCertification = 2;
  constexpr std::uint8_t kQuickCertification = 3;
  constexpr std::int64_t kShareOfQuickCertification = 50;
  const BlockCount blocks{request.blocks};
  const BlockCount write_and_read = blocks + blocks;
  if (request.type == kFullFormat || request.sub_type == kFullCertification) return write_and_read;
  if (request.sub_type == kQuickCertification)
    return BlockCount{write_and_read.value / kShareOfQuickCertification};
  return {};
}

bool size_is_possible(const Medium& medium, std::uint8_t type, BlockCount blocks) {
  switch (type) {
    case kFullFormat:
      return blocks == blocks_with(medium, kDefaultSpares);
    case kFormatWithSpares:  // fewer spares: 5/26/00 (Pioneer BDR-203)
      return blocks >= blocks_with(medium, kMostSpares) &&
             blocks <= blocks_with(medium, kFewestSpares) && blocks.value % kCluster == 0;
    case kFormatWithoutSpares:
      return blocks == medium.capacity();
    default:
      return false;
  }
}

constexpr std::uint8_t kLastSubType = 3;
bool sub_type_is_possible(std::uint8_t type, std::uint8_t sub_type) {
  return sub_type <= (type == kFullFormat ? 0 : kLastSubType);
}

}  // namespace

Effected BdReRules::format(Layout& layout, const FormatRequest& request) const {
  if (request.type != kFullFormat && request.type != kFormatWithSpares &&
      request.type != kFormatWithoutSpares)
    return std::unexpected(Refusal::kOtherMediumFormat);
  const BlockCount blocks{request.blocks};
  if (!size_is_possible(layout.medium(), request.type, blocks) ||
      !sub_type_is_possible(request.type, request.sub_type))
    return std::unexpected(Refusal::kInvalidFormat);
  return format_anew(layout,
                     {.state = FormatState::kFormatted,
                      .type = request.type,
                      .sub_type = request.sub_type,
                      .user_blocks = blocks},
                     certified_blocks(request));
}

bool BdReRules::possible(const Medium& medium, const Formatting& formatting) const {
  return formatting.state == FormatState::kFormatted && formatting.de_iced.value == 0 &&
         size_is_possible(medium, formatting.type, formatting.user_blocks) &&
         sub_type_is_possible(formatting.type, formatting.sub_type);
}

// In the order of a real list (burning.md 4.3). The parameter: clusters of spare area, or the
// length of a block.
std::vector<FormatDescriptor> BdReRules::formats(const Layout& layout) const {
  const Medium& medium = layout.medium();
  const auto with_spares = [&](std::uint8_t type, std::int64_t on_a_layer) {
    return FormatDescriptor{
        .blocks = as_field(blocks_with(medium, on_a_layer)),
        .type = type,
        .parameter = static_cast<std::uint32_t>(spare_clusters(medium, on_a_layer))};
  };
  return {with_spares(kFullFormat, kDefaultSpares),
          with_spares(kFormatWithSpares, kDefaultSpares),
          with_spares(kFormatWithSpares, kMostSpares),
          with_spares(kFormatWithSpares, kFewestSpares),
          {.blocks = as_field(medium.capacity()),
           .type = kFormatWithoutSpares,
           .parameter = kBlockLength}};
}

}  // namespace simdrive
