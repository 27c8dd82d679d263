#include "simdrive/disc/rules/dvd_rw_overwrite.h"

#include <algorithm>

namespace simdrive {
namespace {

// Recalled, not read: drives offer this size for formatting, 38 ECC blocks less than the
// sequential disc holds.
constexpr BlockCount kLargestFormat{2297888};

constexpr std::uint8_t kFullFormat = 0x00;
constexpr std::uint8_t kFullPacketFormat = 0x10;
constexpr std::uint8_t kGrow = 0x11;
constexpr std::uint8_t kAddBorder = 0x12;
constexpr std::uint8_t kQuickGrow = 0x13;
constexpr std::uint8_t kQuickAddBorder = 0x14;
constexpr std::uint8_t kQuickFormat = 0x15;

constexpr std::uint8_t kBlankWholeDisc = 0;
constexpr std::uint8_t kBlankMinimally = 1;
// Recalled, not read: lead-in and recording management area, which a minimal blank erases.
constexpr BlockCount kMinimalBlank{16384};
// Recalled, not read: the border-out that ends the intermediate state.
constexpr BlockCount kBorderOut{6144};

bool aligned(std::int64_t value) { return value % kDvdEccBlock.value == 0; }

// The size that a format asks for; 0 stands for as much as possible where it is written step by
// step. The parameter is the ECC block in sectors (burning.md 4.3), but for 00h.
Ruling check_request(const FormatRequest& request, BlockCount most) {
  const BlockCount blocks{request.blocks};
  const bool may_be_empty = request.type == kQuickFormat || request.type == kQuickGrow;
  const bool parameter_fits =
      request.type == kFullFormat || request.parameter == kDvdEccBlock.value;
  if (request.sub_type != 0 || !parameter_fits || !aligned(blocks.value) || blocks > most ||
      (blocks.value == 0 && !may_be_empty))
    return std::unexpected(Refusal::kInvalidFormat);
  return {};
}

// The formatted part keeps its data; what is written next extends it. The announced size bounds
// nothing here: recording may end before it or go on behind it, up to the end of the disc.
Effected quick_grow(Layout& layout, const FormatRequest& request) {
  Formatting& now = layout.edit().formatting;
  const BlockCount room = kLargestFormat - now.user_blocks;
  // Only behind a complete border (burning.md 4.3).
  if (now.state != FormatState::kFormatted || room.value == 0)
    return std::unexpected(Refusal::kInvalidFormat);
  if (auto ruling = check_request(request, room); !ruling) return std::unexpected(ruling.error());
  now.state = FormatState::kIntermediate;
  now.type = kQuickGrow;
  return Effect{.changed = true};
}

FormatDescriptor descriptor(std::uint8_t type, BlockCount blocks, std::uint32_t parameter) {
  return {.blocks = as_field(blocks), .type = type, .parameter = parameter};
}

std::vector<FormatDescriptor> formats_for(BlockCount growth) {
  const auto ecc_block = static_cast<std::uint32_t>(kDvdEccBlock.value);
  std::vector<FormatDescriptor> list{descriptor(kFullFormat, kLargestFormat, kBlockLength),
                                     descriptor(kFullPacketFormat, kLargestFormat, ecc_block)};
  if (growth.value > 0) list.push_back(descriptor(kQuickGrow, growth, ecc_block));
  list.push_back(descriptor(kQuickFormat, kLargestFormat, ecc_block));
  return list;
}

}  // namespace

FormatCapacities sequential_dvd_rw_format_capacities() {
  return {.state = CapacityState::kUnformatted,
          .blocks = as_field(kLargestFormat),
          .formats = formats_for({})};
}

Effected format_dvd_rw(Layout& layout, const FormatRequest& request) {
  switch (request.type) {
    case kFullFormat:
    case kFullPacketFormat:
    case kQuickFormat:
      break;
    case kQuickGrow:
      return quick_grow(layout, request);
    case kGrow:  // defined for DVD-RW; Pioneer's drives do not know them
    case kAddBorder:
    case kQuickAddBorder:
      return std::unexpected(Refusal::kInvalidFormat);
    default:
      return std::unexpected(Refusal::kOtherMediumFormat);
  }
  if (auto ruling = check_request(request, kLargestFormat); !ruling)
    return std::unexpected(ruling.error());
  if (request.type == kQuickFormat)
    return format_anew(layout, {.state = FormatState::kIntermediate, .type = kQuickFormat}, {});
  const BlockCount blocks{request.blocks};
  return format_anew(
      layout, {.state = FormatState::kFormatted, .type = request.type, .user_blocks = blocks},
      blocks);
}

// Recalled, not read: how the intermediate state looks in READ DISC INFORMATION.
DiscStatus DvdRwOverwriteRules::status(const Layout& layout) const {
  return formatting(layout).state == FormatState::kIntermediate ? DiscStatus::kAppendable
                                                                : DiscStatus::kComplete;
}

std::optional<Lba> DvdRwOverwriteRules::next_writable_address(const Layout& layout) const {
  const Formatting& now = formatting(layout);
  return now.state == FormatState::kIntermediate ? Lba{0} + now.user_blocks : Lba{0};
}

DiscView DvdRwOverwriteRules::disc_view(const Layout& layout) const {
  DiscView view = OverwritableRules::disc_view(layout);
  if (formatting(layout).state == FormatState::kIntermediate)
    view.last_session = LastSessionState::kIncomplete;
  return view;
}

// RT, Blank, Packet and FP as Pioneer's table of track states has them: 0011, and 0111 while
// nothing is written.
std::vector<TrackView> DvdRwOverwriteRules::track_views(const Layout& layout) const {
  TrackView view = OverwritableRules::track_views(layout).front();
  const Formatting& now = formatting(layout);
  view.packet = true;
  view.fixed_packet = true;
  view.packet_size = kDvdEccBlock;
  if (now.state != FormatState::kIntermediate) return {view};
  view.blank = now.user_blocks.value == 0;
  view.invisible = view.blank;
  view.next_writable = next_writable_address(layout);
  view.free = kLargestFormat - now.user_blocks;
  view.size = kLargestFormat;
  view.end = Lba{0} + kLargestFormat;
  return {view};
}

// Intermediate: type 3, and growing is not offered (burning.md 3.6).
FormatCapacities DvdRwOverwriteRules::format_capacities(const Layout& layout) const {
  FormatCapacities capacities = OverwritableRules::format_capacities(layout);
  if (formatting(layout).state == FormatState::kIntermediate)
    capacities.state = CapacityState::kUnknown;
  return capacities;
}

std::vector<FormatDescriptor> DvdRwOverwriteRules::formats(const Layout& layout) const {
  const Formatting& now = formatting(layout);
  return formats_for(now.state == FormatState::kFormatted ? kLargestFormat - now.user_blocks
                                                          : BlockCount{});
}

Ruling DvdRwOverwriteRules::check_write(const Layout& layout, Lba lba, BlockCount count,
                                        const WriteMode& mode) const {
  if (!aligned(lba.value) || !aligned(count.value))
    return std::unexpected(Refusal::kNotNextWritableAddress);
  const Formatting& now = formatting(layout);
  if (now.state == FormatState::kFormatted)
    return OverwritableRules::check_write(layout, lba, count, mode);
  if (lba < Lba{0} || lba > Lba{0} + now.user_blocks)
    return std::unexpected(Refusal::kNotNextWritableAddress);
  if (lba - Lba{0} + count > kLargestFormat) return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

void DvdRwOverwriteRules::record_write(Layout& layout, Lba lba, BlockCount count,
                                       const WriteMode&) const {
  BlockCount& end = layout.edit().formatting.user_blocks;
  end = std::max(end, lba - Lba{0} + count);
}

// CLOSE SESSION ends the intermediate state; on a formatted disc both functions rewrite what is
// there already (growisofs sends one before it reads back).
Effected DvdRwOverwriteRules::close(Layout& layout, const CloseRequest& request,
                                    const WriteMode&) const {
  if (request.function != CloseFunction::kSession && request.function != CloseFunction::kFinalise)
    return std::unexpected(Refusal::kInvalidFunction);
  Formatting& now = layout.edit().formatting;
  if (now.state != FormatState::kIntermediate || now.user_blocks.value == 0) return Effect{};
  now.state = FormatState::kFormatted;
  return Effect{.laser_blocks = kBorderOut, .changed = true};
}

Effected DvdRwOverwriteRules::blank(Layout& layout, std::uint8_t type, std::uint32_t) const {
  if (type != kBlankWholeDisc && type != kBlankMinimally)
    return std::unexpected(Refusal::kInvalidFunction);
  const BlockCount all = layout.medium().capacity();
  const bool minimally = type == kBlankMinimally;
  Effect effect = format_anew(layout, Formatting{}, minimally ? kMinimalBlank : all);
  layout.edit().minimally_blanked = minimally;
  if (minimally) effect.cleared.clear();
  return effect;
}

Effected DvdRwOverwriteRules::format(Layout& layout, const FormatRequest& request) const {
  return format_dvd_rw(layout, request);
}

bool DvdRwOverwriteRules::possible(const Medium&, const Formatting& formatting) const {
  const bool intermediate = formatting.state == FormatState::kIntermediate;
  const bool formatted =
      formatting.state == FormatState::kFormatted && formatting.user_blocks.value > 0;
  const std::uint8_t type = formatting.type;
  const bool known = type == kQuickFormat || type == kQuickGrow ||
                     (formatted && (type == kFullFormat || type == kFullPacketFormat));
  return (intermediate || formatted) && known && formatting.sub_type == 0 &&
         formatting.de_iced.value == 0 && aligned(formatting.user_blocks.value) &&
         formatting.user_blocks <= kLargestFormat;
}

}  // namespace simdrive
