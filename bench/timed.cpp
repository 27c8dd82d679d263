// Runs a program with its standard output where it is told, and prints what the run cost, as one
// line of JSON. A process of its own, because the peak memory that the kernel reports of a child
// counts what its parent had when the child was made: here, next to nothing.
//
//   timed null|pipe|FILE PROGRAM ARGUMENT...
//
// pipe: a pipe of 1 MiB whose other end is read to nowhere. FILE is replaced.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

constexpr int kPipeSize = 1 << 20;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "timed: %s: %s\n", what, std::strerror(errno));
  std::exit(125);
}

double seconds_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Reads until the other side has closed; the bytes.
long long drain(int from) {
  static std::array<char, std::size_t{1} << 17U> buffer;
  long long total = 0;
  for (;;) {
    const ssize_t count = ::read(from, buffer.data(), buffer.size());
    if (count < 0 && errno != EINTR) give_up("the pipe");
    if (count == 0) return total;
    if (count > 0) total += count;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: timed null|pipe|FILE PROGRAM ARGUMENT...\n", stderr);
    return 2;
  }
  const std::string_view where = argv[1];
  std::array<int, 2> ends{-1, -1};
  int output = -1;
  if (where == "pipe") {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("pipe");
    if (::fcntl(ends[1], F_SETPIPE_SZ, kPipeSize) < 0) give_up("the size of the pipe");
    output = ends[1];
  } else {
    const char* const path = where == "null" ? "/dev/null" : argv[1];
    output = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output < 0) give_up(path);
  }
  const double begin = seconds_now();
  const pid_t child = ::fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    ::dup2(output, STDOUT_FILENO);
    ::execvp(argv[2], argv + 2);
    std::fprintf(stderr, "timed: %s: %s\n", argv[2], std::strerror(errno));
    ::_exit(127);
  }
  long long bytes = 0;
  if (where == "pipe") {
    ::close(ends[1]);
    bytes = drain(ends[0]);
  } else if (where != "null") {
    bytes = -1;  // looked up below, when the program has ended
  }
  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) < 0) give_up("wait4");
  const double wall = seconds_now() - begin;
  if (bytes < 0) bytes = ::lseek(output, 0, SEEK_END);
  std::printf("{\"wall\": %.6f, \"cpu\": %.6f, \"peak_kib\": %ld, \"bytes\": %lld, \"exit\": %d}\n",
              wall, seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss, bytes,
              WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
  return 0;
}
