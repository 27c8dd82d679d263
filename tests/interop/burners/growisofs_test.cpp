// growisofs on DVD and BD: a first session with -Z, another with -M.
//
// It unmounts whatever has the device number of its disc, by a copy of itself that a preloaded
// library does not reach. So it runs in a mount namespace of its own, which takes root.
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

constexpr const char* kWhySkipped = "a private mount namespace takes root";

class Growisofs : public MediumTest {
  void SetUp() override {
    if (!can_have_private_mounts()) GTEST_SKIP() << kWhySkipped;
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

// What it does with a blank BD-R when it is not told otherwise: the session stays open for good,
// and the head of the disc is written again.
TEST_F(BurnerTest, GrowisofsFormatsABlankBdRForPseudoOverwriting) {
  if (!can_have_private_mounts()) GTEST_SKIP() << kWhySkipped;
  make_disc(kBdR.name);
  const SourceTree first = tree("first");
  ASSERT_TRUE(
      run_in_private_mounts({"growisofs", "-Z", kDrive, "-R", "-quiet", first.root}).succeeded());
  EXPECT_EQ(closed_sessions(), 0U);
  const nlohmann::json disc = info();
  EXPECT_EQ(disc["formatting"]["type"], 0x32);
  EXPECT_EQ(disc["formatting"]["sub_type"], 0);
  EXPECT_TRUE(same_files(recorded_files(), first.files));
  const SourceTree second = tree("second");
  ASSERT_TRUE(
      run_in_private_mounts({"growisofs", "-M", kDrive, "-R", "-quiet", second.root}).succeeded());
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
}

}  // namespace
}  // namespace pregroove::interop
