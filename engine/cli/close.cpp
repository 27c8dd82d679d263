#include "engine/cli/disc_work.h"
#include "engine/drive/inspection.h"
#include "engine/plan/upkeep.h"

namespace pregroove::cli {
namespace {

int run_close(const DiscWorkOptions& options) {
  return do_disc_work(
      options,
      [&](drive::Drive& drive) -> Result<plan::BurnPlan> {
        PREGROOVE_ASSIGN_OR_RETURN(const auto disc, drive::inspect(drive));
        return plan::make_close_plan(disc, {.consent = options.yes || options.dry_run});
      },
      "closed");
}

}  // namespace

void add_close(CLI::App& app, Run& chosen) {
  auto* command =
      app.add_subcommand("close", "close the disc without writing to it: no more sessions");
  auto options = std::make_shared<DiscWorkOptions>();
  add_disc_work_options(*command, *options,
                        "close a session that an interrupted burn left open as the last one");
  command->callback([options, &chosen] { chosen = [options] { return run_close(*options); }; });
}

}  // namespace pregroove::cli
