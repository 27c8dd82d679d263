// The record of a disc as bytes: nothing is lost, nothing torn is taken, and whatever the bytes
// say is a disc that keeps its rules or a damaged file.
#include "simdrive/disc/record.h"

#include <xxhash.h>

#include <random>

#include "engine/base/bytes.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using testing_support::BenchDrive;
using testing_support::Bytes;

constexpr std::size_t kChecksum = 8;

// Every kind of entry.
Recording full_recording() {
  Recording recording;
  recording.tracks.push_back({.number = 1,
                              .session = 1,
                              .recorded = BlockCount{1000},
                              .state = TrackState::kComplete,
                              .damaged = true,
                              .packet = BlockCount{32},
                              .isrc = {'D', 'E'}});
  recording.tracks.push_back({.number = 2, .session = 2, .start = Lba{-3}});
  recording.closed_sessions = {{SessionFormat::kCdI}};
  recording.finalised = true;
  recording.minimally_blanked = true;
  recording.formatting = {.state = FormatState::kBackgroundStopped,
                          .type = 0x26,
                          .sub_type = 1,
                          .user_blocks = BlockCount{5000},
                          .de_iced = BlockCount{17}};
  recording.calibrations = 9;
  recording.layer_0 = BlockCount{11};
  recording.remapped = BlockCount{12};
  recording.index_points = {{.start = Lba{-150}, .track = 1}, {.start = Lba{0}, .track = 99}};
  recording.catalogue = {'4', '2'};
  recording.cd_text = {{0x80, 1, 2}, {0x8F}};
  recording.links = {{Lba{32}, Lba{39}}, {Lba{71}, Lba{78}}};
  recording.written = {{Lba{0}, Lba{32}}};
  recording.damage = {.unreadable = {{Lba{7}, Lba{9}}, {Lba{10}, Lba{12}}}, .tracks = {2}};
  return recording;
}

Bytes encode(const Recording& recording) {
  Bytes bytes;
  EXPECT_TRUE(encode_record(recording, 5, bytes).has_value());
  return bytes;
}

void fix_checksum(Bytes& record) {
  const auto counted = std::span(record).subspan(kChecksum);
  pregroove::write_struct(std::span(record), 0,
                          pregroove::Be64(XXH3_64bits(counted.data(), counted.size())));
}

TEST(Record, GivesBackEveryKindOfEntry) {
  const Bytes bytes = encode(full_recording());
  const auto found = find_record(bytes);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->generation, 5U);
  EXPECT_EQ(found->size, bytes.size());
  const auto decoded = decode_record(bytes);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_TRUE(*decoded == full_recording());
}

// Each byte of each kind of entry, and each length.
TEST(Record, TornOneIsNotFound) {
  const Bytes whole = encode(full_recording());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes torn = whole;
    torn[i] ^= std::byte{0x10};
    EXPECT_FALSE(find_record(torn).has_value()) << i;
    EXPECT_FALSE(find_record(std::span(whole).first(i)).has_value()) << i;
  }
}

TEST(Record, LargerThanASlotIsRefused) {
  Recording recording;
  for (int i = 0; i < 40000; ++i) recording.written.push_back({Lba{i * 64}, Lba{(i * 64) + 32}});
  Bytes bytes;
  const auto encoded = encode_record(recording, 1, bytes);
  ASSERT_FALSE(encoded.has_value());
  EXPECT_EQ(encoded.error().code, ErrorCode::kNoRoom);
}

TEST(Record, CdTextOfMoreThanEightBlocksIsDamage) {
  Recording recording;
  recording.cd_text.resize(2048);
  EXPECT_TRUE(decode_record(encode(recording)).has_value());
  recording.cd_text.resize(2049);
  const auto decoded = decode_record(encode(recording));
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().code, ErrorCode::kCorruptFile);
}

// Everything that a record can hold besides the ranges of one disc.
void fill_up(Recording& recording) {
  recording.cd_text.resize(2048);
  while (recording.index_points.size() < std::size_t{99} * 100)
    recording.index_points.push_back({.track = 1});
  recording.closed_sessions.resize(99);
  recording.tracks.resize(99);
}

void expect_room(Recording recording) {
  fill_up(recording);
  EXPECT_TRUE(decode_record(encode(recording)).has_value());
}

TEST(Record, HasRoomForAllThePacketsThatARuleAllows) {
  constexpr WriteMode kPackets{.method = RecordingMethod::kVariablePacket};
  Layout layout(*find_medium("cd-r-80"));
  Ruling ruling;
  int packets = 0;
  for (; packets < 33000; ++packets) {
    const Lba next = layout.next_writable_address().value();
    ruling = layout.check_write(next, BlockCount{1}, kPackets);
    if (!ruling) break;
    layout.record_write(next, BlockCount{1}, kPackets);
    ASSERT_TRUE(layout.synchronize(kPackets).has_value());
  }
  ASSERT_FALSE(ruling.has_value());
  EXPECT_EQ(ruling.error(), Refusal::kDoesNotFit);
  EXPECT_EQ(packets, 16000);
  expect_room(layout.recording());
  ASSERT_TRUE(layout.finish_track(1).has_value());
  ASSERT_TRUE(layout.close({.function = CloseFunction::kSession}, kPackets).has_value());
  const auto decoded = decode_record(encode(layout.recording()));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(Layout::restored(layout.medium(), *decoded).has_value());
}

TEST(Record, HasRoomForAllTheClustersThatARuleAllows) {
  constexpr BlockCount kCluster{32};
  Layout layout(*find_medium("bd-r-25"));
  ASSERT_TRUE(layout.format({.type = 0x00, .sub_type = 2}).has_value());
  Ruling ruling;
  Lba next{0};
  int clusters = 0;
  for (; clusters < 33000; ++clusters) {
    ruling = layout.check_write(next, kCluster, {});
    if (!ruling) break;
    layout.edit().written.push_back({next, next + kCluster});
    next += BlockCount{64};
  }
  ASSERT_FALSE(ruling.has_value());
  EXPECT_EQ(ruling.error(), Refusal::kDoesNotFit);
  EXPECT_EQ(clusters, 24000);
  // What fills a gap makes them fewer.
  EXPECT_TRUE(layout.check_write(Lba{32}, kCluster, {}).has_value());
  ASSERT_TRUE(layout.close({.function = CloseFunction::kFinaliseDisc}, {}).has_value());
  const auto decoded = decode_record(encode(layout.recording()));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(Layout::restored(layout.medium(), *decoded).has_value());
}

// READ SUB-CHANNEL (MMC-6 6.25): the validity is in byte 8.
TEST(Record, CodesThatCannotBeAreNotReported) {
  Layout layout(*find_medium("cd-r-80"));
  layout.record_write(Lba{0}, BlockCount{300}, {});
  ASSERT_TRUE(layout.finish_track(1).has_value());
  for (const bool possible : {true, false}) {
    const std::string catalogue = possible ? "4006381333931" : "\x9B[2J\n67890123";
    const std::string isrc = possible ? "DEA129912345"
                                      : "de\x9B"
                                        "129912345";
    std::ranges::copy(catalogue, layout.edit().catalogue.begin());
    std::ranges::copy(isrc, layout.edit().tracks[0].isrc.begin());
    BenchDrive bench = BenchDrive::empty();
    bench.drive().insert(Disc::in_memory(layout));
    bench.settle();
    const std::uint32_t validity = possible ? 0x80 : 0;
    EXPECT_EQ(bench.receive("42 00 40 02 00 00 00 00 18 00", 24).number(8, 1), validity);
    EXPECT_EQ(bench.receive("42 00 40 03 00 00 01 00 18 00", 24).number(8, 1), validity);
  }
}

// What a drive would ask about a disc; any answer is right as long as there is one.
void look_at(const Layout& layout) {
  BenchDrive bench = BenchDrive::empty();
  bench.drive().insert(Disc::in_memory(layout));
  bench.settle();
  for (const char* cdb : {"51 00 00 00 00 00 00 00 22 00", "52 01 00 00 00 01 00 00 24 00",
                          "52 01 00 00 00 FF 00 00 24 00", "43 00 00 00 00 00 00 03 24 00",
                          "43 02 02 00 00 00 00 03 24 00", "23 00 00 00 00 00 00 00 FC 00",
                          "25 00 00 00 00 00 00 00 00 00", "28 00 00 00 00 00 00 00 01 00"})
    (void)bench.receive(cdb, 2048);
  (void)bench.write(0, Bytes(std::size_t{16} * 2048));
  if (const auto next = layout.next_writable_address())
    (void)bench.write(next->value, Bytes(std::size_t{16} * 2048));
  (void)bench.send("5B 00 02 00 00 00 00 00 00 00");
  EXPECT_TRUE(bench.disc().check_invariants().has_value());
}

// A sound disc of the medium to start from.
Recording used_disc(const Medium& medium) {
  if (medium.pressed()) return Layout::pressed(medium, BlockCount{1000}).recording();
  Layout layout(medium);
  if (const auto formats = layout.format_capacities().formats;
      !formats.empty() && medium.kind != MediumKind::kBdR) {
    const FormatDescriptor& best = formats.front();
    EXPECT_TRUE(
        layout.format({.type = best.type, .blocks = best.blocks, .parameter = best.parameter})
            .has_value());
  } else {
    const bool dvd_minus =
        medium.kind == MediumKind::kDvdR || medium.kind == MediumKind::kDvdRDualLayer;
    layout.record_write(
        Lba{0}, BlockCount{320},
        {.method = dvd_minus ? RecordingMethod::kVariablePacket : RecordingMethod::kTrackAtOnce});
    EXPECT_TRUE(layout.finish_track(1).has_value());
    EXPECT_TRUE(layout.close_session(true, SessionFormat::kCdRom).has_value());
  }
  layout.damage_blocks({Lba{1}, Lba{3}});
  return layout.recording();
}

TEST(Record, RandomBytesWithARightChecksumAreASoundDiscOrACorruptFile) {
  std::mt19937 random(20240817);
  int sound = 0;
  int corrupt = 0;
  for (const Medium& medium : all_media()) {
    const Bytes whole = encode(used_disc(medium));
    for (int round = 0; round < 300; ++round) {
      SCOPED_TRACE(std::string(medium.name) + ", round " + std::to_string(round));
      Bytes bytes = whole;
      const auto changes = 1 + (random() % 3);
      for (unsigned i = 0; i < changes; ++i)
        bytes[kChecksum + (random() % (bytes.size() - kChecksum))] =
            random() % 2 == 0 ? std::byte(random()) : std::byte(random() % 6);
      fix_checksum(bytes);
      if (!find_record(bytes)) continue;
      auto decoded = decode_record(bytes);
      auto layout = decoded ? Layout::restored(medium, *std::move(decoded))
                            : std::unexpected(std::move(decoded).error());
      if (!layout) {
        EXPECT_EQ(layout.error().code, ErrorCode::kCorruptFile);
        ++corrupt;
        continue;
      }
      ++sound;
      ASSERT_TRUE(layout->check_invariants().has_value());
      if (round % 10 == 0) look_at(*layout);
    }
  }
  EXPECT_GT(sound, 100);
  EXPECT_GT(corrupt, 1000);
}

}  // namespace
}  // namespace simdrive
