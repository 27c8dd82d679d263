#include "engine/cli/progress_line.h"
#include "engine/cli/say.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/cli/text.h"
#include "engine/system/interrupt.h"

namespace pregroove::cli {
namespace {

constexpr Duration kTerminalInterval = std::chrono::milliseconds(100);
constexpr Duration kPlainInterval = std::chrono::seconds(5);

std::string describe(const burn::Progress& progress) {
  std::string line{name_of(progress.phase)};
  if (progress.total.value > 0) {
    line += fmt::format(" {:3}%  {} of {}", progress.done.value * 100 / progress.total.value,
                        mebibytes(progress.done), mebibytes(progress.total));
    if (progress.speed > 0) line += fmt::format("  {:.1f}x", progress.speed);
    if (progress.drive_buffer)
      line += fmt::format("  buffer {:.0f}%", *progress.drive_buffer * 100);
  }
  if (progress.drive_progress)
    line += fmt::format(" {:3.0f}%", std::floor(*progress.drive_progress * 100));
  if (progress.remaining) line += fmt::format("  {} left", minutes(*progress.remaining));
  return line;
}

}  // namespace

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(system::stderr_is_terminal()) {
  system::catch_interrupts();
}

ProgressLine::~ProgressLine() { finish(); }

void ProgressLine::finish() {
  if (line_open_) say_aside("\n");
  line_open_ = false;
}

bool ProgressLine::QueryCancel() {
  if (!system::interrupt_requested()) return false;
  if (!told_cancel_) {
    told_cancel_ = true;
    show("stopping after the command that is running ...", true);
  }
  return true;
}

void ProgressLine::NotifyProgress(const burn::Progress& progress) {
  const bool new_phase = phase_ != progress.phase;
  phase_ = progress.phase;
  const bool last = progress.total.value > 0 && progress.done == progress.total;
  const Duration interval = terminal_ ? kTerminalInterval : kPlainInterval;
  if (!new_phase && !last && clock_.now() - last_shown_ < interval) return;
  show(describe(progress), new_phase && !terminal_);
}

void ProgressLine::show(const std::string& line, bool important) {
  if (quiet_) return;
  last_shown_ = clock_.now();
  if (terminal_ && !important) {
    const std::size_t blanks = last_length_ > line.size() ? last_length_ - line.size() : 0;
    say_aside("\r{}{:{}}", line, "", blanks);
    last_length_ = line.size();
    line_open_ = true;
    return;
  }
  say_aside("{}{}\n", line_open_ ? "\n" : "", line);
  line_open_ = false;
}

}  // namespace pregroove::cli
