#include <fmt/format.h>

#include "engine/burn/ready_image_source.h"
#include "engine/cli/disc_work.h"
#include "engine/cli/drive_device.h"
#include "engine/cli/say.h"
#include "engine/cli/sources.h"
#include "engine/cli/text.h"
#include "engine/drive/inspection.h"
#include "engine/image/ready_image.h"
#include "engine/plan/image_plan.h"

namespace pregroove::cli {
namespace {

struct WriteCommand {
  DriveOptions drive;
  std::string file;
  bool close = false;
  bool verify = false;
  bool eject = false;
  bool dry_run = false;
  bool quiet = false;
};

Result<plan::BurnPlan> make_plan(drive::Drive& drive, const WriteCommand& command,
                                 BlockCount size) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto disc, drive::inspect(drive));
  plan::BurnRequest request{.image = size, .verify = command.verify, .eject = command.eject};
  if (command.close) request.afterwards = plan::Afterwards::kCloseDisc;
  return plan::make_image_plan(disc, request);
}

int tell_written(const WriteCommand& command, const burn::BurnReport& written) {
  for (const Error& problem : written.problems) say_aside("pregroove: {}\n", describe(problem));
  if (command.drive.json) {
    nlohmann::json result = {{"blocks", written.written.value},
                             {"verified", written.verified},
                             {"problems", nlohmann::json::array()}};
    for (const Error& problem : written.problems) result["problems"].push_back(to_json(problem));
    print_json(result);
  } else {
    say("wrote {} blocks ({}){}\n", written.written.value, mebibytes(written.written),
        written.verified ? "; read back and compared" : "");
  }
  return written.problems.empty() ? kDone : kFailed;
}

int run_write(const WriteCommand& command) {
  auto image = image::ReadyImage::open(command.file);
  if (!image) return report(image.error(), command.drive.json);
  const auto device = open_drive(command.drive.drive, DriveUse::kRecord);
  if (!device) return report(device.error(), command.drive.json);
  drive::Drive drive((*device)->transport(), (*device)->clock());
  const bool silent = command.quiet || command.drive.json;
  ProgressLine line(silent);
  ProgressObserver observer(line);
  const auto plan = make_plan(drive, command, image->size());
  if (!plan) return report(plan.error(), command.drive.json);
  if (!silent && image->padding() > 0)
    say_aside("\"{}\" ends within a block: {} zero bytes fill it up\n", command.file,
              image->padding());
  if (command.dry_run) {
    tell_plans({*plan}, command.drive.json, false);
    return kDone;
  }
  print_warnings(plan->warnings);
  burn::ReadyImageSource source(*image);
  const auto written = burn::burn(drive, *plan, source, observer);
  line.finish();
  if (!written) return report(written.error(), command.drive.json);
  return tell_written(command, *written);
}

}  // namespace

void add_write(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand("write", "write a ready image to a blank disc as it is");
  auto options = std::make_shared<WriteCommand>();
  add_drive_option(*command, options->drive);
  command->add_option("FILE", options->file, "the image")->required();
  command->add_flag("--close", options->close, "allow no more sessions");
  command->add_flag("--verify", options->verify, "read everything back and compare");
  command->add_flag("--eject", options->eject, "open the tray afterwards");
  command->add_flag("--dry-run", options->dry_run, "show what would be done, and do nothing");
  command->add_flag("-q,--quiet", options->quiet, "no progress");
  command->callback([options, &chosen] { chosen = [options] { return run_write(*options); }; });
}

}  // namespace pregroove::cli
