#include "engine/validate/write_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "engine/validate/read_only.h"
#include "engine/validate/write_rules.h"

namespace pregroove::validate {
namespace {

using conformance::Row;

bool selects(const Step& step) {
  return std::holds_alternative<SelectDefaults>(step) ||
         std::holds_alternative<SelectWriting>(step);
}

std::unexpected<Error> cannot_go_on(const Situation& situation) {
  return fail(ErrorCode::kWrongMedium,
              fmt::format("there is nothing to write on {}", situation.describe()),
              "Insert a rewritable disc, or a blank one, that may be lost.");
}

// From the state that a disc is in that is written once; empty when no stop has it.
std::vector<Stop> rest_of_tour(std::vector<Stop> tour, const Situation& found) {
  const auto here = std::ranges::find(tour, found.state, &Stop::state);
  if (here == tour.end()) return {};
  std::vector<Step> selection;
  for (auto stop = tour.begin(); stop <= here; ++stop)
    for (const Step& step : stop->steps)
      if (selects(step)) selection = {step};
  std::vector<Stop> rest(here, tour.end());
  rest.front().steps = std::move(selection);
  rest.front().pauses = false;
  for (Stop& stop : rest) stop.contents_fit = stop.contents_fit && found.contents_fit;
  rest.front().contents_fit = found.contents_fit;
  return rest;
}

Result<std::vector<Stop>> stops_for(const Situation& found) {
  if (found.medium.empty() && (found.state == "no-disc" || found.state == "tray-open"))
    return fail(ErrorCode::kMediumNotPresent, "there is no disc in the drive",
                "Insert a disc that may be lost.");
  auto tour = tour_of(found.kind);
  if (tour.empty()) return cannot_go_on(found);
  if (!medium::is_rewritable(found.kind)) {
    tour = rest_of_tour(std::move(tour), found);
    if (tour.empty()) return cannot_go_on(found);
    return tour;
  }
  // It never comes back.
  if (found.state == "unformatted") tour.insert(tour.begin(), Stop{.state = "unformatted"});
  return tour;
}

int erasures_in(const std::vector<Step>& steps) {
  return static_cast<int>(std::ranges::count_if(steps, erases));
}

// To come back to a stop from anywhere; 0 when there is no way.
int erasures_to_rebuild(const std::vector<Stop>& tour, std::size_t index) {
  int count = 0;
  for (std::size_t i = index + 1; i-- > 0;) {
    count += erasures_in(tour[i].steps);
    if (tour[i].from_anywhere) return count;
  }
  return 0;
}

enum class Rank : std::uint8_t { kAsks, kRefused, kSettings, kContents, kDisc };
Rank rank_of(const Row& row, const DiscCondition& disc) {
  if (changes_nothing(row.cdb)) return Rank::kAsks;
  if (!row.expects_good()) return Rank::kRefused;
  switch (effect_of(row.cdb, disc)) {
    case Effect::kNone:
      return Rank::kRefused;
    case Effect::kSettings:
      return Rank::kSettings;
    case Effect::kContents:
      return Rank::kContents;
    case Effect::kDisc:
      return Rank::kDisc;
  }
  return Rank::kDisc;
}

class Planner {
 public:
  Planner(const Validation& found, std::size_t max_transfer, int most_erasures)
      : situation_(found.situation), max_transfer_(max_transfer) {
    plan_.kind = situation_.kind;
    plan_.write_once = !medium::is_rewritable(situation_.kind);
    plan_.most_erasures = most_erasures;
    for (const PutRow& put : found.rows) put_.insert(put.row);
  }

  WritePlan make(std::vector<Stop> tour) {
    cut_to_budget(tour);
    for (const Stop& stop : tour) plan_.erasures += erasures_in(stop.steps);
    for (std::size_t i = 0; i < tour.size(); ++i) add(tour, i);
    return std::move(plan_);
  }

 private:
  void cut_to_budget(std::vector<Stop>& tour) {
    int erasures = 0;
    std::size_t kept = 0;
    while (kept < tour.size() && (erasures += erasures_in(tour[kept].steps)) <= plan_.most_erasures)
      ++kept;
    for (std::size_t i = kept; i < tour.size(); ++i)
      for (const Row* row : rows_at(tour[i])) plan_.left_out[row] = Fit::kErasedTooOften;
    tour.resize(kept);
  }

  // Those that fit; why not is noted of the others.
  std::vector<const Row*> rows_at(const Stop& stop) {
    Circumstances now{.situation = situation_, .max_transfer = max_transfer_, .may_change = true};
    now.situation.state = stop.state;
    now.situation.contents_fit = stop.contents_fit;
    now.prepared = true;
    std::vector<const Row*> rows;
    for (const Row& row : conformance::built_in_rows()) {
      if (row.state != stop.state || put_.contains(&row)) continue;
      const Fit fit = fit_of(row, now);
      if (fit == Fit::kPut)
        rows.push_back(&row);
      else
        plan_.left_out[&row] = fit;
    }
    return rows;
  }

  void add(const std::vector<Stop>& tour, std::size_t index) {
    PlannedStop planned{.stop = tour[index], .rows = {}};
    const DiscCondition disc{planned.stop.state, plan_.write_once};
    const int rebuilding = erasures_to_rebuild(tour, index);
    for (const Row* row : rows_at(planned.stop)) {
      if (rank_of(*row, disc) == Rank::kDisc && !may_spend(*row, rebuilding)) continue;
      planned.rows.push_back(row);
    }
    std::ranges::stable_sort(planned.rows, {}, [&](const Row* row) { return rank_of(*row, disc); });
    plan_.stops.push_back(std::move(planned));
  }

  bool may_spend(const Row& row, int rebuilding) {
    if (plan_.write_once || rebuilding == 0) {
      plan_.left_out[&row] = Fit::kConsumes;
      return false;
    }
    const int cost = rebuilding + (erases_disc(row.cdb) ? 1 : 0);
    if (plan_.erasures + cost > plan_.most_erasures) {
      plan_.left_out[&row] = Fit::kErasedTooOften;
      return false;
    }
    plan_.erasures += cost;
    return true;
  }

  Situation situation_;
  std::size_t max_transfer_;
  std::set<const Row*> put_;
  WritePlan plan_;
};

}  // namespace

std::string WritePlan::summary() const {
  std::string states;
  for (const PlannedStop& planned : stops)
    states += fmt::format("{}{}", states.empty() ? "" : ", ", planned.stop.state);
  const std::string_view name = medium::name_of(kind);
  if (write_once && stops.size() == 1)
    return fmt::format("the {} stays {}, as far as the drive refuses what it should refuse", name,
                       states);
  if (write_once)
    return fmt::format(
        "the {} is used up: it is brought into the states {}, and takes no session afterwards",
        name, states);
  return fmt::format(
      "what is on the {} is lost: it is erased or formatted at most {} time(s), and brought into "
      "the states {}",
      name, erasures, states);
}

Result<WritePlan> plan_writing(const Validation& found, std::size_t max_transfer,
                               int most_erasures) {
  PREGROOVE_ASSIGN_OR_RETURN(auto tour, stops_for(found.situation));
  auto plan = Planner(found, max_transfer, most_erasures).make(std::move(tour));
  if (plan.stops.empty())
    return fail(ErrorCode::kUnsupported,
                "the disc would have to be erased more often than was allowed",
                "Allow more with --erasures.");
  return plan;
}

}  // namespace pregroove::validate
