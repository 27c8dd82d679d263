#include "engine/validate/validation.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mmc/inquiry.h"
#include "engine/validate/write_rules.h"

namespace pregroove::validate {
namespace {

using conformance::Row;

constexpr std::uint8_t kInquiry = 0x12;
constexpr std::size_t kShownAtLeast = 8;  // bytes of a reply, beyond what the row compares
constexpr std::size_t kShownAtMost = 64;

std::string describe_failure(const SenseCode& failure) {
  return failure == SenseCode{} ? "CHECK CONDITION without sense data" : scsi::to_string(failure);
}

// The first byte that is not as the row says.
std::optional<std::size_t> first_difference(const Row& row, const Answer& answer) {
  for (std::size_t i = 0; i < compared_bytes(row); ++i) {
    if (i >= answer.data.size()) return i;
    if (row.data[i] && *row.data[i] != answer.data[i]) return i;
  }
  return std::nullopt;
}

// What the drive says of itself with such a disc is neither of this nor of another one.
std::unexpected<Error> unusable(const SenseCode& code) {
  auto failure = fail(ErrorCode::kWrongMedium, "the drive cannot use the disc that is in it",
                      "Take the disc out, or put in one that the drive reads, and try again.");
  failure.error().sense = code;
  return failure;
}

medium::DriveIdentity identity_of(const Observations& observed) {
  const auto* const reply = observed.data(Probe::kInquiry);
  if (reply == nullptr) return {};
  const auto identity = mmc::decode_inquiry(*reply);
  if (!identity) return {};
  return {.vendor = identity->vendor, .product = identity->product, .revision = identity->revision};
}

}  // namespace

// Commands that the operating system keeps back are no answer of the drive's.
Result<std::optional<Answer>> put_row(Conversation& drive, const Row& row) {
  // Asked again it would be another command, once it has begun.
  const bool once = drive.may_change() && takes_long(row.cdb);
  auto answer = once ? drive.begin(row.cdb, row.in_bytes, row.out)
                     : drive.ask(row.cdb, row.in_bytes, row.out);
  if (answer) return *std::move(answer);
  if (answer.error().code == ErrorCode::kAccessDenied) return std::nullopt;
  Error error = std::move(answer).error();
  if (error.phase.empty()) error.phase = fmt::format("putting the row {}", row.id());
  return std::unexpected(std::move(error));
}

// SPC-4 6.6 and 7.8: vendor, product and revision begin at byte 8, and a vital product data page at
// byte 4, behind its length.
std::size_t compared_bytes(const Row& row) {
  constexpr std::size_t kNamesOffset = 8;
  constexpr std::size_t kLengthOffset = 2;
  constexpr std::uint8_t kSerialNumberPage = 0x80;
  constexpr std::uint8_t kDesignatorPage = 0x83;
  if (std::to_integer<std::uint8_t>(row.cdb.front()) != kInquiry) return row.data.size();
  const bool vital = (row.cdb[1] & std::byte{1}) != std::byte{0};
  const auto page = std::to_integer<std::uint8_t>(row.cdb[2]);
  if (!vital) return std::min(row.data.size(), kNamesOffset);
  if (page == kSerialNumberPage || page == kDesignatorPage)
    return std::min(row.data.size(), kLengthOffset);
  return row.data.size();
}

bool answers_as(const Row& row, const Answer& answer) {
  if (!row.expects_good()) return answer.failure == row.sense;
  return answer.good() && !first_difference(row, answer);
}

std::string PutRow::expected() const {
  if (!row->expects_good()) return scsi::to_string(row->sense);
  std::string text = "GOOD";
  const std::size_t compared = compared_bytes(*row);
  if (compared > 0) text += ",";
  for (std::size_t i = 0; i < compared; ++i)
    text += row->data[i] ? fmt::format(" {:02X}", std::to_integer<unsigned>(*row->data[i])) : " ..";
  return text;
}

std::string PutRow::actual() const {
  if (answer.failure) return describe_failure(*answer.failure);
  std::string text = "GOOD";
  const std::size_t shown =
      std::min({answer.data.size(), std::max(compared_bytes(*row), kShownAtLeast), kShownAtMost});
  if (shown > 0) text += ",";
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format(" {:02X}", std::to_integer<unsigned>(answer.data[i]));
  if (!row->expects_good()) return text;
  if (const auto where = first_difference(*row, answer))
    text += *where < answer.data.size() ? fmt::format(" (byte {} differs)", *where)
                                        : fmt::format(" (ends after {} bytes)", answer.data.size());
  return text;
}

std::size_t Validation::differences() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [](const PutRow& put) { return !put.same; }));
}

std::map<Fit, std::size_t> Validation::skipped() const {
  std::map<Fit, std::size_t> counts;
  for (const auto& [row, fit] : left_out) ++counts[fit];
  return counts;
}

bool Validation::same() const {
  const bool everywhere =
      !written || std::ranges::all_of(written->stops, [](const StopVisited& stop) {
        return stop.not_reached.empty();
      });
  return differences() == 0 && everywhere;
}

Result<Validation> validate(scsi::Transport& transport, Clock& clock) {
  Conversation drive(transport, clock, Changes::kForbidden);
  Validation validation;
  PREGROOVE_ASSIGN_OR_RETURN(validation.observed, observe(drive));
  if (validation.observed.greeting.unreadable)
    return unusable(*validation.observed.greeting.unreadable);
  validation.drive = identity_of(validation.observed);
  validation.situation = recognise(validation.observed);
  const Circumstances now{
      .situation = validation.situation, .max_transfer = drive.max_transfer(), .may_change = false};
  for (const Row& row : conformance::built_in_rows()) {
    Fit fit = fit_of(row, now);
    if (fit == Fit::kPut) {
      PREGROOVE_ASSIGN_OR_RETURN(auto answer, put_row(drive, row));
      if (answer) {
        const bool same = answers_as(row, *answer);
        validation.rows.push_back({.row = &row, .answer = *std::move(answer), .same = same});
        continue;
      }
      fit = Fit::kNotAllowed;
    }
    validation.left_out[&row] = fit;
  }
  PREGROOVE_ASSIGN_OR_RETURN(validation.disc_name,
                             name_of_disc(drive, validation.observed, validation.situation));
  return validation;
}

}  // namespace pregroove::validate
