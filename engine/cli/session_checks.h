// The checksums that were stored with a session when it was burned: by us for each file, by
// libisofs for the session.
#pragma once

#include <string>
#include <vector>

#include "engine/cli/session_view.h"
#include "engine/image/checksums.h"
#include "engine/image/libisofs_tags.h"

namespace pregroove::cli {

class SessionChecks {
 public:
  struct Failure {
    std::string of;  // which part of the session
    Error error;
  };

  // Reads what is stored, and checks what is not of a single file: our folders, libisofs' session,
  // all of which is read for it. kCancelled on Ctrl-C.
  [[nodiscard]] static Result<SessionChecks> make(SessionView& view);

  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }
  // nullptr for a file without one.
  [[nodiscard]] const image::StoredChecksum* find(const image::File& file) const;
  // Whether the checksum of the session has proven the file already.
  [[nodiscard]] bool is_proven(const image::File& file) const;

 private:
  [[nodiscard]] Status check_ours(SessionView& view, image::ChecksumPlace place);
  [[nodiscard]] Status check_libisofs(SessionView& view);

  image::StoredChecksums stored_;
  std::optional<image::LibisofsSum> proven_;
  std::vector<Failure> failures_;
};

// Whether the bytes are those of which the checksum was taken when they were burned.
[[nodiscard]] Status check_sum(const image::Sha256Sum& sum, const image::StoredChecksum& stored);

}  // namespace pregroove::cli
