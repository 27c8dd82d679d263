#include "engine/cli/speed_option.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "engine/plan/speed.h"

namespace pregroove::cli {
namespace {

using Unit = plan::SpeedWish::Unit;

std::optional<Unit> parse_unit(std::string_view text) {
  if (text.empty() || text == "x" || text == "X") return Unit::kTimes;
  if (text == "kB/s" || text == "KB/s" || text == "kb/s") return Unit::kKilobytesPerSecond;
  return std::nullopt;
}

double rounded(double times) {
  constexpr double kTenths = 10;
  return std::round(times * kTenths) / kTenths;
}

}  // namespace

std::optional<plan::SpeedWish> parse_speed(std::string_view text) {
  plan::SpeedWish wish;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] =
      std::from_chars(text.data(), end, wish.value, std::chars_format::fixed);
  if (problem != std::errc{} || !std::isfinite(wish.value) || wish.value <= 0) return std::nullopt;
  const auto unit = parse_unit({stop, static_cast<std::size_t>(end - stop)});
  if (!unit) return std::nullopt;
  wish.unit = *unit;
  return wish;
}

void add_speed_option(CLI::App& command, std::optional<plan::SpeedWish>& speed) {
  command
      .add_option_function<std::string>(
          "--speed", [&speed](const std::string& text) { speed = parse_speed(text); },
          "at most so fast: a multiple of 1x of the medium (8, 2.4x), or 11080kB/s")
      ->check([](const std::string& text) {
        return parse_speed(text) ? std::string{} : fmt::format("\"{}\" is no speed", text);
      });
}

nlohmann::json speed_as_json(const plan::SetSpeed& speed) {
  return {{"x", rounded(speed.times)}, {"kb_per_s", speed.kilobytes_per_second.value_or(0)}};
}

std::string speed_in_words(const std::optional<plan::SetSpeed>& speed) {
  if (!speed) return "the drive would not be told a speed, and chose its own";
  return fmt::format("the speed was set to {} ({:.0f} kB/s)", plan::in_times(speed->times),
                     speed->kilobytes_per_second.value_or(0));
}

nlohmann::json offered_speeds_as_json(const medium::MediumSnapshot& disc) {
  nlohmann::json speeds = nlohmann::json::array();
  for (const std::uint32_t speed : disc.writing.speeds_kbs)
    speeds.push_back({{"x", rounded(plan::times_of(disc.kind, speed))}, {"kb_per_s", speed}});
  return speeds;
}

std::string offered_speeds_in_words(const medium::MediumSnapshot& disc) {
  std::string text;
  for (const std::uint32_t speed : disc.writing.speeds_kbs)
    text += fmt::format("{}{} ({} kB/s)", text.empty() ? "" : ", ",
                        plan::in_times(plan::times_of(disc.kind, speed)), speed);
  return text;
}

}  // namespace pregroove::cli
