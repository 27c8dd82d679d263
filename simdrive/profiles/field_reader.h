// The visitor of the schema that takes values out of a JSON tree, and notes everything that is
// wrong with it.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "simdrive/profiles/enum_names.h"
#include "simdrive/profiles/json_tree.h"
#include "simdrive/profiles/personality.h"
#include "simdrive/profiles/schema.h"

namespace simdrive::profiles {

struct Problem {
  std::size_t line = 0;
  std::string key;  // "quirks.sense.opc"
  std::string what;
};

class FieldReader {
 public:
  // REQUIRES: root is an object and outlives this.
  explicit FieldReader(const JsonNode& root);

  // Keys that the schema does not know are problems; these are known besides.
  void also_known(std::string_view key) { scopes_.back().known.push_back(key); }
  // Notes the unknown keys of the outermost object. Call it once, after the visit.
  void finish() { note_unknown_keys(); }
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

  template <typename Function>
  void group(std::string_view key, const Function& visit_members) {
    const JsonNode* const node = member(key);
    if (node != nullptr && !is(*node, JsonKind::kObject, path_of(key))) return;
    scopes_.push_back({.node = node, .path = path_of(key), .known = {}});
    visit_members();
    note_unknown_keys();
    scopes_.pop_back();
  }

  void operator()(std::string_view key, std::string& value, const TextRule& rule);
  void operator()(std::string_view key, bool& value, AnyRule);
  void operator()(std::string_view key, std::uint32_t& value, const NumberRule& rule);
  void operator()(std::string_view key, SenseCode& value, const SenseRule& rule);
  void operator()(std::string_view key, std::optional<SenseCode>& value, const SenseRule& rule);
  void operator()(std::string_view key, std::vector<std::uint32_t>& value, const NumberRule& rule);
  void operator()(std::string_view key, std::vector<std::uint8_t>& value, AnyRule);
  void operator()(std::string_view key, PerFamily<std::uint32_t>& value, const NumberRule& rule);
  void operator()(std::string_view key, PerKind<std::vector<SpeedMultiple>>& value,
                  const KindsRule& rule);
  void operator()(std::string_view key, PerKind<Rotation>& value, const KindsRule& rule);
  void operator()(std::string_view key, PerKind<EnumSet<BlankType>>& value, const KindsRule& rule);

  template <typename Period>
  void operator()(std::string_view key, std::chrono::duration<std::int64_t, Period>& value,
                  const NumberRule& rule) {
    auto count = static_cast<std::uint32_t>(value.count());
    (*this)(key, count, rule);
    value = std::chrono::duration<std::int64_t, Period>(count);
  }
  template <typename E>
    requires std::is_enum_v<E>
  void operator()(std::string_view key, E& value, AnyRule) {
    if (const JsonNode* const node = member(key)) read_choice(*node, path_of(key), value);
  }
  template <typename E>
  void operator()(std::string_view key, EnumSet<E>& value, AnyRule) {
    if (const JsonNode* const node = member(key)) read_set(*node, path_of(key), value);
  }

 private:
  struct Scope {
    const JsonNode* node = nullptr;  // nullptr when the file leaves the group out
    std::string path;
    std::vector<std::string_view> known;
  };

  [[nodiscard]] const JsonNode* member(std::string_view key);
  [[nodiscard]] std::string path_of(std::string_view key) const;
  void note(const JsonNode& node, const std::string& path, std::string what);
  void note_unknown_keys();
  // False, and a problem, when the value is of another kind.
  bool is(const JsonNode& node, JsonKind kind, const std::string& path);
  [[nodiscard]] std::optional<std::uint32_t> number(const JsonNode& node, const std::string& path,
                                                    const NumberRule& rule);
  [[nodiscard]] std::optional<SpeedMultiple> speed(const JsonNode& node, const std::string& path);
  [[nodiscard]] std::optional<SenseCode> sense(const JsonNode& node, const std::string& path,
                                               const SenseRule& rule, std::string_view or_else);
  [[nodiscard]] std::optional<std::vector<SpeedMultiple>> speeds(const JsonNode& node,
                                                                 const std::string& path);
  void read_rotation(Rotation& rotation);
  void read_zones(const JsonNode& node, const std::string& path, Rotation& rotation);
  void read_zone(const JsonNode& node, const std::string& path, SpeedZone& zone);
  // Calls read(node, path, kind) for each entry whose kind the rule allows.
  template <typename Function>
  void each_kind(std::string_view key, const KindsRule& rule, const Function& read);

  template <typename E>
  bool read_choice(const JsonNode& node, const std::string& path, E& value) {
    if (!is(node, JsonKind::kString, path)) return false;
    std::vector<std::string_view> allowed;
    for (const auto& [choice, name] : names_of(E{})) {
      allowed.push_back(name);
      if (name != node.text) continue;
      value = choice;
      return true;
    }
    note(node, path,
         fmt::format("\"{}\" is not known; allowed: {}", node.text, fmt::join(allowed, ", ")));
    return false;
  }

  template <typename E>
  void read_set(const JsonNode& node, const std::string& path, EnumSet<E>& value) {
    if (!is(node, JsonKind::kArray, path)) return;
    EnumSet<E> set;
    for (const JsonNode& element : node.children) {
      E one{};
      if (!read_choice(element, path, one)) continue;
      if (set.contains(one)) note(element, path, fmt::format("\"{}\" twice", element.text));
      set.insert(one);
    }
    value = set;
  }

  std::vector<Scope> scopes_;
  std::vector<Problem> problems_;
};

}  // namespace simdrive::profiles
