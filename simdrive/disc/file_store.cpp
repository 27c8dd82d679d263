#include "simdrive/disc/file_store.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <limits>

#include "engine/base/bytes.h"
#include "simdrive/disc/disc.h"
#include "simdrive/disc/record.h"

namespace simdrive {
namespace {

using pregroove::Be32;
using pregroove::Be64;
using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::kBlockSize;
using pregroove::Result;
using pregroove::Status;
using pregroove::system::File;

constexpr std::array<char, 16> kFileMagic = {'P', 'r', 'e', 'g', 'r', 'o', 'o',  'v',
                                             'e', ' ', 'd', 'i', 's', 'c', '\n', '\x1A'};
constexpr std::uint32_t kVersion = 2;
constexpr std::uint64_t kFirstSlotOffset = 256ULL << 10U;
constexpr std::uint64_t kSlotDistance = kMaxRecordSize;
constexpr std::uint64_t kAreaAlignment = 1ULL << 20U;
static_assert(kFirstSlotOffset + (2 * kSlotDistance) <= FileStore::kUserAreaOffset);

// At offset 0, written once.
struct FileHeader {
  std::array<char, 16> magic = kFileMagic;
  Be32 version{kVersion};
  Be32 block_size{static_cast<std::uint32_t>(kBlockSize)};
  Be64 user_area_offset{FileStore::kUserAreaOffset};
  Be64 capacity;  // blocks
  std::array<char, 32> medium{};
  std::array<std::uint8_t, 48> reserved{};
  Be64 checksum;  // of all the bytes before
};
static_assert(pregroove::wire_struct<FileHeader, 128>());

Be64 checksum_of(const FileHeader& header) {
  const auto bytes = pregroove::bytes_of(header);
  return Be64(XXH3_64bits(bytes.data(), offsetof(FileHeader, checksum)));
}

std::uint64_t slot_offset(std::uint64_t generation) {
  return kFirstSlotOffset + (generation % 2 * kSlotDistance);
}

std::array<std::uint64_t, kAreas + 1> offsets_of(const Medium& medium, BlockCount capacity) {
  std::array<std::uint64_t, kAreas + 1> offsets{};
  std::uint64_t offset = FileStore::kUserAreaOffset;
  for (std::size_t i = 0; i < kAreas; ++i) {
    offsets[i] = offset;
    const std::uint64_t end = offset + area_size(static_cast<Area>(i), medium, capacity);
    // The next area starts at a whole mebibyte; where there is none the file ends.
    const bool more = i + 1 < kAreas && medium.is_cd();
    offset = more ? (end + kAreaAlignment - 1) / kAreaAlignment * kAreaAlignment : end;
  }
  offsets[kAreas] = offset;
  return offsets;
}

std::unexpected<pregroove::Error> corrupt(const File& file, std::string_view what) {
  return fail(ErrorCode::kCorruptFile, fmt::format("\"{}\" {}", file.path(), what),
              "Use a copy of the disc file, or make a new one with \"simdrive create\".");
}

Status take(File& file, Access access) {
  auto locked = access == Access::kReadOnly ? file.lock_for_reading() : file.lock_exclusively();
  if (locked || locked.error().code != ErrorCode::kBusy) return locked;
  return fail(ErrorCode::kBusy, fmt::format("the disc \"{}\" is in another drive", file.path()),
              "Wait until the other program is done with it, or work on a copy.");
}

struct Kind {
  const Medium* medium = nullptr;
  BlockCount capacity;
};

Result<Kind> read_file_header(const File& file) {
  std::array<std::byte, sizeof(FileHeader)> bytes{};
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, file.read_at(0, bytes));
  const auto header = pregroove::read_struct<FileHeader>(bytes);
  if (count < bytes.size() || !header || header->magic != kFileMagic)
    return corrupt(file, "is not a simulated disc");
  if (header->version.value() != kVersion)
    return fail(ErrorCode::kUnsupported,
                fmt::format("\"{}\" is a disc file of version {}; this program knows version {}",
                            file.path(), header->version.value(), kVersion),
                "Use the version of simdrive that made it.");
  if (header->checksum.value() != checksum_of(*header).value())
    return corrupt(file, "is damaged: the checksum of its header is wrong");
  const std::string_view name =
      pregroove::trim_blanks(std::string_view(header->medium.data(), header->medium.size()));
  const Medium* const medium = find_medium(name);
  // A pressed disc is as large as its image; others as their medium.
  constexpr std::uint64_t kMostBlocks = std::numeric_limits<std::int32_t>::max();
  const std::uint64_t capacity = header->capacity.value();
  const bool known =
      medium != nullptr && capacity <= kMostBlocks &&
      (medium->pressed() || capacity == static_cast<std::uint64_t>(medium->capacity().value));
  if (!known || header->block_size.value() != kBlockSize ||
      header->user_area_offset.value() != FileStore::kUserAreaOffset)
    return corrupt(file, fmt::format("is a disc of a kind that is not known here (\"{}\")", name));
  const Kind kind{medium, BlockCount{static_cast<std::int64_t>(capacity)}};
  PREGROOVE_ASSIGN_OR_RETURN(const auto status, file.status());
  if (status.size < offsets_of(*medium, kind.capacity)[kAreas])
    return corrupt(file, "is truncated");
  return kind;
}

struct Slot {
  std::vector<std::byte> bytes = std::vector<std::byte>(kMaxRecordSize);
  std::optional<StoredRecord> record;

  [[nodiscard]] std::uint64_t generation() const { return record ? record->generation : 0; }
};

Result<Slot> read_slot(const File& file, std::uint64_t index) {
  Slot slot;
  PREGROOVE_RETURN_IF_ERROR(file.read_at(slot_offset(index), slot.bytes));
  slot.record = find_record(slot.bytes);
  // A record lies in the slot that its generation says.
  if (slot.record && slot.generation() % 2 != index) slot.record.reset();
  return slot;
}

}  // namespace

FileStore::FileStore(File file, const Medium& medium, BlockCount capacity)
    : file_(std::move(file)), capacity_(capacity) {
  std::ranges::copy_n(offsets_of(medium, capacity).begin(), kAreas, area_offsets_.begin());
}

Result<std::unique_ptr<FileStore>> FileStore::create(const std::string& path, const Layout& layout,
                                                     FirstRecord record) {
  const Medium& medium = layout.medium();
  const BlockCount capacity = medium.pressed() ? layout.capacity() : medium.capacity();
  PREGROOVE_ASSIGN_OR_RETURN(File file, File::create(path));
  auto store = std::make_unique<FileStore>(std::move(file), medium, capacity);
  FileHeader header{.capacity = Be64(static_cast<std::uint64_t>(capacity.value))};
  std::ranges::copy(medium.name, header.medium.begin());
  header.checksum = checksum_of(header);
  const auto fill = [&]() -> Status {
    PREGROOVE_RETURN_IF_ERROR(take(store->file_, Access::kReadAndWrite));
    PREGROOVE_RETURN_IF_ERROR(store->file_.resize(offsets_of(medium, capacity)[kAreas]));
    PREGROOVE_RETURN_IF_ERROR(store->file_.write_at(0, pregroove::bytes_of(header)));
    return record == FirstRecord::kNow ? store->save(layout) : Status{};
  };
  if (auto filled = fill(); !filled) {
    // Nothing half made stays behind; that it could not be made is what matters.
    (void)pregroove::system::remove_file(path);
    return std::unexpected(std::move(filled).error());
  }
  return store;
}

Result<FileStore::Opened> FileStore::open(const std::string& path, Access access) {
  PREGROOVE_ASSIGN_OR_RETURN(File file, access == Access::kReadOnly ? File::open_for_reading(path)
                                                                    : File::open_for_update(path));
  PREGROOVE_RETURN_IF_ERROR(take(file, access));
  PREGROOVE_ASSIGN_OR_RETURN(const Kind kind, read_file_header(file));
  PREGROOVE_ASSIGN_OR_RETURN(const Slot even, read_slot(file, 0));
  PREGROOVE_ASSIGN_OR_RETURN(const Slot odd, read_slot(file, 1));
  const Slot& newest = even.generation() > odd.generation() ? even : odd;
  if (!newest.record) return corrupt(file, "is damaged: both records of its state are unreadable");
  auto recording = decode_record(newest.bytes);
  if (!recording) return corrupt(file, "is damaged: " + recording.error().message);
  auto layout = Layout::restored(*kind.medium, *std::move(recording));
  if (!layout) return corrupt(file, "is damaged: " + layout.error().message);
  if (kind.medium->pressed() && layout->capacity() != kind.capacity)
    return corrupt(file, "is damaged: its record is that of another disc");
  auto store = std::make_unique<FileStore>(std::move(file), *kind.medium, kind.capacity);
  store->generation_ = newest.generation();
  return Opened{std::move(store), *std::move(layout)};
}

std::uint64_t FileStore::offset_of(Area area, Lba lba) const {
  const AreaShape shape = shape_of(area);
  return area_offsets_[static_cast<std::size_t>(area)] +
         (static_cast<std::uint64_t>((lba - shape.first).value) * shape.stride);
}

Status FileStore::write(Area area, Lba lba, std::span<const std::byte> data) {
  return file_.write_at(offset_of(area, lba), data);
}

Status FileStore::read(Area area, Lba lba, std::span<std::byte> buffer) const {
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, file_.read_at(offset_of(area, lba), buffer));
  if (count < buffer.size()) return corrupt(file_, "became shorter while it was in use");
  return {};
}

Status FileStore::clear(Area area, Lba lba, BlockCount count) {
  return file_.punch_hole(offset_of(area, lba),
                          static_cast<std::uint64_t>(count.value) * shape_of(area).stride);
}

Lba FileStore::end_of_user_data() const {
  const Lba last_possible = Lba{0} + capacity_;
  const auto end = file_.end_of_data();
  if (!end) return last_possible;
  if (*end <= kUserAreaOffset) return Lba{0};
  const BlockCount blocks = pregroove::blocks_for_bytes(*end - kUserAreaOffset);
  return std::min(Lba{0} + blocks, last_possible);
}

Status FileStore::save(const Layout& layout) {
  PREGROOVE_RETURN_IF_ERROR(encode_record(layout.recording(), generation_ + 1, record_));
  PREGROOVE_RETURN_IF_ERROR(file_.write_at(slot_offset(generation_ + 1), record_));
  ++generation_;
  return {};
}

}  // namespace simdrive
