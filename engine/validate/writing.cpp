#include "engine/validate/writing.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/validate/preparation.h"
#include "engine/validate/read_only.h"
#include "engine/validate/write_rules.h"

namespace pregroove::validate {
namespace {

using conformance::Row;

std::unexpected<Error> not_named(const Validation& validation, const std::string& name) {
  return fail(ErrorCode::kWrongMedium,
              name.empty()
                  ? "the disc in the drive was not named as expendable"
                  : fmt::format("the disc in the drive is {}, and {} was named as expendable",
                                validation.disc_name, name),
              fmt::format("If {} may be lost: --write --expendable {}",
                          validation.situation.describe(), validation.disc_name));
}

class Tour {
 public:
  Tour(scsi::Transport& transport, Clock& clock, const WritePlan& plan, const WritingRun& run,
       Validation& validation)
      : drive_(transport, clock, Changes::kAllowed),
        plan_(plan),
        run_(run),
        validation_(validation),
        preparation_(drive_, clock, plan.kind, validation.observed) {}

  Status go() {
    // Another disc since it was named is told now, and nothing was sent to it.
    PREGROOVE_RETURN_IF_ERROR(preparation_.settle());
    for (std::size_t i = 0; i < plan_.stops.size() && !run_.cancelled(); ++i) {
      const PlannedStop& planned = plan_.stops[i];
      where_ = planned.stop.state;
      run_.tell(where_);
      if (planned.stop.pauses && !preparation_.protects_from_underrun()) {
        give_up(planned, "the drive has no protection from buffer underrun, and may not pause");
        continue;
      }
      PREGROOVE_ASSIGN_OR_RETURN(const bool reached, reach(i));
      if (reached) PREGROOVE_RETURN_IF_ERROR(visit(i));
    }
    return finish();
  }

  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] bool has_changed() const { return drive_.has_changed(); }
  Written& written() { return written_; }

 private:
  // False when the drive refused a step; then it is noted.
  Result<bool> reach(std::size_t index) {
    const PlannedStop& planned = plan_.stops[index];
    if (!planned.stop.from_anywhere) {
      if (astray_ && plan_.write_once) {
        give_up(planned, "the disc is not in the state before this one any more");
        return false;
      }
      if (astray_) {
        PREGROOVE_ASSIGN_OR_RETURN(const auto refused, rebuild(index - 1));
        if (refused) {
          give_up(planned, *refused);
          return false;
        }
      }
    }
    PREGROOVE_ASSIGN_OR_RETURN(const auto refused, carry_out(planned.stop.steps));
    astray_ = refused.has_value();
    if (refused) give_up(planned, *refused);
    return !refused.has_value();
  }

  // What was refused, in words.
  Result<std::optional<std::string>> carry_out(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      if (run_.cancelled()) return "cancelled";
      if (erases(step) && written_.erasures >= plan_.most_erasures)
        return "the disc was erased often enough";
      if (erases(step)) ++written_.erasures;
      PREGROOVE_ASSIGN_OR_RETURN(const auto refused, preparation_.carry_out(step));
      if (refused)
        return fmt::format(
            "{}: {}", refused->command,
            refused->code == SenseCode{} ? "no usable answer" : scsi::to_string(refused->code));
    }
    return std::nullopt;
  }

  // The steps from the last stop that can be reached from anywhere.
  Result<std::optional<std::string>> rebuild(std::size_t index) {
    std::size_t first = index;
    while (first > 0 && !plan_.stops[first].stop.from_anywhere) --first;
    if (!plan_.stops[first].stop.from_anywhere) return "there is no way back to this state";
    for (std::size_t i = first; i <= index; ++i) {
      PREGROOVE_ASSIGN_OR_RETURN(auto refused, carry_out(plan_.stops[i].stop.steps));
      if (refused) return refused;
    }
    astray_ = false;
    return std::nullopt;
  }

  void give_up(const PlannedStop& planned, const std::string& why) {
    written_.stops.push_back({.state = std::string(planned.stop.state), .not_reached = why});
    for (const Row* row : planned.rows) validation_.left_out[row] = Fit::kNotReached;
  }

  Status visit(std::size_t index) {
    const PlannedStop& planned = plan_.stops[index];
    StopVisited stop{.state = std::string(planned.stop.state)};
    PREGROOVE_ASSIGN_OR_RETURN(stop.observed, observe(drive_));
    stop.situation = recognise(stop.observed);
    written_.stops.push_back(std::move(stop));
    for (const Row* row : planned.rows) {
      if (run_.cancelled()) return {};
      PREGROOVE_ASSIGN_OR_RETURN(const bool there, come_back(index));
      const bool spent = erases_disc(row->cdb) && written_.erasures >= plan_.most_erasures;
      if (!there || spent) {
        validation_.left_out[row] = there ? Fit::kErasedTooOften : Fit::kNotReached;
        continue;
      }
      PREGROOVE_RETURN_IF_ERROR(put(*row, planned.stop));
    }
    return {};
  }

  // To the stop, when a row led elsewhere.
  Result<bool> come_back(std::size_t index) {
    if (!astray_) return true;
    if (plan_.write_once) return false;
    PREGROOVE_ASSIGN_OR_RETURN(const auto refused, rebuild(index));
    return !refused.has_value();
  }

  Status put(const Row& row, const Stop& stop) {
    PREGROOVE_ASSIGN_OR_RETURN(auto answer, put_row(drive_, row));
    if (!answer) {
      validation_.left_out[&row] = Fit::kNotAllowed;
      return {};
    }
    const bool done = answer->good() || (takes_long(row.cdb) && answer->is_busy());
    const bool same = answers_as(row, *answer);
    validation_.rows.push_back({.row = &row, .answer = *std::move(answer), .same = same});
    if (changes_nothing(row.cdb)) return {};
    PREGROOVE_RETURN_IF_ERROR(preparation_.settle());
    if (done && erases_disc(row.cdb)) ++written_.erasures;
    return done ? tidy(effect_of(row.cdb, {stop.state, plan_.write_once}), stop) : Status{};
  }

  Status tidy(Effect effect, const Stop& stop) {
    if (effect == Effect::kDisc) astray_ = true;
    if (effect == Effect::kSettings) return preparation_.select_again();
    if (effect != Effect::kContents) return {};
    for (const Step& step : stop.steps) {
      if (!std::holds_alternative<FillStart>(step)) continue;
      PREGROOVE_ASSIGN_OR_RETURN(const auto refused, preparation_.carry_out(step));
      astray_ = astray_ || refused.has_value();
    }
    return preparation_.flush();
  }

  // Nothing is left in the drive, and it is set as it was found.
  Status finish() {
    written_.cancelled = run_.cancelled();
    PREGROOVE_RETURN_IF_ERROR(preparation_.flush());
    PREGROOVE_RETURN_IF_ERROR(preparation_.select_defaults());
    PREGROOVE_ASSIGN_OR_RETURN(const auto observed, observe(drive_));
    written_.disc = recognise(observed);
    PREGROOVE_ASSIGN_OR_RETURN(written_.disc_name, name_of_disc(drive_, observed, written_.disc));
    return {};
  }

  Conversation drive_;
  const WritePlan& plan_;
  const WritingRun& run_;
  Validation& validation_;
  Preparation preparation_;
  Written written_;
  std::string where_;
  bool astray_ = false;  // the disc is not in the state of the stop
};

}  // namespace

Status put_while_writing(scsi::Transport& transport, Clock& clock, const WritePlan& plan,
                         const WritingRun& run, Validation& validation) {
  if (run.expendable.empty() || run.expendable != validation.disc_name)
    return not_named(validation, run.expendable);
  for (const auto& [row, fit] : plan.left_out) validation.left_out[row] = fit;
  Tour tour(transport, clock, plan, run, validation);
  if (auto gone = tour.go(); !gone) {
    Error error = std::move(gone).error();
    error.disc_touched = tour.has_changed();
    if (error.disc_touched)
      error.disc_state = fmt::format("on its way to the state {}", tour.where());
    return std::unexpected(std::move(error));
  }
  validation.written = std::move(tour.written());
  // A row that was put after all is none that was left out.
  for (const PutRow& put : validation.rows) validation.left_out.erase(put.row);
  return {};
}

}  // namespace pregroove::validate
