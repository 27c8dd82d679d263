#include "engine/conformance/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>

#include "engine/base/check.h"
#include "engine/base/units.h"

namespace pregroove::conformance {
namespace {

constexpr std::size_t kColumns = 7;
constexpr int kHexadecimal = 16;
constexpr std::string_view kAnyByte = "..";
// More than any row sends or asks for; what is larger is a slip of the pen.
constexpr std::size_t kMostBytes = std::size_t{16} << 20U;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  auto words = split(text, ' ');
  std::erase(words, std::string_view{});
  return words;
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value, base);
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// nullopt in the result stands for "..".
using Pattern = std::vector<std::optional<std::byte>>;
std::optional<Pattern> parse_pattern(std::string_view text) {
  Pattern pattern;
  for (const std::string_view word : words_of(text)) {
    if (word == kAnyByte) {
      pattern.emplace_back();
      continue;
    }
    const auto value = number<std::uint8_t>(word, kHexadecimal);
    if (!value) return std::nullopt;
    pattern.emplace_back(static_cast<std::byte>(*value));
  }
  if (pattern.empty()) return std::nullopt;
  return pattern;
}

std::optional<std::vector<std::byte>> parse_bytes(std::string_view text) {
  const auto pattern = parse_pattern(text);
  if (!pattern) return std::nullopt;
  std::vector<std::byte> bytes;
  for (const auto& byte : *pattern) {
    if (!byte) return std::nullopt;
    bytes.push_back(*byte);
  }
  return bytes;
}

// "out 16 blocks" or "out 4 blocks of 2352".
bool parse_blocks(std::span<const std::string_view> words, Row& row) {
  constexpr std::size_t kWithSize = 5;
  const auto blocks = number<std::size_t>(words[1], 10);
  const auto size =
      words.size() == kWithSize ? number<std::size_t>(words[kWithSize - 1], 10) : kBlockSize;
  if (!blocks || !size || *blocks > kMostBytes || *size > kMostBytes) return false;
  if (*blocks * *size > kMostBytes) return false;
  row.out.resize(*blocks * *size);
  return true;
}

bool parse_data_phase(std::string_view text, Row& row) {
  if (text == "-") return true;
  const auto words = words_of(text);
  if (words.size() < 2) return false;
  if (words[0] == "in") {
    const auto room = number<std::size_t>(words[1], 10);
    if (!room || *room > kMostBytes || words.size() != 2) return false;
    row.in_bytes = *room;
    return true;
  }
  if (words[0] != "out") return false;
  if (words.size() > 2 && words[2].starts_with("block")) return parse_blocks(words, row);
  auto bytes = parse_bytes(text.substr(words[0].size()));
  if (!bytes) return false;
  row.out = *std::move(bytes);
  return true;
}

bool parse_sense(std::string_view text, SenseCode& sense) {
  const auto parts = split(text, '/');
  if (parts.size() != 3) return false;
  const auto key = number<std::uint8_t>(parts[0], kHexadecimal);
  const auto asc = number<std::uint8_t>(parts[1], kHexadecimal);
  const auto ascq = number<std::uint8_t>(parts[2], kHexadecimal);
  if (!key || !asc || !ascq) return false;
  sense = {*key, *asc, *ascq};
  return true;
}

bool parse_answer(std::string_view text, Row& row) {
  if (text == "GOOD") return true;
  if (!text.starts_with("=")) return parse_sense(text, row.sense);
  auto pattern = parse_pattern(text.substr(1));
  if (!pattern) return false;
  row.data = *std::move(pattern);
  return true;
}

bool parse_row(std::string_view line, Row& row) {
  const auto columns = split(line, '|');
  if (columns.size() != kColumns) return false;
  auto cdb = parse_bytes(columns[3]);
  if (!cdb || !parse_data_phase(columns[4], row) || !parse_answer(columns[5], row)) return false;
  if (columns[0].empty() || columns[1].empty() || columns[2].empty() || columns[6].empty())
    return false;
  row.name = columns[0];
  if (columns[1] != "none") row.medium = columns[1];
  row.state = columns[2];
  row.cdb = *std::move(cdb);
  row.source = columns[6];
  return true;
}

std::vector<Row> parse_all() {
  std::vector<Row> all;
  for (const RowText& text : row_texts()) {
    auto rows = parse_rows(text.text, std::string(text.file));
    // The texts are part of the program, and a test parses each of them.
    PREGROOVE_CHECK(rows.has_value());
    std::ranges::move(*rows, std::back_inserter(all));
  }
  return all;
}

}  // namespace

std::string Row::id() const {
  return fmt::format("{}/{}", std::string_view(file).substr(0, file.find('.')), name);
}

std::string Row::place() const { return fmt::format("{}:{}", file, line); }

Result<std::vector<Row>> parse_rows(std::string_view text, const std::string& file) {
  std::vector<Row> rows;
  int line = 0;
  while (!text.empty()) {
    ++line;
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view current = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (trimmed(current).empty() || current.front() == '#') continue;
    Row row{.file = file, .line = line};
    if (!parse_row(current, row))
      return fail(ErrorCode::kCorruptFile, fmt::format("{}:{}: not a row: {}", file, line, current),
                  "The columns are explained at the head of fixtures/conformance/cd.rows.");
    rows.push_back(std::move(row));
  }
  return rows;
}

std::span<const Row> built_in_rows() {
  static const std::vector<Row> kRows = parse_all();
  return kRows;
}

}  // namespace pregroove::conformance
