// SYNCHRONIZE CACHE, RESERVE TRACK, CLOSE TRACK/SESSION, BLANK (MMC-6 6.41, 6.31, 6.3, 6.2).
#include "engine/base/bytes.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"

namespace simdrive {
namespace {

using pregroove::bit_field;

// Takes the outcome of a transition over to the disc, and hands what the drive writes by itself to
// the buffer.
Outcome carry_out(DriveState& state, Layout next, const Effected& effect) {
  if (!effect) return refuse(fault_for(effect.error()));
  if (!effect->changed) return Good{};
  state.configuration_changed |= next.finalised() != state.layout().finalised();
  if (!state.disc->commit(std::move(next), *effect)) return refuse(Fault::kWriteError);
  for (const Padding& padding : effect->padding)
    state.fill_buffer(padding.start, padding.count,
                      static_cast<std::size_t>(padding.count.bytes()));
  return Good{};
}

// What closing takes besides the buffered data.
Duration closing_time(const DriveState& state, const CloseRequest& request, const Effect& effect) {
  const Duration writing =
      time_to_pass(effect.laser_blocks, state.write_speed(), state.disc->medium().family());
  return writing +
         (request.function == CloseFunction::kTrack ? kTrackClosingTime : kClosingOverhead);
}

}  // namespace

Outcome synchronize_cache(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 1);
  if (state.rehearsal) {
    state.rehearsal.reset();
  } else {
    Layout next = state.layout();
    const Effected effect = next.synchronize(state.write_mode());
    if (auto outcome = carry_out(state, std::move(next), effect); !outcome) return outcome;
  }
  if (!state.disc->flush()) return refuse(Fault::kWriteError);
  if (!immediate) state.drain_buffer();
  return Good{};
}

Outcome reserve_track(DriveState& state, const Request& request) {
  Layout next = state.layout();
  if (const auto ruling = next.reserve(BlockCount{request.be32(5)}, state.write_mode()); !ruling)
    return refuse(fault_for(ruling.error()));
  if (!state.disc->commit(std::move(next))) return refuse(Fault::kWriteError);
  return Good{};
}

Outcome close_track_session(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 0);
  if (state.mode_pages.write_parameters().test_write) {
    state.rehearsal.reset();
    return Good{};
  }
  const CloseRequest close{.function = static_cast<CloseFunction>(bit_field(request.byte(2), 0, 3)),
                           .track = request.be16(4)};
  Layout next = state.layout();
  const Effected effect = next.close(close, state.write_mode());
  if (auto outcome = carry_out(state, std::move(next), effect); !outcome) return outcome;
  if (!effect->changed) return Good{};
  if (!state.disc->flush()) return refuse(Fault::kWriteError);
  state.begin(LongOperation::Kind::kClosing, closing_time(state, close, *effect), immediate);
  return Good{};
}

Outcome blank(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 4);
  Layout next = state.layout();
  const Effected effect = next.blank(bit_field(request.byte(1), 0, 3), request.be32(2));
  if (!effect) return refuse(fault_for(effect.error()));
  state.buffer.discard();
  state.rehearsal.reset();
  if (!state.disc->commit(std::move(next), *effect) || !state.disc->flush())
    return refuse(Fault::kWriteError);
  state.configuration_changed = true;
  state.begin(
      LongOperation::Kind::kBlanking,
      time_to_pass(effect->laser_blocks, state.write_speed(), state.disc->medium().family()) +
          kClosingOverhead,
      immediate);
  return Good{};
}

}  // namespace simdrive
