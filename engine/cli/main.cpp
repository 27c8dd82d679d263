// The program pregroove: one subcommand per task; see README.md here for where each lives.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "engine/cli/command.h"

int main(int argc, char** argv) {
  using namespace pregroove::cli;
  CLI::App app{"Pregroove records data on optical discs, session by session."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "pregroove " PREGROOVE_VERSION);
  app.footer(
      "Exit status: 0 done, 1 failed (the disc may have changed), 2 wrong usage, 3 refused before "
      "anything was written.");
  Run chosen;
  add_drives(app, chosen);
  add_info(app, chosen);
  add_burn(app, chosen);
  add_image(app, chosen);
  add_ls(app, chosen);
  add_extract(app, chosen);
  add_verify(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  return chosen();
}
