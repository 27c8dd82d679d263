// A drive is captured, and a drive of the captured personality answers the same, command by
// command; and what is odd about the drive is found.
#include "engine/cli/capture/personality.h"

#include <gmock/gmock.h>

#include <functional>
#include <ostream>

#include "engine/cli/capture/recorder.h"
#include "engine/validate/writing.h"
#include "simdrive/profiles/built_in.h"
#include "simdrive/profiles/personality_file.h"
#include "tests/unit/simdrive/conformance/states.h"
#include "tests/unit/validate/hostile_drive.h"

namespace pregroove::cli {
namespace {

using simdrive::Disc;
using simdrive::Drive;
using simdrive::VirtualClock;
using simdrive::profiles::Personality;
using simdrive::testing_support::BenchDrive;
using simdrive::testing_support::prepare_state;
using validate::Validation;

struct Place {
  std::string medium;
  std::string state;
};

// The disc in this state, out of a well-behaved drive.
std::unique_ptr<Disc> prepared(const Place& place) {
  BenchDrive bench(place.medium);
  prepare_state(bench, place.state == "tray-open" ? "blank" : place.state);
  return bench.drive().remove_disc();
}

// A drive that was just switched on and has just got the disc.
struct Bench {
  Bench(const Personality& personality, std::unique_ptr<Disc> disc, const Place& place)
      : drive(clock, personality) {
    if (disc) drive.insert(std::move(disc));
    if (place.state == "tray-open") drive.open_tray();
  }
  VirtualClock clock;
  Drive drive;
};

struct Captured {
  Validation validation;
  Personality personality;
  std::vector<simdrive::hosts::transcripts::CommandEntry> commands;
};

Captured capture(Bench& bench) {
  RecordingTransport recorder(bench.drive, bench.clock);
  auto validation = validate::validate(recorder, bench.clock);
  EXPECT_TRUE(validation.has_value()) << (validation ? "" : describe(validation.error()));
  if (!validation) return {};
  auto personality = personality_of(*validation);
  EXPECT_TRUE(personality.has_value()) << (personality ? "" : describe(personality.error()));
  if (!personality) return {};
  return {*std::move(validation), *std::move(personality), recorder.entries()};
}

std::string hex(const std::vector<std::byte>& bytes) { return testing_support::to_hex(bytes); }

const std::vector<Place>& places() {
  static const std::vector<Place> kPlaces = {
      {"", "no-disc"},
      {"cd-r-80", "tray-open"},
      {"cd-r-80", "blank"},
      {"cd-r-80", "open-track"},
      {"cd-r-80", "appendable"},
      {"cd-r-80", "finalised"},
      {"cd-r-80", "audio-session"},
      {"cd-r-74", "blank"},
      {"cd-rw-80", "appendable"},
      {"cd-rom", "pressed"},
      {"dvd-r", "blank"},
      {"dvd-r", "appendable"},
      {"dvd-r", "two-sessions"},
      {"dvd-r", "finalised"},
      {"dvd-r-dl", "blank"},
      {"dvd-rw", "blank"},
      {"dvd-rw", "minimally-blanked"},
      {"dvd-rw", "formatted"},
      {"dvd-rw", "intermediate"},
      {"dvd+r", "blank"},
      {"dvd+r", "appendable"},
      {"dvd+r", "finalised"},
      {"dvd+r-dl", "blank"},
      {"dvd+rw", "unformatted"},
      {"dvd+rw", "formatted"},
      {"dvd-ram", "formatted"},
      {"dvd-rom", "pressed"},
      {"bd-r-25", "blank"},
      {"bd-r-25", "appendable"},
      {"bd-r-25", "formatted-pow"},
      {"bd-re-25", "unformatted"},
      {"bd-re-25", "formatted"},
      {"bd-rom", "pressed"},
  };
  return kPlaces;
}

bool can_read(const Personality& drive, const std::string& medium) {
  if (medium.empty()) return true;
  const auto disc = simdrive::testing_support::BenchDrive(medium).drive().remove_disc();
  return drive.reads(disc->medium().kind);
}

class CapturedDrive : public ::testing::TestWithParam<std::string> {};

TEST_P(CapturedDrive, AnswersAsTheOneThatItWasCapturedFrom) {
  const Personality& original = *simdrive::profiles::find_personality(GetParam());
  for (const Place& place : places()) {
    if (!can_read(original, place.medium)) continue;
    SCOPED_TRACE(place.medium + " " + place.state);
    Bench bench(original, prepared(place), place);
    const Captured first = capture(bench);
    Bench again(first.personality, prepared(place), place);
    const Captured second = capture(again);
    ASSERT_EQ(first.commands.size(), second.commands.size());
    for (std::size_t i = 0; i < first.commands.size(); ++i) {
      const auto& one = first.commands[i];
      const auto& other = second.commands[i];
      ASSERT_EQ(hex(one.cdb), hex(other.cdb)) << i;
      ASSERT_EQ(hex(one.sense), hex(other.sense)) << hex(one.cdb);
      ASSERT_EQ(hex(one.content.bytes), hex(other.content.bytes)) << hex(one.cdb);
    }
  }
}

std::string plain_name(const ::testing::TestParamInfo<std::string>& personality) {
  std::string name = personality.param;
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, CapturedDrive,
                         ::testing::Values("bd-writer", "pioneer-dvr-111", "cd-writer-1998",
                                           "awkward"),
                         plain_name);

// What the text of the file is checked by, the one that was written passes.
TEST(CapturedPersonality, IsAFileThatSimdriveTakes) {
  for (const Personality& original : simdrive::profiles::all_personalities()) {
    const Place place{"cd-r-80", "blank"};
    Bench bench(original, prepared(place), place);
    const Captured captured = capture(bench);
    const auto read = simdrive::profiles::parse_personality(
        simdrive::profiles::to_json(captured.personality), "file");
    ASSERT_TRUE(read.has_value()) << original.name << ": " << read.error().message;
    EXPECT_EQ(*read, captured.personality);
    EXPECT_EQ(read->identity, original.identity) << original.name;
  }
}

TEST(CapturedPersonality, OfTheModelHasNoOddities) {
  for (const Place& place : places()) {
    Bench bench(Personality{}, prepared(place), place);
    const Captured captured = capture(bench);
    for (const QuirkFound& quirk : quirks_of(captured.personality))
      ADD_FAILURE() << place.medium << " " << place.state << ": " << quirk.key << " "
                    << quirk.value;
  }
}

// A drive tells the speeds for the disc that is in it; what is assumed of others is said.
TEST(CapturedPersonality, SaysOfWhichDiscsTheSpeedsAreNotKnown) {
  const Personality& old = *simdrive::profiles::find_personality("pioneer-dvr-111");
  const Place place{"dvd+r", "blank"};
  Bench bench(old, prepared(place), place);
  const Captured captured = capture(bench);
  const auto assumed = kinds_with_assumed_speeds(captured.validation, captured.personality);
  EXPECT_THAT(assumed, ::testing::Contains("cd-rw"));
  EXPECT_THAT(assumed, ::testing::Contains("dvd-rw"));
  EXPECT_THAT(assumed, ::testing::Not(::testing::Contains("dvd+r")));
  EXPECT_THAT(assumed, ::testing::Not(::testing::Contains("bd-re"))) << "it writes none";
  EXPECT_THAT(captured.personality.description,
              ::testing::HasSubstr("write speeds are its own for dvd+r only"));
}

// Whatever a drive says of itself, either simdrive can be it, or that is refused.
TEST(CapturedPersonality, OfADriveThatSaysAnythingIsAFileThatSimdriveTakes) {
  int captured = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(seed);
    testing_support::HostileDrive drive(seed);
    VirtualClock clock;
    RecordingTransport recorder(drive, clock);
    const auto validation = validate::validate(recorder, clock);
    if (!validation) continue;
    const auto personality = personality_of(*validation);
    ASSERT_TRUE(personality.has_value()) << describe(personality.error());
    const auto read =
        simdrive::profiles::parse_personality(simdrive::profiles::to_json(*personality), "file");
    ASSERT_TRUE(read.has_value()) << describe(read.error());
    ++captured;
  }
  EXPECT_GT(captured, 10) << "hardly any drive got so far";
}

struct Oddity {
  Place place;
  std::string quirk;  // as README.md of simdrive/profiles calls it
};

// The oddities of the drive "awkward" that a drive shows to one who only asks, and where; all
// others need something to be written, erased, opened or set, or a spinning disc to wait for.
TEST(CapturedPersonality, HoldsEveryOddityThatAskingShows) {
  const std::vector<Oddity> oddities = {
      {{"", "no-disc"}, "sense.tray_closed_empty"},
      {{"cd-r-80", "tray-open"}, "sense.tray_open"},
      {{"cd-r-80", "blank"}, "sense.spinning_up"},
      {{"cd-r-80", "blank"}, "sense.read_blank_disc"},
      {{"dvd+r", "two-sessions"}, "sense.read_unwritten"},
      {{"cd-r-80", "appendable"}, "sense.read_run_out"},
      {{"cd-r-80", "blank"}, "medium_change_attentions"},
      {{"cd-r-80", "blank"}, "get_configuration_attention"},
      {{"cd-r-80", "finalised"}, "complete_disc_profile"},
      {{"dvd-r", "finalised"}, "complete_disc_profile"},
      {{"bd-r-25", "finalised"}, "complete_disc_profile"},
      {{"cd-r-80", "blank"}, "blank_nwa_minus_150"},
      {{"dvd-r", "blank"}, "track_ff_on_dvd"},
      {{"dvd+r", "appendable"}, "track_ff_on_dvd"},
      {{"cd-r-80", "audio-session"}, "cd_text_absent"},
      {{"dvd-r", "blank"}, "current_format_capacity_zero"},
      {{"bd-re-25", "formatted"}, "current_format_capacity_zero"},
      {{"cd-r-80", "blank"}, "random_readable_only_when_readable"},
      {{"cd-r-80", "appendable"}, "mastering_current_on_appendable"},
      {{"dvd-rw", "formatted"}, "dvd_rw_random_writable"},
      {{"cd-r-80", "blank"}, "opc_entries"},
      {{"dvd+r", "blank"}, "refused_disc_structures"},
      {{"dvd-r", "blank"}, "page_2a_speeds"},
      {{"cd-r-80", "blank"}, "buffer_capacity"},
      {{"cd-r-80", "blank"}, "mode_sense_block_descriptor"},
      {{"cd-r-80", "blank"}, "default_bufe"},
      {{"cd-r-80", "blank"}, "default_link_size_valid"},
      {{"dvd-rw", "minimally-blanked"}, "minimal_blank"},
  };
  const Personality& awkward = *simdrive::profiles::find_personality("awkward");
  const auto planted = quirks_of(awkward);
  for (const Oddity& oddity : oddities) {
    SCOPED_TRACE(oddity.place.medium + " " + oddity.place.state + ": " + oddity.quirk);
    Bench bench(awkward, prepared(oddity.place), oddity.place);
    const auto found = quirks_of(capture(bench).personality);
    const auto value_in = [&](const std::vector<QuirkFound>& quirks) -> std::string {
      const auto quirk = std::ranges::find(quirks, oddity.quirk, &QuirkFound::key);
      return quirk == quirks.end() ? "not there" : quirk->value;
    };
    EXPECT_EQ(value_in(found), value_in(planted));
    EXPECT_NE(value_in(planted), "not there");
  }
}

// The run that may write, as the program does it.
Captured capture_writing(Bench& bench) {
  RecordingTransport recorder(bench.drive, bench.clock);
  auto validation = validate::validate(recorder, bench.clock);
  if (!validation) return {};
  const auto plan = validate::plan_writing(*validation, recorder.max_transfer_bytes());
  EXPECT_TRUE(plan.has_value());
  if (!plan) return {};
  const auto written = validate::put_while_writing(
      recorder, bench.clock, *plan, {.expendable = validation->disc_name}, *validation);
  EXPECT_TRUE(written.has_value()) << (written ? "" : describe(written.error()));
  auto personality = personality_of(*validation);
  EXPECT_TRUE(personality.has_value()) << (personality ? "" : describe(personality.error()));
  if (!personality) return {};
  return {*std::move(validation), *std::move(personality), recorder.entries()};
}

TEST(PersonalityByWriting, OfTheModelHasNoOddities) {
  for (const Place& place : places()) {
    if (place.state != "blank" && place.state != "formatted") continue;
    SCOPED_TRACE(place.medium + " " + place.state);
    if (place.medium == "cd-r-74") continue;  // of another size than the rows'
    Bench bench(Personality{}, prepared(place), place);
    for (const QuirkFound& quirk : quirks_of(capture_writing(bench).personality))
      ADD_FAILURE() << quirk.key << " " << quirk.value;
  }
}

// Of a disc that is as it was bought, or may be erased, the drive shows more.
TEST(PersonalityByWriting, HoldsOdditiesThatOnlyWritingShows) {
  const std::vector<Oddity> oddities = {
      {{"cd-r-80", "blank"}, "sense.read_run_out"},
      {{"cd-r-80", "blank"}, "sao_on_appendable"},
      {{"cd-r-80", "blank"}, "synchronize_closes_tao_track"},
      {{"cd-r-80", "blank"}, "mastering_current_on_appendable"},
      {{"dvd-r", "blank"}, "sense.write_to_finalised"},
      {{"dvd-r", "blank"}, "complete_disc_profile"},
      {{"dvd-r", "blank"}, "dvd_toc"},
      {{"dvd-rw", "blank"}, "minimal_blank"},
      {{"dvd-rw", "blank"}, "sense.opc"},
      {{"dvd-rw", "blank"}, "dvd_rw_random_writable"},
      {{"dvd+rw", "formatted"}, "sense.close_answers_early"},
      {{"dvd+rw", "formatted"}, "sense.write_beyond_track"},
      {{"dvd+r", "blank"}, "sense.write_to_finalised"},
      {{"bd-re-25", "formatted"}, "sense.write_beyond_track"},
      {{"dvd-ram", "formatted"}, "sense.write_beyond_track"},
  };
  const Personality& awkward = *simdrive::profiles::find_personality("awkward");
  const auto planted = quirks_of(awkward);
  for (const Oddity& oddity : oddities) {
    SCOPED_TRACE(oddity.place.medium + " " + oddity.place.state + ": " + oddity.quirk);
    Bench bench(awkward, prepared(oddity.place), oddity.place);
    const auto found = quirks_of(capture_writing(bench).personality);
    const auto value_in = [&](const std::vector<QuirkFound>& quirks) -> std::string {
      const auto quirk = std::ranges::find(quirks, oddity.quirk, &QuirkFound::key);
      return quirk == quirks.end() ? "not there" : quirk->value;
    };
    EXPECT_EQ(value_in(found), value_in(planted));
    EXPECT_NE(value_in(planted), "not there");
  }
}

}  // namespace
}  // namespace pregroove::cli
