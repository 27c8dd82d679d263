#include "engine/imapi/event_hub.h"

#include <algorithm>
#include <chrono>

namespace pregroove::imapi {
namespace {

// Told where nothing better is known: filling the reserve and calibrating the laser, and writing
// the first lead-out and a lead-in (150 seconds of disc) at 8x.
constexpr std::int64_t kPreparingSeconds = 10;
constexpr std::int64_t kClosingSeconds = 20;

std::int64_t closing_seconds(const burn::Progress& progress) {
  if (!progress.remaining) return kClosingSeconds;
  return std::chrono::ceil<std::chrono::seconds>(*progress.remaining).count();
}

}  // namespace

std::uintptr_t EventHub::add(DiscMasterProgressEvents& events) {
  sinks_.emplace_back(++last_cookie_, &events);
  return last_cookie_;
}

bool EventHub::remove(std::uintptr_t cookie) {
  return std::erase_if(sinks_, [&](const Sink& sink) { return sink.first == cookie; }) > 0;
}

bool EventHub::is_registered(std::uintptr_t cookie) const {
  return std::ranges::find(sinks_, cookie, &Sink::first) != sinks_.end();
}

bool EventHub::query_cancel() {
  bool cancel = false;
  notify([&](DiscMasterProgressEvents& events) { cancel = events.QueryCancel() || cancel; });
  return cancel;
}

void BurnEvents::on_progress(const burn::Progress& progress) {
  hub_.notify([&](DiscMasterProgressEvents& events) {
    if (progress.phase == burn::Phase::kPreparing && !prepared_)
      events.NotifyPreparingBurn(kPreparingSeconds);
    if (progress.phase == burn::Phase::kWriting)
      events.NotifyBlockProgress(progress.done.value, progress.total.value);
    if (progress.phase == burn::Phase::kClosing && !progress.drive_progress)
      events.NotifyClosingDisc(closing_seconds(progress));
    events.NotifyProgress(progress);
  });
  if (progress.phase == burn::Phase::kPreparing) prepared_ = true;
}

}  // namespace pregroove::imapi
