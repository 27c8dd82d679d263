#include <fmt/format.h>

#include <map>
#include <optional>

#include "engine/cli/boot_options.h"
#include "engine/cli/command.h"
#include "engine/cli/drive_device.h"
#include "engine/cli/edit_options.h"
#include "engine/cli/format_options.h"
#include "engine/cli/progress_line.h"
#include "engine/cli/say.h"
#include "engine/cli/share_option.h"
#include "engine/cli/sources.h"
#include "engine/cli/speed_option.h"
#include "engine/cli/text.h"
#include "engine/imapi/disc_master.h"
#include "engine/system/system_clock.h"

namespace pregroove::cli {
namespace {

struct BurnCommand {
  DriveOptions drive;
  SourceOptions sources;
  FormatOptions formats;
  BootCommandOptions boot;
  EditOptions edit;
  std::string volume;
  std::optional<plan::SpeedWish> speed;  // the fastest when absent
  std::optional<medium::WriteType> write_type;
  bool single_session = false;
  bool close = false;
  bool simulate = false;
  bool verify = false;
  bool eject = false;
  bool no_overwrite = false;
  bool update = false;
  bool remove_missing = false;
  bool share = false;
  bool no_checksums = false;
  bool dry_run = false;
  bool quiet = false;
};

using imapi::DiscMaster;

// By the names that MMC has for them.
const std::map<std::string, std::optional<medium::WriteType>> kWriteTypes = {
    {"auto", std::nullopt},
    {"tao", medium::WriteType::kTrackAtOnce},
    {"sao", medium::WriteType::kSessionAtOnce},
    {"dao", medium::WriteType::kDiscAtOnce},
    {"incremental", medium::WriteType::kIncremental},
};

imapi::RecordOptions record_options(const BurnCommand& command) {
  return {.close_disc = command.close,
          .verify = command.verify,
          .write_type = command.write_type,
          .speed = command.speed};
}

// IMAPI ignores a property that it cannot take; a user who asked for a name wants to know.
imapi::Status set_volume_name(imapi::JolietDiscMaster& joliet, const std::string& name) {
  if (name.empty()) return {};
  PREGROOVE_ASSIGN_OR_RETURN(const auto accepted,
                             joliet.SetJolietProperties({{imapi::kVolumeName, name}}));
  if (accepted == imapi::ResultCode::S_OK) return {};
  return std::unexpected(
      imapi::Failure{imapi::ResultCode::E_INVALIDARG,
                     {.code = ErrorCode::kInvalidArgument,
                      .message = fmt::format("\"{}\" cannot be the name of a disc", name),
                      .advice = "Use at most 16 characters, and none of * / : ; ? \\ in it."}});
}

imapi::Status set_formats(imapi::JolietDiscMaster& joliet, const BurnCommand& command) {
  const image::ImageFormats formats = command.formats.formats();
  PREGROOVE_RETURN_IF_ERROR(joliet.SetJolietProperties(
      {{imapi::kRockRidge, formats.rock_ridge},
       {imapi::kJolietTree, formats.joliet},
       {imapi::kChecksums, !command.no_checksums},
       {imapi::kUdf, formats.udf},
       {imapi::kUdfAlone, static_cast<std::int32_t>(formats.udf_alone)},
       {imapi::kIsoLevel, static_cast<std::int32_t>(formats.iso_level)},
       {imapi::kJolietNameLength, static_cast<std::int32_t>(formats.joliet_units_max)}}));
  return {};
}

// Open, choose the format, select the recorder: which reads the disc and enters multi-session mode
// by itself.
imapi::Result<imapi::JolietDiscMaster*> prepare(DiscMaster& master,
                                                std::shared_ptr<imapi::RecorderDevice> device,
                                                const BurnCommand& command) {
  PREGROOVE_RETURN_IF_ERROR(master.Open());
  PREGROOVE_ASSIGN_OR_RETURN(imapi::JolietDiscMaster * joliet,
                             master.SetActiveDiscMasterFormat(imapi::DiscMasterFormat::kJoliet));
  const auto recorder = std::make_shared<imapi::DiscRecorder>(std::move(device));
  PREGROOVE_RETURN_IF_ERROR(master.SetActiveDiscRecorder(recorder));
  if (command.single_session) PREGROOVE_RETURN_IF_ERROR(master.ClearFormatContent());
  PREGROOVE_RETURN_IF_ERROR(set_volume_name(*joliet, command.volume));
  PREGROOVE_RETURN_IF_ERROR(set_formats(*joliet, command));
  PREGROOVE_RETURN_IF_ERROR(joliet->SetBootFiles(command.boot.files()));
  PREGROOVE_RETURN_IF_ERROR(edit_stage(*joliet, command.edit));
  return joliet;
}

int show_plan(DiscMaster& master, const BurnCommand& command) {
  const auto preview =
      master.PreviewRecordDisc(command.simulate, command.eject, record_options(command));
  if (!preview) return report(preview.error(), command.drive.json);
  nlohmann::json plans = nlohmann::json::array();
  for (const plan::BurnPlan& plan : preview->plans) {
    nlohmann::json steps = nlohmann::json::array();
    for (const plan::Step& step : plan.steps) steps.push_back(plan::describe(step));
    plans.push_back({{"summary", plan.summary}, {"steps", steps}});
    if (plan.write_type.type == medium::WriteType::kNone) continue;
    plans.back()["write_type"] = name_of(plan.write_type.type);
    plans.back()["write_type_reason"] = plan.write_type.reason;
  }
  if (command.drive.json) {
    print_json({{"plans", plans}, {"image_blocks", preview->image.value}});
    return kDone;
  }
  for (const auto& plan : plans) {
    say("{}\n", plan["summary"].get<std::string>());
    for (const auto& step : plan["steps"]) say("  {}\n", step.get<std::string>());
  }
  return kDone;
}

// A disc that is overwritten counts as blank when there is no session on it.
std::string state_in_words(const BurnCommand& command, const imapi::RecordReport& burned) {
  const bool alone = command.formats.udf_alone != image::UdfAlone::kNo;
  if (alone && !command.simulate) return "takes no other session";
  return fmt::format("is {}", name_of(burned.disc.status));
}

int tell_result(const BurnCommand& command, const imapi::RecordReport& burned) {
  print_warnings(burned.warnings);
  for (const Error& problem : burned.problems) say_aside("pregroove: {}\n", describe(problem));
  if (command.drive.json) {
    nlohmann::json result = {{"session", burned.session_number},
                             {"start", burned.session_start.value},
                             {"blocks", burned.written.value},
                             {"verified", burned.verified},
                             {"simulated", command.simulate},
                             {"status", name_of(burned.disc.status)},
                             {"data_state", name_of(burned.outcome.data)},
                             {"session_state", name_of(burned.outcome.session)},
                             {"problems", nlohmann::json::array()}};
    if (burned.speed) result["speed"] = speed_as_json(*burned.speed);
    for (const Error& problem : burned.problems) result["problems"].push_back(to_json(problem));
    print_json(result);
  } else {
    if (command.speed) say("{}\n", speed_in_words(burned.speed));
    say("{} session {}: {} blocks ({}) from LBA {}; the disc {}{}\n",
        command.simulate ? "simulated" : "burned", burned.session_number, burned.written.value,
        mebibytes(burned.written), burned.session_start.value, state_in_words(command, burned),
        burned.verified ? "; read back and compared" : "");
  }
  return burned.problems.empty() ? kDone : kFailed;
}

// Says, too, how far data and closing came; a refusal has begun neither.
int report_unburned(imapi::Failure failure, const BurnCommand& command) {
  if (!failure.cause.outcome) failure.cause.outcome.emplace();
  return report(failure, command.drive.json);
}

std::string changes_in_words(const image::UpdateCounts& counts) {
  return fmt::format(
      "{} added, {} changed, {} with other times or permissions only, {} removed, {} unchanged",
      counts.added, counts.changed, counts.same_bytes, counts.removed, counts.unchanged);
}

// What of the files is on the disc already costs nothing. Whether there is anything to burn.
imapi::Result<bool> leave_out_what_is_there(imapi::JolietDiscMaster& joliet, image::Tree& tree,
                                            const BurnCommand& command) {
  bool anything = true;
  if (command.update) {
    // They have been scanned already.
    const auto targets = targets_of(command.sources).value_or(std::vector<std::string>{});
    const auto mirrored = command.remove_missing ? targets : std::vector<std::string>{};
    PREGROOVE_ASSIGN_OR_RETURN(const auto counts, joliet.KeepUnchanged(tree, mirrored));
    anything = counts.anything() || command.edit.anything();
    if (!command.quiet) say_aside("pregroove: note: {}\n", changes_in_words(counts));
  }
  if (command.share) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto counts,
                               joliet.ShareContents(tree, share_options(command.boot)));
    if (!command.quiet) say_aside("pregroove: note: {}\n", in_words(counts));
  }
  return anything;
}

int tell_nothing_to_burn(const BurnCommand& command) {
  if (command.drive.json)
    print_json({{"session", nullptr}, {"blocks", 0}});
  else
    say("nothing has changed; nothing was burned\n");
  return kDone;
}

// Without files there may still be something to change.
Result<image::ScanResult> scan_files(const BurnCommand& command) {
  if (command.edit.anything() && !command.update && is_empty(command.sources))
    return image::ScanResult{};
  return scan_sources(command.sources, command.formats.special_files());
}

int run_burn(BurnCommand& command) {
  auto scanned = scan_files(command);
  if (!scanned) return report(scanned.error(), command.drive.json);
  print_warnings(scanned->warnings);
  const auto device = open_drive(command.drive.drive, DriveUse::kRecord);
  if (!device) return report(device.error(), command.drive.json);

  SingleRecorder recorders(*device);
  DiscMaster master(recorders, system::current_time_or_source_date_epoch);
  const auto joliet = prepare(master, *device, command);
  if (!joliet) return report_unburned(joliet.error(), command);
  if (!command.quiet && !command.drive.json) print_warnings({master.session_mode_reason()});
  ProgressLine progress(command.quiet || command.drive.json);
  const auto cookie = master.ProgressAdvise(progress);
  if (!cookie) return report(cookie.error(), command.drive.json);
  const auto anything = leave_out_what_is_there(**joliet, scanned->tree, command);
  if (!anything) return report_unburned(anything.error(), command);
  if (!*anything) return tell_nothing_to_burn(command);
  if (const auto added = (*joliet)->AddData(std::move(scanned->tree), !command.no_overwrite);
      !added)
    return report_unburned(added.error(), command);
  if (command.dry_run) return show_plan(master, command);

  auto burned = master.RecordDisc(command.simulate, command.eject, record_options(command));
  progress.finish();
  if (!burned) return report_unburned(std::move(burned).error(), command);
  return tell_result(command, *burned);
}

}  // namespace

void add_burn(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand("burn", "add a session to the disc, or start a blank one");
  auto options = std::make_shared<BurnCommand>();
  add_drive_option(*command, options->drive);
  add_source_options(*command, options->sources);
  add_format_options(*command, options->formats);
  add_boot_options(*command, options->boot);
  add_edit_options(*command, options->edit);
  command->add_option("--volume", options->volume, "name of the disc, at most 16 characters");
  add_speed_option(*command, options->speed);
  command->add_flag("--new", options->single_session, "single-session mode: wants a blank disc");
  command->add_flag("--close", options->close, "allow no more sessions");
  command
      ->add_option_function<std::string>(
          "--write-type",
          [options](const std::string& name) { options->write_type = kWriteTypes.at(name); },
          "auto; on a CD tao or sao, on a DVD-R or DVD-RW incremental or dao")
      ->check(CLI::IsMember(kWriteTypes));
  command->add_flag("--simulate,--test", options->simulate, "test write: the laser stays off");
  command->add_flag("--verify", options->verify, "read everything back and compare");
  command->add_flag("--eject", options->eject, "open the tray afterwards");
  auto* no_overwrite = command->add_flag("--no-overwrite", options->no_overwrite,
                                         "refuse when a name is on the disc already");
  auto* update = command->add_flag(
      "--update", options->update,
      "burn only what has changed since the disc's newest session: by size and time, and by "
      "checksum where only the time is another");
  update->excludes(no_overwrite);
  command
      ->add_flag("--delete", options->remove_missing,
                 "with --update: what a folder no longer has is not in the new session either; "
                 "earlier sessions keep it")
      ->needs(update);
  add_share_option(*command, options->share);
  command->add_flag("--no-checksums", options->no_checksums,
                    "store no SHA-256 of the files, by which verify could check them later");
  command->add_flag("--dry-run", options->dry_run, "show what would be done, and do nothing");
  command->add_flag("-q,--quiet", options->quiet, "no progress");
  command->callback([options, &chosen] { chosen = [options] { return run_burn(*options); }; });
}

}  // namespace pregroove::cli
