// pregroove over libcdio: the same program by another road to the drive (CDROM_SEND_PACKET).
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

class OverLibcdio : public MediumTest {
 public:
  [[nodiscard]] Ended pregroove(Command arguments) const {
    arguments.insert(arguments.begin(), PREGROOVE_CDIO_PROGRAM);
    return run_on_disc(arguments);
  }
};

TEST_P(OverLibcdio, AddsSessionsAndReadsThem) {
  make_disc();
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(pregroove({"burn", "-d", kDrive, "--verify", first.folder}).succeeded());
  ASSERT_TRUE(pregroove({"burn", "-d", kDrive, "--verify", second.folder}).succeeded());
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
  const std::string out = folder().path("out");
  ASSERT_TRUE(pregroove({"extract", "-d", kDrive, "-o", out}).succeeded());
  EXPECT_TRUE(same_files(files_below(out), both(first.files, second.files)));
}

INSTANTIATE_TEST_SUITE_P(Media, OverLibcdio, testing::Values(kCdR, kDvdPlusR, kDvdPlusRw, kBdR),
                         name_of_medium);

class LibcdioTransport : public BurnerTest {};

TEST_F(LibcdioTransport, FindsTheDrive) {
  make_disc(kCdR.name);
  const Ended found = run_on_disc({PREGROOVE_CDIO_PROGRAM, "drives"});
  EXPECT_THAT(found.output, HasSubstr("PREGROOV SIMDRIVE BD-RE"));
  const Ended told = run_on_disc({PREGROOVE_CDIO_PROGRAM, "info", "-d", kDrive});
  ASSERT_TRUE(told.succeeded());
  EXPECT_THAT(told.output, HasSubstr("CD-R, blank"));
}

// The drive's own words arrive: a closed disc is refused for what it is, not as a failed exchange.
TEST_F(LibcdioTransport, HearsTheDrivesRefusals) {
  make_disc(kCdR.name);
  const SourceTree files = tree("first");
  ASSERT_TRUE(run_on_disc({PREGROOVE_CDIO_PROGRAM, "burn", "-d", kDrive, "--close", files.folder})
                  .succeeded());
  const Ended refused = run_on_disc({PREGROOVE_CDIO_PROGRAM, "burn", "-d", kDrive, files.folder});
  EXPECT_EQ(refused.exit_status, 3);
  EXPECT_THAT(refused.output, HasSubstr("closed"));
}

TEST_F(LibcdioTransport, RefusesWhatIsNoDrive) {
  for (const std::string& path : {folder().path("missing"), std::string("/dev/null")}) {
    const Ended refused = run({PREGROOVE_CDIO_PROGRAM, "info", "-d", path});
    EXPECT_EQ(refused.exit_status, 3) << path;
    EXPECT_THAT(refused.output, HasSubstr(path));
  }
}

}  // namespace
}  // namespace pregroove::interop
