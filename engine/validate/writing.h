// Puts the rows that write to a drive, on a disc that its user named as expendable.
//
// What is sent is what write_rules.h lists, and nothing else; how often the disc is erased is
// bounded by the plan.
#pragma once

#include <functional>
#include <string>

#include "engine/validate/validation.h"
#include "engine/validate/write_plan.h"

namespace pregroove::validate {

struct WritingRun {
  std::string expendable;  // the disc's name, as Validation::disc_name has it
  // Asked between commands; true ends the run when what was sent is done.
  std::function<bool()> cancelled = [] { return false; };
  // Told which state comes next.
  std::function<void(std::string_view)> tell = [](std::string_view) {};
};

// Adds to `validation` the rows that were put, and what became of the disc (Written). A run that
// was cancelled is no error. kWrongMedium, with nothing sent, when the disc was not named;
// kMediumChanged, likewise, when it was exchanged since. Later errors have disc_touched, and say to
// which state the disc was on its way.
[[nodiscard]] Status put_while_writing(scsi::Transport& transport, Clock& clock,
                                       const WritePlan& plan, const WritingRun& run,
                                       Validation& validation);

}  // namespace pregroove::validate
