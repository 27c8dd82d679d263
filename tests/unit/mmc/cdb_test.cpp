// Every command, encoded, against the bytes of the standard's tables and of real programs.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "engine/mmc/blank.h"
#include "engine/mmc/buffer.h"
#include "engine/mmc/calibration.h"
#include "engine/mmc/capabilities.h"
#include "engine/mmc/capacity.h"
#include "engine/mmc/close.h"
#include "engine/mmc/configuration.h"
#include "engine/mmc/cue_sheet.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/disc_structure.h"
#include "engine/mmc/events.h"
#include "engine/mmc/inquiry.h"
#include "engine/mmc/load.h"
#include "engine/mmc/performance.h"
#include "engine/mmc/read_cd.h"
#include "engine/mmc/read_write.h"
#include "engine/mmc/reserve.h"
#include "engine/mmc/speed.h"
#include "engine/mmc/status.h"
#include "engine/mmc/toc.h"
#include "engine/mmc/track_information.h"
#include "engine/mmc/write_parameters.h"
#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

using scsi::Feature;
using scsi::ModePage;
using scsi::Opcode;
using testing_support::Bytes;
using testing_support::golden;
using testing_support::load_golden;
using testing_support::to_hex;

constexpr auto kYes = Immediate::kYes;
constexpr auto kNo = Immediate::kNo;

struct Row {
  std::string family;
  std::string section;
  Cdb cdb;
};

Bytes bytes_of_cdb(const Cdb& cdb) { return {cdb.view().begin(), cdb.view().end()}; }

std::vector<Row> look_at_the_drive() {
  return {
      {"inquiry", "allocation-36", inquiry()},
      {"inquiry", "allocation-44", inquiry(44)},
      {"inquiry", "allocation-260", inquiry(260)},
      {"status", "test-unit-ready", test_unit_ready()},
      {"status", "request-sense-18", request_sense()},
      {"load", "stop-immediate", start_stop_unit(LoadAction::kStop, kYes)},
      {"load", "stop", start_stop_unit(LoadAction::kStop, kNo)},
      {"load", "start", start_stop_unit(LoadAction::kStart, kNo)},
      {"load", "start-immediate", start_stop_unit(LoadAction::kStart, kYes)},
      {"load", "eject", start_stop_unit(LoadAction::kEject, kNo)},
      {"load", "eject-immediate", start_stop_unit(LoadAction::kEject, kYes)},
      {"load", "load", start_stop_unit(LoadAction::kLoad, kNo)},
      {"load", "load-immediate", start_stop_unit(LoadAction::kLoad, kYes)},
      {"load", "allow", prevent_allow_medium_removal(Prevent::kAllow)},
      {"load", "prevent", prevent_allow_medium_removal(Prevent::kPrevent)},
      {"load", "persistent-allow", prevent_allow_medium_removal(Prevent::kPersistentAllow)},
      {"load", "persistent-prevent", prevent_allow_medium_removal(Prevent::kPersistentPrevent)},
      {"configuration", "header",
       get_configuration(RequestType::kAll, Feature::kProfileList, kConfigurationHeaderSize)},
      {"configuration", "all-288",
       get_configuration(RequestType::kAll, Feature::kProfileList, 288)},
      {"configuration", "current-from-0021",
       get_configuration(RequestType::kCurrent, Feature::kIncrementalStreamingWritable, 64)},
      {"configuration", "one-0021",
       get_configuration(RequestType::kOneFeature, Feature::kIncrementalStreamingWritable, 16)},
      {"configuration", "one-0037",
       get_configuration(RequestType::kOneFeature, Feature::kCdRwMediaWriteSupport, 16)},
      {"events", "all-classes", get_event_status(kAllEventClasses)},
      {"events", "media", get_event_status(kMediaClass)},
      {"events", "media-asynchronous", get_event_status(kMediaClass, Polled::kNo)},
      {"mode", "sense-capabilities",
       mode_sense10(ModePage::kCapabilities, PageControl::kCurrent, 72)},
      {"mode", "sense-capabilities-no-descriptors",
       mode_sense10(ModePage::kCapabilities, PageControl::kCurrent, 72,
                    BlockDescriptors::kDisabled)},
      {"mode", "sense-write-parameters",
       mode_sense10(ModePage::kWriteParameters, PageControl::kCurrent, kWriteParametersListSize)},
      {"mode", "sense-error-recovery",
       mode_sense10(ModePage::kErrorRecovery, PageControl::kCurrent, 12)},
      {"mode", "sense-all-default", mode_sense10(ModePage::kAllPages, PageControl::kDefault, 16)},
      {"mode", "sense-write-parameters-changeable",
       mode_sense10(ModePage::kWriteParameters, PageControl::kChangeable,
                    kWriteParametersListSize)},
      {"mode", "select-60", mode_select10(kWriteParametersListSize)},
  };
}

std::vector<Row> look_at_the_disc() {
  return {
      {"disc-information", "allocation-34", read_disc_information()},
      {"disc-information", "allocation-4", read_disc_information(4)},
      {"track-information", "invisible-28", read_invisible_track_information(28)},
      {"track-information", "track-1", read_track_information(1, 34)},
      {"track-information", "track-2", read_track_information(2, 34)},
      {"track-information", "lba-12025", read_track_information_at(Lba{12025})},
      {"track-information", "lba-minus-150", read_track_information_at(Lba{-150})},
      {"track-information", "session-2", read_track_information_of_session(2)},
      {"toc", "formatted-header",
       read_toc(TocFormat::kFormatted, TimeForm::kLba, 0, kTocHeaderSize)},
      {"toc", "session-info", read_toc(TocFormat::kSessionInfo, TimeForm::kLba, 0, 12)},
      {"toc", "raw-header", read_toc(TocFormat::kRaw, TimeForm::kMsf, 0, kTocHeaderSize)},
      {"toc", "raw-92", read_toc(TocFormat::kRaw, TimeForm::kMsf, 0, 92)},
      {"toc", "raw-from-session-2", read_toc(TocFormat::kRaw, TimeForm::kMsf, 2, 92)},
      {"toc", "pma", read_toc(TocFormat::kPma, TimeForm::kMsf, 0, 804)},
      {"toc", "atip", read_toc(TocFormat::kAtip, TimeForm::kLba, 0, 28)},
      {"toc", "cd-text", read_toc(TocFormat::kCdText, TimeForm::kLba, 0, 9220)},
      {"capacity", "read-capacity", read_capacity()},
      {"buffer", "allocation-12", read_buffer_capacity()},
      {"performance", "write-speeds-header",
       get_performance(PerformanceType::kWriteSpeed, 0, Lba{0}, 0)},
      {"performance", "write-speeds-1",
       get_performance(PerformanceType::kWriteSpeed, 0, Lba{0}, 1)},
      {"performance", "nominal-read-1",
       get_performance(PerformanceType::kPerformance, kNominalTolerance, Lba{0}, 1)},
      {"performance", "write-performance-1",
       get_performance(PerformanceType::kPerformance, kWritePerformance, Lba{0}, 1)},
      {"performance", "defects-from-65536",
       get_performance(PerformanceType::kDefectStatus, 0, Lba{65536}, 256)},
      {"read-cd", "audio-26-at-0",
       read_cd(Lba{0}, BlockCount{26}, ExpectedSectorType::kCdDa, kReadUserData)},
      {"read-cd", "whole-sector-1-at-16",
       read_cd(Lba{16}, BlockCount{1}, ExpectedSectorType::kAny, kReadWholeSector)},
      {"read-cd", "mode1-with-q-70000-at-minus-150",
       read_cd(Lba{-150}, BlockCount{70000}, ExpectedSectorType::kMode1, kReadUserData,
               SubChannel::kQ)},
  };
}

std::vector<Row> change_the_disc() {
  return {
      {"read-write", "read10-32-at-0", read10(Lba{0}, BlockCount{32})},
      {"read-write", "write10-16-at-minus-150", write10(Lba{-150}, BlockCount{16})},
      {"read-write", "write10-6-at-minus-6", write10(Lba{-6}, BlockCount{6})},
      {"read-write", "write10-16-at-12025", write10(Lba{12025}, BlockCount{16})},
      {"read-write", "write10-5-at-12537", write10(Lba{12537}, BlockCount{5})},
      {"read-write", "write10-31-at-527", write10(Lba{527}, BlockCount{31})},
      {"read-write", "write10-672-at-atip-lead-in", write10(Lba{-11611}, BlockCount{672})},
      {"read-write", "read12-65536-at-16", read12(Lba{16}, BlockCount{65536})},
      {"read-write", "write12-32-streaming", write12(Lba{256}, BlockCount{32}, Streaming::kYes)},
      {"read-write", "synchronize-immediate", synchronize_cache(kYes)},
      {"read-write", "synchronize", synchronize_cache(kNo)},
      {"close", "session-immediate", close_track_session(CloseFunction::kSession, 0, kYes)},
      {"close", "session", close_track_session(CloseFunction::kSession, 0, kNo)},
      {"close", "track-1-immediate", close_track_session(CloseFunction::kTrack, 1, kYes)},
      {"close", "track-2-immediate", close_track_session(CloseFunction::kTrack, 2, kYes)},
      {"close", "stop-background-format-immediate",
       close_track_session(CloseFunction::kStopBackgroundFormat, 0, kYes)},
      {"close", "finalize", close_track_session(CloseFunction::kFinalize, 0, kNo)},
      {"close", "track-300", close_track_session(CloseFunction::kTrack, 300, kNo)},
      {"reserve", "blocks-624", reserve_track(BlockCount{624})},
      {"reserve", "blocks-640", reserve_track(BlockCount{640})},
      {"reserve", "blocks-2295104", reserve_track(BlockCount{2295104})},
      {"calibration", "do-opc", send_opc_information(DoOpc::kYes)},
      {"cue-sheet", "bytes-32", send_cue_sheet(32)},
      {"disc-structure", "layer-boundary", send_layer_boundary()},
      {"speed", "both-11080", set_cd_speed(CdSpeed{11080}, CdSpeed{11080})},
      {"speed", "maximum-read", set_cd_speed(kMaximumCdSpeed, CdSpeed{1416})},
      {"speed", "wodim", set_cd_speed(CdSpeed{8467}, CdSpeed{1416})},
      {"performance", "set-streaming", set_streaming()},
      {"blank", "minimal", blank(BlankType::kMinimal, kNo)},
      {"blank", "disc-immediate", blank(BlankType::kDisc, kYes)},
      {"blank", "track-tail-at-12025", blank(BlankType::kTrackTail, kNo, 12025)},
      {"blank", "unclose-immediate", blank(BlankType::kUncloseLastSession, kYes)},
  };
}

std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (const auto& part : {look_at_the_drive(), look_at_the_disc(), change_the_disc()})
    rows.insert(rows.end(), part.begin(), part.end());
  return rows;
}

std::string file_of(const std::string& family) { return "mmc/cdb-" + family + ".golden"; }

TEST(Cdbs, AreTheBytesOfTheStandardAndOfRealPrograms) {
  for (const Row& row : all_rows())
    EXPECT_EQ(to_hex(bytes_of_cdb(row.cdb)), to_hex(golden(file_of(row.family), row.section)))
        << row.family << " [" << row.section << "]";
}

TEST(Cdbs, HaveTheSizeThatTheirOperationCodeFixes) {
  for (const Row& row : all_rows())
    EXPECT_EQ(row.cdb.size, scsi::cdb_size(static_cast<std::uint8_t>(row.cdb.opcode())))
        << row.section;
}

// Named in scsi/numbers.h, and encoded elsewhere or not yet.
const std::set<Opcode> kNotEncodedHere = {Opcode::kFormatUnit, Opcode::kReadFormatCapacities,
                                          Opcode::kReadSubChannel, Opcode::kReadCdMsf};

TEST(GoldenCdbs, CoverEveryOperationCodeThatIsEncoded) {
  std::set<Opcode> covered;
  for (const Row& row : all_rows()) covered.insert(row.cdb.opcode());
  for (int code = 0; code <= 0xFF; ++code) {
    const auto opcode = static_cast<Opcode>(code);
    if (scsi::name_of(opcode).empty()) continue;
    EXPECT_NE(covered.contains(opcode), kNotEncodedHere.contains(opcode)) << scsi::name_of(opcode);
  }
}

// Parameter lists have tables of their own.
bool is_parameter_list(const std::string& family, const std::string& section) {
  return family == "write-parameters" || section.starts_with("streaming-") ||
         section.starts_with("sheet-") || section.starts_with("list-");
}

TEST(GoldenCdbs, AreAllEncodedByATest) {
  std::set<std::pair<std::string, std::string>> tested;
  for (const Row& row : all_rows()) tested.insert({row.family, row.section});
  const std::filesystem::path folder(std::string(PREGROOVE_SOURCE_DIR) + "/fixtures/mmc");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().stem().string();
    if (!name.starts_with("cdb-")) continue;
    const std::string family = name.substr(4);
    for (const auto& [section, bytes] : load_golden(file_of(family)))
      EXPECT_TRUE(is_parameter_list(family, section) || tested.contains({family, section}))
          << family << " [" << section << "]";
  }
}

TEST(CueSheet, IsTheOneThatXorrisoSendsForOneTrackOfData) {
  EXPECT_EQ(to_hex(encode_cue_sheet(data_session_cue(1, Lba{0}, BlockCount{623}))),
            to_hex(golden("mmc/cdb-cue-sheet.golden", "sheet-623-blocks")));
}

TEST(CueSheet, OfAnAppendedSessionStartsAtItsPregap) {
  EXPECT_EQ(to_hex(encode_cue_sheet(data_session_cue(2, Lba{12'025}, BlockCount{1000}))),
            to_hex(golden("mmc/cdb-cue-sheet.golden", "sheet-appended")));
}

TEST(LayerBoundary, CountsTheBlocksOfLayerZero) {
  const auto list = encode_layer_boundary(BlockCount{1'913'760});
  EXPECT_EQ(to_hex(Bytes(list.begin(), list.end())),
            to_hex(golden("mmc/cdb-disc-structure.golden", "list-1913760")));
}

TEST(CdbsDeathTest, RefuseACountThatTheFieldCannotHold) {
  EXPECT_DEATH(static_cast<void>(write10(Lba{0}, BlockCount{65536})), "broken invariant");
  EXPECT_DEATH(static_cast<void>(write10(Lba{0}, BlockCount{-1})), "broken invariant");
  EXPECT_DEATH(static_cast<void>(reserve_track(BlockCount{1LL << 32})), "broken invariant");
  EXPECT_EQ(write10(Lba{0}, BlockCount{65535}).size, 10U);
}

}  // namespace
}  // namespace pregroove::mmc
