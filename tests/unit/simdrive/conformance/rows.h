// The rows of fixtures/conformance: what a recorder answers to one command, by medium and state.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "engine/scsi/sense.h"
#include "tests/support/golden.h"

namespace simdrive::testing_support {

struct ConformanceRow {
  std::string name;
  std::string medium;  // empty: the drive is empty
  std::string state;
  std::string cdb;
  std::size_t in_bytes = 0;               // room for the drive's answer
  pregroove::testing_support::Bytes out;  // data for the drive
  pregroove::SenseCode sense;             // {0,0,0}: GOOD
  // The first bytes of the answer; nullopt stands for any byte.
  std::vector<std::optional<std::byte>> data;
  std::string source;
  std::string place;  // file and line
};
void PrintTo(const ConformanceRow& row, std::ostream* out);

// All rows of one file; a malformed line fails the running test.
[[nodiscard]] std::vector<ConformanceRow> load_rows(const std::string& file);

}  // namespace simdrive::testing_support
