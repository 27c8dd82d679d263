#include "engine/cli/capture/personality.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/cli/capture/evidence.h"
#include "simdrive/profiles/personality_file.h"

namespace pregroove::cli {
namespace {

using nlohmann::ordered_json;
using simdrive::MediumKind;
using simdrive::profiles::EnumSet;
using simdrive::profiles::Personality;

ordered_json names_of(const EnumSet<MediumKind>& kinds) {
  ordered_json names = ordered_json::array();
  for (const MediumKind kind : simdrive::profiles::all_medium_kinds())
    if (kinds.contains(kind)) names.push_back(simdrive::profiles::key_of(kind));
  return names;
}

// Lower-case letters, digits and single hyphens.
std::string name_from(const std::string& text) {
  constexpr std::size_t kLongest = 64;
  std::string name;
  for (const char letter : text) {
    const bool upper = letter >= 'A' && letter <= 'Z';
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (upper)
      name += static_cast<char>(letter - 'A' + 'a');
    else if (plain)
      name += letter;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  name.resize(std::min(name.size(), kLongest));
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "drive" : name;
}

Result<Personality> with_kinds(const Kinds& kinds) {
  const ordered_json json = {
      {"features", {{"reads", names_of(kinds.reads)}, {"writes", names_of(kinds.writes)}}}};
  return simdrive::profiles::parse_personality(json.dump(), "drive");
}

void collect(const ordered_json& drive, const ordered_json& model, const std::string& prefix,
             std::vector<QuirkFound>& found) {
  for (const auto& [key, value] : drive.items()) {
    if (value.is_object())
      collect(value, model.at(key), prefix + key + ".", found);
    else if (value != model.at(key))
      found.push_back({.key = prefix + key, .value = value.dump()});
  }
}

}  // namespace

Result<Personality> personality_of(const validate::Validation& validation) {
  const Evidence evidence(validation);
  PREGROOVE_ASSIGN_OR_RETURN(Personality drive, with_kinds(kinds_of(evidence)));
  read_identity(evidence, drive.identity);
  read_features(evidence, drive);
  read_quirks(evidence, drive);
  const auto told = read_limits(evidence, drive);
  drive.name = name_from(drive.identity.vendor + " " + drive.identity.product);
  drive.description = fmt::format(
      "{} {} {}; {}; as pregroove validate met it with {}", drive.identity.vendor,
      drive.identity.product, drive.identity.revision,
      told ? fmt::format("write speeds are its own for {} only", simdrive::profiles::key_of(*told))
           : "no write speeds are its own",
      validation.situation.describe());
  drive.description = printable(drive.description, 200);
  auto checked =
      simdrive::profiles::parse_personality(simdrive::profiles::to_json(drive), drive.name);
  if (!checked) {
    Error error = std::move(checked).error();
    error.code = ErrorCode::kProtocol;
    error.message = "what the drive says of itself fits no personality: " + error.message;
    error.advice = "Leave out --personality-out; the comparison itself does not need it.";
    return std::unexpected(std::move(error));
  }
  return checked;
}

std::vector<std::string> kinds_with_assumed_speeds(const validate::Validation& validation,
                                                   const Personality& drive) {
  const Evidence evidence(validation);
  Personality scratch = drive;
  const auto told = read_limits(evidence, scratch);
  std::vector<std::string> kinds;
  for (const MediumKind kind : simdrive::profiles::all_medium_kinds())
    if (drive.writes(kind) && kind != told) kinds.emplace_back(simdrive::profiles::key_of(kind));
  return kinds;
}

std::vector<QuirkFound> quirks_of(const Personality& drive) {
  const auto json = ordered_json::parse(simdrive::profiles::to_json(drive));
  const auto model = ordered_json::parse(simdrive::profiles::to_json(Personality{}));
  std::vector<QuirkFound> found;
  collect(json.at("quirks"), model.at("quirks"), "", found);
  return found;
}

}  // namespace pregroove::cli
