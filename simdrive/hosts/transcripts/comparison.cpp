#include "simdrive/hosts/transcripts/comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "simdrive/drive/command_table.h"
#include "simdrive/hosts/transcripts/fields.h"

namespace simdrive::hosts::transcripts {
namespace {

using pregroove::scsi::Completion;
using pregroove::scsi::ScsiStatus;

constexpr std::size_t kShown = 32;  // bytes
constexpr std::size_t kBefore = 8;  // of them, before the first that differs

std::string_view name_of_status(std::uint8_t status) {
  switch (static_cast<ScsiStatus>(status)) {
    case ScsiStatus::kGood:
      return "GOOD";
    case ScsiStatus::kCheckCondition:
      return "CHECK CONDITION";
    case ScsiStatus::kBusy:
      return "BUSY";
    case ScsiStatus::kReservationConflict:
      return "RESERVATION CONFLICT";
  }
  return "unknown status";
}

std::size_t first_difference(std::span<const std::byte> one, std::span<const std::byte> other) {
  return static_cast<std::size_t>(std::ranges::mismatch(one, other).in1 - one.begin());
}

std::string excerpt(std::span<const std::byte> bytes, std::size_t interesting) {
  const std::size_t from =
      bytes.size() <= kShown || interesting < kBefore ? 0 : interesting - kBefore;
  const auto shown = bytes.subspan(std::min(from, bytes.size()));
  const std::string place = from > 0 ? fmt::format(", from byte {}", from) : "";
  return fmt::format("{}: {}{}", place, hex(shown.first(std::min(shown.size(), kShown))),
                     shown.size() > kShown ? "..." : "");
}

std::string describe_outcome(std::uint8_t status, std::span<const std::byte> sense,
                             std::size_t transferred) {
  std::string text(name_of_status(status));
  if (const auto decoded = pregroove::scsi::decode_sense(sense))
    text += fmt::format(" {} [{}]", pregroove::scsi::to_string(decoded->code), hex(sense));
  if (transferred > 0) text += fmt::format(", {} bytes", transferred);
  return text;
}

}  // namespace

ActualReply reply_of(const Completion& completion, std::span<const std::byte> in) {
  ActualReply reply{.status = static_cast<std::uint8_t>(completion.status),
                    .transferred = completion.bytes_transferred,
                    .data = in.first(std::min(in.size(), completion.bytes_transferred))};
  if (!completion.sense) return reply;
  const auto sense = fixed_sense(*completion.sense);
  reply.sense.assign(sense.begin(), sense.end());
  return reply;
}

bool equal(const CommandEntry& recorded, const ActualReply& actual, CompareData compare_data) {
  if (recorded.status != actual.status || recorded.sense != actual.sense ||
      recorded.transferred != actual.transferred)
    return false;
  if (recorded.direction != Direction::kIn || compare_data == CompareData::kNo) return true;
  const Content& content = recorded.content;
  if (content.length != actual.data.size()) return false;
  return content.hash ? *content.hash == hash_of(actual.data)
                      : std::ranges::equal(content.bytes, actual.data);
}

std::string describe_command(const CommandEntry& recorded) {
  const CommandRow* const row = find_command(std::to_integer<std::uint8_t>(recorded.cdb.front()));
  std::string text(row != nullptr ? row->name : "unknown command");
  for (const std::byte byte : recorded.cdb)
    text += fmt::format(" {:02x}", std::to_integer<unsigned>(byte));
  return text;
}

std::string describe_recorded(const CommandEntry& recorded, const ActualReply& actual) {
  const Content& content = recorded.content;
  const std::string text = describe_outcome(recorded.status, recorded.sense, recorded.transferred);
  if (recorded.direction != Direction::kIn || content.length == 0) return text;
  if (content.hash) return text + fmt::format(", hash {:016x}", *content.hash);
  return text + excerpt(content.bytes, first_difference(content.bytes, actual.data));
}

std::string describe_actual(const CommandEntry& recorded, const ActualReply& actual) {
  const Content& content = recorded.content;
  const std::string text = describe_outcome(actual.status, actual.sense, actual.transferred);
  if (actual.data.empty()) return text;
  if (content.hash) return text + fmt::format(", hash {:016x}", hash_of(actual.data));
  return text + excerpt(actual.data, first_difference(actual.data, content.bytes));
}

}  // namespace simdrive::hosts::transcripts
