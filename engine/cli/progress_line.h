// Progress of a burn for people: one line that is rewritten on a terminal, a plain line every few
// seconds elsewhere. Also carries Ctrl-C to the burn.
#pragma once

#include <optional>
#include <string>

#include "engine/imapi/progress_events.h"
#include "engine/system/system_clock.h"

namespace pregroove::cli {

class ProgressLine final : public imapi::DiscMasterProgressEvents {
 public:
  // quiet: print nothing, only watch for Ctrl-C.
  explicit ProgressLine(bool quiet);
  ~ProgressLine() override;

  [[nodiscard]] bool QueryCancel() override;
  void NotifyProgress(const burn::Progress& progress) override;
  // Ends the line, so that what follows starts on one of its own.
  void finish();

 private:
  void show(const std::string& line, bool important);

  bool quiet_;
  bool terminal_;
  bool line_open_ = false;
  bool told_cancel_ = false;
  std::optional<burn::Phase> phase_;
  std::size_t last_length_ = 0;
  Duration last_shown_{};
  system::SystemClock clock_;
};

}  // namespace pregroove::cli
