// Reading and writing what pipes and sockets carry: interrupted calls are repeated, and nothing
// that a peer sends makes memory grow beyond the limit that its reader was given.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simdrive::hosts {

// What is there, after waiting for it; 0 at the end of the stream, and when `stop` becomes readable
// (-1: nothing stops it).
[[nodiscard]] std::size_t read_some(int descriptor, std::span<std::byte> buffer, int stop = -1);
// So many bytes, or fewer at such an end.
[[nodiscard]] std::size_t read_up_to(int descriptor, std::span<std::byte> buffer, int stop = -1);
// False when the other side is gone. No signal is raised on a socket.
[[nodiscard]] bool write_all(int descriptor, std::span<const std::byte> data);
[[nodiscard]] bool write_all(int descriptor, std::string_view text);

// A stream that is read in small pieces.
class StreamReader {
 public:
  explicit StreamReader(int descriptor, int stop = -1) : descriptor_(descriptor), stop_(stop) {}

  // The next line without its end. nullopt at the end of the stream, also in the middle of a line,
  // and when the line is longer than the limit: then overlong() is true, and nothing more can be
  // read.
  [[nodiscard]] std::optional<std::string> line(std::size_t limit);
  [[nodiscard]] bool overlong() const { return overlong_; }
  // False when the stream ends before the buffer is full.
  [[nodiscard]] bool fill(std::span<std::byte> buffer);

 private:
  [[nodiscard]] bool refill();

  int descriptor_;
  int stop_;
  std::string buffered_;
  std::size_t taken_ = 0;  // of what is buffered
  bool overlong_ = false;
};

}  // namespace simdrive::hosts
