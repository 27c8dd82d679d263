#include "simdrive/profiles/built_in.h"

#include <algorithm>
#include <vector>

#include "engine/base/check.h"
#include "simdrive/profiles/personality_file.h"

namespace simdrive::profiles {
namespace {

std::vector<Personality> parse_all() {
  std::vector<Personality> all;
  for (const BuiltInText& text : built_in_texts()) {
    auto parsed = parse_personality(text.json, text.name);
    // The texts are part of the program, and a test parses each of them.
    PREGROOVE_CHECK(parsed.has_value());
    all.push_back(*std::move(parsed));
  }
  return all;
}

}  // namespace

std::span<const Personality> all_personalities() {
  static const std::vector<Personality> kAll = parse_all();
  return kAll;
}

const Personality* find_personality(std::string_view name) {
  const auto all = all_personalities();
  const auto found = std::ranges::find(all, name, &Personality::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace simdrive::profiles
