// The requests of real programs, replayed: what they sent must be served.
#include <fmt/format.h>

#include <fstream>

#include "engine/scsi/sense.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;

struct Line {
  std::string cdb;
  std::size_t length = 0;
  std::string out;
  std::string expected = "GOOD";
};

// "CDB len=N [OUT bytes] [-> sense]"
std::vector<Line> load_transcript(const std::string& name) {
  std::ifstream file(std::string(PREGROOVE_SOURCE_DIR) + "/fixtures/transcripts/" + name);
  EXPECT_TRUE(file) << name;
  std::vector<Line> lines;
  std::string text;
  while (std::getline(file, text)) {
    if (text.empty() || text.front() == '#') continue;
    Line line;
    if (const auto arrow = text.find(" -> "); arrow != std::string::npos) {
      line.expected = text.substr(arrow + 4);
      text.resize(arrow);
    }
    if (const auto out = text.find(" OUT "); out != std::string::npos) {
      line.out = text.substr(out + 5);
      text.resize(out);
    }
    const auto length = text.find(" len=");
    line.length = std::stoul(text.substr(length + 5));
    line.cdb = text.substr(0, length);
    lines.push_back(line);
  }
  return lines;
}

std::string short_sense(const Answer& answer) {
  if (answer.good()) return "GOOD";
  return fmt::format("{:X}/{:02X}/{:02X}", answer.sense.key, answer.sense.asc, answer.sense.ascq);
}

Answer send_line(BenchDrive& bench, const Line& line) {
  if (!line.out.empty())
    return bench.send_data(line.cdb, pregroove::testing_support::hex(line.out));
  const auto cdb = pregroove::testing_support::hex(line.cdb);
  if (cdb[0] == std::byte{0x2A}) {
    const auto lba = static_cast<std::int32_t>((std::to_integer<std::uint32_t>(cdb[4]) << 8U) |
                                               std::to_integer<std::uint32_t>(cdb[5]));
    return bench.send_data(line.cdb, pattern(lba, static_cast<std::int32_t>(line.length / 2048)));
  }
  return line.length > 0 ? bench.receive(line.cdb, line.length) : bench.send(line.cdb);
}

// Both programs repeat a command that is answered with NOT READY.
void replay(BenchDrive& bench, const std::string& name) {
  int number = 0;
  for (const Line& line : load_transcript(name)) {
    ++number;
    Answer answer = send_line(bench, line);
    for (int i = 0; i < 100'000 && answer.sense.key == 2 && answer.sense.asc == 0x04; ++i) {
      bench.clock().advance(std::chrono::milliseconds(20));
      answer = send_line(bench, line);
    }
    ASSERT_EQ(short_sense(answer), line.expected)
        << name << " command " << number << ": " << line.cdb << " " << line.out;
  }
  ASSERT_GT(number, 100);
}

TEST(Replay, WodimBurnsATrackAtOnceSessionAndLeavesTheDiscOpen) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(replay(bench, "wodim-cd-r-tao.cdb"));
  ASSERT_EQ(bench.disc().sessions().size(), 1U);
  const Session session = bench.disc().sessions().front();
  EXPECT_EQ(session.state, SessionState::kClosed);
  EXPECT_EQ(session.format, SessionFormat::kCdRomXa);
  ASSERT_EQ(bench.disc().tracks().size(), 1U);
  EXPECT_EQ(bench.disc().tracks()[0].recorded, BlockCount{615});
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kAppendable);
  Bytes data(615 * 2048);
  ASSERT_TRUE(bench.disc().read_recorded(Lba{0}, data).has_value());
  EXPECT_EQ(data, pattern(0, 615));
}

TEST(Replay, XorrisoAppendsASecondSessionAtTheAddressOfItsLog) {
  BenchDrive bench;
  bench.select_multi_session();
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(623));
  ASSERT_EQ(bench.next_writable(), 0x2EF9);  // where the log's first WRITE goes
  ASSERT_NO_FATAL_FAILURE(replay(bench, "xorriso-cd-r-second-session.cdb"));
  ASSERT_EQ(bench.disc().sessions().size(), 2U);
  EXPECT_EQ(bench.disc().sessions()[1].state, SessionState::kClosed);
  EXPECT_EQ(bench.disc().tracks()[1].recorded, BlockCount{517});
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kAppendable);
}

}  // namespace
}  // namespace simdrive
