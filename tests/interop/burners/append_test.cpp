// Who may continue whose disc: pregroove behind each of the others, and each of them behind
// pregroove, with the disc in pregroove's own process (sim:FILE) and over the ioctls of a device.
#include <vector>

#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using Adds = testing::AssertionResult (*)(const BurnerTest& test, const SourceTree& tree,
                                          Session session);

struct Burner {
  const char* label;
  Adds adds;
  bool needs_private_mounts = false;
  // genisoimage finds the names of an earlier session in its plain tree or in Rock Ridge, which
  // pregroove does not write; Joliet it ignores.
  bool merges_plain_names = false;
};

constexpr Burner kXorriso{"Xorriso", xorriso_adds};
constexpr Burner kXorrisoAtLength{"XorrisoAtLength", xorriso_fills_up};
constexpr Burner kWodim{"Wodim", wodim_adds, false, true};
constexpr Burner kCdrdao{"Cdrdao", cdrdao_adds, false, true};
constexpr Burner kGrowisofs{"Growisofs", growisofs_adds, true, true};

enum class Way : std::uint8_t { kFile, kDevice };

struct Pair {
  Burner burner;
  Medium medium;
  Way way = Way::kFile;
};
void PrintTo(const Pair& pair, std::ostream* out) {
  *out << pair.burner.label << " on " << pair.medium.name;
}
std::string name_of_pair(const testing::TestParamInfo<Pair>& info) {
  return std::string(info.param.burner.label) + info.param.medium.label +
         (info.param.way == Way::kFile ? "File" : "Device");
}

class Appending : public BurnerTest, public testing::WithParamInterface<Pair> {
 public:
  void SetUp() override {
    if (GetParam().burner.needs_private_mounts && !can_have_private_mounts())
      GTEST_SKIP() << "a private mount namespace takes root";
    make_disc(GetParam().medium.name);
    // cdrdao records sessions at once only, which few drives take behind another session.
    if (GetParam().burner.adds == cdrdao_adds)
      use_drive(R"({"quirks": {"sao_on_appendable": "accepted"}})");
  }
  [[nodiscard]] testing::AssertionResult burner_adds(const SourceTree& tree, Session session) {
    return GetParam().burner.adds(*this, tree, session);
  }
  [[nodiscard]] Ended pregroove_adds(const SourceTree& tree) const {
    return GetParam().way == Way::kFile ? run(pregroove_on_file(*this, tree))
                                        : run_on_disc(pregroove_on_device(tree));
  }
};

TEST_F(BurnerTest, PregrooveFindsTheDriveByItsDeviceFiles) {
  make_disc(kCdR.name);
  const Ended found = run_on_disc({PREGROOVE_PROGRAM, "drives"});
  EXPECT_THAT(found.output, testing::HasSubstr("/dev/sr0     PREGROOV SIMDRIVE BD-RE"));
  for (const char* device : {kDrive, "/dev/sg0"}) {
    const Ended told = run_on_disc({PREGROOVE_PROGRAM, "info", "-d", device});
    ASSERT_TRUE(told.succeeded());
    EXPECT_THAT(told.output, testing::HasSubstr("CD-R, blank"));
  }
}

// Both ways: pregroove behind the program, and the program behind pregroove.
const std::vector<Pair> kCells{Pair{kXorriso, kCdR},
                               Pair{kXorriso, kCdR, Way::kDevice},
                               Pair{kXorriso, kCdRw},
                               Pair{kXorriso, kDvdR},
                               Pair{kXorriso, kDvdR, Way::kDevice},
                               Pair{kXorriso, kDvdRw},
                               Pair{kXorriso, kDvdPlusR},
                               Pair{kXorriso, kDvdPlusR, Way::kDevice},
                               Pair{kXorrisoAtLength, kDvdPlusRDl},
                               Pair{kXorriso, kBdR},
                               Pair{kXorriso, kBdR, Way::kDevice},
                               Pair{kWodim, kCdR},
                               Pair{kWodim, kCdRw},
                               Pair{kWodim, kCdRw, Way::kDevice},
                               Pair{kCdrdao, kCdR},
                               Pair{kCdrdao, kCdRw},
                               Pair{kGrowisofs, kDvdR},
                               Pair{kGrowisofs, kDvdRw, Way::kDevice},
                               Pair{kGrowisofs, kDvdPlusR},
                               Pair{kGrowisofs, kBdR}};

class PregrooveBehind : public Appending {};

TEST_P(PregrooveBehind, AddsASessionAndKeepsTheFilesBefore) {
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(burner_adds(first, Session::kFirst));
  ASSERT_TRUE(pregroove_adds(second).succeeded());
  EXPECT_EQ(closed_sessions(), 2U);
  EXPECT_TRUE(same_files(recorded_files(1), first.files));
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
}

INSTANTIATE_TEST_SUITE_P(Cells, PregrooveBehind, testing::ValuesIn(kCells), name_of_pair);

class BehindPregroove : public Appending {};

TEST_P(BehindPregroove, AddsASessionAndKeepsTheFilesBefore) {
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(pregroove_adds(first).succeeded());
  ASSERT_TRUE(burner_adds(second, Session::kLater));
  EXPECT_EQ(closed_sessions(), 2U);
  EXPECT_TRUE(same_files(recorded_files(1), first.files));
  const PathsAndContents all = both(first.files, second.files);
  EXPECT_TRUE(GetParam().burner.merges_plain_names
                  ? same_files(recorded_plain_files(), with_plain_names(all))
                  : same_files(recorded_files(), all));
  if (GetParam().burner.merges_plain_names) return;
  // What it took over of our session must not make its own look like ours.
  const SourceTree third = tree("third");
  ASSERT_TRUE(pregroove_adds(third).succeeded());
  EXPECT_TRUE(same_files(recorded_files(), both(all, third.files)));
}

INSTANTIATE_TEST_SUITE_P(Cells, BehindPregroove, testing::ValuesIn(kCells), name_of_pair);
// Its own first session would be too short for another one.
INSTANTIATE_TEST_SUITE_P(DualLayer, BehindPregroove, testing::Values(Pair{kGrowisofs, kDvdPlusRDl}),
                         name_of_pair);

}  // namespace
}  // namespace pregroove::interop
