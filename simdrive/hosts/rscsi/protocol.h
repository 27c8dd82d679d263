// The remote SCSI protocol of the Schily tools, as bytes: what a client sends, what it is answered.
//
// A request is a letter and decimal numbers, one a line; "send command" is followed by the CDB and
// by the data for the drive. There is no length in front, so what cannot be understood ends the
// conversation. Source: what wodim 1.1.11 sends (README.md has one exchange), mmc.md 3.4.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace simdrive::hosts::rscsi {

// The most that one command may move, whatever its request says.
inline constexpr std::int64_t kMaxData = std::int64_t{16} << 20U;
inline constexpr std::size_t kMaxCdb = 24;
inline constexpr std::size_t kMaxLine = 80;

enum class Letter : char {
  kVersion = 'V',
  kOpen = 'O',
  kClose = 'C',
  kMaxTransfer = 'D',
  kGetBuffer = 'M',
  kFreeBuffer = 'F',
  kHasBus = 'B',
  kSelectTarget = 'T',
  kInitiatorId = 'I',
  kIsAtapi = 'A',
  kReset = 'R',
  kSendCommand = 'S',
};

// The spans are parts of the bytes that were parsed.
struct Request {
  Letter letter{};
  // As they came, in range of an int. HasBus: bus, channel. SelectTarget: bus, channel, target,
  // LUN. SendCommand: data size, flags, CDB size, sense size, timeout in seconds.
  std::array<std::int64_t, 5> numbers{};
  std::string_view name;  // of Open
  std::span<const std::byte> cdb;
  std::span<const std::byte> data_out;
  std::size_t size = 0;  // bytes of the whole request

  [[nodiscard]] std::int64_t data_size() const { return numbers[0]; }
  [[nodiscard]] bool reads() const { return (numbers[1] & 1) != 0; }
  [[nodiscard]] std::int64_t sense_size() const { return numbers[3]; }
};
struct Incomplete {};  // more bytes are needed
struct Malformed {
  std::string reason;
};
using Parsed = std::variant<Incomplete, Malformed, Request>;

// The request at the front of the bytes.
[[nodiscard]] Parsed parse(std::span<const std::byte> bytes);

// How a command ended, in the tools' own terms.
enum class CommandError : std::uint8_t { kNone = 0, kRetryable = 1, kFatal = 2 };
struct CommandReply {
  std::int64_t moved = 0;
  CommandError error = CommandError::kNone;
  int error_number = 0;  // of errno.h
  std::uint8_t status = 0;
  std::span<const std::byte> sense;
};

[[nodiscard]] std::string number_reply(std::int64_t number);
[[nodiscard]] std::string error_reply(int error_number);
// A text, with the zero byte that the client expects at its end.
[[nodiscard]] std::string text_reply(std::string_view text);
// Bus, channel, target and LUN of the drive are 0.
[[nodiscard]] std::string open_reply();
// The data for the host follows it.
[[nodiscard]] std::string command_reply(const CommandReply& reply);

}  // namespace simdrive::hosts::rscsi
