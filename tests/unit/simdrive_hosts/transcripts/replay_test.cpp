// A transcript is written beside a drive, run again, and tells what differs.
#include "simdrive/hosts/transcripts/replay.h"

#include <gmock/gmock.h>

#include <fstream>
#include <random>
#include <sstream>

#include "simdrive/hosts/transcripts/transcript_writer.h"
#include "simdrive/profiles/built_in.h"
#include "tests/unit/simdrive_hosts/bench.h"

namespace simdrive::hosts::transcripts {
namespace {

using pregroove::ErrorCode;
using pregroove::Lba;
using pregroove::Result;
using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using testing::HasSubstr;

constexpr std::size_t kBlock = 2048;

std::vector<std::byte> cdb(std::initializer_list<int> values) {
  std::vector<std::byte> made;
  for (const int value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

class Transcripts : public ServedDriveBench {
 protected:
  void SetUp() override { open("dvd-ram"); }

  void record(bool whole_payload = false) {
    auto writer = TranscriptWriter::attach(
        drive(), {}, path("t"), {.program_version = "1", .whole_payload = whole_payload});
    ASSERT_TRUE(writer) << writer.error().message;
    writer_ = *std::move(writer);
  }
  // Ends the transcript and the drive, so that nothing holds the disc.
  void end() {
    const auto finished = writer_->finish();
    EXPECT_TRUE(finished);
    writer_.reset();
    close();
  }
  void write_block(std::size_t host, int block, char with) {
    const std::vector<std::byte> data(kBlock * 16, static_cast<std::byte>(with));
    EXPECT_EQ(send(host, cdb({0x2A, 0, 0, 0, 0, block * 16, 0, 0, 16, 0}), DataOut{data}).status,
              0);
  }
  void read_block(std::size_t host, int block) {
    std::vector<std::byte> data(kBlock);
    EXPECT_EQ(send(host, cdb({0x28, 0, 0, 0, 0, block * 16, 0, 0, 1, 0}), DataIn{data}).status, 0);
  }
  // A disc in the state in which the recorded one was at first.
  std::string blank(const std::string& name, const std::string& medium = "dvd-ram") {
    std::filesystem::remove(path(name));
    make_disc(name, medium);
    return path(name);
  }
  Result<ReplayReport> replay_on(std::vector<std::string> discs) {
    return replay(path("t"), {.discs = std::move(discs)});
  }
  std::vector<std::string> lines() {
    std::ifstream file(path("t"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  void write_lines(const std::vector<std::string>& lines) {
    std::ofstream file(path("t"));
    for (const std::string& line : lines) file << line << '\n';
  }
  // Two hosts write and read, a person ejects, and time passes.
  void do_a_bit_of_everything() {
    const auto one = drive().host("one");
    be_ready(one);
    write_block(one, 0, 'a');
    write_block(one, 2, 'b');
    const auto other = drive().host("other");
    be_ready(other);
    read_block(other, 2);
    drive().press_button();
    EXPECT_EQ(test_unit_ready(one) >> 8, 0x23A);
    drive().close_tray();
    be_ready(one);
    drive().cut_power();
    drive().switch_on();
    be_ready(other);
    be_ready(one);
    read_block(one, 0);
  }

 private:
  std::unique_ptr<TranscriptWriter> writer_;
};

TEST_F(Transcripts, AreTheSameOnABlankDisc) {
  record();
  do_a_bit_of_everything();
  end();
  const auto report = replay_on({blank("b.disc")});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->difference) << report->difference->line << report->difference->command
                                   << report->difference->expected << report->difference->actual;
  EXPECT_EQ(report->replaced_writes, 2U);
  EXPECT_GT(report->commands, 8U);
  EXPECT_FALSE(report->cut_off);
}

TEST_F(Transcripts, WithAllDataAreComparedInAllData) {
  record(true);
  do_a_bit_of_everything();
  end();
  const auto report = replay_on({blank("b.disc")});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->difference);
  EXPECT_EQ(report->replaced_writes, 0U);
  EXPECT_EQ(report->uncompared_reads, 0U);
}

TEST_F(Transcripts, ShowThatOneBitWasReadDifferently) {
  record(true);
  const auto host = drive().host("one");
  be_ready(host);
  write_block(host, 0, 'a');
  read_block(host, 0);
  end();
  auto text = lines();
  const std::string a = "6161";
  auto at = text.back().rfind(a);
  ASSERT_NE(at, std::string::npos);
  text.back().replace(at, a.size(), "6160");
  write_lines(text);
  const auto report = replay_on({blank("b.disc")});
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->difference);
  EXPECT_EQ(report->difference->line, text.size());
  EXPECT_THAT(report->difference->command, HasSubstr("READ (10) 28 00"));
  EXPECT_THAT(report->difference->expected, HasSubstr("60"));
  EXPECT_NE(report->difference->expected, report->difference->actual);
}

TEST_F(Transcripts, HashWhatIsReadAndCompareTheHash) {
  const auto writer = drive().host("one");
  be_ready(writer);
  write_block(writer, 0, 'a');
  reopen();
  record();
  const auto reader = drive().host("one");
  be_ready(reader);
  read_block(reader, 0);
  end();
  const auto same = replay_on({path("a.disc")});
  ASSERT_TRUE(same);
  EXPECT_FALSE(same->difference);
  EXPECT_EQ(same->uncompared_reads, 0U);
  auto text = lines();
  const auto hash = text.back().find(R"("xxh3":")") + 8;
  text.back()[hash] = text.back()[hash] == '0' ? '1' : '0';
  write_lines(text);
  const auto other = replay_on({path("a.disc")});
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->difference);
}

TEST_F(Transcripts, ShowWhereAnotherDriveAnswersOtherwise) {
  record();
  const auto host = drive().host("one");
  std::vector<std::byte> inquiry(36);
  send(host, cdb({0x12, 0, 0, 0, 36, 0}), DataIn{inquiry});
  end();
  const auto* const old_drive = profiles::find_personality("cd-writer-1998");
  ASSERT_NE(old_drive, nullptr);
  const auto report = replay(path("t"), {.discs = {blank("b.disc")}, .personality = *old_drive});
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_TRUE(report->difference);
  EXPECT_EQ(report->difference->line, 3U) << "behind the header and the host";
  EXPECT_EQ(report->difference->command, "INQUIRY 12 00 00 00 24 00");
  EXPECT_THAT(report->difference->expected, HasSubstr("GOOD, 36 bytes"));
}

TEST_F(Transcripts, TellSenseCodesInWords) {
  record();
  const auto host = drive().host("one");
  test_unit_ready(host);
  end();
  auto text = lines();
  const auto code = text.back().find("0000000029");
  ASSERT_NE(code, std::string::npos);
  text.back().replace(code, 10, "000000003a");
  write_lines(text);
  const auto report = replay_on({blank("b.disc")});
  ASSERT_TRUE(report && report->difference);
  EXPECT_THAT(report->difference->expected, HasSubstr("(6/3A/00)"));
  EXPECT_THAT(report->difference->actual, HasSubstr("(6/29/00)"));
}

TEST_F(Transcripts, NeedEveryDiscInTheOrderOfItsAppearance) {
  make_disc("second.disc", "cd-r-80");
  record();
  const auto host = drive().host("one");
  be_ready(host);
  ASSERT_TRUE(drive().load(path("second.disc")));
  be_ready(host);
  std::vector<std::byte> information(34);
  send(host, cdb({0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0}), DataIn{information});
  end();
  const auto too_few = replay_on({blank("b.disc")});
  ASSERT_FALSE(too_few);
  EXPECT_EQ(too_few.error().code, ErrorCode::kInvalidArgument);
  const auto swapped = replay_on({blank("c.disc", "cd-r-80"), blank("b.disc")});
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.error().code, ErrorCode::kWrongMedium);
  const auto right = replay_on({blank("b.disc"), blank("c.disc", "cd-r-80")});
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_FALSE(right->difference);
}

TEST_F(Transcripts, WhoseLastLineIsTornEndBeforeIt) {
  record();
  do_a_bit_of_everything();
  end();
  const auto all = replay_on({blank("b.disc")});
  ASSERT_TRUE(all);
  std::filesystem::resize_file(path("t"), std::filesystem::file_size(path("t")) - 20);
  const auto report = replay_on({blank("b.disc")});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->cut_off);
  EXPECT_FALSE(report->difference);
  EXPECT_EQ(report->commands, all->commands - 1);
}

TEST_F(Transcripts, AreCheckedToTheirEndBeforeTheDiscIsTouched) {
  record();
  const auto host = drive().host("one");
  be_ready(host);
  write_block(host, 0, 'a');
  end();
  auto text = lines();
  text.emplace_back("nonsense");
  write_lines(text);
  const auto report = replay_on({blank("b.disc")});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kCorruptFile);
  EXPECT_THAT(report.error().message, HasSubstr(path("t") + ":" + std::to_string(text.size())));
  const auto disc = Disc::open_file(path("b.disc"));
  ASSERT_TRUE(disc);
  std::vector<std::byte> block(kBlock, std::byte{1});
  ASSERT_TRUE((*disc)->read_recorded(Lba{0}, block));
  EXPECT_EQ(block, std::vector<std::byte>(kBlock));
}

TEST_F(Transcripts, OfHostsThatNeverCameAreADifference) {
  record();
  const auto host = drive().host("one");
  test_unit_ready(host);
  end();
  auto text = lines();
  text.erase(text.begin() + 1);  // the host
  write_lines(text);
  const auto report = replay_on({blank("b.disc")});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->difference);
}

TEST_F(Transcripts, DoNotReplaceAFile) {
  std::ofstream(path("t")) << "precious";
  const auto writer = TranscriptWriter::attach(drive(), {}, path("t"), {});
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(lines(), std::vector<std::string>{"precious"});
}

TEST_F(Transcripts, OfAnotherKindOfFileAreRefused) {
  for (const std::string& content : {std::string{}, std::string("\n"), std::string("{}\n"),
                                     std::string("hello\n"), std::string(1 << 20, 'x')}) {
    std::ofstream(path("t")) << content;
    const auto report = replay_on({});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kCorruptFile);
  }
}

TEST_F(Transcripts, ThatAreDamagedAreRefusedOrDifferOrAreStillTheSame) {
  record();
  do_a_bit_of_everything();
  end();
  std::ifstream file(path("t"));
  std::ostringstream whole;
  whole << file.rdbuf();
  const std::string good = whole.str();
  const std::size_t behind_header = good.find('\n') + 1;
  std::mt19937 random(7);
  int refused = 0;
  int differed = 0;
  for (int round = 0; round < 150; ++round) {
    std::string bad = good;
    for (int change = 0; change < 1 + round % 3; ++change)
      bad[behind_header + random() % (bad.size() - behind_header)] =
          "0123456789abcdef\"{}[]:,-\n\xFF"[random() % 26];
    std::ofstream(path("t")) << bad;
    const auto report = replay_on({blank("b.disc")});
    if (!report)
      ++refused;
    else if (report->difference)
      ++differed;
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(differed, 0);
}

}  // namespace
}  // namespace simdrive::hosts::transcripts
