// growisofs on DVD and BD: a first session with -Z, another with -M.
//
// It unmounts whatever has the device number of its disc, by a copy of itself that a preloaded
// library does not reach. So it runs in a mount namespace of its own, which takes root.
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

class Growisofs : public MediumTest {
  void SetUp() override {
    if (!can_have_private_mounts()) GTEST_SKIP() << "a private mount namespace takes root";
  }
};

TEST_P(Growisofs, RecordsTwoSessions) {
  make_disc();
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(growisofs_adds(*this, first, Session::kFirst));
  EXPECT_TRUE(same_files(recorded_files(), first.files));
  ASSERT_TRUE(growisofs_adds(*this, second, Session::kLater));
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
}

INSTANTIATE_TEST_SUITE_P(Media, Growisofs,
                         testing::Values(kDvdR, kDvdRw, kDvdPlusR, kDvdPlusRw, kDvdRam, kBdR,
                                         kBdRe),
                         name_of_medium);

}  // namespace
}  // namespace pregroove::interop
