// What the drive answers, by medium, state and command: the rows of fixtures/conformance, which
// name where each answer comes from.
#include <fmt/format.h>

#include <filesystem>

#include "tests/unit/simdrive/conformance/rows.h"
#include "tests/unit/simdrive/conformance/states.h"

namespace simdrive {
namespace {

using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::ConformanceRow;

std::vector<ConformanceRow> all_rows() {
  std::vector<ConformanceRow> rows;
  const std::string folder = std::string(PREGROOVE_SOURCE_DIR) + "/fixtures/conformance";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".rows") continue;
    for (ConformanceRow& row : testing_support::load_rows(entry.path().filename().string())) {
      row.name = entry.path().stem().string() + "_" + row.name;
      std::erase_if(row.name, [](char letter) { return letter == '-' || letter == '+'; });
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

class Conformance : public ::testing::TestWithParam<ConformanceRow> {};

TEST_P(Conformance, AnswersAsItsSourceSays) {
  const ConformanceRow& row = GetParam();
  BenchDrive bench(row.medium);
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, row.state));
  const Answer answer =
      row.out.empty() ? bench.receive(row.cdb, row.in_bytes) : bench.send_data(row.cdb, row.out);
  EXPECT_EQ(pregroove::scsi::to_string(answer.sense), pregroove::scsi::to_string(row.sense))
      << row.place << ": " << row.cdb;
  ASSERT_GE(answer.data.size(), row.data.size()) << row.place;
  for (std::size_t i = 0; i < row.data.size(); ++i) {
    if (!row.data[i]) continue;
    EXPECT_EQ(std::to_integer<int>(answer.data[i]), std::to_integer<int>(*row.data[i]))
        << row.place << ": byte " << i;
  }
  if (bench.drive().disc() != nullptr) {
    EXPECT_TRUE(bench.disc().check_invariants().has_value());
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Conformance, ::testing::ValuesIn(all_rows()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace simdrive
