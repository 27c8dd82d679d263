// MODE SENSE and MODE SELECT, of 6 and 10 bytes (SPC-4 6.9 to 6.12; pages: MMC-6 chapter 7).
#include "simdrive/drive/at_once.h"
#include "simdrive/drive/commands/handlers.h"
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

// SPC-4 table "mode parameter header (6)".
struct ShortModeHeader {
  std::uint8_t data_length = 0;
  std::uint8_t medium_type = 0;
  std::uint8_t device_specific = 0;
  std::uint8_t block_descriptor_length = 0;
};
static_assert(pregroove::wire_struct<ShortModeHeader, 4>());

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
  std::uint8_t reads = 0;           // CD-R 0, CD-RW 1, method 2 2, DVD-ROM 3, DVD-R 4, RAM 5
  std::uint8_t writes = 0;          // CD-R 0, CD-RW 1, test write 2, DVD-R 4, DVD-RAM 5
  std::uint8_t features = 0;        // mode 2 forms 4 and 5, multi-session 6, BUF 7
  std::uint8_t audio_features = 0;  // CD-DA 0, accurate 1, C2 4, ISRC 5, UPC 6
  std::uint8_t mechanism = 0;       // lock 0, locked 1, eject 3, type [7:5]
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

std::uint8_t flag(bool on, unsigned bit) { return static_cast<std::uint8_t>(on ? 1U << bit : 0U); }

std::uint8_t read_flags(const profiles::Personality& drive) {
  return static_cast<std::uint8_t>(
      flag(drive.reads(MediumKind::kCdR), 0) | flag(drive.reads(MediumKind::kCdRw), 1) |
      flag(drive.reads(MediumKind::kCdRw), 2) | flag(drive.reads(MediumKind::kDvdRom), 3) |
      flag(drive.reads(MediumKind::kDvdR), 4) | flag(drive.reads(MediumKind::kDvdRam), 5));
}

std::uint8_t write_flags(const profiles::Personality& drive) {
  return static_cast<std::uint8_t>(
      flag(drive.writes(MediumKind::kCdR), 0) | flag(drive.writes(MediumKind::kCdRw), 1) |
      flag(!drive.features.test_write.empty(), 2) | flag(drive.writes(MediumKind::kDvdR), 4) |
      flag(drive.writes(MediumKind::kDvdRam), 5));
}

std::uint8_t feature_flags(const profiles::Personality& drive) {
  return static_cast<std::uint8_t>(0x70U |
                                   flag(!drive.features.buffer_underrun_protection.empty(), 7));
}

std::uint8_t audio_flags(const profiles::Personality& drive) {
  const bool audio = drive.features.digital_audio_read;
  return static_cast<std::uint8_t>(flag(audio, 0) | flag(audio, 1) |
                                   flag(drive.features.c2_pointers, 4) | 0x60U);
}

Be16 speed_field(Speed speed) {
  return Be16(static_cast<std::uint16_t>(kilobytes_per_second(speed)));
}

// The write speeds as the page lists them, in units of 1000 bytes, descending.
std::vector<Be16> listed_write_speeds(const DriveState& state) {
  std::vector<Be16> speeds;
  if (state.personality.quirks.page_2a_speeds == profiles::Page2aSpeeds::kCdSpeeds) {
    for (const auto speed : state.personality.write_speeds(MediumKind::kCdR))
      speeds.emplace_back(
          static_cast<std::uint16_t>(profiles::kilobytes_per_second(MediumFamily::kCd, speed)));
  } else {
    for (const Speed speed : state.write_speeds()) speeds.push_back(speed_field(speed));
  }
  return speeds;
}

void fill_speeds(CapabilitiesPage& page, const DriveState& state) {
  using profiles::Page2aSpeeds;
  const Page2aSpeeds quirk = state.personality.quirks.page_2a_speeds;
  const auto speeds = listed_write_speeds(state);
  if (quirk == Page2aSpeeds::kZeros || speeds.empty()) return;
  page.max_read_speed = speed_field(state.speeds.read_speeds().front());
  page.max_write_speed = speeds.front();
  const std::size_t count = std::min(speeds.size(), page.speeds.size());
  page.speed_count = Be16(static_cast<std::uint16_t>(count));
  for (std::size_t i = 0; i < count; ++i) page.speeds[i].kilobytes_per_second = speeds[i];
  if (quirk == Page2aSpeeds::kNoCurrent) return;
  page.read_speed = speed_field(state.read_speed());
  page.write_speed_legacy =
      quirk == Page2aSpeeds::kCdSpeeds ? speeds.front() : speed_field(state.write_speed());
  page.write_speed = page.write_speed_legacy;
}

CapabilitiesPage capabilities(const DriveState& state) {
  const profiles::Personality& drive = state.personality;
  CapabilitiesPage page{.reads = read_flags(drive),
                        .writes = write_flags(drive),
                        .features = feature_flags(drive),
                        .audio_features = audio_flags(drive)};
  constexpr std::uint8_t kLockAndEject = 0x09;
  const auto type = static_cast<unsigned>(drive.identity.mechanism);
  page.mechanism = static_cast<std::uint8_t>((type << 5U) | kLockAndEject);
  if (state.removal_prevented()) page.mechanism |= kLockedBit;
  page.buffer_kilobytes = Be16(static_cast<std::uint16_t>(state.buffer.capacity() / 1024));
  fill_speeds(page, state);
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

// The other hosts are told of what one of them has changed (SPC-4 6.7, unit attention).
void tell_the_others(DriveState& state, std::size_t initiator) {
  for (std::size_t i = 0; i < state.hosts.size(); ++i)
    if (i != initiator) state.hosts[i].parameters_changed_unreported = true;
}

Outcome select_pages(DriveState& state, std::size_t initiator, std::span<const std::uint8_t> list) {
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
  if (!pages.same_values(state.mode_pages)) tell_the_others(state, initiator);
  state.mode_pages = std::move(pages);
  return Good{};
}

// What both forms of MODE SENSE send behind their header.
std::expected<Reply, Fault> pages_asked_for(const DriveState& state, const Request& request) {
  const auto control = static_cast<PageControl>(bit_field(request.byte(2), 6, 2));
  const std::uint8_t code = bit_field(request.byte(2), 0, 6);
  const bool all = code == static_cast<std::uint8_t>(ModePage::kAllPages);
  const std::uint8_t subpage = request.byte(3);
  const bool subpage_known = subpage == 0 || (all && subpage == 0xFF);
  if (!subpage_known) return std::unexpected(Fault::kInvalidFieldInCdb);
  if (control == PageControl::kSaved) return std::unexpected(Fault::kSavingNotSupported);
  Reply reply;
  for (const ModePageDefinition& page : state.mode_pages.definitions()) {
    if (all || page.code == code) reply.append_bytes(*state.mode_pages.values(page.code, control));
  }
  if (all || code == static_cast<std::uint8_t>(ModePage::kCapabilities))
    append_capabilities(reply, state, control);
  if (reply.size() == 0) return std::unexpected(Fault::kInvalidFieldInCdb);
  return reply;
}

// Old drives send one unless the host disables it (DBD).
bool sends_descriptor(const DriveState& state, const Request& request) {
  const bool disabled = request.bit(1, 3);
  return state.personality.quirks.mode_sense_block_descriptor && !disabled;
}

BlockDescriptor block_descriptor() {
  return {.block_length = Be24(static_cast<std::uint32_t>(pregroove::kBlockSize))};
}

// What follows the header of either MODE SELECT.
Outcome select_list(DriveState& state, const Request& request,
                    std::span<const std::byte> behind_header, std::size_t descriptors) {
  if (descriptors != 0 && descriptors != sizeof(BlockDescriptor))
    return refuse(Fault::kInvalidFieldInParameterList);
  if (descriptors > behind_header.size()) return refuse(Fault::kParameterListLength);
  if (descriptors != 0) {
    const auto descriptor = pregroove::read_struct<BlockDescriptor>(behind_header);
    if (!descriptor || !acceptable_descriptor(*descriptor))
      return refuse(Fault::kInvalidFieldInParameterList);
  }
  std::vector<std::uint8_t> storage;
  const auto pages = as_octets(behind_header.subspan(descriptors), storage);
  return select_pages(state, request.initiator, pages);
}

// Nothing is saved, and only the standard's pages are understood.
std::optional<Fault> select_fault(const Request& request, std::size_t length) {
  const bool page_format = request.bit(1, 4);
  const bool save = request.bit(1, 0);
  if (save) return Fault::kSavingNotSupported;
  if (!page_format) return Fault::kInvalidFieldInCdb;
  if (length > request.data_out.size()) return Fault::kParameterListLength;
  return std::nullopt;
}

}  // namespace

Outcome mode_sense(DriveState& state, const Request& request) {
  const auto pages = pages_asked_for(state, request);
  if (!pages) return refuse(pages.error());
  const bool descriptor = sends_descriptor(state, request);
  Reply reply;
  reply.append(ModeHeader{.block_descriptor_length = Be16(static_cast<std::uint16_t>(
                              descriptor ? sizeof(BlockDescriptor) : 0))});
  if (descriptor) reply.append(block_descriptor());
  reply.append(*pages);
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

Outcome mode_sense_6(DriveState& state, const Request& request) {
  const auto pages = pages_asked_for(state, request);
  if (!pages) return refuse(pages.error());
  const bool descriptor = sends_descriptor(state, request);
  Reply reply;
  reply.append(ShortModeHeader{.block_descriptor_length = static_cast<std::uint8_t>(
                                   descriptor ? sizeof(BlockDescriptor) : 0)});
  if (descriptor) reply.append(block_descriptor());
  reply.append(*pages);
  reply.patch(0, static_cast<std::uint8_t>(reply.size() - 1));
  return reply.send(request, request.byte(4));
}

Outcome mode_select(DriveState& state, const Request& request) {
  const std::size_t length = request.be16(7);
  if (const auto fault = select_fault(request, length)) return refuse(*fault);
  if (length == 0) return Good{};
  const auto list = request.data_out.first(length);
  const auto header = pregroove::read_struct<ModeHeader>(list);
  if (!header) return refuse(Fault::kParameterListLength);
  const auto outcome = select_list(state, request, list.subspan(sizeof(ModeHeader)),
                                   header->block_descriptor_length.value());
  return outcome ? Good{length} : outcome;
}

Outcome mode_select_6(DriveState& state, const Request& request) {
  const std::size_t length = request.byte(4);
  if (const auto fault = select_fault(request, length)) return refuse(*fault);
  if (length == 0) return Good{};
  const auto list = request.data_out.first(length);
  const auto header = pregroove::read_struct<ShortModeHeader>(list);
  if (!header) return refuse(Fault::kParameterListLength);
  const auto outcome = select_list(state, request, list.subspan(sizeof(ShortModeHeader)),
                                   header->block_descriptor_length);
  return outcome ? Good{length} : outcome;
}

}  // namespace simdrive
