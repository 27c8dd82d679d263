// The commands of the program, each from its arguments to its exit status.
#pragma once

#include <iosfwd>
#include <string>

#include "simdrive/cli/image_export.h"

namespace simdrive {

enum class ExitStatus : int { kDone = 0, kFailed = 1, kWrongUsage = 2, kRefused = 3 };

// Where the answers go; errors go there too when they are JSON.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
};

[[nodiscard]] ExitStatus run_media(const Console& console);
[[nodiscard]] ExitStatus run_create(const Console& console, const std::string& path,
                                    const std::string& medium);
[[nodiscard]] ExitStatus run_info(const Console& console, const std::string& path);
[[nodiscard]] ExitStatus run_export(const Console& console, const std::string& path,
                                    const std::string& image, const ExportOptions& options);

}  // namespace simdrive
