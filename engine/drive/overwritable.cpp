#include "engine/drive/overwritable.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/drive/foreign_content.h"
#include "engine/mmc/capacity.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/format.h"

namespace pregroove::drive {
namespace {

using medium::DiscStatus;
using medium::Formatting;
using medium::MediumKind;
using medium::MediumSnapshot;

// ECMA-119 6.2.1: the blocks before the volume descriptors.
constexpr BlockCount kSystemArea{16};
// More than anybody adds to a disc; a bound for what a hostile one can make us read.
constexpr std::size_t kMostSessions = 1000;

// What counts here of the primary volume descriptor (ECMA-119 8.4).
struct VolumeStart {
  std::uint8_t type = 0;
  std::array<char, 5> identifier{};
  std::array<std::uint8_t, 74> other{};
  Le32 blocks;
};
static_assert(wire_struct<VolumeStart, 84>());

Result<std::optional<BlockCount>> volume_size(Drive& drive, Lba volume) {
  std::array<std::byte, kBlockSize> block{};
  const auto read = drive.read(volume + kSystemArea, block);
  // Only what was never written is no volume. One that cannot be read for a scratch may be one.
  if (!read && read.error().sense &&
      static_cast<scsi::SenseKey>(read.error().sense->key) == scsi::SenseKey::kBlankCheck)
    return std::nullopt;
  PREGROOVE_RETURN_IF_ERROR(read);
  const auto descriptor = *read_struct<VolumeStart>(block);
  const std::string_view identifier(descriptor.identifier.data(), descriptor.identifier.size());
  if (descriptor.type != 1 || identifier != "CD001" || descriptor.blocks.value() == 0)
    return std::nullopt;
  return BlockCount{descriptor.blocks.value()};
}

bool is_unreadable(const Error& error) {
  return error.sense &&
         static_cast<scsi::SenseKey>(error.sense->key) == scsi::SenseKey::kMediumError;
}

// Of a disc that is not formatted to its end: a block there that was never written reads like a
// scratch. No volume begins behind a system area that is empty, or unreadable as well.
Result<std::optional<BlockCount>> size_of_newest_volume(Drive& drive, bool formatted_everywhere) {
  auto size = volume_size(drive, Lba{0});
  if (size || formatted_everywhere || !is_unreadable(size.error())) return size;
  std::vector<std::byte> system_area(static_cast<std::size_t>(kSystemArea.bytes()));
  const auto read = drive.read(Lba{0}, system_area);
  if (!read && !is_unreadable(read.error())) return std::unexpected(read.error());
  const bool empty = !read || std::ranges::all_of(
                                  system_area, [](std::byte byte) { return byte == std::byte{0}; });
  if (!empty) return size;
  return std::nullopt;
}

Lba next_place(Lba end) {
  const auto unit = static_cast<std::int32_t>(medium::kEmulatedSessionHead.value);
  return Lba{(end.value + unit - 1) / unit * unit};
}

medium::Session session_at(int number, Lba start, BlockCount size) {
  return {.number = number,
          .tracks = {{.number = number, .session = number, .start = start, .size = size}},
          .lead_out = start + size};
}

// The chain of volumes up to `end`; empty when it leads elsewhere.
Result<std::vector<medium::Session>> walk_sessions(Drive& drive, Lba end) {
  std::vector<medium::Session> sessions;
  Lba at = medium::kFirstEmulatedSession;
  while (at + medium::kEmulatedSessionHead <= end && sessions.size() < kMostSessions) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto size, volume_size(drive, at));
    if (!size || *size > end - at) break;
    sessions.push_back(session_at(static_cast<int>(sessions.size()) + 1, at, *size));
    at = next_place(at + *size);
  }
  if (sessions.empty() || sessions.back().lead_out != end) sessions.clear();
  return sessions;
}

Result<mmc::FormatCapacities> read_capacities(Drive& drive) {
  constexpr std::uint16_t kMost = 256;
  std::array<std::byte, kMost> reply{};
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count,
                             drive.run(mmc::read_format_capacities(kMost), scsi::DataIn{reply}));
  return mmc::decode_format_capacities(std::span(reply).first(std::min<std::size_t>(count, kMost)));
}

// Spare areas take their part.
BlockCount blocks_once_formatted(const mmc::FormatCapacities& capacities) {
  const auto full = std::ranges::find_if(capacities.possible, [](const auto& format) {
    return format.type == mmc::FormatType::kFull || format.type == mmc::FormatType::kDvdPlusRw;
  });
  if (full == capacities.possible.end()) return capacities.blocks;
  // Some drives give 0 for the disc as it is.
  if (capacities.blocks == BlockCount{0}) return BlockCount{full->blocks};
  return std::min(capacities.blocks, BlockCount{full->blocks});
}

// As it is; of drives that give 0 for it, what can be read of a formatted disc.
Result<BlockCount> blocks_of_formatted(Drive& drive, const mmc::FormatCapacities& capacities) {
  if (capacities.blocks > BlockCount{0}) return capacities.blocks;
  std::array<std::byte, mmc::kCapacityReplySize> reply{};
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count,
                             drive.run(mmc::read_capacity(), scsi::DataIn{reply}));
  PREGROOVE_ASSIGN_OR_RETURN(
      const auto capacity,
      mmc::decode_capacity(std::span(reply).first(std::min(count, reply.size()))));
  return capacity.last_lba + BlockCount{1} - Lba{0};
}

Result<mmc::BackgroundFormat> background_format(Drive& drive) {
  std::array<std::byte, mmc::kDiscInformationSize> reply{};
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count,
                             drive.run(mmc::read_disc_information(), scsi::DataIn{reply}));
  PREGROOVE_ASSIGN_OR_RETURN(
      const auto info,
      mmc::decode_disc_information(std::span(reply).first(std::min(count, reply.size())),
                                   mmc::AddressForm::kLba));
  return info.background_format;
}

struct FormatState {
  Formatting formatting = Formatting::kReady;
  bool everywhere = true;  // else some blocks were never written, and cannot be read
};

// burning.md 3.6: DVD+RW by the background format, the others by the capacity descriptor.
Result<FormatState> format_state(Drive& drive, MediumKind kind, mmc::CapacityState state) {
  if (kind == MediumKind::kDvdPlusRw) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto background, background_format(drive));
    if (background == mmc::BackgroundFormat::kNone) return FormatState{Formatting::kNeeded, false};
    return FormatState{background == mmc::BackgroundFormat::kStopped ? Formatting::kInterrupted
                                                                     : Formatting::kReady,
                       background == mmc::BackgroundFormat::kComplete};
  }
  if (kind == MediumKind::kDvdRwOverwrite && state == mmc::CapacityState::kUnknown)
    return FormatState{Formatting::kIntermediate, false};
  return FormatState{state == mmc::CapacityState::kFormatted ? Formatting::kReady
                                                             : Formatting::kNeeded};
}

}  // namespace

Status describe_overwritable(Drive& drive, MediumSnapshot& snapshot) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto capacities, read_capacities(drive));
  PREGROOVE_ASSIGN_OR_RETURN(const FormatState format,
                             format_state(drive, snapshot.kind, capacities.state));
  snapshot.formatting = format.formatting;
  snapshot.status = DiscStatus::kBlank;
  snapshot.last_session = medium::SessionState::kEmpty;
  snapshot.erasable = true;
  const bool not_ready = snapshot.formatting == Formatting::kNeeded ||
                         snapshot.formatting == Formatting::kIntermediate;
  BlockCount capacity = blocks_once_formatted(capacities);
  if (!not_ready) {
    PREGROOVE_ASSIGN_OR_RETURN(capacity, blocks_of_formatted(drive, capacities));
  }
  snapshot.last_possible_lead_out = Lba{0} + capacity;
  Lba used = medium::kFirstEmulatedSession;
  if (!not_ready) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto size, size_of_newest_volume(drive, format.everywhere));
    if (size && *size <= capacity) {
      PREGROOVE_ASSIGN_OR_RETURN(snapshot.sessions, walk_sessions(drive, Lba{0} + *size));
      if (snapshot.sessions.empty()) snapshot.sessions = {session_at(1, Lba{0}, *size)};
      used = next_place(Lba{0} + *size);
      snapshot.status = DiscStatus::kAppendable;
    } else {
      PREGROOVE_ASSIGN_OR_RETURN(snapshot.foreign_content,
                                 find_foreign_content(drive, format.everywhere));
    }
  }
  const Lba end = *snapshot.last_possible_lead_out;
  snapshot.writable = medium::WritableTrack{.number = 1,
                                            .start = used,
                                            .next_writable = used,
                                            .free = std::max(BlockCount{}, end - used)};
  return {};
}

}  // namespace pregroove::drive
