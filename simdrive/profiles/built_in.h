// The personalities that come with the program: the *.json files of this folder.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "simdrive/profiles/personality.h"

namespace simdrive::profiles {

// The default drive first.
[[nodiscard]] std::span<const Personality> all_personalities();
// nullptr for an unknown name. The pointer stays valid.
[[nodiscard]] const Personality* find_personality(std::string_view name);

// The texts that they are parsed from.
struct BuiltInText {
  std::string_view name;
  std::string_view json;
};
[[nodiscard]] std::span<const BuiltInText> built_in_texts();

}  // namespace simdrive::profiles
