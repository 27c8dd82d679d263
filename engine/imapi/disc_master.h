// IDiscMaster: the session object that everything starts from (imapi.md 3.1, 6, 7).
//
//   Open -> SetActiveDiscMasterFormat -> EnumDiscRecorders -> SetActiveDiscRecorder -> AddData...
//   -> RecordDisc
//
// Which call is allowed when is a table (order_rules.h). Selecting a recorder reads its disc, and
// enters multi-session mode by itself when the disc can be continued; ClearFormatContent leaves
// that mode.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/burn/burner.h"
#include "engine/image/image.h"
#include "engine/imapi/disc_recorder.h"
#include "engine/imapi/joliet_disc_master.h"
#include "engine/imapi/progress_events.h"
#include "engine/imapi/recorder_provider.h"
#include "engine/imapi/result_codes.h"
#include "engine/plan/plan.h"
#include "engine/system/file.h"

namespace pregroove::imapi {

enum class DiscMasterFormat : std::uint8_t { kJoliet, kRedbook };

// Whether the disc in the selected recorder is continued.
enum class SessionMode : std::uint8_t { kSingle, kMulti };

// What IMAPI has no words for; the defaults are what IMAPI does.
struct RecordOptions {
  bool close_disc = false;                      // no further session
  bool verify = false;                          // read back and compare
  std::optional<medium::WriteType> write_type;  // what disc and drive suggest when absent
  std::optional<plan::SpeedWish> speed;         // what the recorder's WriteSpeed says when absent
};

// What a successful RecordDisc can tell.
struct RecordReport {
  BlockCount written;
  int session_number = 0;
  Lba session_start;
  bool verified = false;
  std::optional<plan::SetSpeed> speed;  // as burn::BurnReport has it
  BurnOutcome outcome;
  std::vector<Error> problems;  // files that changed while they were read
  std::vector<std::string>
      warnings;                 // rules of plain ISO 9660 that were stretched, sessions to come
  medium::MediumSnapshot disc;  // as it is now
};

// What RecordDisc would do.
struct RecordPreview {
  std::vector<plan::BurnPlan> plans;  // in order; the first of two closes an interrupted session
  BlockCount image;
};

struct RecordSettings;

class DiscMaster {
 public:
  // The time that goes into new images; asked at RecordDisc.
  using TimeSource = system::FileTime (*)();
  // REQUIRES: provider outlives the master.
  DiscMaster(RecorderProvider& provider, TimeSource now);
  DiscMaster(const DiscMaster&) = delete;
  DiscMaster& operator=(const DiscMaster&) = delete;
  ~DiscMaster();

  [[nodiscard]] Status Open();
  [[nodiscard]] Result<std::vector<DiscMasterFormat>> EnumDiscMasterFormats();
  [[nodiscard]] Result<DiscMasterFormat> GetActiveDiscMasterFormat();
  // Clears what is staged. The interface belongs to the master and works while this format is
  // active.
  [[nodiscard]] Result<JolietDiscMaster*> SetActiveDiscMasterFormat(DiscMasterFormat format);
  [[nodiscard]] Result<std::vector<std::shared_ptr<DiscRecorder>>> EnumDiscRecorders();
  [[nodiscard]] Result<std::shared_ptr<DiscRecorder>> GetActiveDiscRecorder();
  // Reads the disc that is in the recorder now.
  [[nodiscard]] Status SetActiveDiscRecorder(std::shared_ptr<DiscRecorder> recorder);
  [[nodiscard]] Status ClearFormatContent();
  // REQUIRES: events outlives the registration.
  [[nodiscard]] Result<std::uintptr_t> ProgressAdvise(DiscMasterProgressEvents& events);
  [[nodiscard]] Status ProgressUnadvise(std::uintptr_t cookie);
  [[nodiscard]] Result<RecordReport> RecordDisc(bool simulate, bool eject_after_burn,
                                                RecordOptions options = {});
  [[nodiscard]] Status Close();

  // Beyond IMAPI: the mode that SetActiveDiscRecorder chose, and a sentence that says why.
  [[nodiscard]] SessionMode session_mode() const;
  [[nodiscard]] const std::string& session_mode_reason() const;
  // The same checks as RecordDisc, and its plan; nothing is written.
  [[nodiscard]] Result<RecordPreview> PreviewRecordDisc(bool simulate, bool eject_after_burn,
                                                        RecordOptions options = {});

 private:
  friend class JolietDiscMaster;
  struct State;
  [[nodiscard]] RecordSettings record_settings(bool simulate, bool eject,
                                               const RecordOptions& options) const;
  std::unique_ptr<State> state_;
};

}  // namespace pregroove::imapi
