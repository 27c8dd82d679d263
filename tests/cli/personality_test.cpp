// simdrive personality: what drives there are, and what is wrong with a file.
#include <nlohmann/json.hpp>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Personalities : public ProgramTest {};

TEST_F(Personalities, AreListed) {
  const auto result = simdrive({"personality"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.out, AllOf(HasSubstr("bd-writer"), HasSubstr("pioneer-dvr-111"),
                                HasSubstr("cd-writer-1998"), HasSubstr("awkward")));
}

TEST_F(Personalities, APartialFileIsPrintedWhole) {
  const auto file = folder().write("mine.json",
                                   "{\n"
                                   "  \"based_on\": \"cd-writer-1998\",\n"
                                   "  \"identity\": { \"vendor\": \"ACME\" }\n"
                                   "}\n");
  const auto result = simdrive({"personality", file});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto whole = nlohmann::json::parse(result.out);
  EXPECT_EQ(whole["identity"]["vendor"], "ACME");
  EXPECT_TRUE(whole.contains("quirks"));
}

TEST_F(Personalities, AWrongFileIsRefusedWithItsLine) {
  const auto file = folder().write("wrong.json",
                                   "{\n"
                                   "  \"identity\": {\n"
                                   "    \"vendor\": \"ACME\",\n"
                                   "    \"colour\": \"beige\"\n"
                                   "  }\n"
                                   "}\n");
  const auto result = simdrive({"personality", file});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("wrong.json:4"), HasSubstr("identity.colour")));
}

TEST_F(Personalities, AMissingFileIsSaidToBeMissing) {
  const auto result = simdrive({"personality", "no-such-drive"});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, HasSubstr("no-such-drive"));
}

}  // namespace
}  // namespace pregroove::cli_tests
