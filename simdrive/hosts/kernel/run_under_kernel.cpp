#include "simdrive/hosts/kernel/run_under_kernel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "simdrive/hosts/kernel/installation.h"
#include "simdrive/hosts/kernel/kernel_process.h"
#include "simdrive/hosts/kernel/relays.h"

namespace simdrive::hosts::kernel {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;
using Clock = std::chrono::steady_clock;

// It takes two seconds; a slow machine with other work may take much longer.
constexpr auto kBootTime = std::chrono::minutes(3);
// For ending by itself after it was asked to.
constexpr auto kEndTime = std::chrono::seconds(10);
constexpr int kSignalled = 128;
constexpr const char* kDrive = "drive";

Status write_file(const std::string& path, const std::string& text, std::uint32_t mode) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file || ::chmod(path.c_str(), mode) != 0)
    return fail(ErrorCode::kIo, fmt::format("cannot write \"{}\"", path));
  return {};
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::unexpected<pregroove::Error> system_failure(const char* what) {
  return fail(ErrorCode::kIo,
              fmt::format("cannot {}: {}", what, std::generic_category().message(errno)));
}

// What the kernel says on its console, which is not the program's. A pipe: with a file there the
// kernel's serial line receives nothing.
class Console {
 public:
  // The end that the kernel writes to.
  Result<Descriptor> open() {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return system_failure("make a pipe");
    from_ = Descriptor(pipe[0]);
    ::fcntl(from_.get(), F_SETFL, O_NONBLOCK);
    return Descriptor(pipe[1]);
  }
  // -1 once all has been read.
  [[nodiscard]] int descriptor() const { return from_.get(); }
  void read() {
    std::array<char, 4096> buffer{};
    const auto got = ::read(from_.get(), buffer.data(), buffer.size());
    if (got == 0) from_ = {};
    if (got <= 0) return;
    words_.append(buffer.data(), static_cast<std::size_t>(got));
    if (words_.size() > kEnough) words_.erase(0, words_.size() - kEnough);
  }
  [[nodiscard]] std::string last_words() {
    read();
    std::string words = words_;
    std::erase(words, '\r');
    while (words.ends_with('\n')) words.pop_back();
    return words.empty() ? "nothing" : words;
  }

 private:
  static constexpr std::size_t kEnough = 1000;
  Descriptor from_;
  std::string words_;
};

class Run {
 public:
  Run(const KernelRun& run, const ProcessSignals& signals)
      : run_(run),
        signals_(signals),
        out_(in_folder(shared::kStandardOutput), STDOUT_FILENO),
        err_(in_folder(shared::kStandardError), STDERR_FILENO) {}

  Result<int> operator()() {
    PREGROOVE_RETURN_IF_ERROR(prepare());
    PREGROOVE_ASSIGN_OR_RETURN(KernelProcess kernel, start());
    PREGROOVE_RETURN_IF_ERROR(attend(kernel));
    const bool printed = copy_output();
    if (ended_by_) return kSignalled + *ended_by_;
    if (!printed) return kSignalled + SIGPIPE;
    return exit_status();
  }

 private:
  [[nodiscard]] std::string in_folder(const char* name) const { return run_.folder + "/" + name; }

  Status prepare() {
    PREGROOVE_ASSIGN_OR_RETURN(installation_, find_installation());
    PREGROOVE_RETURN_IF_ERROR(write_file(
        in_folder(shared::kInit),
        init_script(
            {.folder = run_.folder, .modules = installation_.modules, .program = run_.program}),
        0700));
    PREGROOVE_RETURN_IF_ERROR(
        write_file(in_folder(shared::kProgram), program_script(run_.program), 0600));
    // The socket's own path may hold what a kernel's command line cannot.
    std::error_code error;
    const auto socket = std::filesystem::absolute(run_.drive_socket, error);
    if (!error && socket != in_folder(kDrive))
      std::filesystem::create_symlink(socket, in_folder(kDrive), error);
    if (error) return fail(ErrorCode::kIo, "cannot make a link to the drive's socket");
    changes_ = Descriptor(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (::inotify_add_watch(changes_.get(), run_.folder.c_str(), IN_CREATE | IN_MODIFY) < 0)
      return system_failure("watch the kernel's files");
    return {};
  }

  [[nodiscard]] std::vector<std::string> command_line() const {
    return {installation_.kernel,
            "mem=" + run_.memory,
            "root=/dev/root",
            "rootfstype=hostfs",
            "rootflags=/",
            "ro",
            "init=" + in_folder(shared::kInit),
            "con=null",
            "con0=null,fd:1",
            "ssl=null",
            "ssl0=fd:0",
            "quiet",
            "loglevel=3",
            "panic=1",
            "noreboot",
            "umid=kernel",
            "uml_dir=" + run_.folder + "/",
            "virtio_uml.device=" + in_folder(kDrive) + ":8"};
  }

  Result<KernelProcess> start() {
    // A serial line wants to write as well, and waits with epoll, which takes no files.
    std::array<int, 2> line{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line.data()) != 0)
      return system_failure("make a serial line");
    const Descriptor input(line[0]);
    input_.emplace(STDIN_FILENO, Descriptor(line[1]));
    PREGROOVE_ASSIGN_OR_RETURN(const Descriptor console, console_.open());
    return KernelProcess::start({.words = command_line(),
                                 .environment = {"PATH=/usr/bin:/bin", "HOME=" + run_.folder},
                                 .input = input.get(),
                                 .output = console.get(),
                                 .signals = signals_.mask_before()});
  }

  [[nodiscard]] bool copy_output() {
    const bool out = out_.copy();
    return err_.copy() && out;
  }

  // Until the kernel has ended.
  Status attend(KernelProcess& kernel) {
    const auto begin = Clock::now();
    std::optional<Clock::time_point> told;
    while (!kernel.ended()) {
      listens_ = listens_ || std::filesystem::exists(in_folder(shared::kListens));
      if (!told && !listens_ && Clock::now() - begin > kBootTime)
        return fail(ErrorCode::kTimeout,
                    "the kernel does not start; it said: " + console_.last_words());
      if (told && Clock::now() - *told > kEndTime) return {};
      wait();
      const bool stop = !copy_output() || stop_asked();
      if (stop && !told) {
        kernel.stop();
        told = Clock::now();
      }
    }
    return {};
  }

  // For something to do, or for a look at the clock.
  void wait() {
    constexpr int kLook = 1000;
    std::array waited{pollfd{signals_.descriptor(), POLLIN, 0}, pollfd{changes_.get(), POLLIN, 0},
                      pollfd{console_.descriptor(), POLLIN, 0},
                      pollfd{listens_ ? input_->waits_to_read() : -1, POLLIN, 0},
                      pollfd{input_->waits_to_write(), POLLOUT, 0}};
    if (::poll(waited.data(), waited.size(), kLook) <= 0) return;
    std::array<char, 4096> news{};
    while (::read(changes_.get(), news.data(), news.size()) > 0) {
    }
    if (waited[2].revents != 0) console_.read();
    if (waited[3].revents != 0 || waited[4].revents != 0) input_->move();
  }

  [[nodiscard]] bool stop_asked() {
    while (const auto signal = signals_.take())
      if (*signal != SIGCHLD && !ended_by_) ended_by_ = signal;
    return ended_by_.has_value();
  }

  [[nodiscard]] Result<int> exit_status() {
    const std::string text = content_of(in_folder(shared::kExitStatus));
    int status = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    if (error == std::errc{}) return status;
    std::string failure = content_of(in_folder(shared::kFailure));
    while (failure.ends_with('\n')) failure.pop_back();
    if (!failure.empty())
      return fail(ErrorCode::kIo, fmt::format("the kernel cannot run the program: {}", failure));
    return fail(ErrorCode::kIo,
                "the kernel ended before the program did; it said: " + console_.last_words());
  }

  const KernelRun& run_;
  const ProcessSignals& signals_;
  Installation installation_;
  Console console_;
  OutputRelay out_;
  OutputRelay err_;
  std::optional<InputRelay> input_;
  Descriptor changes_;
  bool listens_ = false;  // to the serial line: what came before would not be noticed
  std::optional<int> ended_by_;
};

}  // namespace

Result<Program> program_of(const std::vector<std::string>& words) {
  std::error_code error;
  Program program{.words = words, .working_folder = std::filesystem::current_path(error).string()};
  if (error) return fail(ErrorCode::kNotFound, "the working folder does not exist any more");
  for (char** entry = environ; *entry != nullptr; ++entry) program.environment.emplace_back(*entry);
  program.file_mode_mask = ::umask(0);
  ::umask(program.file_mode_mask);
  return program;
}

Result<int> run_under_kernel(const KernelRun& run, const ProcessSignals& signals) {
  if (run.program.words.empty()) return fail(ErrorCode::kInvalidArgument, "there is no program");
  return Run(run, signals)();
}

}  // namespace simdrive::hosts::kernel
