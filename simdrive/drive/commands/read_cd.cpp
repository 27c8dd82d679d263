// READ CD and READ CD MSF (MMC-6 6.20, 6.21): sectors with what surrounds the user data.
#include "simdrive/disc/sector.h"
#include "simdrive/drive/commands/blocks.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::bit_field;
using pregroove::kBlockSize;

// The sector type that the host expects (byte 1, bits 4-2).
enum class ExpectedType : std::uint8_t {
  kAny = 0,
  kAudio = 1,
  kMode1 = 2,
  kFormless = 3,
  kForm1 = 4,
  kForm2 = 5
};

bool type_matches(std::uint8_t expected, SectorFormat format) {
  if (expected == static_cast<std::uint8_t>(ExpectedType::kAny)) return true;
  const auto wanted = format == SectorFormat::kMode1 ? ExpectedType::kMode1 : ExpectedType::kForm1;
  return expected == static_cast<std::uint8_t>(wanted);
}

// The part of a sector that byte 9 selects; nullopt for a combination that is not one piece.
struct Slice {
  std::size_t offset = 0;
  std::size_t length = 0;
};

std::optional<Slice> selected_slice(std::uint8_t flags, SectorFormat format) {
  const SectorParts parts = sector_parts(format);
  const std::uint8_t header_codes = bit_field(flags, 5, 2);
  const std::array<bool, 5> selected = {bit_field(flags, 7, 1) != 0, (header_codes & 1U) != 0,
                                        (header_codes & 2U) != 0, bit_field(flags, 4, 1) != 0,
                                        bit_field(flags, 3, 1) != 0};
  const std::array<std::size_t, 5> sizes = {parts.sync, parts.header, parts.sub_header,
                                            parts.user_data, parts.check};
  // MMC-6 table "number of bytes returned based on data selection field": EDC and ECC come with
  // the user data only, and the pieces have to adjoin.
  if (selected[4] && !selected[3]) return std::nullopt;
  Slice slice;
  bool started = false;
  bool ended = false;
  std::size_t offset = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (selected[i]) {
      if (ended) return std::nullopt;
      if (!started) slice.offset = offset;
      started = true;
      slice.length += sizes[i];
    } else if (started && sizes[i] > 0) {
      ended = true;
    }
    offset += sizes[i];
  }
  return slice;
}

struct RawRead {
  Lba lba;
  BlockCount count;
  std::uint8_t expected = 0;
  std::uint8_t flags = 0;
  std::uint8_t sub_channel = 0;
};

std::optional<Fault> check(const Layout& layout, const RawRead& read) {
  const bool error_flags = bit_field(read.flags, 1, 2) != 0;
  const bool reserved = bit_field(read.flags, 0, 1) != 0;
  if (error_flags || reserved || read.sub_channel != 0) return Fault::kInvalidFieldInCdb;
  if (read.expected > static_cast<std::uint8_t>(ExpectedType::kForm2))
    return Fault::kInvalidFieldInCdb;
  if (read.count.value > 0 && layout.readability(read.lba) == Readability::kBeyond)
    return unreadable_fault(layout, read.lba);
  return std::nullopt;
}

Outcome read_sectors(DriveState& state, const Request& request, const RawRead& read) {
  const Layout& layout = state.layout();
  if (const auto fault = check(layout, read))
    return std::unexpected(CommandError{.fault = *fault, .lba = std::nullopt});
  std::size_t done = 0;
  std::array<std::byte, kBlockSize> user_data{};
  for (BlockCount i{}; i < read.count; i += BlockCount{1}) {
    const Lba lba = read.lba + i;
    const auto stop = [&](Fault fault) {
      return std::unexpected(CommandError{.fault = fault, .lba = lba, .bytes_transferred = done});
    };
    const Track* track = layout.medium().is_cd() ? layout.track_with_data_at(lba) : nullptr;
    if (track == nullptr) return stop(unreadable_fault(layout, lba));
    if (!type_matches(read.expected, track->format)) return stop(Fault::kIllegalModeForTrack);
    const auto slice = selected_slice(read.flags, track->format);
    if (!slice) return refuse(Fault::kInvalidFieldInCdb);
    if (request.data_in.size() - done < slice->length) break;
    if (!state.disc->read_recorded(lba, user_data)) return stop(Fault::kUnrecoveredRead);
    const RawSector sector = encode_sector(lba, user_data, track->format);
    std::ranges::copy(std::span(sector).subspan(slice->offset, slice->length),
                      request.data_in.subspan(done).begin());
    done += slice->length;
  }
  state.spend_reading_time(read.lba, read.count);
  return Good{done};
}

}  // namespace

Outcome read_cd(DriveState& state, const Request& request) {
  return read_sectors(state, request,
                      {.lba = Lba{static_cast<std::int32_t>(request.be32(2))},
                       .count = BlockCount{request.be24(6)},
                       .expected = bit_field(request.byte(1), 2, 3),
                       .flags = request.byte(9),
                       .sub_channel = request.byte(10)});
}

Outcome read_cd_msf(DriveState& state, const Request& request) {
  const Msf start{request.byte(3), request.byte(4), request.byte(5)};
  const Msf end{request.byte(6), request.byte(7), request.byte(8)};
  const auto valid = [](Msf msf) {
    return msf.second < 60 && msf.frame < pregroove::kFramesPerSecond;
  };
  if (!valid(start) || !valid(end) || end < start) return refuse(Fault::kInvalidFieldInCdb);
  return read_sectors(state, request,
                      {.lba = pregroove::lba_from_msf(start),
                       .count = pregroove::lba_from_msf(end) - pregroove::lba_from_msf(start),
                       .expected = bit_field(request.byte(1), 2, 3),
                       .flags = request.byte(9),
                       .sub_channel = request.byte(10)});
}

}  // namespace simdrive
