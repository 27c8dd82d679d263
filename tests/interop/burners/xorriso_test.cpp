// xorriso on every kind of medium: made ready, two sessions, listed, read back.
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

class Xorriso : public MediumTest {};

TEST_P(Xorriso, RecordsTwoSessionsAndReadsThemBack) {
  make_disc();
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  const PathsAndContents all = both(first.files, second.files);
  ASSERT_TRUE(xorriso_adds(*this, first, Session::kFirst));
  EXPECT_TRUE(same_files(recorded_files(), first.files));
  ASSERT_TRUE(xorriso_adds(*this, second, Session::kLater));
  EXPECT_TRUE(same_files(recorded_files(), all));
  if (GetParam().recording == Recording::kSequential) {
    EXPECT_EQ(closed_sessions(), 2U);
    EXPECT_TRUE(same_files(recorded_files(1), first.files));
  }
  const ScratchFolder out;
  const Ended read = run_on_disc({"xorriso", "-indev", kDrive, "-toc", "-osirrox", "on", "-extract",
                                  "/", out.path("tree"), "-rollback_end"});
  ASSERT_TRUE(read.succeeded());
  EXPECT_THAT(read.output, HasSubstr("ISO session  :   1 ,"));
  EXPECT_THAT(read.output, HasSubstr("ISO session  :   2 ,"));
  EXPECT_TRUE(same_files(files_below(out.path("tree")), all));
}

INSTANTIATE_TEST_SUITE_P(Media, Xorriso,
                         testing::Values(kCdR, kCdRw, kDvdR, kDvdRw, kDvdPlusR, kDvdPlusRw, kDvdRam,
                                         kBdR, kBdRe),
                         name_of_medium);

}  // namespace
}  // namespace pregroove::interop
