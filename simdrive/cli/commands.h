// The commands of the program, each from its arguments to its exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simdrive/cli/console.h"
#include "simdrive/cli/image_export.h"

namespace simdrive {

struct CreateOptions {
  std::string medium;
  std::optional<std::string> state;  // as the disc is bought when absent (disc_states.h)
  std::optional<std::string> image;  // of a pressed disc, which needs one
};

struct DamageOptions {
  std::vector<std::string> blocks;  // "FIRST" or "FIRST-LAST"
  std::vector<int> tracks;
  bool repair = false;  // all damage is taken away before any is done
};

[[nodiscard]] ExitStatus run_media(const Console& console);
// Without a name: the personalities that there are. Else the one of that name, or in that file, as
// a complete personality file.
[[nodiscard]] ExitStatus run_personality(const Console& console,
                                         const std::optional<std::string>& name);
[[nodiscard]] ExitStatus run_create(const Console& console, const std::string& path,
                                    const CreateOptions& options);
[[nodiscard]] ExitStatus run_damage(const Console& console, const std::string& path,
                                    const DamageOptions& options);
[[nodiscard]] ExitStatus run_info(const Console& console, const std::string& path);
[[nodiscard]] ExitStatus run_export(const Console& console, const std::string& path,
                                    const std::string& image, const ExportOptions& options);

}  // namespace simdrive
