#include "engine/imapi/order_rules.h"

#include <gtest/gtest.h>

namespace pregroove::imapi {
namespace {

Facts everything_holds() {
  Facts facts;
  for (std::size_t i = 0; i < kRequirementCount; ++i) facts.set(static_cast<Requirement>(i), true);
  return facts;
}

// All that the rows above this one in its method ask for, and nothing else.
Facts what_comes_before(const OrderRule& rule) {
  Facts facts;
  for (const OrderRule& earlier : order_rules()) {
    if (&earlier == &rule) break;
    if (earlier.method == rule.method) facts.set(earlier.requirement, true);
  }
  return facts;
}

TEST(OrderRules, LetEveryMethodPassWhenAllHolds) {
  for (std::size_t i = 0; i < kMethodCount; ++i)
    EXPECT_TRUE(check_order(static_cast<Method>(i), everything_holds()));
}

TEST(OrderRules, GiveTheCodeOfTheFirstRequirementThatIsNotMet) {
  for (const OrderRule& rule : order_rules()) {
    const auto checked = check_order(rule.method, what_comes_before(rule));
    ASSERT_FALSE(checked) << name_of(rule.method);
    EXPECT_EQ(checked.error().code, rule.otherwise) << name_of(rule.method);
    EXPECT_FALSE(checked.error().cause.message.empty());
    EXPECT_FALSE(checked.error().cause.advice.empty());
  }
}

}  // namespace
}  // namespace pregroove::imapi
