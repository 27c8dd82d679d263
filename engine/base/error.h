// Errors as values: what happened, why, what state the disc is in, and what the user can do.
//
// An Error is passed up unchanged, or with more context added; a later failure is appended to the
// first one and never takes its place.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/units.h"

namespace pregroove {

// What kind of thing went wrong: callers decide by this, people read the message.
enum class ErrorCode : std::uint8_t {
  kInvalidArgument,   // the request itself makes no sense
  kNotFound,          // a file, track, session or device does not exist
  kAccessDenied,      // a file or device may not be read or written
  kBadName,           // a name cannot be stored in the image
  kAlreadyExists,     // a name is taken and overwriting was not asked for
  kSourceChanged,     // a file shrank, grew or vanished while it was read
  kNoRoom,            // does not fit on the medium
  kMediumNotPresent,  // no disc in the drive
  kWrongMedium,       // the disc is of a kind or in a state that the operation cannot use
  kMediumChanged,     // another disc is in the drive than the one that was looked at
  kUnsupported,       // the drive or this program cannot do it
  kBusy,              // somebody else is using the drive or the disc
  kCancelled,         // the user asked to stop
  kTransport,         // the exchange with the drive failed; whether it acted is unknown
  kDevice,            // the drive answered CHECK CONDITION
  kProtocol,          // the drive's answer contradicts the standard or itself
  kCorruptImage,      // a file system that was read is damaged or hostile
  kCorruptFile,       // a disc file or another file of ours is damaged
  kVerification,      // what was read back is not what should be there
  kTimeout,           // the drive did not become ready in time
  kIo,                // the operating system could not read or write a file
};

[[nodiscard]] std::string_view name_of(ErrorCode code);

// Sense key, additional sense code and its qualifier, as a drive gave them. Names:
// engine/scsi/sense.h.
struct SenseCode {
  std::uint8_t key = 0;
  std::uint8_t asc = 0;
  std::uint8_t ascq = 0;

  constexpr auto operator<=>(const SenseCode&) const = default;
};

// How far a burn came. The data and the closing of its session are told apart: a session that could
// not be closed may hold all of its data (burning.md 10, lesson 39).
enum class DataState : std::uint8_t {
  kNotWritten,
  kPartlyWritten,
  kWritten,   // the drive said of all of it that it is on the disc
  kVerified,  // and it was read back
  kWrong,     // the disc, or the drive later, told something else
};
enum class ClosingState : std::uint8_t {
  kNotBegun,
  kOpen,
  kClosed,  // of media that are overwritten: readers find the session
};
struct BurnOutcome {
  DataState data = DataState::kNotWritten;
  ClosingState session = ClosingState::kNotBegun;

  bool operator==(const BurnOutcome&) const = default;
};
[[nodiscard]] std::string_view name_of(DataState state);
[[nodiscard]] std::string_view name_of(ClosingState state);

struct Error {
  ErrorCode code = ErrorCode::kIo;
  std::string message;  // one sentence: what happened, naming the file, command or disc
  std::string advice;   // one sentence: what the user can do now; may be empty

  std::string command;                 // the SCSI command in MMC words, if one failed
  std::optional<SenseCode> sense;      // what the drive said, if it said something
  std::optional<Lba> lba;              // where, if it has a place
  std::string phase;                   // what was going on ("writing", "closing the session")
  std::string disc_state;              // the disc now, in words; empty when nothing was sent to it
  bool disc_touched = false;           // true once a command that changes the disc was sent
  std::optional<BurnOutcome> outcome;  // of the burn that failed

  std::vector<Error> also;  // what went wrong afterwards, in order
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message,
                                                 std::string advice = {}) {
  Error error;
  error.code = code;
  error.message = std::move(message);
  error.advice = std::move(advice);
  return std::unexpected(std::move(error));
}

// Several lines for a terminal: message, cause in the drive's words, state of the disc, advice.
[[nodiscard]] std::string describe(const Error& error);

}  // namespace pregroove

// Hands the error of an expression that yields a Result to the caller.
// NOLINTBEGIN(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
#define PREGROOVE_CONCAT_INNER(a, b) a##b
#define PREGROOVE_CONCAT(a, b) PREGROOVE_CONCAT_INNER(a, b)
#define PREGROOVE_RETURN_IF_ERROR(expression)                      \
  do {                                                             \
    if (auto pregroove_status = (expression); !pregroove_status)   \
      return std::unexpected(std::move(pregroove_status).error()); \
  } while (false)
// PREGROOVE_ASSIGN_OR_RETURN(const auto info, read_disc_information(drive));
#define PREGROOVE_ASSIGN_OR_RETURN_NAMED(temporary, declaration, expression) \
  auto temporary = (expression);                                             \
  if (!temporary) return std::unexpected(std::move(temporary).error());      \
  declaration = *std::move(temporary)
#define PREGROOVE_ASSIGN_OR_RETURN(declaration, expression)                                    \
  PREGROOVE_ASSIGN_OR_RETURN_NAMED(PREGROOVE_CONCAT(pregroove_result_, __LINE__), declaration, \
                                   expression)
// NOLINTEND(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
