#include "tests/interop/burners/programs.h"

#include <sstream>

namespace pregroove::interop {

Command wodim_command(const Command& arguments) {
  Command command{"wodim", std::string("dev=") + kDrive, "-v", "-gracetime=2"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

Command cdrdao_command(const std::string& action, const Command& arguments) {
  // Option 10h: the drive takes CD-TEXT. Without -n it waits ten seconds.
  Command command{"cdrdao", action, "--device", kDrive, "--driver", "generic-mmc:0x10"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

std::string session_addresses(const BurnerTest& test) {
  const Ended ended = test.run_on_disc(wodim_command({"-msinfo"}));
  EXPECT_TRUE(ended.succeeded());
  std::istringstream lines(ended.output);
  for (std::string line; std::getline(lines, line);)
    if (line.find(',') != std::string::npos &&
        line.find_first_not_of("0123456789,") == std::string::npos)
      return line;
  ADD_FAILURE() << testing::PrintToString(ended);
  return {};
}

std::string image_of(const BurnerTest& test, const SourceTree& tree, const std::string& addresses) {
  std::string image = tree.root + ".iso";
  Command command{"genisoimage", "-quiet", "-R", "-J", "-o", image};
  if (!addresses.empty())
    command.insert(command.end(), {"-C", addresses, "-M", test.exported({"--plain"})});
  command.push_back(tree.root);
  EXPECT_TRUE(BurnerTest::run(command).succeeded());
  return image;
}

testing::AssertionResult xorriso_adds(const BurnerTest& test, const SourceTree& tree,
                                      Session session) {
  const std::string on_disc = tree.folder.substr(tree.root.size());
  if (session == Session::kLater)
    return test.ran({"xorriso", "-dev", kDrive, "-map", tree.folder, on_disc, "-commit"});
  return test.ran({"xorriso", "-outdev", kDrive, "-blank", "as_needed", "-joliet", "on", "-map",
                   tree.folder, on_disc, "-commit"});
}

// Behind a first session that ends short of 30 mm drives close a DVD+R DL (mmc.md 2.9).
testing::AssertionResult xorriso_fills_up(const BurnerTest& test, const SourceTree& tree,
                                          Session session) {
  if (session == Session::kLater) return xorriso_adds(test, tree, session);
  return test.ran({"xorriso", "-outdev", kDrive, "-padding", "512m", "-joliet", "on", "-map",
                   tree.folder, tree.folder.substr(tree.root.size()), "-commit"});
}

testing::AssertionResult wodim_adds(const BurnerTest& test, const SourceTree& tree,
                                    Session session) {
  const std::string addresses = session == Session::kLater ? session_addresses(test) : "";
  return test.ran(wodim_command({"-multi", "-tao", image_of(test, tree, addresses)}));
}

testing::AssertionResult cdrdao_adds(const BurnerTest& test, const SourceTree& tree,
                                     Session session) {
  const std::string addresses = session == Session::kLater ? session_addresses(test) : "";
  const std::string image = image_of(test, tree, addresses);
  const std::string toc = test.folder().write(
      "session.toc", "CD_ROM_XA\nTRACK MODE2_FORM1\nDATAFILE \"" + image + "\"\n");
  return test.ran(cdrdao_command("write", {"-n", "--multi", toc}));
}

testing::AssertionResult growisofs_adds(const BurnerTest& test, const SourceTree& tree,
                                        Session session) {
  // Without this growisofs formats a BD-R for pseudo-overwriting, and writes no sessions.
  return test
      .run_in_private_mounts({"growisofs", "-use-the-force-luke=spare:none",
                              session == Session::kFirst ? "-Z" : "-M", kDrive, "-R", "-J",
                              "-quiet", tree.root})
      .succeeded();
}

Command pregroove_on_file(const BurnerTest& test, const SourceTree& tree) {
  return {PREGROOVE_PROGRAM, "burn", "-d", "sim:" + test.disc(), tree.folder};
}

Command pregroove_on_device(const SourceTree& tree) {
  return {PREGROOVE_PROGRAM, "burn", "-d", kDrive, tree.folder};
}

}  // namespace pregroove::interop
