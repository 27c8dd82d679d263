#include "engine/image/libisofs_tags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>
#include <vector>

#include "engine/image/iso9660.h"

namespace pregroove::image {
namespace {

constexpr std::string_view kSuperblock = "libisofs_sb_checksum_tag_v1";
constexpr std::string_view kTree = "libisofs_tree_checksum_tag_v1";
constexpr std::string_view kSession = "libisofs_checksum_tag_v1";
// Descriptors behind which the first tag is looked for; writers have five at most.
constexpr BlockCount kDescriptorsMax{16};

struct Tag {
  std::int64_t position = 0;
  std::int64_t range_start = 0;
  std::int64_t range_size = 0;
  std::int64_t next = 0;  // 0: none
  Md5Sum sum{};
};

std::string_view line_of(std::span<const std::byte> block) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const std::string_view text(reinterpret_cast<const char*>(block.data()), block.size());
  return text.substr(0, text.find('\n'));
}

// What stands behind " name=", up to the next blank; empty when there is no such field.
std::string_view field(std::string_view line, std::string_view name) {
  for (std::size_t at = line.find(name); at != std::string_view::npos;
       at = line.find(name, at + 1)) {
    const std::size_t value = at + name.size() + 1;
    if (at == 0 || line[at - 1] != ' ' || value > line.size() || line[value - 1] != '=') continue;
    return line.substr(value, line.find(' ', value) - value);
  }
  return {};
}

std::optional<std::int64_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (text.empty() || error != std::errc{} || end != text.end()) return std::nullopt;
  if (value > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  return value;
}

std::optional<Md5Sum> sum_from(std::string_view text) {
  Md5Sum sum{};
  if (text.size() != 2 * sum.size()) return std::nullopt;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    std::uint8_t value = 0;
    const std::string_view digits = text.substr(2 * i, 2);
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value, 16);
    if (error != std::errc{} || end != digits.end()) return std::nullopt;
    sum[i] = std::byte{value};
  }
  return sum;
}

bool proves_itself(std::string_view line) {
  constexpr std::string_view kSelf = " self=";
  const std::size_t at = line.find(kSelf);
  if (at == std::string_view::npos) return false;
  Digest<Md5Sum> digest;
  digest.update(std::as_bytes(std::span(line.substr(0, at))));
  return sum_from(line.substr(at + kSelf.size())) == digest.finish();
}

std::optional<Tag> parse(std::span<const std::byte> block, std::string_view kind) {
  const std::string_view line = line_of(block);
  if (!line.starts_with(kind) || !proves_itself(line)) return std::nullopt;
  const auto position = number(field(line, "pos"));
  const auto start = number(field(line, "range_start"));
  const auto size = number(field(line, "range_size"));
  const auto sum = sum_from(field(line, "md5"));
  if (!position || !start || !size || !sum) return std::nullopt;
  return Tag{.position = *position,
             .range_start = *start,
             .range_size = *size,
             .next = number(field(line, "next")).value_or(0),
             .sum = *sum};
}

// The tag at the address, of which it has to speak itself. nullopt for another.
Result<std::optional<Tag>> read_tag(BlockReader& reader, std::int64_t at, Lba end,
                                    std::string_view kind) {
  if (at <= 0 || at >= end.value) return std::nullopt;
  std::array<std::byte, kBlockSize> block{};
  PREGROOVE_RETURN_IF_ERROR(reader.read(Lba{static_cast<std::int32_t>(at)}, block));
  const auto tag = parse(block, kind);
  if (!tag || tag->position != at) return std::nullopt;
  return tag;
}

Result<std::optional<Tag>> find_first(BlockReader& reader, Lba session_start, Lba end) {
  const Lba first = session_start + BlockCount{kSystemAreaBlocks};
  const BlockCount count = std::min(kDescriptorsMax, end - first);
  if (count < BlockCount{1}) return std::nullopt;
  std::vector<std::byte> blocks(static_cast<std::size_t>(count.bytes()));
  PREGROOVE_RETURN_IF_ERROR(reader.read(first, blocks));
  for (std::int64_t i = 0; i < count.value; ++i) {
    const auto tag =
        parse(std::span(blocks).subspan(static_cast<std::size_t>(i) * kBlockSize), kSuperblock);
    if (tag && tag->position == first.value + i) return tag;
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<LibisofsSum>> find_libisofs_sum(BlockReader& reader, Lba session_start,
                                                     Lba end) {
  PREGROOVE_ASSIGN_OR_RETURN(auto tag, find_first(reader, session_start, end));
  for (const std::string_view kind : {kTree, kSession}) {
    if (!tag) return std::nullopt;
    PREGROOVE_ASSIGN_OR_RETURN(tag, read_tag(reader, tag->next, end, kind));
  }
  const bool whole = tag && tag->range_start == session_start.value &&
                     tag->range_start + tag->range_size == tag->position;
  if (!whole) return std::nullopt;
  return LibisofsSum{.first = session_start, .blocks = {tag->range_size}, .sum = tag->sum};
}

}  // namespace pregroove::image
