#include "engine/base/error.h"

#include <fmt/format.h>

namespace pregroove {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid argument";
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kAccessDenied:
      return "access denied";
    case ErrorCode::kBadName:
      return "bad name";
    case ErrorCode::kAlreadyExists:
      return "already exists";
    case ErrorCode::kSourceChanged:
      return "source changed";
    case ErrorCode::kNoRoom:
      return "no room";
    case ErrorCode::kMediumNotPresent:
      return "no disc";
    case ErrorCode::kWrongMedium:
      return "unsuitable disc";
    case ErrorCode::kMediumChanged:
      return "disc changed";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kBusy:
      return "busy";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kTransport:
      return "transport failure";
    case ErrorCode::kDevice:
      return "drive error";
    case ErrorCode::kProtocol:
      return "invalid answer";
    case ErrorCode::kCorruptImage:
      return "damaged file system";
    case ErrorCode::kCorruptFile:
      return "damaged file";
    case ErrorCode::kVerification:
      return "verification failed";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kIo:
      return "input/output error";
  }
  return "error";
}

std::string_view name_of(DataState state) {
  switch (state) {
    case DataState::kNotWritten:
      return "not written";
    case DataState::kPartlyWritten:
      return "partly written";
    case DataState::kWritten:
      return "written";
    case DataState::kVerified:
      return "verified";
    case DataState::kWrong:
      return "wrong";
  }
  return "unknown";
}

std::string_view name_of(ClosingState state) {
  switch (state) {
    case ClosingState::kNotBegun:
      return "not begun";
    case ClosingState::kOpen:
      return "open";
    case ClosingState::kClosed:
      return "closed";
  }
  return "unknown";
}

std::string describe(const Error& error) {
  std::string text = error.message;
  std::string cause;
  if (!error.phase.empty()) cause += fmt::format(" while {}", error.phase);
  if (!error.command.empty()) cause += fmt::format(" [{}]", error.command);
  if (error.sense)
    cause += fmt::format(" [sense {:X}/{:02X}/{:02X}]", error.sense->key, error.sense->asc,
                         error.sense->ascq);
  if (error.lba) cause += fmt::format(" [LBA {}]", error.lba->value);
  if (!cause.empty()) text += fmt::format("\n  cause:{}", cause);
  if (!error.disc_state.empty()) text += fmt::format("\n  disc: {}", error.disc_state);
  if (!error.advice.empty()) text += fmt::format("\n  what to do: {}", error.advice);
  for (const Error& later : error.also) text += fmt::format("\nand then: {}", describe(later));
  return text;
}

}  // namespace pregroove
