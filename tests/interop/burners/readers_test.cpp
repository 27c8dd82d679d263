// Programs that look at discs: dvd+rw-mediainfo, cd-info, readom, isoinfo, each on every medium
// that it knows.
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

class Readers : public MediumTest {
 public:
  [[nodiscard]] bool is_cd() const { return std::string(GetParam().name).starts_with("cd-"); }

  // By READ (10).
  void readom_copies_the_blocks() const {
    const std::string image = content_of_file(exported({"--plain"}));
    const std::string copy = folder().path("copy.iso");
    const std::string end = std::to_string(image.size() / 2048);
    ASSERT_TRUE(ran({"readom", std::string("dev=") + kDrive, "f=" + copy, "sectors=0-" + end}));
    EXPECT_TRUE(content_of_file(copy) == image);
  }
  // Through the block device: read() and lseek(), no SCSI command.
  void isoinfo_extracts(const SourceTree& tree) const {
    const Ended listed = run_on_disc({"isoinfo", "-R", "-f", "-i", kDrive});
    ASSERT_TRUE(listed.succeeded());
    for (const auto& [path, content] : tree.files)
      EXPECT_THAT(listed.output, HasSubstr(path + "\n"));
    for (const std::string path : {"/first/letter.txt", "/first/large.bin"})
      EXPECT_TRUE(run_on_disc({"isoinfo", "-R", "-x", path, "-i", kDrive}).output ==
                  tree.files.at(path));
  }
  void cd_info_names_the_disc() const {
    const Ended told = run_on_disc({"cd-info", "-C", kDrive, "--no-cddb"});
    ASSERT_TRUE(told.succeeded());
    EXPECT_THAT(told.output, HasSubstr("SIMDRIVE BD-RE"));
    if (!is_cd()) return;
    EXPECT_THAT(told.output, HasSubstr("CD-DATA (Mode 1)"));
    EXPECT_THAT(told.output, HasSubstr("CD-ROM Track List (1 - 1)"));
    EXPECT_THAT(told.output, HasSubstr("label `ISOIMAGE"));
  }
  void mediainfo_names_the_profile() const {
    const Ended told = run_on_disc({"dvd+rw-mediainfo", kDrive});
    if (is_cd()) {
      EXPECT_THAT(told.output, HasSubstr("non-DVD media mounted"));
      return;
    }
    ASSERT_TRUE(told.succeeded());
    EXPECT_THAT(told.output, HasSubstr("[PREGROOV][SIMDRIVE BD-RE  ]"));
    EXPECT_THAT(told.output, HasSubstr(GetParam().mediainfo));
  }
};

TEST_P(Readers, SeeWhatWasRecorded) {
  make_disc();
  const SourceTree first = tree("first");
  ASSERT_TRUE(xorriso_adds(*this, first, Session::kFirst));
  readom_copies_the_blocks();
  isoinfo_extracts(first);
  cd_info_names_the_disc();
  mediainfo_names_the_profile();
}

INSTANTIATE_TEST_SUITE_P(Media, Readers,
                         testing::Values(kCdR, kCdRw, kDvdR, kDvdRw, kDvdPlusR, kDvdPlusRw, kDvdRam,
                                         kBdR, kBdRe),
                         name_of_medium);

}  // namespace
}  // namespace pregroove::interop
