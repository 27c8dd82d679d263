#include "engine/cli/disc_work.h"
#include "engine/drive/inspection.h"
#include "engine/plan/upkeep.h"

namespace pregroove::cli {
namespace {

struct EraseCommand {
  DiscWorkOptions work;
  bool full = false;
  bool fast = false;
};

int run_erase(const EraseCommand& command) {
  return do_disc_work(
      command.work,
      [&](drive::Drive& drive) -> Result<plan::BurnPlan> {
        PREGROOVE_ASSIGN_OR_RETURN(const auto disc, drive::inspect_even_damaged(drive));
        return plan::make_erase_plan(disc,
                                     {.thoroughness = thoroughness(command.full, command.fast),
                                      .consent = command.work.yes || command.work.dry_run});
      },
      "erased");
}

}  // namespace

void add_erase(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand("erase", "make a rewritable disc empty");
  auto options = std::make_shared<EraseCommand>();
  add_disc_work_options(*command, options->work, "what is on the disc may be lost");
  auto* full =
      command->add_flag("--full", options->full, "the whole disc, not only what makes it empty");
  command
      ->add_flag("--fast", options->fast,
                 "as little as possible; a DVD-RW then takes one session only")
      ->excludes(full);
  command->callback([options, &chosen] { chosen = [options] { return run_erase(*options); }; });
}

}  // namespace pregroove::cli
