// What the program says about media and discs: for people, and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "simdrive/cli/image_export.h"

namespace simdrive {

// Bytes of names and messages that are no UTF-8 come out as U+FFFD.
[[nodiscard]] std::string as_text(const nlohmann::ordered_json& json);
[[nodiscard]] nlohmann::ordered_json media_as_json();
[[nodiscard]] std::string media_as_text();
[[nodiscard]] nlohmann::ordered_json personalities_as_json();
[[nodiscard]] std::string personalities_as_text();
[[nodiscard]] nlohmann::ordered_json disc_as_json(const Disc& disc);
[[nodiscard]] std::string disc_as_text(const Disc& disc);
[[nodiscard]] nlohmann::ordered_json error_as_json(const pregroove::Error& error);

}  // namespace simdrive
