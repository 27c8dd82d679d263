// The fields of a JSON object that is not trusted: each is taken as what it has to be, and the
// first that is not is remembered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simdrive::hosts::transcripts {

[[nodiscard]] std::string hex(std::span<const std::byte> bytes);

// A field that is missing or wrong yields zero or nothing, and a problem.
class Fields {
 public:
  // Takes anything; what is no object has no fields. REQUIRES: the value outlives it.
  explicit Fields(const nlohmann::ordered_json& object) : object_(object) {}

  [[nodiscard]] bool has(const char* name) const { return object_.contains(name); }
  [[nodiscard]] std::int64_t number(const char* name, std::int64_t least, std::int64_t most);
  [[nodiscard]] std::size_t size(const char* name, std::size_t most);
  [[nodiscard]] std::string text(const char* name);
  [[nodiscard]] std::optional<std::string> text_or_null(const char* name);
  [[nodiscard]] std::vector<std::byte> bytes(const char* name, std::size_t most);
  [[nodiscard]] std::uint64_t hash(const char* name);

  void blame(const std::string& problem);
  // Empty when there is none.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  const nlohmann::ordered_json& object_;
  std::string problem_;
};

}  // namespace simdrive::hosts::transcripts
