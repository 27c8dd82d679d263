// Folders whose every byte is known before a program sees them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/support/image_files.h"

namespace pregroove::interop {

using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

struct SourceTree {
  std::string root;        // holds the one folder that has the tree's name
  std::string folder;      // root/NAME
  PathsAndContents files;  // as on a disc with the root's content at its root: "/NAME/..."
};

// About twenty files of sizes around the block's, empty ones, some in folders, and one of
// megabytes. Their contents follow from the name; so do their times, which are long past.
[[nodiscard]] SourceTree make_tree(const ScratchFolder& below, const std::string& name);

// What both hold; of the same path, what the second holds.
[[nodiscard]] PathsAndContents both(PathsAndContents first, const PathsAndContents& second);

[[nodiscard]] std::string content_of_file(const std::string& path);

// The names that are left of the tree's without Rock Ridge and Joliet: all fit 8 and 3 characters.
[[nodiscard]] PathsAndContents with_plain_names(const PathsAndContents& files);

// All regular files below a folder, "/..." with their contents.
[[nodiscard]] PathsAndContents files_below(const std::string& folder);

// Names what is missing, too many or different, instead of showing megabytes.
[[nodiscard]] testing::AssertionResult same_files(const PathsAndContents& found,
                                                  const PathsAndContents& expected);

// Pseudo-random bytes that follow from the seed.
[[nodiscard]] std::string noise(std::size_t size, const std::string& seed);

}  // namespace pregroove::interop
