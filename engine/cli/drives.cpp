#include <fmt/format.h>

#include "engine/cli/command.h"
#include "engine/cli/say.h"
#include "engine/drive/drive.h"
#include "engine/passthrough/host_drives.h"
#include "engine/system/system_clock.h"

namespace pregroove::cli {
namespace {

nlohmann::json describe_drive(const std::string& path) {
  nlohmann::json entry = {{"path", path}};
  auto transport = passthrough::open_host_drive(path);
  if (!transport) {
    entry["unavailable"] = transport.error().message;
    return entry;
  }
  system::SystemClock clock;
  drive::Drive drive(**transport, clock);
  if (const auto identity = drive.identify()) {
    entry["vendor"] = identity->vendor;
    entry["product"] = identity->product;
    entry["revision"] = identity->revision;
  }
  return entry;
}

int run_drives(bool json) {
  nlohmann::json drives = nlohmann::json::array();
  for (const std::string& path : passthrough::list_host_drives())
    drives.push_back(describe_drive(path));
  if (json) {
    print_json({{"drives", drives}});
    return kDone;
  }
  for (const auto& drive : drives)
    say("{:12} {}\n", drive["path"].get<std::string>(),
        drive.contains("vendor")
            ? fmt::format("{} {} {}", drive["vendor"].get<std::string>(),
                          drive["product"].get<std::string>(), drive["revision"].get<std::string>())
            : drive.value("unavailable", "does not answer"));
  if (drives.empty()) say("No optical drive was found.\n");
  say("A simulated recorder is named sim:FILE, where FILE is a disc made with\n"
      "  simdrive create FILE --medium cd-r-80\n");
  return kDone;
}

}  // namespace

void add_drives(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand("drives", "recorders found, and how to name a simulated one");
  auto json = std::make_shared<bool>(false);
  add_json_option(*command, *json);
  command->callback([json, &chosen] { chosen = [json] { return run_drives(*json); }; });
}

}  // namespace pregroove::cli
