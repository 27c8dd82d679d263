// Where a step stands in a plan.
#pragma once

#include <algorithm>
#include <variant>

#include "engine/plan/plan.h"

namespace pregroove::plan {

template <typename StepType>
const StepType* find(const BurnPlan& plan) {
  for (const Step& step : plan.steps)
    if (const auto* found = std::get_if<StepType>(&step)) return found;
  return nullptr;
}

// -1 where there is none.
template <typename StepType>
std::ptrdiff_t place_of(const BurnPlan& plan) {
  const auto found = std::ranges::find_if(
      plan.steps, [](const Step& step) { return std::holds_alternative<StepType>(step); });
  return found == plan.steps.end() ? -1 : found - plan.steps.begin();
}

}  // namespace pregroove::plan
