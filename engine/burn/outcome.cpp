#include "engine/burn/outcome.h"

#include <iterator>

namespace pregroove::burn {
namespace {

// An error that a drive reports late belongs to data that it had accepted (Drive::failure names no
// command then).
bool is_about_earlier_data(const Error& error) { return error.sense && error.command.empty(); }

// The drive had said that all is well, and the disc says otherwise.
BurnOutcome found(const plan::CheckResult& expected, const medium::MediumSnapshot& disc) {
  if (disc.status == medium::DiscStatus::kBlank) return {};
  const bool closed = std::ssize(disc.sessions) >= expected.sessions;
  return {DataState::kWrong, closed ? ClosingState::kClosed : ClosingState::kOpen};
}

}  // namespace

void OutcomeTracker::wrote_something() {
  if (!test_write_) outcome_ = {DataState::kPartlyWritten, ClosingState::kOpen};
}

void OutcomeTracker::succeeded(const plan::Step& step) {
  if (outcome_.data == DataState::kNotWritten) return;
  if (std::holds_alternative<plan::Synchronize>(step)) {
    if (outcome_.data != DataState::kVerified) outcome_.data = DataState::kWritten;
    if (head_switched_) outcome_.session = ClosingState::kClosed;
  }
  if (std::holds_alternative<plan::SwitchToSession>(step)) head_switched_ = true;
  // Where no step closes the session by itself, the disc says that it is closed.
  if (std::holds_alternative<plan::CloseSession>(step) ||
      std::holds_alternative<plan::CheckResult>(step))
    outcome_.session = ClosingState::kClosed;
  if (std::holds_alternative<plan::ReadBack>(step)) outcome_.data = DataState::kVerified;
}

void OutcomeTracker::failed(const plan::Step& step, const Error& error,
                            const medium::MediumSnapshot& disc) {
  if (outcome_.data == DataState::kNotWritten) return;
  const auto* const checked = std::get_if<plan::CheckResult>(&step);
  if (checked != nullptr && error.code == ErrorCode::kVerification)
    outcome_ = found(*checked, disc);
  if (std::holds_alternative<plan::CheckRecorded>(step) && error.code == ErrorCode::kVerification)
    outcome_.data = DataState::kPartlyWritten;
  const bool reads =
      std::holds_alternative<plan::ReadBack>(step) || std::holds_alternative<plan::ReadEnd>(step);
  const bool unreadable =
      error.code == ErrorCode::kVerification || error.code == ErrorCode::kDevice;
  if (reads && unreadable) outcome_.data = DataState::kWrong;
  if (outcome_.data == DataState::kWritten && is_about_earlier_data(error))
    outcome_.data = DataState::kWrong;
}

std::string_view advice_for(const BurnOutcome& outcome) {
  if (outcome.data == DataState::kPartlyWritten)
    return "Burn the files again, on this disc or another one: what this burn left is closed "
           "first, and its files are not shown.";
  if (outcome.data != DataState::kWritten || outcome.session != ClosingState::kOpen) return "";
  return "The files are complete on the disc. Append to it with this or another recorder: the next "
         "burn closes the open session first and keeps its files.";
}

}  // namespace pregroove::burn
