#include "simdrive/profiles/spelling.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace simdrive::profiles {
namespace {

// All of the text as an unsigned number, without a sign or anything behind it.
std::optional<std::uint32_t> whole_number(std::string_view text, int base) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

constexpr std::uint32_t kFastestTenths = 1000;

}  // namespace

std::optional<pregroove::SenseCode> parse_sense(std::string_view text) {
  if (text.size() != 7 || text[1] != '/' || text[4] != '/') return std::nullopt;
  const auto key = whole_number(text.substr(0, 1), 16);
  const auto asc = whole_number(text.substr(2, 2), 16);
  const auto ascq = whole_number(text.substr(5, 2), 16);
  if (!key || !asc || !ascq) return std::nullopt;
  return pregroove::SenseCode{.key = static_cast<std::uint8_t>(*key),
                              .asc = static_cast<std::uint8_t>(*asc),
                              .ascq = static_cast<std::uint8_t>(*ascq)};
}

std::string spell(pregroove::SenseCode sense) {
  return fmt::format("{:X}/{:02X}/{:02X}", sense.key, sense.asc, sense.ascq);
}

std::optional<SpeedMultiple> parse_speed(std::string_view text) {
  if (!text.ends_with('x')) return std::nullopt;
  text.remove_suffix(1);
  const auto point = text.find('.');
  const auto times = whole_number(text.substr(0, point), 10);
  std::optional<std::uint32_t> tenths = 0;
  if (point != std::string_view::npos) {
    if (text.size() != point + 2) return std::nullopt;
    tenths = whole_number(text.substr(point + 1), 10);
  }
  if (!times || !tenths || *times > kFastestTenths / 10) return std::nullopt;
  const SpeedMultiple speed{*times * 10 + *tenths};
  if (speed.tenths == 0 || speed.tenths > kFastestTenths) return std::nullopt;
  return speed;
}

std::string spell(SpeedMultiple speed) {
  if (speed.tenths % 10 == 0) return fmt::format("{}x", speed.tenths / 10);
  return fmt::format("{}.{}x", speed.tenths / 10, speed.tenths % 10);
}

std::optional<std::uint8_t> parse_code(std::string_view text) {
  if (text.size() != 3 || text[2] != 'h') return std::nullopt;
  const auto code = whole_number(text.substr(0, 2), 16);
  if (!code) return std::nullopt;
  return static_cast<std::uint8_t>(*code);
}

std::string spell_code(std::uint8_t code) { return fmt::format("{:02X}h", code); }

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = whole_number(text.substr(0, 4), 10);
  const auto month = whole_number(text.substr(5, 2), 10);
  const auto day = whole_number(text.substr(8, 2), 10);
  if (!year || !month || !day) return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(*month), std::chrono::day(*day))
      .ok();
}

}  // namespace simdrive::profiles
