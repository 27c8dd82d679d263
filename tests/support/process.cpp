#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace pregroove::testing_support {
namespace {

constexpr uid_t kNobody = 65534;

[[noreturn]] void become(const std::vector<std::string>& command, const ProcessOptions& options,
                         int out, int err) {
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (options.as_nobody && ::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0))
    ::_exit(127);
  for (const std::string& variable : options.environment)
    ::putenv(const_cast<char*>(variable.c_str()));
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

// Appends what is there; false at the end of the stream.
bool drain(int descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

class Watcher {
 public:
  Watcher(int process, const ProcessOptions& options) : process_(process), options_(options) {}

  void collect(int out, int err, ProcessResult& result) {
    std::array<pollfd, 2> streams{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
    int open = 2;
    while (open > 0) {
      const int wait = kill_due() ? 0 : next_wait();
      if (::poll(streams.data(), streams.size(), wait) < 0) continue;
      if (kill_due() && !killed_) {
        ::kill(process_, SIGKILL);
        killed_ = true;
      }
      for (std::size_t i = 0; i < streams.size(); ++i) {
        if (streams[i].fd < 0 || streams[i].revents == 0) continue;
        if (drain(streams[i].fd, i == 0 ? result.out : result.err)) continue;
        streams[i].fd = -1;
        --open;
      }
      tell_if_due(result.err);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool kill_due() const {
    return options_.kill_after && Clock::now() - start_ >= *options_.kill_after;
  }
  int next_wait() const {
    if (!options_.kill_after || killed_) return -1;
    const auto left = *options_.kill_after - (Clock::now() - start_);
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
  }
  void tell_if_due(const std::string& err) {
    if (told_ || options_.when_told.empty() || err.find(options_.when_told) == std::string::npos)
      return;
    told_ = true;
    options_.then(process_);
  }

  int process_;
  const ProcessOptions& options_;
  Clock::time_point start_ = Clock::now();
  bool killed_ = false;
  bool told_ = false;
};

}  // namespace

ProcessResult run(const std::vector<std::string>& command, const ProcessOptions& options) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  ProcessResult result;
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) return result;
  const pid_t process = ::fork();
  if (process == 0) become(command, options, out[1], err[1]);
  ::close(out[1]);
  ::close(err[1]);
  Watcher(process, options).collect(out[0], err[0], result);
  ::close(out[0]);
  ::close(err[0]);
  int status = 0;
  ::waitpid(process, &status, 0);
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace pregroove::testing_support
