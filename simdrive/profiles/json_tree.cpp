#include "simdrive/profiles/json_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace simdrive::profiles {
namespace {

constexpr std::size_t kDeepestNesting = 8;

// The library's events carry no position, so the iterator that feeds it counts lines. The lexer is
// at most one character ahead of what it reports (behind a number), and that one is not counted.
struct LineCount {
  std::size_t line = 1;
  bool line_feed_pending = false;

  void take(char character) {
    if (line_feed_pending) ++line;
    line_feed_pending = character == '\n';
  }
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* position, LineCount* count) : position_(position), count_(count) {}
  reference operator*() const { return *position_; }
  CountingIterator& operator++() {
    count_->take(*position_++);
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return position_ == other.position_; }

 private:
  const char* position_;
  LineCount* count_;
};

// "[json...] parse error at line 1, column 2: what" -> "what".
std::string without_position(std::string_view message) {
  const auto column = message.find("column ");
  const auto colon = message.find(": ", column == std::string_view::npos ? 0 : column);
  return std::string(colon == std::string_view::npos ? message : message.substr(colon + 2));
}

class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TreeBuilder(const LineCount& count) : count_(count) {}

  [[nodiscard]] JsonNode take_root() { return std::move(root_); }
  [[nodiscard]] JsonProblem problem() const { return problem_; }

  bool null() override { return add({.kind = JsonKind::kNull}); }
  bool boolean(bool value) override { return add({.kind = JsonKind::kBoolean, .boolean = value}); }
  bool number_integer(number_integer_t) override { return add({.kind = JsonKind::kOtherNumber}); }
  bool number_unsigned(number_unsigned_t value) override {
    return add({.kind = JsonKind::kWhole, .whole = value});
  }
  bool number_float(number_float_t, const string_t&) override {
    return add({.kind = JsonKind::kOtherNumber});
  }
  bool string(string_t& value) override {
    return add({.kind = JsonKind::kString, .text = std::move(value)});
  }
  bool binary(binary_t&) override { return false; }  // does not occur in text
  bool start_object(std::size_t) override { return open(JsonKind::kObject); }
  bool start_array(std::size_t) override { return open(JsonKind::kArray); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (open_.back()->find(name) != nullptr)
      return refuse(fmt::format("key \"{}\" occurs twice in one object", name));
    key_ = std::move(name);
    key_line_ = count_.line;
    return true;
  }

  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error) override {
    return refuse(without_position(error.what()));
  }

 private:
  bool refuse(std::string what) {
    problem_ = {.line = count_.line, .what = std::move(what)};
    return false;
  }

  bool add(JsonNode node) {
    place(std::move(node));
    return true;
  }

  JsonNode* place(JsonNode node) {
    node.line = count_.line;
    node.key = std::exchange(key_, {});
    node.key_line = key_line_;
    if (open_.empty()) {
      root_ = std::move(node);
      return &root_;
    }
    return &open_.back()->children.emplace_back(std::move(node));
  }

  // Pointers to open nodes stay valid: only the innermost one grows.
  bool open(JsonKind kind) {
    if (open_.size() == kDeepestNesting) return refuse("nested too deeply");
    open_.push_back(place({.kind = kind}));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const LineCount& count_;
  JsonNode root_;
  std::vector<JsonNode*> open_;
  std::string key_;
  std::size_t key_line_ = 0;
  JsonProblem problem_;
};

}  // namespace

const JsonNode* JsonNode::find(std::string_view name) const {
  if (kind != JsonKind::kObject) return nullptr;
  const auto found = std::ranges::find(children, name, &JsonNode::key);
  return found == children.end() ? nullptr : &*found;
}

std::expected<JsonNode, JsonProblem> parse_json_tree(std::string_view text) {
  LineCount count;
  TreeBuilder builder(count);
  const CountingIterator begin(text.data(), &count);
  const CountingIterator end(text.data() + text.size(), &count);
  if (!nlohmann::json::sax_parse(begin, end, &builder)) return std::unexpected(builder.problem());
  return builder.take_root();
}

std::string_view name_of(JsonKind kind) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"null", "a boolean", "a number", "a number with a sign, a fraction or an exponent",
       "a string", "an array", "an object"});
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace simdrive::profiles
