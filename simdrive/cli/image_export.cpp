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

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::kBlockSize;
using pregroove::Result;
using pregroove::Status;
using pregroove::system::File;

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

// Copies what is recorded before the end; blocks of zeros become holes.
Status copy_recorded(const Disc& disc, File& image, Lba end) {
  constexpr std::int64_t kChunkBlocks = 512;
  std::vector<std::byte> chunk;
  for (const Track& track : disc.tracks()) {
    const Lba stop = std::min(track.next_writable(), end);
    for (Lba at = track.start; at < stop;) {
      const BlockCount count = std::min(stop - at, BlockCount{kChunkBlocks});
      chunk.resize(static_cast<std::size_t>(count.bytes()));
      PREGROOVE_RETURN_IF_ERROR(disc.read_recorded(at, chunk));
      const bool empty = std::ranges::all_of(chunk, [](std::byte b) { return b == std::byte{}; });
      const auto offset = static_cast<std::uint64_t>(at.value) * kBlockSize;
      if (!empty) PREGROOVE_RETURN_IF_ERROR(image.write_at(offset, chunk));
      at += count;
    }
  }
  return {};
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
    if (!recorded || !header ||
        std::string_view(header->identifier.data(), header->identifier.size()) != "CD001")
      break;
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

}  // namespace

Result<Exported> export_image(const Disc& disc, const std::string& path,
                              const ExportOptions& options) {
  PREGROOVE_ASSIGN_OR_RETURN(const Session session, session_to_export(disc, options.session));
  const bool move = !options.plain && session.number > 1;
  if (move) PREGROOVE_RETURN_IF_ERROR(descriptors_of(disc, session));
  using pregroove::system::Replace;
  PREGROOVE_ASSIGN_OR_RETURN(auto image,
                             pregroove::system::OutputFile::create(
                                 path, options.overwrite ? Replace::kYes : Replace::kNo));
  PREGROOVE_RETURN_IF_ERROR(write_image(disc, image.file(), session, move));
  PREGROOVE_RETURN_IF_ERROR(image.complete());
  return Exported{session.number, session.lead_out_start - Lba{0}, move};
}

}  // namespace simdrive
