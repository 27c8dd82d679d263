// The tree knows the lines. The library that parses reports none, so this is where that is proven.
#include "simdrive/profiles/json_tree.h"

#include <gtest/gtest.h>

namespace simdrive::profiles {
namespace {

TEST(JsonTree, KnowsTheLineOfEveryKindOfValue) {
  const auto root = parse_json_tree(
      "{\n"                  // 1
      "  \"number\": 1\n"    // 2: the lexer has read the line feed when it reports the number
      "  ,\n"                // 3
      "  \"string\":\n"      // 4
      "    \"x\",\n"         // 5
      "  \"list\": [\n"      // 6
      "    1,\n"             // 7
      "    2\n"              // 8
      "  ],\n"               // 9
      "  \"truth\": true\n"  // 10
      "}\n");
  ASSERT_TRUE(root) << root.error().what;
  EXPECT_EQ(root->line, 1U);
  ASSERT_EQ(root->children.size(), 4U);
  EXPECT_EQ(root->find("number")->line, 2U);
  EXPECT_EQ(root->find("string")->key_line, 4U);
  EXPECT_EQ(root->find("string")->line, 5U);
  EXPECT_EQ(root->find("list")->line, 6U);
  EXPECT_EQ(root->find("list")->children[0].line, 7U);
  EXPECT_EQ(root->find("list")->children[1].line, 8U);
  EXPECT_EQ(root->find("truth")->line, 10U);
}

TEST(JsonTree, TellsWholeNumbersFromOthers) {
  const auto root = parse_json_tree("[1, -1, 1.0, 1e3, 18446744073709551616]");
  ASSERT_TRUE(root) << root.error().what;
  EXPECT_EQ(root->children[0].kind, JsonKind::kWhole);
  for (std::size_t i = 1; i < root->children.size(); ++i)
    EXPECT_EQ(root->children[i].kind, JsonKind::kOtherNumber) << i;
}

TEST(JsonTree, RefusesAKeyThatOccursTwice) {
  const auto root = parse_json_tree("{\n\"a\": 1,\n\"a\": 2}");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().line, 3U);
  EXPECT_EQ(root.error().what, "key \"a\" occurs twice in one object");
}

TEST(JsonTree, RefusesDeepNestingWithoutFollowingIt) {
  const auto root = parse_json_tree(std::string(100'000, '['));
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().what, "nested too deeply");
}

TEST(JsonTree, RefusesEverythingThatIsCutOff) {
  const std::string whole = "{\"a\": [1, \"b\", true], \"c\": {}}";
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_json_tree(whole.substr(0, length))) << length;
  EXPECT_TRUE(parse_json_tree(whole));
}

}  // namespace
}  // namespace simdrive::profiles
