// Replies against golden bytes.
#include <ostream>

#include "engine/scsi/sense.h"
#include "simdrive/drive/write_parameters.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using pregroove::testing_support::golden;
using pregroove::testing_support::hex;
using pregroove::testing_support::to_hex;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;

enum class DiscState { kBlank, kOpenTrack, kAppendable, kComplete };

struct GoldenRow {
  const char* file;
  const char* section;
  DiscState disc;
  const char* cdb;
  std::size_t length;
};
void PrintTo(const GoldenRow& row, std::ostream* out) { *out << row.file << " " << row.section; }

constexpr auto kDiscInformation = "51 00 00 00 00 00 00 00 22 00";
constexpr auto kInvisibleTrack = "52 01 00 00 00 FF 00 00 24 00";

constexpr GoldenRow kGoldenRows[] = {
    {"disc-information", "cd-r-blank", DiscState::kBlank, kDiscInformation, 34},
    {"disc-information", "cd-r-appendable", DiscState::kAppendable, kDiscInformation, 34},
    {"disc-information", "cd-r-complete", DiscState::kComplete, kDiscInformation, 34},
    {"disc-information", "cd-r-open-track", DiscState::kOpenTrack, kDiscInformation, 34},
    {"track-information", "cd-r-blank-invisible", DiscState::kBlank, kInvisibleTrack, 36},
    {"track-information", "cd-r-appendable-invisible", DiscState::kAppendable, kInvisibleTrack, 36},
    {"track-information", "cd-r-appendable-track-1", DiscState::kAppendable,
     "52 01 00 00 00 01 00 00 24 00", 36},
    {"track-information", "cd-r-open-track", DiscState::kOpenTrack, kInvisibleTrack, 36},
    {"toc", "cd-r-appendable-format-0", DiscState::kAppendable, "43 00 00 00 00 00 00 03 24 00",
     804},
    {"toc", "cd-r-appendable-format-0-msf", DiscState::kAppendable, "43 02 00 00 00 00 00 03 24 00",
     804},
    {"toc", "cd-r-appendable-format-1", DiscState::kAppendable, "43 00 01 00 00 00 00 00 0C 00",
     12},
    // As the Linux kernel asks: the format in the control byte (SFF-8020).
    {"toc", "cd-r-appendable-format-1", DiscState::kAppendable, "43 00 00 00 00 00 00 00 0C 40",
     12},
    {"toc", "cd-r-appendable-format-2", DiscState::kAppendable, "43 02 02 00 00 00 00 03 24 00",
     804},
    {"toc", "cd-r-complete-format-2", DiscState::kComplete, "43 02 02 00 00 00 00 03 24 00", 804},
    {"toc", "cd-r-appendable-format-3", DiscState::kAppendable, "43 02 03 00 00 00 00 03 24 00",
     804},
    {"toc", "cd-r-blank-format-4", DiscState::kBlank, "43 00 04 00 00 00 00 00 1C 00", 28},
    {"drive", "configuration-cd-track-at-once", DiscState::kBlank, "46 02 00 2D 00 00 00 00 10 00",
     16},
    {"drive", "event-new-media", DiscState::kBlank, "4A 01 00 00 10 00 00 00 08 00", 8},
    {"drive", "buffer-empty", DiscState::kBlank, "5C 00 00 00 00 00 00 00 0C 00", 12},
    {"drive", "capacity-appendable", DiscState::kAppendable, "25 00 00 00 00 00 00 00 00 00", 8},
    {"drive", "capacity-blank", DiscState::kBlank, "25 00 00 00 00 00 00 00 00 00", 8},
    {"drive", "performance-header", DiscState::kBlank, "AC 00 00 00 00 00 00 00 00 00 03 00", 8},
    {"drive", "mode-write-parameters", DiscState::kBlank, "5A 00 85 00 00 00 00 00 3C 00", 60},
    {"drive", "inquiry-36", DiscState::kBlank, "12 00 00 00 24 00", 36},
};

void prepare(BenchDrive& bench, DiscState disc) {
  switch (disc) {
    case DiscState::kBlank:
      return;
    case DiscState::kOpenTrack:
      bench.write_blocks(0, 40);
      break;
    case DiscState::kAppendable:
      bench.select_multi_session();
      bench.burn_session(623);
      break;
    case DiscState::kComplete:
      bench.select_final_session();
      bench.burn_session(623);
      break;
  }
  bench.wait();
}

class GoldenReply : public ::testing::TestWithParam<GoldenRow> {};

TEST_P(GoldenReply, HasTheBytesOfTheStandardsLayout) {
  const GoldenRow& row = GetParam();
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(prepare(bench, row.disc));
  const Answer answer = bench.receive(row.cdb, row.length);
  ASSERT_TRUE(answer.good()) << pregroove::scsi::to_string(answer.sense);
  EXPECT_EQ(to_hex(answer.data),
            to_hex(golden(std::string("mmc/reply-") + row.file + ".golden", row.section)));
}

INSTANTIATE_TEST_SUITE_P(Rows, GoldenReply, ::testing::ValuesIn(kGoldenRows));

TEST(GoldenReply, MediaEventIsToldOnce) {
  BenchDrive bench;
  (void)bench.receive("4A 01 00 00 10 00 00 00 08 00", 8);
  EXPECT_EQ(to_hex(bench.receive("4A 01 00 00 10 00 00 00 08 00", 8).data),
            to_hex(golden("mmc/reply-drive.golden", "event-nothing-since")));
}

TEST(GoldenReply, EventThatDidNotReachTheHostStaysPending) {
  BenchDrive bench;
  EXPECT_EQ(bench.receive("4A 01 00 00 10 00 00 00 04 00", 4).data.size(), 4U);
  EXPECT_EQ(to_hex(bench.receive("4A 01 00 00 10 00 00 00 08 00", 8).data),
            to_hex(golden("mmc/reply-drive.golden", "event-new-media")));
}

bool current(const Answer& answer) { return (answer.number(10, 1) & 1U) != 0; }

TEST(Features, WritingIsCurrentWhileTheDiscCanBeWritten) {
  constexpr auto kTrackAtOnce = "46 02 00 2D 00 00 00 00 10 00";
  BenchDrive bench;
  EXPECT_TRUE(current(bench.receive(kTrackAtOnce, 16)));
  ASSERT_NO_FATAL_FAILURE(prepare(bench, DiscState::kComplete));
  EXPECT_FALSE(current(bench.receive(kTrackAtOnce, 16)));
  EXPECT_EQ(bench.receive(kTrackAtOnce, 16).number(6, 2), 0x0009U);  // still a CD-R
  EXPECT_FALSE(current(BenchDrive::empty().receive(kTrackAtOnce, 16)));
}

TEST(Features, SessionAtOnceAndRawAreAnnounced) {
  BenchDrive bench;
  // 002Eh, CD mastering: a header and a descriptor of 8 bytes, current on a blank disc.
  const Answer answer = bench.receive("46 02 00 2E 00 00 00 00 10 00", 16);
  EXPECT_EQ(answer.number(8, 2), 0x002EU);
  EXPECT_EQ(answer.number(10, 1) & 1U, 1U);
}

struct PageRow {
  std::uint8_t byte_2, byte_3, block_type, session_format;
  bool accepted;
};

// Write type by data block type and track mode (MMC-6 7.5; what wodim probes).
TEST(WriteParameters, CombinationsThatTheDriveCanRecordAreAccepted) {
  constexpr PageRow kRows[] = {
      {0x01, 0x04, 0x08, 0x00, true},   // wodim's first probe
      {0x41, 0xC4, 0x08, 0x00, true},   // xorriso
      {0x41, 0xC4, 0x0A, 0x20, true},   // wodim -multi: CD-ROM XA
      {0x51, 0xC4, 0x08, 0x00, true},   // test write
      {0x00, 0x05, 0x08, 0x00, true},   // variable packets
      {0x00, 0x04, 0x08, 0x00, false},  // packets are recorded incrementally: track mode 5
      {0x00, 0x01, 0x00, 0x00, false},  // no packets of audio
      {0x01, 0x05, 0x08, 0x00, false},  // track-at-once is not incremental
      {0x02, 0x04, 0x08, 0x00, true},   // session-at-once, and with sub-channels
      {0x02, 0x04, 0x02, 0x00, true},
      {0x02, 0x04, 0x03, 0x00, true},
      {0x02, 0x04, 0x01, 0x00, false},
      {0x42, 0xC0, 0x00, 0x00, true},  // xorriso
      {0x03, 0x04, 0x01, 0x00, true},  // raw
      {0x03, 0x04, 0x02, 0x00, true},
      {0x03, 0x04, 0x03, 0x00, true},
      {0x03, 0x04, 0x08, 0x00, false},
      {0x04, 0x04, 0x08, 0x00, false},  // layer jump is for DVD
      {0x41, 0xC0, 0x00, 0x00, true},   // audio
      {0x41, 0xC3, 0x00, 0x00, true},   // with pre-emphasis, copying permitted
      {0x41, 0xC8, 0x00, 0x00, false},  // of four channels
      {0x41, 0xC4, 0x00, 0x00, false},  // a data track of audio
      {0x41, 0xC0, 0x08, 0x00, false},  // an audio track of data
      {0x41, 0xC4, 0x09, 0x00, true},   // mode 2
      {0x41, 0xC4, 0x0B, 0x20, true},
      {0x41, 0xC4, 0x0C, 0x20, true},
      {0x41, 0xC4, 0x0D, 0x20, true},
      {0x41, 0xC4, 0x07, 0x00, false},  // reserved data block types
      {0x41, 0xC4, 0x0E, 0x00, false},
      {0x41, 0x44, 0x08, 0x00, false},  // multi-session 01b is reserved for CD
      {0x41, 0xE4, 0x08, 0x00, false},  // fixed packets
      {0xC1, 0xC4, 0x08, 0x00, false},  // reserved bit
      {0x41, 0xC4, 0x08, 0x30, false},  // session format
  };
  for (const PageRow& row : kRows) {
    BenchDrive bench;
    const Answer answer =
        bench.select_page_5(row.byte_2, row.byte_3, row.block_type, row.session_format);
    EXPECT_EQ(answer.sense,
              row.accepted ? pregroove::SenseCode{} : (pregroove::SenseCode{5, 0x26, 0x00}))
        << int{row.byte_2} << " " << int{row.byte_3} << " " << int{row.block_type};
  }
}

TEST(WriteParameters, SessionFormatIsCheckedWithEveryMedium) {
  for (const char* medium : {"dvd-r", "dvd+rw", "bd-r-25"}) {
    BenchDrive bench(medium);
    EXPECT_EQ(bench.select_page_5(0x00, 0x05, 0x08, 0x77).sense,
              (pregroove::SenseCode{5, 0x26, 0x00}))
        << medium;
    EXPECT_TRUE(bench.select_page_5(0x00, 0x05, 0x08, 0x20).good()) << medium;
  }
}

// A drive may take any page, and a page that was set for a DVD is still there with the next CD.
TEST(WriteParameters, WhatNoDiscCanRecordIsLeftOut) {
  std::vector<std::uint8_t> page = default_write_parameters();
  page[2] = 0x00;
  page[3] = 0x25;  // fixed packets
  page[8] = 0x77;
  std::fill_n(page.begin() + 10, 4, std::uint8_t{0xFF});  // packet size
  std::fill_n(page.begin() + 16, 16, std::uint8_t{0x9B});
  std::fill_n(page.begin() + 32, 16, std::uint8_t{0x9B});
  WriteParameters parameters = parse_write_parameters(page);
  EXPECT_EQ(parameters.session_format, SessionFormat::kCdRom);
  EXPECT_EQ(parameters.packet, BlockCount{65535});
  EXPECT_EQ(parameters.catalogue.front(), '\0');
  EXPECT_EQ(parameters.isrc.front(), '\0');
  std::fill_n(page.begin() + 10, 4, std::uint8_t{0});
  page[8] = 0x10;
  parameters = parse_write_parameters(page);
  EXPECT_EQ(parameters.packet, BlockCount{1});
  EXPECT_EQ(parameters.session_format, SessionFormat::kCdI);
}

TEST(WriteParameters, RefusedPageChangesNothing) {
  BenchDrive bench;
  constexpr auto kCurrentPage = "5A 00 05 00 00 00 00 00 3C 00";
  const Bytes before = bench.receive(kCurrentPage, 60).data;
  EXPECT_FALSE(bench.select_page_5(0x04, 0xC4, 0x08).good());
  EXPECT_EQ(bench.receive(kCurrentPage, 60).data, before);
}

}  // namespace
}  // namespace simdrive
