// The rows and the simulated drive agree: with the drive that the rows are about, in every state of
// every medium that they know, there is no difference.
#include <gmock/gmock.h>

#include <ostream>
#include <set>

#include "engine/conformance/rows.h"
#include "engine/validate/read_only.h"
#include "engine/validate/validation.h"
#include "tests/unit/simdrive/conformance/states.h"

namespace pregroove::validate {
namespace {

using conformance::built_in_rows;
using conformance::Row;
using simdrive::testing_support::BenchDrive;
using simdrive::testing_support::prepare_state;

struct Place {
  std::string medium;
  std::string state;

  auto operator<=>(const Place&) const = default;
};
void PrintTo(const Place& place, std::ostream* out) { *out << place.medium << " " << place.state; }

std::set<Place> places() {
  std::set<Place> found;
  for (const Row& row : built_in_rows()) found.insert({row.medium, row.state});
  return found;
}

std::string differences_of(const Validation& validation) {
  std::string text;
  for (const PutRow& put : validation.rows)
    if (!put.same)
      text += put.row->place() + " " + put.row->id() + "\n  expected " + put.expected() +
              "\n  actual   " + put.actual() + "\n";
  return text;
}

class Agreement : public ::testing::TestWithParam<Place> {};

TEST_P(Agreement, OfTheRowsAndTheDriveThatTheyAreAbout) {
  BenchDrive bench(GetParam().medium);
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, GetParam().state));
  bool only_harmless = true;
  bench.drive().set_observer([&](const simdrive::CommandRecord& record) {
    only_harmless = only_harmless && changes_nothing(record.cdb);
  });
  const auto validation = validate(bench.drive(), bench.clock());
  ASSERT_TRUE(validation.has_value()) << describe(validation.error());
  EXPECT_EQ(validation->differences(), 0U) << validation->situation.describe() << "\n"
                                           << differences_of(*validation);
  EXPECT_GT(validation->rows.size(), 10U) << validation->situation.describe();
  EXPECT_TRUE(only_harmless);
}

std::string place_name(const ::testing::TestParamInfo<Place>& info) {
  std::string name =
      (info.param.medium.empty() ? "none" : info.param.medium) + "_" + info.param.state;
  for (std::size_t at = name.find('+'); at != std::string::npos; at = name.find('+'))
    name.replace(at, 1, "plus");
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Places, Agreement, ::testing::ValuesIn(places()), place_name);

// The states that most rows are for are found again by what the drive says.
TEST(Situations, OfTheRowsAreRecognised) {
  const std::vector<Place> recognised = {
      {"", "no-disc"},
      {"cd-r-80", "tray-open"},
      {"cd-r-80", "blank"},
      {"cd-r-80", "open-track"},
      {"cd-r-80", "open-session"},
      {"cd-r-80", "appendable"},
      {"cd-r-80", "finalised"},
      {"cd-r-80", "data-session"},
      {"cd-r-80", "audio-session"},
      {"cd-r-80", "mixed-mode"},
      {"cd-rw-80", "blank"},
      {"cd-rw-80", "appendable"},
      {"cd-rw-80", "finalised"},
      {"cd-rom", "pressed"},
      {"dvd-r", "blank"},
      {"dvd-r", "open-track"},
      {"dvd-r", "open-session"},
      {"dvd-r", "appendable"},
      {"dvd-r", "two-sessions"},
      {"dvd-r", "finalised"},
      {"dvd-r", "reserved"},
      {"dvd-r-dl", "blank"},
      {"dvd-rw", "blank"},
      {"dvd-rw", "minimally-blanked"},
      {"dvd-rw", "appendable"},
      {"dvd-rw", "finalised"},
      {"dvd-rw", "formatted"},
      {"dvd-rw", "small-overwrite"},
      {"dvd-rw", "intermediate"},
      {"dvd-rw", "intermediate-written"},
      {"dvd+r", "blank"},
      {"dvd+r", "open-track"},
      {"dvd+r", "open-session"},
      {"dvd+r", "reserved"},
      {"dvd+r", "appendable"},
      {"dvd+r", "two-sessions"},
      {"dvd+r", "finalised"},
      {"dvd+r-dl", "blank"},
      {"dvd+rw", "unformatted"},
      {"dvd+rw", "background-running"},
      {"dvd+rw", "background-stopped"},
      {"dvd+rw", "formatted"},
      {"dvd-ram", "formatted"},
      {"dvd-rom", "pressed"},
      {"bd-r-25", "blank"},
      {"bd-r-50", "blank"},
      {"bd-r-25", "open-track"},
      {"bd-r-25", "open-session"},
      {"bd-r-25", "appendable"},
      {"bd-r-25", "two-sessions"},
      {"bd-r-25", "finalised"},
      {"bd-r-25", "formatted-pow"},
      {"bd-r-25", "pow-written"},
      {"bd-r-25", "formatted-srm"},
      {"bd-re-25", "unformatted"},
      {"bd-re-50", "unformatted"},
      {"bd-re-25", "formatted"},
      {"bd-re-50", "formatted"},
      {"bd-re-25", "no-spares"},
      {"bd-rom", "pressed"},
  };
  for (const Place& place : recognised) {
    BenchDrive bench(place.medium);
    ASSERT_NO_FATAL_FAILURE(prepare_state(bench, place.state));
    Conversation drive(bench.drive(), bench.clock(), Changes::kForbidden);
    const auto observed = observe(drive);
    ASSERT_TRUE(observed.has_value());
    const Situation situation = recognise(*observed);
    EXPECT_EQ(situation.state, place.state) << place.medium;
    if (place.state != "tray-open") {
      EXPECT_EQ(situation.medium, place.medium) << place.state;
    }
    EXPECT_TRUE(situation.size_fits) << place.medium << " " << place.state;
    EXPECT_TRUE(situation.contents_fit) << place.medium << " " << place.state;
  }
}

}  // namespace
}  // namespace pregroove::validate
