// What of a tree that shall be burned is on the disc already, and therefore costs no data: files
// that have not changed since, and files whose bytes the disc holds under another name or time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/image/checksums.h"
#include "engine/image/tree.h"

namespace pregroove::image {

struct UpdateCounts {
  std::size_t unchanged = 0;   // size, time, and attributes where the disc has them
  std::size_t same_bytes = 0;  // by checksum; only time or attributes are others
  std::size_t changed = 0;
  std::size_t added = 0;    // files and folders
  std::size_t removed = 0;  // of the disc's tree, files
  [[nodiscard]] bool anything() const { return same_bytes + changed + added + removed > 0; }
};

// Whether the names of the disc came from Rock Ridge, which keeps owners and permissions.
enum class CompareAttributes : std::uint8_t { kYes, kNo };

// The session that `base` of keep_unchanged() is the tree of.
struct BaseSession {
  CompareAttributes attributes = CompareAttributes::kYes;
  system::FileTime begun;  // before its files were read (Imported::created)
};

// Gives the files of `added` that are in `base` under the same path with the same bytes the extents
// that they have there. Files with the same size and time have the same bytes, with one exception.
// A disc keeps whole seconds, so that a file which changed while the session was burned may have
// changed again within the same second: such a file is read, as one with the same size and another
// time is, and its checksum decides; without a stored one it counts as changed. So does one that
// cannot be read: whoever burns it, says why.
[[nodiscard]] UpdateCounts keep_unchanged(Tree& added, const Tree& base,
                                          const StoredChecksums& stored,
                                          const BaseSession& session);

// Removes from `base` what is below these folders of it and not in `added`; the number of files.
std::size_t remove_missing(Tree& base, const Tree& added, const std::vector<std::string>& folders);

struct ShareOptions {
  std::vector<std::string> apart;  // paths of files whose bytes will be changed in the image
  std::function<bool()> cancelled;
};

struct ShareCounts {
  std::size_t files = 0;    // that share their blocks with another
  std::uint64_t bytes = 0;  // saved by that
};

// Finds source files with the same bytes, in the tree and, by stored checksums, on the disc: they
// will share blocks. Reads the files of which another of the same size is known, and no others.
// kCancelled.
[[nodiscard]] Result<ShareCounts> share_contents(Tree& tree, const StoredChecksums& stored,
                                                 const ShareOptions& options = {});

}  // namespace pregroove::image
