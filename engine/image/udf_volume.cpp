#include "engine/image/udf_volume.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "engine/image/directory_parser.h"
#include "engine/image/extract.h"

namespace pregroove::image::udf {
namespace {

constexpr std::string_view kWhere = "UDF volume";
// Bounds of what a hostile image can make us read.
constexpr std::uint32_t kSequenceBlocksMax = 256;
constexpr std::uint64_t kTableBytesMax = std::uint64_t{64} << 20U;
constexpr std::uint32_t kMapsMax = 8;

std::unexpected<Error> no_volume(Lba session_start) {
  return fail(ErrorCode::kNotFound,
              fmt::format("the session at block {} holds no UDF volume", session_start.value),
              "Only data sessions with ISO 9660, Joliet or UDF can be read.");
}

std::unexpected<Error> damaged(std::string_view reason) { return corrupt_image(kWhere, reason); }

}  // namespace

// The prevailing descriptors of a volume descriptor sequence (3/8.4.3): of several of a kind those
// with the highest sequence number.
struct Volume::Sequence {
  template <typename Form>
  struct Prevailing {
    std::optional<Form> form;
    std::vector<std::byte> block;  // whole
  };
  Prevailing<PrimaryVolume> primary;
  Prevailing<LogicalVolumeHead> volume;
  std::map<std::uint16_t, udf::Partition> partitions;

  template <typename Form>
  static void take(Prevailing<Form>& into, std::span<const std::byte> block) {
    const Form form = *read_struct<Form>(block);
    if (into.form && into.form->sequence_number.value() > form.sequence_number.value()) return;
    into = {.form = form, .block = {block.begin(), block.end()}};
  }
  void take_partition(std::span<const std::byte> block) {
    const auto form = *read_struct<udf::Partition>(block);
    const auto [at, fresh] = partitions.try_emplace(form.number.value(), form);
    if (!fresh && at->second.sequence_number.value() <= form.sequence_number.value())
      at->second = form;
  }
  [[nodiscard]] bool complete() const { return volume.form && !partitions.empty(); }
};

Result<Volume> Volume::open(BlockReader& reader, Lba session_start, Lba end,
                            MetadataCopy preferred) {
  Volume volume(reader, end, preferred);
  PREGROOVE_RETURN_IF_ERROR(volume.read_sequences(session_start));
  return volume;
}

Result<std::span<const std::byte>> Volume::block(std::int64_t lba) {
  if (lba < 0 || lba >= end_.value)
    return damaged(fmt::format("block {} is outside of the disc", lba));
  return window_.blocks(Lba{static_cast<std::int32_t>(lba)}, BlockCount{1});
}

Result<std::span<const std::byte>> Volume::block(Address at) {
  std::vector<Extent> place;
  PREGROOVE_RETURN_IF_ERROR(locate(at, kBlockSize, place));
  return block(std::int64_t{place.front().lba.value});
}

// 3/8.4.2.1: at block 256, and at the end of the volume or 256 blocks before.
Status Volume::read_sequences(Lba session_start) {
  constexpr std::int64_t kAnchor = 256;
  const std::int64_t last = std::int64_t{end_.value} - 1;
  std::optional<Error> error;
  for (const std::int64_t lba :
       {std::int64_t{session_start.value} + kAnchor, last - kAnchor, last}) {
    if (lba < session_start.value) continue;
    const auto found = block(lba);
    if (!found) continue;
    if (verified_tag(*found, static_cast<std::uint32_t>(lba)) !=
        static_cast<std::uint16_t>(TagId::kAnchor))
      continue;
    const Anchor anchor = *read_struct<Anchor>(*found);
    for (const ExtentAd& place : {anchor.main, anchor.reserve}) {
      auto sequence = read_sequence(place);
      auto status = sequence ? take_over(*sequence) : Status(std::unexpected(sequence.error()));
      if (status) return {};
      // What the first says is wrong counts; what is not supported, too.
      if (!error) error = std::move(status).error();
    }
  }
  if (error) return std::unexpected(*std::move(error));
  return no_volume(session_start);
}

Result<Volume::Sequence> Volume::read_sequence(const ExtentAd& place) {
  Sequence sequence;
  const std::uint32_t blocks =
      std::min(place.bytes.value() / static_cast<std::uint32_t>(kBlockSize), kSequenceBlocksMax);
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const std::uint32_t lba = place.location.value() + i;
    PREGROOVE_ASSIGN_OR_RETURN(const auto found, block(std::int64_t{lba}));
    const auto tag = verified_tag(found, lba);
    // Behind the last descriptor there may be anything (3/8.4.2).
    if (!tag || tag == static_cast<std::uint16_t>(TagId::kTerminating)) break;
    switch (static_cast<TagId>(*tag)) {
      case TagId::kPrimaryVolume:
        Sequence::take(sequence.primary, found);
        break;
      case TagId::kLogicalVolume:
        Sequence::take(sequence.volume, found);
        break;
      case TagId::kPartition:
        sequence.take_partition(found);
        break;
      default:
        break;
    }
  }
  if (!sequence.complete()) return damaged("its descriptors are missing");
  return sequence;
}

Status Volume::take_over(const Sequence& sequence) {
  constexpr std::string_view kDomain = "*OSTA UDF Compliant";
  const LogicalVolumeHead& head = *sequence.volume.form;
  if (head.block_size.value() != kBlockSize)
    return fail(ErrorCode::kUnsupported,
                fmt::format("the UDF volume has blocks of {} bytes; only 2048 are supported",
                            head.block_size.value()));
  if (!is_named(head.domain, kDomain))
    return fail(ErrorCode::kUnsupported, "the volume is of ECMA-167, but not of UDF");
  revision_ = static_cast<std::uint16_t>(head.domain.suffix[0] | head.domain.suffix[1] << 8U);
  constexpr std::uint16_t kNewest = 0x0260;
  if (revision_ > kNewest)
    return fail(ErrorCode::kUnsupported,
                fmt::format("the volume is of UDF {:x}.{:02x}, and only revisions up to 2.60 are "
                            "read",
                            revision_ >> 8U, revision_ & 0xFFU));
  label_ = text_of_dstring(head.identifier);
  recorded_ = sequence.primary.form ? time_of(sequence.primary.form->recorded) : system::FileTime{};
  partitions_.clear();
  maps_.clear();
  has_metadata_twice_ = false;
  for (const auto& [number, form] : sequence.partitions) {
    const std::int64_t start = form.start.value();
    if (start >= end_.value) return damaged("a partition begins outside of the disc");
    partitions_[number] = {.start = Lba{static_cast<std::int32_t>(start)},
                           .blocks = BlockCount{form.blocks.value()}};
  }
  if (head.maps.value() > kMapsMax) return damaged("it has unreasonably many partition maps");
  auto maps = std::span<const std::byte>(sequence.volume.block).subspan(sizeof(head));
  maps = maps.first(std::min<std::size_t>(maps.size(), head.map_bytes.value()));
  for (std::uint32_t i = 0; i < head.maps.value(); ++i) {
    constexpr std::size_t kLeast = 2;
    if (maps.size() < kLeast) return damaged("a partition map is missing");
    const auto length = std::to_integer<std::size_t>(maps[1]);
    if (length < kLeast || length > maps.size()) return damaged("a partition map is cut off");
    PREGROOVE_RETURN_IF_ERROR(add_map(maps.first(length)));
    maps = maps.subspan(length);
  }
  return read_file_set(head.file_set);
}

Status Volume::add_map(std::span<const std::byte> map) {
  constexpr auto kPhysical = std::byte{1};
  const auto physical = read_struct<PhysicalMap>(map);
  if (map.front() == kPhysical && physical) {
    maps_.emplace_back(Physical{physical->partition.value()});
    return {};
  }
  const auto known = read_struct<KnownMap>(map);
  if (!known) return damaged("a partition map is of no known kind");
  Result<Map> added = damaged("a partition map is of no known kind");
  if (is_named(known->identifier, "*UDF Sparable Partition")) added = read_sparable(*known);
  if (is_named(known->identifier, "*UDF Virtual Partition")) added = read_virtual(*known);
  if (is_named(known->identifier, "*UDF Metadata Partition")) added = read_metadata(*known);
  PREGROOVE_RETURN_IF_ERROR(added);
  maps_.push_back(*std::move(added));
  return {};
}

// UDF 2.60, 2.2.12: of the copies of the table that can be read the one with the highest number.
Result<Volume::Map> Volume::read_sparable(const KnownMap& map) {
  constexpr std::uint32_t kNone = 0xFFFFFFF0;
  const SparableMap more = *read_struct<SparableMap>(std::as_bytes(std::span(map.more)));
  if (more.packet.value() == 0 || more.tables > more.places.size())
    return damaged("its sparable partition is none");
  Sparable sparable{.number = map.partition.value(), .packet = more.packet.value()};
  std::optional<std::uint32_t> newest;
  for (const Le32& place : std::span(more.places).first(more.tables)) {
    const auto head = block(std::int64_t{place.value()});
    if (!head || verified_tag(*head, place.value()) != kTagSparing) continue;
    const SparingTable table = *read_struct<SparingTable>(*head);
    if (!is_named(table.identifier, "*UDF Sparing Table")) continue;
    if (newest && *newest >= table.sequence_number.value()) continue;
    std::map<std::uint32_t, std::uint32_t> moved;
    std::vector<std::byte> bytes(head->begin(), head->end());
    const std::size_t size =
        sizeof(SparingTable) + std::size_t{table.entries.value()} * sizeof(SparedPacket);
    for (std::uint32_t i = 1; bytes.size() < size; ++i) {
      PREGROOVE_ASSIGN_OR_RETURN(const auto next, block(std::int64_t{place.value()} + i));
      bytes.insert(bytes.end(), next.begin(), next.end());
    }
    for (std::size_t i = 0; i < table.entries.value(); ++i) {
      const SparedPacket entry =
          *read_struct<SparedPacket>(bytes, sizeof(SparingTable) + i * sizeof(SparedPacket));
      if (entry.original.value() < kNone) moved[entry.original.value()] = entry.mapped.value();
    }
    newest = table.sequence_number.value();
    sparable.moved = std::move(moved);
  }
  if (!newest) return damaged("its sparing tables cannot be read");
  return sparable;
}

// UDF 2.60, 2.2.11: the entry of the table is the last block that was written. What the drive
// padded the track with comes behind it.
Result<Volume::Table> Volume::find_table(std::uint16_t reference) {
  constexpr std::int64_t kPaddingMax = 64;
  const Lba start = partitions_.at(std::get<Physical>(maps_[reference]).number).start;
  std::optional<Error> error;
  for (std::int64_t lba = std::int64_t{end_.value} - 1, tried = 0;
       tried < kPaddingMax && lba >= start.value; --lba, ++tried) {
    const auto found = block(lba);
    if (!found) continue;
    const Address at{static_cast<std::uint32_t>(lba - start.value), reference};
    const auto entry = parse_entry(*found, at);
    if (!entry) continue;
    if (entry->type != kTypeVirtualAllocationTable && entry->type != kTypeUnspecified) continue;
    auto table = read_table(*entry);
    if (table) return table;
    if (!error) error = std::move(table).error();
  }
  if (error) return std::unexpected(*std::move(error));
  return damaged("its virtual allocation table is not at the end of the disc");
}

// UDF 1.50, 2.2.10: the table, an identifier, and where the table before is. UDF 2.00, 2.2.10: a
// header that says how long it is, and the table.
Result<Volume::Table> Volume::read_table(const Entry& entry) {
  constexpr std::size_t kOldEnd = sizeof(EntityId) + sizeof(Le32);
  PREGROOVE_ASSIGN_OR_RETURN(const auto bytes, content(entry, kTableBytesMax));
  std::size_t begin = 0;
  std::size_t end = bytes.size();
  if (entry.type == kTypeVirtualAllocationTable) {
    const auto length = read_struct<Le16>(bytes);
    begin = length ? length->value() : end + 1;
  } else {
    const auto id = end < kOldEnd ? std::nullopt : read_struct<EntityId>(bytes, end - kOldEnd);
    if (!id || !is_named(*id, "*UDF Virtual Alloc Tbl"))
      return damaged("its last file is no virtual allocation table");
    end -= kOldEnd;
  }
  if (begin > end) return damaged("its virtual allocation table is cut off");
  Table table;
  for (std::size_t at = begin; at + sizeof(Le32) <= end; at += sizeof(Le32))
    table.push_back(read_struct<Le32>(bytes, at)->value());
  return table;
}

// Which of the maps is the partition that another one is made of: a physical or a sparable one.
Result<std::uint16_t> Volume::reference_of(std::uint16_t partition_number) const {
  for (std::size_t i = 0; i < maps_.size(); ++i) {
    const auto* physical = std::get_if<Physical>(&maps_[i]);
    const auto* sparable = std::get_if<Sparable>(&maps_[i]);
    if (physical == nullptr && sparable == nullptr) continue;
    const std::uint16_t number = physical != nullptr ? physical->number : sparable->number;
    if (number == partition_number && partitions_.contains(number))
      return static_cast<std::uint16_t>(i);
  }
  return damaged("a partition map leads to no partition");
}

Result<Volume::Map> Volume::read_virtual(const KnownMap& map) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto reference, reference_of(map.partition.value()));
  if (!std::holds_alternative<Physical>(maps_[reference]))
    return damaged("its virtual partition is made of no physical one");
  PREGROOVE_ASSIGN_OR_RETURN(auto table, find_table(reference));
  return Virtual{.number = map.partition.value(), .table = std::move(table)};
}

// UDF 2.60, 2.2.10 and 2.2.13: a file whose blocks are the partition, or its mirror.
Result<Volume::Map> Volume::read_metadata(const KnownMap& map) {
  constexpr unsigned kDuplicated = 0x01;
  const MetadataMap more = *read_struct<MetadataMap>(std::as_bytes(std::span(map.more)));
  PREGROOVE_ASSIGN_OR_RETURN(const auto reference, reference_of(map.partition.value()));
  has_metadata_twice_ = (more.flags & kDuplicated) != 0;
  std::array copies{more.file.value(), more.mirror.value()};
  if (preferred_ == MetadataCopy::kMirror) std::ranges::reverse(copies);
  std::optional<Error> error;
  for (const std::uint32_t at : copies) {
    auto file = entry({at, reference});
    auto places =
        file ? extents(*file) : Result<std::vector<Extent>>(std::unexpected(file.error()));
    const bool usable = places && !places->empty() &&
                        (file->type == kTypeMetadata || file->type == kTypeMetadataMirror);
    if (usable) return with_ends(*std::move(places));
    if (!places && !error) error = std::move(places).error();
  }
  if (error) return std::unexpected(*std::move(error));
  return damaged("its metadata partition has no file");
}

Volume::Metadata Volume::with_ends(std::vector<Extent> file) {
  Metadata metadata{.file = std::move(file)};
  std::uint64_t end = 0;
  for (const Extent& extent : metadata.file) metadata.ends.push_back(end += extent.bytes);
  return metadata;
}

Status Volume::read_file_set(const LongAd& place) {
  const Address at = address_of(place);
  PREGROOVE_ASSIGN_OR_RETURN(const auto found, block(at));
  if (verified_tag(found, at.block) != static_cast<std::uint16_t>(TagId::kFileSet))
    return damaged("it has no file set");
  root_ = address_of(read_struct<FileSet>(found)->root);
  return {};
}

Result<Entry> Volume::entry(Address at) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto found, block(at));
  return parse_entry(found, at);
}

Result<std::vector<Extent>> Volume::extents(const Entry& entry) {
  // Each goes on in one that lies behind it in the chain; a loop would never end.
  constexpr int kContinuationsMax = 10'000;
  constexpr std::uint64_t kWorkOfContinuation = 64;  // a block of the disc
  std::vector<Extent> found;
  if (entry.allocation == Allocation::kEmbedded) return found;
  std::uint64_t left = entry.bytes;
  std::vector<Piece> pieces = parse_pieces(entry, entry.descriptors);
  int continuations = 0;
  for (std::size_t i = 0; i < pieces.size() && left > 0; ++i) {
    const Piece piece = pieces[i];
    if (piece.kind == Piece::Kind::kContinued) {
      if (++continuations > kContinuationsMax) return damaged("a file's descriptors never end");
      PREGROOVE_RETURN_IF_ERROR(spend(kWorkOfContinuation));
      PREGROOVE_ASSIGN_OR_RETURN(const auto next, block(piece.at));
      const auto head = read_struct<AllocationExtent>(next);
      if (verified_tag(next, piece.at.block) != kTagAllocationExtent ||
          head->bytes.value() > next.size() - sizeof(*head))
        return damaged("a file's descriptors are cut off");
      pieces = parse_pieces(entry, next.subspan(sizeof(*head), head->bytes.value()));
      i = std::numeric_limits<std::size_t>::max();  // begins with the first
      continue;
    }
    PREGROOVE_RETURN_IF_ERROR(spend(1));
    const std::uint64_t bytes = std::min<std::uint64_t>(left, piece.bytes);
    if (bytes < left && bytes % kBlockSize != 0)
      return damaged("an extent of a file ends within a block");
    if (piece.kind == Piece::Kind::kRecorded)
      PREGROOVE_RETURN_IF_ERROR(locate(piece.at, bytes, found));
    else
      found.push_back({.lba = kHole, .bytes = bytes});
    if (found.size() > extents_left_) return damaged("its files have unreasonably many extents");
    left -= bytes;
  }
  if (left > 0) return damaged("a file is longer than its extents");
  extents_left_ -= found.size();
  return found;
}

Result<std::vector<std::byte>> Volume::content(const Entry& entry, std::uint64_t most) {
  if (entry.bytes > most) return damaged("a structure of it is unreasonably large");
  if (entry.allocation == Allocation::kEmbedded) return entry.descriptors;
  PREGROOVE_ASSIGN_OR_RETURN(const auto places, extents(entry));
  std::vector<std::byte> bytes;
  PREGROOVE_RETURN_IF_ERROR(
      read_extents(*reader_, places, [&bytes](std::span<const std::byte> more) -> Status {
        bytes.insert(bytes.end(), more.begin(), more.end());
        return {};
      }));
  return bytes;
}

Result<const Volume::Partition*> Volume::partition(std::uint16_t number) const {
  const auto found = partitions_.find(number);
  if (found == partitions_.end()) return damaged("a partition map leads to no partition");
  return &found->second;
}

Status Volume::spend(std::uint64_t work) {
  if (work > work_left_) return damaged("its files have unreasonably many descriptors");
  work_left_ -= work;
  return {};
}

Status Volume::append(std::int64_t lba, std::uint64_t bytes, std::vector<Extent>& out) {
  PREGROOVE_RETURN_IF_ERROR(spend(1));
  const std::int64_t count = blocks_for_bytes(bytes).value;
  if (lba < 0 || lba + count > end_.value)
    return damaged(fmt::format("blocks {} to {} are outside of the disc", lba, lba + count - 1));
  if (!out.empty()) {
    Extent& last = out.back();
    const bool follows = last.lba != kHole && last.bytes % kBlockSize == 0 &&
                         last.lba.value + blocks_for_bytes(last.bytes).value == lba;
    if (follows) {
      last.bytes += bytes;
      return {};
    }
  }
  out.push_back({.lba = Lba{static_cast<std::int32_t>(lba)}, .bytes = bytes});
  return {};
}

Status Volume::locate(Address at, std::uint64_t bytes, std::vector<Extent>& out) {
  if (at.partition >= maps_.size())
    return damaged(fmt::format("partition {} is not described", at.partition));
  return std::visit([&](const auto& map) { return locate_in(map, at.block, bytes, out); },
                    maps_[at.partition]);
}

Status Volume::locate_physical(std::uint16_t number, std::uint32_t block, std::uint64_t bytes,
                               std::vector<Extent>& out) {
  PREGROOVE_ASSIGN_OR_RETURN(const Partition* const found, partition(number));
  if (block + blocks_for_bytes(bytes).value > found->blocks.value)
    return damaged(fmt::format("block {} is outside of its partition", block));
  return append(std::int64_t{found->start.value} + block, bytes, out);
}

Status Volume::locate_in(const Physical& map, std::uint32_t block, std::uint64_t bytes,
                         std::vector<Extent>& out) {
  return locate_physical(map.number, block, bytes, out);
}

Status Volume::locate_in(const Sparable& map, std::uint32_t block, std::uint64_t bytes,
                         std::vector<Extent>& out) {
  while (bytes > 0) {
    const std::uint32_t in_packet = block % map.packet;
    const auto moved = map.moved.find(block - in_packet);
    // Up to the next packet that was moved.
    const auto next = map.moved.upper_bound(block);
    std::uint64_t run = bytes;
    if (moved != map.moved.end())
      run = std::min<std::uint64_t>(bytes, std::uint64_t{map.packet - in_packet} * kBlockSize);
    else if (next != map.moved.end())
      run = std::min<std::uint64_t>(bytes, std::uint64_t{next->first - block} * kBlockSize);
    PREGROOVE_RETURN_IF_ERROR(moved != map.moved.end()
                                  ? append(std::int64_t{moved->second} + in_packet, run, out)
                                  : locate_physical(map.number, block, run, out));
    bytes -= run;
    block += static_cast<std::uint32_t>(run / kBlockSize);
  }
  return {};
}

Status Volume::locate_in(const Virtual& map, std::uint32_t block, std::uint64_t bytes,
                         std::vector<Extent>& out) {
  constexpr std::uint32_t kUnused = 0xFFFFFFFF;
  for (; bytes > 0; ++block) {
    if (block >= map.table.size() || map.table[block] == kUnused)
      return damaged(fmt::format("virtual block {} is nowhere", block));
    const std::uint64_t piece = std::min<std::uint64_t>(bytes, kBlockSize);
    PREGROOVE_RETURN_IF_ERROR(locate_physical(map.number, map.table[block], piece, out));
    bytes -= piece;
  }
  return {};
}

Status Volume::locate_in(const Metadata& map, std::uint32_t block, std::uint64_t bytes,
                         std::vector<Extent>& out) {
  std::uint64_t at = std::uint64_t{block} * kBlockSize;
  const auto first = std::ranges::upper_bound(map.ends, at) - map.ends.begin();
  for (auto i = static_cast<std::size_t>(first); i < map.file.size() && bytes > 0; ++i) {
    const Extent& extent = map.file[i];
    if (extent.lba == kHole) return damaged("its metadata has a hole");
    const std::uint64_t skip = at - (map.ends[i] - extent.bytes);
    const std::uint64_t run = std::min(bytes, extent.bytes - skip);
    PREGROOVE_RETURN_IF_ERROR(
        append(extent.lba.value + static_cast<std::int64_t>(skip / kBlockSize), run, out));
    bytes -= run;
    at += run;
  }
  if (bytes == 0) return {};
  return damaged(fmt::format("metadata block {} is nowhere", block));
}

}  // namespace pregroove::image::udf
