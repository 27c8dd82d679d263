#include "simdrive/hosts/preload/preload_environment.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "simdrive/hosts/preload/protocol.h"
#include "simdrive/hosts/socket_server.h"

namespace simdrive::hosts::preload {

namespace fs = std::filesystem;
using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;

namespace {

constexpr const char* kLibrary = "libsimdrive_preload.so";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr ? value : "";
}

// The descriptor that comes with the reply to a hello.
Descriptor receive_memory(int socket) {
  Reply reply;
  iovec part{.iov_base = &reply, .iov_len = sizeof(reply)};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  const cmsghdr* const header = got > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  int number = -1;
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS)
    std::memcpy(&number, CMSG_DATA(header), sizeof(int));
  return Descriptor(number);
}

bool exchange(int socket, const Request& request, Reply& reply) {
  return ::send(socket, &request, sizeof(request), MSG_NOSIGNAL) == sizeof(request) &&
         ::recv(socket, &reply, sizeof(reply), 0) == sizeof(reply);
}

}  // namespace

Result<std::string> find_library() {
  std::error_code ignored;
  const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* const place : {".", "../lib/simdrive", "../lib"}) {
    const fs::path file = (folder / place / kLibrary).lexically_normal();
    if (fs::is_regular_file(file, ignored)) return file.string();
  }
  return fail(ErrorCode::kNotFound,
              fmt::format("the preload library {} is not where simdrive is (\"{}\")", kLibrary,
                          folder.string()),
              "Build everything, or install simdrive with its library.");
}

Result<std::vector<std::string>> environment_for(const std::string& socket,
                                                 const std::string& folder) {
  PREGROOVE_ASSIGN_OR_RETURN(std::string library, find_library());
  // The loader splits its list there; a link has a path without.
  if (library.find_first_of(" :") != std::string::npos) {
    const std::string link = folder + "/" + kLibrary;
    std::error_code error;
    fs::create_symlink(library, link, error);
    if (!fs::exists(link))
      return fail(ErrorCode::kIo, fmt::format("cannot make \"{}\": {}", link, error.message()));
    library = link;
  }
  const std::string others = variable("LD_PRELOAD");
  // A program with the address sanitizer wants its library to be the first in the list, unless it
  // is told not to look.
  const std::string sanitizer = variable("ASAN_OPTIONS");
  return std::vector<std::string>{
      fmt::format("LD_PRELOAD={}{}{}", others, others.empty() ? "" : ":", library),
      fmt::format("ASAN_OPTIONS={}{}verify_asan_link_order=0", sanitizer,
                  sanitizer.empty() ? "" : ":"),
      fmt::format("{}={}", kSocketVariable, socket), fmt::format("{}={}", kFolderVariable, folder)};
}

Result<std::string> ask_for_folder(const std::string& socket) {
  PREGROOVE_ASSIGN_OR_RETURN(const Descriptor connection,
                             connect_to(socket, SocketKind::kSequencedPackets));
  const auto strange = [&] {
    return fail(ErrorCode::kProtocol,
                fmt::format("what listens at \"{}\" is no simdrive for programs", socket),
                "Start \"simdrive serve --socket SOCKET\" of the same version.");
  };
  const Request hello{.operation = Operation::kHello};
  if (::send(connection.get(), &hello, sizeof(hello), MSG_NOSIGNAL) != sizeof(hello))
    return strange();
  const Descriptor memory = receive_memory(connection.get());
  Reply reply;
  if (!memory.is_open() || !exchange(connection.get(), {.operation = Operation::kFolder}, reply) ||
      reply.error != 0)
    return strange();
  constexpr std::size_t kMost = 4096;
  void* const start = ::mmap(nullptr, kMost, PROT_READ, MAP_SHARED, memory.get(), 0);
  if (start == MAP_FAILED) return strange();
  const char* const text = static_cast<const char*>(start);
  std::string folder(text, ::strnlen(text, kMost));
  ::munmap(start, kMost);
  return folder;
}

}  // namespace simdrive::hosts::preload
