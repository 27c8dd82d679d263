// --session, --remove and --rename of burn: what of the earlier sessions is in the next one.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/imapi/joliet_disc_master.h"

namespace pregroove::cli {

struct EditOptions {
  std::optional<int> session;
  std::vector<std::string> removed;
  std::vector<std::string> renamed;  // "/old=/new"

  // Then a session is burned without any files to add, too.
  [[nodiscard]] bool anything() const { return session || !removed.empty() || !renamed.empty(); }
};

void add_edit_options(CLI::App& command, EditOptions& options);

// In the order of the options here. E_INVALIDARG for what is no pair of paths, and all that the
// stage refuses.
[[nodiscard]] imapi::Status edit_stage(imapi::JolietDiscMaster& joliet, const EditOptions& options);

}  // namespace pregroove::cli
