#include "simdrive/hosts/preload/library/connection.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIG_SETMASK
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <initializer_list>

#include "simdrive/hosts/preload/library/devices.h"

namespace simdrive::hosts::preload {
namespace {

std::atomic<std::uint64_t> waited_us = 0;

struct Connection {
  long process = 0;
  int socket = -1;
  dev_t socket_device = 0;  // which socket it was, should the program close or replace it
  ino_t socket_inode = 0;
  std::uint8_t* payload = nullptr;
  long haste = 1;
};
Connection connection;
pthread_mutex_t connection_lock = PTHREAD_MUTEX_INITIALIZER;

// What another thread held when this process was forked is held by nobody here.
void after_fork() { connection_lock = PTHREAD_MUTEX_INITIALIZER; }
__attribute__((constructor)) void at_start() { ::pthread_atfork(nullptr, nullptr, after_fork); }

// The bytes that were brought up to date last; guarded by the lock.
struct Readable {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};
Readable last_readable;

void close_quietly(int descriptor) { quietly(SYS_close, descriptor); }

bool is_our_socket() {
  struct stat status {};
  return connection.socket >= 0 &&
         quietly(SYS_fstat, connection.socket, reinterpret_cast<long>(&status)) == 0 &&
         S_ISSOCK(status.st_mode) && status.st_dev == connection.socket_device &&
         status.st_ino == connection.socket_inode;
}

void disconnect() {
  if (is_our_socket()) close_quietly(connection.socket);
  if (connection.payload != nullptr)
    quietly(SYS_munmap, reinterpret_cast<long>(connection.payload), kPayloadSize);
  connection = {};
  last_readable = {};
}

// Out of the way of programs that close all low numbers, or that expect to be given them.
int moved_high(int descriptor) {
  for (const long lowest : {900L, 200L, 100L, 20L}) {
    const long moved = quietly(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, lowest);
    if (moved < 0) continue;
    close_quietly(descriptor);
    return static_cast<int>(moved);
  }
  return descriptor;
}

int connected_socket() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(socket_path());
  if (length >= sizeof(address.sun_path)) return -1;
  std::memcpy(address.sun_path, socket_path(), length);
  const long made = quietly(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC);
  if (made < 0) return -1;
  const int descriptor = moved_high(static_cast<int>(made));
  if (quietly(SYS_connect, descriptor, reinterpret_cast<long>(&address), sizeof(address)) == 0)
    return descriptor;
  close_quietly(descriptor);
  return -1;
}

bool send(int socket, const Request& request) {
  const int kept = errno;
  ssize_t sent = -1;
  do sent = ::send(socket, &request, sizeof(request), MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  errno = kept;
  return sent == static_cast<ssize_t>(sizeof(request));
}

bool receive(int socket, Reply& reply) {
  const int kept = errno;
  ssize_t got = -1;
  do got = ::recv(socket, &reply, sizeof(reply), 0);
  while (got < 0 && errno == EINTR);
  errno = kept;
  return got == static_cast<ssize_t>(sizeof(reply));
}

// The descriptor that comes with the first reply.
int receive_memory(int socket, Reply& reply) {
  const int kept = errno;
  iovec part{.iov_base = &reply, .iov_len = sizeof(reply)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};  // NOLINT(*-avoid-c-arrays)
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t got = -1;
  do got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  errno = kept;
  const cmsghdr* const header = got > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof(int));
  return descriptor;
}

// By the call itself: mmap() is one of the functions that are taken over.
//
// A program that locks all that it will ever map (mlockall, MCL_FUTURE: wodim does) may lock so
// little as an ordinary user that this memory is refused. Then only what it has now stays locked.
std::uint8_t* mapped(int memory) {
  const int kept = errno;
  const auto map = [memory] {
    return ::syscall(SYS_mmap, nullptr, kPayloadSize, PROT_READ | PROT_WRITE, MAP_SHARED, memory,
                     0L);
  };
  long start = map();
  if (start == -1 && errno == EAGAIN && ::syscall(SYS_mlockall, MCL_CURRENT) == 0) start = map();
  errno = kept;
  return start == -1 ? nullptr : reinterpret_cast<std::uint8_t*>(start);
}

bool connect() {
  const int socket = connected_socket();
  if (socket < 0) return false;
  struct stat status {};
  quietly(SYS_fstat, socket, reinterpret_cast<long>(&status));
  connection.process = quietly(SYS_getpid, 0);
  connection.socket = socket;
  connection.socket_device = status.st_dev;
  connection.socket_inode = status.st_ino;
  if (!send(socket, {.operation = Operation::kHello})) return false;
  Reply reply;
  const int memory = receive_memory(socket, reply);
  if (memory < 0) return false;
  connection.payload = mapped(memory);
  close_quietly(memory);
  connection.haste = reply.result;
  return connection.payload != nullptr;
}

void make_sure_of_connection() {
  if (connection.payload != nullptr && connection.process == quietly(SYS_getpid, 0) &&
      is_our_socket())
    return;
  disconnect();
  if (!connect()) disconnect();
}

}  // namespace

Exchange::Exchange() {
  const std::uint64_t all = ~std::uint64_t{0};
  quietly(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<long>(&all),
          reinterpret_cast<long>(&held_signals_), sizeof(held_signals_));
  ::pthread_mutex_lock(&connection_lock);
  make_sure_of_connection();
}

Exchange::~Exchange() {
  ::pthread_mutex_unlock(&connection_lock);
  quietly(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<long>(&held_signals_), 0,
          sizeof(held_signals_));
}

std::uint8_t* Exchange::payload() const { return connection.payload; }

bool Exchange::call(const Request& request, Reply& reply) {
  if (connection.payload == nullptr) return false;
  if (request.operation != Operation::kSync) last_readable = {};
  Request told = request;
  told.waited_us = waited_us.exchange(0);
  if (send(connection.socket, told) && receive(connection.socket, reply)) return true;
  disconnect();
  return false;
}

void forget_readable() {
  const Exchange exchange;
  last_readable = {};
}

long readable_at(std::int64_t offset, std::size_t count) {
  if (offset < 0) return -EINVAL;
  if (count == 0) return 0;
  const auto at = static_cast<std::uint64_t>(offset);
  Exchange exchange;
  if (at < last_readable.begin || at >= last_readable.end) {
    Reply reply;
    const Request request{
        .operation = Operation::kSync,
        .length = static_cast<std::uint32_t>(count < kPayloadSize ? count : kPayloadSize),
        .offset = at};
    if (!exchange.call(request, reply)) return -ENODEV;
    if (reply.error != 0) return -reply.error;
    if (at >= reply.size) return 0;
    if (reply.readable == 0) return -EIO;
    last_readable = {.begin = at, .end = at + reply.readable};
  }
  const std::uint64_t left = last_readable.end - at;
  return static_cast<long>(left < count ? left : count);
}

// Without the lock: at worst one wait is as long as the program wished.
long haste() {
  if (connection.haste <= 1 || !is_active()) return 1;
  return connection.process == quietly(SYS_getpid, 0) ? connection.haste : 1;
}

void count_as_waited(std::uint64_t microseconds) { waited_us += microseconds; }

Reply request_of_server(const Request& request) {
  Reply reply;
  Exchange exchange;
  if (!exchange.call(request, reply)) reply = {.error = ENODEV};
  return reply;
}

}  // namespace simdrive::hosts::preload
