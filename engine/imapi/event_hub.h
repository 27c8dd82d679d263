// The registered progress sinks, and the way from a burn's progress to IMAPI's callbacks.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/burn/observer.h"
#include "engine/imapi/progress_events.h"

namespace pregroove::imapi {

// A sink may unregister itself or others from inside a callback.
class EventHub {
 public:
  std::uintptr_t add(DiscMasterProgressEvents& events);
  // False for a cookie that is not registered.
  [[nodiscard]] bool remove(std::uintptr_t cookie);
  void clear() { sinks_.clear(); }

  // True when one of them wants to stop; all are asked.
  [[nodiscard]] bool query_cancel();
  template <typename Callback>
  void notify(Callback callback) {
    for (const auto& [cookie, events] : std::vector(sinks_))
      if (is_registered(cookie)) callback(*events);
  }

 private:
  using Sink = std::pair<std::uintptr_t, DiscMasterProgressEvents*>;
  [[nodiscard]] bool is_registered(std::uintptr_t cookie) const;

  std::vector<Sink> sinks_;
  std::uintptr_t last_cookie_ = 0;
};

// IMAPI's order for a data disc: PreparingBurn, BlockProgress (0, n) to (n, n), ClosingDisc.
// BurnComplete is sent by RecordDisc itself. NotifyProgress tells everything.
class BurnEvents final : public burn::Observer {
 public:
  explicit BurnEvents(EventHub& hub) : hub_(hub) {}
  void on_progress(const burn::Progress& progress) override;
  [[nodiscard]] bool cancel_requested() override { return hub_.query_cancel(); }

 private:
  EventHub& hub_;
  bool prepared_ = false;
};

}  // namespace pregroove::imapi
