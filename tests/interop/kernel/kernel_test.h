// Programs under the kernel that `simdrive run --kernel` boots; their working folder is the test's.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/interop/burners/programs.h"

namespace pregroove::interop {

class KernelTest : public BurnerTest {
 public:
  // simdrive run --kernel DRIVE... -- sh -c SCRIPT sh ARGUMENT..., with the input on standard
  // input. The functions of the script are at hand in it.
  [[nodiscard]] testing_support::ProcessResult run_script(
      const Command& drive, const std::string& script, const Command& arguments = {},
      const testing_support::ProcessOptions& options = {}) const {
    Command command{"env",
                    "-C",
                    working_folder(),
                    "sh",
                    "-c",
                    R"(exec "$0" "$@" < input)",
                    SIMDRIVE_PROGRAM,
                    "run",
                    "--kernel"};
    command.insert(command.end(), drive.begin(), drive.end());
    command.insert(command.end(), {"--", "sh", "-c", script, "sh"});
    command.insert(command.end(), arguments.begin(), arguments.end());
    return testing_support::run(command, options);
  }
  [[nodiscard]] testing_support::ProcessResult run_script(const std::string& script,
                                                          const Command& arguments = {}) const {
    return run_script({"--disc", disc()}, script, arguments);
  }
  [[nodiscard]] std::string working_folder() const { return folder().path("work"); }
  [[nodiscard]] std::string in_working_folder(const std::string& name) const {
    return folder().path("work/" + name);
  }
  // A folder that is in the working folder as well, so that it can be seen inside.
  [[nodiscard]] SourceTree tree_in_working_folder(const std::string& name) const {
    SourceTree made = tree(name);
    const std::string moved = in_working_folder("tree-" + name);
    std::filesystem::rename(made.root, moved);
    made.folder = moved + made.folder.substr(made.root.size());
    made.root = moved;
    return made;
  }

 protected:
  void SetUp() override {
    std::filesystem::create_directory(working_folder());
    std::ofstream(in_working_folder("input"));
  }
};

}  // namespace pregroove::interop
