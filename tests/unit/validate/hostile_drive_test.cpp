// A drive that says anything at all: validation ends, and ends with a report or an error.
#include <gtest/gtest.h>

#include "engine/validate/validation.h"
#include "simdrive/mechanics/virtual_clock.h"
#include "tests/unit/validate/hostile_drive.h"

namespace pregroove::validate {
namespace {

TEST(HostileDrive, IsSurvivedWhateverItSays) {
  int reports = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE(seed);
    testing_support::HostileDrive drive(seed);
    simdrive::VirtualClock clock;
    const auto validation = validate(drive, clock);
    EXPECT_LT(drive.commands(), 20'000);
    if (!validation) {
      EXPECT_FALSE(validation.error().message.empty());
      continue;
    }
    ++reports;
    EXPECT_FALSE(validation->situation.describe().empty());
    for (const PutRow& put : validation->rows) {
      EXPECT_FALSE(put.expected().empty());
      EXPECT_FALSE(put.actual().empty());
    }
  }
  EXPECT_GT(reports, 10) << "hardly any drive got so far";
}

}  // namespace
}  // namespace pregroove::validate
