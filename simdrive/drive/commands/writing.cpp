// WRITE (10) and WRITE (12) (MMC-6 6.44, 6.45).
#include <algorithm>
#include <vector>

#include "simdrive/drive/at_once.h"
#include "simdrive/drive/background_format.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

Outcome write_blocks(DriveState& state, const Request& request, Lba lba, std::uint32_t blocks) {
  if (blocks == 0) return Good{};
  const BlockCount count{blocks};
  const auto block = block_to_write(state, lba);
  if (!block) return std::unexpected(CommandError{.fault = block.error(), .lba = lba});
  const WriteMode mode = state.write_mode();
  const bool test_write = state.test_writing();
  const bool first_test = test_write && !state.rehearsal;
  if (first_test && state.layout().open_track() != nullptr)
    return refuse(Fault::kIllegalModeForTrack);
  const Layout& layout = test_write && !first_test ? *state.rehearsal : state.layout();
  if (const auto ruling = layout.check_write(lba, count, mode); !ruling)
    return std::unexpected(CommandError{.fault = fault_for(ruling.error()), .lba = lba});
  // The port was told that so much data comes; without it the exchange could not be finished.
  const std::size_t bytes = block->size() * blocks;
  if (request.data_out.size() < bytes) return refuse(Fault::kInvalidFieldInCdb);
  const auto data = request.data_out.first(bytes);
  if (first_test) state.rehearsal = state.layout();
  if (!test_write) format_up_to(state, lba);
  if (auto room = state.make_room(lba, data.size()); !room) return std::unexpected(room.error());
  if (test_write) {
    state.rehearsal->record_write(lba, count, mode);
  } else {
    state.rehearsal.reset();
    if (auto ready = state.calibrate_once(); !ready) return std::unexpected(ready.error());
    const FormatState format = state.layout().recording().formatting.state;
    if (!state.disc->write_blocks(lba, data, *block, mode))
      return std::unexpected(CommandError{.fault = Fault::kWriteError, .lba = lba});
    note_end_of_format(state, format);
  }
  note_written(state, data, *block);
  state.accept(lba, count, data.size());
  return Good{data.size()};
}

// A part of an ECC block of a formatted DVD-RW, which some drives complete by themselves.
bool needs_completion(const DriveState& state, Lba lba, std::uint32_t blocks) {
  const auto& formatting = state.layout().recording().formatting;
  const bool whole = lba.value % kDvdEccBlock.value == 0 && blocks % kDvdEccBlock.value == 0;
  return state.personality.quirks.unaligned_write_dvd_rw ==
             profiles::UnalignedWrite::kReadModifyWrite &&
         state.disc->medium().kind == MediumKind::kDvdRw &&
         formatting.state == FormatState::kFormatted && !whole && lba >= Lba{0} &&
         lba - Lba{0} + BlockCount{blocks} <= formatting.user_blocks;
}

Outcome read_modify_write(DriveState& state, const Request& request, Lba lba,
                          std::uint32_t blocks) {
  const std::size_t bytes = blocks * pregroove::kBlockSize;
  if (request.data_out.size() < bytes) return refuse(Fault::kInvalidFieldInCdb);
  const std::int64_t before = lba.value % kDvdEccBlock.value;
  const std::int64_t touched = before + blocks;
  const BlockCount whole{(touched + kDvdEccBlock.value - 1) / kDvdEccBlock.value *
                         kDvdEccBlock.value};
  const Lba first = lba - BlockCount{before};
  std::vector<std::byte> data(static_cast<std::size_t>(whole.bytes()));
  if (!state.disc->read_recorded(first, data)) return refuse(Fault::kUnrecoveredRead);
  std::ranges::copy(request.data_out.first(bytes), data.begin() + BlockCount{before}.bytes());
  Request completed = request;
  completed.data_out = data;
  const Outcome written =
      write_blocks(state, completed, first, static_cast<std::uint32_t>(whole.value));
  return written ? Outcome(Good{bytes}) : written;
}

// Some drives take whole ECC blocks or clusters only where others fill them up.
bool is_refused_part(const DriveState& state, std::uint32_t blocks) {
  if (state.personality.quirks.partial_ecc_block == profiles::PartialEccBlock::kPadded)
    return false;
  switch (state.disc->medium().kind) {
    case MediumKind::kDvdPlusR:
    case MediumKind::kDvdPlusRDualLayer:
      return blocks % kDvdEccBlock.value != 0;
    case MediumKind::kBdR:
      return blocks % kBdCluster.value != 0;
    default:
      return false;
  }
}

Outcome write(DriveState& state, const Request& request, Lba lba, std::uint32_t blocks) {
  if (is_refused_part(state, blocks))
    return std::unexpected(CommandError{.fault = Fault::kInvalidAddressForWrite, .lba = lba});
  return needs_completion(state, lba, blocks) ? read_modify_write(state, request, lba, blocks)
                                              : write_blocks(state, request, lba, blocks);
}

// The Streaming bit, which the media that manage defects know (MMC-6 6.45).
std::expected<void, Fault> check_streaming(const DriveState& state, const Request& request) {
  const MediumKind kind = state.disc->medium().kind;
  const bool known = kind == MediumKind::kDvdRam || kind == MediumKind::kBdRe;
  if (!request.bit(10, 7) || !known) return {};
  if (!state.personality.features.stream_recording)
    return std::unexpected(Fault::kInvalidFieldInCdb);
  const bool whole =
      request.be32(2) % kDvdEccBlock.value == 0 && request.be32(6) % kDvdEccBlock.value == 0;
  if (kind == MediumKind::kDvdRam && !whole &&
      state.personality.quirks.streaming_needs_whole_ecc_blocks)
    return std::unexpected(Fault::kInvalidAddressForWrite);
  return {};
}

}  // namespace

Outcome write_10(DriveState& state, const Request& request) {
  return write(state, request, Lba{static_cast<std::int32_t>(request.be32(2))}, request.be16(7));
}

Outcome write_12(DriveState& state, const Request& request) {
  if (const auto allowed = check_streaming(state, request); !allowed)
    return refuse(allowed.error());
  return write(state, request, Lba{static_cast<std::int32_t>(request.be32(2))}, request.be32(6));
}

}  // namespace simdrive
