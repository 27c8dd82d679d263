// MODE SENSE (10) and MODE SELECT (10) (SPC-4 6.10 and 6.12; pages: MMC-6 chapter 7).
#include "simdrive/drive/at_once.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be24;
using pregroove::bit_field;
using pregroove::scsi::ModePage;

// SPC-4 table "mode parameter header (10)".
struct ModeHeader {
  Be16 data_length;  // what follows it; reserved in MODE SELECT
  std::uint8_t medium_type = 0;
  std::uint8_t device_specific = 0;
  Be16 reserved;
  Be16 block_descriptor_length;
};
static_assert(pregroove::wire_struct<ModeHeader, 8>());

// SPC-4 table "general mode parameter block descriptor".
struct BlockDescriptor {
  std::uint8_t density = 0;
  Be24 blocks;
  std::uint8_t reserved = 0;
  Be24 block_length;
};
static_assert(pregroove::wire_struct<BlockDescriptor, 8>());

struct SpeedDescriptor {
  std::uint8_t reserved = 0;
  std::uint8_t rotation = 0;  // 0: constant linear velocity
  Be16 kilobytes_per_second;
};
static_assert(pregroove::wire_struct<SpeedDescriptor, 4>());

// MMC-6 table "MM capabilities and mechanical status page".
struct CapabilitiesPage {
  std::uint8_t code = 0x2A;
  std::uint8_t length = 0x3E;
  std::uint8_t reads = 0x03;        // CD-R, CD-RW
  std::uint8_t writes = 0x07;       // CD-R, CD-RW, test write
  std::uint8_t features = 0xD0;     // BUF, multi-session, mode 2 form 1
  std::uint8_t audio_features = 0;  // none
  std::uint8_t mechanism = 0x29;    // tray, eject, lock; bit 1: locked
  std::uint8_t changer = 0;
  Be16 max_read_speed;
  Be16 volume_levels;
  Be16 buffer_kilobytes;
  Be16 read_speed;
  std::uint8_t reserved_16 = 0;
  std::uint8_t digital_output = 0;
  Be16 max_write_speed;
  Be16 write_speed_legacy;
  Be16 copy_management;
  std::array<std::uint8_t, 3> reserved_24{};
  std::uint8_t rotation_control = 0;
  Be16 write_speed;
  Be16 speed_count;
  std::array<SpeedDescriptor, 8> speeds{};
};
static_assert(pregroove::wire_struct<CapabilitiesPage, 0x3E + 2>());

constexpr std::uint8_t kLockedBit = 0x02;

Be16 speed_field(Speed speed) {
  return Be16(static_cast<std::uint16_t>(kilobytes_per_second(speed)));
}

CapabilitiesPage capabilities(const DriveState& state) {
  CapabilitiesPage page;
  const auto speeds = state.write_speeds();
  if (state.removal_prevented()) page.mechanism |= kLockedBit;
  page.max_read_speed = speed_field(state.speeds.read_speeds().front());
  page.read_speed = speed_field(state.read_speed());
  page.buffer_kilobytes = Be16(static_cast<std::uint16_t>(state.buffer.capacity() / 1024));
  page.max_write_speed = speed_field(speeds.front());
  page.write_speed_legacy = speed_field(state.write_speed());
  page.write_speed = page.write_speed_legacy;
  const std::size_t count = std::min(speeds.size(), page.speeds.size());
  page.speed_count = Be16(static_cast<std::uint16_t>(count));
  for (std::size_t i = 0; i < count; ++i)
    page.speeds[i].kilobytes_per_second = speed_field(speeds[i]);
  return page;
}

void append_capabilities(Reply& reply, const DriveState& state, PageControl control) {
  // Nothing of it can be changed, and what is in force is what there is.
  if (control != PageControl::kChangeable) {
    reply.append(capabilities(state));
    return;
  }
  const std::size_t start = reply.size();
  reply.append(static_cast<std::uint8_t>(ModePage::kCapabilities));
  reply.append(CapabilitiesPage{}.length);
  reply.resize(start + sizeof(CapabilitiesPage));
}

std::span<const std::uint8_t> as_octets(std::span<const std::byte> bytes,
                                        std::vector<std::uint8_t>& storage) {
  for (const std::byte byte : bytes) storage.push_back(std::to_integer<std::uint8_t>(byte));
  return storage;
}

// Blocks of any other length than 2048 are not offered; 0 leaves it to the drive.
bool acceptable_descriptor(const BlockDescriptor& descriptor) {
  const std::uint32_t length = descriptor.block_length.value();
  return descriptor.density == 0 && (length == 0 || length == pregroove::kBlockSize);
}

Outcome select_pages(DriveState& state, std::span<const std::uint8_t> list) {
  // All or nothing: a page is tried on a copy.
  ModePages pages = state.mode_pages;
  const WriteConditions conditions = write_conditions(state);
  while (!list.empty()) {
    if (list.size() < 2) return refuse(Fault::kParameterListLength);
    const std::size_t size = std::size_t{list[1]} + 2;
    if (list.size() < size) return refuse(Fault::kParameterListLength);
    if (const auto taken = pages.select(list.first(size), conditions); !taken)
      return std::unexpected(taken.error());
    list = list.subspan(size);
  }
  state.mode_pages = std::move(pages);
  return Good{};
}

}  // namespace

Outcome mode_sense(DriveState& state, const Request& request) {
  const auto control = static_cast<PageControl>(bit_field(request.byte(2), 6, 2));
  const std::uint8_t code = bit_field(request.byte(2), 0, 6);
  const bool all = code == static_cast<std::uint8_t>(ModePage::kAllPages);
  const std::uint8_t subpage = request.byte(3);
  const bool subpage_known = subpage == 0 || (all && subpage == 0xFF);
  if (!subpage_known) return refuse(Fault::kInvalidFieldInCdb);
  if (control == PageControl::kSaved) return refuse(Fault::kSavingNotSupported);
  Reply reply;
  reply.append(ModeHeader{});
  for (const ModePageDefinition& page : state.mode_pages.definitions()) {
    if (all || page.code == code) reply.append_bytes(*state.mode_pages.values(page.code, control));
  }
  if (all || code == static_cast<std::uint8_t>(ModePage::kCapabilities))
    append_capabilities(reply, state, control);
  if (reply.size() == sizeof(ModeHeader)) return refuse(Fault::kInvalidFieldInCdb);
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

Outcome mode_select(DriveState& state, const Request& request) {
  const bool page_format = request.bit(1, 4);
  const bool save = request.bit(1, 0);
  if (save) return refuse(Fault::kSavingNotSupported);
  if (!page_format) return refuse(Fault::kInvalidFieldInCdb);
  const std::size_t length = request.be16(7);
  if (length == 0) return Good{};
  if (length > request.data_out.size()) return refuse(Fault::kParameterListLength);
  const auto list = request.data_out.first(length);
  const auto header = pregroove::read_struct<ModeHeader>(list);
  if (!header) return refuse(Fault::kParameterListLength);
  const std::size_t descriptors = header->block_descriptor_length.value();
  if (descriptors != 0 && descriptors != sizeof(BlockDescriptor))
    return refuse(Fault::kInvalidFieldInParameterList);
  if (sizeof(ModeHeader) + descriptors > length) return refuse(Fault::kParameterListLength);
  if (descriptors != 0) {
    const auto descriptor = pregroove::read_struct<BlockDescriptor>(list, sizeof(ModeHeader));
    if (!descriptor || !acceptable_descriptor(*descriptor))
      return refuse(Fault::kInvalidFieldInParameterList);
  }
  std::vector<std::uint8_t> storage;
  const auto pages = as_octets(list.subspan(sizeof(ModeHeader) + descriptors), storage);
  if (auto outcome = select_pages(state, pages); !outcome) return outcome;
  return Good{length};
}

}  // namespace simdrive
