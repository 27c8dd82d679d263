#include "engine/validate/validation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "engine/cli/capture/personality.h"
#include "engine/cli/capture/recorder.h"
#include "engine/cli/command.h"
#include "engine/cli/drive_device.h"
#include "engine/cli/say.h"
#include "engine/scsi/sense.h"
#include "engine/system/interrupt.h"
#include "engine/validate/writing.h"
#include "simdrive/profiles/personality_file.h"

namespace pregroove::cli {
namespace {

using simdrive::profiles::Personality;
using validate::Fit;
using validate::PutRow;
using validate::Validation;

constexpr int kMostErasures = 1000;  // what a rewritable disc bears

struct ValidateOptions {
  DriveOptions drive;
  std::string personality_out;
  std::string transcript;
  bool write = false;
  std::string expendable;
  int erasures = validate::kUsualErasures;
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

nlohmann::json as_json(const validate::Written& written) {
  nlohmann::json states = nlohmann::json::array();
  for (const validate::StopVisited& stop : written.stops) {
    nlohmann::json state = {{"state", stop.state}, {"reached", stop.not_reached.empty()}};
    if (!stop.not_reached.empty()) state["reason"] = stop.not_reached;
    states.push_back(state);
  }
  return {{"states", states},
          {"erasures", written.erasures},
          {"cancelled", written.cancelled},
          {"medium", written.disc.medium},
          {"state", written.disc.state},
          {"disc_name", written.disc_name}};
}

nlohmann::json as_json(const Validation& validation,
                       const std::optional<Personality>& personality) {
  nlohmann::json rows = nlohmann::json::array();
  for (const PutRow& put : validation.rows)
    if (!put.same)
      rows.push_back({{"row", put.row->id()},
                      {"place", put.row->place()},
                      {"state", put.row->state},
                      {"source", put.row->source},
                      {"expected", put.expected()},
                      {"actual", put.actual()}});
  nlohmann::json skipped = nlohmann::json::array();
  for (const auto& [fit, count] : validation.skipped())
    skipped.push_back({{"count", count}, {"reason", words_for(fit)}});
  nlohmann::json result = {{"disc_name", validation.disc_name},
                           {"drive",
                            {{"vendor", validation.drive.vendor},
                             {"product", validation.drive.product},
                             {"revision", validation.drive.revision}}},
                           {"medium", validation.situation.medium},
                           {"state", validation.situation.state},
                           {"same", validation.same()},
                           {"put", validation.rows.size()},
                           {"differences", rows},
                           {"skipped", skipped}};
  if (validation.written) result["written"] = as_json(*validation.written);
  if (!personality) return result;
  result["assumed_write_speeds"] = kinds_with_assumed_speeds(validation, *personality);
  result["quirks"] = nlohmann::json::object();
  for (const QuirkFound& quirk : quirks_of(*personality))
    result["quirks"][quirk.key] = nlohmann::json::parse(quirk.value);
  return result;
}

void print(const validate::Written& written) {
  for (const validate::StopVisited& stop : written.stops)
    if (!stop.not_reached.empty()) say("not reached  {}: {}\n", stop.state, stop.not_reached);
  say("erased       {} time(s)\n", written.erasures);
  say("disc now     {}{}\n", written.disc.describe(),
      written.cancelled ? "; it was cancelled" : "");
}

// What a personality file would hold without having been told.
void print_assumptions(const Validation& validation, const Personality& personality) {
  const auto kinds = kinds_with_assumed_speeds(validation, personality);
  if (kinds.empty()) return;
  say("not known    write speeds of {}: a personality has those of bd-writer\n",
      fmt::join(kinds, ", "));
}

void print(const Validation& validation, const std::optional<Personality>& personality) {
  say("drive        {} {} {}\n", validation.drive.vendor, validation.drive.product,
      validation.drive.revision);
  say("disc         {}\n", validation.situation.describe());
  if (!validation.disc_name.empty()) say("disc name    {}\n", validation.disc_name);
  for (const PutRow& put : validation.rows) {
    if (put.same) continue;
    say("differs      {} ({}: {})\n", put.row->id(), put.row->place(), put.row->source);
    say("  expected   {}\n  actual     {}\n", put.expected(), put.actual());
  }
  if (personality)
    for (const QuirkFound& quirk : quirks_of(*personality))
      say("oddity       {}: {}\n", quirk.key, quirk.value);
  if (personality) print_assumptions(validation, *personality);
  say("rows         {} put, {} of them differ\n", validation.rows.size(), validation.differences());
  for (const auto& [fit, count] : validation.skipped())
    say("             {} left out, {}\n", count, words_for(fit));
  if (validation.written) print(*validation.written);
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

// What will be done is told before it is; without the disc's name it is told with the refusal.
Status write_rows(const ValidateOptions& options, imapi::RecorderDevice& device,
                  RecordingTransport& recorded, Validation& validation) {
  PREGROOVE_ASSIGN_OR_RETURN(
      const auto plan,
      validate::plan_writing(validation, recorded.max_transfer_bytes(), options.erasures));
  const bool quiet = options.drive.json;
  if (!quiet) say_aside("{}: {}\n", validation.disc_name, plan.summary());
  system::catch_interrupts();
  const validate::WritingRun run{.expendable = options.expendable,
                                 .cancelled = [] { return system::interrupt_requested(); },
                                 .tell =
                                     [quiet](std::string_view state) {
                                       if (!quiet) say_aside("{} ...\n", state);
                                     }};
  return validate::put_while_writing(recorded, device.clock(), plan, run, validation);
}

Result<Validation> look_and_write(const ValidateOptions& options, imapi::RecorderDevice& device,
                                  RecordingTransport& recorded) {
  PREGROOVE_ASSIGN_OR_RETURN(auto validation, validate::validate(recorded, device.clock()));
  if (options.write) PREGROOVE_RETURN_IF_ERROR(write_rows(options, device, recorded, validation));
  return validation;
}

int run_validate(const ValidateOptions& options) {
  const bool as_json_text = options.drive.json;
  Output personality_out;
  Output transcript;
  if (auto made = personality_out.create(options.personality_out); !made)
    return report(made.error(), as_json_text);
  if (auto made = transcript.create(options.transcript); !made)
    return report(made.error(), as_json_text);
  const auto device =
      open_drive(options.drive.drive, options.write ? DriveUse::kRecord : DriveUse::kRead);
  if (!device) return report(device.error(), as_json_text);
  RecordingTransport recorded((*device)->transport(), (*device)->clock());
  const auto validation = look_and_write(options, **device, recorded);
  if (!validation) return report(validation.error(), as_json_text);
  const auto fail_as = [&](const Error& error) {
    return validation->written ? report_as_failed(error, as_json_text)
                               : report(error, as_json_text);
  };
  const auto personality = personality_of(*validation);
  const bool files = personality_out.file() != nullptr || transcript.file() != nullptr;
  if (!personality && files) return fail_as(personality.error());
  if (files)
    if (auto written =
            write_files(*validation, *personality, recorded, personality_out, transcript);
        !written)
      return fail_as(written.error());
  const auto shown = personality ? std::optional(*personality) : std::nullopt;
  if (as_json_text)
    print_json(as_json(*validation, shown));
  else
    print(*validation, shown);
  const bool cancelled = validation->written && validation->written->cancelled;
  return validation->same() && !cancelled ? kDone : kFailed;
}

}  // namespace

void add_validate(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand(
      "validate",
      "compare the drive with the model that simdrive is; without --write it reads only");
  auto options = std::make_shared<ValidateOptions>();
  add_drive_option(*command, options->drive);
  command->add_option("--personality-out", options->personality_out,
                      "write a personality file of the drive, for simdrive --personality");
  command->add_option("--transcript", options->transcript,
                      "write down what was asked and answered, for simdrive replay");
  auto* write = command->add_flag(
      "--write", options->write,
      "also what writes: the disc is used up, or erased again and again; told before it is done");
  command
      ->add_option("--expendable", options->expendable,
                   "the name of the disc that may be lost, as the run without --write shows it")
      ->needs(write);
  command
      ->add_option("--erasures", options->erasures, "how often a disc may be erased or formatted")
      ->check(CLI::Range(0, kMostErasures))
      ->capture_default_str()
      ->needs(write);
  command->footer("Exit status: 0 no difference, 1 the drive differs, 2 wrong usage, 3 refused.");
  command->callback([options, &chosen] { chosen = [options] { return run_validate(*options); }; });
}

}  // namespace pregroove::cli
