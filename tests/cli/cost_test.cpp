// What making an image costs: system calls for each file, and memory. No times.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

class ImageCost : public ProgramTest {
 protected:
  // Folders of a hundred files of one block each.
  [[nodiscard]] std::string make_files(int count) const {
    const std::string root = folder().path(fmt::format("files{}", count));
    for (int i = 0; i < count; ++i) {
      const std::string sub = fmt::format("{}/folder{:04}", root, i / 100);
      if (i % 100 == 0) std::filesystem::create_directories(sub);
      std::ofstream(fmt::format("{}/file{:02}", sub, i % 100)) << std::string(2048, 'x');
    }
    return root;
  }

  // How often the program made each system call.
  void count_calls(const std::string& root, std::map<std::string, int>& calls) const {
    const std::string log = folder().path("strace");
    const auto result = testing_support::run(
        {"strace", "-f", "-qq", "-o", log, "-E", "ASAN_OPTIONS=detect_leaks=0", PREGROOVE_PROGRAM,
         "image", folder().path("image.iso"), "--force", "--graft", "/=" + root});
    if (result.exit_status == 127 || result.err.find("ptrace") != std::string::npos)
      GTEST_SKIP() << "strace is missing, or may not trace here: " << result.err;
    ASSERT_EQ(result.exit_status, 0) << result.err;
    std::ifstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t begin = line.find(' ') + 1;  // after the process
      const std::size_t name = line.find_first_not_of(' ', begin);
      const std::size_t end = line.find('(', name);
      if (end != std::string::npos) ++calls[line.substr(name, end - name)];
    }
  }
};

// Memory is got in ways of the C library's own.
bool is_for_memory(const std::string& call) {
  return call == "brk" || call == "mmap" || call == "munmap" || call == "mremap" ||
         call == "madvise";
}

// Looked at, opened, read, looked at again, closed: five calls. A folder takes at most 14: it is
// opened and closed three times (to look, to list, to read its files), and the C library asks twice
// of what kind a listing is. The rest is for writing, which goes by 128 KiB.
TEST_F(ImageCost, FiveSystemCallsForEachFile) {
  std::map<std::string, int> few;
  std::map<std::string, int> many;
  count_calls(make_files(100), few);
  if (IsSkipped() || HasFatalFailure()) return;
  count_calls(make_files(1100), many);
  if (IsSkipped() || HasFatalFailure()) return;
  int total = 0;
  std::string table;
  for (const auto& [name, count] : many) {
    const int more = count - few[name];
    if (more == 0 || is_for_memory(name)) continue;
    table += fmt::format("{} {}\n", name, more);
    total += more;
  }
  EXPECT_EQ(many["openat"] - few["openat"], 1000 + 10 * 3) << table;
  EXPECT_EQ(many["close"] - few["close"], 1000 + 10 * 3) << table;
  EXPECT_LE(total, 5 * 1000 + 10 * 14 + 1000 * 2048 / (128 * 1024) * 2) << table;
}

TEST_F(ImageCost, HundredThousandFilesTakeAtMost40Megabytes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizers' own memory hides the program's";
#endif
  const std::string root = make_files(100'000);
  const auto result = testing_support::run(
      {TIMED_PROGRAM, "pipe", PREGROOVE_PROGRAM, "image", "-", "--graft", "/=" + root});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto cost = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_EQ(cost.value("exit", -1), 0) << result.out;
  EXPECT_GT(cost.value("bytes", 0), 100'000 * 2048) << "the image was not made";
  EXPECT_LE(cost.value("peak_kib", 1 << 30), 40'000'000 / 1024) << result.out;
}

}  // namespace
}  // namespace pregroove::cli_tests
