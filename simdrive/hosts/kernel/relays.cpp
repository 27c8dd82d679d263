#include "simdrive/hosts/kernel/relays.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <span>
#include <string_view>

#include "simdrive/hosts/byte_streams.h"

namespace simdrive::hosts::kernel {
namespace {

// A line of a serial device holds 4095 characters (termios(3), canonical mode); base64's usual
// lines are much shorter.
constexpr std::size_t kBytesInLine = 57;
constexpr char kEndOfInput = '\x04';

std::string base64_line(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string line;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto group = bytes.subspan(at, std::min<std::size_t>(3, bytes.size() - at));
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < group.size() ? std::to_integer<std::uint32_t>(group[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      line += i <= group.size() ? kDigits[bits >> (18 - 6 * i) & 63U] : '=';
  }
  return line + '\n';
}

}  // namespace

bool OutputRelay::copy() {
  if (!from_.is_open()) from_ = Descriptor(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from_.is_open()) return true;
  std::array<std::byte, 65536> buffer{};
  for (;;) {
    const auto got = ::read(from_.get(), buffer.data(), buffer.size());
    if (got <= 0) return got == 0 || errno == EINTR;
    if (!write_all(to_, std::span(buffer).first(static_cast<std::size_t>(got)))) return false;
  }
}

InputRelay::InputRelay(int from, Descriptor to) : from_(from), to_(std::move(to)) {}

int InputRelay::waits_to_read() const { return ended_ || !encoded_.empty() ? -1 : from_; }

int InputRelay::waits_to_write() const { return encoded_.empty() ? -1 : to_.get(); }

void InputRelay::encode() {
  std::array<std::byte, kBytesInLine * 64> buffer{};
  const auto got = ::read(from_, buffer.data(), buffer.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  auto bytes = std::span(buffer).first(got > 0 ? static_cast<std::size_t>(got) : 0);
  sent_ = 0;
  if (bytes.empty()) {
    ended_ = true;
    encoded_ = kEndOfInput;
  }
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), kBytesInLine)))
    encoded_ += base64_line(bytes.first(std::min(bytes.size(), kBytesInLine)));
}

void InputRelay::send() {
  const auto rest = std::string_view(encoded_).substr(sent_);
  const auto sent = ::send(to_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && (errno == EINTR || errno == EAGAIN)) return;
  // Nobody reads any more: the kernel ends.
  if (sent < 0) ended_ = true;
  sent_ = sent < 0 ? encoded_.size() : sent_ + static_cast<std::size_t>(sent);
  if (sent_ == encoded_.size()) encoded_.clear();
}

void InputRelay::move() {
  if (encoded_.empty() && !ended_) encode();
  if (!encoded_.empty()) send();
}

}  // namespace simdrive::hosts::kernel
