#include "engine/validate/validation.h"

#include <fmt/format.h>

#include <optional>

#include "engine/cli/capture/personality.h"
#include "engine/cli/capture/recorder.h"
#include "engine/cli/command.h"
#include "engine/cli/drive_device.h"
#include "engine/cli/say.h"
#include "engine/scsi/sense.h"
#include "simdrive/profiles/personality_file.h"

namespace pregroove::cli {
namespace {

using nlohmann::json;
using simdrive::profiles::Personality;
using validate::Fit;
using validate::PutRow;
using validate::Validation;

struct ValidateOptions {
  DriveOptions drive;
  std::string personality_out;
  std::string transcript;
};

// A file that was asked for. Made at once, so that a name that is taken is refused before the drive
// is asked anything; removed again when nothing comes to stand in it.
class Output {
 public:
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() {
    if (file_ && !kept_) static_cast<void>(system::remove_file(path_));
  }
  Status create(const std::string& path) {
    if (path.empty()) return {};
    auto file = system::File::create(path);
    if (!file) {
      Error error = std::move(file).error();
      if (error.code == ErrorCode::kAlreadyExists)
        error.advice = "Choose another name, or remove the file.";
      return std::unexpected(std::move(error));
    }
    path_ = path;
    file_ = *std::move(file);
    return {};
  }
  [[nodiscard]] system::File* file() { return file_ ? &*file_ : nullptr; }
  void keep() { kept_ = true; }

 private:
  std::string path_;
  std::optional<system::File> file_;
  bool kept_ = false;
};

json as_json(const Validation& validation, const std::optional<Personality>& personality) {
  json rows = json::array();
  for (const PutRow& put : validation.rows)
    if (!put.same)
      rows.push_back({{"row", put.row->id()},
                      {"place", put.row->place()},
                      {"source", put.row->source},
                      {"expected", put.expected()},
                      {"actual", put.actual()}});
  json skipped = json::array();
  for (const auto& [fit, count] : validation.skipped)
    skipped.push_back({{"count", count}, {"reason", words_for(fit)}});
  json result = {{"drive",
                  {{"vendor", validation.drive.vendor},
                   {"product", validation.drive.product},
                   {"revision", validation.drive.revision}}},
                 {"medium", validation.situation.medium},
                 {"state", validation.situation.state},
                 {"same", validation.differences() == 0},
                 {"put", validation.rows.size()},
                 {"differences", rows},
                 {"skipped", skipped}};
  if (!personality) return result;
  result["quirks"] = json::object();
  for (const QuirkFound& quirk : quirks_of(*personality))
    result["quirks"][quirk.key] = json::parse(quirk.value);
  return result;
}

void print(const Validation& validation, const std::optional<Personality>& personality) {
  say("drive        {} {} {}\n", validation.drive.vendor, validation.drive.product,
      validation.drive.revision);
  say("disc         {}\n", validation.situation.describe());
  for (const PutRow& put : validation.rows) {
    if (put.same) continue;
    say("differs      {} ({}: {})\n", put.row->id(), put.row->place(), put.row->source);
    say("  expected   {}\n  actual     {}\n", put.expected(), put.actual());
  }
  if (personality)
    for (const QuirkFound& quirk : quirks_of(*personality))
      say("oddity       {}: {}\n", quirk.key, quirk.value);
  say("rows         {} put, {} of them differ\n", validation.rows.size(), validation.differences());
  for (const auto& [fit, count] : validation.skipped)
    say("             {} left out, {}\n", count, words_for(fit));
}

TranscriptHead head_of(const Validation& validation, const Personality& personality) {
  const auto& greeting = validation.observed.greeting;
  TranscriptHead head{.program_version = PREGROOVE_VERSION,
                      .disc = !greeting.without_medium,
                      .tray_open = validation.situation.state == "tray-open",
                      .change_reported = greeting.medium_changes_reported > 0,
                      .personality = personality};
  if (!validation.situation.medium.empty() && validation.situation.size_fits)
    head.medium = validation.situation.medium;
  return head;
}

Status write_files(const Validation& validation, const Personality& personality,
                   const RecordingTransport& recorded, Output& personality_out,
                   Output& transcript) {
  if (auto* file = personality_out.file()) {
    const std::string text = simdrive::profiles::to_json(personality);
    PREGROOVE_RETURN_IF_ERROR(file->append(std::as_bytes(std::span(text))));
    personality_out.keep();
  }
  if (auto* file = transcript.file()) {
    PREGROOVE_RETURN_IF_ERROR(
        write_transcript(*file, head_of(validation, personality), recorded.entries()));
    transcript.keep();
  }
  return {};
}

int run_validate(const ValidateOptions& options) {
  const bool as_json_text = options.drive.json;
  Output personality_out;
  Output transcript;
  if (auto made = personality_out.create(options.personality_out); !made)
    return report(made.error(), as_json_text);
  if (auto made = transcript.create(options.transcript); !made)
    return report(made.error(), as_json_text);
  const auto device = open_drive(options.drive.drive);
  if (!device) return report(device.error(), as_json_text);
  RecordingTransport recorded((*device)->transport(), (*device)->clock());
  const auto validation = validate::validate(recorded, (*device)->clock());
  if (!validation) return report(validation.error(), as_json_text);
  const auto personality = personality_of(*validation);
  const bool files = personality_out.file() != nullptr || transcript.file() != nullptr;
  if (!personality && files) return report(personality.error(), as_json_text);
  if (files)
    if (auto written =
            write_files(*validation, *personality, recorded, personality_out, transcript);
        !written)
      return report(written.error(), as_json_text);
  const auto shown = personality ? std::optional(*personality) : std::nullopt;
  if (as_json_text)
    print_json(as_json(*validation, shown));
  else
    print(*validation, shown);
  return validation->differences() == 0 ? kDone : kFailed;
}

}  // namespace

void add_validate(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand(
      "validate", "compare the drive with the model that simdrive is; reads only, changes nothing");
  auto options = std::make_shared<ValidateOptions>();
  add_drive_option(*command, options->drive);
  command->add_option("--personality-out", options->personality_out,
                      "write a personality file of the drive, for simdrive --personality");
  command->add_option("--transcript", options->transcript,
                      "write down what was asked and answered, for simdrive replay");
  command->footer("Exit status: 0 no difference, 1 the drive differs, 2 wrong usage, 3 refused.");
  command->callback([options, &chosen] { chosen = [options] { return run_validate(*options); }; });
}

}  // namespace pregroove::cli
