#include "engine/plan/speed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pregroove::plan {
namespace {

// Drives round: 4x of a CD is 706 kB/s to one and 705 to the next, and 8x of a DVD 11080 or 11000.
// No two speeds that are offered lie as close.
constexpr double kTolerance = 1.02;
constexpr double kFastestOfAll = 1000;  // times 1x; no disc bears a tenth of it

double at_1x(medium::MediumKind kind) {
  return medium::kilobytes_per_second_at_1x(medium::traits_of(kind).family);
}

std::string list_of(medium::MediumKind kind, const std::vector<std::uint32_t>& offered) {
  std::string list;
  for (const std::uint32_t speed : offered)
    list += fmt::format("{}{} ({} kB/s)", list.empty() ? "" : ", ", in_times(times_of(kind, speed)),
                        speed);
  return list;
}

}  // namespace

double times_of(medium::MediumKind kind, double kilobytes_per_second) {
  return kilobytes_per_second / at_1x(kind);
}

std::string in_times(double times) {
  constexpr double kTenths = 10;
  return fmt::format("{}x", std::round(times * kTenths) / kTenths);
}

Result<SetSpeed> choose_speed(medium::MediumKind kind, const std::vector<std::uint32_t>& offered,
                              const std::optional<SpeedWish>& wish) {
  if (!wish) return SetSpeed{};
  const bool in_times_of_1x = wish->unit == SpeedWish::Unit::kTimes;
  const double wanted = in_times_of_1x ? wish->value * at_1x(kind) : wish->value;
  if (!(wanted > 0) || !(times_of(kind, wanted) <= kFastestOfAll))
    return fail(ErrorCode::kInvalidArgument, "that is no speed at which a disc is written",
                "Give a multiple of 1x, for instance 8.");
  if (offered.empty()) return SetSpeed{wanted, times_of(kind, wanted)};
  double best = 0;
  for (const std::uint32_t speed : offered)
    if (speed <= wanted * kTolerance) best = std::max(best, static_cast<double>(speed));
  if (best <= 0 && wish->or_slowest) best = *std::ranges::min_element(offered);
  if (best <= 0)
    return fail(ErrorCode::kUnsupported,
                fmt::format("the drive writes this disc no slower than at {}",
                            in_times(times_of(kind, *std::ranges::min_element(offered)))),
                fmt::format("Choose one of its speeds: {}.", list_of(kind, offered)));
  return SetSpeed{best, times_of(kind, best)};
}

}  // namespace pregroove::plan
