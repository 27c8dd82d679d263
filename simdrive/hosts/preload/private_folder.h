// A temporary folder that only this user can look into; removed with what is in it.
#pragma once

#include <string>
#include <utility>

#include "engine/base/error.h"

namespace simdrive::hosts::preload {

class PrivateFolder {
 public:
  // In $TMPDIR, or in /tmp when there is none or a socket in it would have too long a path.
  [[nodiscard]] static pregroove::Result<PrivateFolder> create();
  PrivateFolder(PrivateFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateFolder& operator=(PrivateFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~PrivateFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  explicit PrivateFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace simdrive::hosts::preload
