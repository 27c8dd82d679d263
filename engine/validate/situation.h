// Which medium and which state of the conformance rows the drive is in, as far as its answers tell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/medium/kind.h"
#include "engine/validate/observations.h"

namespace pregroove::validate {

struct Situation {
  // What the rows call it: "cd-r-80"; empty without a disc, or when it is of no kind that they
  // know.
  std::string medium;
  std::string state;  // "blank"; empty when it is none of theirs
  medium::MediumKind kind = medium::MediumKind::kUnknown;
  // The disc is as large as that of the rows.
  bool size_fits = false;
  // It holds what the rows' state holds, block by block as far as sizes tell; else it is only in
  // the same condition.
  bool contents_fit = false;

  // "a blank CD-R (cd-r-80)".
  [[nodiscard]] std::string describe() const;
};

// Untrusted: nonsense leads to an empty medium or state, never to an error.
[[nodiscard]] Situation recognise(const Observations& observed);

// The kind of a medium of the rows; kUnknown for any other name.
[[nodiscard]] medium::MediumKind kind_of(std::string_view row_medium);

}  // namespace pregroove::validate
