// Recording a CD in every way but track-at-once of data, where one command does not show it; the
// answers to single commands are in fixtures/conformance.
#include <fmt/format.h>

#include <algorithm>

#include "simdrive/disc/at_once_session.h"
#include "simdrive/disc/host_block.h"
#include "tests/unit/simdrive/bench_drive.h"
#include "tests/unit/simdrive/conformance/cd_states.h"
#include "tests/unit/simdrive/conformance/states.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::cdb10;
using testing_support::octets;
using testing_support::write_octets;

constexpr Lba kLeadIn{-12520};  // of the medium "cd-r-80": 97:15:05
constexpr Lba kProgram{-150};
constexpr Lba kSecondTrack{400};
constexpr Lba kLeadOut{800};

Bytes read_cd(BenchDrive& bench, std::int32_t lba, std::uint8_t flags, std::uint8_t subchannel,
              std::size_t room) {
  const auto address = static_cast<std::uint32_t>(lba);
  Answer answer =
      bench.receive(fmt::format("BE 00 {:02X} {:02X} {:02X} {:02X} 00 00 01 {:02X} {:02X} 00",
                                address >> 24U, (address >> 16U) & 0xFFU, (address >> 8U) & 0xFFU,
                                address & 0xFFU, flags, subchannel),
                    room);
  EXPECT_TRUE(answer.good()) << lba;
  return answer.data;
}

// What a program that records raw sends: a lead-in whose Q channel is the table of contents, an
// audio and a data track, and some of the lead-out.
class RawHost {
 public:
  static Bytes block(Lba lba) {
    Bytes bytes(2352);
    if (lba >= kSecondTrack && lba < kLeadOut) {
      bytes = data_sector(lba);
      scramble_sector(std::span(bytes).first<kRawSectorSize>());
    } else if (lba >= Lba{0}) {
      bytes = octets(lba.value, 1, 2352);
    }
    const Subchannel symbols = subchannel(lba);
    bytes.insert(bytes.end(), symbols.begin(), symbols.end());
    return bytes;
  }
  // As it is read: unscrambled.
  static Bytes data_sector(Lba lba) {
    std::array<std::byte, pregroove::kBlockSize> user_data{};
    std::ranges::copy(octets(lba.value, 1, user_data.size()), user_data.begin());
    const RawSector sector = encode_sector(lba, user_data, SectorFormat::kMode1);
    return {sector.begin(), sector.end()};
  }
  static Subchannel subchannel(Lba lba) {
    Subcode graphics{};
    graphics.fill(std::byte{0x15});
    return interleave(false, q(lba), lba < kProgram ? Subcode{} : graphics);
  }

 private:
  static QFrame q(Lba lba) {
    if (lba < kProgram) return lead_in_q(lba);
    const bool data = lba >= kSecondTrack;
    SubchannelPlace place{.control = data ? std::uint8_t{4} : std::uint8_t{0},
                          .track = data ? std::uint8_t{2} : std::uint8_t{1},
                          .index = lba < Lba{0} ? std::uint8_t{0} : std::uint8_t{1},
                          .track_start = data ? kSecondTrack : Lba{0}};
    if (lba >= kLeadOut) place.track = kLeadOutTrack, place.track_start = kLeadOut;
    return q_at(lba, place);
  }
  static QFrame lead_in_q(Lba lba) {
    const Msf at{0, 0, 0};
    switch ((lba - kLeadIn).value % 5) {
      case 0:
        return make_q(toc_first_track(0, 1, 0, at));
      case 1:
        return make_q(toc_last_track(4, 2, at));
      case 2:
        return make_q(toc_lead_out(4, {0, 12, 50}, at));
      case 3:
        return make_q(toc_track(0, 1, {0, 2, 0}, at));
      default:
        return make_q(toc_track(4, 2, {0, 7, 25}, at));
    }
  }
};

void write_raw(BenchDrive& bench, Lba from, Lba to) {
  constexpr SenseCode kBufferFull{2, 0x04, 0x08};
  while (from < to) {
    const BlockCount count = std::min(to - from, BlockCount{20});
    Bytes data;
    for (BlockCount i{}; i < count; i += BlockCount{1}) {
      const Bytes block = RawHost::block(from + i);
      data.insert(data.end(), block.begin(), block.end());
    }
    const Answer answer =
        bench.send_data(cdb10(0x2A, from.value, static_cast<std::uint16_t>(count.value)), data);
    if (answer.sense == kBufferFull) {
      bench.clock().advance(std::chrono::milliseconds(50));
      continue;
    }
    ASSERT_TRUE(answer.good()) << from.value;
    from += count;
  }
}

TEST(RawRecording, LeadInOfTheHostBecomesTheTableOfContents) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x43, 0x00, 0x03).good());
  ASSERT_NO_FATAL_FAILURE(write_raw(bench, kLeadIn, kProgram));
  ASSERT_NO_FATAL_FAILURE(write_raw(bench, kProgram, kLeadOut + BlockCount{40}));
  ASSERT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
  bench.wait();
  const Answer toc = bench.receive("43 00 00 00 00 00 00 03 24 00", 804);
  EXPECT_EQ(toc.data, pregroove::testing_support::hex("00 1A 01 02  00 10 01 00 00 00 00 00"
                                                      "  00 14 02 00 00 00 01 90"
                                                      "  00 14 AA 00 00 00 03 20"));
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kComplete);
  for (const std::int32_t lba : {0, 17, 399})
    EXPECT_EQ(read_cd(bench, lba, 0xF8, 0, 2352), octets(lba, 1, 2352)) << lba;
  for (const std::int32_t lba : {400, 555, 799})
    EXPECT_EQ(read_cd(bench, lba, 0xF8, 0, 2352), RawHost::data_sector(Lba{lba})) << lba;
  const Subchannel written = RawHost::subchannel(Lba{123});
  EXPECT_EQ(read_cd(bench, 123, 0, 1, 96), Bytes(written.begin(), written.end()));
  // READ (10) takes the user data out of what was written raw.
  EXPECT_EQ(bench.read(400, 2).data, octets(400, 2, 2048));
  EXPECT_EQ(bench.read(0, 1).sense, (SenseCode{5, 0x64, 0x00}));
}

TEST(RawRecording, TakesRawBlocksOnly) {
  profiles::Personality personality;
  personality.quirks.mode_select_accepts_anything = true;
  BenchDrive bench("cd-r-80", personality);
  ASSERT_TRUE(bench.select_page_5(0x43, 0x00, 0x03).good());
  ASSERT_NO_FATAL_FAILURE(write_raw(bench, kLeadIn, kProgram));
  ASSERT_TRUE(bench.select_page_5(0x43, 0x00, 0x08).good());
  EXPECT_EQ(bench.write(kProgram.value, Bytes(2048)).sense, (SenseCode{5, 0x64, 0x00}));
  ASSERT_TRUE(bench.select_page_5(0x43, 0x00, 0x03).good());
  ASSERT_NO_FATAL_FAILURE(write_raw(bench, kProgram, Lba{0}));
}

TEST(RawRecording, LeadOutHasNoPlaceAmongTheUserData) {
  const auto disc = Disc::blank(*find_medium("cd-r-21"));
  AtOnceSession session = begin_raw_session(Lba{0} + disc->medium().capacity());
  session.cue.program = {{.start = Lba{0}, .track = 1, .index = 1}};
  session.cue.lead_out_start = session.start;
  const WriteMode mode{.method = RecordingMethod::kRaw, .session = &session};
  EXPECT_FALSE(disc->write_blocks(session.start, Bytes(2048), HostBlock{}, mode).has_value());
  EXPECT_TRUE(
      disc->write_blocks(session.start, Bytes(2352 + 96), host_block(3).value(), mode).has_value());
}

TEST(Blanking, NothingShinesThroughWhatTheDriveRecordsByItself) {
  for (const std::uint8_t type : {std::uint8_t{0}, std::uint8_t{1}}) {
    const auto disc = Disc::blank(*find_medium("cd-rw-21"));
    ASSERT_TRUE(disc->write(Lba{0}, octets(0, 300, 2048), {}).has_value());
    Layout next = disc->layout();
    const auto effect = next.blank(type, 0);
    ASSERT_TRUE(effect.has_value());
    ASSERT_TRUE(disc->commit(next, *effect).has_value());
    // Without data from the host.
    next.record_write(Lba{0}, BlockCount{300}, {});
    ASSERT_TRUE(disc->commit(next).has_value());
    Bytes buffer(std::size_t{300} * 2048, std::byte{0xEE});
    ASSERT_TRUE(disc->read_recorded(Lba{0}, buffer).has_value());
    EXPECT_EQ(buffer, Bytes(buffer.size())) << int{type};
  }
}

struct RawTocRow {
  const char* name;
  std::uint8_t first, last;
  std::array<std::uint8_t, 3> track_1, track_2, lead_out;
  bool taken;
};

// The entries come in the last blocks of a lead-in.
TEST(RawRecording, TableOfContentsThatCannotBeIsNotTaken) {
  using Address = std::array<std::uint8_t, 3>;
  constexpr Address kZero{0x00, 0x02, 0x00};
  constexpr Address kTrack2{0x00, 0x07, 0x25};
  constexpr Address kEnd{0x00, 0x12, 0x50};
  constexpr RawTocRow kRows[] = {
      {"sound", 0x01, 0x02, kZero, kTrack2, kEnd, true},
      {"track 1 later", 0x01, 0x02, {0x00, 0x02, 0x01}, kTrack2, kEnd, true},
      {"track 1 in its pregap", 0x01, 0x02, {0x00, 0x01, 0x74}, kTrack2, kEnd, false},
      {"tracks do not ascend", 0x01, 0x02, kTrack2, kTrack2, kEnd, false},
      {"lead-out does not follow", 0x01, 0x02, kZero, kTrack2, kTrack2, false},
      {"hexadecimal lead-out", 0x01, 0x02, kZero, kTrack2, {0x0A, 0x12, 0x50}, false},
      {"hexadecimal track", 0x01, 0x02, kZero, {0x00, 0x07, 0x1F}, kEnd, false},
      {"60 seconds", 0x01, 0x02, kZero, kTrack2, {0x01, 0x60, 0x00}, false},
      {"75 frames", 0x01, 0x02, kZero, kTrack2, {0x01, 0x00, 0x75}, false},
      {"first is not 1", 0x02, 0x02, kZero, kTrack2, kEnd, false},
      {"last before first", 0x01, 0x00, kZero, kTrack2, kEnd, false},
  };
  const HostBlock raw = host_block(3).value();
  for (const RawTocRow& row : kRows) {
    const QTocEntry entries[] = {{.point = 0xA0, .value = {row.first, 0, 0}},
                                 {.point = 0xA1, .value = {row.last, 0, 0}},
                                 {.point = 0xA2, .value = row.lead_out},
                                 {.point = 0x01, .value = row.track_1},
                                 {.point = 0x02, .value = row.track_2}};
    AtOnceSession session = begin_raw_session(kProgram - BlockCount{5});
    for (const QTocEntry& entry : entries) {
      Bytes block(2352);
      const Subchannel symbols = interleave(false, make_q(entry));
      block.insert(block.end(), symbols.begin(), symbols.end());
      advance(session, block, raw);
    }
    EXPECT_EQ(session.program_known(), row.taken) << row.name;
  }
}

TEST(RawRecording, WithoutATableOfContentsThereIsNoProgram) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x43, 0x00, 0x03).good());
  const Bytes silent(std::size_t{370} * 2448);
  std::int32_t lba = kLeadIn.value;
  while (lba < kProgram.value) {
    const auto count = static_cast<std::uint16_t>(std::min(370, kProgram.value - lba));
    const Answer answer = bench.send_data(cdb10(0x2A, lba, count),
                                          Bytes(silent.begin(), silent.begin() + (count * 2448)));
    if (!answer.good()) {
      ASSERT_EQ(answer.sense, (SenseCode{2, 0x04, 0x08}));
      bench.clock().advance(std::chrono::milliseconds(50));
      continue;
    }
    lba += count;
  }
  bench.wait();
  const Answer answer = bench.send_data(cdb10(0x2A, -150, 1), Bytes(2448));
  EXPECT_EQ(answer.sense, (SenseCode{5, 0x2C, 0x00}));
}

// A storage device that fails under the sub-channels.
class WithoutSubchannels final : public MemoryStore {
 public:
  using MemoryStore::MemoryStore;
  [[nodiscard]] pregroove::Status read(Area area, Lba lba,
                                       std::span<std::byte> buffer) const override {
    if (area == Area::kSubChannels)
      return pregroove::fail(pregroove::ErrorCode::kCorruptFile, "made to fail");
    return MemoryStore::read(area, lba, buffer);
  }
};

TEST(ReadCd, SubchannelsThatCannotBeReadAreAnError) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  const Layout layout = bench.disc().layout();
  bench.drive().insert(std::make_unique<Disc>(
      std::make_unique<WithoutSubchannels>(layout.medium(), layout.capacity()), layout));
  bench.settle();
  EXPECT_TRUE(bench.receive("BE 00 00 00 00 0A 00 00 01 10 00 00", 2048).good());
  const Answer answer = bench.receive("BE 00 00 00 00 0A 00 00 01 10 02 00", 2064);
  EXPECT_EQ(answer.sense, (SenseCode{3, 0x11, 0x05}));
  EXPECT_EQ(answer.information, Lba{10});
}

TEST(TestWrite, IsRefusedByADriveWithoutIt) {
  profiles::Personality personality;
  personality.features.test_write = {MediumFamily::kDvd};
  BenchDrive bench("cd-r-80", personality);
  EXPECT_EQ(bench.select_page_5(0x51, 0xC4, 0x08).sense, (SenseCode{5, 0x26, 0x00}));
  EXPECT_TRUE(bench.select_page_5(0x41, 0xC4, 0x08).good());
}

TEST(TestWrite, RecordsOnADriveThatOnlyAcceptsTheBit) {
  profiles::Personality personality;
  personality.features.test_write = {};
  personality.quirks.mode_select_accepts_anything = true;
  BenchDrive bench("cd-r-80", personality);
  ASSERT_TRUE(bench.select_page_5(0x51, 0xC4, 0x08).good());
  ASSERT_TRUE(bench.write(0, octets(0, 1, 2048)).good());
  EXPECT_EQ(bench.next_writable(), 1);
}

TEST(BufferUnderrunProtection, IsRefusedByADriveWithoutIt) {
  profiles::Personality personality;
  personality.features.buffer_underrun_protection = {};
  BenchDrive bench("cd-r-80", personality);
  EXPECT_EQ(bench.receive("5A 08 05 00 00 00 00 00 3C 00", 60).number(10, 1) & 0x40U, 0U);
  EXPECT_EQ(bench.select_page_5(0x41, 0xC4, 0x08).sense, (SenseCode{5, 0x26, 0x00}));
  EXPECT_TRUE(bench.select_page_5(0x01, 0xC4, 0x08).good());
}

// What was reserved in between counts for the next one.
TEST(TestWrite, RefusedOneBeginsNoRehearsal) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x51, 0xC4, 0x08).good());
  EXPECT_FALSE(bench.write(99999, octets(99999, 1, 2048)).good());
  EXPECT_FALSE(bench.send_data(cdb10(0x2A, 0, 2), octets(0, 1, 2048)).good());
  ASSERT_TRUE(bench.select_page_5(0x41, 0xC4, 0x08).good());
  ASSERT_TRUE(bench.send("53 00 00 00 00 00 00 10 00 00").good());
  ASSERT_TRUE(bench.select_page_5(0x51, 0xC4, 0x08).good());
  const std::int32_t behind = bench.disc().layout().invisible_track().value().start.value;
  EXPECT_TRUE(bench.write(behind, octets(behind, 1, 2048)).good());
}

TEST(SessionAtOnce, AnotherCanFollowOneThatWasClosedBeforeItWasComplete) {
  profiles::Personality personality;
  personality.quirks.sao_on_appendable = profiles::SaoOnAppendable::kAccepted;
  BenchDrive bench("cd-r-80", personality);
  ASSERT_TRUE(bench.select_page_5(0x42, 0xC0, 0x00).good());
  testing_support::send_cue_sheet(bench, testing_support::kDataCue);
  ASSERT_NO_FATAL_FAILURE(write_octets(bench, -150, 350, 2048));
  bench.wait();
  ASSERT_TRUE(bench.send("5B 00 01 00 00 01 00 00 00 00").good());
  bench.wait();
  ASSERT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
  bench.wait();
  ASSERT_EQ(bench.disc().layout().closed_sessions(), 1);
  const Lba start = bench.disc().layout().next_session_start();
  const auto at = [](Lba lba) {
    const Msf time = pregroove::msf_from_lba(lba).value();
    return fmt::format("{:02X} {:02X} {:02X}", time.minute, time.second, time.frame);
  };
  testing_support::send_cue_sheet(bench, "41 00 00 14 00 00 00 00  41 02 00 10 00 " +
                                             at(start - BlockCount{150}) + "  41 02 01 10 00 " +
                                             at(start) + "  41 AA 01 14 00 " +
                                             at(start + BlockCount{300}));
}

// cdrdao, GenericMMC::getStartOfSession: the write type "influences which address is returned", and
// index 1 lies 150 blocks behind it.
TEST(SessionAtOnce, ContinuesADiscAtThePregapAndTrackAtOnceBehindIt) {
  profiles::Personality personality;
  personality.quirks.sao_on_appendable = profiles::SaoOnAppendable::kAccepted;
  BenchDrive bench("cd-r-80", personality);
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, "appendable"));
  const auto next_writable = [&bench] {
    return bench.receive("52 01 00 00 00 FF 00 00 24 00", 36).number(12, 4);
  };
  ASSERT_TRUE(bench.select_page_5(0x41, 0xC4, 0x08).good());
  const auto behind = next_writable();
  ASSERT_TRUE(bench.select_page_5(0x42, 0xC0, 0x00).good());
  EXPECT_EQ(next_writable(), behind - 150);
  ASSERT_TRUE(bench.select_page_5(0x41, 0xC4, 0x08).good());
  EXPECT_EQ(next_writable(), behind);
}

TEST(SessionAtOnce, TestWriteLeavesTheDiscBlank) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x52, 0x00, 0x00).good());
  testing_support::send_cue_sheet(bench, testing_support::kDataCue);
  ASSERT_NO_FATAL_FAILURE(write_octets(bench, -150, 450, 2048));
  testing_support::synchronize(bench);
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kBlank);
  // The cue sheet is used up.
  EXPECT_EQ(bench.send_data(cdb10(0x2A, -150, 1), Bytes(2048)).sense, (SenseCode{5, 0x2C, 0x00}));
}

TEST(SessionAtOnce, InterruptedSessionCanBeClosedAndIsReadable) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, "sao-interrupted"));
  ASSERT_TRUE(bench.send("5B 00 01 00 00 01 00 00 00 00").good());
  bench.wait();
  ASSERT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
  bench.wait();
  EXPECT_EQ(bench.disc().tracks()[0].recorded, BlockCount{300});  // padded to four seconds
  EXPECT_EQ(bench.read(0, 40).data, octets(0, 40, 2048));
  EXPECT_EQ(bench.read(40, 1).data, Bytes(2048));
  EXPECT_TRUE(bench.disc().check_invariants().has_value());
}

TEST(SessionAtOnce, AudioComesBackAsItWasWrittenThePauseIncluded) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, "audio-session"));
  for (const std::int32_t lba : {0, 299, 300, 449, 450, 749})
    EXPECT_EQ(read_cd(bench, lba, 0x10, 0, 2352), octets(lba, 1, 2352)) << lba;
}

TEST(SessionAtOnce, DataComesBackWithItsCodes) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, "mixed-mode"));
  const Bytes sector = read_cd(bench, 299, 0xF8, 0, 2352);
  const SectorReport report = inspect_sector(std::span(sector).first<kRawSectorSize>());
  EXPECT_EQ(report.form, SectorForm::kMode1);
  EXPECT_EQ(report.edc, Check::kHolds);
  EXPECT_EQ(report.ecc, Check::kHolds);
  EXPECT_EQ(report.address, (Msf{0, 5, 74}));
}

TEST(TrackAtOnce, EveryDataBlockTypeMakesItsSectors) {
  struct Row {
    std::uint8_t type;
    std::size_t block;
    SectorForm form;
  };
  constexpr Row kRows[] = {{8, 2048, SectorForm::kMode1},
                           {9, 2336, SectorForm::kMode2Formless},
                           {10, 2048, SectorForm::kMode2Form1},
                           {12, 2324, SectorForm::kMode2Form2}};
  for (const Row& row : kRows) {
    BenchDrive bench;
    ASSERT_TRUE(bench.select_page_5(0x41, 0xC4, row.type, 0x20).good());
    ASSERT_NO_FATAL_FAILURE(write_octets(bench, 0, 300, row.block)) << int{row.type};
    testing_support::synchronize(bench);
    const Bytes sector = read_cd(bench, 7, 0xF8, 0, 2352);
    const SectorReport report = inspect_sector(std::span(sector).first<kRawSectorSize>());
    EXPECT_EQ(report.form, row.form) << int{row.type};
    const auto user_data =
        std::span(sector).subspan(report.user_data_offset, report.user_data_size);
    EXPECT_TRUE(std::ranges::equal(user_data, octets(7, 1, row.block))) << int{row.type};
  }
}

TEST(Packets, TrackIsPaddedAndClosedWithoutTheLastLink) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, "two-packets"));
  ASSERT_TRUE(bench.send("5B 00 01 00 00 FF 00 00 00 00").good());
  bench.wait();
  ASSERT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
  const Track track = bench.disc().tracks()[0];
  EXPECT_EQ(track.recorded, BlockCount{300});
  EXPECT_EQ(bench.disc().lead_out_start(1), Lba{302});  // run-out
  EXPECT_EQ(bench.disc().layout().recording().links, (std::vector<Extent>{{Lba{16}, Lba{23}}}));
  EXPECT_TRUE(bench.disc().check_invariants().has_value());
}

}  // namespace
}  // namespace simdrive
