#include "engine/validate/conversation.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/drive/reactions.h"
#include "engine/mmc/configuration.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/status.h"
#include "engine/validate/read_only.h"
#include "engine/validate/write_rules.h"

namespace pregroove::validate {
namespace {

using scsi::ScsiStatus;
using scsi::SenseKey;

constexpr std::uint8_t kNotReadyNow = 0x04;
constexpr std::uint8_t kMediumNotPresent = 0x3A;
constexpr std::uint8_t kMediumMayHaveChanged = 0x28;
constexpr std::uint8_t kPowerOnOrReset = 0x29;

bool is(const std::optional<SenseCode>& code, SenseKey key, std::uint8_t asc) {
  return code && code->key == static_cast<std::uint8_t>(key) && code->asc == asc;
}
bool is_attention(const std::optional<SenseCode>& code) {
  return code && code->key == static_cast<std::uint8_t>(SenseKey::kUnitAttention);
}
bool is_busy(const std::optional<SenseCode>& code) {
  return is(code, SenseKey::kNotReady, kNotReadyNow);
}

std::unexpected<Error> never_ready(std::span<const std::byte> cdb) {
  auto failure = fail(ErrorCode::kTimeout, "the drive stays busy",
                      "Wait until it is at rest, or switch it off and on, and try again.");
  failure.error().command = mmc::describe_cdb(cdb);
  return failure;
}

std::unexpected<Error> endless_attentions() {
  return fail(ErrorCode::kProtocol, "the drive reports one unit attention after the other",
              "Close the other programs that use the drive, and try again.");
}

// One that does not concern the disc is passed over.
Status check_attention(const SenseCode& code, int attentions) {
  if (code.asc == kMediumMayHaveChanged || code.asc == kPowerOnOrReset)
    return fail(ErrorCode::kMediumChanged, "the disc was changed, or the drive was reset",
                "Leave the drive alone meanwhile, and try again.");
  if (attentions > drive::kMaxUnitAttentions) return endless_attentions();
  return {};
}

Result<scsi::Completion> checked(Result<scsi::Completion> completion,
                                 std::span<const std::byte> cdb) {
  if (!completion) {
    if (completion.error().command.empty()) completion.error().command = mmc::describe_cdb(cdb);
  }
  return completion;
}

// A whole disc may be blanked, or formatted up to where a WRITE goes, before a drive answers: as
// long as engine/drive waits for a BLANK.
std::chrono::milliseconds timeout_of(std::span<const std::byte> cdb) {
  constexpr std::chrono::milliseconds kUsual{30'000};
  constexpr std::chrono::milliseconds kOfAWholeDisc{18'000'000};
  return changes_nothing(cdb) ? kUsual : kOfAWholeDisc;
}

void note_attention(Greeting& greeting, const SenseCode& code) {
  if (code.asc == kPowerOnOrReset) greeting.power_on_reported = true;
  if (code.asc == kMediumMayHaveChanged) ++greeting.medium_changes_reported;
}

}  // namespace

Result<std::optional<Answer>> Conversation::send(std::span<const std::byte> cdb, std::size_t room,
                                                 std::span<const std::byte> out) {
  PREGROOVE_CHECK(may_change() ? may_be_sent_while_writing(cdb, out) : changes_nothing(cdb));
  has_changed_ = has_changed_ || !changes_nothing(cdb);
  std::vector<std::byte> buffer(room);
  scsi::DataPhase data = scsi::NoData{};
  if (room > 0) data = scsi::DataIn{buffer};
  if (!out.empty()) data = scsi::DataOut{out};
  PREGROOVE_ASSIGN_OR_RETURN(
      const auto completion,
      checked(transport_.execute({.cdb = cdb, .data = data, .timeout = timeout_of(cdb)}), cdb));
  if (completion.status == ScsiStatus::kBusy) return std::nullopt;
  if (completion.status == ScsiStatus::kReservationConflict)
    return fail(ErrorCode::kBusy, "another host has reserved the drive",
                "Release it there, and try again.");
  buffer.resize(out.empty() ? std::min(buffer.size(), completion.bytes_transferred) : 0);
  Answer answer{.data = std::move(buffer)};
  if (completion.status != ScsiStatus::kGood)
    answer.failure = completion.sense ? completion.sense->code : SenseCode{};
  return answer;
}

Result<Answer> Conversation::ask(std::span<const std::byte> cdb, std::size_t room,
                                 std::span<const std::byte> out, Duration patience) {
  const Duration until = clock_.now() + patience;
  int attentions = 0;
  for (int repetition = 0;; ++repetition) {
    PREGROOVE_ASSIGN_OR_RETURN(auto answer, send(cdb, room, out));
    if (answer && is_attention(answer->failure)) {
      PREGROOVE_RETURN_IF_ERROR(check_attention(*answer->failure, ++attentions));
      continue;
    }
    if (answer && !is_busy(answer->failure)) return *std::move(answer);
    if (clock_.now() >= until) return never_ready(cdb);
    clock_.sleep_for(drive::pause_before_retry(repetition));
  }
}

Result<Answer> Conversation::begin(std::span<const std::byte> cdb, std::size_t room,
                                   std::span<const std::byte> out) {
  const Duration until = clock_.now() + kPatience;
  for (int repetition = 0;; ++repetition) {
    PREGROOVE_ASSIGN_OR_RETURN(auto answer, send(cdb, room, out));
    if (answer && is_attention(answer->failure)) {
      PREGROOVE_RETURN_IF_ERROR(check_attention(*answer->failure, repetition));
      continue;
    }
    if (answer) return *std::move(answer);
    if (clock_.now() >= until) return never_ready(cdb);
    clock_.sleep_for(drive::pause_before_retry(repetition));
  }
}

// Some drives say that they are ready, and only then, asked about the disc, that they are not.
Status Conversation::settle(Duration patience) {
  const mmc::Cdb ready = mmc::test_unit_ready();
  PREGROOVE_ASSIGN_OR_RETURN(const auto answer, ask(ready.view(), 0, {}, patience));
  static_cast<void>(answer);
  const mmc::Cdb disc = mmc::read_disc_information();
  PREGROOVE_ASSIGN_OR_RETURN(const auto told,
                             ask(disc.view(), mmc::kDiscInformationSize, {}, patience));
  static_cast<void>(told);
  return {};
}

Result<Greeting> Conversation::greet() {
  Greeting greeting;
  // The one command that the standard exempts from unit attentions, and some drives do not: it has
  // to be the first (mmc.md 2.3).
  const auto configuration = mmc::get_configuration(
      mmc::RequestType::kAll, scsi::Feature::kProfileList, mmc::kConfigurationHeaderSize);
  PREGROOVE_ASSIGN_OR_RETURN(const auto first,
                             send(configuration.view(), mmc::kConfigurationHeaderSize, {}));
  if (first && is_attention(first->failure)) {
    greeting.get_configuration_reported = true;
    note_attention(greeting, *first->failure);
  }
  const mmc::Cdb ready = mmc::test_unit_ready();
  const Duration until = clock_.now() + kPatience;
  int attentions = 0;
  for (int repetition = 0;; ++repetition) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto answer, send(ready.view(), 0, {}));
    if (answer && answer->good()) return greeting;
    if (answer && is_attention(answer->failure)) {
      note_attention(greeting, *answer->failure);
      if (++attentions > drive::kMaxUnitAttentions) return endless_attentions();
      continue;
    }
    if (answer && !is_busy(answer->failure)) {
      const bool empty = is(answer->failure, SenseKey::kNotReady, kMediumNotPresent);
      (empty ? greeting.without_medium : greeting.unreadable) = answer->failure;
      return greeting;
    }
    if (answer) greeting.becoming_ready = answer->failure;
    if (clock_.now() >= until) return never_ready(ready.view());
    clock_.sleep_for(drive::pause_before_retry(repetition));
  }
}

}  // namespace pregroove::validate
