#include "simdrive/hosts/byte_streams.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace simdrive::hosts {
namespace {

constexpr std::size_t kBuffer = 4096;

// False when reading must stop.
bool wait_for_data(int descriptor, int stop) {
  std::array<pollfd, 2> waited{pollfd{descriptor, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
  for (;;) {
    if (::poll(waited.data(), stop < 0 ? 1 : 2, -1) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    return waited[1].revents == 0;
  }
}

}  // namespace

std::size_t read_some(int descriptor, std::span<std::byte> buffer, int stop) {
  for (;;) {
    if (stop >= 0 && !wait_for_data(descriptor, stop)) return 0;
    const auto got = ::read(descriptor, buffer.data(), buffer.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return 0;
  }
}

std::size_t read_up_to(int descriptor, std::span<std::byte> buffer, int stop) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const std::size_t got = read_some(descriptor, buffer.subspan(filled), stop);
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

bool write_all(int descriptor, std::span<const std::byte> data) {
  bool socket = true;
  while (!data.empty()) {
    const auto written = socket ? ::send(descriptor, data.data(), data.size(), MSG_NOSIGNAL)
                                : ::write(descriptor, data.data(), data.size());
    if (written > 0) {
      data = data.subspan(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == ENOTSOCK && socket) {
      socket = false;
    } else if (written == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool write_all(int descriptor, std::string_view text) {
  return write_all(descriptor, std::as_bytes(std::span(text)));
}

bool StreamReader::refill() {
  std::array<std::byte, kBuffer> piece{};
  const std::size_t got = read_some(descriptor_, piece, stop_);
  buffered_.resize(got);
  std::memcpy(buffered_.data(), piece.data(), got);
  taken_ = 0;
  return got > 0;
}

std::optional<std::string> StreamReader::line(std::size_t limit) {
  std::string line;
  while (!overlong_) {
    const auto end = buffered_.find('\n', taken_);
    const std::size_t piece = std::min(end, buffered_.size()) - taken_;
    if (line.size() + piece > limit) {
      overlong_ = true;
      break;
    }
    line.append(buffered_, taken_, piece);
    taken_ += piece;
    if (end != std::string::npos) {
      ++taken_;
      return line;
    }
    if (!refill()) break;
  }
  return std::nullopt;
}

bool StreamReader::fill(std::span<std::byte> buffer) {
  const std::size_t ready = std::min(buffer.size(), buffered_.size() - taken_);
  if (ready > 0) std::memcpy(buffer.data(), buffered_.data() + taken_, ready);
  taken_ += ready;
  const auto rest = buffer.subspan(ready);
  return read_up_to(descriptor_, rest, stop_) == rest.size();
}

}  // namespace simdrive::hosts
