#include "simdrive/mechanics/write_buffer.h"

#include <algorithm>
#include <span>
#include <utility>

namespace simdrive {

WriteBuffer::WriteBuffer(std::size_t capacity, SpeedCurve curve)
    : capacity_(capacity), curve_(std::move(curve)) {}

std::size_t WriteBuffer::bytes_of(const Run& run, BlockCount count) {
  if (run.count.value <= 0) return 0;
  return static_cast<std::size_t>(std::uint64_t{run.bytes} *
                                  static_cast<std::uint64_t>(count.value) /
                                  static_cast<std::uint64_t>(run.count.value));
}

std::size_t WriteBuffer::level(Duration now) const {
  std::size_t waiting = 0;
  Duration start = front_at_;
  for (const Run& run : std::span(runs_).first(run_count_)) {
    const BlockCount left = curve_.passed_within(run.first, run.count, now - start);
    waiting += run.bytes - bytes_of(run, left);
    start += curve_.time_to_pass(run.first, run.count);
  }
  return std::min(waiting, capacity_);
}

Duration WriteBuffer::empty_at() const {
  Duration end = front_at_;
  for (const Run& run : std::span(runs_).first(run_count_))
    end += curve_.time_to_pass(run.first, run.count);
  return end;
}

Duration WriteBuffer::room_at(std::size_t bytes, Duration now) const {
  const std::size_t allowed = capacity_ - std::min(bytes, capacity_);
  std::size_t waiting = 0;
  for (const Run& run : std::span(runs_).first(run_count_)) waiting += run.bytes;
  if (waiting <= allowed) return now;
  Duration moment = front_at_;
  for (const Run& run : std::span(runs_).first(run_count_)) {
    const std::size_t surplus = waiting - allowed;
    if (surplus <= run.bytes) {
      const std::uint64_t blocks =
          ((std::uint64_t{surplus} * static_cast<std::uint64_t>(run.count.value)) + run.bytes - 1) /
          run.bytes;
      return std::max(
          moment + curve_.time_to_pass(run.first, BlockCount{static_cast<std::int64_t>(blocks)}),
          now);
    }
    waiting -= run.bytes;
    moment += curve_.time_to_pass(run.first, run.count);
  }
  return std::max(moment, now);
}

void WriteBuffer::set_curve(SpeedCurve curve, Duration now) {
  settle(now);
  curve_ = std::move(curve);
}

void WriteBuffer::fill(Lba first, BlockCount count, std::size_t bytes, Duration now) {
  if (count.value <= 0) return;
  const bool linking = ran_dry(now);
  settle(now);
  if (linking) ++links_;
  if (run_count_ == 0) front_at_ = std::max(front_at_, now) + (linking ? kLinkingTime : Duration());
  append({.first = first, .count = count, .bytes = bytes});
  if (stream_) stream_->next = first + count;
}

void WriteBuffer::append(const Run& run) {
  if (run_count_ > 0) {
    Run& last = runs_[run_count_ - 1];
    const bool follows = last.first + last.count == run.first;
    if (follows || run_count_ == kMaxRuns) {
      last.count += run.count;
      last.bytes += run.bytes;
      return;
    }
  }
  runs_[run_count_++] = run;
}

void WriteBuffer::settle(Duration now) {
  while (run_count_ > 0) {
    Run& run = runs_[0];
    const BlockCount left = curve_.passed_within(run.first, run.count, now - front_at_);
    front_at_ += curve_.time_to_pass(run.first, left);
    if (left == run.count) {
      pop_front();
      continue;
    }
    run.bytes -= bytes_of(run, left);
    run.first += left;
    run.count -= left;
    return;
  }
}

void WriteBuffer::pop_front() {
  std::shift_left(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(run_count_), 1);
  --run_count_;
}

void WriteBuffer::begin_stream(Protection protection, std::optional<Lba> end) {
  if (stream_ && !stream_complete()) return;
  stream_ = Stream{.protection = protection, .end = end, .next = std::nullopt};
}

bool WriteBuffer::ran_dry(Duration now) const {
  return stream_ && stream_->next && !stream_complete() && empty_at() < now;
}

bool WriteBuffer::stream_complete() const {
  return stream_ && stream_->next && stream_->end && *stream_->next >= *stream_->end;
}

std::optional<Lba> WriteBuffer::take_broken_stream(Duration now) {
  if (!ran_dry(now) || stream_->protection == Protection::kOn) return std::nullopt;
  ++broken_streams_;
  const std::optional<Lba> place = stream_->next;
  stream_.reset();
  return place;
}

void WriteBuffer::discard() {
  run_count_ = 0;
  front_at_ = Duration::zero();
  stream_.reset();
}

}  // namespace simdrive
