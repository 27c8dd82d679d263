// What the drive answers, by medium, state and command: the rows of fixtures/conformance, which
// name where each answer comes from.
#include <algorithm>
#include <ostream>

#include "engine/conformance/rows.h"
#include "tests/unit/simdrive/conformance/states.h"

namespace pregroove::conformance {

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name << " (" << row.place() << ": " << row.source << ")";
}

}  // namespace pregroove::conformance

namespace simdrive {
namespace {

using pregroove::conformance::built_in_rows;
using pregroove::conformance::Row;
using pregroove::testing_support::to_hex;
using testing_support::Answer;
using testing_support::BenchDrive;

class Conformance : public ::testing::TestWithParam<Row> {};

TEST_P(Conformance, AnswersAsItsSourceSays) {
  const Row& row = GetParam();
  BenchDrive bench(row.medium);
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, row.state));
  const std::string cdb = to_hex(row.cdb);
  const Answer answer =
      row.out.empty() ? bench.receive(cdb, row.in_bytes) : bench.send_data(cdb, row.out);
  EXPECT_EQ(pregroove::scsi::to_string(answer.sense), pregroove::scsi::to_string(row.sense))
      << row.place() << ": " << cdb;
  ASSERT_GE(answer.data.size(), row.data.size()) << row.place();
  for (std::size_t i = 0; i < row.data.size(); ++i) {
    if (!row.data[i]) continue;
    EXPECT_EQ(std::to_integer<int>(answer.data[i]), std::to_integer<int>(*row.data[i]))
        << row.place() << ": byte " << i;
  }
  if (bench.drive().disc() != nullptr) {
    EXPECT_TRUE(bench.disc().check_invariants().has_value());
  }
}

std::string test_name(const ::testing::TestParamInfo<Row>& info) {
  const Row& row = info.param;
  std::string name = row.file.substr(0, row.file.find('.')) + "_" + row.name;
  std::erase_if(name, [](char letter) { return letter == '-' || letter == '+'; });
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, Conformance,
                         ::testing::ValuesIn(built_in_rows().begin(), built_in_rows().end()),
                         test_name);

}  // namespace
}  // namespace simdrive
