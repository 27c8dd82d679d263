#include "simdrive/profiles/field_reader.h"

#include "simdrive/profiles/spelling.h"

namespace simdrive::profiles {
namespace {

bool has_form(std::string_view text, TextForm form) {
  switch (form) {
    case TextForm::kPrintable:
      return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7E; });
    case TextForm::kName:
      return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
    case TextForm::kDate:
      return text.empty() || is_date(text);
  }
  return false;
}

std::string_view describe_form(TextForm form) {
  switch (form) {
    case TextForm::kPrintable:
      return "printable ASCII characters";
    case TextForm::kName:
      return "lower-case letters, digits and hyphens";
    case TextForm::kDate:
      return "a day that exists, as YYYY-MM-DD, or \"\"";
  }
  return "";
}

std::string spaced(std::string_view letters) {
  return fmt::format("{}", fmt::join(letters.begin(), letters.end(), ", "));
}

}  // namespace

FieldReader::FieldReader(const JsonNode& root) {
  scopes_.push_back({.node = &root, .path = {}, .known = {}});
}

const JsonNode* FieldReader::member(std::string_view key) {
  scopes_.back().known.push_back(key);
  const JsonNode* const node = scopes_.back().node;
  return node == nullptr ? nullptr : node->find(key);
}

std::string FieldReader::path_of(std::string_view key) const {
  const std::string& path = scopes_.back().path;
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

void FieldReader::note(const JsonNode& node, const std::string& path, std::string what) {
  problems_.push_back({.line = node.line, .key = path, .what = std::move(what)});
}

void FieldReader::note_unknown_keys() {
  const Scope& scope = scopes_.back();
  if (scope.node == nullptr) return;
  for (const JsonNode& child : scope.node->children) {
    if (std::ranges::find(scope.known, child.key) != scope.known.end()) continue;
    problems_.push_back(
        {.line = child.key_line,
         .key = path_of(child.key),
         .what = fmt::format("there is no such key; allowed: {}", fmt::join(scope.known, ", "))});
  }
}

bool FieldReader::is(const JsonNode& node, JsonKind kind, const std::string& path) {
  if (node.kind == kind) return true;
  note(node, path, fmt::format("{} was found, {} is needed", name_of(node.kind), name_of(kind)));
  return false;
}

std::optional<std::uint32_t> FieldReader::number(const JsonNode& node, const std::string& path,
                                                 const NumberRule& rule) {
  const std::string allowed = fmt::format("a whole number from {} to {}", rule.min, rule.max);
  if (node.kind != JsonKind::kWhole) {
    note(node, path, fmt::format("{} was found; allowed: {}", name_of(node.kind), allowed));
    return std::nullopt;
  }
  if (node.whole < rule.min || node.whole > rule.max) {
    note(node, path, fmt::format("{} is out of range; allowed: {}", node.whole, allowed));
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(node.whole);
}

std::optional<SpeedMultiple> FieldReader::speed(const JsonNode& node, const std::string& path) {
  if (!is(node, JsonKind::kString, path)) return std::nullopt;
  const auto parsed = parse_speed(node.text);
  if (!parsed) {
    note(node, path,
         fmt::format("\"{}\" is not a speed; allowed: multiples like \"48x\" or \"2.4x\", "
                     "from 0.1x to 100x",
                     node.text));
  }
  return parsed;
}

std::optional<SenseCode> FieldReader::sense(const JsonNode& node, const std::string& path,
                                            const SenseRule& rule, std::string_view or_else) {
  if (!is(node, JsonKind::kString, path)) return std::nullopt;
  const auto parsed = parse_sense(node.text);
  if (!parsed) {
    note(node, path,
         fmt::format("\"{}\" is not a sense code; allowed: hexadecimal KEY/ASC/ASCQ like "
                     "\"5/21/02\"{}",
                     node.text, or_else));
    return std::nullopt;
  }
  // A key is one digit, and spelled with upper-case letters in the rules.
  if (rule.keys.find(spell(*parsed)[0]) == std::string_view::npos) {
    note(node, path,
         fmt::format("sense key {:X} makes no sense here; allowed: {}{}", parsed->key,
                     spaced(rule.keys), or_else));
    return std::nullopt;
  }
  return parsed;
}

std::optional<std::vector<SpeedMultiple>> FieldReader::speeds(const JsonNode& node,
                                                              const std::string& path) {
  if (!is(node, JsonKind::kArray, path)) return std::nullopt;
  if (node.children.empty()) {
    note(node, path, "the list is empty; at least one speed is needed");
    return std::nullopt;
  }
  std::vector<SpeedMultiple> list;
  for (const JsonNode& element : node.children) {
    const auto one = speed(element, path);
    if (!one) return std::nullopt;
    if (!list.empty() && *one >= list.back()) {
      note(element, path,
           fmt::format("{} comes after {}; speeds must descend", spell(*one), spell(list.back())));
      return std::nullopt;
    }
    list.push_back(*one);
  }
  return list;
}

void FieldReader::operator()(std::string_view key, std::string& value, const TextRule& rule) {
  const JsonNode* const node = member(key);
  if (node == nullptr || !is(*node, JsonKind::kString, path_of(key))) return;
  if (node->text.size() < rule.min || node->text.size() > rule.max) {
    note(*node, path_of(key),
         fmt::format("{} characters; allowed: {} to {}", node->text.size(), rule.min, rule.max));
  } else if (!has_form(node->text, rule.form)) {
    note(*node, path_of(key),
         fmt::format("\"{}\" will not do; allowed: {}", node->text, describe_form(rule.form)));
  } else {
    value = node->text;
  }
}

void FieldReader::operator()(std::string_view key, bool& value, AnyRule) {
  const JsonNode* const node = member(key);
  if (node != nullptr && is(*node, JsonKind::kBoolean, path_of(key))) value = node->boolean;
}

void FieldReader::operator()(std::string_view key, std::uint32_t& value, const NumberRule& rule) {
  if (const JsonNode* const node = member(key))
    value = number(*node, path_of(key), rule).value_or(value);
}

void FieldReader::operator()(std::string_view key, SenseCode& value, const SenseRule& rule) {
  if (const JsonNode* const node = member(key))
    value = sense(*node, path_of(key), rule, "").value_or(value);
}

void FieldReader::operator()(std::string_view key, std::optional<SenseCode>& value,
                             const SenseRule& rule) {
  const JsonNode* const node = member(key);
  if (node == nullptr) return;
  if (node->kind == JsonKind::kString && node->text == "good") {
    value.reset();
  } else if (const auto code = sense(*node, path_of(key), rule, ", or \"good\"")) {
    value = code;
  }
}

void FieldReader::operator()(std::string_view key, std::vector<std::uint32_t>& value,
                             const NumberRule& rule) {
  const JsonNode* const node = member(key);
  if (node == nullptr || !is(*node, JsonKind::kArray, path_of(key))) return;
  std::vector<std::uint32_t> numbers;
  for (const JsonNode& element : node->children)
    if (const auto one = number(element, path_of(key), rule)) numbers.push_back(*one);
  value = std::move(numbers);
}

void FieldReader::operator()(std::string_view key, std::vector<std::uint8_t>& value, AnyRule) {
  const JsonNode* const node = member(key);
  if (node == nullptr || !is(*node, JsonKind::kArray, path_of(key))) return;
  std::vector<std::uint8_t> codes;
  for (const JsonNode& element : node->children) {
    if (!is(element, JsonKind::kString, path_of(key))) continue;
    if (const auto code = parse_code(element.text)) {
      codes.push_back(*code);
    } else {
      note(element, path_of(key),
           fmt::format(R"("{}" is not a code; allowed: two hexadecimal digits and h, like "46h")",
                       element.text));
    }
  }
  value = std::move(codes);
}

void FieldReader::operator()(std::string_view key, PerFamily<std::uint32_t>& value,
                             const NumberRule& rule) {
  group(key, [&] {
    for (const auto& [family, name] : names_of(MediumFamily{})) (*this)(name, value[family], rule);
  });
}

template <typename Function>
void FieldReader::each_kind(std::string_view key, const KindsRule& rule, const Function& read) {
  const JsonNode* const node = member(key);
  if (node == nullptr || !is(*node, JsonKind::kObject, path_of(key))) return;
  for (const JsonNode& child : node->children) {
    const std::string path = fmt::format("{}.{}", path_of(key), child.key);
    const auto kind = medium_kind(child.key);
    if (!kind || !rule.kinds.contains(*kind)) {
      problems_.push_back(
          {.line = child.key_line,
           .key = path,
           .what = fmt::format("no entry is allowed for \"{}\"; allowed: the kinds in {}",
                               child.key, rule.listed_in)});
      continue;
    }
    read(child, path, *kind);
  }
}

void FieldReader::operator()(std::string_view key, PerKind<std::vector<SpeedMultiple>>& value,
                             const KindsRule& rule) {
  each_kind(key, rule, [&](const JsonNode& node, const std::string& path, MediumKind kind) {
    if (auto list = speeds(node, path)) value[kind] = *std::move(list);
  });
}

void FieldReader::operator()(std::string_view key, PerKind<EnumSet<BlankType>>& value,
                             const KindsRule& rule) {
  each_kind(key, rule, [&](const JsonNode& node, const std::string& path, MediumKind kind) {
    read_set(node, path, value[kind]);
    if (node.kind == JsonKind::kArray && node.children.empty())
      note(node, path, "the list is empty; a disc that can be rewritten needs a way to blank it");
  });
}

void FieldReader::operator()(std::string_view key, PerKind<Rotation>& value,
                             const KindsRule& rule) {
  each_kind(key, rule, [&](const JsonNode& node, const std::string& path, MediumKind kind) {
    if (!is(node, JsonKind::kObject, path)) return;
    // An entry stands for itself: what it leaves out is not taken from the defaults.
    value[kind] = {};
    scopes_.push_back({.node = &node, .path = path, .known = {}});
    read_rotation(value[kind]);
    note_unknown_keys();
    scopes_.pop_back();
  });
}

void FieldReader::read_rotation(Rotation& rotation) {
  const JsonNode* const entry = scopes_.back().node;
  if (entry->find("mode") == nullptr)
    note(*entry, path_of("mode"), "it is missing; allowed: clv, cav, zclv");
  (*this)("mode", rotation.mode, AnyRule{});
  if (const JsonNode* const node = member("clv_up_to"))
    rotation.clv_up_to = speed(*node, path_of("clv_up_to")).value_or(SpeedMultiple{});
  const JsonNode* const zones = member("zones");
  if (zones != nullptr) read_zones(*zones, path_of("zones"), rotation);
  if ((rotation.mode == RotationMode::kZclv) != (zones != nullptr)) {
    note(zones == nullptr ? *entry : *zones, path_of("zones"),
         "zones belong to the mode zclv, and zclv needs them");
  }
}

void FieldReader::read_zones(const JsonNode& node, const std::string& path, Rotation& rotation) {
  if (!is(node, JsonKind::kArray, path)) return;
  if (node.children.empty()) note(node, path, "the list is empty; at least one zone is needed");
  for (const JsonNode& element : node.children) {
    SpeedZone zone;
    const std::size_t before = problems_.size();
    read_zone(element, path, zone);
    if (problems_.size() != before) return;
    const bool in_order = rotation.zones.empty()
                              ? zone.from_block == 0
                              : zone.from_block > rotation.zones.back().from_block;
    if (!in_order) {
      note(element, path, "the first zone must be from block 0, and each later one from a higher");
      return;
    }
    rotation.zones.push_back(zone);
  }
}

void FieldReader::read_zone(const JsonNode& node, const std::string& path, SpeedZone& zone) {
  if (!is(node, JsonKind::kObject, path)) return;
  scopes_.push_back({.node = &node, .path = path, .known = {}});
  for (const std::string_view key : {"from_block", "speed"})
    if (node.find(key) == nullptr) note(node, path_of(key), "it is missing; a zone needs it");
  (*this)("from_block", zone.from_block, NumberRule{0, 0x7FFFFFFF});
  if (const JsonNode* const child = member("speed"))
    zone.speed = speed(*child, path_of("speed")).value_or(SpeedMultiple{});
  note_unknown_keys();
  scopes_.pop_back();
}

}  // namespace simdrive::profiles
