#include "tests/unit/simdrive/transcript.h"

#include <fmt/format.h>

#include <fstream>

#include "engine/base/bytes.h"
#include "engine/scsi/sense.h"
#include "simdrive/disc/cd_text.h"
#include "tests/unit/simdrive/conformance/cd_states.h"

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

// Blocks of another size: audio, or the CD-TEXT of a lead-in.
Bytes blocks_of(std::int32_t lba, std::size_t count, std::size_t size) {
  if (size != sizeof(CdTextBlock)) return octets(lba, count, size);
  const auto packs = replayed_cd_text();
  Bytes data;
  for (std::size_t i = 0; i < count; ++i) {
    const CdTextBlock block = lead_in_block(packs, i);
    data.insert(data.end(), block.begin(), block.end());
  }
  return data;
}

Answer send_line(BenchDrive& bench, const Line& line, std::optional<Relocation> relocation) {
  if (!line.out.empty())
    return bench.send_data(line.cdb, pregroove::testing_support::hex(line.out));
  const auto cdb = pregroove::testing_support::hex(line.cdb);
  if (cdb[0] != kRead && cdb[0] != kWrite)
    return line.length > 0 ? bench.receive(line.cdb, line.length) : bench.send(line.cdb);
  auto lba = static_cast<std::int32_t>(pregroove::read_struct<Be32>(cdb, 2)->value());
  if (relocation && lba >= relocation->logged) lba += relocation->actual - relocation->logged;
  const std::size_t blocks = pregroove::read_struct<pregroove::Be16>(cdb, 7)->value();
  if (cdb[0] == kWrite && line.length != blocks * pregroove::kBlockSize)
    return bench.send_data(line.cdb, blocks_of(lba, blocks, line.length / blocks));
  const auto count = static_cast<std::uint16_t>(line.length / 2048);
  if (cdb[0] == kRead) return bench.read(lba, count);
  return bench.write(lba, pattern(lba, count));
}

}  // namespace

std::vector<CdTextPack> replayed_cd_text() {
  std::vector<CdTextPack> packs(4);
  for (std::size_t number = 0; number < packs.size(); ++number) {
    CdTextPack& pack = packs[number];
    pack[0] = std::byte{0x80};  // titles
    pack[2] = static_cast<std::byte>(number);
    for (std::size_t i = 4; i < 16; ++i) pack[i] = static_cast<std::byte>('A' + number);
    const std::uint16_t crc = subchannel_crc(std::span(pack).first<16>());
    pack[16] = static_cast<std::byte>(crc >> 8U);
    pack[17] = static_cast<std::byte>(crc & 0xFFU);
  }
  return packs;
}

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
