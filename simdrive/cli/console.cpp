#include "simdrive/cli/console.h"

#include <ostream>

#include "simdrive/cli/report.h"

namespace simdrive {
namespace {

using pregroove::Error;
using pregroove::ErrorCode;

ExitStatus status_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::kIo:
    case ErrorCode::kNoRoom:
    case ErrorCode::kProtocol:
      return ExitStatus::kFailed;
    default:
      return ExitStatus::kRefused;
  }
}

}  // namespace

ExitStatus report(const Console& console, const Error& error) {
  if (console.json) {
    console.out << as_text(error_as_json(error)) << '\n';
  } else {
    console.err << "simdrive: " << pregroove::describe(error);
    if (!pregroove::describe(error).ends_with('\n')) console.err << '\n';
  }
  return status_for(error.code);
}

ExitStatus report_wrong_usage(const Console& console, const Error& error) {
  report(console, error);
  return ExitStatus::kWrongUsage;
}

}  // namespace simdrive
