#include "simdrive/disc/file_store.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "engine/base/bytes.h"
#include "simdrive/disc/disc.h"

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
constexpr std::array<char, 8> kSlotMagic = {'R', 'E', 'C', 'O', 'R', 'D', '\n', '\x1A'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint64_t kFirstSlotOffset = 64ULL << 10U;
constexpr std::uint64_t kSlotDistance = 64ULL << 10U;
constexpr std::size_t kMaxSlotSize = 8192;

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

// At the start of each slot; entries of tracks and of closed sessions follow.
struct SlotHeader {
  Be64 checksum;  // of all the bytes of the record behind it
  std::array<char, 8> magic = kSlotMagic;
  Be64 generation;
  std::uint8_t finalised = 0;
  std::uint8_t tracks = 0;
  std::uint8_t closed_sessions = 0;
  std::array<std::uint8_t, 5> reserved{};
};
static_assert(pregroove::wire_struct<SlotHeader, 32>());

struct TrackEntry {
  std::uint8_t number = 0;
  std::uint8_t session = 0;
  std::uint8_t state = 0;
  std::uint8_t format = 0;
  Be32 start;
  Be32 recorded;
  Be32 reserved;
};
static_assert(pregroove::wire_struct<TrackEntry, 16>());

struct SessionEntry {
  std::uint8_t number = 0;
  std::uint8_t format = 0;
  std::array<std::uint8_t, 2> reserved{};
};
static_assert(pregroove::wire_struct<SessionEntry, 4>());
static_assert(sizeof(SlotHeader) + (kMaxTracks * (sizeof(TrackEntry) + sizeof(SessionEntry))) <=
              kMaxSlotSize);

Be64 checksum_of(std::span<const std::byte> bytes) {
  return Be64(XXH3_64bits(bytes.data(), bytes.size()));
}

Be64 checksum_of(const FileHeader& header) {
  const auto bytes = pregroove::bytes_of(header);
  return checksum_of(std::span(bytes).first(offsetof(FileHeader, checksum)));
}

std::uint64_t slot_offset(std::uint64_t generation) {
  return kFirstSlotOffset + (generation % 2 * kSlotDistance);
}

std::uint64_t file_size(const Medium& medium) {
  return FileStore::kUserAreaOffset + medium.capacity().bytes();
}

std::uint64_t file_offset(Lba lba) {
  return FileStore::kUserAreaOffset + (static_cast<std::uint64_t>(lba.value) * kBlockSize);
}

std::unexpected<pregroove::Error> corrupt(const File& file, std::string_view what) {
  return fail(ErrorCode::kCorruptFile, fmt::format("\"{}\" {}", file.path(), what),
              "Use a copy of the disc file, or make a new one with \"simdrive create\".");
}

Status take(File& file) {
  auto locked = file.lock_exclusively();
  if (locked || locked.error().code != ErrorCode::kBusy) return locked;
  return fail(ErrorCode::kBusy, fmt::format("the disc \"{}\" is in another drive", file.path()),
              "Wait until the other program is done with it, or work on a copy.");
}

// A record as it lies in a slot; the buffer is large enough for any.
class Record {
 public:
  Record(const Layout& layout, std::uint64_t generation) {
    SlotHeader header{.generation = Be64(generation),
                      .finalised = static_cast<std::uint8_t>(layout.finalised() ? 1 : 0),
                      .tracks = static_cast<std::uint8_t>(layout.tracks().size()),
                      .closed_sessions = static_cast<std::uint8_t>(layout.closed_sessions())};
    append(header);
    for (const Track& track : layout.tracks())
      append(TrackEntry{.number = static_cast<std::uint8_t>(track.number),
                        .session = static_cast<std::uint8_t>(track.session),
                        .state = static_cast<std::uint8_t>(track.state),
                        .format = static_cast<std::uint8_t>(track.format),
                        .start = Be32(static_cast<std::uint32_t>(track.start.value)),
                        .recorded = Be32(static_cast<std::uint32_t>(track.recorded.value)),
                        .reserved = Be32(static_cast<std::uint32_t>(track.reserved.value))});
    for (const Session& session : layout.sessions()) {
      if (session.state == SessionState::kClosed)
        append(SessionEntry{.number = static_cast<std::uint8_t>(session.number),
                            .format = static_cast<std::uint8_t>(session.format)});
    }
    header.checksum = checksum_of(bytes().subspan(sizeof(Be64)));
    pregroove::write_struct(std::span(buffer_), 0, header);
  }
  [[nodiscard]] std::span<const std::byte> bytes() const { return std::span(buffer_).first(size_); }

 private:
  template <typename T>
  void append(const T& wire) {
    pregroove::write_struct(std::span(buffer_), size_, wire);
    size_ += sizeof(T);
  }

  std::array<std::byte, kMaxSlotSize> buffer_{};
  std::size_t size_ = 0;
};

// The header of a slot whose checksum holds.
std::optional<SlotHeader> checked_header(std::span<const std::byte> slot) {
  const auto header = pregroove::read_struct<SlotHeader>(slot);
  if (!header || header->magic != kSlotMagic) return std::nullopt;
  const std::size_t size = sizeof(SlotHeader) + (header->tracks * sizeof(TrackEntry)) +
                           (header->closed_sessions * sizeof(SessionEntry));
  if (size > slot.size()) return std::nullopt;
  const Be64 expected = checksum_of(slot.first(size).subspan(sizeof(Be64)));
  if (expected.value() != header->checksum.value()) return std::nullopt;
  return header;
}

std::optional<Track> track_of(const TrackEntry& entry) {
  if (entry.state > static_cast<std::uint8_t>(TrackState::kComplete)) return std::nullopt;
  const auto format = static_cast<SectorFormat>(entry.format);
  if (format != SectorFormat::kMode1 && format != SectorFormat::kMode2Form1) return std::nullopt;
  return Track{.number = entry.number,
               .session = entry.session,
               .start = Lba{static_cast<std::int32_t>(entry.start.value())},
               .recorded = BlockCount{entry.recorded.value()},
               .reserved = BlockCount{entry.reserved.value()},
               .state = static_cast<TrackState>(entry.state),
               .format = format};
}

// REQUIRES: the header is that of the slot, and checked.
Result<Layout> decode(const Medium& medium, std::span<const std::byte> slot,
                      const SlotHeader& header) {
  std::size_t offset = sizeof(SlotHeader);
  std::vector<Track> tracks;
  for (int i = 0; i < header.tracks; ++i, offset += sizeof(TrackEntry)) {
    const auto entry = pregroove::read_struct<TrackEntry>(slot, offset);
    const auto track = entry ? track_of(*entry) : std::nullopt;
    if (!track) return fail(ErrorCode::kCorruptFile, "a track is of an unknown kind");
    tracks.push_back(*track);
  }
  std::vector<SessionFormat> sessions;
  for (int i = 0; i < header.closed_sessions; ++i, offset += sizeof(SessionEntry)) {
    const auto entry = pregroove::read_struct<SessionEntry>(slot, offset);
    const bool known = entry && entry->number == i + 1 &&
                       (entry->format == static_cast<std::uint8_t>(SessionFormat::kCdRom) ||
                        entry->format == static_cast<std::uint8_t>(SessionFormat::kCdRomXa));
    if (!known) return fail(ErrorCode::kCorruptFile, "a session is of an unknown kind");
    sessions.push_back(static_cast<SessionFormat>(entry->format));
  }
  return Layout::restored(medium, std::move(tracks), std::move(sessions), header.finalised != 0);
}

Result<const Medium*> read_file_header(const File& file) {
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
  if (medium == nullptr || header->block_size.value() != kBlockSize ||
      header->user_area_offset.value() != FileStore::kUserAreaOffset ||
      header->capacity.value() != static_cast<std::uint64_t>(medium->capacity().value))
    return corrupt(file, fmt::format("is a disc of a kind that is not known here (\"{}\")", name));
  PREGROOVE_ASSIGN_OR_RETURN(const auto status, file.status());
  if (status.size < file_size(*medium)) return corrupt(file, "is truncated");
  return medium;
}

struct Slot {
  std::array<std::byte, kMaxSlotSize> bytes{};
  std::optional<SlotHeader> header;

  [[nodiscard]] std::uint64_t generation() const { return header ? header->generation.value() : 0; }
};

Result<Slot> read_slot(const File& file, std::uint64_t index) {
  Slot slot;
  PREGROOVE_RETURN_IF_ERROR(file.read_at(slot_offset(index), slot.bytes));
  slot.header = checked_header(slot.bytes);
  // A record lies in the slot that its generation says.
  if (slot.header && slot.generation() % 2 != index) slot.header.reset();
  return slot;
}

}  // namespace

Result<std::unique_ptr<FileStore>> FileStore::create(const std::string& path,
                                                     const Medium& medium) {
  PREGROOVE_ASSIGN_OR_RETURN(File file, File::create(path));
  auto store = std::make_unique<FileStore>(std::move(file));
  FileHeader header{.capacity = Be64(static_cast<std::uint64_t>(medium.capacity().value))};
  std::ranges::copy(medium.name, header.medium.begin());
  header.checksum = checksum_of(header);
  const auto fill = [&]() -> Status {
    PREGROOVE_RETURN_IF_ERROR(take(store->file_));
    PREGROOVE_RETURN_IF_ERROR(store->file_.resize(file_size(medium)));
    PREGROOVE_RETURN_IF_ERROR(store->file_.write_at(0, pregroove::bytes_of(header)));
    return store->save(Layout(medium));
  };
  if (auto filled = fill(); !filled) {
    // Nothing half made stays behind; that it could not be made is what matters.
    (void)pregroove::system::remove_file(path);
    return std::unexpected(std::move(filled).error());
  }
  return store;
}

Result<FileStore::Opened> FileStore::open(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(File file, File::open_for_update(path));
  PREGROOVE_RETURN_IF_ERROR(take(file));
  PREGROOVE_ASSIGN_OR_RETURN(const Medium* const medium, read_file_header(file));
  PREGROOVE_ASSIGN_OR_RETURN(const Slot even, read_slot(file, 0));
  PREGROOVE_ASSIGN_OR_RETURN(const Slot odd, read_slot(file, 1));
  const Slot& newest = even.generation() > odd.generation() ? even : odd;
  if (!newest.header) return corrupt(file, "is damaged: both records of its state are unreadable");
  auto layout = decode(*medium, newest.bytes, *newest.header);
  if (!layout) return corrupt(file, "is damaged: " + layout.error().message);
  auto store = std::make_unique<FileStore>(std::move(file));
  store->generation_ = newest.generation();
  return Opened{std::move(store), *std::move(layout)};
}

Status FileStore::write(Lba lba, std::span<const std::byte> data) {
  return file_.write_at(file_offset(lba), data);
}

Status FileStore::read(Lba lba, std::span<std::byte> buffer) const {
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, file_.read_at(file_offset(lba), buffer));
  if (count < buffer.size()) return corrupt(file_, "became shorter while it was in use");
  return {};
}

Status FileStore::clear(Lba lba, BlockCount count) {
  return file_.punch_hole(file_offset(lba), count.bytes());
}

Status FileStore::save(const Layout& layout) {
  const Record record(layout, generation_ + 1);
  PREGROOVE_RETURN_IF_ERROR(file_.write_at(slot_offset(generation_ + 1), record.bytes()));
  ++generation_;
  return {};
}

Result<std::unique_ptr<Disc>> Disc::create_file(const std::string& path, const Medium& medium) {
  PREGROOVE_ASSIGN_OR_RETURN(auto store, FileStore::create(path, medium));
  return std::make_unique<Disc>(std::move(store), Layout(medium));
}

Result<std::unique_ptr<Disc>> Disc::open_file(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(auto opened, FileStore::open(path));
  return std::make_unique<Disc>(std::move(opened.store), std::move(opened.layout));
}

}  // namespace simdrive
