// What close, erase and format share: looking at the disc, telling the plan, carrying it out with
// progress.
#pragma once

#include <functional>

#include "engine/burn/burner.h"
#include "engine/cli/command.h"
#include "engine/cli/progress_line.h"
#include "engine/drive/drive.h"
#include "engine/plan/upkeep.h"

namespace pregroove::cli {

struct DiscWorkOptions {
  DriveOptions drive;
  bool yes = false;  // what is lost may be lost
  bool dry_run = false;
  bool quiet = false;
};
void add_disc_work_options(CLI::App& command, DiscWorkOptions& options,
                           const std::string& consent_to);

// The progress of a burn and the wish to stop, between the engine and the line on the terminal.
class ProgressObserver final : public burn::Observer {
 public:
  explicit ProgressObserver(ProgressLine& line) : line_(line) {}
  void on_progress(const burn::Progress& progress) override { line_.NotifyProgress(progress); }
  [[nodiscard]] bool cancel_requested() override { return line_.QueryCancel(); }

 private:
  ProgressLine& line_;
};

[[nodiscard]] nlohmann::json to_json(const plan::BurnPlan& plan);
// For --dry-run: the plans in words, or as JSON.
void tell_plans(const std::vector<plan::BurnPlan>& plans, bool json, bool consent_given);

[[nodiscard]] plan::Thoroughness thoroughness(bool full, bool fast);

using MakePlan = std::function<Result<plan::BurnPlan>(drive::Drive& drive)>;
// Makes the plan and carries it out; done: the word for what was done ("closed"). The exit status.
int do_disc_work(const DiscWorkOptions& options, const MakePlan& make_plan, std::string_view done);

}  // namespace pregroove::cli
