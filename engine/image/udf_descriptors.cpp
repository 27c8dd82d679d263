#include "engine/image/udf_descriptors.h"

#include <utf8.h>

#include <algorithm>
#include <chrono>

namespace pregroove::image::udf {

std::optional<std::uint16_t> verified_tag(std::span<const std::byte> descriptor,
                                          std::uint32_t location) {
  constexpr std::size_t kChecksumAt = 4;
  const auto tag = read_struct<Tag>(descriptor);
  if (!tag || tag->location.value() != location) return std::nullopt;
  unsigned sum = 0;
  for (std::size_t i = 0; i < sizeof(Tag); ++i)
    if (i != kChecksumAt) sum += std::to_integer<unsigned>(descriptor[i]);
  if (static_cast<std::uint8_t>(sum) != tag->checksum) return std::nullopt;
  const auto content = descriptor.subspan(sizeof(Tag));
  if (tag->crc_length.value() > content.size()) return std::nullopt;
  if (tag->crc.value() != crc_of(content.first(tag->crc_length.value()))) return std::nullopt;
  return tag->identifier.value();
}

std::optional<std::string> expanded(std::span<const std::byte> identifier) {
  // 254 and 255 are those of names that were deleted.
  constexpr auto kNarrow = std::byte{8};
  constexpr auto kWide = std::byte{16};
  if (identifier.empty()) return std::string{};
  const bool wide = identifier.front() == kWide;
  if (!wide && identifier.front() != kNarrow) return std::nullopt;
  const auto bytes = identifier.subspan(1);
  if (wide && bytes.size() % 2 != 0) return std::nullopt;
  std::u16string units;
  for (std::size_t i = 0; i < bytes.size(); i += wide ? 2 : 1) {
    const unsigned high = wide ? std::to_integer<unsigned>(bytes[i]) : 0;
    const auto low = std::to_integer<unsigned>(bytes[wide ? i + 1 : i]);
    units.push_back(static_cast<char16_t>(high << 8U | low));
  }
  std::string text;
  try {
    utf8::utf16to8(units.begin(), units.end(), std::back_inserter(text));
  } catch (const utf8::exception&) {
    return std::nullopt;
  }
  return text;
}

std::string text_of_dstring(std::span<const std::uint8_t> field) {
  const std::size_t used = field.back();
  if (used == 0 || used >= field.size()) return {};
  return expanded(std::as_bytes(field.first(used))).value_or("");
}

system::FileTime time_of(const Timestamp& timestamp) {
  constexpr unsigned kOffsetMask = 0x0FFF;
  constexpr int kSignBit = 0x0800;
  constexpr int kUnspecified = -2047;
  int offset = static_cast<int>(timestamp.type_and_zone.value() & kOffsetMask);
  if (offset >= kSignBit) offset -= 2 * kSignBit;
  if (offset == kUnspecified) offset = 0;
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<std::int16_t>(timestamp.year.value())),
      std::chrono::month(timestamp.month), std::chrono::day(timestamp.day)};
  if (!date.ok()) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(timestamp.hour) +
         std::chrono::minutes(timestamp.minute - offset) + std::chrono::seconds(timestamp.second);
}

// Five bits for others, group and owner each, in this order; the lower three are those of POSIX.
std::uint16_t mode_of(std::uint32_t permissions, std::uint16_t icb_flags) {
  constexpr unsigned kMask = 07;
  constexpr unsigned kSetUser = 0x0040;
  constexpr unsigned kSetGroup = 0x0080;
  constexpr unsigned kSticky = 0x0100;
  unsigned mode = 0;
  for (unsigned who = 0; who < 3; ++who) mode |= ((permissions >> (5 * who)) & kMask) << (3 * who);
  if ((icb_flags & kSetUser) != 0) mode |= 04000U;
  if ((icb_flags & kSetGroup) != 0) mode |= 02000U;
  if ((icb_flags & kSticky) != 0) mode |= 01000U;
  return static_cast<std::uint16_t>(mode);
}

bool is_named(const EntityId& id, std::string_view identifier) {
  const std::string_view field(id.identifier.data(), id.identifier.size());
  return field.substr(0, std::min(field.find('\0'), field.size())) == identifier;
}

}  // namespace pregroove::image::udf
