// How single values are spelled in a personality file: sense codes, speeds, operation codes, dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "simdrive/profiles/media.h"

namespace simdrive::profiles {

// "5/30/05": sense key, additional sense code, qualifier; hexadecimal, one, two and two digits.
[[nodiscard]] std::optional<pregroove::SenseCode> parse_sense(std::string_view text);
[[nodiscard]] std::string spell(pregroove::SenseCode sense);

// "48x", "2.4x"; from 0.1x to 100x.
[[nodiscard]] std::optional<SpeedMultiple> parse_speed(std::string_view text);
[[nodiscard]] std::string spell(SpeedMultiple speed);

// "46h".
[[nodiscard]] std::optional<std::uint8_t> parse_code(std::string_view text);
[[nodiscard]] std::string spell_code(std::uint8_t code);

// YYYY-MM-DD, a day that exists.
[[nodiscard]] bool is_date(std::string_view text);

}  // namespace simdrive::profiles
