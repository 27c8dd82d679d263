// User-mode Linux as a child: one process with helpers, in a group of their own.
#pragma once

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace simdrive::hosts::kernel {

struct KernelStart {
  std::vector<std::string> words;        // the kernel and its command line
  std::vector<std::string> environment;  // "NAME=value"
  int input = -1;
  int output = -1;  // also of its errors
  sigset_t signals{};
};

class KernelProcess {
 public:
  [[nodiscard]] static pregroove::Result<KernelProcess> start(KernelStart start);
  // Ends all of it, at once.
  ~KernelProcess();
  KernelProcess(KernelProcess&& other) noexcept;
  KernelProcess& operator=(KernelProcess&&) = delete;

  // Whether it has ended by now.
  [[nodiscard]] bool ended();
  // Asks it to end: it then ends its helpers, and removes what it made in the file system.
  void stop() const;

 private:
  explicit KernelProcess(pid_t process) : process_(process) {}

  pid_t process_ = -1;
  bool ended_ = false;
};

}  // namespace simdrive::hosts::kernel
