// Blank, session, append, closing append, refused: every disc of simdrive in each of its drives.
// After each burn all files are read back through the drive, and the commands that shaped the
// session are counted. A drive that does not write the disc refuses, and the disc stays as it is.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <tuple>

#include "engine/drive/inspection.h"
#include "simdrive/disc/medium.h"
#include "simdrive/profiles/built_in.h"
#include "tests/scenarios/through_the_drive.h"

namespace pregroove::imapi {
namespace {

using scsi::Opcode;
using simdrive::MediumKind;

// Of a transport that carries 64 KiB (scsi/transport.h): a whole number of the units of each
// medium.
constexpr BlockCount kLargestWrite{32};
// The head of a disc that is overwritten: system area and descriptors (burning.md 6.4).
constexpr BlockCount kHead{32};

// What a drive did for a session; commands that it put off are not counted.
class Watch {
 public:
  void note(const simdrive::CommandRecord& record) {
    const bool is_write = static_cast<Opcode>(record.cdb.front()) == Opcode::kWrite10 ||
                          static_cast<Opcode>(record.cdb.front()) == Opcode::kWrite12;
    if (record.completion.status != scsi::ScsiStatus::kGood) return;
    ++count_[static_cast<Opcode>(record.cdb.front())];
    if (!is_write) return;
    const auto number = [&](std::size_t at) {
      return std::to_integer<std::int32_t>(record.cdb[at]);
    };
    const Lba lba{number(2) << 24 | number(3) << 16 | number(4) << 8 | number(5)};
    const auto& data = std::get<scsi::DataOut>(record.data);
    writes_.push_back({lba, blocks_for_bytes(data.buffer.size())});
  }
  [[nodiscard]] int count(Opcode opcode) const {
    const auto found = count_.find(opcode);
    return found == count_.end() ? 0 : found->second;
  }
  // One WRITE behind the other, all of the largest size but the last; after them, on media that
  // are overwritten, the head at LBA 0 in two.
  void expect_writes(Lba start, BlockCount blocks, bool overwritten) const {
    const auto commands =
        static_cast<std::size_t>((blocks.value + kLargestWrite.value - 1) / kLargestWrite.value);
    ASSERT_EQ(writes_.size(), commands + (overwritten ? 2 : 0));
    for (std::size_t i = 0; i < commands; ++i) {
      const BlockCount before{static_cast<std::int64_t>(i) * kLargestWrite.value};
      EXPECT_EQ(writes_[i].lba, start + before);
      EXPECT_EQ(writes_[i].blocks, std::min(kLargestWrite, blocks - before));
    }
    if (!overwritten) return;
    EXPECT_EQ(writes_[commands].lba, Lba{0});
    EXPECT_EQ(writes_[commands + 1].lba, Lba{0} + writes_[commands].blocks);
    EXPECT_EQ(writes_[commands].blocks + writes_[commands + 1].blocks, kHead);
  }

 private:
  struct Write {
    Lba lba;
    BlockCount blocks;
  };
  std::map<Opcode, int> count_;
  std::vector<Write> writes_;
};

struct Case {
  const simdrive::profiles::Personality* drive;
  const simdrive::Medium* medium;

  [[nodiscard]] MediumKind kind() const { return medium->kind; }
  [[nodiscard]] bool overwritten() const {
    return kind() == MediumKind::kDvdRam || kind() == MediumKind::kDvdPlusRw ||
           kind() == MediumKind::kBdRe;
  }
  // mmc.md 2.9.
  [[nodiscard]] bool takes_one_session() const { return kind() == MediumKind::kDvdRDualLayer; }
  [[nodiscard]] bool has_write_parameters() const {
    return medium->is_cd() || kind() == MediumKind::kDvdR || kind() == MediumKind::kDvdRw ||
           kind() == MediumKind::kDvdRDualLayer;
  }
};
void PrintTo(const Case& tested, std::ostream* out) {
  *out << tested.medium->name << " in " << tested.drive->name;
}

std::vector<Case> cases(bool written) {
  std::vector<Case> all;
  for (const auto& drive : simdrive::profiles::all_personalities())
    for (const auto& medium : simdrive::all_media())
      if (!medium.pressed() && drive.writes(medium.kind) == written)
        all.push_back({&drive, &medium});
  return all;
}

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  std::string name = fmt::format("{}_in_{}", info.param.medium->name, info.param.drive->name);
  std::ranges::replace(name, '+', 'p');
  std::ranges::replace(name, '-', '_');
  return name;
}

Files files_of_session(int number) {
  return {{fmt::format("/session{}.txt", number), std::string(100'000, 'a')},
          {"/newest.txt", fmt::format("written by session {}", number)},
          {fmt::format("/folder/small{}.txt", number), "x"}};
}

class Story : public testing::TestWithParam<Case> {
 protected:
  Story() : desk_(*GetParam().drive) { desk_.insert_blank(GetParam().medium->name); }

  // By a client of its own.
  Result<RecordReport> burn(int number, bool close, Watch* watch = nullptr) {
    DiscMaster client(desk_.provider,
                      [] { return system::FileTime{std::chrono::seconds{1'767'323'045}}; });
    PREGROOVE_RETURN_IF_ERROR(client.Open());
    const auto stage = client.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet);
    PREGROOVE_RETURN_IF_ERROR(
        client.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(desk_.device)));
    PREGROOVE_RETURN_IF_ERROR((*stage)->AddData(tree_of(files_of_session(number)), true));
    if (watch != nullptr)
      desk_.device->drive().set_observer(
          [watch](const simdrive::CommandRecord& record) { watch->note(record); });
    auto report = client.RecordDisc(false, false, {.close_disc = close});
    desk_.device->drive().set_observer({});
    return report;
  }

  static void expect_costs(const Watch& watch, const RecordReport& report) {
    const Case& tested = GetParam();
    watch.expect_writes(report.session_start, report.written, tested.overwritten());
    EXPECT_EQ(watch.count(Opcode::kSynchronizeCache), tested.overwritten() ? 2 : 1);
    // A drive that answers "busy" to a CLOSE carries it out, and says GOOD to its repetition, which
    // finds nothing to close. But a disc that is closed by then takes no command any more, and on a
    // DVD+RW each repetition writes the same lead-out again.
    const bool answers_early = tested.drive->quirks.sense.close_answers_early.has_value();
    const bool never_good = report.disc.status == medium::DiscStatus::kComplete ||
                            tested.kind() == MediumKind::kDvdPlusRw;
    EXPECT_EQ(watch.count(Opcode::kCloseTrackSession),
              closes() - (answers_early && never_good ? 1 : 0));
    EXPECT_EQ(watch.count(Opcode::kModeSelect10), tested.has_write_parameters() ? 1 : 0);
    EXPECT_EQ(watch.count(Opcode::kReserveTrack), 0);
    EXPECT_EQ(watch.count(Opcode::kSendDiscStructure), 0) << "a disc that goes on is not divided";
    EXPECT_EQ(watch.count(Opcode::kBlank), 0);
    EXPECT_EQ(watch.count(Opcode::kPreventAllowMediumRemoval), 2);
  }

  // CD: the session, and its track where the drive does not end that at the flush. DVD and BD:
  // track and session. DVD+RW: the format in the background is resumed and stopped by every burn.
  static int closes() {
    const Case& tested = GetParam();
    if (tested.medium->is_cd()) return tested.drive->quirks.synchronize_closes_tao_track ? 1 : 2;
    if (tested.overwritten()) return tested.kind() == MediumKind::kDvdPlusRw ? 1 : 0;
    return 2;
  }

  // All that was ever burned is there.
  void burn_and_read_back(int number, bool close) {
    Watch watch;
    const auto report = burn(number, close, &watch);
    ASSERT_TRUE(report) << describe(report.error().cause);
    EXPECT_EQ(report->session_number, number);
    expect_costs(watch, *report);
    for (const auto& [path, text] : files_of_session(number)) expected_[path] = text;
    EXPECT_TRUE(files_in(desk_) == expected_) << "session " << number;
    EXPECT_TRUE(files_on(desk_.disc()) == expected_) << "session " << number;
  }

  // Before anything is sent that would change the disc.
  void expect_refused(int number, bool close, ErrorCode code) {
    Watch watch;
    const auto before = desk_.disc().layout();
    const auto report = burn(number, close, &watch);
    ASSERT_FALSE(report);
    EXPECT_EQ(name_of(report.error().cause.code), name_of(code)) << describe(report.error().cause);
    EXPECT_FALSE(report.error().cause.disc_touched);
    EXPECT_FALSE(report.error().cause.message.empty());
    EXPECT_EQ(watch.count(Opcode::kWrite10) + watch.count(Opcode::kCloseTrackSession) +
                  watch.count(Opcode::kFormatUnit),
              0);
    EXPECT_TRUE(desk_.disc().layout() == before);
  }

  Desk desk_;
  Files expected_;
};

TEST_P(Story, OfADiscThatGrowsUntilItIsClosed) {
  burn_and_read_back(1, false);
  if (GetParam().takes_one_session()) {
    expect_refused(2, false, ErrorCode::kWrongMedium);
    return;
  }
  burn_and_read_back(2, false);
  // A disc that is overwritten is never closed: asked to, the burn is refused, and goes on without.
  if (GetParam().overwritten()) {
    expect_refused(3, true, ErrorCode::kWrongMedium);
    burn_and_read_back(3, false);
    return;
  }
  burn_and_read_back(3, true);
  EXPECT_EQ(desk_.disc().layout().status(), simdrive::DiscStatus::kComplete);
  expect_refused(4, false, ErrorCode::kWrongMedium);
  EXPECT_TRUE(files_in(desk_) == expected_);
}

INSTANTIATE_TEST_SUITE_P(EveryDisc, Story, testing::ValuesIn(cases(true)), name_of_case);

// The drive cannot write it, and may not even know that a disc is there.
class Refusal : public Story {};

TEST_P(Refusal, ComesBeforeTheFirstWrite) {
  Watch watch;
  const auto before = desk_.disc().layout();
  const auto report = burn(1, false, &watch);
  ASSERT_FALSE(report);
  EXPECT_FALSE(report.error().cause.message.empty());
  EXPECT_FALSE(report.error().cause.advice.empty()) << describe(report.error().cause);
  EXPECT_FALSE(report.error().cause.disc_touched);
  EXPECT_EQ(watch.count(Opcode::kWrite10), 0);
  EXPECT_TRUE(desk_.disc().layout() == before);
}

INSTANTIATE_TEST_SUITE_P(EveryDisc, Refusal, testing::ValuesIn(cases(false)), name_of_case);

medium::MediumSnapshot inspect(Desk& desk) {
  drive::Drive drive(desk.device->transport(), desk.device->clock());
  auto disc = drive::inspect(drive);
  EXPECT_TRUE(disc) << describe(disc.error());
  return *disc;
}

// Its table of contents of a DVD lists two sessions at the most, and its first answer about speeds
// one of them (burning.md 3.4 and 4.6).
TEST(AwkwardDrive, MisleadsNobodyAboutSessionsAndSpeeds) {
  const auto* awkward = simdrive::profiles::find_personality("awkward");
  ASSERT_EQ(awkward->quirks.dvd_toc, simdrive::profiles::DvdToc::kTwoSessions);
  ASSERT_TRUE(awkward->quirks.get_performance_first_claims_one);
  for (const char* medium : {"dvd-r", "dvd+r", "bd-r-25"}) {
    Desk straight;
    Desk desk(*awkward);
    straight.insert_blank(medium);
    desk.insert_blank(medium);
    EXPECT_EQ(inspect(desk).writing.speeds_kbs, inspect(straight).writing.speeds_kbs) << medium;
    EXPECT_GT(inspect(desk).writing.speeds_kbs.size(), 1U) << medium;
    for (int session = 1; session <= 4; ++session)
      desk.burn_session({{fmt::format("/{}.txt", session), "content"}});
    const auto sessions = inspect(desk).sessions;
    ASSERT_EQ(sessions.size(), 4U) << medium;
    const auto truth = desk.disc().sessions();
    for (std::size_t i = 0; i < sessions.size(); ++i)
      EXPECT_EQ(sessions[i].start(), truth[i].start) << medium;
    EXPECT_EQ(files_in(desk).size(), 4U) << medium;
  }
}

TEST(Stories, AreToldOfEveryDiscAndDrive) {
  std::size_t recordable = 0;
  for (const auto& medium : simdrive::all_media()) recordable += medium.pressed() ? 0 : 1;
  EXPECT_EQ(cases(true).size() + cases(false).size(),
            recordable * simdrive::profiles::all_personalities().size());
  EXPECT_GT(cases(true).size(), 50U);
}

}  // namespace
}  // namespace pregroove::imapi
