// Which commands count as harmless.
#include "engine/validate/read_only.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "engine/scsi/transport.h"
#include "engine/validate/conversation.h"
#include "tests/support/golden.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace pregroove::validate {
namespace {

using testing_support::hex;

// The list is told again here, so that nothing slips into it unseen: MMC-6 and SPC-4 say of each
// that it only reports.
TEST(HarmlessCommands, AreTheseAndNoOthers) {
  const std::set<int> harmless = {0x00, 0x03, 0x12, 0x1A, 0x23, 0x25, 0x28, 0x3C,
                                  0x42, 0x43, 0x46, 0x4D, 0x51, 0x52, 0x5A, 0x5C,
                                  0xA0, 0xA8, 0xAC, 0xAD, 0xB9, 0xBD, 0xBE};
  const std::set<int> in_one_form = {0x4A, 0xA4};
  for (int opcode = 0; opcode <= 0xFF; ++opcode) {
    std::vector<std::byte> cdb(scsi::cdb_size(static_cast<std::uint8_t>(opcode)));
    if (!cdb.empty()) cdb[0] = static_cast<std::byte>(opcode);
    if (in_one_form.contains(opcode)) {
      EXPECT_FALSE(changes_nothing(cdb)) << opcode;
      continue;
    }
    EXPECT_EQ(changes_nothing(cdb), harmless.contains(opcode)) << opcode;
  }
}

TEST(HarmlessCommands, AreHarmlessInTheirAskingFormsOnly) {
  EXPECT_TRUE(changes_nothing(hex("4A 01 00 00 10 00 00 00 08 00")));
  EXPECT_FALSE(changes_nothing(hex("4A 00 00 00 10 00 00 00 08 00")));        // would wait
  EXPECT_TRUE(changes_nothing(hex("A4 00 00 00 00 00 00 00 00 08 08 00")));   // the region
  EXPECT_FALSE(changes_nothing(hex("A4 00 00 00 00 00 00 00 00 08 00 00")));  // takes a grant
  EXPECT_TRUE(changes_nothing(hex("4D 00 40 00 00 00 00 00 10 00")));
  EXPECT_FALSE(changes_nothing(hex("4D 01 40 00 00 00 00 00 10 00")));  // saves
  EXPECT_TRUE(changes_nothing(hex("3C 03 00 00 00 00 00 00 04 00")));
  EXPECT_FALSE(changes_nothing(hex("3C 0A 00 00 00 00 00 00 04 00")));  // the echo buffer
  EXPECT_FALSE(changes_nothing(hex("28 00 00")));                       // cut off
  EXPECT_FALSE(changes_nothing({}));
}

TEST(HarmlessCommands, BelowTheProgramAreaAreKnown) {
  EXPECT_TRUE(reads_below_zero(hex("28 00 FF FF FF 6A 00 00 01 00")));
  EXPECT_TRUE(reads_below_zero(hex("BE 00 FF FF FF FF 00 00 01 F8 00 00")));
  EXPECT_FALSE(reads_below_zero(hex("28 00 00 00 00 00 00 00 01 00")));
  EXPECT_FALSE(reads_below_zero(hex("43 00 FF 00 00 00 00 00 01 00")));
}

TEST(ForbiddenCommandDeathTest, IsNeverSent) {
  simdrive::testing_support::BenchDrive bench;
  Conversation drive(bench.drive(), bench.clock(), Changes::kForbidden);
  const auto write = hex("2A 00 00 00 00 00 00 00 01 00");
  const std::vector<std::byte> block(2048);
  EXPECT_DEATH(static_cast<void>(drive.ask(write, 0, block)), "changes_nothing");
}

}  // namespace
}  // namespace pregroove::validate
