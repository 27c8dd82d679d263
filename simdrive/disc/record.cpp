#include "simdrive/disc/record.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "engine/base/bytes.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;
using pregroove::Be64;
using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;

constexpr std::array<char, 8> kMagic = {'R', 'E', 'C', 'O', 'R', 'D', '\n', '\x1A'};

// Eight blocks, one for each language, of at most 256 packs (MMC-6 annex on CD-TEXT).
constexpr std::size_t kMostCdTextPacks = 2048;

constexpr std::uint8_t kFinalised = 0x01;
constexpr std::uint8_t kMinimallyBlanked = 0x02;
// Of a track.
constexpr std::uint8_t kInterrupted = 0x01;
constexpr std::uint8_t kDamagedLater = 0x02;

// At the start of each slot; the entries that it counts follow, in the order of the counts.
struct Header {
  Be64 checksum;  // of all the bytes of the record behind it
  std::array<char, 8> magic = kMagic;
  Be64 generation;
  std::uint8_t flags = 0;
  std::uint8_t format_state = 0;
  std::uint8_t format_type = 0;
  std::uint8_t format_sub_type = 0;
  Be32 formatted_blocks;
  Be32 de_iced_blocks;
  Be32 layer_0_blocks;
  Be32 remapped_blocks;
  Be16 calibrations;
  std::array<char, 13> catalogue{};
  std::uint8_t reserved = 0;
  Be16 tracks;
  Be16 closed_sessions;
  Be32 index_points;
  Be16 cd_text_packs;
  Be16 unreadable;
  Be32 links;
  Be32 written;
};
static_assert(pregroove::wire_struct<Header, 80>());

struct TrackEntry {
  Be16 number;
  Be16 session;
  std::uint8_t state = 0;
  std::uint8_t format = 0;
  std::uint8_t method = 0;
  std::uint8_t control = 0;
  Be32 start;
  Be32 recorded;
  Be32 reserved;
  Be32 packet;
  std::uint8_t damaged = 0;
  std::array<char, 12> isrc{};
  std::array<std::uint8_t, 3> reserved_37{};
};
static_assert(pregroove::wire_struct<TrackEntry, 40>());

struct SessionEntry {
  std::uint8_t format = 0;
  std::array<std::uint8_t, 3> reserved{};
};
static_assert(pregroove::wire_struct<SessionEntry, 4>());

struct IndexEntry {
  Be32 start;
  std::uint8_t track = 0;
  std::uint8_t index = 0;
  std::uint8_t control = 0;
  std::uint8_t format = 0;
};
static_assert(pregroove::wire_struct<IndexEntry, 8>());

using PackEntry = std::array<std::uint8_t, 18>;

struct ExtentEntry {
  Be32 start;
  Be32 end;
};
static_assert(pregroove::wire_struct<ExtentEntry, 8>());

std::size_t size_of(const Header& header) {
  return sizeof(Header) + (std::size_t{header.tracks.value()} * sizeof(TrackEntry)) +
         (std::size_t{header.closed_sessions.value()} * sizeof(SessionEntry)) +
         (std::size_t{header.index_points.value()} * sizeof(IndexEntry)) +
         (std::size_t{header.cd_text_packs.value()} * sizeof(PackEntry)) +
         ((std::size_t{header.unreadable.value()} + header.links.value() + header.written.value()) *
          sizeof(ExtentEntry));
}

Be64 checksum_of(std::span<const std::byte> record) {
  const auto counted = record.subspan(sizeof(Be64));
  return Be64(XXH3_64bits(counted.data(), counted.size()));
}

Be32 be32(Lba lba) { return Be32(static_cast<std::uint32_t>(lba.value)); }
Be32 be32(BlockCount count) { return Be32(static_cast<std::uint32_t>(count.value)); }
Be16 be16(std::size_t count) { return Be16(static_cast<std::uint16_t>(count)); }
Lba lba_of(Be32 field) { return Lba{static_cast<std::int32_t>(field.value())}; }
BlockCount count_of(Be32 field) { return BlockCount{field.value()}; }

Header header_of(const Recording& recording, std::uint64_t generation) {
  const Formatting& formatting = recording.formatting;
  const unsigned flags = (recording.finalised ? kFinalised : 0U) |
                         (recording.minimally_blanked ? kMinimallyBlanked : 0U);
  return {.generation = Be64(generation),
          .flags = static_cast<std::uint8_t>(flags),
          .format_state = static_cast<std::uint8_t>(formatting.state),
          .format_type = formatting.type,
          .format_sub_type = formatting.sub_type,
          .formatted_blocks = be32(formatting.user_blocks),
          .de_iced_blocks = be32(formatting.de_iced),
          .layer_0_blocks = be32(recording.layer_0),
          .remapped_blocks = be32(recording.remapped),
          .calibrations = Be16(recording.calibrations),
          .catalogue = recording.catalogue,
          .tracks = be16(recording.tracks.size()),
          .closed_sessions = be16(recording.closed_sessions.size()),
          .index_points = Be32(static_cast<std::uint32_t>(recording.index_points.size())),
          .cd_text_packs = be16(recording.cd_text.size()),
          .unreadable = be16(recording.damage.unreadable.size()),
          .links = Be32(static_cast<std::uint32_t>(recording.links.size())),
          .written = Be32(static_cast<std::uint32_t>(recording.written.size()))};
}

TrackEntry entry_of(const Track& track, const Damage& damage) {
  const bool damaged_later = std::ranges::binary_search(damage.tracks, track.number);
  return {.number = Be16(static_cast<std::uint16_t>(track.number)),
          .session = Be16(static_cast<std::uint16_t>(track.session)),
          .state = static_cast<std::uint8_t>(track.state),
          .format = static_cast<std::uint8_t>(track.format),
          .method = static_cast<std::uint8_t>(track.method),
          .control = track.control,
          .start = be32(track.start),
          .recorded = be32(track.recorded),
          .reserved = be32(track.reserved),
          .packet = be32(track.packet),
          .damaged = static_cast<std::uint8_t>((track.damaged ? kInterrupted : 0U) |
                                               (damaged_later ? kDamagedLater : 0U)),
          .isrc = track.isrc};
}

std::optional<Track> track_of(const TrackEntry& entry) {
  const bool known = entry.state <= static_cast<std::uint8_t>(TrackState::kComplete) &&
                     entry.format <= static_cast<std::uint8_t>(SectorFormat::kAny) &&
                     entry.method <= static_cast<std::uint8_t>(RecordingMethod::kPressed) &&
                     entry.control <= 0x0F && entry.damaged <= (kInterrupted | kDamagedLater);
  if (!known) return std::nullopt;
  return Track{.number = entry.number.value(),
               .session = entry.session.value(),
               .start = lba_of(entry.start),
               .recorded = count_of(entry.recorded),
               .reserved = count_of(entry.reserved),
               .state = static_cast<TrackState>(entry.state),
               .format = static_cast<SectorFormat>(entry.format),
               .method = static_cast<RecordingMethod>(entry.method),
               .control = entry.control,
               .damaged = (entry.damaged & kInterrupted) != 0,
               .packet = count_of(entry.packet),
               .isrc = entry.isrc};
}

std::optional<ClosedSession> session_of(const SessionEntry& entry) {
  const auto format = static_cast<SessionFormat>(entry.format);
  if (format != SessionFormat::kCdRom && format != SessionFormat::kCdI &&
      format != SessionFormat::kCdRomXa)
    return std::nullopt;
  return ClosedSession{format};
}

std::optional<IndexPoint> index_of(const IndexEntry& entry) {
  if (entry.track < 1 || entry.track > 99 || entry.index > 99 || entry.control > 0x0F ||
      entry.format > static_cast<std::uint8_t>(SectorFormat::kAny))
    return std::nullopt;
  return IndexPoint{.start = lba_of(entry.start),
                    .track = entry.track,
                    .index = entry.index,
                    .control = entry.control,
                    .format = static_cast<SectorFormat>(entry.format)};
}

std::optional<Extent> extent_of(const ExtentEntry& entry) {
  const Extent extent{lba_of(entry.start), lba_of(entry.end)};
  if (extent.start < Lba{0} || extent.end <= extent.start) return std::nullopt;
  return extent;
}

// The entries of a slot, taken one after the other.
class Entries {
 public:
  Entries(std::span<const std::byte> slot, std::size_t offset) : slot_(slot), offset_(offset) {}

  // False when one of them is impossible.
  template <typename Entry, typename Value, typename Convert>
  bool take(std::size_t count, std::vector<Value>& values, const Convert& convert) {
    values.reserve(count);
    for (std::size_t i = 0; i < count; ++i, offset_ += sizeof(Entry)) {
      const auto entry = pregroove::read_struct<Entry>(slot_, offset_);
      if (!entry) return false;
      const std::optional<Value> value = convert(*entry);
      if (!value) return false;
      values.push_back(*value);
    }
    return true;
  }

 private:
  std::span<const std::byte> slot_;
  std::size_t offset_;
};

bool ascending(const std::vector<Extent>& extents) {
  return std::ranges::adjacent_find(extents, [](const Extent& a, const Extent& b) {
           return b.start < a.end;
         }) == extents.end();
}

}  // namespace

Status encode_record(const Recording& recording, std::uint64_t generation,
                     std::vector<std::byte>& buffer) {
  Header header = header_of(recording, generation);
  const std::size_t size = size_of(header);
  constexpr std::size_t kMostRanges = 0xFFFF;
  if (size > kMaxRecordSize || recording.damage.unreadable.size() > kMostRanges)
    return fail(ErrorCode::kNoRoom, "the disc holds more tracks and fragments than its file can");
  buffer.resize(size);
  pregroove::write_struct(std::span(buffer), 0, header);
  std::size_t offset = sizeof(Header);
  const auto append = [&](const auto& wire) {
    pregroove::write_struct(std::span(buffer), offset, wire);
    offset += sizeof(wire);
  };
  for (const Track& track : recording.tracks) append(entry_of(track, recording.damage));
  for (const ClosedSession& session : recording.closed_sessions)
    append(SessionEntry{.format = static_cast<std::uint8_t>(session.format)});
  for (const IndexPoint& point : recording.index_points)
    append(IndexEntry{.start = be32(point.start),
                      .track = point.track,
                      .index = point.index,
                      .control = point.control,
                      .format = static_cast<std::uint8_t>(point.format)});
  for (const PackEntry& pack : recording.cd_text) append(pack);
  for (const auto* extents : {&recording.damage.unreadable, &recording.links, &recording.written}) {
    for (const Extent& extent : *extents)
      append(ExtentEntry{.start = be32(extent.start), .end = be32(extent.end)});
  }
  header.checksum = checksum_of(buffer);
  pregroove::write_struct(std::span(buffer), 0, header);
  return {};
}

std::optional<StoredRecord> find_record(std::span<const std::byte> slot) {
  const auto header = pregroove::read_struct<Header>(slot);
  if (!header || header->magic != kMagic) return std::nullopt;
  const std::size_t size = size_of(*header);
  if (size > slot.size() || size > kMaxRecordSize) return std::nullopt;
  if (checksum_of(slot.first(size)).value() != header->checksum.value()) return std::nullopt;
  return StoredRecord{header->generation.value(), size};
}

Result<Recording> decode_record(std::span<const std::byte> slot) {
  const auto header = pregroove::read_struct<Header>(slot).value_or(Header{});
  if (header.format_state > static_cast<std::uint8_t>(FormatState::kBackgroundStopped))
    return fail(ErrorCode::kCorruptFile, "the disc is formatted in an unknown way");
  Recording recording{.finalised = (header.flags & kFinalised) != 0,
                      .minimally_blanked = (header.flags & kMinimallyBlanked) != 0,
                      .formatting = {.state = static_cast<FormatState>(header.format_state),
                                     .type = header.format_type,
                                     .sub_type = header.format_sub_type,
                                     .user_blocks = count_of(header.formatted_blocks),
                                     .de_iced = count_of(header.de_iced_blocks)},
                      .calibrations = header.calibrations.value(),
                      .layer_0 = count_of(header.layer_0_blocks),
                      .remapped = count_of(header.remapped_blocks),
                      .catalogue = header.catalogue};
  Entries entries(slot, sizeof(Header));
  const auto track_and_damage = [&](const TrackEntry& entry) {
    if ((entry.damaged & kDamagedLater) != 0)
      recording.damage.tracks.push_back(entry.number.value());
    return track_of(entry);
  };
  if (!entries.take<TrackEntry>(header.tracks.value(), recording.tracks, track_and_damage))
    return fail(ErrorCode::kCorruptFile, "a track is of an unknown kind");
  if (!entries.take<SessionEntry>(header.closed_sessions.value(), recording.closed_sessions,
                                  session_of))
    return fail(ErrorCode::kCorruptFile, "a session is of an unknown kind");
  if (!entries.take<IndexEntry>(header.index_points.value(), recording.index_points, index_of))
    return fail(ErrorCode::kCorruptFile, "an index of a track is impossible");
  const auto same = [](const PackEntry& pack) { return std::optional(pack); };
  if (header.cd_text_packs.value() > kMostCdTextPacks)
    return fail(ErrorCode::kCorruptFile, "the CD-TEXT is longer than any can be");
  if (!entries.take<PackEntry>(header.cd_text_packs.value(), recording.cd_text, same))
    return fail(ErrorCode::kCorruptFile, "the CD-TEXT is incomplete");
  if (!entries.take<ExtentEntry>(header.unreadable.value(), recording.damage.unreadable,
                                 extent_of) ||
      !ascending(recording.damage.unreadable))
    return fail(ErrorCode::kCorruptFile, "a damaged range is impossible");
  if (!entries.take<ExtentEntry>(header.links.value(), recording.links, extent_of) ||
      !entries.take<ExtentEntry>(header.written.value(), recording.written, extent_of) ||
      !ascending(recording.links) || !ascending(recording.written))
    return fail(ErrorCode::kCorruptFile, "a written range is impossible");
  return recording;
}

}  // namespace simdrive
