#include "simdrive/profiles/consistency.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace simdrive::profiles {
namespace {

// The line of a key; of the innermost enclosing one that the file has when it leaves the key out.
std::size_t line_of(const JsonNode& root, std::string_view path) {
  const JsonNode* node = &root;
  std::size_t line = root.line;
  while (!path.empty()) {
    const auto dot = path.find('.');
    node = node->find(path.substr(0, dot));
    if (node == nullptr) break;
    line = node->key_line;
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return line;
}

bool says(const JsonNode& root, std::string_view group, std::string_view key) {
  const JsonNode* const node = root.find(group);
  return node != nullptr && node->find(key) != nullptr;
}

class Check {
 public:
  Check(Personality& drive, const JsonNode& root)
      : drive_(drive), features_(drive.features), limits_(drive.limits), root_(root) {}

  std::vector<Problem> run() {
    kinds();
    speeds();
    blanking();
    families();
    recording_on_cd();
    features_of_kinds();
    ranges();
    quirks();
    return std::move(problems_);
  }

 private:
  void note(std::string_view key, std::string what) {
    problems_.push_back(
        {.line = line_of(root_, key), .key = std::string(key), .what = std::move(what)});
  }

  void kinds() {
    if (features_.reads.empty()) note("features.reads", "a drive must read something");
    for (const MediumKind kind : all_medium_kinds()) {
      if (!drive_.writes(kind)) continue;
      if (!is_recordable(kind))
        note("features.writes", fmt::format("{} cannot be written", key_of(kind)));
      else if (!drive_.reads(kind))
        note("features.writes",
             fmt::format("{} is written but not read; add it to features.reads", key_of(kind)));
    }
  }

  void speeds() {
    for (const MediumKind kind : all_medium_kinds()) {
      speeds_of(kind, drive_.reads(kind), limits_.read_speeds[kind], limits_.read_rotation[kind],
                "read");
      speeds_of(kind, drive_.writes(kind), limits_.write_speeds[kind], limits_.write_rotation[kind],
                "write");
    }
  }

  void speeds_of(MediumKind kind, bool supported, std::vector<SpeedMultiple>& list,
                 Rotation& rotation, std::string_view verb) {
    if (!supported) {
      list.clear();
      rotation = {};
    } else if (list.empty()) {
      note(fmt::format("features.{}s", verb),
           fmt::format("{0} has no speeds; give limits.{1}_speeds.{0}", key_of(kind), verb));
    }
  }

  void blanking() {
    const EnumSet<MediumKind> blanked = kinds_that_blank(features_.writes);
    for (const MediumKind kind : all_medium_kinds()) {
      EnumSet<BlankType>& types = features_.blank_types[kind];
      if (!blanked.contains(kind)) {
        types = {};
      } else if (types.empty()) {
        note("features.writes", fmt::format("{0} has no way to be blanked; give "
                                            "features.blank_types.{0}",
                                            key_of(kind)));
      }
    }
  }

  void families() {
    keep_written_families("test_write", features_.test_write);
    keep_written_families("buffer_underrun_protection", features_.buffer_underrun_protection);
  }

  void keep_written_families(std::string_view key, EnumSet<MediumFamily>& families) {
    for (const auto& [family, name] : names_of(MediumFamily{})) {
      if (!families.contains(family) || drive_.writes(family)) continue;
      if (says(root_, "features", key)) {
        note(fmt::format("features.{}", key),
             fmt::format("\"{}\" does not fit: nothing of it is in features.writes", name));
      }
      families.erase(family);
    }
  }

  void recording_on_cd() {
    const bool writes_cd = drive_.writes(MediumFamily::kCd);
    if (!writes_cd) {
      if (says(root_, "features", "cd_write_types") && !features_.cd_write_types.empty())
        note("features.cd_write_types", "the drive writes no CD; allowed: []");
      features_.cd_write_types = {};
    } else if (features_.cd_write_types.empty()) {
      note("features.cd_write_types", "the drive writes CDs; at least one type is needed");
    }
    const bool raw = features_.cd_write_types.contains(CdWriteType::kRaw);
    if (!raw) {
      if (says(root_, "features", "raw_block_types") && !features_.raw_block_types.empty())
        note("features.raw_block_types", "\"raw\" is not in features.cd_write_types; allowed: []");
      features_.raw_block_types = {};
    } else if (features_.raw_block_types.empty()) {
      note("features.raw_block_types", "\"raw\" is in features.cd_write_types and needs one");
    }
    needs("cd_text_write", features_.cd_text_write,
          raw || features_.cd_write_types.contains(CdWriteType::kSessionAtOnce),
          R"("sao" or "raw" in features.cd_write_types)");
  }

  void features_of_kinds() {
    const bool bd_r = drive_.writes(MediumKind::kBdR);
    needs("dvd_r_dl_layer_jump", features_.dvd_r_dl_layer_jump,
          drive_.writes(MediumKind::kDvdRDualLayer), "dvd-r-dl in features.writes");
    needs("bd_r_random_recording", features_.bd_r_random_recording, bd_r,
          "bd-r in features.writes");
    needs("bd_r_pseudo_overwrite", features_.bd_r_pseudo_overwrite, bd_r,
          "bd-r in features.writes");
    needs("stream_recording", features_.stream_recording,
          drive_.writes(MediumKind::kDvdRam) || drive_.writes(MediumKind::kBdRe),
          "dvd-ram or bd-re in features.writes");
  }

  void needs(std::string_view key, bool& feature, bool possible, std::string_view what) {
    if (!feature || possible) return;
    if (says(root_, "features", key))
      note(fmt::format("features.{}", key), fmt::format("true needs {}", what));
    feature = false;
  }

  void ranges() {
    if (features_.audio_pause_min > features_.audio_pause_max) {
      note(says(root_, "features", "audio_pause_min") ? "features.audio_pause_min"
                                                      : "features.audio_pause_max",
           fmt::format("the shortest pause ({}) is longer than the longest ({})",
                       features_.audio_pause_min, features_.audio_pause_max));
    }
    if (limits_.cd_power_calibrations_warning > limits_.cd_power_calibrations) {
      note(says(root_, "limits", "cd_power_calibrations_warning")
               ? "limits.cd_power_calibrations_warning"
               : "limits.cd_power_calibrations",
           fmt::format("the warning comes with {} calibrations left, but there are only {}",
                       limits_.cd_power_calibrations_warning, limits_.cd_power_calibrations));
    }
  }

  void quirks() {
    if (drive_.quirks.mode_select_accepts_anything &&
        drive_.quirks.default_write_parameters_refused) {
      note(says(root_, "quirks", "default_write_parameters_refused")
               ? "quirks.default_write_parameters_refused"
               : "quirks.mode_select_accepts_anything",
           "a drive that accepts anything does not refuse its default write parameters");
    }
    for (const std::uint8_t code : kIndispensableCommands) {
      if (drive_.knows_command(code)) continue;
      note("quirks.unsupported_commands",
           fmt::format("\"{:02X}h\" cannot be left out: no program works without it", code));
    }
  }

  Personality& drive_;
  Features& features_;
  Limits& limits_;
  const JsonNode& root_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> make_consistent(Personality& drive, const JsonNode& root) {
  return Check(drive, root).run();
}

}  // namespace simdrive::profiles
