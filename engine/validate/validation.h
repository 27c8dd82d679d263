// Puts the conformance rows that fit to a drive, and says where it differs from the model.
//
// Reads only, and only what answers at once: nothing that is sent here changes disc or drive
// (read_only.h), and the drive is left as it was found. With a disc that may be lost, writing.h
// goes on from there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/conformance/rows.h"
#include "engine/medium/medium.h"
#include "engine/validate/disc_name.h"
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

// One state into which the disc was brought, or should have been.
struct StopVisited {
  std::string state;
  std::string not_reached;  // why not; empty when it was
  Observations observed;    // what the drive said of the disc then
  Situation situation;
};
// What became of a disc that might be lost (writing.h).
struct Written {
  std::vector<StopVisited> stops;
  int erasures = 0;
  bool cancelled = false;
  Situation disc;  // as it is now
  std::string disc_name;
};

struct Validation {
  medium::DriveIdentity drive;
  Observations observed;
  Situation situation;       // as the disc was found
  std::string disc_name;     // for who wants to name it as expendable (disc_name.h)
  std::vector<PutRow> rows;  // in the order in which they were put
  std::map<const conformance::Row*, Fit> left_out;  // why
  std::optional<Written> written;

  [[nodiscard]] std::size_t differences() const;
  // How many rows were left out, by reason.
  [[nodiscard]] std::map<Fit, std::size_t> skipped() const;
  // Every row that was put is the same, and every state was reached.
  [[nodiscard]] bool same() const;
};

// An error when the drive cannot be talked to (kTransport, kTimeout, kProtocol), is none
// (kUnsupported), cannot use its disc (kWrongMedium), or changes it meanwhile (kMediumChanged). A
// drive that answers otherwise than it should is no error.
[[nodiscard]] Result<Validation> validate(scsi::Transport& transport, Clock& clock);

// One row. nullopt: the operating system does not let the command through.
[[nodiscard]] Result<std::optional<Answer>> put_row(Conversation& drive,
                                                    const conformance::Row& row);
// What the row says about who the drive is: no two drives are the same, so it is not compared.
[[nodiscard]] std::size_t compared_bytes(const conformance::Row& row);
[[nodiscard]] bool answers_as(const conformance::Row& row, const Answer& answer);

}  // namespace pregroove::validate
