#include "engine/mmc/performance.h"

#include <gtest/gtest.h>

#include "engine/mmc/reply.h"
#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

using testing_support::golden;
using testing_support::to_hex;

testing_support::Bytes reply(const std::string& section) {
  return golden("mmc/reply-performance-engine.golden", section);
}

TEST(WriteSpeeds, AreListedWithTheirFlags) {
  const auto speeds = decode_write_speeds(reply("write-speeds"));
  ASSERT_TRUE(speeds.has_value());
  EXPECT_EQ(*speeds, (std::vector<WriteSpeed>{{.rotation_control = 1,
                                               .end = Lba{359848},
                                               .read_kb_per_s = 8467,
                                               .write_kb_per_s = 8467},
                                              {.restores_default = true,
                                               .exact = true,
                                               .mixed = true,
                                               .end = Lba{359848},
                                               .read_kb_per_s = 4234,
                                               .write_kb_per_s = 4234}}));
}

TEST(WriteSpeeds, AreAnnouncedByTheHeaderAlone) {
  const auto bytes = reply("write-speeds-header");
  const auto speeds = decode_write_speeds(bytes);
  ASSERT_TRUE(speeds.has_value());
  EXPECT_TRUE(speeds->empty());
  EXPECT_EQ(announced_size32(bytes), kPerformanceHeaderSize + (2 * kPerformanceDescriptorSize));
}

TEST(NominalPerformanceReply, SaysWhichDirectionItIsAbout) {
  const auto data = decode_nominal_performance(reply("nominal-write"));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(*data, (PerformanceData{.write = true,
                                    .nominal = {{.start = Lba{0},
                                                 .start_kb_per_s = 3528,
                                                 .end = Lba{359847},
                                                 .end_kb_per_s = 8467}}}));
}

TEST(NominalPerformanceReply, DoesNotReadExceptionsAsRanges) {
  const auto data = decode_nominal_performance(reply("exceptions"));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(*data, (PerformanceData{.exceptions = true}));
}

TEST(NominalPerformanceReply, RefusesARangeThatEndsBeforeItStarts) {
  EXPECT_FALSE(decode_nominal_performance(reply("backwards")).has_value());
}

TEST(StreamingList, IsWhatRealProgramsSend) {
  const StreamingDescriptor dvd{.start = Lba{0},
                                .end = Lba{2295103},
                                .read_kb = 33240,
                                .read_ms = 1000,
                                .write_kb = 11080,
                                .write_ms = 1000};
  StreamingDescriptor bd = dvd;
  bd.end = Lba{12219391};
  bd.read_kb = 89913;
  const StreamingDescriptor restore{.rotation_control = 1, .restore_default = true};
  const std::vector<std::pair<std::string, StreamingDescriptor>> rows = {
      {"streaming-dvd-plus-r", dvd},
      {"streaming-bd-r", bd},
      {"streaming-restore-default", restore}};
  for (const auto& [section, descriptor] : rows) {
    const auto list = encode_streaming(descriptor);
    EXPECT_EQ(to_hex({list.begin(), list.end()}),
              to_hex(golden("mmc/cdb-performance.golden", section)))
        << section;
  }
}

}  // namespace
}  // namespace pregroove::mmc
