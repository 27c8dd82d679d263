// READ CAPACITY, READ (10) and READ (12), VERIFY (10) and WRITE AND VERIFY (10) (MMC-6 6.24, 6.15,
// 6.16, 6.42 and 6.46).
#include <algorithm>

#include "simdrive/disc/cd_sectors.h"
#include "simdrive/drive/commands/blocks.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be32;
using pregroove::kBlockSize;

struct Capacity {
  Be32 last_lba;
  Be32 block_length{static_cast<std::uint32_t>(kBlockSize)};
};
static_assert(pregroove::wire_struct<Capacity, 8>());

Outcome read_blocks(DriveState& state, const Request& request, Lba lba, std::uint32_t wanted) {
  const Layout& layout = state.layout();
  const BlockCount count{std::min<std::int64_t>(
      wanted, static_cast<std::int64_t>(request.data_in.size() / kBlockSize))};
  if (layout.readability(lba) == Readability::kBeyond && wanted > 0)
    return std::unexpected(CommandError{.fault = unreadable_fault(layout, lba), .lba = lba});
  const BlockCount readable = readable_blocks(layout, lba, count);
  const auto bytes = static_cast<std::size_t>(readable.bytes());
  state.spend_reading_time(lba, readable);
  if (bytes > 0 && !state.disc->read_recorded(lba, request.data_in.first(bytes)))
    return std::unexpected(CommandError{.fault = Fault::kUnrecoveredRead, .lba = lba});
  if (readable.value > 0) state.last_read = lba + readable - BlockCount{1};
  if (readable < count)
    return std::unexpected(CommandError{.fault = unreadable_fault(layout, lba + readable),
                                        .lba = lba + readable,
                                        .bytes_transferred = bytes});
  return Good{bytes};
}

// The run-out of the last track is counted by many drives, though it cannot be read.
BlockCount reported_capacity(const DriveState& state) {
  const BlockCount counted = state.layout().readable_capacity();
  if (state.personality.quirks.read_capacity_includes_run_out) return counted;
  const auto tracks = state.layout().tracks();
  const auto last = std::ranges::find_if(
      tracks, [&](const Track& track) { return track.end() == Lba{0} + counted; });
  return last == tracks.end() ? counted : counted - last->run_out();
}

}  // namespace

BlockCount readable_blocks(const Layout& layout, Lba lba, BlockCount count) {
  return layout.readable_run(lba, count);
}

Fault unreadable_fault(const Layout& layout, Lba lba) {
  switch (layout.readability(lba)) {
    case Readability::kBeyond:
      return layout.status() == DiscStatus::kBlank ? Fault::kReadOfBlankDisc
                                                   : Fault::kLbaOutOfRange;
    case Readability::kLink:  // sectors of another kind, or none at all
      return sector_place(layout, lba) ? Fault::kIllegalModeForTrack : Fault::kReadOfRunOut;
    default:
      return Fault::kReadOfUnwritten;
  }
}

Outcome read_capacity(DriveState& state, const Request& request) {
  Capacity wire;
  // 0 without a closed session (Pioneer's command references).
  if (const BlockCount blocks = reported_capacity(state); blocks.value > 0)
    wire.last_lba = Be32(static_cast<std::uint32_t>(blocks.value - 1));
  Reply reply;
  reply.append(wire);
  return reply.send(request, sizeof(Capacity));
}

Outcome read_10(DriveState& state, const Request& request) {
  return read_blocks(state, request, Lba{static_cast<std::int32_t>(request.be32(2))},
                     request.be16(7));
}

Outcome read_12(DriveState& state, const Request& request) {
  return read_blocks(state, request, Lba{static_cast<std::int32_t>(request.be32(2))},
                     request.be32(6));
}

// Whether the blocks can be read; nothing is transferred, nothing is compared.
Outcome verify_10(DriveState& state, const Request& request) {
  const Lba lba{static_cast<std::int32_t>(request.be32(2))};
  const BlockCount count{request.be16(7)};
  const Layout& layout = state.layout();
  const BlockCount readable = readable_blocks(layout, lba, count);
  state.spend_reading_time(lba, readable);
  if (readable == count) return Good{};
  return std::unexpected(
      CommandError{.fault = unreadable_fault(layout, lba + readable), .lba = lba + readable});
}

// Of media that are written at random only (MMC-6 5.3.10, Random Writable).
Outcome write_and_verify_10(DriveState& state, const Request& request) {
  const MediumKind kind = state.disc->medium().kind;
  if (kind != MediumKind::kDvdRam && kind != MediumKind::kDvdPlusRw && kind != MediumKind::kBdRe)
    return refuse(Fault::kUnknownOpcode);
  const Outcome written = write_10(state, request);
  if (!written) return written;
  const Outcome verified = verify_10(state, request);
  return verified ? written : verified;
}

}  // namespace simdrive
