// The signals that end this process, and the end of a child, as something that poll() waits for.
#pragma once

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t

#include <optional>

#include "engine/base/error.h"
#include "simdrive/hosts/descriptor.h"

namespace simdrive::hosts::kernel {

// From its construction on, the signals are kept from the calling thread and from those that it
// starts: it is made before anything that starts threads, or that has to be cleaned up.
class ProcessSignals {
 public:
  ProcessSignals();
  ~ProcessSignals();
  ProcessSignals(const ProcessSignals&) = delete;
  ProcessSignals& operator=(const ProcessSignals&) = delete;

  // Readable when a signal came; -1 when there can be no such descriptor.
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  // The next one that came.
  [[nodiscard]] std::optional<int> take() const;
  // How signals were handled before, for a child.
  [[nodiscard]] const sigset_t& mask_before() const { return before_; }

 private:
  sigset_t before_{};
  Descriptor descriptor_;
};

}  // namespace simdrive::hosts::kernel
