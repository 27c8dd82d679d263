// Reads file trees from disk into a Tree: names, sizes and times only; contents are read when the
// image is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/image/tree.h"

namespace pregroove::image {

// What to read, and where it goes on the disc. A target of "/" puts what is in the source folder at
// the root; any other target becomes the path of the source itself.
struct Graft {
  std::string source;
  std::string target;
};

// A path that goes to the root of the disc under its own name, as `cp -r` would put it: the last
// component of the absolute, normalised path ("." is the name of the current folder; "/" is its
// content).
[[nodiscard]] Result<Graft> graft_under_own_name(const std::string& path);

// What becomes of symbolic links, devices, pipes and sockets. Only Rock Ridge can hold them.
enum class SpecialFiles : std::uint8_t {
  kFollowLinks,  // links become what they lead to; all else is left out
  kKeep,         // all are kept as what they are, links that lead nowhere too
  kKeepAndFollowLinks,
};

struct ScanOptions {
  SpecialFiles special_files = SpecialFiles::kFollowLinks;
  Overwrite overwrite = Overwrite::kNo;  // two sources with the same path on the disc
};

struct ScanResult {
  Tree tree;
  // What was left out, and why: dangling links, links that lead back to a folder above, devices,
  // sockets and pipes, as far as they are not kept. One sentence each, naming the path.
  std::vector<std::string> warnings;
};

// A source that is a symbolic link itself is always followed. kNotFound: a source is missing;
// kAccessDenied: a file or folder cannot be read; kAlreadyExists: two sources claim one name.
[[nodiscard]] Result<ScanResult> scan(const std::vector<Graft>& grafts,
                                      const ScanOptions& options = {});

}  // namespace pregroove::image
