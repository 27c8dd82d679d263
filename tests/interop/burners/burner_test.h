// The vocabulary of the matrix: a simulated disc, programs that we did not write run on a drive
// with that disc in it, and the back door through which a test looks at what they recorded.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/interop/burners/media.h"
#include "tests/interop/burners/source_tree.h"
#include "tests/support/process.h"

namespace pregroove::interop {

using Command = std::vector<std::string>;

// What the programs call the simulated drive.
inline constexpr const char* kDrive = "/dev/sr0";

// How a program ended, and all that it said.
struct Ended {
  std::string command;
  int exit_status = -1;
  int signal = 0;
  std::string output;  // standard output, then standard error

  [[nodiscard]] testing::AssertionResult succeeded() const;
};
void PrintTo(const Ended& ended, std::ostream* out);

class BurnerTest : public testing::Test {
 public:
  void make_disc(const std::string& medium) const;
  // Another drive than the default one from now on: the lines of a personality file.
  void use_drive(const std::string& personality);
  [[nodiscard]] std::string disc() const { return folder_.path("test.disc"); }
  [[nodiscard]] const ScratchFolder& folder() const { return folder_; }
  [[nodiscard]] SourceTree tree(const std::string& name) const { return make_tree(folder_, name); }

  // Runs a program as it is.
  [[nodiscard]] static Ended run(const Command& command,
                                 const testing_support::ProcessOptions& options = {});
  // Runs it on a drive with the disc: simdrive run --disc DISC -- COMMAND.
  [[nodiscard]] Ended run_on_disc(const Command& command,
                                  const testing_support::ProcessOptions& options = {}) const;
  // The same in a mount namespace of its own: growisofs unmounts what it takes for its disc.
  [[nodiscard]] Ended run_in_private_mounts(const Command& command) const;
  // Whether there can be one; it takes root.
  [[nodiscard]] static bool can_have_private_mounts();

  [[nodiscard]] testing::AssertionResult ran(const Command& command) const {
    return run_on_disc(command).succeeded();
  }

  // The back door.
  [[nodiscard]] nlohmann::json info() const;
  [[nodiscard]] std::size_t closed_sessions() const;
  // The files of the disc as it was when this session was closed; 0: the last. Read by bsdtar.
  [[nodiscard]] PathsAndContents recorded_files(int session = 0) const;
  // An image of it for other readers.
  [[nodiscard]] std::string exported(const Command& options = {}) const;
  [[nodiscard]] static PathsAndContents files_in_image(const std::string& image);
  // The same by the names of the plain ISO 9660 tree, whatever else there is.
  [[nodiscard]] PathsAndContents recorded_plain_files() const;

 private:
  [[nodiscard]] Command on_disc(const Command& command) const;
  [[nodiscard]] static PathsAndContents files_in_archive(const Command& bsdtar_options,
                                                         const std::string& image);

  ScratchFolder folder_;
  Command drive_options_;
};

// The same for each medium of a table.
class MediumTest : public BurnerTest, public testing::WithParamInterface<Medium> {
 public:
  void make_disc() const { BurnerTest::make_disc(GetParam().name); }
};

inline std::string name_of_medium(const testing::TestParamInfo<Medium>& info) {
  return info.param.label;
}

}  // namespace pregroove::interop
