// Two sessions of real trees, burned by our program on a simulated disc, exported, and read by
// programs that we did not write: the second session with old and new files, and the first alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/interop/image_readers.h"
#include "tests/support/process.h"

namespace pregroove::interop {
namespace {

namespace fs = std::filesystem;
using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

constexpr const char* kFirstTree = "/usr/share/common-licenses";
const std::string kSecondTree = std::string(PREGROOVE_SOURCE_DIR) + "/engine";
const std::string kThirdTree = std::string(PREGROOVE_SOURCE_DIR) + "/tests";

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A folder as it should be on the disc: links followed, under its own name.
void add_tree(const fs::path& folder, PathsAndContents& files) {
  const std::string prefix = "/" + folder.filename().string();
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink))
    if (entry.is_regular_file())
      files[prefix + "/" + entry.path().lexically_relative(folder).string()] =
          content_of(entry.path());
}

void run_ok(const std::vector<std::string>& command) {
  const auto result = testing_support::run(command);
  ASSERT_EQ(result.exit_status, 0) << result.err;
}

// Burned once for all readers.
class BurnedDisc {
 public:
  BurnedDisc() {
    add_tree(kFirstTree, first);
    both = first;
    add_tree(kSecondTree, both);
    add_tree(kThirdTree, both);
    const std::string drive = "sim:" + disc();
    run_ok({SIMDRIVE_PROGRAM, "create", disc(), "--medium", "cd-r-80"});
    run_ok({PREGROOVE_PROGRAM, "burn", "--follow-links", "-d", drive, kFirstTree});
    run_ok({PREGROOVE_PROGRAM, "burn", "--follow-links", "-d", drive, kSecondTree, kThirdTree});
    run_ok({SIMDRIVE_PROGRAM, "export", disc(), newest()});
    run_ok({SIMDRIVE_PROGRAM, "export", disc(), oldest(), "--session", "1"});
    run_ok({SIMDRIVE_PROGRAM, "export", disc(), plain(), "--plain"});
  }
  [[nodiscard]] std::string disc() const { return folder_.path("test.disc"); }
  [[nodiscard]] std::string newest() const { return folder_.path("newest.iso"); }
  [[nodiscard]] std::string oldest() const { return folder_.path("oldest.iso"); }
  [[nodiscard]] std::string plain() const { return folder_.path("plain.iso"); }

  PathsAndContents first;
  PathsAndContents both;

 private:
  ScratchFolder folder_;
};

const BurnedDisc& burned_disc() {
  static const BurnedDisc kDisc;
  return kDisc;
}

struct Program {
  const char* name;
  Reader read;
};
void PrintTo(const Program& program, std::ostream* out) { *out << program.name; }

class ExportedDisc : public testing::TestWithParam<Program> {
 protected:
  // Some programs list everything but are asked for a sample of the contents only.
  void expect_equal(const PathsAndContents& found, const PathsAndContents& expected) {
    ASSERT_EQ(found.size(), expected.size());
    for (const auto& [path, content] : expected) {
      const auto file = found.find(path);
      ASSERT_NE(file, found.end()) << path;
      if (file->second == kListedOnly) continue;
      EXPECT_EQ(file->second, content) << path;
    }
  }
};

TEST_P(ExportedDisc, ShowsOldAndNewFilesInItsNewestSession) {
  expect_equal(GetParam().read(burned_disc().newest(), Names::kJoliet), burned_disc().both);
}

TEST_P(ExportedDisc, ShowsTheFirstSessionAlone) {
  expect_equal(GetParam().read(burned_disc().oldest(), Names::kJoliet), burned_disc().first);
}

INSTANTIATE_TEST_SUITE_P(Readers, ExportedDisc,
                         testing::Values(Program{"xorriso", read_with_xorriso},
                                         Program{"isoinfo", read_with_isoinfo},
                                         Program{"bsdtar", read_with_bsdtar},
                                         Program{"libcdio", read_with_libcdio}),
                         [](const auto& test) { return test.param.name; });

TEST(RealTree, HasSeveralHundredFiles) { EXPECT_GT(burned_disc().both.size(), 200U); }

// The user area as it is, read at the session's own descriptors.
TEST(PlainExport, IsReadByProgramsThatCanBePointedAtASession) {
  const auto info = testing_support::run(
      {PREGROOVE_PROGRAM, "info", "-d", "sim:" + burned_disc().disc(), "--json"});
  const auto start = nlohmann::json::parse(info.out)["sessions"][1]["start"].get<std::int32_t>();
  EXPECT_EQ(read_session_with_xorriso(burned_disc().plain(), Names::kJoliet, start),
            burned_disc().both);
  EXPECT_EQ(read_session_with_isoinfo(burned_disc().plain(), Names::kJoliet, start).size(),
            burned_disc().both.size());
}

}  // namespace
}  // namespace pregroove::interop
