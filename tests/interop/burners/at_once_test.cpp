// What pregroove records at once, before the eyes of others: xorriso, readom, isoinfo, cd-info.
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

class AtOnce : public BurnerTest {
 public:
  [[nodiscard]] testing::AssertionResult burns(const SourceTree& tree, const Command& options) {
    Command command = pregroove_on_device(tree);
    command.insert(command.begin() + 2, options.begin(), options.end());
    return run_on_disc(command).succeeded();
  }
  [[nodiscard]] PathsAndContents read_by_xorriso() {
    const ScratchFolder out;
    const Ended read = run_on_disc({"xorriso", "-indev", kDrive, "-read_fs", "norock", "-osirrox",
                                    "on", "-extract", "/", out.path("tree"), "-rollback_end"});
    EXPECT_TRUE(read.succeeded());
    return files_below(out.path("tree"));
  }
};

TEST_F(AtOnce, ACdReadsLikeAnyOther) {
  make_disc(kCdR.name);
  const SourceTree first = tree("first");
  ASSERT_TRUE(burns(first, {"--write-type", "sao"}));
  EXPECT_EQ(closed_sessions(), 1U);
  EXPECT_TRUE(same_files(recorded_files(), first.files));
  EXPECT_TRUE(same_files(read_by_xorriso(), first.files));
  const Ended told = run_on_disc({"cd-info", "-C", kDrive, "--no-cddb"});
  ASSERT_TRUE(told.succeeded());
  EXPECT_THAT(told.output, HasSubstr("CD-DATA (Mode 1)"));
  EXPECT_THAT(told.output, HasSubstr("CD-ROM Track List (1 - 1)"));
  const Ended toc = run_on_disc({"xorriso", "-outdev", kDrive, "-toc"});
  EXPECT_THAT(toc.output, HasSubstr("Media status : is written , is appendable"));
  const SourceTree second = tree("second");
  ASSERT_TRUE(xorriso_adds(*this, second, Session::kLater));
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
}

TEST_F(AtOnce, ACdGoesOnAtOnceWhereTheDriveTakesIt) {
  make_disc(kCdR.name);
  use_drive(R"({"quirks": {"sao_on_appendable": "accepted"}})");
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(burns(first, {"--write-type", "sao"}));
  ASSERT_TRUE(burns(second, {"--write-type", "sao", "--close", "--verify"}));
  EXPECT_EQ(closed_sessions(), 2U);
  const PathsAndContents all = both(first.files, second.files);
  EXPECT_TRUE(same_files(recorded_files(), all));
  EXPECT_TRUE(same_files(read_by_xorriso(), all));
}

TEST_F(AtOnce, ADvdRIsClosedForOthersToo) {
  make_disc(kDvdR.name);
  const SourceTree only = tree("first");
  ASSERT_TRUE(burns(only, {"--write-type", "dao", "--close"}));
  EXPECT_TRUE(same_files(recorded_files(), only.files));
  EXPECT_TRUE(same_files(read_by_xorriso(), only.files));
  const Ended toc = run_on_disc({"xorriso", "-outdev", kDrive, "-toc"});
  EXPECT_THAT(toc.output, HasSubstr("Media status : is written , is closed"));
}

}  // namespace
}  // namespace pregroove::interop
