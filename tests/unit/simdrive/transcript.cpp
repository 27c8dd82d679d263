#include "tests/unit/simdrive/transcript.h"

#include <fmt/format.h>

#include <fstream>

#include "engine/base/bytes.h"
#include "engine/scsi/sense.h"

namespace simdrive::testing_support {
namespace {

using pregroove::Be32;

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

constexpr std::byte kRead{0x28};
constexpr std::byte kWrite{0x2A};

Answer send_line(BenchDrive& bench, const Line& line, std::optional<Relocation> relocation) {
  if (!line.out.empty())
    return bench.send_data(line.cdb, pregroove::testing_support::hex(line.out));
  const auto cdb = pregroove::testing_support::hex(line.cdb);
  if (cdb[0] != kRead && cdb[0] != kWrite)
    return line.length > 0 ? bench.receive(line.cdb, line.length) : bench.send(line.cdb);
  auto lba = static_cast<std::int32_t>(pregroove::read_struct<Be32>(cdb, 2)->value());
  if (relocation && lba >= relocation->logged) lba += relocation->actual - relocation->logged;
  const auto count = static_cast<std::uint16_t>(line.length / 2048);
  if (cdb[0] == kRead) return bench.read(lba, count);
  return bench.write(lba, pattern(lba, count));
}

}  // namespace

void replay(BenchDrive& bench, const std::string& name, std::optional<Relocation> relocation) {
  constexpr int kMostRepetitions = 100'000;
  int number = 0;
  for (const Line& line : load_transcript(name)) {
    ++number;
    Answer answer = send_line(bench, line, relocation);
    for (int i = 0; i < kMostRepetitions && answer.sense.key == 2 && answer.sense.asc == 0x04;
         ++i) {
      bench.clock().advance(std::chrono::milliseconds(20));
      answer = send_line(bench, line, relocation);
    }
    ASSERT_EQ(short_sense(answer), line.expected)
        << name << " command " << number << ": " << line.cdb << " " << line.out;
  }
  ASSERT_GT(number, 50);
}

}  // namespace simdrive::testing_support
