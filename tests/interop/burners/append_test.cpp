// Who may continue whose disc: pregroove behind each of the others, and each of them behind
// pregroove, with the disc in pregroove's own process (sim:FILE) and over the ioctls of a device.
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

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
constexpr Burner kWodim{"Wodim", wodim_adds, false, true};
constexpr Burner kCdrdao{"Cdrdao", cdrdao_adds, false, true};
constexpr Burner kGrowisofs{"Growisofs", growisofs_adds, true};

enum class Way : std::uint8_t { kFile, kDevice };

// What the engine makes of the medium today.
enum class Engine : std::uint8_t { kBurns, kCdOnly };

struct Pair {
  Burner burner;
  Medium medium;
  Way way = Way::kFile;
  Engine engine = Engine::kBurns;
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
  // A cell of the matrix that is expected to be empty: the engine refuses the medium by name and
  // leaves the disc alone. Fails as soon as the engine can do it.
  void expect_refused_as_no_cd(const Ended& ended) const {
    constexpr int kRefused = 3;
    EXPECT_EQ(ended.exit_status, kRefused) << testing::PrintToString(ended);
    EXPECT_THAT(ended.output, HasSubstr("this program works on CD only"));
  }
};

class PregrooveBehind : public Appending {};

TEST_P(PregrooveBehind, AddsASessionAndKeepsTheFilesBefore) {
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(burner_adds(first, Session::kFirst));
  const nlohmann::json before = info();
  const Ended burned = pregroove_adds(second);
  if (GetParam().engine == Engine::kCdOnly) {
    expect_refused_as_no_cd(burned);
    EXPECT_EQ(info(), before);
    return;
  }
  ASSERT_TRUE(burned.succeeded());
  EXPECT_EQ(closed_sessions(), 2U);
  EXPECT_TRUE(same_files(recorded_files(1), first.files));
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
}

INSTANTIATE_TEST_SUITE_P(Cells, PregrooveBehind,
                         testing::Values(Pair{kXorriso, kCdR}, Pair{kXorriso, kCdR, Way::kDevice},
                                         Pair{kXorriso, kCdRw}, Pair{kXorriso, kCdRw, Way::kDevice},
                                         Pair{kWodim, kCdR}, Pair{kWodim, kCdR, Way::kDevice},
                                         Pair{kWodim, kCdRw}, Pair{kWodim, kCdRw, Way::kDevice},
                                         Pair{kCdrdao, kCdR}, Pair{kCdrdao, kCdR, Way::kDevice},
                                         Pair{kCdrdao, kCdRw},
                                         Pair{kXorriso, kDvdR, Way::kFile, Engine::kCdOnly},
                                         Pair{kXorriso, kDvdRw, Way::kFile, Engine::kCdOnly},
                                         Pair{kXorriso, kDvdPlusR, Way::kFile, Engine::kCdOnly},
                                         Pair{kXorriso, kBdR, Way::kFile, Engine::kCdOnly},
                                         Pair{kGrowisofs, kDvdR, Way::kDevice, Engine::kCdOnly},
                                         Pair{kGrowisofs, kDvdRw, Way::kDevice, Engine::kCdOnly},
                                         Pair{kGrowisofs, kDvdPlusR, Way::kDevice, Engine::kCdOnly},
                                         Pair{kGrowisofs, kBdR, Way::kDevice, Engine::kCdOnly}),
                         name_of_pair);

class BehindPregroove : public Appending {};

TEST_P(BehindPregroove, AddsASessionAndKeepsTheFilesBefore) {
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  const Ended burned = pregroove_adds(first);
  if (GetParam().engine == Engine::kCdOnly) return expect_refused_as_no_cd(burned);
  ASSERT_TRUE(burned.succeeded());
  ASSERT_TRUE(burner_adds(second, Session::kLater));
  EXPECT_EQ(closed_sessions(), 2U);
  EXPECT_TRUE(same_files(recorded_files(1), first.files));
  const PathsAndContents all = both(first.files, second.files);
  EXPECT_TRUE(GetParam().burner.merges_plain_names
                  ? same_files(recorded_plain_files(), with_plain_names(all))
                  : same_files(recorded_files(), all));
}

INSTANTIATE_TEST_SUITE_P(Cells, BehindPregroove,
                         testing::Values(Pair{kXorriso, kCdR}, Pair{kXorriso, kCdR, Way::kDevice},
                                         Pair{kXorriso, kCdRw}, Pair{kXorriso, kCdRw, Way::kDevice},
                                         Pair{kWodim, kCdR}, Pair{kWodim, kCdR, Way::kDevice},
                                         Pair{kWodim, kCdRw}, Pair{kWodim, kCdRw, Way::kDevice},
                                         Pair{kCdrdao, kCdR}, Pair{kCdrdao, kCdRw},
                                         Pair{kXorriso, kDvdR, Way::kFile, Engine::kCdOnly},
                                         Pair{kXorriso, kDvdRw, Way::kFile, Engine::kCdOnly},
                                         Pair{kXorriso, kDvdPlusR, Way::kFile, Engine::kCdOnly},
                                         Pair{kXorriso, kBdR, Way::kFile, Engine::kCdOnly},
                                         Pair{kGrowisofs, kDvdR, Way::kDevice, Engine::kCdOnly},
                                         Pair{kGrowisofs, kDvdRw, Way::kDevice, Engine::kCdOnly},
                                         Pair{kGrowisofs, kDvdPlusR, Way::kDevice, Engine::kCdOnly},
                                         Pair{kGrowisofs, kBdR, Way::kDevice, Engine::kCdOnly}),
                         name_of_pair);

}  // namespace
}  // namespace pregroove::interop
