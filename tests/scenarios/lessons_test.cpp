// The forty lessons of burning.md 10, by number: each is checked here in a burn or two, or named
// with the test that shows it, or does not concern an engine, or is still to be learned.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/drive/inspection.h"
#include "engine/plan/plan.h"
#include "tests/faults/faulty_device.h"

namespace pregroove::imapi {
namespace {

namespace fs = std::filesystem;
using scsi::Opcode;
using testing_support::FaultRule;

// A command as it passed the port.
struct Seen {
  Opcode opcode = Opcode::kTestUnitReady;
  std::vector<std::byte> cdb;
  std::vector<std::byte> sent;

  [[nodiscard]] std::uint32_t field(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | std::to_integer<std::uint32_t>(cdb.at(at + i));
    return value;
  }
};

// What two sessions on a disc send, the selection of the recorder included.
std::vector<Seen> two_sessions(const std::string& medium) {
  Desk desk;
  desk.insert_blank(medium);
  std::vector<Seen> seen;
  desk.device->after = [&seen](const scsi::Command& command) {
    Seen one{static_cast<Opcode>(command.cdb[0]), {command.cdb.begin(), command.cdb.end()}, {}};
    if (const auto* out = std::get_if<scsi::DataOut>(&command.data))
      one.sent.assign(out->buffer.begin(), out->buffer.end());
    seen.push_back(std::move(one));
  };
  for (const char* file : {"/one.txt", "/two.txt"})
    desk.burn_session({{file, std::string(50'000, 'x')}});
  return seen;
}

const std::vector<std::string>& all_media() {
  static const std::vector<std::string> kMedia{"cd-r-21", "cd-rw-21", "dvd-r",
                                               "dvd-rw",  "dvd-ram",  "dvd+r",
                                               "dvd+rw",  "bd-r-25",  "bd-re-25"};
  return kMedia;
}

// A burn during which one command is refused; whether it succeeded.
bool burns_although(const std::string& medium, const FaultRule& rule) {
  Desk desk;
  desk.insert_blank(medium);
  auto faulty = std::make_shared<FaultyDevice>(desk.device);
  desk.open();
  EXPECT_TRUE(desk.master.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(faulty)));
  EXPECT_TRUE(desk.add("/file.txt", "content"));
  faulty->port.add(rule);
  return desk.record().has_value();
}

scsi::Sense sense(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq) {
  return {.code = {key, asc, ascq}};
}

void transfers_what_the_command_says() {
  for (const std::string& medium : all_media())
    for (const Seen& seen : two_sessions(medium))
      if (seen.opcode == Opcode::kWrite10) {
        EXPECT_EQ(seen.sent.size(), std::size_t{seen.field(7, 2)} * kBlockSize) << medium;
      }
}

void reads_nothing_outside_of_the_program_area() {
  for (const std::string& medium : all_media())
    for (const Seen& seen : two_sessions(medium)) {
      EXPECT_NE(seen.opcode, Opcode::kReadCd) << medium;
      EXPECT_NE(seen.opcode, Opcode::kReadCdMsf) << medium;
      if (seen.opcode == Opcode::kRead10) {
        EXPECT_LT(seen.field(2, 4), 0x8000'0000U) << medium << ": a negative address";
      }
    }
}

void records_no_stream() {
  for (const std::string& medium : all_media())
    for (const Seen& seen : two_sessions(medium))
      EXPECT_NE(seen.opcode, Opcode::kWrite12) << medium;
}

void reads_nothing_before_it_is_formatted() {
  for (const Seen& seen : two_sessions("dvd+rw")) {
    if (seen.opcode == Opcode::kFormatUnit) return;
    EXPECT_NE(seen.opcode, Opcode::kRead10);
  }
  ADD_FAILURE() << "it was never formatted";
}

void burns_without_a_calibration_that_the_drive_refuses() {
  for (const std::string medium : {"cd-r-21", "dvd-r"})
    EXPECT_TRUE(burns_although(
        medium,
        {.opcode = Opcode::kSendOpcInformation, .times = -1, .sense = sense(5, 0x2C, 0x00)}))
        << medium;
}

void closes_no_track_of_a_cd_that_the_flush_has_ended() {
  constexpr std::uint32_t kTrack = 1;
  for (const Seen& seen : two_sessions("cd-r-21"))
    if (seen.opcode == Opcode::kCloseTrackSession) {
      EXPECT_NE(seen.field(2, 1), kTrack);
    }
}

// Lesson 20: neither an error nor a drive that is gone is waited out.
void ends_with_the_errors_of_format_blank_and_waiting() {
  EXPECT_FALSE(burns_although(
      "dvd+rw", {.opcode = Opcode::kFormatUnit, .times = -1, .sense = sense(3, 0x31, 0x00)}));
  for (const FaultRule& rule :
       {FaultRule{.opcode = Opcode::kBlank, .times = -1, .sense = sense(3, 0x51, 0x00)},
        FaultRule{.opcode = Opcode::kTestUnitReady, .times = -1, .exchange_fails = true}}) {
    Desk desk;
    desk.insert_blank("cd-rw-21");
    desk.burn_session({{"/file.txt", "content"}});
    FaultyDevice faulty(desk.device);
    faulty.port.add(rule);
    drive::Drive drive(faulty.port, desk.device->clock());
    ASSERT_FALSE(drive.wait_until_ready().has_value() && drive.blank(false).has_value());
    EXPECT_LE(faulty.port.hits(), 2) << "it was not tried forever";
  }
  // The tray is being loaded, and the user has enough of it.
  Desk desk;
  desk.insert_blank("cd-r-21");
  FaultyDevice faulty(desk.device);
  faulty.port.add({.opcode = Opcode::kTestUnitReady, .times = -1, .sense = sense(2, 0x04, 0x01)});
  drive::Drive drive(faulty.port, desk.device->clock());
  int asked = 0;
  drive.set_cancel([&asked] { return ++asked > 3; });
  const auto ready = drive.wait_until_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().code, ErrorCode::kCancelled);
}

// Lesson 19: growisofs gives the first WRITE of disc at once three minutes, and the flush behind it
// fifteen; some drives say "long write" for no reason.
void gives_a_slow_drive_the_time_it_takes() {
  constexpr std::chrono::minutes kFirstWrite{3};
  constexpr std::chrono::minutes kFlush{15};
  Desk desk;
  desk.insert_blank("dvd-r");
  desk.device->before = [&](const scsi::Command& command) {
    const auto opcode = static_cast<Opcode>(command.cdb[0]);
    if (opcode == Opcode::kWrite10) {
      EXPECT_GE(command.timeout.count(), std::chrono::milliseconds(kFirstWrite).count());
    }
    if (opcode == Opcode::kSynchronizeCache) {
      EXPECT_GE(command.timeout.count(), std::chrono::milliseconds(kFlush).count());
    }
  };
  desk.burn_session({{"/file.txt", "content"}},
                    {.close_disc = true, .write_type = medium::WriteType::kDiscAtOnce});
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kComplete);
  EXPECT_TRUE(burns_although(
      "dvd-r", {.opcode = Opcode::kWrite10, .times = 200, .sense = sense(2, 0x04, 0x08)}));
}

std::vector<std::byte> read_block(drive::Drive& drive, Lba lba) {
  std::vector<std::byte> block(kBlockSize);
  if (!drive.read(lba, block)) block.clear();
  return block;
}

// Lesson 11. Track at once: two blocks of run-out, which count to the track and cannot be read.
// Session at once has none: whoever takes two off there loses the end of the image.
void counts_the_run_out_where_there_is_one() {
  constexpr BlockCount kRunOut{2};
  for (const auto type : {medium::WriteType::kTrackAtOnce, medium::WriteType::kSessionAtOnce}) {
    Desk desk;
    desk.insert_blank("cd-r-21");
    desk.open();
    ASSERT_TRUE(desk.select());
    ASSERT_TRUE(desk.add("/file.txt", std::string(1'000'000, 'x')));
    const auto report = desk.record({.write_type = type});
    ASSERT_TRUE(report) << describe(report.error().cause);
    const BlockCount run_out = type == medium::WriteType::kTrackAtOnce ? kRunOut : BlockCount{};
    EXPECT_EQ(report->disc.sessions.back().tracks.back().size, report->written + run_out);
    const Lba end = report->session_start + report->written;
    drive::Drive drive(desk.device->transport(), desk.device->clock());
    EXPECT_FALSE(read_block(drive, end - BlockCount{1}).empty()) << name_of(type);
    EXPECT_TRUE(read_block(drive, end).empty()) << name_of(type);
  }
}

// Lesson 31: exactly the image, and not the run-out behind it.
void verifies_the_image_and_nothing_behind_it() {
  for (const std::string medium : {"cd-r-21", "dvd-r", "dvd+r", "bd-r-25"}) {
    Desk desk;
    desk.insert_blank(medium);
    desk.open();
    ASSERT_TRUE(desk.select());
    ASSERT_TRUE(desk.add("/file.txt", std::string(1'000'000, 'x')));
    std::vector<std::pair<std::uint32_t, std::uint32_t>> reads;  // first and behind the last
    desk.device->after = [&reads](const scsi::Command& command) {
      const Seen seen{
          static_cast<Opcode>(command.cdb[0]), {command.cdb.begin(), command.cdb.end()}, {}};
      if (seen.opcode == Opcode::kRead10)
        reads.emplace_back(seen.field(2, 4), seen.field(2, 4) + seen.field(7, 2));
    };
    const auto report = desk.record({.verify = true});
    ASSERT_TRUE(report) << medium << describe(report.error().cause);
    EXPECT_TRUE(report->verified);
    std::ranges::sort(reads);
    std::uint32_t end = 0;
    for (const auto& [first, behind] : reads) {
      EXPECT_LE(first, end) << medium << ": a gap";
      end = std::max(end, behind);
    }
    EXPECT_EQ(end, report->written.value) << medium;
  }
}

// Lesson 29: a drive that tells no size, and an image with a tail (dvdisaster issue 130).
void fits_an_image_to_the_disc_or_refuses_it() {
  constexpr BlockCount kDisc{12'219'392};  // mmc.md 2.10
  constexpr BlockCount kWithTail{12'219'495};
  Desk desk;
  desk.insert_blank("bd-r-25");
  drive::Drive drive(desk.device->transport(), desk.device->clock());
  auto disc = drive::inspect(drive);
  ASSERT_TRUE(disc);
  const auto refusal_of = [&](BlockCount image) {
    const auto plan = plan::make_burn_plan(*disc, {.image = image});
    return plan ? std::string("none") : std::string(name_of(plan.error().code));
  };
  EXPECT_EQ(refusal_of(kDisc), "none");
  EXPECT_EQ(refusal_of(kWithTail), name_of(ErrorCode::kNoRoom));
  disc->writable->free = {};
  disc->last_possible_lead_out.reset();
  EXPECT_EQ(refusal_of(BlockCount{32}), name_of(ErrorCode::kNoRoom));
}

void asks_for_no_track_ff_on_dvd() {
  for (const std::string medium : {"dvd-r", "dvd-rw"})
    for (const Seen& seen : two_sessions(medium))
      if (seen.opcode == Opcode::kReadTrackInformation) {
        EXPECT_NE(seen.field(2, 4), 0xFFU) << medium;
      }
}

// Of two sessions on a DVD+RW only the first formats it anew: later ones carry the Restart bit.
void formats_anew_but_once() {
  constexpr std::size_t kTypeDependent = 11;
  int anew = 0;
  for (const Seen& seen : two_sessions("dvd+rw"))
    if (seen.opcode == Opcode::kFormatUnit &&
        (seen.sent.at(kTypeDependent) & std::byte{1}) == std::byte{0})
      ++anew;
  EXPECT_EQ(anew, 1);
}

// burning.md 4.2 and 10, lesson 23. A DVD+R is filled up to its last session, with which the drive
// finalises it; a BD-R is taken for one that holds 299.
void knows_the_most_sessions_of_a_disc() {
  constexpr int kMostOfDvdPlusR = 153;
  constexpr std::size_t kManyOfBdR = 300;
  Desk desk;
  desk.insert_blank("dvd+r");
  for (int session = 1; session < kMostOfDvdPlusR; ++session)
    desk.burn_session({{"/newest.txt", std::to_string(session)}});
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kAppendable);
  desk.burn_session({{"/newest.txt", "the last"}});
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kComplete);
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/newest.txt", "the last"}}));

  desk.insert_blank("bd-r-25");
  desk.burn_session({{"/file.txt", "content"}});
  drive::Drive drive(desk.device->transport(), desk.device->clock());
  auto disc = drive::inspect(drive);
  ASSERT_TRUE(disc);
  for (const bool many : {false, true}) {
    const std::size_t before = kManyOfBdR - (many ? 1 : 2);
    while (disc->sessions.size() < before) {
      disc->sessions.push_back(disc->sessions.back());
      ++disc->sessions.back().number;
    }
    const auto plan = plan::make_burn_plan(*disc, {.image = BlockCount{1000}});
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_EQ(plan->warnings.size(), many ? 1U : 0U);
  }
}

enum class Kind : std::uint8_t {
  kHere,       // checked by a function of this file
  kElsewhere,  // by the test that is named
  kNotOurs,    // does not concern this engine: why
  kOpen,       // concerns it, and is not done: what is missing
};
struct Lesson {
  int number;
  const char* what;
  Kind kind;
  const char* words;  // the test's name, or the reason
  void (*check)() = nullptr;
};

constexpr Lesson kLessons[] = {
    {1, "success is reported and the disc is blank", Kind::kElsewhere,
     "FaultMatrix.LeadsToWhatTheTableSays"},
    {2, "a killed append is retried", Kind::kElsewhere,
     "KilledAppend.AtEveryCommandIsRepeatedAndThenChanged"},
    {3, "BD-R with pseudo-overwriting takes no CLOSE SESSION", Kind::kElsewhere,
     "Refusal.OfABdRThatWasFormattedForSomethingElse"},
    {4, "the transfer is as long as the command says", Kind::kHere, "",
     transfers_what_the_command_says},
    {5, "no probing outside of the program area", Kind::kHere, "",
     reads_nothing_outside_of_the_program_area},
    {6, "a half-written append stays open", Kind::kElsewhere,
     "BurnerTest.LeavesTheOldSessionTheNewestWhenAWriteFails"},
    {7, "the next session starts where the drive says", Kind::kElsewhere,
     "ChooseTarget.AppendsAtTheAddressThatTheDriveReports"},
    {8, "start of the old session and of the next are two things", Kind::kElsewhere,
     "BurnerTest.AppendsSessionsWithTheGapsOfARealDisc"},
    {9, "the size of another format descriptor is read", Kind::kNotOurs,
     "a DVD-RW is not grown by FORMAT UNIT here"},
    {10, "an octal number for a profile", Kind::kNotOurs,
     "a slip of one program; profiles are names here"},
    {11, "tracks are two blocks too short", Kind::kHere, "", counts_the_run_out_where_there_is_one},
    {12, "three sessions and more", Kind::kElsewhere,
     "EveryMedium.SaysHowManySessionsItHasAndWhereTheNextOneGoes"},
    {13, "a blank CD says NWA -150", Kind::kElsewhere, "FaultMatrix.LeadsToWhatTheTableSays"},
    {14, "a DVD-RW that was blanked minimally", Kind::kElsewhere,
     "Session.OnADvdRwThatWasBlankedInAHurryIsAtOnceOrRefused"},
    {15, "stream recording where the drive has none", Kind::kHere, "", records_no_stream},
    {16, "reading an unformatted DVD+RW", Kind::kHere, "", reads_nothing_before_it_is_formatted},
    {17, "a calibration that fails is no reason to stop", Kind::kHere, "",
     burns_without_a_calibration_that_the_drive_refuses},
    {18, "CLOSE TRACK after track at once", Kind::kHere, "",
     closes_no_track_of_a_cd_that_the_flush_has_ended},
    {19, "drives that need longer than others", Kind::kHere, "",
     gives_a_slow_drive_the_time_it_takes},
    {20, "errors of FORMAT UNIT and BLANK are ignored", Kind::kHere, "",
     ends_with_the_errors_of_format_blank_and_waiting},
    {21, "deferred errors belong to earlier addresses", Kind::kElsewhere,
     "FaultMatrix.LeadsToWhatTheTableSays"},
    {22, "a BD-R is finalised by its own function", Kind::kElsewhere,
     "Session.OnBdRIsWrittenInClustersAndFinalizedByItsFunction"},
    {23, "media have a most number of sessions", Kind::kHere, "",
     knows_the_most_sessions_of_a_disc},
    {24, "sessions and files beyond 4 GiB", Kind::kElsewhere,
     "FileOfMoreThanFourGibibytes.IsReadEqualToItsSource"},
    {25, "buffers between source and drive", Kind::kElsewhere,
     "Ring.DeliversEveryBlockOnceAndInOrder"},
    {26, "others open the drive while it burns", Kind::kElsewhere,
     "Run.LetsNobodyBurnOnADriveThatAnotherProgramHolds"},
    {27, "what was known of a disc that was changed", Kind::kElsewhere,
     "BurnerTest.WritesNothingWhenADiscIsSwappedBeforeTheFirstWrite"},
    {28, "speeds", Kind::kElsewhere, "BurnPlan.CountsSpeedInRawSectors"},
    {29, "sizes of media and images", Kind::kHere, "", fits_an_image_to_the_disc_or_refuses_it},
    {30, "a flush that fails is an error", Kind::kElsewhere, "BurnerTest.ReportsAFlushThatFails"},
    {31, "the last blocks can be read", Kind::kHere, "", verifies_the_image_and_nothing_behind_it},
    {32, "UDF of other systems", Kind::kNotOurs, "UDF is not read"},
    {33, "track FFh is refused on DVD-RW", Kind::kHere, "", asks_for_no_track_ff_on_dvd},
    {34, "no rights of root", Kind::kElsewhere,
     "RightsOfAUser.AreEnoughForEveryCommandOfPregroove"},
    {35, "text is no interface", Kind::kElsewhere, "Sessions.BurnTellsItsResultAsJson"},
    {36, "formatting wears a disc", Kind::kHere, "", formats_anew_but_once},
    {37, "an audio pause in front of data", Kind::kNotOurs, "no audio is recorded"},
    {38, "simulators rot", Kind::kElsewhere, "Conformance.AnswersAsItsSourceSays"},
    {39, "data and closing are told apart", Kind::kElsewhere,
     "BurnerTest.TellsHowFarDataAndClosingCame"},
    {40, "an older session is chosen", Kind::kElsewhere,
     "Sessions.BothAreInTheSecondAndTheFirstStaysAsItWas"},
};
void PrintTo(const Lesson& lesson, std::ostream* out) {
  *out << lesson.number << ": " << lesson.what;
}

// "Suite.Name" of every test in the sources.
const std::set<std::string>& tests_in_the_sources() {
  static const std::set<std::string> kNames = [] {
    std::set<std::string> names;
    for (const auto& entry :
         fs::recursive_directory_iterator(std::string(PREGROOVE_SOURCE_DIR) + "/tests")) {
      if (entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      for (std::size_t at = text.find("TEST"); at != std::string::npos;
           at = text.find("TEST", at + 1)) {
        const auto open = text.find('(', at);
        const auto comma = text.find(", ", at);
        const auto close = text.find(')', at);
        if (open < comma && comma < close && close != std::string::npos)
          names.insert(text.substr(open + 1, comma - open - 1) + "." +
                       text.substr(comma + 2, close - comma - 2));
      }
    }
    return names;
  }();
  return kNames;
}

class Lessons : public testing::TestWithParam<Lesson> {};

TEST_P(Lessons, AreLearned) {
  const Lesson& lesson = GetParam();
  EXPECT_EQ(lesson.kind == Kind::kHere, lesson.check != nullptr);
  if (lesson.check != nullptr) return lesson.check();
  ASSERT_STRNE(lesson.words, "");
  if (lesson.kind == Kind::kElsewhere) {
    EXPECT_THAT(tests_in_the_sources(), testing::Contains(lesson.words));
  }
  if (lesson.kind == Kind::kOpen) GTEST_SKIP() << lesson.words;
}

INSTANTIATE_TEST_SUITE_P(Burning, Lessons, testing::ValuesIn(kLessons), [](const auto& test) {
  return fmt::format("Number{}", test.param.number);
});

TEST(LessonTable, HasAllFortyByNumber) {
  constexpr int kAll = 40;
  ASSERT_EQ(std::size(kLessons), kAll);
  for (int i = 0; i < kAll; ++i) EXPECT_EQ(kLessons[i].number, i + 1);
}

}  // namespace
}  // namespace pregroove::imapi
