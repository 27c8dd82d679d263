#include "engine/image/udf_entry.h"

#include <fmt/format.h>

#include "engine/image/directory_parser.h"

namespace pregroove::image::udf {
namespace {

constexpr std::string_view kWhere = "file entry";
constexpr std::uint16_t kAllocationMask = 0x0007;
// 4/14.9.1: nobody in particular.
constexpr std::uint32_t kNobody = 0xFFFFFFFF;

// What the two forms of an entry have in common; `Form` is one of them.
template <typename Form>
Result<Entry> entry_from(std::span<const std::byte> block, Address at) {
  const Form form = *read_struct<Form>(block);
  constexpr std::uint16_t kDirect = 4;  // UDF 1.02, 2.3.5.1; 4096 is for media written once, before
  if (form.strategy.value() != kDirect)
    return fail(ErrorCode::kUnsupported,
                fmt::format("the UDF volume uses strategy {}, and only {} is read",
                            form.strategy.value(), kDirect));
  const auto allocation = static_cast<std::uint8_t>(form.flags.value() & kAllocationMask);
  if (allocation > static_cast<std::uint8_t>(Allocation::kEmbedded) || allocation == 2)
    return fail(ErrorCode::kUnsupported, "the UDF volume uses extended allocation descriptors");
  const std::uint64_t begin = sizeof(Form) + std::uint64_t{form.attribute_bytes.value()};
  const std::uint64_t end = begin + form.allocation_bytes.value();
  if (end > block.size()) return corrupt_image(kWhere, "it is longer than its block");
  const auto descriptors = block.subspan(begin, form.allocation_bytes.value());
  const auto id = [](std::uint32_t value) { return value == kNobody ? 0 : value; };
  Entry entry{.at = at,
              .type = form.type,
              .allocation = static_cast<Allocation>(allocation),
              .bytes = form.bytes.value(),
              .modified = time_of(form.modified),
              .attributes = {.permissions = mode_of(form.permissions.value(), form.flags.value()),
                             .user = id(form.user.value()),
                             .group = id(form.group.value())},
              .links = form.links.value(),
              .descriptors = {descriptors.begin(), descriptors.end()}};
  if constexpr (requires { form.streams; }) entry.has_streams = (form.streams.bytes.value()) != 0;
  if (entry.allocation == Allocation::kEmbedded && entry.bytes > entry.descriptors.size())
    return corrupt_image(kWhere, "it holds fewer bytes than it says");
  if (entry.allocation == Allocation::kEmbedded)
    entry.descriptors.resize(static_cast<std::size_t>(entry.bytes));
  return entry;
}

// The upper two bits of a length.
Piece piece_of(std::uint32_t length, Address at) {
  constexpr unsigned kKindShift = 30;
  constexpr std::uint32_t kLengthMask = 0x3FFFFFFF;
  return {.kind = static_cast<Piece::Kind>(length >> kKindShift),
          .at = at,
          .bytes = length & kLengthMask};
}

}  // namespace

Result<Entry> parse_entry(std::span<const std::byte> block, Address at) {
  const auto tag = verified_tag(block, at.block);
  if (tag == static_cast<std::uint16_t>(TagId::kFileEntry)) return entry_from<FileEntry>(block, at);
  if (tag == kTagExtendedFileEntry) return entry_from<ExtendedFileEntry>(block, at);
  return corrupt_image(
      kWhere, fmt::format("there is none at block {} of partition {}", at.block, at.partition));
}

std::vector<Piece> parse_pieces(const Entry& entry, std::span<const std::byte> descriptors) {
  std::vector<Piece> pieces;
  const bool wide = entry.allocation == Allocation::kLong;
  const std::size_t size = wide ? sizeof(LongAd) : sizeof(ShortAd);
  for (std::size_t offset = 0; offset + size <= descriptors.size(); offset += size) {
    Piece piece;
    if (wide) {
      const LongAd ad = *read_struct<LongAd>(descriptors, offset);
      piece = piece_of(ad.bytes.value(), address_of(ad));
    } else {
      // Of the partition that the entry is in.
      const ShortAd ad = *read_struct<ShortAd>(descriptors, offset);
      piece = piece_of(ad.bytes.value(), {ad.block.value(), entry.at.partition});
    }
    if (piece.bytes == 0) break;
    pieces.push_back(piece);
  }
  return pieces;
}

}  // namespace pregroove::image::udf
