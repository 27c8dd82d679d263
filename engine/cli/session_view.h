// A session of the disc in a drive, opened for reading: what ls, extract and verify work on.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "engine/burn/disc_reader.h"
#include "engine/burn/session_import.h"
#include "engine/cli/command.h"
#include "engine/drive/drive.h"
#include "engine/imapi/recorder_provider.h"

namespace pregroove::cli {

struct SessionOptions {
  DriveOptions drive;
  int session = 0;  // 0: the newest that can be read whole
};
void add_session_options(CLI::App& command, SessionOptions& options);

class SessionView {
 public:
  // Sessions that had to be passed over are told on standard error.
  [[nodiscard]] static Result<std::unique_ptr<SessionView>> open(const SessionOptions& options);

  [[nodiscard]] const burn::ImportedSession& session() const { return session_; }
  [[nodiscard]] const image::Tree& tree() const { return session_.content.tree; }
  [[nodiscard]] image::BlockReader& reader() { return reader_; }

 private:
  explicit SessionView(std::shared_ptr<imapi::RecorderDevice> device);
  [[nodiscard]] Status load(int session);

  std::shared_ptr<imapi::RecorderDevice> device_;
  drive::Drive drive_;
  burn::DiscReader reader_;
  burn::ImportedSession session_;
};

// A file of the session with its path on the disc, in the order in which it lies there.
struct ListedFile {
  std::string path;
  const image::File* file = nullptr;
};
[[nodiscard]] std::vector<ListedFile> files_by_address(const image::Tree& tree);

}  // namespace pregroove::cli
