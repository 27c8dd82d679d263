// SYNCHRONIZE CACHE, RESERVE TRACK, CLOSE TRACK/SESSION, BLANK (MMC-6 6.41, 6.31, 6.3, 6.2).
#include "engine/base/bytes.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"

namespace simdrive {
namespace {

using pregroove::bit_field;

constexpr std::uint8_t kCloseTrack = 1;
constexpr std::uint8_t kCloseSession = 2;
constexpr std::uint8_t kBlankWholeDisc = 0;
constexpr std::uint8_t kBlankMinimally = 1;
constexpr std::uint16_t kInvisibleTrackNumber = 0xFF;

Outcome keep(DriveState& state, Layout next, Layout::Padding padding = {}) {
  if (!state.disc->commit(std::move(next), padding)) return refuse(Fault::kWriteError);
  return Good{};
}

// Completes the track on the disc. The padding is written like any other data.
Outcome finish_track(DriveState& state, int number) {
  Layout next = state.layout();
  const auto padding = next.finish_track(number);
  if (!padding) return refuse(fault_for(padding.error()));
  state.buffer.fill(static_cast<std::size_t>((padding->count + kRunOut).bytes()),
                    user_bytes_per_second(state.write_speed(), MediumFamily::kCd), state.now());
  return keep(state, std::move(next), *padding);
}

bool can_be_finished(const Track* track) {
  return track != nullptr && track->state != TrackState::kComplete;
}

Outcome close_track(DriveState& state, std::uint16_t number, bool immediate) {
  const Layout& layout = state.layout();
  if (layout.finalised()) return refuse(Fault::kCannotWriteMedium);
  const auto invisible = layout.invisible_track();
  const Track* track = number == kInvisibleTrackNumber ? layout.open_track() : layout.track(number);
  const bool names_invisible =
      number == kInvisibleTrackNumber || (invisible && invisible->number == number);
  // Closing a track that holds nothing yet is no error, and no work (Pioneer R11).
  if (track == nullptr && !names_invisible) return refuse(Fault::kInvalidFieldInCdb);
  if (!can_be_finished(track)) return Good{};
  if (auto outcome = finish_track(state, track->number); !outcome) return outcome;
  if (!state.disc->flush()) return refuse(Fault::kWriteError);
  state.begin(LongOperation::Kind::kClosing, kTrackClosingTime, immediate);
  return Good{};
}

Outcome close_session(DriveState& state, bool immediate) {
  const WriteParameters parameters = state.mode_pages.write_parameters();
  Layout next = state.layout();
  const auto ruling =
      next.close_session(parameters.another_session_may_follow, parameters.session_format);
  if (!ruling) return refuse(fault_for(ruling.error()));
  const bool nothing_to_close = next == state.layout();
  if (nothing_to_close) return Good{};
  const BlockCount written =
      kLeadIn + (next.closed_sessions() == 1 ? kFirstLeadOut : kLaterLeadOut);
  if (auto outcome = keep(state, std::move(next)); !outcome) return outcome;
  if (!state.disc->flush()) return refuse(Fault::kWriteError);
  state.configuration_changed = state.layout().finalised();
  state.begin(LongOperation::Kind::kClosing,
              time_to_pass(written, state.write_speed(), MediumFamily::kCd) + kClosingOverhead,
              immediate);
  return Good{};
}

}  // namespace

Outcome synchronize_cache(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 1);
  // With track-at-once the end of the data stream ends the track.
  if (state.rehearsal) {
    state.rehearsal.reset();
  } else if (const Track* open = state.layout().open_track()) {
    if (auto outcome = finish_track(state, open->number); !outcome) return outcome;
  }
  if (!state.disc->flush()) return refuse(Fault::kWriteError);
  if (!immediate) state.drain_buffer();
  return Good{};
}

Outcome reserve_track(DriveState& state, const Request& request) {
  Layout next = state.layout();
  if (const auto ruling = next.reserve(BlockCount{request.be32(5)}); !ruling)
    return refuse(fault_for(ruling.error()));
  return keep(state, std::move(next));
}

Outcome close_track_session(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 0);
  if (state.mode_pages.write_parameters().test_write) {
    state.rehearsal.reset();
    return Good{};
  }
  switch (bit_field(request.byte(2), 0, 3)) {
    case kCloseTrack:
      return close_track(state, request.be16(4), immediate);
    case kCloseSession:
      return close_session(state, immediate);
    default:
      return refuse(Fault::kInvalidFieldInCdb);
  }
}

Outcome blank(DriveState& state, const Request& request) {
  if (!state.disc->medium().erasable()) return refuse(Fault::kCannotEraseMedium);
  const bool immediate = request.bit(1, 4);
  const std::uint8_t type = bit_field(request.byte(1), 0, 3);
  if (type != kBlankWholeDisc && type != kBlankMinimally) return refuse(Fault::kInvalidFieldInCdb);
  const bool everything = type == kBlankWholeDisc;
  state.buffer.discard();
  state.rehearsal.reset();
  if (!state.disc->erase(everything) || !state.disc->flush()) return refuse(Fault::kWriteError);
  state.configuration_changed = true;
  // Minimal: the program memory area, the first lead-in and its pregap.
  const BlockCount erased = everything ? state.disc->medium().capacity() : kLeadIn + kPregap;
  state.begin(LongOperation::Kind::kBlanking,
              time_to_pass(erased, state.write_speed(), MediumFamily::kCd) + kClosingOverhead,
              immediate);
  return Good{};
}

}  // namespace simdrive
