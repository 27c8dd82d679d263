#include "engine/mmc/capabilities.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

Result<Capabilities> decode(const std::string& section) {
  return decode_capabilities(testing_support::golden("mmc/reply-mode-engine.golden", section));
}

TEST(CapabilitiesPage, TellsFlagsAndSpeeds) {
  const auto page = decode("capabilities");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(*page, (Capabilities{.reads_cd_r = true,
                                 .reads_cd_rw = true,
                                 .reads_dvd_r = true,
                                 .reads_dvd_ram = true,
                                 .writes_cd_r = true,
                                 .writes_cd_rw = true,
                                 .test_write = true,
                                 .plays_audio = true,
                                 .mode2_form1 = true,
                                 .mode2_form2 = true,
                                 .multi_session = true,
                                 .buffer_underrun_free = true,
                                 .reads_cd_da = true,
                                 .accurate_cd_da = true,
                                 .c2_pointers = true,
                                 .can_lock = true,
                                 .locked = true,
                                 .can_eject = true,
                                 .mechanism = LoadingMechanism::kTray,
                                 .max_read_kb_per_s = 8467,
                                 .buffer_kib = 2000,
                                 .current_read_kb_per_s = 7056,
                                 .max_write_kb_per_s = 7056,
                                 .current_write_kb_per_s = 2774,
                                 .write_speeds = {{1, 7056}, {0, 3528}, {0, 1764}}}));
}

TEST(CapabilitiesPage, MayBeShort) {
  const auto shorter = decode("capabilities-18");
  ASSERT_TRUE(shorter.has_value());
  EXPECT_FALSE(shorter->writes_cd_r);
  EXPECT_EQ(shorter->max_read_kb_per_s, 706);
  EXPECT_EQ(shorter->buffer_kib, 128);
  EXPECT_EQ(shorter->max_write_kb_per_s, 0);
  EXPECT_EQ(shorter->current_write_kb_per_s, std::nullopt);
  EXPECT_TRUE(shorter->write_speeds.empty());
}

TEST(CapabilitiesPage, FallsBackToTheLegacyWriteSpeed) {
  const auto older = decode("capabilities-28");
  ASSERT_TRUE(older.has_value());
  EXPECT_EQ(older->max_write_kb_per_s, 706);
  EXPECT_EQ(older->current_write_kb_per_s, 353);
}

}  // namespace
}  // namespace pregroove::mmc
