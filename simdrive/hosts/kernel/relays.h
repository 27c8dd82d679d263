// The program's standard streams on their way between this process and the kernel.
#pragma once

#include <cstdint>
#include <string>

#include "simdrive/hosts/descriptor.h"

namespace simdrive::hosts::kernel {

// What is appended to a file, copied to a descriptor.
class OutputRelay {
 public:
  OutputRelay(std::string file, int to) : file_(std::move(file)), to_(to) {}
  // All that was appended since the last time; false when it could not be written.
  [[nodiscard]] bool copy();

 private:
  std::string file_;
  Descriptor from_;  // once the file is there
  int to_;
};

// A stream, encoded for a serial line: lines of base64, and control-D for its end.
class InputRelay {
 public:
  // `from` is left open; `to` is a socket.
  InputRelay(int from, Descriptor to);

  // To be waited for: the source to become readable, or the line to take more; -1: neither.
  [[nodiscard]] int waits_to_read() const;
  [[nodiscard]] int waits_to_write() const;
  // Moves what can be moved without waiting. REQUIRES: one of them is ready.
  void move();

 private:
  void encode();
  void send();

  int from_;
  Descriptor to_;
  std::string encoded_;
  std::size_t sent_ = 0;
  bool ended_ = false;
};

}  // namespace simdrive::hosts::kernel
