#include "simdrive/drive/background_format.h"

#include <algorithm>

#include "simdrive/disc/rules/dvd_plus_rw.h"

namespace simdrive {
namespace {

// The record of the disc is saved when the format got so much further.
constexpr BlockCount kSavedStep{512};

bool says_running(const DriveState& state) {
  return state.disc != nullptr &&
         state.disc->layout().recording().formatting.state == FormatState::kBackgroundRunning;
}

std::uint64_t blocks_per_second(const DriveState& state) {
  return std::max<std::uint64_t>(state.user_write_rate() / pregroove::kBlockSize, 1);
}

// How far it is at this moment; what the host wrote meanwhile is in the record.
BlockCount position(const DriveState& state) {
  const auto seconds = std::chrono::duration<double>(state.now() - *state.background_format_since);
  const double blocks =
      std::max(seconds.count(), 0.0) * static_cast<double>(blocks_per_second(state));
  const Formatting& formatting = state.layout().recording().formatting;
  const double rest = static_cast<double>((formatting.user_blocks - formatting.de_iced).value);
  return formatting.de_iced + BlockCount{static_cast<std::int64_t>(std::min(blocks, rest))};
}

// Stops on the disc what no drive carries on. A disc that cannot be saved is reported by the next
// command that writes.
void commit_stopped(DriveState& state) {
  Layout next = state.disc->layout();
  simdrive::stop_background_format(next);
  (void)state.disc->commit(std::move(next));
}

void advance(DriveState& state, BlockCount least_step) {
  const BlockCount reached = position(state);
  const Formatting& formatting = state.layout().recording().formatting;
  const bool complete = reached == formatting.user_blocks;
  if (!complete && reached - formatting.de_iced < least_step) return;
  Layout next = state.layout();
  advance_background_format(next, reached);
  if (!state.disc->commit(std::move(next))) return;
  state.background_format_since = state.now();
  if (!complete) return;
  state.background_format_since.reset();
  state.media_event = MediaEvent::kBackgroundFormatComplete;
}

}  // namespace

void begin_background_format(DriveState& state, Duration from) {
  state.background_format_since = from;
}

void update_background_format(DriveState& state) {
  if (!state.medium_present() || !says_running(state)) {
    state.background_format_since.reset();
    return;
  }
  if (!state.background_format_since)
    commit_stopped(state);
  else
    advance(state, kSavedStep);
}

void stop_background_format(DriveState& state) {
  if (says_running(state)) {
    if (state.background_format_since) advance(state, BlockCount{1});
    if (says_running(state)) commit_stopped(state);
  }
  state.background_format_since.reset();
}

void format_up_to(DriveState& state, Lba lba) {
  const Formatting& formatting = state.layout().recording().formatting;
  const bool stopped = formatting.state == FormatState::kBackgroundStopped;
  const bool running = state.background_format_since && says_running(state);
  if (!stopped && !running) return;
  const BlockCount gap = (lba - Lba{0}) - (running ? position(state) : formatting.de_iced);
  if (gap.value <= 0) return;
  state.clock->advance(state.recording_time(lba - gap, gap));
}

void note_end_of_format(DriveState& state, FormatState before) {
  const bool was_unfinished =
      before == FormatState::kBackgroundRunning || before == FormatState::kBackgroundStopped;
  const FormatState now = state.layout().recording().formatting.state;
  if (!was_unfinished || now != FormatState::kFormatted) return;
  state.background_format_since.reset();
  state.media_event = MediaEvent::kBackgroundFormatComplete;
}

}  // namespace simdrive
