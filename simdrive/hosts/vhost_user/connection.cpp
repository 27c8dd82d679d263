#include "simdrive/hosts/vhost_user/connection.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "simdrive/hosts/vhost_user/back_end.h"
#include "simdrive/hosts/vhost_user/messages.h"

namespace simdrive::hosts::vhost_user {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;

struct Received {
  WireHeader header;
  std::vector<std::byte> payload;
  std::vector<Descriptor> files;
};

std::unexpected<pregroove::Error> cut_off() {
  return fail(ErrorCode::kProtocol, "the connection ends in the middle of a message");
}

// All of it; false at the end of the connection.
bool receive(int socket, std::span<std::byte> buffer) {
  while (!buffer.empty()) {
    const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    buffer = buffer.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

// The files that came with a piece of a message belong to us from here on, whatever they are.
std::vector<Descriptor> take_files(msghdr& message) {
  std::vector<Descriptor> files;
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(each) + i * sizeof(int), sizeof(int));
      files.emplace_back(number);
    }
  }
  return files;
}

// nullopt at the end of the connection, between two messages.
Result<std::optional<Received>> receive_message(int socket) {
  Received received;
  std::array<std::byte, sizeof(WireHeader)> header{};
  iovec place{header.data(), header.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(kMaxFiles * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return std::nullopt;
  received.files = take_files(message);
  if ((message.msg_flags & MSG_CTRUNC) != 0)
    return fail(ErrorCode::kProtocol, "too many files with a message");
  if (!receive(socket, std::span(header).subspan(static_cast<std::size_t>(got)))) return cut_off();
  received.header = *pregroove::read_struct<WireHeader>(header);
  const std::uint32_t size = received.header.size.value();
  if (size > kMaxPayload) return fail(ErrorCode::kProtocol, "a message is too long");
  received.payload.resize(size);
  if (!receive(socket, received.payload)) return cut_off();
  return received;
}

bool send_all(int socket, std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto sent = ::send(socket, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

// Also handles of a queue's events are written to, and their readers may be gone.
void keep_broken_pipes_away() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

Status serve_connection(int socket, ServedDrive& drive, std::size_t host) {
  keep_broken_pipes_away();
  BackEnd back_end(drive, host);
  for (;;) {
    // poll() passes over negative numbers.
    std::array<pollfd, kQueues + 1> waited{};
    for (std::size_t queue = 0; queue < kQueues; ++queue)
      waited.at(queue) = {back_end.kick_of(queue), POLLIN, 0};
    waited.back() = {socket, POLLIN, 0};
    if (::poll(waited.data(), waited.size(), -1) < 0) continue;
    if (waited.back().revents != 0) {
      // First: it may stop a queue.
      PREGROOVE_ASSIGN_OR_RETURN(auto received, receive_message(socket));
      if (!received) return {};
      PREGROOVE_ASSIGN_OR_RETURN(
          const auto reply,
          back_end.handle(received->header, received->payload, std::move(received->files)));
      if (!send_all(socket, reply)) return {};
      continue;
    }
    for (std::size_t queue = 0; queue < kQueues; ++queue)
      if (waited.at(queue).revents != 0) PREGROOVE_RETURN_IF_ERROR(back_end.serve(queue));
  }
}

}  // namespace simdrive::hosts::vhost_user
