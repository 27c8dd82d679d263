#include "engine/image/iso9660.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace pregroove::image {
namespace {

using std::chrono::sys_days;

constexpr auto kFirstStorable = sys_days(std::chrono::year(1900) / 1 / 1);
constexpr auto kEndOfStorable = sys_days(std::chrono::year(2156) / 1 / 1);
constexpr int kOffsetMinutes = 15;
constexpr int kOffsetMax = 52;  // ECMA-119 9.1.5: -48 to +52

struct CalendarTime {
  int year = 0;
  unsigned month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
};

CalendarTime calendar_of(system::FileTime time) {
  time =
      std::clamp<system::FileTime>(time, kFirstStorable, kEndOfStorable - std::chrono::seconds(1));
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .hour = static_cast<int>(clock.hours().count()),
          .minute = static_cast<int>(clock.minutes().count()),
          .second = static_cast<int>(clock.seconds().count())};
}

system::FileTime from_calendar(const CalendarTime& c, std::uint8_t offset_byte) {
  const std::chrono::year_month_day date{std::chrono::year(c.year), std::chrono::month(c.month),
                                         std::chrono::day(c.day)};
  if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 59) return {};
  const auto offset = static_cast<std::int8_t>(offset_byte);
  const int quarters = std::clamp<int>(offset, -kOffsetMax, kOffsetMax);
  return sys_days(date) + std::chrono::hours(c.hour) + std::chrono::minutes(c.minute) +
         std::chrono::seconds(c.second) - std::chrono::minutes(quarters * kOffsetMinutes);
}

}  // namespace

RecordTime record_time(system::FileTime time) {
  const CalendarTime c = calendar_of(time);
  const auto byte = [](auto value) { return static_cast<std::uint8_t>(value); };
  return {.year = byte(c.year - 1900),
          .month = byte(c.month),
          .day = byte(c.day),
          .hour = byte(c.hour),
          .minute = byte(c.minute),
          .second = byte(c.second)};
}

DescriptorTime descriptor_time(system::FileTime time) {
  const CalendarTime c = calendar_of(time);
  DescriptorTime result;
  fmt::format_to_n(result.digits.data(), result.digits.size(), "{:04}{:02}{:02}{:02}{:02}{:02}00",
                   c.year, c.month, c.day, c.hour, c.minute, c.second);
  return result;
}

DescriptorTime no_descriptor_time() {
  DescriptorTime result;
  result.digits.fill('0');
  return result;
}

system::FileTime time_of(const RecordTime& time) {
  return from_calendar({.year = 1900 + time.year,
                        .month = time.month,
                        .day = time.day,
                        .hour = time.hour,
                        .minute = time.minute,
                        .second = time.second},
                       time.offset);
}

system::FileTime time_of(const DescriptorTime& time) {
  const std::string_view digits(time.digits.data(), time.digits.size());
  const auto number = [digits](std::size_t at, std::size_t length) {
    int value = 0;
    std::from_chars(digits.data() + at, digits.data() + at + length, value);
    return std::max(value, 0);
  };
  return from_calendar({.year = number(0, 4),
                        .month = static_cast<unsigned>(number(4, 2)),
                        .day = static_cast<unsigned>(number(6, 2)),
                        .hour = number(8, 2),
                        .minute = number(10, 2),
                        .second = number(12, 2)},
                       time.offset);
}

}  // namespace pregroove::image
