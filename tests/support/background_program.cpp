#include "tests/support/background_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

namespace pregroove::testing_support {
namespace {

constexpr int kPatience = 60'000;  // milliseconds in which nothing happens

// Closed in the parent when the end of the stream has come.
void drain(int& descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0)
    text.append(buffer.data(), static_cast<std::size_t>(count));
  else
    ::close(std::exchange(descriptor, -1));
}

}  // namespace

BackgroundProgram::BackgroundProgram(const std::vector<std::string>& command) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  for (auto* pipe : {&in, &out, &err})
    if (::pipe2(pipe->data(), O_CLOEXEC) != 0) return;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  if (::posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0)
    process_ = -1;
  ::posix_spawn_file_actions_destroy(&actions);
  for (const int theirs : {in[0], out[1], err[1]}) ::close(theirs);
  in_ = in[1];
  out_ = out[0];
  err_ = err[0];
}

BackgroundProgram::~BackgroundProgram() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  for (const int descriptor : {in_, out_, err_})
    if (descriptor >= 0) ::close(descriptor);
}

bool BackgroundProgram::collect() {
  if (out_ < 0 && err_ < 0) return false;
  // poll() passes over negative descriptors.
  std::array<pollfd, 2> streams{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (::poll(streams.data(), streams.size(), kPatience) <= 0) return false;
  if (streams[0].revents != 0) drain(out_, result_.out);
  if (streams[1].revents != 0) drain(err_, result_.err);
  return true;
}

bool BackgroundProgram::says(const std::string& text) {
  while (result_.out.find(text) == std::string::npos)
    if (out_ < 0 || !collect()) return false;
  return true;
}

void BackgroundProgram::write(const std::string& input) const {
  static_cast<void>(::write(in_, input.data(), input.size()) < 0);
}

void BackgroundProgram::end_input() {
  if (in_ >= 0) ::close(std::exchange(in_, -1));
}

void BackgroundProgram::signal(int number) const {
  if (process_ > 0) ::kill(process_, number);
}

ProcessResult BackgroundProgram::wait() {
  while (collect()) {
  }
  if (out_ >= 0) signal(SIGKILL);
  int status = 0;
  if (process_ > 0) ::waitpid(std::exchange(process_, -1), &status, 0);
  if (WIFEXITED(status)) result_.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
  return result_;
}

}  // namespace pregroove::testing_support
