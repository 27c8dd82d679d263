// A file that gets its name when it is complete: until then it has a name of its own that nothing
// else has, and it is removed when the work on it is given up.
#pragma once

#include <string>

#include "engine/base/error.h"
#include "engine/system/file.h"

namespace pregroove::system {

class OutputFile {
 public:
  // kAlreadyExists when the path is taken and may not be replaced; kUnsupported when what is there
  // is no regular file, which is never replaced.
  [[nodiscard]] static Result<OutputFile> create(const std::string& path, Replace replace);

  OutputFile(OutputFile&& other) noexcept = default;
  OutputFile& operator=(OutputFile&&) = delete;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  [[nodiscard]] File& file() { return file_; }
  // Gives the file its name.
  [[nodiscard]] Status complete();

 private:
  OutputFile(File file, std::string path, Replace replace)
      : file_(std::move(file)), path_(std::move(path)), replace_(replace) {}

  File file_;
  std::string path_;
  Replace replace_;
};

}  // namespace pregroove::system
