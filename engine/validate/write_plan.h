// What a validation that writes will do to the disc, before anything is sent.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/conformance/rows.h"
#include "engine/validate/disc_states.h"
#include "engine/validate/selection.h"
#include "engine/validate/validation.h"

namespace pregroove::validate {

struct PlannedStop {
  Stop stop;
  // What only asks first, then what is refused, then what can be set again; last, on a disc that
  // can be erased, what brings it into another state.
  std::vector<const conformance::Row*> rows;
};

struct WritePlan {
  medium::MediumKind kind = medium::MediumKind::kUnknown;
  std::vector<PlannedStop> stops;
  std::map<const conformance::Row*, Fit> left_out;
  int erasures = 0;       // how often the disc is erased or formatted, at most
  int most_erasures = 0;  // and how often when the drive does what no row expects
  bool write_once = false;

  // What becomes of the disc, in a sentence or two.
  [[nodiscard]] std::string summary() const;
};

// A DVD+RW is said to bear few formats, the other media a thousand erasures.
inline constexpr int kUsualErasures = 12;

// found: of a run that only read. kMediumNotPresent without a disc, kWrongMedium for a disc that is
// not written, or is in a state from which no other can be reached.
[[nodiscard]] Result<WritePlan> plan_writing(const Validation& found, std::size_t max_transfer,
                                             int most_erasures = kUsualErasures);

}  // namespace pregroove::validate
