// A program that runs beside the test, as a server does.
#pragma once

#include <string>
#include <vector>

#include "tests/support/process.h"

namespace pregroove::testing_support {

class BackgroundProgram {
 public:
  // With pipes as its three standard streams.
  explicit BackgroundProgram(const std::vector<std::string>& command);
  // Kills it, when it still runs.
  ~BackgroundProgram();
  BackgroundProgram(const BackgroundProgram&) = delete;
  BackgroundProgram& operator=(const BackgroundProgram&) = delete;

  // Waits until its standard output holds this text. False when it ended without, or a minute is
  // over.
  [[nodiscard]] bool says(const std::string& text);
  void write(const std::string& input) const;
  void end_input();
  void signal(int number) const;
  // Waits for its end, a minute at most; then it is killed.
  [[nodiscard]] ProcessResult wait();

 private:
  // Takes what comes on the two output streams; false at the end of both, and when time is over.
  bool collect();

  int process_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  ProcessResult result_;
};

}  // namespace pregroove::testing_support
