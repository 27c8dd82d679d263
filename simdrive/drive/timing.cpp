// What takes time in a drive: the speeds, the write buffer, long operations, calibration.
#include <algorithm>
#include <utility>

#include "simdrive/drive/drive_state.h"

namespace simdrive {
namespace {

using profiles::FullBuffer;

bool is_formatted(const Layout& layout) {
  return layout.recording().formatting.state != FormatState::kUnformatted;
}

// Overwritten in place, so that the laser may stop anywhere.
bool records_anywhere(const Layout& layout) {
  switch (layout.medium().kind) {
    case MediumKind::kDvdRam:
    case MediumKind::kDvdPlusRw:
    case MediumKind::kBdRe:
      return true;
    case MediumKind::kCdRw:
    case MediumKind::kDvdRw:
      return is_formatted(layout);
    default:
      return false;
  }
}

// What must not stop until its end, unless the drive can link (burning.md 4.1; MMC-6 4.3).
bool is_uninterrupted(const Layout& layout, RecordingMethod method) {
  switch (layout.medium().kind) {
    case MediumKind::kCdR:
    case MediumKind::kCdRw:
      return method == RecordingMethod::kTrackAtOnce || method == RecordingMethod::kSessionAtOnce ||
             method == RecordingMethod::kRaw;
    case MediumKind::kDvdR:
    case MediumKind::kDvdRDualLayer:
    case MediumKind::kDvdRw:
      return method == RecordingMethod::kDiscAtOnce || method == RecordingMethod::kSessionAtOnce;
    default:
      return false;
  }
}

// Recalled, not read: DVD and BD have room for many more tries than a CD; no source says how many.
constexpr std::uint32_t kDvdCalibrationTries = 2000;

CalibrationArea calibration_area(const profiles::Limits& limits, const Layout& layout) {
  CalibrationArea area{.used = layout.recording().calibrations};
  area.tries = layout.medium().is_cd() ? limits.cd_power_calibrations : kDvdCalibrationTries;
  area.reserve = limits.cd_power_calibrations_warning + 1;  // warns with so many left
  return area;
}

}  // namespace

void DriveState::set_speed_limits(SpeedLimit read, SpeedLimit write) {
  speeds.set_limits(read, write);
  buffer.set_curve(speeds.write_curve(), now());
}

void DriveState::begin(LongOperation::Kind kind, Duration duration, bool immediate) {
  // It starts when what is buffered is written.
  const Duration start = std::max(now(), buffer.empty_at());
  buffer.end_stream();
  operation = {.kind = kind, .start = start, .end = start + duration};
  const bool format = kind == LongOperation::Kind::kFormatting;
  if (!immediate && (format || !personality.quirks.implies_immediate))
    clock->advance_to(operation.end);
}

std::uint16_t DriveState::progress() const {
  constexpr std::uint16_t kOnePercent = 0x10000 / 100;
  if (personality.quirks.progress == profiles::Progress::kConstant) return kOnePercent;
  return operation.progress(now());
}

Duration DriveState::recording_time(Lba first, BlockCount count) const {
  return speeds.write_curve().time_to_pass(first, count);
}

// Never twice in a row, so that a WRITE that is repeated gets through.
bool DriveState::answers_spuriously() {
  const std::uint32_t every = personality.quirks.spurious_long_write_every;
  if (every == 0 || std::exchange(answered_spuriously, false)) return false;
  if (++writes_since_spurious_answer < every) return false;
  writes_since_spurious_answer = 0;
  answered_spuriously = true;
  return true;
}

std::expected<void, CommandError> DriveState::make_room(Lba first, std::size_t bytes) {
  const auto refused = [&](Fault fault) {
    return std::unexpected(CommandError{.fault = fault, .lba = first});
  };
  if (const auto broken = buffer.take_broken_stream(now())) {
    if (!rehearsal && !disc->interrupt()) return refused(Fault::kWriteError);
    rehearsal.reset();
    at_once.reset();
    return std::unexpected(CommandError{.fault = Fault::kLossOfStreaming, .lba = *broken});
  }
  if (answers_spuriously()) return std::unexpected(CommandError{Fault::kLongWriteInProgress});
  if (bytes <= buffer.available(now())) return {};
  const bool waits = (records_anywhere(layout())
                          ? personality.quirks.full_buffer_rewritable
                          : personality.quirks.full_buffer_sequential) == FullBuffer::kBlocks;
  // What is larger than the buffer could be repeated for ever.
  if (!waits && bytes <= buffer.capacity())
    return std::unexpected(CommandError{Fault::kLongWriteInProgress});
  clock->advance_to(buffer.room_at(bytes, now()));
  return {};
}

void DriveState::accept(Lba first, BlockCount count, std::size_t bytes) {
  const Layout& written = rehearsal ? *rehearsal : layout();
  if (!records_anywhere(written)) {
    const WriteParameters parameters = mode_pages.write_parameters();
    const bool protects =
        personality.features.buffer_underrun_protection.contains(written.medium().family());
    const bool breaks = is_uninterrupted(written, parameters.method) &&
                        !(protects && parameters.buffer_underrun_protection);
    const Track* open = written.open_track();
    std::optional<Lba> end;
    if (open != nullptr && open->reserved.value > 0) end = open->start + open->reserved;
    buffer.begin_stream(breaks ? WriteBuffer::Protection::kOff : WriteBuffer::Protection::kOn, end);
  }
  buffer.fill(first, count, bytes, now());
}

void DriveState::fill_buffer(Lba first, BlockCount count, std::size_t bytes) {
  buffer.fill(first, count, bytes, now());
}

void DriveState::spend_reading_time(Lba first, BlockCount count) {
  // The laser is needed for what is still buffered.
  drain_buffer();
  if (count.value <= 0) return;
  if (head != first) clock->advance(personality.limits.seek_time);
  clock->advance(speeds.read_curve().time_to_pass(first, count));
  head = first + count;
}

CalibrationResult DriveState::calibrate() {
  CalibrationArea area = calibration_area(personality.limits, layout());
  // Recalled, not read: a drive erases the area of a rewritable disc when it is full.
  if (disc->medium().erasable() && area.left() == 0) area.used = 0;
  const CalibrationResult result = area.use_one();
  if (result == CalibrationResult::kFull) return result;
  disc->set_calibrations(static_cast<std::uint16_t>(area.used));
  clock->advance(personality.limits.calibration_time);
  calibrated_for = layout().closed_sessions();
  return result;
}

// Recalled, not read: a drive calibrates by itself when it was not told to. Rewritable discs have
// room for it that is used again, so nothing is counted.
std::expected<void, CommandError> DriveState::calibrate_once() {
  if (calibrated_for == layout().closed_sessions()) return {};
  if (disc->medium().erasable()) {
    clock->advance(personality.limits.calibration_time);
    calibrated_for = layout().closed_sessions();
    return {};
  }
  if (calibrate() == CalibrationResult::kFull)
    return std::unexpected(CommandError{Fault::kCalibrationAreaFull});
  return {};
}

}  // namespace simdrive
