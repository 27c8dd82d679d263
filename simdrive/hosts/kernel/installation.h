// What Debian's packages bring: a kernel that runs as an ordinary process, and its modules.
#pragma once

#include <string>

#include "engine/base/error.h"

namespace simdrive::hosts::kernel {

struct Installation {
  std::string kernel;   // the program
  std::string modules;  // holds a folder for each version of it
};

// kNotFound, with the packages to install in the advice.
[[nodiscard]] pregroove::Result<Installation> find_installation();

}  // namespace simdrive::hosts::kernel
