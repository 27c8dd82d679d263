#include "tests/interop/burners/source_tree.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace pregroove::interop {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 2048;
constexpr std::size_t kLargeFile = 3 * 1024 * 1024 + 77;

}  // namespace

std::string noise(std::size_t size, const std::string& seed) {
  std::seed_seq sequence(seed.begin(), seed.end());
  std::mt19937 random(sequence);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string content_of_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

SourceTree make_tree(const ScratchFolder& below, const std::string& name) {
  SourceTree tree{.root = below.path(fmt::format("{}_root", name)), .folder = {}, .files = {}};
  tree.folder = fmt::format("{}/{}", tree.root, name);
  const auto add = [&](const std::string& path, std::string content) {
    (void)below.write(fmt::format("{0}_root/{0}{1}", name, path), content);
    tree.files[fmt::format("/{}{}", name, path)] = std::move(content);
  };
  add("/letter.txt", "A letter in " + name + ".\n");
  add("/empty", "");
  add("/block", noise(kBlock, name + "block"));
  add("/more", noise(kBlock + 1, name + "more"));
  add("/less", noise(kBlock - 1, name + "less"));
  add("/large.bin", noise(kLargeFile, name));
  for (int i = 0; i < 8; ++i) {
    const std::string number = std::to_string(i);
    add(fmt::format("/photos/img_{}.dat", i),
        noise(static_cast<std::size_t>(i) * 4999, name + number));
    add(fmt::format("/photos/old/note{}.txt", i), fmt::format("{} {}", name, i));
  }
  return tree;
}

PathsAndContents both(PathsAndContents first, const PathsAndContents& second) {
  for (const auto& [path, content] : second) first[path] = content;
  return first;
}

PathsAndContents files_below(const std::string& folder) {
  PathsAndContents files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files["/" + entry.path().lexically_relative(folder).string()] =
        content_of_file(entry.path().string());
  }
  return files;
}

PathsAndContents with_plain_names(const PathsAndContents& files) {
  PathsAndContents plain;
  for (const auto& [path, content] : files) {
    std::string upper = path;
    for (char& letter : upper)
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    plain[upper] = content;
  }
  return plain;
}

testing::AssertionResult same_files(const PathsAndContents& found,
                                    const PathsAndContents& expected) {
  auto result = testing::AssertionFailure();
  bool same = !expected.empty();
  const auto complain = [&](const std::string& path, const char* what) {
    same = false;
    result << "\n  " << path << ": " << what;
  };
  for (const auto& [path, content] : expected) {
    const auto file = found.find(path);
    if (file == found.end())
      complain(path, "missing");
    else if (file->second != content)
      complain(path, file->second.size() == content.size() ? "other bytes" : "another size");
  }
  for (const auto& [path, content] : found)
    if (!expected.contains(path)) complain(path, "not expected");
  return same ? testing::AssertionSuccess() : result;
}

}  // namespace pregroove::interop
