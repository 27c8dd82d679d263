#include "tests/unit/simdrive/conformance/rows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>
#include <sstream>

namespace simdrive::testing_support {
namespace {

using pregroove::SenseCode;
using pregroove::testing_support::Bytes;

constexpr std::size_t kColumns = 7;
constexpr std::size_t kBlock = 2048;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> columns;
  std::istringstream stream(line);
  std::string column;
  while (std::getline(stream, column, '|')) columns.push_back(trimmed(column));
  return columns;
}

bool parse_data_phase(const std::string& text, ConformanceRow& row) {
  if (text == "-") return true;
  std::istringstream stream(text);
  std::string direction;
  stream >> direction;
  if (direction == "in") return static_cast<bool>(stream >> row.in_bytes);
  if (direction != "out") return false;
  if (text.find("block") != std::string::npos) {
    std::size_t blocks = 0;
    std::size_t size = kBlock;
    std::string word;
    if (!(stream >> blocks >> word)) return false;
    if (stream >> word && !(stream >> size)) return false;  // "of"
    row.out.resize(blocks * size);
    return true;
  }
  row.out = pregroove::testing_support::hex(text.substr(direction.size()));
  return !row.out.empty();
}

bool parse_sense(const std::string& text, SenseCode& sense) {
  unsigned key = 0;
  unsigned asc = 0;
  unsigned ascq = 0;
  char slash = 0;
  std::istringstream stream(text);
  stream >> std::hex >> key >> slash >> asc >> slash >> ascq;
  if (!stream || slash != '/') return false;
  sense = {static_cast<std::uint8_t>(key), static_cast<std::uint8_t>(asc),
           static_cast<std::uint8_t>(ascq)};
  return true;
}

bool parse_answer(const std::string& text, ConformanceRow& row) {
  if (text == "GOOD") return true;
  if (!text.starts_with("=")) return parse_sense(text, row.sense);
  std::istringstream stream(text.substr(1));
  std::string byte;
  while (stream >> byte) {
    if (byte == "..")
      row.data.emplace_back();
    else
      row.data.emplace_back(static_cast<std::byte>(std::stoul(byte, nullptr, 16)));
  }
  return !row.data.empty();
}

}  // namespace

void PrintTo(const ConformanceRow& row, std::ostream* out) {
  *out << row.name << " (" << row.place << ": " << row.source << ")";
}

std::vector<ConformanceRow> load_rows(const std::string& file) {
  const std::string path = std::string(PREGROOVE_SOURCE_DIR) + "/fixtures/conformance/" + file;
  std::ifstream stream(path);
  EXPECT_TRUE(stream) << path;
  std::vector<ConformanceRow> rows;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    const auto columns = columns_of(line);
    ConformanceRow row{.place = fmt::format("{}:{}", file, number)};
    const bool whole = columns.size() == kColumns && parse_data_phase(columns[4], row) &&
                       parse_answer(columns[5], row) && !columns[6].empty();
    if (!whole) {
      ADD_FAILURE() << row.place << ": not a row: " << line;
      continue;
    }
    row.name = columns[0];
    if (columns[1] != "none") row.medium = columns[1];
    row.state = columns[2];
    row.cdb = columns[3];
    row.source = columns[6];
    rows.push_back(row);
  }
  return rows;
}

}  // namespace simdrive::testing_support
