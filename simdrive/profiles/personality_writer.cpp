#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "simdrive/profiles/enum_names.h"
#include "simdrive/profiles/personality_file.h"
#include "simdrive/profiles/schema.h"
#include "simdrive/profiles/spelling.h"

namespace simdrive::profiles {
namespace {

using Json = nlohmann::ordered_json;

template <typename E>
std::string_view choice_name(E value) {
  for (const auto& [choice, name] : names_of(E{}))
    if (choice == value) return name;
  return {};
}

template <typename E>
Json as_list(const EnumSet<E>& set) {
  Json list = Json::array();
  for (const auto& [value, name] : names_of(E{}))
    if (set.contains(value)) list.push_back(name);
  return list;
}

Json as_list(const std::vector<SpeedMultiple>& speeds) {
  Json list = Json::array();
  for (const SpeedMultiple speed : speeds) list.push_back(spell(speed));
  return list;
}

Json as_json(const Rotation& rotation) {
  Json json = {{"mode", choice_name(rotation.mode)}};
  if (rotation.clv_up_to.tenths != 0) json["clv_up_to"] = spell(rotation.clv_up_to);
  for (const SpeedZone& zone : rotation.zones)
    json["zones"].push_back({{"from_block", zone.from_block}, {"speed", spell(zone.speed)}});
  return json;
}

// The visitor of the schema that makes a JSON value of each member.
class FieldWriter {
 public:
  template <typename Function>
  void group(std::string_view key, const Function& visit_members) {
    Json* const outer = object_;
    object_ = &(*outer)[std::string(key)];
    *object_ = Json::object();
    visit_members();
    object_ = outer;
  }

  template <typename T, typename Rule>
  void operator()(std::string_view key, const T& value, const Rule& rule) {
    (*object_)[std::string(key)] = as_value(value, rule);
  }

  [[nodiscard]] const Json& root() const { return root_; }

 private:
  static Json as_value(const std::string& value, const TextRule&) { return value; }
  static Json as_value(bool value, AnyRule) { return value; }
  static Json as_value(std::uint32_t value, const NumberRule&) { return value; }
  static Json as_value(SenseCode value, const SenseRule&) { return spell(value); }
  static Json as_value(const std::optional<SenseCode>& value, const SenseRule&) {
    return value ? spell(*value) : "good";
  }
  static Json as_value(const std::vector<std::uint32_t>& value, const NumberRule&) { return value; }
  static Json as_value(const std::vector<std::uint8_t>& value, AnyRule) {
    Json list = Json::array();
    for (const std::uint8_t code : value) list.push_back(spell_code(code));
    return list;
  }
  template <typename Period>
  static Json as_value(std::chrono::duration<std::int64_t, Period> value, const NumberRule&) {
    return value.count();
  }
  template <typename E>
    requires std::is_enum_v<E>
  static Json as_value(E value, AnyRule) {
    return choice_name(value);
  }
  template <typename E>
  static Json as_value(const EnumSet<E>& value, AnyRule) {
    return as_list(value);
  }
  static Json as_value(const PerFamily<std::uint32_t>& value, const NumberRule&) {
    Json json = Json::object();
    for (const auto& [family, name] : names_of(MediumFamily{}))
      json[std::string(name)] = value[family];
    return json;
  }
  static Json as_value(const PerKind<Rotation>& value, const KindsRule& rule) {
    return for_kinds(rule, [&](MediumKind kind) { return as_json(value[kind]); });
  }
  template <typename T>
  static Json as_value(const PerKind<T>& value, const KindsRule& rule) {
    return for_kinds(rule, [&](MediumKind kind) { return as_list(value[kind]); });
  }
  template <typename Function>
  static Json for_kinds(const KindsRule& rule, const Function& value_of) {
    Json json = Json::object();
    for (const MediumKind kind : all_medium_kinds())
      if (rule.kinds.contains(kind)) json[std::string(key_of(kind))] = value_of(kind);
    return json;
  }

  Json root_ = Json::object();
  Json* object_ = &root_;
};

std::string spell_scalar(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// On one line, with a space after each comma.
std::string spell_inline(const Json& json) {
  if (!json.is_structured()) return spell_scalar(json);
  std::vector<std::string> parts;
  for (const auto& [key, value] : json.items()) {
    parts.push_back(json.is_object() ? fmt::format("{}: {}", spell_scalar(key), spell_inline(value))
                                     : spell_inline(value));
  }
  return json.is_object() ? fmt::format("{{{}}}", fmt::join(parts, ", "))
                          : fmt::format("[{}]", fmt::join(parts, ", "));
}

// Objects are spread over lines down to the entries of groups; an entry is one line.
void print(const Json& json, std::size_t depth, std::string& out) {
  constexpr std::size_t kDeepestSpread = 3;
  if (!json.is_object() || json.empty() || depth == kDeepestSpread) {
    out += spell_inline(json);
    return;
  }
  const std::string indent(2 * (depth + 1), ' ');
  out += "{\n";
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    if (!std::exchange(first, false)) out += ",\n";
    out += fmt::format("{}{}: ", indent, spell_scalar(key));
    print(value, depth + 1, out);
  }
  out += fmt::format("\n{}}}", std::string(2 * depth, ' '));
}

}  // namespace

std::string to_json(const Personality& personality) {
  FieldWriter writer;
  visit_personality(personality, writer);
  std::string out;
  print(writer.root(), 0, out);
  out += '\n';
  return out;
}

}  // namespace simdrive::profiles
