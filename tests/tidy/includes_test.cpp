// The architecture, executed: which folder may include which, where operating-system headers may
// appear, and words that have no place in the engine. The table is that of engine/README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Folders = std::set<std::string>;

const std::map<std::string, Folders> kMayInclude{
    {"engine/base", {}},
    {"engine/system", {"engine/base"}},
    {"engine/scsi", {"engine/base"}},
    {"engine/conformance", {"engine/base"}},
    {"engine/mmc", {"engine/base", "engine/scsi"}},
    {"engine/image", {"engine/base", "engine/system"}},
    {"engine/medium", {"engine/base"}},
    {"engine/drive", {"engine/base", "engine/scsi", "engine/mmc", "engine/medium"}},
    {"engine/validate",
     {"engine/base", "engine/scsi", "engine/conformance", "engine/mmc", "engine/medium",
      "engine/drive"}},
    {"engine/plan", {"engine/base", "engine/medium"}},
    {"engine/burn",
     {"engine/base", "engine/image", "engine/medium", "engine/plan", "engine/drive"}},
    {"engine/imapi",
     {"engine/base", "engine/system", "engine/scsi", "engine/image", "engine/medium", "engine/plan",
      "engine/drive", "engine/burn"}},
    {"engine/passthrough", {"engine/base", "engine/system", "engine/scsi"}},
    {"engine/passthrough_cdio", {"engine/base", "engine/scsi", "engine/passthrough"}},
    {"engine/cli",
     {"engine/base", "engine/system", "engine/scsi", "engine/mmc", "engine/image", "engine/medium",
      "engine/plan", "engine/drive", "engine/burn", "engine/validate", "engine/imapi",
      "engine/passthrough", "simdrive/disc", "simdrive/drive", "simdrive/hosts",
      "simdrive/mechanics", "simdrive/profiles"}},
    {"simdrive/mechanics", {"engine/base"}},
    {"simdrive/profiles", {"engine/base", "simdrive/mechanics"}},
    {"simdrive/disc", {"engine/base", "engine/system", "simdrive/mechanics"}},
    {"simdrive/drive",
     {"engine/base", "engine/scsi", "simdrive/disc", "simdrive/mechanics", "simdrive/profiles"}},
    {"simdrive/hosts",
     {"engine/base", "engine/system", "engine/scsi", "simdrive/disc", "simdrive/drive",
      "simdrive/mechanics", "simdrive/profiles"}},
    {"simdrive/cli",
     {"engine/base", "engine/system", "simdrive/disc", "simdrive/hosts", "simdrive/profiles"}},
};
const Folders kMayUseTheOperatingSystem{"engine/system", "engine/passthrough", "simdrive/hosts"};
const std::vector<std::string> kOperatingSystemHeaders{
    "<unistd.h>", "<fcntl.h>", "<sys/", "<dirent.h>", "<csignal>", "<linux/", "<scsi/"};
// Spelled in two halves, so that this file does not hold them.
const std::vector<std::string> kBannedWords{
    "#pragma "
    "pack",
    "is_"
    "simulated",
    "usleep"
    "(",
    "std::"
    "rand("};

struct Source {
  std::string folder;  // "engine/base"
  std::string path;
  std::vector<std::string> lines;
};

std::vector<Source> sources() {
  const fs::path root = PREGROOVE_SOURCE_DIR;
  std::vector<Source> found;
  for (const char* top : {"engine", "simdrive"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      const std::string path = entry.path().lexically_relative(root).string();
      Source source{.folder = path.substr(0, path.find('/', path.find('/') + 1)), .path = path};
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);) source.lines.push_back(line);
      found.push_back(std::move(source));
    }
  }
  return found;
}

// The folder of an include of ours; empty for any other line.
std::string included_folder(const std::string& line) {
  constexpr std::string_view kInclude = "#include \"";
  if (!line.starts_with(kInclude)) return {};
  const std::string name = line.substr(kInclude.size());
  const auto first = name.find('/');
  const auto second = name.find('/', first + 1);
  return second == std::string::npos ? name : name.substr(0, second);
}

TEST(Architecture, FoldersIncludeOnlyWhatTheyMay) {
  std::size_t includes = 0;
  for (const Source& source : sources()) {
    const auto allowed = kMayInclude.find(source.folder);
    ASSERT_NE(allowed, kMayInclude.end())
        << source.path << " is in a folder that the table does not know";
    for (const std::string& line : source.lines) {
      const std::string folder = included_folder(line);
      if (folder.empty() || folder == source.folder) continue;
      ++includes;
      EXPECT_TRUE(allowed->second.contains(folder)) << source.path << ": " << line;
    }
  }
  EXPECT_GT(includes, 100U) << "the sources were not found";
}

TEST(Architecture, OperatingSystemHeadersStayInTheirFolders) {
  for (const Source& source : sources()) {
    if (kMayUseTheOperatingSystem.contains(source.folder)) continue;
    for (const std::string& line : source.lines) {
      if (!line.starts_with("#include <")) continue;
      for (const std::string& header : kOperatingSystemHeaders)
        EXPECT_EQ(line.find(header), std::string::npos) << source.path << ": " << line;
    }
  }
}

TEST(Architecture, BannedWordsDoNotOccur) {
  for (const Source& source : sources())
    for (const std::string& line : source.lines)
      for (const std::string& word : kBannedWords)
        EXPECT_EQ(line.find(word), std::string::npos) << source.path << ": " << line;
}

TEST(Architecture, EveryFolderSaysWhatLivesThere) {
  for (const auto& [folder, allowed] : kMayInclude)
    EXPECT_TRUE(fs::exists(fs::path(PREGROOVE_SOURCE_DIR) / folder / "README.md")) << folder;
}

// A test source that no program builds tests nothing.
TEST(Tests, AreAllBuilt) {
  const fs::path root = fs::path(PREGROOVE_SOURCE_DIR) / "tests";
  std::string lists;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() != "CMakeLists.txt") continue;
    std::ifstream stream(entry.path());
    lists.append(std::istreambuf_iterator<char>(stream), {});
  }
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".cpp") continue;
    EXPECT_NE(lists.find(entry.path().filename().string()), std::string::npos) << entry.path();
  }
}

}  // namespace
