// SYNCHRONIZE CACHE, RESERVE TRACK, REPAIR TRACK, CLOSE TRACK/SESSION, BLANK (MMC-6 6.41, 6.31,
// 6.30, 6.3, 6.2).
#include <algorithm>

#include "engine/base/bytes.h"
#include "simdrive/drive/at_once.h"
#include "simdrive/drive/commands/handlers.h"

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
  const profiles::Limits& limits = state.personality.limits;
  return state.recording_time(Lba{0}, effect.laser_blocks) +
         (request.function == CloseFunction::kTrack ? limits.track_close_time
                                                    : limits.session_close_time);
}

// The size of a reservation: given as such, or by the address behind it (ARSV). Recalled, not read:
// the latter divides what can be written now.
std::expected<BlockCount, Fault> reservation(const Layout& layout, const Request& request) {
  const bool by_address = request.bit(1, 0);
  const bool for_remapping = request.bit(1, 1);  // RMZ
  if (for_remapping || (!by_address && request.be24(2) != 0) ||
      (by_address && request.be24(6) != 0))
    return std::unexpected(Fault::kInvalidFieldInCdb);
  if (!by_address) return BlockCount{request.be32(5)};
  const auto invisible = layout.invisible_track();
  const Lba end{static_cast<std::int32_t>(request.be32(2))};
  if (!invisible || end <= invisible->start) return std::unexpected(Fault::kInvalidFieldInCdb);
  return end - invisible->start;
}

// Some drives complain of closing a good track-at-once track, which is closed all the same.
bool closed_track_at_once(const Layout& layout, const CloseRequest& request) {
  if (request.function != CloseFunction::kTrack || !layout.medium().is_cd()) return false;
  const Track* track = layout.track(request.track);
  if (track == nullptr && !layout.tracks().empty()) track = &layout.tracks().back();
  return track != nullptr && track->method == RecordingMethod::kTrackAtOnce &&
         track->state == TrackState::kComplete;
}

bool is_plus_r(MediumKind kind) {
  return kind == MediumKind::kDvdPlusR || kind == MediumKind::kDvdPlusRDualLayer;
}

// The last session that this drive records on a DVD+R finalises the disc (mmc.md 2.9).
CloseFunction function_for(const DriveState& state, CloseFunction asked) {
  const MediumKind kind = state.disc->medium().kind;
  const bool closes_session =
      asked == CloseFunction::kSession || asked == CloseFunction::kDualLayer;
  const Layout& layout = state.layout();
  const auto sessions = layout.sessions();
  if (!is_plus_r(kind) || !closes_session || sessions.empty() ||
      sessions.back().state != SessionState::kOpen)
    return asked;
  const profiles::Limits& limits = state.personality.limits;
  const std::uint32_t most =
      kind == MediumKind::kDvdPlusR ? limits.dvd_plus_r_sessions : limits.dvd_plus_r_dl_sessions;
  const auto session = static_cast<std::uint32_t>(layout.closed_sessions()) + 1;
  return session >= most ? CloseFunction::kFinaliseDisc : asked;
}

// With the fragment behind the reservations no more can be open than the drive manages.
bool too_many_fragments(const DriveState& state, const Layout& layout) {
  if (!is_plus_r(layout.medium().kind)) return false;
  const auto pending = std::ranges::count_if(
      layout.tracks(), [](const Track& track) { return track.state != TrackState::kComplete; });
  return static_cast<std::uint32_t>(pending) + 1 >
         state.personality.limits.dvd_plus_r_open_fragments;
}

// Some drives end a track-at-once track at CLOSE TRACK only, not where the data ends.
bool leaves_track_open(const DriveState& state) {
  const Track* const open = state.layout().open_track();
  return !state.personality.quirks.synchronize_closes_tao_track && open != nullptr &&
         state.disc->medium().is_cd() && open->method == RecordingMethod::kTrackAtOnce;
}

}  // namespace

Outcome synchronize_cache(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 1) || state.personality.quirks.implies_immediate;
  state.buffer.end_stream();
  if (state.rehearsal) {
    forget_complete_session(state);
    if (!state.at_once) state.rehearsal.reset();
    if (!immediate) state.drain_buffer();
    return Good{};
  }
  Layout next = state.layout();
  const Effected effect =
      leaves_track_open(state) ? Effected(Effect{}) : next.synchronize(state.write_mode());
  const bool session_ends = next.closed_sessions() > state.layout().closed_sessions();
  if (auto outcome = carry_out(state, std::move(next), effect); !outcome) return outcome;
  forget_complete_session(state);
  if (!state.disc->flush()) return refuse(Fault::kWriteError);
  // What ends a disc-at-once recording writes lead-in and lead-out too.
  if (session_ends)
    state.begin(LongOperation::Kind::kClosing,
                closing_time(state, {.function = CloseFunction::kSession}, *effect), immediate);
  else if (!immediate)
    state.drain_buffer();
  return Good{};
}

Outcome reserve_track(DriveState& state, const Request& request) {
  const bool test_write = state.test_writing();
  Layout next = test_write && state.rehearsal ? *state.rehearsal : state.layout();
  const auto size = reservation(next, request);
  if (!size) return refuse(size.error());
  if (const auto ruling = next.reserve(*size, state.write_mode()); !ruling)
    return refuse(fault_for(ruling.error()));
  if (too_many_fragments(state, next)) return refuse(Fault::kNoMoreReservations);
  if (test_write)
    state.rehearsal = std::move(next);
  else if (!state.disc->commit(std::move(next)))
    return refuse(Fault::kWriteError);
  return Good{};
}

Outcome repair_track(DriveState& state, const Request& request) {
  Layout next = state.layout();
  const Effected effect = next.repair(request.be16(4));
  return carry_out(state, std::move(next), effect);
}

Outcome close_track_session(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 0);
  if (state.test_writing()) {
    state.rehearsal.reset();
    return Good{};
  }
  const auto asked = static_cast<CloseFunction>(bit_field(request.byte(2), 0, 3));
  const CloseRequest close{.function = function_for(state, asked), .track = request.be16(4)};
  Layout next = state.layout();
  const Effected effect = next.close(close, state.write_mode());
  if (auto outcome = carry_out(state, std::move(next), effect); !outcome) return outcome;
  const auto& complaint = state.personality.quirks.sense.close_track_after_tao;
  if (complaint && closed_track_at_once(state.layout(), close)) {
    if (!state.disc->flush()) return refuse(Fault::kWriteError);
    return std::unexpected(CommandError{.fault = Fault::kWriteError, .sense = complaint});
  }
  if (!effect->changed) return Good{};
  state.at_once.reset();  // it was announced for the disc as it was
  if (!state.disc->flush()) return refuse(Fault::kWriteError);
  const auto& early_answer = state.personality.quirks.sense.close_answers_early;
  state.begin(LongOperation::Kind::kClosing, closing_time(state, close, *effect),
              immediate || early_answer.has_value());
  if (early_answer)
    return std::unexpected(
        CommandError{.fault = Fault::kOperationInProgress, .sense = early_answer});
  return Good{};
}

Outcome blank(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 4);
  const auto type = static_cast<profiles::BlankType>(bit_field(request.byte(1), 0, 3));
  const Medium& medium = state.disc->medium();
  const bool blankable = medium.kind == MediumKind::kCdRw || medium.kind == MediumKind::kDvdRw;
  if (blankable && !state.personality.blanks(medium.kind, type))
    return refuse(Fault::kBlankTypeUnsupported);
  Layout next = state.layout();
  const Effected effect = next.blank(bit_field(request.byte(1), 0, 3), request.be32(2));
  if (!effect) return refuse(fault_for(effect.error()));
  if (state.personality.quirks.minimal_blank == profiles::MinimalBlank::kKeepsIncremental)
    next.edit().minimally_blanked = false;
  state.buffer.discard();
  state.rehearsal.reset();
  state.at_once.reset();
  if (!state.disc->commit(std::move(next), *effect) || !state.disc->flush())
    return refuse(Fault::kWriteError);
  state.configuration_changed = true;
  state.begin(LongOperation::Kind::kBlanking,
              state.recording_time(Lba{0}, effect->laser_blocks) +
                  state.personality.limits.session_close_time,
              immediate);
  return Good{};
}

}  // namespace simdrive
