// FORMAT UNIT and READ FORMAT CAPACITIES (MMC-6 6.4 and 6.23).
#include "engine/base/bytes.h"
#include "simdrive/disc/rules/dvd_plus_rw.h"
#include "simdrive/drive/background_format.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be24;
using pregroove::Be32;

// Chosen: lead-in and tables of a format, besides what is certified.
constexpr Duration kFormattingOverhead = std::chrono::seconds(30);

// MMC-6 table "capacity list header".
struct CapacityListHeader {
  std::array<std::uint8_t, 3> reserved{};
  std::uint8_t length = 0;
};
static_assert(pregroove::wire_struct<CapacityListHeader, 4>());

// MMC-6 tables "current/maximum capacity descriptor" (type [1:0], block length) and "formattable
// capacity descriptor" (type [7:2], sub-type [1:0], a parameter that depends on the type). FORMAT
// UNIT takes the second form.
struct CapacityDescriptor {
  Be32 blocks;
  std::uint8_t type = 0;
  Be24 parameter{static_cast<std::uint32_t>(pregroove::kBlockSize)};
};
static_assert(pregroove::wire_struct<CapacityDescriptor, 8>());

// MMC-6 table "FORMAT UNIT parameter list", its header.
struct FormatListHeader {
  std::uint8_t reserved = 0;
  std::uint8_t flags = 0;  // FOV 7, DPRY 6, DCRT 5, STPF 4, IP 3, Try-out 2, Immed 1, VS 0
  Be16 descriptor_length;
};
static_assert(pregroove::wire_struct<FormatListHeader, 4>());

constexpr std::uint8_t kOptionsValid = 0x80;
constexpr std::uint8_t kDisableCertification = 0x20;
constexpr std::uint8_t kImmediate = 0x02;
// DPRY, STPF and VS change nothing here; IP and Try-out ask for what the drive cannot do.
constexpr std::uint8_t kUnsupportedOptions = 0x0C;
constexpr std::uint8_t kOptions = 0x7C;

struct FormatCommand {
  FormatRequest request;
  bool certify = true;
  bool complete_list = false;  // CmpLst: the drive forgets the defects that it knew
  bool immediate = false;
};

std::expected<FormatCommand, Fault> parse(const Request& request) {
  const bool parameter_list = request.bit(1, 4);
  const std::uint8_t format_code = pregroove::bit_field(request.byte(1), 0, 3);
  // Format code 111b, CD-RW with fixed packets, is not supported.
  if (!parameter_list || format_code != 1) return std::unexpected(Fault::kInvalidFieldInCdb);
  const auto header = pregroove::read_struct<FormatListHeader>(request.data_out);
  const auto descriptor =
      pregroove::read_struct<CapacityDescriptor>(request.data_out, sizeof(FormatListHeader));
  if (!header || !descriptor) return std::unexpected(Fault::kParameterListLength);
  const bool options_valid = (header->flags & kOptionsValid) != 0;
  const std::uint8_t refused = options_valid ? kUnsupportedOptions : kOptions;
  if (header->descriptor_length.value() != sizeof(CapacityDescriptor) ||
      (header->flags & refused) != 0)
    return std::unexpected(Fault::kInvalidFieldInParameterList);
  return FormatCommand{.request = {.type = pregroove::bit_field(descriptor->type, 2, 6),
                                   .sub_type = pregroove::bit_field(descriptor->type, 0, 2),
                                   .blocks = descriptor->blocks.value(),
                                   .parameter = descriptor->parameter.value()},
                       .certify = (header->flags & kDisableCertification) == 0,
                       .complete_list = request.bit(1, 3),
                       .immediate = (header->flags & kImmediate) != 0};
}

bool runs_in_background(const Layout& layout) {
  return layout.recording().formatting.state == FormatState::kBackgroundRunning;
}

CapacityDescriptor current_capacity(const FormatCapacities& capacities) {
  return {.blocks = Be32(capacities.blocks), .type = static_cast<std::uint8_t>(capacities.state)};
}

CapacityDescriptor formattable_capacity(const FormatDescriptor& format) {
  return {.blocks = Be32(format.blocks),
          .type = static_cast<std::uint8_t>((format.type << 2U) | format.sub_type),
          .parameter = Be24(format.parameter)};
}

// The quick change of a DVD-RAM's size (burning.md 4.3), which some drives answer with GOOD only.
bool leaves_as_it_is(const DriveState& state, const FormatCommand& command) {
  return state.personality.quirks.dvd_ram_resize_ignored &&
         state.disc->medium().kind == MediumKind::kDvdRam && command.complete_list &&
         !command.certify;
}

// With the default spare areas, whatever size the host asks for (mmc.md 2.13).
FormatRequest without_size(const DriveState& state, FormatRequest request) {
  const bool ignored = state.personality.quirks.bd_r_format_ignores_size &&
                       state.disc->medium().kind == MediumKind::kBdR;
  const auto formats = state.layout().format_capacities().formats;
  if (ignored && !formats.empty()) request.blocks = formats.front().blocks;
  return request;
}

}  // namespace

Outcome format_unit(DriveState& state, const Request& request) {
  const auto command = parse(request);
  if (!command) return refuse(command.error());
  Layout next = state.layout();
  const Effected effect = next.format(without_size(state, command->request));
  if (!effect) return refuse(fault_for(effect.error()));
  if (leaves_as_it_is(state, *command))
    return Good{sizeof(FormatListHeader) + sizeof(CapacityDescriptor)};
  const bool restarted = runs_in_background(next) && effect->cleared.empty();
  state.buffer.discard();
  state.rehearsal.reset();
  if (!state.disc->commit(std::move(next), *effect) || !state.disc->flush())
    return refuse(Fault::kWriteError);
  state.configuration_changed = true;
  const BlockCount passed = command->certify ? effect->laser_blocks : BlockCount{};
  const Duration writing = state.recording_time(Lba{0}, passed);
  state.begin(LongOperation::Kind::kFormatting, writing + kFormattingOverhead, command->immediate);
  if (runs_in_background(state.layout())) begin_background_format(state, state.operation.end);
  if (restarted) state.media_event = MediaEvent::kBackgroundFormatRestarted;
  return Good{sizeof(FormatListHeader) + sizeof(CapacityDescriptor)};
}

Outcome read_format_capacities(DriveState& state, const Request& request) {
  FormatCapacities capacities;  // without a medium: type 3 and no size
  if (state.medium_present()) {
    if (state.now() < state.ready_at) return refuse(Fault::kBecomingReady);
    capacities = state.layout().format_capacities();
  }
  Reply reply;
  reply.append(CapacityListHeader{
      .length =
          static_cast<std::uint8_t>((1 + capacities.formats.size()) * sizeof(CapacityDescriptor))});
  if (state.personality.quirks.current_format_capacity_zero) capacities.blocks = 0;
  reply.append(current_capacity(capacities));
  for (const FormatDescriptor& format : capacities.formats)
    reply.append(formattable_capacity(format));
  return reply.send(request, request.be16(7));
}

}  // namespace simdrive
