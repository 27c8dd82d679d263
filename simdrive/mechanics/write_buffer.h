// The drive's write buffer: WRITE fills it at once, the laser empties it in the order in which the
// data came, at the speed of the address where it goes.
//
// A stream (sequential recording) must not run dry: the laser cannot stop and go on without a
// trace. With protection (BURN-Free) the drive links and loses time; without it the stream breaks.
// Outside a stream running dry is no event. The cost of each call is constant.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "simdrive/mechanics/speed_curve.h"

namespace simdrive {

// Recalled, not read: going back, finding the end of what is recorded and starting the laser there.
inline constexpr Duration kLinkingTime = std::chrono::milliseconds(250);

class WriteBuffer {
 public:
  enum class Protection : std::uint8_t { kOff, kOn };

  WriteBuffer(std::size_t capacity, SpeedCurve curve);

  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  // Bytes of the blocks that are not wholly written yet, at most the capacity.
  [[nodiscard]] std::size_t level(Duration now) const;
  [[nodiscard]] std::size_t available(Duration now) const { return capacity_ - level(now); }
  [[nodiscard]] bool empty(Duration now) const { return now >= empty_at(); }
  // When the last byte is or was written; zero when nothing ever was.
  [[nodiscard]] Duration empty_at() const;
  // When so much is free, now at the earliest; more than the capacity counts as the capacity.
  [[nodiscard]] Duration room_at(std::size_t bytes, Duration now) const;

  // From now on the laser follows this curve; what waits in the buffer, too.
  void set_curve(SpeedCurve curve, Duration now);

  // Takes the blocks, which bring this many bytes in all. More than the free space makes level()
  // read full for as long as the surplus needs. In a stream that ran dry it links first, whatever
  // the protection: take_broken_stream() comes before. A count below 1 changes nothing.
  void fill(Lba first, BlockCount count, std::size_t bytes, Duration now);

  // The next data to come begins a stream, unless one is running. One whose end is known (a cue
  // sheet, a reserved track, a packet) is complete there, and may run dry.
  void begin_stream(Protection protection, std::optional<Lba> end = std::nullopt);
  void end_stream() { stream_.reset(); }
  [[nodiscard]] bool streaming() const { return stream_ && !stream_complete(); }
  // Without protection: the address at which the running stream broke because the buffer ran dry
  // before now (3/0C/09). It is told once and the stream is over.
  [[nodiscard]] std::optional<Lba> take_broken_stream(Duration now);

  // Since the buffer was made: places where the laser stopped and started again, or only stopped.
  [[nodiscard]] std::uint64_t links() const { return links_; }
  [[nodiscard]] std::uint64_t broken_streams() const { return broken_streams_; }

  // Forgets what waits, and the stream.
  void discard();

 private:
  // Blocks that follow each other on the disc.
  struct Run {
    Lba first;
    BlockCount count;
    std::size_t bytes = 0;
  };
  struct Stream {
    Protection protection = Protection::kOn;
    std::optional<Lba> end;
    std::optional<Lba> next;  // behind the last block that came; none: nothing came yet
  };
  // A drive keeps track of a few places at a time. What comes for yet another one while they wait
  // is taken to follow the last, so that its time is that of a place near the last one.
  static constexpr std::size_t kMaxRuns = 8;

  [[nodiscard]] bool ran_dry(Duration now) const;
  [[nodiscard]] bool stream_complete() const;
  void append(const Run& run);
  void pop_front();
  // Drops what left until now.
  void settle(Duration now);
  // The bytes of the first blocks of a run.
  [[nodiscard]] static std::size_t bytes_of(const Run& run, BlockCount count);

  std::size_t capacity_;
  SpeedCurve curve_;
  std::array<Run, kMaxRuns> runs_{};  // the oldest first
  std::size_t run_count_ = 0;
  Duration front_at_{};  // the laser starts or started with the first run; with none, it stopped
  std::optional<Stream> stream_;
  std::uint64_t links_ = 0;
  std::uint64_t broken_streams_ = 0;
};

}  // namespace simdrive
