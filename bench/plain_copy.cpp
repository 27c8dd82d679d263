// The floor of bench/compare: a folder's files, one after the other in the order of their names, to
// standard output, each padded to whole blocks of 2,048 bytes. It looks at every entry, and opens
// and reads every file, as each program that makes an image has to, and writes nothing else.
//
//   plain_copy FOLDER [BYTES]      BYTES: the size of a write, 1 MiB unless told
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kBlockSize = 2048;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "plain_copy: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

// Bytes on their way to standard output.
class Output {
 public:
  explicit Output(std::size_t size) : buffer_(size) {}

  // Where the next bytes may be put; never nothing.
  char* place(std::size_t& room) {
    if (used_ == buffer_.size()) flush();
    room = buffer_.size() - used_;
    return buffer_.data() + used_;
  }
  void add(std::size_t count) { used_ += count; }

  void pad() {
    const std::size_t end = (used_ + kBlockSize - 1) / kBlockSize * kBlockSize;
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(used_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end), '\0');
    used_ = end;
  }

  void flush() {
    for (std::size_t done = 0; done < used_;) {
      const ssize_t count = ::write(STDOUT_FILENO, buffer_.data() + done, used_ - done);
      if (count < 0) give_up("standard output");
      done += static_cast<std::size_t>(count);
    }
    used_ = 0;
  }

 private:
  std::vector<char> buffer_;  // a whole number of blocks
  std::size_t used_ = 0;
};

void copy_file(int folder, const char* name, Output& output) {
  const int file = ::openat(folder, name, O_RDONLY | O_CLOEXEC);
  if (file < 0) give_up(name);
  for (;;) {
    std::size_t room = 0;
    char* const place = output.place(room);
    const ssize_t count = ::read(file, place, room);
    if (count < 0) give_up(name);
    if (count == 0) break;
    output.add(static_cast<std::size_t>(count));
  }
  ::close(file);
  output.pad();
}

std::vector<std::string> names_in(int folder) {
  DIR* const listing = ::fdopendir(::dup(folder));
  if (listing == nullptr) give_up("a folder");
  std::vector<std::string> names;
  while (const dirent* const entry = ::readdir(listing)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(listing);
  std::sort(names.begin(), names.end());
  return names;
}

void copy_folder(int folder, Output& output) {
  for (const std::string& name : names_in(folder)) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) give_up(name.c_str());
    if (S_ISREG(status.st_mode)) copy_file(folder, name.c_str(), output);
    if (!S_ISDIR(status.st_mode)) continue;
    const int child = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (child < 0) give_up(name.c_str());
    copy_folder(child, output);
    ::close(child);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const long size = argc == 3 ? std::atol(argv[2]) : 1L << 20;
  if (argc < 2 || argc > 3 || size < static_cast<long>(kBlockSize) ||
      size % static_cast<long>(kBlockSize) != 0) {
    std::fputs("usage: plain_copy FOLDER [BYTES]   BYTES: a multiple of 2048\n", stderr);
    return 2;
  }
  const int folder = ::open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) give_up(argv[1]);
  Output output(static_cast<std::size_t>(size));
  copy_folder(folder, output);
  output.flush();
  return 0;
}
