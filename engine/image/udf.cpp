#include "engine/image/udf.h"

#include <utf8.h>

#include <algorithm>
#include <chrono>

namespace pregroove::image::udf {
namespace {

// "OSTA Compressed Unicode" identifiers begin with how many bits a character has.
constexpr std::uint8_t kNarrow = 8;
constexpr std::uint8_t kWide = 16;

constexpr std::array<std::uint16_t, 256> make_crc_table() {
  constexpr unsigned kPolynomial = 0x1021;
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < table.size(); ++i) {
    unsigned crc = i << 8U;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ kPolynomial : crc << 1U;
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

std::u16string units_of(std::string_view name) {
  std::string repaired;
  utf8::replace_invalid(name.begin(), name.end(), std::back_inserter(repaired), '_');
  std::u16string units;
  utf8::unchecked::utf8to16(repaired.begin(), repaired.end(), std::back_inserter(units));
  return units;
}

template <std::size_t N>
void put_text(std::array<char, N>& field, std::string_view text) {
  std::ranges::copy(text.substr(0, N), field.begin());
}

}  // namespace

std::uint16_t crc_of(std::span<const std::byte> bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint16_t crc = 0;
  for (const std::byte byte : bytes) {
    const std::size_t index = (crc >> 8U) ^ std::to_integer<std::size_t>(byte);
    crc = static_cast<std::uint16_t>((crc << 8U) ^ kTable[index]);
  }
  return crc;
}

void seal(std::span<std::byte> descriptor, TagId id, std::uint32_t location,
          std::uint16_t revision) {
  const std::uint16_t edition = is_third_edition(revision) ? 3 : 2;
  constexpr std::size_t kChecksumAt = 4;
  const auto content = descriptor.subspan(sizeof(Tag));
  Tag tag{.identifier = Le16(static_cast<std::uint16_t>(id)),
          .version = Le16(edition),
          .crc = Le16(crc_of(content)),
          .crc_length = Le16(static_cast<std::uint16_t>(content.size())),
          .location = Le32(location)};
  unsigned sum = 0;
  const auto bytes = bytes_of(tag);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (i != kChecksumAt) sum += std::to_integer<unsigned>(bytes[i]);
  tag.checksum = static_cast<std::uint8_t>(sum);
  write_struct(descriptor, 0, tag);
}

std::vector<std::byte> compressed(std::string_view name) {
  const std::u16string units = units_of(name);
  if (units.empty()) return {};
  const bool narrow = std::ranges::all_of(units, [](char16_t unit) { return unit < 0x100; });
  std::vector<std::byte> out{std::byte{narrow ? kNarrow : kWide}};
  out.reserve(1 + units.size() * (narrow ? 1 : 2));
  for (const char16_t unit : units) {
    if (!narrow) out.push_back(static_cast<std::byte>(unit >> 8U));
    out.push_back(static_cast<std::byte>(unit & 0xFFU));
  }
  return out;
}

void put_dstring(std::span<std::uint8_t> field, std::string_view text) {
  std::vector<std::byte> bytes = compressed(text);
  if (bytes.empty()) return;
  const std::size_t room = field.size() - 1;
  if (bytes.size() > room) bytes.resize(room);
  // Not half a character.
  if (bytes.front() == std::byte{kWide} && bytes.size() % 2 == 0) bytes.pop_back();
  std::ranges::transform(bytes, field.begin(),
                         [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  field.back() = static_cast<std::uint8_t>(bytes.size());
}

Timestamp timestamp(system::FileTime time) {
  constexpr std::uint16_t kLocalTimeAtOffset = 0x1000;  // type 1, and minutes east of UTC: none
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return {.type_and_zone = Le16(kLocalTimeAtOffset),
          .year = Le16(static_cast<std::uint16_t>(static_cast<int>(date.year()))),
          .month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
          .day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day())),
          .hour = static_cast<std::uint8_t>(clock.hours().count()),
          .minute = static_cast<std::uint8_t>(clock.minutes().count()),
          .second = static_cast<std::uint8_t>(clock.seconds().count())};
}

EntityId plain_id(std::string_view identifier) {
  EntityId id;
  put_text(id.identifier, identifier);
  return id;
}

EntityId udf_id(std::string_view identifier, std::uint16_t revision) {
  EntityId id = plain_id(identifier);
  id.suffix[0] = revision & 0xFFU;
  id.suffix[1] = static_cast<std::uint8_t>(revision >> 8U);
  return id;
}

EntityId domain_id(std::uint16_t revision) {
  constexpr std::uint8_t kWriteProtected = 0x03;  // by hardware and by software
  EntityId id = udf_id("*OSTA UDF Compliant", revision);
  id.suffix[2] = kWriteProtected;
  return id;
}

}  // namespace pregroove::image::udf
