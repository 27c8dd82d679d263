#include "simdrive/cli/image_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/system/file.h"
#include "engine/system/output_file.h"
#include "simdrive/disc/rules/bd_r.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::kBlockSize;
using pregroove::Result;
using pregroove::Status;
using pregroove::system::File;
using pregroove::system::OutputFile;

constexpr BlockCount kSystemArea{16};
constexpr BlockCount kDescriptorArea{32};  // system area, and at most 16 descriptors
constexpr std::size_t kVolumeSpaceSizeOffset = 80;
constexpr std::uint8_t kPrimary = 1;
constexpr std::uint8_t kSupplementary = 2;
constexpr std::uint8_t kTerminator = 255;

using Block = std::array<std::byte, kBlockSize>;

struct DescriptorHeader {
  std::uint8_t type = 0;
  std::array<char, 5> identifier{};
  std::uint8_t version = 0;
};
static_assert(pregroove::wire_struct<DescriptorHeader, 7>());

// The session that is asked for, closed.
Result<Session> session_to_export(const Disc& disc, const std::optional<int>& wanted) {
  if (disc.tracks().empty())
    return fail(ErrorCode::kWrongMedium, "the disc is blank: there is nothing to export",
                "Burn a session first.");
  const int closed = disc.layout().closed_sessions();
  if (closed == 0)
    return fail(ErrorCode::kWrongMedium, "no session of the disc is closed",
                "Close the session first.");
  const int number = wanted.value_or(closed);
  if (number < 1 || number > closed)
    return fail(ErrorCode::kNotFound,
                fmt::format("the disc has no closed session {}; it has {}", number, closed),
                "\"simdrive info\" lists the sessions.");
  return disc.sessions()[static_cast<std::size_t>(number - 1)];
}

constexpr BlockCount kChunk{512};

bool is_zero(std::byte byte) { return byte == std::byte{}; }

// Copies recorded blocks; those of zeros become holes.
Status copy_range(const Disc& disc, File& image, Lba start, Lba end) {
  std::vector<std::byte> chunk;
  for (Lba at = start; at < end;) {
    const BlockCount count = std::min(end - at, kChunk);
    chunk.resize(static_cast<std::size_t>(count.bytes()));
    PREGROOVE_RETURN_IF_ERROR(disc.read_recorded(at, chunk));
    const auto offset = static_cast<std::uint64_t>(at.value) * kBlockSize;
    if (!std::ranges::all_of(chunk, is_zero))
      PREGROOVE_RETURN_IF_ERROR(image.write_at(offset, chunk));
    at += count;
  }
  return {};
}

// Copies what is recorded before the end.
Status copy_recorded(const Disc& disc, File& image, Lba end) {
  for (const Track& track : disc.tracks())
    PREGROOVE_RETURN_IF_ERROR(
        copy_range(disc, image, track.start, std::min(track.next_writable(), end)));
  return {};
}

// What follows the last block that is not all zeros; LBA 0 when there is none.
Result<Lba> end_of_data(const Disc& disc, Lba end) {
  std::vector<std::byte> chunk;
  while (end > Lba{0}) {
    const BlockCount count = std::min(end - Lba{0}, kChunk);
    chunk.resize(static_cast<std::size_t>(count.bytes()));
    PREGROOVE_RETURN_IF_ERROR(disc.read_recorded(end - count, chunk));
    const auto last = std::find_if_not(chunk.rbegin(), chunk.rend(), is_zero);
    const auto bytes = static_cast<std::uint64_t>(chunk.rend() - last);
    if (bytes > 0) return end - count + pregroove::blocks_for_bytes(bytes);
    end = end - count;
  }
  return end;
}

bool is_volume_descriptor(const DescriptorHeader& header) {
  return std::string_view(header.identifier.data(), header.identifier.size()) == "CD001";
}

// The size of the ISO 9660 volume that begins at block 0; nothing when there is none.
std::optional<BlockCount> volume_size(const Disc& disc) {
  Block block{};
  if (!disc.read_recorded(Lba{0} + kSystemArea, block)) return std::nullopt;
  const auto header = pregroove::read_struct<DescriptorHeader>(block);
  const auto size = pregroove::read_struct<pregroove::Both32>(block, kVolumeSpaceSizeOffset);
  if (!header || !size || header->type != kPrimary || !is_volume_descriptor(*header))
    return std::nullopt;
  return BlockCount{size->value()};
}

// A disc that can be written anywhere does not know where its data ends: the file system says it,
// else the last block that is not all zeros does.
Result<Lba> end_of_overwritable(const Disc& disc, bool plain) {
  const BlockCount recorded = disc.layout().recorded_run(Lba{0}, disc.layout().capacity());
  const auto size = plain ? std::nullopt : volume_size(disc);
  if (size && size->value > 0) return Lba{0} + std::min(*size, recorded);
  return end_of_data(disc, std::min(Lba{0} + recorded, disc.end_of_user_data()));
}

void patch_volume_space_size(Block& descriptor, Lba end) {
  pregroove::write_struct(std::span(descriptor), kVolumeSpaceSizeOffset,
                          pregroove::Both32(static_cast<std::uint32_t>(end.value)));
}

// The descriptor set of a session, sizes patched; kCorruptImage when it holds none.
Result<std::vector<Block>> descriptors_of(const Disc& disc, const Session& session) {
  std::vector<Block> descriptors;
  for (BlockCount i = kSystemArea; i < kDescriptorArea; i += BlockCount{1}) {
    Block block{};
    const bool recorded = disc.read_recorded(session.start + i, block).has_value();
    const auto header = pregroove::read_struct<DescriptorHeader>(block);
    if (!recorded || !header || !is_volume_descriptor(*header)) break;
    if (header->type == kPrimary || header->type == kSupplementary)
      patch_volume_space_size(block, session.lead_out_start);
    descriptors.push_back(block);
    if (header->type == kTerminator) return descriptors;
  }
  return fail(ErrorCode::kWrongMedium,
              fmt::format("session {} holds no ISO 9660 volume descriptors", session.number),
              "Use --plain to export the blocks as they are.");
}

Status move_descriptors(const Disc& disc, File& image, const Session& session) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto descriptors, descriptors_of(disc, session));
  std::vector<std::byte> system_area(static_cast<std::size_t>(kSystemArea.bytes()));
  PREGROOVE_RETURN_IF_ERROR(disc.read_recorded(session.start, system_area));
  PREGROOVE_RETURN_IF_ERROR(image.write_at(0, system_area));
  std::uint64_t offset = kSystemArea.bytes();
  for (const Block& descriptor : descriptors) {
    PREGROOVE_RETURN_IF_ERROR(image.write_at(offset, descriptor));
    offset += kBlockSize;
  }
  return {};
}

Status write_image(const Disc& disc, File& image, const Session& session, bool move) {
  PREGROOVE_RETURN_IF_ERROR(copy_recorded(disc, image, session.lead_out_start));
  if (move) PREGROOVE_RETURN_IF_ERROR(move_descriptors(disc, image, session));
  const auto size = static_cast<std::uint64_t>(session.lead_out_start.value) * kBlockSize;
  return image.resize(size);
}

Result<OutputFile> create_image(const std::string& path, const ExportOptions& options) {
  using pregroove::system::Replace;
  return OutputFile::create(path, options.overwrite ? Replace::kYes : Replace::kNo);
}

// One that can be overwritten has no sessions for readers: what they find is at LBA 0. That of a
// BD-R for pseudo-overwriting has tracks, in a session that stays open.
bool is_overwritable(const Disc& disc) {
  const Recording& recording = disc.layout().recording();
  if (recording.formatting.state == FormatState::kUnformatted) return false;
  if (disc.tracks().empty()) return true;
  return disc.medium().kind == MediumKind::kBdR && is_pseudo_overwritable(recording) &&
         disc.layout().closed_sessions() == 0;
}

Result<Exported> export_overwritable(const Disc& disc, const std::string& path,
                                     const ExportOptions& options) {
  if (options.session)
    return fail(ErrorCode::kNotFound, "the disc has no sessions: it can be written anywhere",
                "Leave --session out.");
  PREGROOVE_ASSIGN_OR_RETURN(const Lba end, end_of_overwritable(disc, options.plain));
  if (end == Lba{0})
    return fail(ErrorCode::kWrongMedium, "nothing is written on the disc",
                "Write something to it first.");
  PREGROOVE_ASSIGN_OR_RETURN(auto image, create_image(path, options));
  PREGROOVE_RETURN_IF_ERROR(
      copy_range(disc, image.file(), Lba{0}, std::min(end, disc.end_of_user_data())));
  PREGROOVE_RETURN_IF_ERROR(image.file().resize((end - Lba{0}).bytes()));
  PREGROOVE_RETURN_IF_ERROR(image.complete());
  return Exported{.blocks = end - Lba{0}};
}

}  // namespace

Result<Exported> export_image(const Disc& disc, const std::string& path,
                              const ExportOptions& options) {
  if (is_overwritable(disc)) return export_overwritable(disc, path, options);
  PREGROOVE_ASSIGN_OR_RETURN(const Session session, session_to_export(disc, options.session));
  const bool move = !options.plain && session.number > 1;
  if (move) PREGROOVE_RETURN_IF_ERROR(descriptors_of(disc, session));
  PREGROOVE_ASSIGN_OR_RETURN(auto image, create_image(path, options));
  PREGROOVE_RETURN_IF_ERROR(write_image(disc, image.file(), session, move));
  PREGROOVE_RETURN_IF_ERROR(image.complete());
  return Exported{session.number, session.lead_out_start - Lba{0}, move};
}

}  // namespace simdrive
