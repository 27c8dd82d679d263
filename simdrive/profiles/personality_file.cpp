#include "simdrive/profiles/personality_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "simdrive/profiles/built_in.h"
#include "simdrive/profiles/consistency.h"
#include "simdrive/profiles/field_reader.h"
#include "simdrive/profiles/json_tree.h"
#include "simdrive/profiles/schema.h"

namespace simdrive::profiles {
namespace {

using pregroove::Error;
using pregroove::ErrorCode;

constexpr std::uintmax_t kLargestFile = 1'048'576;
// A built-in may be based on another one, that one on the defaults.
constexpr int kDeepestBase = 3;

std::string sentence(std::string_view file, const Problem& problem) {
  if (problem.key.empty()) return fmt::format("{}:{}: {}", file, problem.line, problem.what);
  return fmt::format("{}:{}: key \"{}\": {}", file, problem.line, problem.key, problem.what);
}

std::unexpected<Error> refuse(std::string_view file, const std::vector<Problem>& problems) {
  auto refusal = pregroove::fail(ErrorCode::kInvalidArgument, sentence(file, problems.front()),
                                 "The keys and what they allow are listed in "
                                 "simdrive/profiles/README.md.");
  Error first = std::move(refusal).error();
  for (const Problem& problem : std::span(problems).subspan(1))
    first.also.push_back(
        pregroove::fail(ErrorCode::kInvalidArgument, sentence(file, problem)).error());
  return std::unexpected(std::move(first));
}

std::string built_in_names() {
  std::vector<std::string_view> names;
  for (const BuiltInText& text : built_in_texts()) names.push_back(text.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

Result<Personality> parse(std::string_view json, std::string_view file_name, int depth);

// What the file starts from.
Result<Personality> base_of(const JsonNode& root, std::string_view file_name, int depth) {
  const JsonNode* const based_on = root.find("based_on");
  if (based_on == nullptr) return Personality{};
  const auto texts = built_in_texts();
  const auto found = std::ranges::find(texts, based_on->text, &BuiltInText::name);
  if (based_on->kind != JsonKind::kString || found == texts.end() || depth == kDeepestBase) {
    return refuse(file_name, {{.line = based_on->line,
                               .key = "based_on",
                               .what = fmt::format("no built-in personality is called so; "
                                                   "allowed: {}",
                                                   built_in_names())}});
  }
  return parse(found->json, found->name, depth + 1);
}

Result<Personality> parse(std::string_view json, std::string_view file_name, int depth) {
  const auto root = parse_json_tree(json);
  if (!root) return refuse(file_name, {{root.error().line, {}, root.error().what}});
  if (root->kind != JsonKind::kObject)
    return refuse(file_name, {{root->line, {}, "a personality is an object: { ... }"}});
  PREGROOVE_ASSIGN_OR_RETURN(Personality drive, base_of(*root, file_name, depth));
  drive.name = std::filesystem::path(file_name).stem().string();
  FieldReader reader(*root);
  reader.also_known("based_on");
  visit_personality(drive, reader);
  reader.finish();
  if (!reader.problems().empty()) return refuse(file_name, reader.problems());
  const auto contradictions = make_consistent(drive, *root);
  if (!contradictions.empty()) return refuse(file_name, contradictions);
  return drive;
}

}  // namespace

Result<Personality> parse_personality(std::string_view json, std::string_view file_name) {
  return parse(json, file_name, 0);
}

Result<Personality> load_personality(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    return pregroove::fail(
        error == std::errc::no_such_file_or_directory ? ErrorCode::kNotFound : ErrorCode::kIo,
        fmt::format("The personality file {} cannot be read: {}.", path.string(), error.message()),
        fmt::format("Name a file, or one of the built-in personalities: {}.", built_in_names()));
  }
  if (size > kLargestFile) {
    return pregroove::fail(ErrorCode::kInvalidArgument,
                           fmt::format("{} has {} bytes; a personality has at most {}.",
                                       path.string(), size, kLargestFile));
  }
  std::ifstream stream(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad()) {
    return pregroove::fail(ErrorCode::kIo,
                           fmt::format("The personality file {} cannot be read.", path.string()));
  }
  return parse_personality(text, path.string());
}

}  // namespace simdrive::profiles
