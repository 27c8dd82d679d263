// What a recorder answers to one command, by medium and state: the rows of fixtures/conformance,
// whose file cd.rows explains the columns. Each row names where its answer comes from.
//
// Values only. Who puts a row to a drive, and how a drive comes into the row's state, is the
// business of engine/validate for real drives and of the tests for the simulated one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace pregroove::conformance {

struct Row {
  std::string name;    // alone in its file
  std::string medium;  // as "simdrive media" lists it; empty: the drive is empty
  std::string state;
  std::vector<std::byte> cdb;
  std::size_t in_bytes = 0;    // room for the drive's answer
  std::vector<std::byte> out;  // data for the drive
  SenseCode sense;             // {0,0,0}: GOOD
  // The first bytes of the answer; nullopt stands for any byte. What follows them is free.
  std::vector<std::optional<std::byte>> data;
  std::string source;
  std::string file;  // "cd.rows"
  int line = 0;

  [[nodiscard]] bool expects_good() const { return sense == SenseCode{}; }
  // "cd/ReadBlank": alone among all rows.
  [[nodiscard]] std::string id() const;
  // "cd.rows:23".
  [[nodiscard]] std::string place() const;
};

// kCorruptFile, "FILE:LINE: ...", for the first line that is neither a row, nor empty, nor a
// comment.
[[nodiscard]] Result<std::vector<Row>> parse_rows(std::string_view text, const std::string& file);

struct RowText {
  std::string_view file;
  std::string_view text;
};
// The files as the build found them, in the order of their names.
[[nodiscard]] std::span<const RowText> row_texts();
// All rows of these files.
[[nodiscard]] std::span<const Row> built_in_rows();

}  // namespace pregroove::conformance
