#include "engine/image/checksums.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/image/checksum_table.h"

namespace pregroove::image {
namespace {

std::unexpected<Error> damaged(ChecksumPlace place, std::string_view how) {
  return fail(ErrorCode::kCorruptImage,
              fmt::format("the checksums at LBA {} are damaged: {}", place.lba.value, how),
              "Files can still be compared with their originals: --compare FOLDER.");
}

// Each table is before the one that names it, so that the way back ends.
Result<std::optional<ChecksumPlace>> previous_of(const ChecksumHeader& header,
                                                 ChecksumPlace place) {
  if (header.previous_blocks.value() == 0) return std::nullopt;
  const std::int64_t end =
      std::int64_t{header.previous_lba.value()} + header.previous_blocks.value();
  if (end > place.lba.value) return damaged(place, "they lead to others that are not before them");
  return ChecksumPlace{.lba = Lba{static_cast<std::int32_t>(header.previous_lba.value())},
                       .blocks = {header.previous_blocks.value()}};
}

}  // namespace

StoredChecksums StoredChecksums::read(BlockReader& reader, ChecksumPlace newest) {
  StoredChecksums all;
  BlockCount left = kChecksumBlocksMax;
  std::optional<ChecksumPlace> place = newest;
  while (place) {
    auto table = read_checksum_table(reader, *place);
    if (table && place->blocks > left) table = damaged(*place, "they lead to more than can be");
    if (!table) {
      all.problem_ = std::move(table).error();
      break;
    }
    if (place == newest && !table->records.empty()) all.folders_ = table->records.front();
    all.records_.insert(all.records_.end(), table->records.begin(), table->records.end());
    left -= place->blocks;
    place = table->previous;
  }
  std::ranges::stable_sort(all.records_, {}, &StoredChecksum::lba);
  return all;
}

const StoredChecksum* StoredChecksums::find(Lba lba, std::uint64_t bytes) const {
  const auto found = std::ranges::lower_bound(records_, lba, {}, &StoredChecksum::lba);
  const bool same = found != records_.end() && found->lba == lba && found->bytes == bytes;
  return same ? &*found : nullptr;
}

BlockCount checksum_table_size(std::size_t records) {
  return blocks_for_bytes(sizeof(ChecksumHeader) + records * sizeof(ChecksumRecord));
}

Result<ChecksumTable> read_checksum_table(BlockReader& reader, ChecksumPlace place) {
  if (place.blocks < BlockCount{1} || place.blocks > kChecksumBlocksMax || place.lba < Lba{0})
    return damaged(place, "their place makes no sense");
  std::vector<std::byte> bytes(static_cast<std::size_t>(place.blocks.bytes()));
  PREGROOVE_RETURN_IF_ERROR(reader.read(place.lba, bytes));
  const auto header = read_struct<ChecksumHeader>(bytes).value_or(ChecksumHeader{});
  const std::size_t count = header.records.value();
  if (header.magic != kChecksumMagic) return damaged(place, "something else is there");
  if (count > (bytes.size() - sizeof(ChecksumHeader)) / sizeof(ChecksumRecord))
    return damaged(place, "there are more than fit");
  const auto records =
      std::span(bytes).subspan(sizeof(ChecksumHeader), count * sizeof(ChecksumRecord));
  Digest<Sha256Sum> digest;
  digest.update(records);
  if (digest.finish() != header.sum) return damaged(place, "they do not match their own checksum");
  ChecksumTable table;
  PREGROOVE_ASSIGN_OR_RETURN(table.previous, previous_of(header, place));
  table.records.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto record =
        read_struct<ChecksumRecord>(records, i * sizeof(ChecksumRecord)).value_or(ChecksumRecord{});
    table.records.push_back({.lba = Lba{static_cast<std::int32_t>(record.lba.value())},
                             .bytes = record.bytes.value(),
                             .whole = record.not_whole.value() == 0,
                             .sum = record.sum});
  }
  if (!std::ranges::is_sorted(table.records, {}, &StoredChecksum::lba))
    return damaged(place, "they are not in order");
  return table;
}

}  // namespace pregroove::image
