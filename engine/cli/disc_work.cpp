#include "engine/cli/disc_work.h"

#include <fmt/format.h>

#include "engine/cli/drive_device.h"
#include "engine/cli/say.h"
#include "engine/cli/text.h"

namespace pregroove::cli {
namespace {

void tell_done(const DiscWorkOptions& options, const plan::BurnPlan& plan,
               const medium::MediumSnapshot& disc, std::string_view done) {
  const BlockCount free = disc.writable ? disc.writable->free : BlockCount{};
  if (options.drive.json) {
    print_json({{"done", done},
                {"summary", plan.summary},
                {"medium", name_of(disc.kind)},
                {"status", name_of(disc.status)},
                {"sessions", disc.sessions.size()},
                {"free_blocks", free.value}});
    return;
  }
  say("{}: {}, {}, {} session(s), {} free\n", done, name_of(disc.kind), name_of(disc.status),
      disc.sessions.size(), mebibytes(free));
}

}  // namespace

void add_disc_work_options(CLI::App& command, DiscWorkOptions& options,
                           const std::string& consent_to) {
  add_drive_option(command, options.drive);
  command.add_flag("--yes", options.yes, consent_to);
  command.add_flag("--dry-run", options.dry_run, "show what would be done, and do nothing");
  command.add_flag("-q,--quiet", options.quiet, "no progress");
}

nlohmann::json to_json(const plan::BurnPlan& plan) {
  nlohmann::json steps = nlohmann::json::array();
  for (const plan::Step& step : plan.steps) steps.push_back(plan::describe(step));
  return {{"summary", plan.summary}, {"steps", steps}, {"needs_yes", plan.needs_consent}};
}

void tell_plans(const std::vector<plan::BurnPlan>& plans, bool json, bool consent_given) {
  if (json) {
    nlohmann::json list = nlohmann::json::array();
    for (const plan::BurnPlan& plan : plans) list.push_back(to_json(plan));
    print_json({{"plans", list}});
    return;
  }
  for (const plan::BurnPlan& plan : plans) {
    say("{}\n", plan.summary);
    for (const plan::Step& step : plan.steps) say("  {}\n", plan::describe(step));
    if (plan.needs_consent && !consent_given)
      say("this needs --yes, since what is on the disc may be wanted\n");
  }
}

plan::Thoroughness thoroughness(bool full, bool fast) {
  if (full) return plan::Thoroughness::kFull;
  return fast ? plan::Thoroughness::kFast : plan::Thoroughness::kUsual;
}

int do_disc_work(const DiscWorkOptions& options, const MakePlan& make_plan, std::string_view done) {
  const auto device = open_drive(options.drive.drive, DriveUse::kRecord);
  if (!device) return report(device.error(), options.drive.json);
  drive::Drive drive((*device)->transport(), (*device)->clock());
  const bool silent = options.quiet || options.drive.json;
  ProgressLine line(silent);
  ProgressObserver observer(line);
  drive.set_cancel([&observer] { return observer.cancel_requested(); });
  const auto plan = make_plan(drive);
  if (!plan) return report(plan.error(), options.drive.json);
  if (options.dry_run) {
    tell_plans({*plan}, options.drive.json, options.yes);
    return kDone;
  }
  if (!silent) say_aside("{}\n", plan->summary);
  const auto worked = burn::carry_out(drive, *plan, observer);
  line.finish();
  if (!worked) return report(worked.error(), options.drive.json);
  tell_done(options, *plan, worked->disc, done);
  return kDone;
}

}  // namespace pregroove::cli
