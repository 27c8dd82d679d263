#include <map>

#include "engine/cli/disc_work.h"
#include "engine/drive/inspection.h"
#include "engine/plan/upkeep.h"

namespace pregroove::cli {
namespace {

struct FormatCommand {
  DiscWorkOptions work;
  bool full = false;
  bool pseudo_overwrite = false;
  std::optional<plan::SpareAreas> spares;
};

int run_format(const FormatCommand& command) {
  return do_disc_work(
      command.work,
      [&](drive::Drive& drive) -> Result<plan::BurnPlan> {
        PREGROOVE_ASSIGN_OR_RETURN(const auto disc, drive::inspect_even_damaged(drive));
        PREGROOVE_ASSIGN_OR_RETURN(const auto offers, drive.format_offers());
        return plan::make_format_plan(disc, offers,
                                      {.thoroughness = thoroughness(command.full, false),
                                       .spares = command.spares,
                                       .pseudo_overwrite = command.pseudo_overwrite,
                                       .consent = command.work.yes || command.work.dry_run});
      },
      "formatted");
}

}  // namespace

void add_format(CLI::App& app, Run& chosen) {
  auto* command =
      app.add_subcommand("format", "format a DVD+RW, DVD-RW, DVD-RAM, BD-RE, or a blank BD-R");
  auto options = std::make_shared<FormatCommand>();
  add_disc_work_options(*command, options->work, "what is on the disc may be lost");
  command->add_flag("--full", options->full, "let the drive check every block, where it can");
  const std::map<std::string, plan::SpareAreas> kSpares{{"default", plan::SpareAreas::kDefault},
                                                        {"none", plan::SpareAreas::kNone},
                                                        {"smallest", plan::SpareAreas::kSmallest},
                                                        {"largest", plan::SpareAreas::kLargest}};
  command
      ->add_option("--spare", options->spares,
                   "Blu-ray: room for bad blocks: default, none, smallest or largest")
      ->transform(CLI::CheckedTransformer(kSpares));
  command->add_flag("--pow", options->pseudo_overwrite,
                    "BD-R: for pseudo-overwriting; refused, with the reason");
  command->callback([options, &chosen] { chosen = [options] { return run_format(*options); }; });
}

}  // namespace pregroove::cli
