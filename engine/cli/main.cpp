// The program pregroove: one subcommand per task; see README.md here for where each lives.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "engine/cli/command.h"
#include "engine/cli/say.h"

namespace {

using namespace pregroove::cli;

bool wants_json(int argc, char** argv) {
  return std::any_of(argv, argv + argc,
                     [](const char* word) { return std::string_view(word) == "--json"; });
}

// A result that could not be told is no success.
int finish(int status) {
  if (pregroove::system::finish_output() || status != kDone) return status;
  say_aside("pregroove: the result could not be written to standard output\n");
  return kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  pregroove::system::prepare_standard_streams();
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
  add_validate(app, chosen);
  add_close(app, chosen);
  add_erase(app, chosen);
  add_format(app, chosen);
  add_write(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool help_was_asked = error.get_exit_code() == 0;
    if (!help_was_asked && wants_json(argc, argv))
      print_json({{"error", {{"code", "usage"}, {"message", error.what()}}}});
    else
      app.exit(error);
    return finish(help_was_asked ? kDone : kWrongUsage);
  }
  return finish(chosen());
}
