// What drives disagree in: each quirk that does not concern time, as the default drive shows it and
// as a drive with the quirk does.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <random>

#include "engine/scsi/sense.h"
#include "simdrive/drive/command_table.h"
#include "simdrive/profiles/built_in.h"
#include "tests/unit/simdrive/conformance/states.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using pregroove::testing_support::hex;
using profiles::Personality;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;

// What is compared: "GOOD" or a sense code, or some bytes of the reply in hex.
using Look = std::function<std::string(BenchDrive&)>;

std::string sense_of(const Answer& answer) {
  return answer.good() ? "GOOD"
                       : fmt::format("{:X}/{:02X}/{:02X}", answer.sense.key, answer.sense.asc,
                                     answer.sense.ascq);
}

Look sense(const std::string& cdb, std::size_t room = 0) {
  return [=](BenchDrive& bench) { return sense_of(bench.receive(cdb, room)); };
}
Look sense_of_data(const std::string& cdb, const std::string& data) {
  return [=](BenchDrive& bench) { return sense_of(bench.send_data(cdb, hex(data))); };
}
Look sense_of_write(std::int32_t lba) {
  return
      [=](BenchDrive& bench) { return sense_of(bench.write(lba, testing_support::pattern(lba))); };
}
Look bytes(const std::string& cdb, std::size_t room, std::size_t offset, std::size_t size) {
  return [=](BenchDrive& bench) {
    const Answer answer = bench.receive(cdb, room);
    return answer.good() ? fmt::format("{:0{}X}", answer.number(offset, size), 2 * size)
                         : sense_of(answer);
  };
}
// Current or not, of one feature; "none" when the drive has it not.
Look feature(const std::string& code) {
  return [=](BenchDrive& bench) -> std::string {
    const Answer answer = bench.receive("46 02 " + code + " 00 00 00 01 00 00", 256);
    if (answer.data.size() < 12) return "none";
    return (answer.number(10, 1) & 1U) != 0 ? "current" : "lapsed";
  };
}

Look after_two_more_sessions(const Look& look) {
  return [=](BenchDrive& bench) {
    for (int track = 2; track <= 3; ++track) {
      bench.write_blocks(bench.next_writable(), 320);
      bench.wait();
      EXPECT_TRUE(bench.send(fmt::format("5B 00 01 00 00 {:02X} 00 00 00 00", track)).good());
      bench.wait();
      EXPECT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
      bench.wait();
    }
    return look(bench);
  };
}

struct QuirkRow {
  const char* name;
  const char* medium;
  const char* state;
  void (*change)(Personality&);
  Look look;
  const char* by_default;
  const char* with_quirk;
};
void PrintTo(const QuirkRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kReady = "00 00 00 00 00 00";
constexpr auto kFourBytesOfCapabilities = "5A 00 2A 00 00 00 00 00 48 00";

const std::vector<QuirkRow>& quirk_rows() {
  static const std::vector<QuirkRow> rows = {
      {"TrayClosedEmpty", "", "no-disc",
       [](Personality& p) {
         p.quirks.sense.tray_closed_empty = {2, 0x3A, 0x00};
       },
       sense(kReady), "2/3A/01", "2/3A/00"},
      {"TrayOpen", "cd-r-80", "tray-open",
       [](Personality& p) {
         p.quirks.sense.tray_open = {2, 0x3A, 0x00};
       },
       sense(kReady), "2/3A/02", "2/3A/00"},
      {"WriteToFinalised", "cd-r-80", "finalised",
       [](Personality& p) {
         p.quirks.sense.write_to_finalised = {7, 0x27, 0x00};
       },
       sense_of_write(11702), "5/30/05", "7/27/00"},
      {"WriteToRom", "cd-rom", "pressed",
       [](Personality& p) {
         p.quirks.sense.write_to_rom = {5, 0x30, 0x00};
       },
       sense_of_write(0), "5/30/05", "5/30/00"},
      {"WriteToUnformatted", "bd-re-25", "unformatted",
       [](Personality& p) {
         p.quirks.sense.write_to_unformatted = {5, 0x30, 0x00};
       },
       sense_of_write(0), "5/30/10", "5/30/00"},
      {"WriteBeyondTrack", "cd-r-80", "blank",
       [](Personality& p) {
         p.quirks.sense.write_beyond_track = {5, 0x21, 0x00};
       },
       sense("53 00 00 00 00 00 05 7D A8 00"), "5/63/00", "5/21/00"},
      {"ReadBlankDisc", "cd-r-80", "blank",
       [](Personality& p) {
         p.quirks.sense.read_blank_disc = {8, 0x00, 0x00};
       },
       sense("28 00 00 00 00 00 00 00 01 00", 2048), "5/21/00", "8/00/00"},
      {"ReadUnwritten", "cd-r-80", "blank",
       [](Personality& p) {
         p.quirks.sense.read_unwritten = {5, 0x64, 0x00};
       },
       [](BenchDrive& bench) {
         EXPECT_TRUE(bench.send("53 00 00 00 00 00 00 04 00 00").good());
         bench.write_blocks(0, 40);
         bench.wait();
         return sense_of(bench.read(40, 1));
       },
       "3/11/05", "5/64/00"},
      {"ReadRunOut", "cd-r-80", "appendable",
       [](Personality& p) {
         p.quirks.sense.read_run_out = {3, 0x11, 0x05};
       },
       sense("28 00 00 00 01 2C 00 00 01 00", 2048), "5/64/00", "3/11/05"},
      {"BlankWriteOnce", "cd-r-80", "appendable",
       [](Personality& p) {
         p.quirks.sense.blank_write_once = {5, 0x30, 0x00};
       },
       sense("A1 01 00 00 00 00 00 00 00 00 00 00"), "5/30/06", "5/30/00"},
      {"BlankTypeUnsupported", "cd-rw-80", "appendable",
       [](Personality& p) {
         p.quirks.sense.blank_type_unsupported = {5, 0x26, 0x00};
       },
       sense("A1 05 00 00 00 00 00 00 00 00 00 00"), "5/24/00", "5/26/00"},
      {"FormatTypeOfAnotherMedium", "dvd+rw", "unformatted",
       [](Personality& p) {
         p.quirks.sense.format_type_of_another_medium = {5, 0x26, 0x00};
       },
       sense_of_data("04 11 00 00 00 00", "00 00 00 08 00 00 00 00 54 00 00 10"), "5/30/06",
       "5/26/00"},
      {"UnloadWhilePrevented", "cd-r-80", "blank",
       [](Personality& p) {
         p.quirks.sense.unload_while_prevented = {2, 0x53, 0x02};
       },
       [](BenchDrive& bench) {
         EXPECT_TRUE(bench.send("1E 00 00 00 01 00").good());
         return sense_of(bench.send("1B 00 00 00 02 00"));
       },
       "5/53/02", "2/53/02"},
      {"MediumChangeAttentions", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.medium_change_attentions = 2; },
       [](BenchDrive& bench) {
         bench.drive().insert(Disc::blank(*find_medium("cd-r-80")));
         bench.wait();
         (void)bench.send(kReady);
         return sense_of(bench.send(kReady));
       },
       "GOOD", "6/28/00"},
      {"GetConfigurationAttention", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.get_configuration_attention = true; },
       [](BenchDrive& bench) {
         bench.drive().insert(Disc::blank(*find_medium("cd-r-80")));
         return sense_of(bench.receive("46 00 00 00 00 00 00 00 08 00", 8));
       },
       "GOOD", "6/28/00"},
      {"PowerOnAttention", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.power_on_attention = false; },
       [](BenchDrive& bench) {
         bench.drive().cut_power();
         bench.drive().switch_on();
         bench.wait();
         return sense_of(bench.send(kReady));
       },
       "6/29/00", "GOOD"},
      {"CompleteDiscProfile", "cd-r-80", "finalised",
       [](Personality& p) { p.quirks.complete_disc_profile = profiles::CompleteDiscProfile::kRom; },
       bytes("46 00 00 00 00 00 00 00 08 00", 8, 6, 2), "0009", "0008"},
      {"RandomReadableOnlyWhenReadable", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.random_readable_only_when_readable = true; }, feature("00 10"),
       "current", "lapsed"},
      {"DvdRwRandomWritable", "dvd-rw", "formatted",
       [](Personality& p) { p.quirks.dvd_rw_random_writable = false; }, feature("00 20"), "current",
       "lapsed"},
      {"MinimalBlankUnsaid", "dvd-rw", "blank",
       [](Personality& p) { p.quirks.minimal_blank = profiles::MinimalBlank::kDaoOnlyUnsaid; },
       [](BenchDrive& bench) {
         EXPECT_TRUE(bench.send("A1 01 00 00 00 00 00 00 00 00 00 00").good());
         bench.wait();
         return feature("00 21")(bench);
       },
       "lapsed", "current"},
      {"PseudoOverwrite", "bd-r-25", "blank",
       [](Personality& p) { p.features.bd_r_pseudo_overwrite = false; }, feature("00 38"), "lapsed",
       "none"},
      {"ModeSenseBlockDescriptor", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.mode_sense_block_descriptor = true; },
       bytes("5A 00 05 00 00 00 00 00 44 00", 68, 6, 4), "00000532", "00080000"},
      {"ModeSenseWithoutBlockDescriptor", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.mode_sense_block_descriptor = true; },
       bytes("5A 08 05 00 00 00 00 00 44 00", 68, 6, 4), "00000532", "00000532"},
      {"ModeSelectAcceptsAnything", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.mode_select_accepts_anything = true; },
       [](BenchDrive& bench) { return sense_of(bench.select_page_5(0x0F, 0x04, 0x08)); }, "5/26/00",
       "GOOD"},
      {"DefaultWriteParametersRefused", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.default_write_parameters_refused = true; },
       [](BenchDrive& bench) {
         Bytes page = bench.receive("5A 00 85 00 00 00 00 00 3C 00", 60).data;
         page[0] = page[1] = std::byte{0};
         return sense_of(bench.send_data("55 10 00 00 00 00 00 00 3C 00", page));
       },
       "GOOD", "5/26/00"},
      {"DefaultBufe", "cd-r-80", "blank", [](Personality& p) { p.quirks.default_bufe = false; },
       bytes("5A 00 85 00 00 00 00 00 3C 00", 60, 10, 1), "61", "21"},
      {"DefaultLinkSizeValid", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.default_link_size_valid = false; },
       bytes("5A 00 85 00 00 00 00 00 3C 00", 60, 10, 4), "61040807", "41040800"},
      {"WriteParametersLength", "cd-r-80", "blank",
       [](Personality& p) { p.features.write_parameters_length = 54; },
       bytes("5A 00 05 00 00 00 00 00 40 00", 64, 0, 2), "003A", "003E"},
      {"Page2aNoCurrentSpeed", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.page_2a_speeds = profiles::Page2aSpeeds::kNoCurrent; },
       [](BenchDrive& bench) {
         const Answer page = bench.receive(kFourBytesOfCapabilities, 72);
         const bool most = page.number(8 + 18, 2) != 0;
         const bool current = page.number(8 + 28, 2) != 0 || page.number(8 + 14, 2) != 0;
         return fmt::format("{} {}", most, current);
       },
       "true true", "true false"},
      {"Page2aZeros", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.page_2a_speeds = profiles::Page2aSpeeds::kZeros; },
       [](BenchDrive& bench) {
         const Answer page = bench.receive(kFourBytesOfCapabilities, 72);
         return fmt::format(
             "{}", page.number(8 + 8, 2) + page.number(8 + 18, 2) + page.number(8 + 30, 2) != 0);
       },
       "true", "false"},
      {"Page2aCdSpeeds", "dvd+rw", "unformatted",
       [](Personality& p) { p.quirks.page_2a_speeds = profiles::Page2aSpeeds::kCdSpeeds; },
       [](BenchDrive& bench) {
         return fmt::format("{}",
                            bench.receive(kFourBytesOfCapabilities, 72).number(8 + 18, 2) == 8467);
       },
       "false", "true"},
      {"UnsupportedCommand", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.unsupported_commands = {0x46}; },
       sense("46 00 00 00 00 00 00 00 08 00", 8), "GOOD", "5/20/00"},
      {"NoEventClasses", "cd-r-80", "blank", [](Personality& p) { p.features.event_classes = {}; },
       sense("4A 01 00 00 10 00 00 00 08 00", 8), "GOOD", "5/20/00"},
      {"EventClasses", "cd-r-80", "blank",
       [](Personality& p) { p.features.event_classes = {profiles::EventClass::kMedia}; },
       bytes("4A 01 00 00 02 00 00 00 08 00", 8, 2, 2), "015E", "8010"},
      {"NoRealTimeStreaming", "cd-r-80", "blank",
       [](Personality& p) { p.features.real_time_streaming = false; },
       sense("AC 00 00 00 00 00 00 00 00 00 03 00", 8), "GOOD", "5/20/00"},
      {"NoRealTimeStreamingFeature", "cd-r-80", "blank",
       [](Personality& p) { p.features.real_time_streaming = false; }, feature("01 07"), "current",
       "none"},
      {"Interface", "", "no-disc",
       [](Personality& p) { p.identity.interface = profiles::Interface::kAtapi; },
       bytes("46 02 00 01 00 00 00 00 14 00", 20, 12, 4), "00000007", "00000002"},
      {"Vendor", "", "no-disc", [](Personality& p) { p.identity.vendor = "ABC"; },
       bytes("12 00 00 00 24 00", 36, 8, 4), "50524547", "41424320"},
      {"NoSerialNumberPage", "", "no-disc", [](Personality& p) { p.identity.serial_number = ""; },
       sense("12 01 80 00 FF 00", 255), "GOOD", "5/24/00"},
      {"NoSerialNumberFeature", "", "no-disc",
       [](Personality& p) { p.identity.serial_number = ""; }, feature("01 08"), "current", "none"},
      {"NoFirmwareDate", "", "no-disc", [](Personality& p) { p.identity.firmware_date = ""; },
       feature("01 0C"), "current", "none"},
      {"Mechanism", "", "no-disc",
       [](Personality& p) { p.identity.mechanism = profiles::Mechanism::kPopUp; },
       bytes("46 02 00 03 00 00 00 00 10 00", 16, 12, 1), "39", "49"},
      {"CannotRead", "dvd-r", "blank",
       [](Personality& p) {
         p.features.reads.erase(MediumKind::kDvdR);
         p.features.writes.erase(MediumKind::kDvdR);
       },
       sense(kReady), "GOOD", "2/30/02"},
      {"CannotReadProfile", "dvd-r", "blank",
       [](Personality& p) { p.features.reads.erase(MediumKind::kDvdR); },
       bytes("46 00 00 00 00 00 00 00 08 00", 8, 6, 2), "0011", "0000"},
      {"CannotWrite", "dvd+r", "blank",
       [](Personality& p) { p.features.writes.erase(MediumKind::kDvdPlusR); }, sense_of_write(0),
       "GOOD", "5/30/05"},
      {"CannotWriteFeature", "dvd-r", "blank",
       [](Personality& p) { p.features.writes.erase(MediumKind::kDvdR); }, feature("00 21"),
       "current", "lapsed"},
      {"BlankTypes", "cd-rw-80", "finalised",
       [](Personality& p) {
         p.features.blank_types[MediumKind::kCdRw] = {profiles::BlankType::kDisc};
       },
       sense("A1 01 00 00 00 00 00 00 00 00 00 00"), "GOOD", "5/24/00"},
      {"CdTextAbsent", "cd-r-80", "finalised",
       [](Personality& p) { p.quirks.cd_text_absent = profiles::CdTextAbsent::kRefused; },
       sense("43 00 05 00 00 00 00 00 04 00", 4), "GOOD", "5/24/00"},
      {"DvdTocSessions", "dvd+r", "appendable",
       [](Personality& p) { p.quirks.dvd_toc = profiles::DvdToc::kTwoSessions; },
       after_two_more_sessions(bytes("43 00 01 00 00 00 00 00 0C 00", 12, 2, 2)), "0103", "0102"},
      // The last session starts at the same place for both.
      {"DvdTocTracks", "dvd+r", "appendable",
       [](Personality& p) { p.quirks.dvd_toc = profiles::DvdToc::kTwoSessions; },
       after_two_more_sessions(bytes("43 00 00 00 00 00 02 00 14 00", 20, 0, 4)), "001A0103",
       "00120102"},
      {"BlankNextWritableAddress", "cd-r-80", "blank",
       [](Personality& p) { p.quirks.blank_nwa_minus_150 = true; },
       bytes("52 01 00 00 00 FF 00 00 24 00", 36, 12, 4), "00000000", "FFFFFF6A"},
      {"TrackFfOnDvd", "dvd+r", "blank",
       [](Personality& p) { p.quirks.track_ff_on_dvd = profiles::TrackFf::kRefused; },
       sense("52 01 00 00 00 FF 00 00 24 00", 36), "GOOD", "5/24/00"},
      {"OpcEntries", "dvd-r", "blank", [](Personality& p) { p.quirks.opc_entries = 2; },
       bytes("51 00 00 00 00 00 00 00 FF 00", 255, 0, 2), "0020", "0030"},
      {"OpcEntriesCount", "dvd-r", "blank", [](Personality& p) { p.quirks.opc_entries = 2; },
       bytes("51 00 00 00 00 00 00 00 FF 00", 255, 33, 1), "00", "02"},
      {"CapacityWithoutRunOut", "cd-r-80", "appendable",
       [](Personality& p) { p.quirks.read_capacity_includes_run_out = false; },
       bytes("25 00 00 00 00 00 00 00 00 00", 8, 0, 4), "0000012D", "0000012B"},
      {"CurrentFormatCapacity", "dvd+rw", "formatted",
       [](Personality& p) { p.quirks.current_format_capacity_zero = true; },
       bytes("23 00 00 00 00 00 00 00 0C 00", 12, 4, 4), "00230540", "00000000"},
      {"DvdRamResize", "dvd-ram", "formatted",
       [](Personality& p) { p.quirks.dvd_ram_resize_ignored = true; },
       [](BenchDrive& bench) {
         const std::string size = "00 20 A3 20";  // 97792 blocks less than 2236704
         EXPECT_TRUE(
             bench.send_data("04 19 00 00 00 00", hex("00 A0 00 08 " + size + " 04 00 08 00"))
                 .good());
         bench.wait();
         return fmt::format("{:08X}",
                            bench.receive("25 00 00 00 00 00 00 00 00 00", 8).number(0, 4));
       },
       "0020A31F", "0022211F"},
      {"BdRFormatSize", "bd-r-25", "blank",
       [](Personality& p) { p.quirks.bd_r_format_ignores_size = true; },
       [](BenchDrive& bench) {
         // All but the inner spare area: 12219392 less 4096 clusters of 32 blocks.
         EXPECT_TRUE(
             bench.send_data("04 11 00 00 00 00", hex("00 00 00 08 00 B8 74 00 C8 00 10 00"))
                 .good());
         bench.wait();
         return bytes("23 00 00 00 00 00 00 00 0C 00", 12, 4, 4)(bench);
       },
       "00B87400", "00B47400"},
      {"RefusedDiscStructure", "dvd+r", "blank",
       [](Personality& p) { p.quirks.refused_disc_structures = {0x11}; },
       sense("AD 00 00 00 00 00 00 11 00 04 00 00", 4), "GOOD", "5/24/00"},
      {"RefusesNoOtherDiscStructure", "dvd+r", "blank",
       [](Personality& p) { p.quirks.refused_disc_structures = {0x11}; },
       sense("AD 00 00 00 00 00 00 00 00 04 00 00", 4), "GOOD", "GOOD"},
      {"CloseTrackAfterTrackAtOnce", "cd-r-80", "open-session",
       [](Personality& p) { p.quirks.sense.close_track_after_tao = {5, 0x72, 0x00}; },
       sense("5B 00 01 00 00 01 00 00 00 00"), "GOOD", "5/72/00"},
      {"SynchronizeClosesTrack", "cd-r-80", "open-session",
       [](Personality& p) { p.quirks.synchronize_closes_tao_track = false; },
       // RT and Blank: a complete track counts as reserved.
       bytes("52 01 00 00 00 01 00 00 24 00", 36, 6, 1), "81", "01"},
      {"MinimalBlankKeepsIncremental", "dvd-rw", "blank",
       [](Personality& p) { p.quirks.minimal_blank = profiles::MinimalBlank::kKeepsIncremental; },
       [](BenchDrive& bench) {
         EXPECT_TRUE(bench.send("A1 01 00 00 00 00 00 00 00 00 00 00").good());
         bench.wait();
         return feature("00 21")(bench);
       },
       "lapsed", "current"},
      {"DvdPlusRSessions", "dvd+r", "appendable",
       [](Personality& p) { p.limits.dvd_plus_r_sessions = 3; },
       after_two_more_sessions(bytes("51 00 00 00 00 00 00 00 22 00", 34, 2, 1)), "01", "0E"},
      {"DvdPlusROpenFragments", "dvd+r", "blank",
       [](Personality& p) { p.limits.dvd_plus_r_open_fragments = 1; },
       sense("53 00 00 00 00 00 00 01 00 00"), "GOOD", "5/72/05"},
      {"NoStreamRecording", "dvd-ram", "formatted",
       [](Personality& p) { p.features.stream_recording = false; },
       sense_of_data("AA 00 00 00 00 00 00 00 00 00 80 00", ""), "GOOD", "5/24/00"},
      {"StreamingNeedsWholeEccBlocks", "dvd-ram", "formatted",
       [](Personality& p) { p.quirks.streaming_needs_whole_ecc_blocks = true; },
       sense_of_data("AA 00 00 00 00 08 00 00 00 00 80 00", ""), "GOOD", "5/21/02"},
      {"PartialEccBlock", "dvd+r", "blank",
       [](Personality& p) { p.quirks.partial_ecc_block = profiles::PartialEccBlock::kRefused; },
       [](BenchDrive& bench) {
         const std::string part = sense_of(bench.write(0, testing_support::pattern(0, 15)));
         return part + " " + sense_of(bench.write(0, testing_support::pattern(0, 16)));
       },
       "GOOD 5/21/02", "5/21/02 GOOD"},
      {"UnalignedWrite", "dvd-rw", "formatted",
       [](Personality& p) {
         p.quirks.unaligned_write_dvd_rw = profiles::UnalignedWrite::kReadModifyWrite;
       },
       [](BenchDrive& bench) {
         // Block 20 gets what block 500 would hold; its neighbours stay.
         const Answer written = bench.write(20, testing_support::pattern(500));
         if (!written.good()) return sense_of(written);
         bench.wait();
         const bool kept = bench.read(19, 1).data == testing_support::pattern(19) &&
                           bench.read(21, 1).data == testing_support::pattern(21);
         const bool stored = bench.read(20, 1).data == testing_support::pattern(500);
         return fmt::format("{} {}", kept, stored);
       },
       "5/21/02", "true true"},
      {"SynchronizeLeavesTrackToClose", "cd-r-80", "open-session",
       [](Personality& p) { p.quirks.synchronize_closes_tao_track = false; },
       [](BenchDrive& bench) {
         EXPECT_TRUE(bench.send("5B 00 01 00 00 01 00 00 00 00").good());
         return bytes("52 01 00 00 00 01 00 00 24 00", 36, 6, 1)(bench);
       },
       "81", "81"},
  };
  return rows;
}

class Quirk : public ::testing::TestWithParam<QuirkRow> {};

TEST_P(Quirk, ShowsInADriveThatHasIt) {
  const QuirkRow& row = GetParam();
  Personality personality;
  for (const char* const expected : {row.by_default, row.with_quirk}) {
    SCOPED_TRACE(expected);
    BenchDrive bench(row.medium, personality);
    ASSERT_NO_FATAL_FAILURE(prepare_state(bench, row.state));
    EXPECT_EQ(row.look(bench), expected);
    row.change(personality);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Quirk, ::testing::ValuesIn(quirk_rows()),
                         [](const auto& row) { return row.param.name; });

// --- Whatever a host sends to any drive ------------------------------------------------------

class EveryDrive : public ::testing::TestWithParam<const char*> {};

// A command of the table, its bytes at random within what drives understand, or beyond.
void send_noise(BenchDrive& bench, std::mt19937& random) {
  const auto pick = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  const auto commands = all_commands();
  const CommandRow& row = commands[pick(static_cast<unsigned>(commands.size()))];
  Bytes cdb(row.cdb_length);
  cdb[0] = std::byte{row.opcode};
  for (std::size_t i = 1; i < cdb.size(); ++i) {
    const unsigned mask = pick(30) == 0 ? 0xFFU : row.usage[i];
    cdb[i] = static_cast<std::byte>(pick(2) == 0 ? 0U : (pick(256) & mask));
  }
  Bytes buffer(pick(3) == 0 ? 65536 : pick(5000));
  for (std::size_t i = 0; i < std::min<std::size_t>(buffer.size(), 80); ++i)
    buffer[i] = static_cast<std::byte>(pick(4) == 0 ? pick(256) : 0);
  const auto send = [&](const pregroove::scsi::DataPhase& data) {
    const auto done = bench.drive().execute({.cdb = cdb, .data = data});
    ASSERT_TRUE(done.has_value());
    EXPECT_LE(done->bytes_transferred, buffer.size());
  };
  if (pick(2) == 0)
    send(pregroove::scsi::DataIn{buffer});
  else
    send(pregroove::scsi::DataOut{buffer});
}

TEST_P(EveryDrive, SurvivesWhateverAHostSends) {
  const Personality& personality = *profiles::find_personality(GetParam());
  constexpr const char* kMedia[] = {"cd-r-21", "cd-rw-21", "dvd-r",   "dvd-rw",  "dvd-ram",
                                    "dvd+r",   "dvd+rw",   "bd-r-25", "bd-re-25"};
  for (unsigned seed = 1; seed <= std::size(kMedia); ++seed) {
    const char* const medium = kMedia[seed - 1];
    SCOPED_TRACE(fmt::format("medium {}, seed {}", medium, seed));
    BenchDrive bench(medium, personality);
    std::mt19937 random(seed);
    for (int i = 0; i < 400 && bench.drive().disc() != nullptr; ++i) {
      ASSERT_NO_FATAL_FAILURE(send_noise(bench, random));
      if (random() % 50 == 0) bench.drive().press_eject_button();
      if (random() % 100 == 0) {
        bench.drive().cut_power();
        bench.drive().switch_on();
      }
      bench.drive().close_tray();
      bench.clock().advance(std::chrono::seconds(random() % 8 == 0 ? 500 : 1));
      const auto sound = bench.disc().check_invariants();
      ASSERT_TRUE(sound.has_value()) << sound.error().message;
    }
  }
}

std::vector<const char*> built_in_names() {
  std::vector<const char*> names;
  for (const profiles::BuiltInText& text : profiles::built_in_texts())
    names.push_back(text.name.data());
  return names;
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryDrive, ::testing::ValuesIn(built_in_names()));

}  // namespace
}  // namespace simdrive
