#include "simdrive/hosts/rscsi/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <system_error>

namespace simdrive::hosts::rscsi {
namespace {

enum class Lines : std::uint8_t { kNumbers, kName, kIgnored };

struct LetterRow {
  Letter letter;
  std::size_t count;
  Lines lines = Lines::kNumbers;
};
constexpr auto kLetters = std::to_array<LetterRow>({
    {Letter::kVersion, 1},
    {Letter::kOpen, 1, Lines::kName},
    {Letter::kClose, 1, Lines::kIgnored},
    {Letter::kMaxTransfer, 1},
    {Letter::kGetBuffer, 1},
    {Letter::kFreeBuffer, 1, Lines::kIgnored},
    {Letter::kHasBus, 2},
    {Letter::kSelectTarget, 4},
    {Letter::kInitiatorId, 1, Lines::kIgnored},
    {Letter::kIsAtapi, 1, Lines::kIgnored},
    {Letter::kReset, 1},
    {Letter::kSendCommand, 5},
});

// An int of C. A timeout may have a fraction, which is dropped.
std::optional<std::int64_t> number_in(std::string_view line) {
  line = line.substr(0, line.find('.'));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
  if (value < std::numeric_limits<std::int32_t>::min() ||
      value > std::numeric_limits<std::int32_t>::max())
    return std::nullopt;
  return value;
}

// Takes the next line off the front; nullopt when its end is not there.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.substr(0, kMaxLine + 1).find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<Malformed> wrong_sizes(const Request& request) {
  if (request.numbers[0] < 0 || request.numbers[0] > kMaxData)
    return Malformed{fmt::format("a command with {} bytes of data", request.numbers[0])};
  if (request.numbers[2] < 1 || request.numbers[2] > static_cast<std::int64_t>(kMaxCdb))
    return Malformed{fmt::format("a CDB of {} bytes", request.numbers[2])};
  return std::nullopt;
}

// What follows the lines of "send command".
Parsed with_payload(Request request, std::span<const std::byte> rest) {
  if (auto wrong = wrong_sizes(request)) return *std::move(wrong);
  const auto cdb_size = static_cast<std::size_t>(request.numbers[2]);
  const auto out_size = request.reads() ? 0 : static_cast<std::size_t>(request.numbers[0]);
  if (rest.size() < cdb_size + out_size) return Incomplete{};
  request.cdb = rest.first(cdb_size);
  request.data_out = rest.subspan(cdb_size, out_size);
  request.size += cdb_size + out_size;
  return request;
}

}  // namespace

Parsed parse(std::span<const std::byte> bytes) {
  if (bytes.empty()) return Incomplete{};
  const std::string_view whole(
      reinterpret_cast<const char*>(bytes.data()),  // NOLINT(*-reinterpret-cast): bytes as text
      bytes.size());
  const auto* const row =
      std::ranges::find(kLetters, static_cast<Letter>(whole.front()), &LetterRow::letter);
  if (row == kLetters.end())
    return Malformed{
        fmt::format("a request with the letter {:02X}h", std::to_integer<unsigned>(bytes.front()))};
  std::string_view rest = whole.substr(1);
  Request request{.letter = row->letter};
  for (std::size_t i = 0; i < row->count; ++i) {
    const auto line = take_line(rest);
    if (!line && rest.size() > kMaxLine) return Malformed{"a line that does not end"};
    if (!line) return Incomplete{};
    if (row->lines == Lines::kName) request.name = *line;
    if (row->lines != Lines::kNumbers) continue;
    const auto number = number_in(*line);
    if (!number) return Malformed{"a line that is no number"};
    request.numbers.at(i) = *number;
  }
  request.size = whole.size() - rest.size();
  if (row->letter != Letter::kSendCommand) return request;
  return with_payload(request, bytes.subspan(request.size));
}

std::string number_reply(std::int64_t number) { return fmt::format("A{}\n", number); }

std::string error_reply(int error_number) {
  return fmt::format("E{}\n{}\n0\n", error_number, std::generic_category().message(error_number));
}

std::string text_reply(std::string_view text) {
  return fmt::format("A{}\n{}{}", text.size() + 1, text, '\0');
}

std::string open_reply() { return "A1\n0\n0\n0\n0\n"; }

std::string command_reply(const CommandReply& reply) {
  std::string text =
      fmt::format("A{}\n{}\n{}\n{}\n{}\n", reply.moved, static_cast<int>(reply.error),
                  reply.error_number, reply.status, reply.sense.size());
  for (const std::byte byte : reply.sense) text.push_back(static_cast<char>(byte));
  return text;
}

}  // namespace simdrive::hosts::rscsi
