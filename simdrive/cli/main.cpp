// The program `simdrive`: makes simulated discs, looks at them, and lets other programs use them.
#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "engine/system/standard_streams.h"
#include "simdrive/cli/commands.h"
#include "simdrive/cli/run.h"
#include "simdrive/cli/serve.h"

namespace {

using simdrive::Console;
using simdrive::ExitStatus;

struct Arguments {
  bool json = false;
  std::string disc;
  std::optional<std::string> personality;
  simdrive::CreateOptions create;
  simdrive::DamageOptions damage;
  std::string image;
  simdrive::ExportOptions options;
  simdrive::ServeOptions serve;
  simdrive::RunOptions run;
  std::string user;
  std::string socket;
  std::string command;
  std::vector<std::string> words;
  std::string transcript;
  std::vector<std::string> discs;
};

CLI::App* add_command(CLI::App& app, Arguments& arguments, const std::string& name,
                      const std::string& description) {
  CLI::App* const command = app.add_subcommand(name, description);
  command->add_flag("--json", arguments.json, "Answer in JSON");
  return command;
}

void add_disc(CLI::App* command, Arguments& arguments) {
  command->add_option("FILE", arguments.disc, "The disc file")->required();
}

void add_drive(CLI::App* command, simdrive::DriveOptions& drive) {
  command->add_option("--disc", drive.disc, "The disc in it; default: an empty tray");
  command->add_option("--personality", drive.personality,
                      "What drive it is, see \"simdrive personality\"; a name or a file");
  command->add_flag("--real-time", drive.real_time, "Take as long as a real drive would");
}

void add_transcript(CLI::App* command, simdrive::TranscriptOptions& transcript) {
  command->add_option("--transcript", transcript.file,
                      "Write down every command and its reply, see \"simdrive replay\"");
  command->add_flag("--transcript-data", transcript.whole_payload,
                    "Also the blocks that are written and read, not only their hashes");
}

void add_run(CLI::App& app, Arguments& arguments) {
  CLI::App* const run =
      add_command(app, arguments, "run", "Run a program that finds a simulated drive at /dev/sr0");
  add_drive(run, arguments.run.drive);
  add_transcript(run, arguments.run.transcript);
  run->add_option("--control", arguments.run.control, "Make a socket for \"simdrive control\"");
  CLI::Option* const connect =
      run->add_option("--connect", arguments.run.connect,
                      "The drive behind a socket of \"serve --socket\"; with "
                      "--kernel, of \"serve --vhost-user\"");
  run->add_flag("--kernel", arguments.run.kernel,
                "Under a Linux kernel of its own, which has the drive as /dev/sr0 and /dev/sg0");
  for (const char* const of_a_drive_of_its_own :
       {"--disc", "--personality", "--real-time", "--transcript", "--control"})
    connect->excludes(run->get_option(of_a_drive_of_its_own));
  run->add_option("PROGRAM", arguments.run.program, "The program and its arguments, after --")
      ->required();
}

void add_serve(CLI::App& app, Arguments& arguments) {
  CLI::App* const serve =
      add_command(app, arguments, "serve", "Let other programs use a simulated drive");
  add_drive(serve, arguments.serve.drive);
  add_transcript(serve, arguments.serve.transcript);
  serve->add_option("--control", arguments.serve.control, "Make a socket for \"simdrive control\"");
  serve->add_option("--socket", arguments.serve.socket,
                    "Make a socket for \"simdrive run --connect\"");
  serve->add_option("--vhost-user", arguments.serve.vhost_user,
                    "Make a socket for virtual machines, and for \"simdrive run --kernel\"");
  serve->add_option("--rscsi-socket", arguments.serve.rscsi_socket,
                    "Make a socket for \"simdrive rscsi\"");
  serve->add_flag("--rscsi", arguments.serve.rscsi,
                  "Speak the remote SCSI protocol on the standard streams");

  CLI::App* const rscsi = add_command(
      app, arguments, "rscsi", "Stand in for the remote shell of wodim (RSH=simdrive RSCSI=FILE)");
  rscsi->add_option("-l", arguments.user, "Ignored: the user that wodim names");
  rscsi->add_option("FILE", arguments.disc, "The disc, or the socket of \"serve --rscsi-socket\"")
      ->required();

  CLI::App* const control =
      add_command(app, arguments, "control", "Tell a served drive what a person would do to it");
  control->add_option("SOCKET", arguments.socket, "Its control socket")->required();
  control
      ->add_option("COMMAND", arguments.command,
                   "load FILE, eject, close, unload, press-button, power on|off, state, quit")
      ->required();
  control->add_option("ARGUMENT", arguments.words, "What the command needs")->expected(0, -1);

  CLI::App* const replay =
      add_command(app, arguments, "replay", "Run a transcript again and compare the replies");
  replay->add_option("TRANSCRIPT", arguments.transcript, "Its file")->required();
  replay
      ->add_option("--disc", arguments.discs,
                   "The disc as it was then; written to. One for each disc, in their order")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  replay->add_option("--personality", arguments.personality,
                     "Another drive than that of the transcript");
}

ExitStatus run(const CLI::App& app, const Arguments& arguments) {
  const Console console{std::cout, std::cerr, arguments.json};
  if (app.got_subcommand("media")) return simdrive::run_media(console);
  if (app.got_subcommand("personality"))
    return simdrive::run_personality(console, arguments.personality);
  if (app.got_subcommand("create"))
    return simdrive::run_create(console, arguments.disc, arguments.create);
  if (app.got_subcommand("info")) return simdrive::run_info(console, arguments.disc);
  if (app.got_subcommand("damage"))
    return simdrive::run_damage(console, arguments.disc, arguments.damage);
  if (app.got_subcommand("serve")) return simdrive::run_serve(console, arguments.serve);
  if (app.got_subcommand("rscsi")) return simdrive::run_rscsi(console, arguments.disc);
  if (app.got_subcommand("replay"))
    return simdrive::run_replay(console, arguments.transcript, arguments.discs,
                                arguments.personality);
  if (app.got_subcommand("control"))
    return simdrive::run_control(console, arguments.socket, arguments.command, arguments.words);
  return simdrive::run_export(console, arguments.disc, arguments.image, arguments.options);
}

}  // namespace

int main(int argc, char** argv) {
  pregroove::system::prepare_standard_streams();
  Arguments arguments;
  CLI::App app{"Simulated optical discs and drives, for testing burning software", "simdrive"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "simdrive " SIMDRIVE_VERSION);
  add_command(app, arguments, "media", "List the kinds of medium that can be made");

  CLI::App* const personality =
      add_command(app, arguments, "personality", "List the drive personalities, or check one");
  personality->add_option("NAME", arguments.personality,
                          "One that there is, or a file: print it whole, or say what is wrong");

  CLI::App* const create = add_command(app, arguments, "create", "Make a disc");
  add_disc(create, arguments);
  create->add_option("--medium", arguments.create.medium, "Its kind, see \"simdrive media\"")
      ->required();
  create->add_option("--state", arguments.create.state,
                     "blank, unformatted, formatted ...; default: as it is bought");
  create->add_option("--image", arguments.create.image, "What is on a pressed disc");

  CLI::App* const info = add_command(app, arguments, "info", "Show what is recorded on a disc");
  add_disc(info, arguments);

  CLI::App* const save =
      add_command(app, arguments, "export", "Write a disc into an image file for other programs");
  add_disc(save, arguments);
  save->add_option("OUT", arguments.image, "The image file to make")->required();
  save->add_option("--session", arguments.options.session, "As of this session; default: the last");
  save->add_flag(
      "--plain", arguments.options.plain,
      "The blocks as they are: do not move the descriptors of a later session to LBA 16");
  save->add_flag("--force", arguments.options.overwrite, "Replace an existing image file");

  CLI::App* const damage =
      add_command(app, arguments, "damage", "Scratch a disc; what is recorded stays");
  add_disc(damage, arguments);
  damage->add_option("--blocks", arguments.damage.blocks,
                     "Unreadable from now on: FIRST or FIRST-LAST (repeatable)");
  damage->add_option("--track", arguments.damage.tracks,
                     "Reported as damaged from now on, by its number (repeatable)");
  damage->add_flag("--repair", arguments.damage.repair, "Take all damage away first");

  add_serve(app, arguments);
  add_run(app, arguments);

  try {
    app.parse(argc, argv);
    if (app.got_subcommand("run"))
      return simdrive::run_program({std::cout, std::cerr, arguments.json}, arguments.run);
    const ExitStatus status = run(app, arguments);
    std::cout.flush();
    if (std::cout || status != ExitStatus::kDone) return static_cast<int>(status);
    std::cerr << "simdrive: the result could not be written to standard output\n";
    return static_cast<int>(ExitStatus::kFailed);
  } catch (const CLI::ParseError& error) {
    const bool help_was_asked = app.exit(error) == 0;
    return static_cast<int>(help_was_asked ? ExitStatus::kDone : ExitStatus::kWrongUsage);
  } catch (const std::exception& error) {
    std::cerr << "simdrive: " << error.what() << '\n';
    return static_cast<int>(ExitStatus::kFailed);
  }
}
