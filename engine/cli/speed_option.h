// --speed, and how speeds are told.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/medium/medium.h"
#include "engine/plan/plan.h"

namespace pregroove::cli {

// "8" and "2.4x" are multiples of 1x, "11080kB/s" is what it says; nullopt for anything else.
[[nodiscard]] std::optional<plan::SpeedWish> parse_speed(std::string_view text);
void add_speed_option(CLI::App& command, std::optional<plan::SpeedWish>& speed);

// {"x": 8.0, "kb_per_s": 11080}.
[[nodiscard]] nlohmann::json speed_as_json(const plan::SetSpeed& speed);
// "the speed was set to 8x (11080 kB/s)"; absent: the drive would not be told.
[[nodiscard]] std::string speed_in_words(const std::optional<plan::SetSpeed>& speed);

// Those that the drive offers for the disc, fastest first.
[[nodiscard]] nlohmann::json offered_speeds_as_json(const medium::MediumSnapshot& disc);
// "16x (22160 kB/s), 8x (11080 kB/s)"; empty when the drive lists none.
[[nodiscard]] std::string offered_speeds_in_words(const medium::MediumSnapshot& disc);

}  // namespace pregroove::cli
