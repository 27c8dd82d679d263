// RecordDisc: callbacks, what becomes of the stage, and what reaches the drive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/image/scan.h"
#include "engine/medium/session_cost.h"
#include "engine/plan/plan.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::ElementsAre;

// Repeated lines once.
std::vector<std::string> order_of(std::vector<std::string> lines) {
  const auto repeated = std::ranges::unique(lines);
  lines.erase(repeated.begin(), repeated.end());
  return lines;
}

struct Ready : Desk {
  Ready() {
    insert_blank();
    EXPECT_TRUE(select());
    EXPECT_TRUE(add("/a.txt", "a"));
    log.lines.clear();
  }
};

TEST(RecordDisc, CallsBackInImapisOrder) {
  Ready desk;
  const BlockCount image = desk.joliet.GetUsedDataBlocks().value();
  ASSERT_TRUE(desk.record());
  EXPECT_THAT(order_of(desk.log.lines),
              ElementsAre("PreparingBurn", "BlockProgress", "ClosingDisc", "BurnComplete S_OK"));
  ASSERT_FALSE(desk.log.blocks.empty());
  EXPECT_EQ(desk.log.blocks.front(), (std::pair<std::int64_t, std::int64_t>{0, image.value}));
  EXPECT_EQ(desk.log.blocks.back(),
            (std::pair<std::int64_t, std::int64_t>{image.value, image.value}));
  EXPECT_TRUE(std::ranges::is_sorted(desk.log.blocks));
}

TEST(RecordDisc, SendsNoCompletionWhenTheOrderIsViolated) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  desk.log.lines.clear();
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_INVALIDIMAGE);
  EXPECT_THAT(desk.log.lines, ElementsAre());
}

TEST(RecordDisc, SendsOneCompletionWithTheCodeOfTheFailure) {
  Ready desk;
  desk.device->drive().remove_disc();
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_MEDIUM_NOTPRESENT);
  EXPECT_THAT(desk.log.lines, ElementsAre("BurnComplete IMAPI_E_MEDIUM_NOTPRESENT"));
}

TEST(RecordDisc, KeepsTheStageWhenTheTrayIsEmpty) {
  Ready desk;
  auto disc = desk.device->drive().remove_disc();
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_MEDIUM_NOTPRESENT);
  desk.device->drive().insert(std::move(disc));
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/a.txt", "a"}}));
}

TEST(RecordDisc, WipesTheStageAfterASimulationAndWritesNothing) {
  Ready desk;
  const auto before = desk.disc().layout();
  ASSERT_TRUE(desk.master.RecordDisc(true, false));
  EXPECT_EQ(desk.disc().layout(), before);
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_INVALIDIMAGE);
}

TEST(RecordDisc, KeepsTheStageAfterACancelledBurn) {
  Ready desk;
  desk.log.on_line = [&](std::string_view line) {
    if (line == "BlockProgress") desk.log.cancel_at = desk.log.questions;
  };
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_USERABORT);
  desk.log.on_line = nullptr;
  desk.log.cancel_at = -1;
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/a.txt", "a"}}));
}

TEST(RecordDisc, HoldsTheRecorderMeanwhile) {
  Ready desk;
  bool asked = false;
  desk.log.on_line = [&](std::string_view line) {
    if (line != "BlockProgress" || asked) return;
    asked = true;
    DiscRecorder other(desk.device);
    EXPECT_EQ(other.GetRecorderState().value(), RecorderState::RECORDER_BURNING);
    EXPECT_EQ(code_of(other.OpenExclusive()), ResultCode::IMAPI_E_DEVICE_NOTACCESSIBLE);
    EXPECT_EQ(code_of(other.Inspect()), ResultCode::IMAPI_E_DEVICE_NOTACCESSIBLE);
    EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_DEVICE_STILL_IN_USE);
    EXPECT_EQ(code_of(desk.master.Close()), ResultCode::IMAPI_E_DEVICE_STILL_IN_USE);
  };
  ASSERT_TRUE(desk.record());
  EXPECT_TRUE(asked);
  EXPECT_EQ(desk.recorder->GetRecorderState().value(), RecorderState::RECORDER_DOING_NOTHING);
}

TEST(RecordDisc, ClosesTheDiscWhenAsked) {
  Ready desk;
  ASSERT_TRUE(desk.record({.close_disc = true}));
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kComplete);
}

TEST(RecordDisc, ReadsBackWhenAsked) {
  Ready desk;
  const auto report = desk.record({.verify = true});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->verified);
}

TEST(RecordDisc, EjectsWhenAsked) {
  Ready desk;
  ASSERT_TRUE(desk.master.RecordDisc(false, true));
  ASSERT_TRUE(desk.recorder->OpenExclusive());
  EXPECT_EQ(desk.recorder->QueryMediaType()->type, MediaType::kNoMedia);
}

TEST(RecordDisc, SurvivesASinkThatUnregistersItself) {
  Ready desk;
  EventLog second;
  const auto cookie = desk.master.ProgressAdvise(second);
  ASSERT_TRUE(cookie);
  second.on_line = [&](std::string_view line) {
    if (line != "PreparingBurn") return;
    EXPECT_TRUE(desk.master.ProgressUnadvise(*cookie));
  };
  ASSERT_TRUE(desk.record());
  EXPECT_THAT(second.lines, ElementsAre("PreparingBurn"));
}

// SET CD SPEED, bytes 4 and 5: the write speed (MMC-6).
TEST(RecordDisc, HonoursTheWriteSpeed) {
  Ready desk;
  ASSERT_EQ(desk.recorder->SetRecorderProperties({{kWriteSpeed, std::int32_t{8}}}),
            ResultCode::S_OK);
  std::vector<int> speeds;
  desk.device->before = [&](const scsi::Command& command) {
    constexpr std::byte kSetCdSpeed{0xBB};
    if (command.cdb[0] == kSetCdSpeed)
      speeds.push_back((std::to_integer<int>(command.cdb[4]) << 8) |
                       std::to_integer<int>(command.cdb[5]));
  };
  ASSERT_TRUE(desk.record());
  EXPECT_THAT(speeds, ElementsAre(1411));  // 8 x 176.4 kB/s, as the drive lists it
}

// MODE SELECT (10), page 05h: bit 6 of byte 2, after the header of 8 bytes (MMC-6).
TEST(RecordDisc, HonoursBufferUnderrunProtection) {
  for (const bool enabled : {true, false}) {
    Ready desk;
    ASSERT_EQ(desk.recorder->SetRecorderProperties({{kEnableBufferUnderrunFree, enabled}}),
              ResultCode::S_OK);
    bool seen = false;
    desk.device->before = [&](const scsi::Command& command) {
      constexpr std::byte kModeSelect{0x55};
      const auto* out = std::get_if<scsi::DataOut>(&command.data);
      if (command.cdb[0] != kModeSelect || out == nullptr) return;
      seen = true;
      EXPECT_EQ((out->buffer[10] & std::byte{0x40}) != std::byte{0}, enabled);
    };
    ASSERT_TRUE(desk.record());
    EXPECT_TRUE(seen);
  }
}

TEST(PreviewRecordDisc, TellsThePlanAndWritesNothing) {
  Ready desk;
  const auto before = desk.disc().layout();
  const auto preview = desk.master.PreviewRecordDisc(false, false);
  ASSERT_TRUE(preview);
  ASSERT_EQ(preview->plans.size(), 1U);
  EXPECT_EQ(preview->image, desk.joliet.GetUsedDataBlocks().value());
  EXPECT_EQ(desk.disc().layout(), before);
  const auto report = desk.record();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->written, preview->image);
  EXPECT_EQ(report->session_start, preview->plans.front().target.start);
}

class SourceFolder {
 public:
  SourceFolder() : path_(std::filesystem::temp_directory_path() / unique_name()) {
    std::filesystem::create_directory(path_);
  }
  SourceFolder(const SourceFolder&) = delete;
  SourceFolder& operator=(const SourceFolder&) = delete;
  ~SourceFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }
  [[nodiscard]] image::Tree scan() const {
    return image::scan({{.source = path_.string(), .target = "/"}})->tree;
  }

 private:
  static std::string unique_name() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return std::string("pregroove-imapi-") + test->name();
  }
  std::filesystem::path path_;
};

TEST(RecordDisc, CompletesAndReportsAFileThatShrankMeanwhile) {
  const SourceFolder folder;
  std::ofstream(folder / "steady") << "steady";
  std::ofstream(folder / "shrinking") << std::string(10'000, 'x');
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.AddData(folder.scan(), false));
  std::filesystem::resize_file(folder / "shrinking", 10);
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  ASSERT_EQ(report->problems.size(), 1U);
  EXPECT_EQ(report->problems.front().code, ErrorCode::kSourceChanged);
  const Files files = files_on(desk.disc());
  EXPECT_EQ(files.at("/steady"), "steady");
  EXPECT_EQ(files.at("/shrinking"), std::string(10, 'x') + std::string(9'990, '\0'));
}

// A file without blocks of its own on the source's disk, and an image that fills the smallest disc.
TEST(RecordDisc, FillsADiscToItsLastBlockAndRefusesOneMore) {
  const SourceFolder folder;
  std::ofstream(folder / "filler") << "";
  Desk desk;
  desk.insert_blank("cd-r-21");
  ASSERT_TRUE(desk.select());
  const BlockCount room = desk.joliet.GetTotalDataBlocks().value();
  // What an image of one file costs besides the file, at a size that needs no filling up.
  const BlockCount some = BlockCount{1000};
  std::filesystem::resize_file(folder / "filler", some.bytes());
  ASSERT_TRUE(desk.joliet.AddData(folder.scan(), false));
  const BlockCount overhead = desk.joliet.GetUsedDataBlocks().value() - some;
  ASSERT_TRUE(desk.master.ClearFormatContent());

  std::filesystem::resize_file(folder / "filler", (room - overhead).bytes() + 1);
  EXPECT_EQ(code_of(desk.joliet.AddData(folder.scan(), false)), ResultCode::IMAPI_E_DISCFULL);
  std::filesystem::resize_file(folder / "filler", (room - overhead).bytes());
  ASSERT_TRUE(desk.joliet.AddData(folder.scan(), false));
  EXPECT_EQ(desk.joliet.GetUsedDataBlocks().value(), room);
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  // No further session would fit, and the disc is closed. What is left is the run-out that the
  // engine keeps free besides the one that the drive keeps free.
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kComplete);
  EXPECT_EQ(desk.disc().last_possible_lead_out() - desk.disc().lead_out_start(1).value(),
            medium::kRunOut);
  EXPECT_EQ(code_of(desk.select()), ResultCode::IMAPI_E_DISCFULL);
}

// The disc that was selected was roomier than the one that is in the drive at RecordDisc.
TEST(RecordDisc, RefusesASmallerBlankDiscBeforeWriting) {
  const SourceFolder folder;
  std::ofstream(folder / "big") << "";
  std::filesystem::resize_file(folder / "big", std::uintmax_t{300} << 20U);
  Desk desk;
  desk.insert_blank("cd-r-80");
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.AddData(folder.scan(), false));
  desk.insert_blank("cd-r-21");
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_DISCFULL);
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kBlank);
}

}  // namespace
}  // namespace pregroove::imapi
