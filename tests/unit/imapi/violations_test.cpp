#include "tests/unit/imapi/violations.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pregroove::imapi {
namespace {

class ViolationMatrix : public testing::TestWithParam<Violation> {};

TEST_P(ViolationMatrix, GivesTheCodeOfItsRow) {
  const Violation& violation = GetParam();
  Desk desk;
  for (const Step step : violation.steps)
    if (step != nullptr) step(desk);
  ASSERT_FALSE(testing::Test::HasFailure()) << "the steps before the call failed";
  EXPECT_EQ(name_of(violation.call(desk)), name_of(violation.expected));
}

INSTANTIATE_TEST_SUITE_P(Imapi, ViolationMatrix, testing::ValuesIn(violations()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(ViolationMatrixItself, CoversEveryRowOrSaysWhyNot) {
  for (int row = 1; row <= kRowsOfTheMatrix; ++row) {
    const bool tested = std::ranges::find(violations(), row, &Violation::row) != violations().end();
    const auto excuse = std::ranges::find(not_applicable(), row, &NotApplicable::row);
    EXPECT_NE(tested, excuse != not_applicable().end()) << "row " << row;
  }
}

}  // namespace
}  // namespace pregroove::imapi
