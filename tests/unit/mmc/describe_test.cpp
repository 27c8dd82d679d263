#include <gtest/gtest.h>

#include "engine/mmc/command.h"
#include "engine/mmc/read_write.h"
#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

using testing_support::golden;
using testing_support::hex;

struct Row {
  std::string family;
  std::string section;
  std::string words;
};

const std::vector<Row> kRows = {
    {"inquiry", "allocation-260", "INQUIRY allocation=260"},
    {"status", "test-unit-ready", "TEST UNIT READY"},
    {"status", "request-sense-18", "REQUEST SENSE allocation=18"},
    {"load", "eject-immediate", "START STOP UNIT eject immediate"},
    {"load", "load", "START STOP UNIT load"},
    {"load", "persistent-prevent", "PREVENT ALLOW MEDIUM REMOVAL persistent-prevent"},
    {"configuration", "one-0021", "GET CONFIGURATION one feature=0021h allocation=16"},
    {"events", "media", "GET EVENT STATUS NOTIFICATION classes=10h polled allocation=8"},
    {"mode", "sense-all-default", "MODE SENSE (10) page=3Fh default allocation=16"},
    {"mode", "select-60", "MODE SELECT (10) bytes=60"},
    {"disc-information", "allocation-34", "READ DISC INFORMATION type=0 allocation=34"},
    {"track-information", "lba-minus-150", "READ TRACK INFORMATION lba number=-150 allocation=36"},
    {"track-information", "invisible-28", "READ TRACK INFORMATION track number=255 allocation=28"},
    {"toc", "raw-from-session-2", "READ TOC/PMA/ATIP raw-toc msf start=2 allocation=92"},
    {"capacity", "read-capacity", "READ CAPACITY"},
    {"buffer", "allocation-12", "READ BUFFER CAPACITY allocation=12"},
    {"performance", "defects-from-65536",
     "GET PERFORMANCE type=02h data-type=00h lba=65536 descriptors=256"},
    {"performance", "set-streaming", "SET STREAMING bytes=28"},
    {"read-cd", "mode1-with-q-70000-at-minus-150",
     "READ CD lba=-150 blocks=70000 sector-type=2 channels=1002h"},
    {"read-write", "read10-32-at-0", "READ (10) lba=0 blocks=32"},
    {"read-write", "write10-16-at-minus-150", "WRITE (10) lba=-150 blocks=16"},
    {"read-write", "read12-65536-at-16", "READ (12) lba=16 blocks=65536"},
    {"read-write", "write12-32-streaming", "WRITE (12) lba=256 blocks=32 streaming"},
    {"read-write", "synchronize-immediate", "SYNCHRONIZE CACHE immediate"},
    {"close", "track-300", "CLOSE TRACK/SESSION track track=300"},
    {"close", "session-immediate", "CLOSE TRACK/SESSION session track=0 immediate"},
    {"reserve", "blocks-2295104", "RESERVE TRACK blocks=2295104"},
    {"calibration", "do-opc", "SEND OPC INFORMATION do-opc"},
    {"cue-sheet", "bytes-32", "SEND CUE SHEET bytes=32"},
    {"disc-structure", "layer-boundary", "SEND DISC STRUCTURE format=20h bytes=12"},
    {"speed", "maximum-read", "SET CD SPEED read=65535 write=1416"},
    {"blank", "unclose-immediate", "BLANK unclose-session start=0 immediate"},
};

TEST(Describe, SaysWhatTheBytesOfACommandAskFor) {
  for (const Row& row : kRows)
    EXPECT_EQ(describe_cdb(golden("mmc/cdb-" + row.family + ".golden", row.section)), row.words);
}

TEST(Describe, TakesACommandThatWasEncodedHere) {
  EXPECT_EQ(describe(write10(Lba{12345}, BlockCount{16})), "WRITE (10) lba=12345 blocks=16");
}

TEST(Describe, GivesTheBytesOfWhatItDoesNotKnow) {
  EXPECT_EQ(describe_cdb({}), "no command");
  EXPECT_EQ(describe_cdb(hex("E0 01 02")), "command E0 01 02");
  EXPECT_EQ(describe_cdb(hex("2A 00 00")), "WRITE (10) 2A 00 00");
}

TEST(Describe, SaysANumberWhereAValueHasNoName) {
  EXPECT_EQ(describe_cdb(hex("5B 00 07 00 00 00 00 00 00 00")),
            "CLOSE TRACK/SESSION function=7 track=0");
}

TEST(Describe, SurvivesEveryOperationCodeAtEveryLength) {
  for (unsigned code = 0; code <= 0xFF; ++code)
    for (std::size_t size = 1; size <= 16; ++size) {
      testing_support::Bytes bytes(size, std::byte{0xFF});
      bytes[0] = static_cast<std::byte>(code);
      EXPECT_FALSE(describe_cdb(bytes).empty());
    }
}

}  // namespace
}  // namespace pregroove::mmc
