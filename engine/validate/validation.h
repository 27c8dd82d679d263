// Puts the conformance rows that fit to a drive, and says where it differs from the model.
//
// Reads only, and only what answers at once: nothing that is sent here changes disc or drive
// (read_only.h), and the drive is left as it was found.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/conformance/rows.h"
#include "engine/medium/medium.h"
#include "engine/validate/observations.h"
#include "engine/validate/selection.h"
#include "engine/validate/situation.h"

namespace pregroove::validate {

struct PutRow {
  const conformance::Row* row = nullptr;
  Answer answer;
  bool same = false;

  // "GOOD, 00 20 10 .." or "ILLEGAL REQUEST, ... (5/24/00)".
  [[nodiscard]] std::string expected() const;
  // The same of what came, as far as the row looks at it; and what the first difference is.
  [[nodiscard]] std::string actual() const;
};

struct Validation {
  medium::DriveIdentity drive;
  Observations observed;
  Situation situation;
  std::vector<PutRow> rows;            // in the order in which they were put
  std::map<Fit, std::size_t> skipped;  // how many, by reason

  [[nodiscard]] std::size_t differences() const;
};

// An error when the drive cannot be talked to (kTransport, kTimeout, kProtocol), is none
// (kUnsupported), cannot use its disc (kWrongMedium), or changes it meanwhile (kMediumChanged). A
// drive that answers otherwise than it should is no error.
[[nodiscard]] Result<Validation> validate(scsi::Transport& transport, Clock& clock);

// What the row says about who the drive is: no two drives are the same, so it is not compared.
[[nodiscard]] std::size_t compared_bytes(const conformance::Row& row);
[[nodiscard]] bool answers_as(const conformance::Row& row, const Answer& answer);

}  // namespace pregroove::validate
