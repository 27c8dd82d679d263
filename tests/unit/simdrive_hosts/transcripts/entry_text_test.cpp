// The lines of a transcript, as README.md of the folder under test describes them.
#include "simdrive/hosts/transcripts/entry_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace simdrive::hosts::transcripts {
namespace {

using nlohmann::json;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> made;
  for (const int value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

constexpr const char* kTestUnitReady =
    R"j({"host":1,"command":"TEST UNIT READY","cdb":"000000000000","started":5,"finished":7,)j"
    R"j("status":2,"sense":"700006000000000a00000000280000000000","transferred":0})j";
constexpr const char* kModeSense =
    R"j({"host":2,"command":"MODE SENSE (10)","cdb":"5a002a00000000000800","started":0,)j"
    R"j("finished":200000,"status":0,"transferred":2,"room":8,"in":{"length":2,"bytes":"0046"}})j";
constexpr const char* kWrite =
    R"j({"host":1,"command":"WRITE (10)","cdb":"2a000000000000000100","started":1,"finished":2,)j"
    R"j("out":{"length":2048,"xxh3":"00f0e1d2c3b4a596"},"status":0,"transferred":2048})j";

CommandEntry command_in(const std::string& line) {
  auto entry = parse_entry(line);
  EXPECT_TRUE(entry) << entry.error().message;
  return entry ? std::get<CommandEntry>(*entry) : CommandEntry{};
}

TEST(TranscriptLine, OfACommandWithoutData) {
  const CommandEntry entry = command_in(kTestUnitReady);
  EXPECT_EQ(entry.host, 1U);
  EXPECT_EQ(entry.cdb, bytes({0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(entry.started, Duration(5));
  EXPECT_EQ(entry.finished, Duration(7));
  EXPECT_EQ(entry.direction, Direction::kNone);
  EXPECT_EQ(entry.status, 2);
  ASSERT_EQ(entry.sense.size(), 18U);
  EXPECT_EQ(entry.sense[12], std::byte{0x28});
}

TEST(TranscriptLine, OfACommandThatReads) {
  const CommandEntry entry = command_in(kModeSense);
  EXPECT_EQ(entry.host, 2U);
  EXPECT_EQ(entry.direction, Direction::kIn);
  EXPECT_EQ(entry.room, 8U);
  EXPECT_EQ(entry.content.length, 2U);
  EXPECT_EQ(entry.content.bytes, bytes({0x00, 0x46}));
  EXPECT_FALSE(entry.content.hash);
}

TEST(TranscriptLine, OfACommandThatWritesBlocks) {
  const CommandEntry entry = command_in(kWrite);
  EXPECT_EQ(entry.direction, Direction::kOut);
  EXPECT_EQ(entry.room, 2048U);
  EXPECT_EQ(entry.content.length, 2048U);
  EXPECT_EQ(entry.content.hash, 0x00F0E1D2C3B4A596U);
}

TEST(TranscriptLine, IsWrittenAsItIsRead) {
  for (const char* line : {kTestUnitReady, kModeSense, kWrite}) {
    const std::string written = as_line(command_in(line));
    EXPECT_EQ(json::parse(written), json::parse(line));
    EXPECT_EQ(written.find('\n'), written.size() - 1);
  }
}

TEST(TranscriptLine, OfEachEvent) {
  const std::vector<std::pair<std::string, DriveEvent>> events{
      {R"({"event":"host","time":0,"name":"rscsi"})",
       {DriveEventKind::kHostConnected, Duration(0), "rscsi"}},
      {R"({"event":"load","time":9,"disc":"/a b"})",
       {DriveEventKind::kLoaded, Duration(9), "/a b"}},
      {R"({"event":"eject","time":1})", {DriveEventKind::kEjected, Duration(1), ""}},
      {R"({"event":"close","time":1})", {DriveEventKind::kTrayClosed, Duration(1), ""}},
      {R"({"event":"unload","time":1})", {DriveEventKind::kUnloaded, Duration(1), ""}},
      {R"({"event":"press-button","time":1})", {DriveEventKind::kButtonPressed, Duration(1), ""}},
      {R"({"event":"power off","time":1})", {DriveEventKind::kPowerCut, Duration(1), ""}},
      {R"({"event":"power on","time":1})", {DriveEventKind::kSwitchedOn, Duration(1), ""}}};
  for (const auto& [line, expected] : events) {
    const auto entry = parse_entry(line);
    ASSERT_TRUE(entry) << line << entry.error().message;
    const auto& event = std::get<DriveEvent>(*entry);
    EXPECT_EQ(event.kind, expected.kind) << line;
    EXPECT_EQ(event.time, expected.time) << line;
    EXPECT_EQ(event.name, expected.name) << line;
    EXPECT_EQ(json::parse(as_line(expected)), json::parse(line));
  }
}

TEST(TranscriptLine, OfTheHeaderHoldsTheWholeDrive) {
  Header header{.program_version = "1.2", .whole_payload = true, .disc = "x", .medium = "cd-r-80"};
  header.personality.name = "mine";
  const auto entry = parse_entry(as_line(header));
  ASSERT_TRUE(entry) << entry.error().message;
  const auto& read = std::get<Header>(*entry);
  EXPECT_EQ(read.program_version, "1.2");
  EXPECT_TRUE(read.whole_payload);
  EXPECT_EQ(read.disc, "x");
  EXPECT_EQ(read.medium, "cd-r-80");
  EXPECT_TRUE(read.personality == header.personality);
}

TEST(TranscriptLine, EndsAtItsEndAndAtNoZeroByte) {
  using namespace std::string_literals;
  EXPECT_FALSE(parse_entry(kTestUnitReady + "\0 and more"s));
}

TEST(TranscriptLine, ThatIsNoneIsRefused) {
  // A command with one value put in place of another.
  const auto with = [](const char* key, const char* value) {
    json line = json::parse(kModeSense);
    line[key] = json::parse(value);
    return line.dump();
  };
  for (const std::string& line :
       {std::string(""),
        std::string("x"),
        std::string("[]"),
        std::string("{}"),
        std::string(R"({"host":1})"),
        std::string(kModeSense).substr(0, 100),
        std::string("\xFF\xFE"),
        std::string(100'000, '['),
        with("host", "0"),
        with("host", "-1"),
        with("host", "1e300"),
        with("host", "18446744073709551615"),
        with("host", R"("1")"),
        with("cdb", R"("")"),
        with("cdb", R"("5")"),
        with("cdb", R"("zz")"),
        with("cdb", "7"),
        with("cdb", R"("0000000000000000000000000000000000")"),
        with("status", "256"),
        with("started", "-5"),
        with("started", "9223372036854775807"),
        with("transferred", "16777217"),
        with("room", "1"),
        with("room", "4294967296"),
        with("in", "{}"),
        with("in", "[]"),
        with("in", R"({"length":3,"bytes":"0046"})"),
        with("in", R"({"length":2,"bytes":"00 46"})"),
        with("in", R"({"length":2,"xxh3":""})"),
        with("in", R"({"length":2,"xxh3":"+1"})"),
        with("in", R"({"length":-2,"xxh3":"1"})"),
        with("out", R"({"length":0,"bytes":""})"),
        with("sense", R"("70\u00e4")"),
        with("event", R"("fly")"),
        with("event", R"("eject")"),
        std::string(R"({"event":"load","time":1})"),
        std::string(R"({"event":"load","time":1,"disc":null})"),
        std::string(R"({"simdrive_transcript":2})"),
        std::string(R"({"simdrive_transcript":1})"),
        std::string(R"({"simdrive_transcript":1,"version":"","payload":"","disc":null,)"
                    R"("medium":null,"personality":{"colour":1}})")}) {
    const auto entry = parse_entry(line);
    ASSERT_FALSE(entry) << line.substr(0, 200);
    EXPECT_EQ(entry.error().code, pregroove::ErrorCode::kCorruptFile);
    EXPECT_FALSE(entry.error().message.empty());
  }
}

// MMC-6: READ (10) 28h, READ (12) A8h, READ CD MSF B9h, READ CD BEh; WRITE (10) 2Ah, WRITE AND
// VERIFY (10) 2Eh, WRITE (12) AAh.
TEST(Payload, IsWhatCarriesBlocksButNotTheLeadIn) {
  for (const int opcode : {0x28, 0xA8, 0xB9, 0xBE, 0x2A, 0x2E, 0xAA})
    EXPECT_TRUE(carries_payload(bytes({opcode, 0, 0, 0, 0, 0}))) << opcode;
  for (const int opcode : {0x2A, 0x2E, 0xAA})
    EXPECT_FALSE(carries_payload(bytes({opcode, 0, 0xFF, 0xFF, 0xFF, 0x6A}))) << opcode;
  for (const int opcode : {0x00, 0x12, 0x3B, 0x3C, 0x55, 0x5D})
    EXPECT_FALSE(carries_payload(bytes({opcode, 0, 0, 0, 0, 0}))) << opcode;
  EXPECT_FALSE(carries_payload({}));
}

}  // namespace
}  // namespace simdrive::hosts::transcripts
