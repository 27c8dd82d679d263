// The rules of media that can be written anywhere, by themselves.
#include <gtest/gtest.h>

#include "simdrive/disc/layout.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;

Layout bought(const char* medium) { return Layout(*find_medium(medium)); }
bool format(Layout& layout, const FormatRequest& request) {
  const bool done = layout.format(request).has_value();
  EXPECT_TRUE(layout.check_invariants().has_value());
  return done;
}

TEST(DvdRw, BecomesRestrictedOverwriteAndSequentialAgain) {
  Layout layout = bought("dvd-rw");
  layout.record_write(Lba{0}, BlockCount{16}, {.method = RecordingMethod::kVariablePacket});
  ASSERT_TRUE(format(layout, {.type = 0x10, .blocks = 1024, .parameter = 16}));
  EXPECT_TRUE(layout.tracks().empty());
  EXPECT_EQ(layout.readable_capacity(), BlockCount{1024});
  ASSERT_TRUE(layout.blank(1, 0).has_value());
  EXPECT_TRUE(layout.recording().minimally_blanked);
  EXPECT_EQ(layout.status(), DiscStatus::kBlank);
  ASSERT_TRUE(format(layout, {.type = 0x15, .parameter = 16}));
  ASSERT_TRUE(layout.blank(0, 0).has_value());
  EXPECT_TRUE(layout == bought("dvd-rw"));
}

TEST(DvdRw, IntermediateStateGrowsUntilTheSessionIsClosed) {
  Layout layout = bought("dvd-rw");
  ASSERT_TRUE(format(layout, {.type = 0x15, .parameter = 16}));
  EXPECT_EQ(layout.readable_capacity(), BlockCount{});
  layout.record_write(Lba{0}, BlockCount{64}, {});
  layout.record_write(Lba{64}, BlockCount{16}, {});
  layout.record_write(Lba{16}, BlockCount{16}, {});  // again, in what is written
  EXPECT_EQ(layout.next_writable_address(), Lba{80});
  ASSERT_TRUE(layout.close({.function = CloseFunction::kSession}, {}).has_value());
  EXPECT_EQ(layout.recording().formatting.state, FormatState::kFormatted);
  EXPECT_EQ(layout.readable_capacity(), BlockCount{80});
  EXPECT_FALSE(layout.check_write(Lba{80}, BlockCount{16}, {}).has_value());
  // Growing offers the rest of the disc, and goes on where the formatted part ends.
  ASSERT_TRUE(format(layout, {.type = 0x13, .blocks = 2297888 - 80, .parameter = 16}));
  EXPECT_TRUE(layout.check_write(Lba{80}, BlockCount{16}, {}).has_value());
  EXPECT_TRUE(layout.check_write(Lba{0}, BlockCount{16}, {}).has_value());
}

TEST(DvdRam, SparesGrowAtTheExpenseOfTheUserAreaAndComeBackWithAFullFormat) {
  Layout layout = bought("dvd-ram");
  EXPECT_EQ(layout.readable_capacity(), BlockCount{2236704});
  ASSERT_TRUE(format(layout, {.type = 0x01, .blocks = 2228224, .parameter = 0x800}));
  EXPECT_EQ(layout.readable_capacity(), BlockCount{2228224});
  EXPECT_FALSE(format(layout, {.type = 0x01, .blocks = 2236688, .parameter = 0x800}));
  ASSERT_TRUE(format(layout, {.type = 0x00, .blocks = 2236704, .parameter = 0x800}));
  EXPECT_TRUE(layout == bought("dvd-ram"));
}

struct SpareRow {
  const char* medium;
  std::uint32_t with_default_spares;
};

// mmc.md 2.10; the triple layer by the same rule: 3 x 12288 clusters of 32 blocks.
TEST(BdRe, SparesReduceTheCapacity) {
  constexpr SpareRow kRows[] = {
      {"bd-re-25", 11826176}, {"bd-re-50", 23652352}, {"bd-re-100", 47698944}};
  for (const SpareRow& row : kRows) {
    Layout layout = bought(row.medium);
    const BlockCount all = layout.capacity();
    EXPECT_EQ(layout.format_capacities().formats.front().blocks, row.with_default_spares);
    ASSERT_TRUE(format(layout, {.blocks = row.with_default_spares})) << row.medium;
    EXPECT_EQ(layout.readable_capacity(), BlockCount{row.with_default_spares});
    ASSERT_TRUE(format(layout, {.type = 0x31, .blocks = static_cast<std::uint32_t>(all.value)}));
    EXPECT_EQ(layout.readable_capacity(), all);
  }
}

TEST(Format, EveryOfferedFormatIsAccepted) {
  for (const Medium& medium : all_media()) {
    if (medium.pressed()) continue;
    const FormatCapacities capacities = Layout(medium).format_capacities();
    for (const FormatDescriptor& offered : capacities.formats) {
      Layout layout(medium);
      EXPECT_TRUE(format(layout, {.type = offered.type,
                                  .sub_type = offered.sub_type,
                                  .blocks = offered.blocks,
                                  .parameter = offered.parameter}))
          << medium.name << " " << int{offered.type};
    }
  }
}

TEST(Format, ErasesTheDataAndKeepsTheCalibrations) {
  BenchDrive bench("dvd-ram");
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(1000, 32));
  Layout used = bench.disc().layout();
  used.edit().calibrations = 7;
  ASSERT_TRUE(bench.disc().commit(used).has_value());
  ASSERT_TRUE(bench
                  .send_data("04 11 00 00 00 00",
                             pregroove::testing_support::hex("00 00 00 08 00 22 21 20 00 00 08 00"))
                  .good());
  EXPECT_EQ(bench.disc().layout().recording().calibrations, 7);
  EXPECT_EQ(bench.read(1000, 32).data, Bytes(std::size_t{32} * 2048));
}

TEST(Overwritable, LastWriteCounts) {
  BenchDrive bench("dvd-ram");
  ASSERT_TRUE(bench.write(77, pattern(1000)).good());
  ASSERT_TRUE(bench.write(77, pattern(2000)).good());
  EXPECT_EQ(bench.read(77, 1).data, pattern(2000));
}

}  // namespace
}  // namespace simdrive
