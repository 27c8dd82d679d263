// What the subcommands share: how one is added to the command line, and how its outcome is told.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/error.h"
#include "engine/cli/exit_status.h"
#include "engine/imapi/result_codes.h"

namespace pregroove::cli {

// Set by the subcommand that the user chose; returns the exit status.
using Run = std::function<int()>;

void add_drives(CLI::App& app, Run& chosen);
void add_info(CLI::App& app, Run& chosen);
void add_burn(CLI::App& app, Run& chosen);
void add_image(CLI::App& app, Run& chosen);
void add_ls(CLI::App& app, Run& chosen);
void add_extract(CLI::App& app, Run& chosen);
void add_verify(CLI::App& app, Run& chosen);
void add_validate(CLI::App& app, Run& chosen);
void add_close(CLI::App& app, Run& chosen);
void add_erase(CLI::App& app, Run& chosen);
void add_format(CLI::App& app, Run& chosen);
void add_write(CLI::App& app, Run& chosen);

// The options -d and --json, which nearly every command has.
struct DriveOptions {
  std::string drive;
  bool json = false;
};
void add_drive_option(CLI::App& command, DriveOptions& options);
void add_json_option(CLI::App& command, bool& json);

[[nodiscard]] nlohmann::json to_json(const Error& error);
void print_json(const nlohmann::json& value);

// Tells the error (on standard error, or as JSON on standard output), and gives the status that
// fits: refused as long as nothing was written, failed afterwards.
int report(const Error& error, bool json);
int report(const imapi::Failure& failure, bool json);
// For a failure that cannot count as a refusal: part of the work was done.
int report_as_failed(const Error& error, bool json);

}  // namespace pregroove::cli
