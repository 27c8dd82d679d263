// The lines of README.md for people who test a burner of their own, run as they stand there.
#include <filesystem>
#include <sstream>

#include "tests/interop/burners/burner_test.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

// The first block of shell lines below a heading.
std::string shell_lines_below(const std::string& heading) {
  std::istringstream readme(content_of_file(std::string(PREGROOVE_SOURCE_DIR) + "/README.md"));
  std::string lines;
  bool below = false;
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    below = below || line == heading;
    if (inside && line == "```") break;
    if (inside) lines += line + "\n";
    inside = inside || (below && line == "```bash");
  }
  return lines;
}

class Readme : public BurnerTest {};

TEST_F(Readme, TestsABurnerWithTheLinesThatItShows) {
  const std::string lines = shell_lines_below("## Test your own burner");
  ASSERT_THAT(lines, HasSubstr("simdrive run"));
  const std::string script = folder().write("lines.sh", lines);
  const std::string programs = std::filesystem::path(SIMDRIVE_PROGRAM).parent_path();
  const Ended ended = run(
      {"env", "-C", folder().path(), "PATH=" + programs + ":/usr/bin:/bin", "bash", "-e", script});
  ASSERT_TRUE(ended.succeeded());
  EXPECT_THAT(ended.output, HasSubstr("session 1"));
  EXPECT_FALSE(files_below(folder().path("result/texts")).empty());
}

}  // namespace
}  // namespace pregroove::interop
