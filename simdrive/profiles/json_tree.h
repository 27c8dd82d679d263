// A JSON text as a tree that knows the line of everything, so that a refusal can name it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace simdrive::profiles {

enum class JsonKind : std::uint8_t {
  kNull,
  kBoolean,
  kWhole,
  kOtherNumber,
  kString,
  kArray,
  kObject
};

struct JsonNode {
  JsonKind kind = JsonKind::kNull;
  std::string key;           // when it is a member of an object
  std::size_t key_line = 0;  // counted from 1
  std::size_t line = 0;      // of the value's last character; of the bracket for arrays and objects
  bool boolean = false;
  std::uint64_t whole = 0;  // a number without sign, fraction and exponent
  std::string text;
  std::vector<JsonNode> children;  // elements of an array, members of an object

  // The member of that name; nullptr when there is none.
  [[nodiscard]] const JsonNode* find(std::string_view name) const;
};

struct JsonProblem {
  std::size_t line = 0;
  std::string what;
};

// Refuses besides wrong syntax: a key that occurs twice in an object, and nesting deeper than 8.
[[nodiscard]] std::expected<JsonNode, JsonProblem> parse_json_tree(std::string_view text);

// "a number", for messages.
[[nodiscard]] std::string_view name_of(JsonKind kind);

}  // namespace simdrive::profiles
