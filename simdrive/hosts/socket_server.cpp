#include "simdrive/hosts/socket_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

namespace simdrive::hosts {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;

constexpr int kWaitingConnections = 64;
constexpr std::chrono::milliseconds kUntilOneEnds(10);

std::unexpected<pregroove::Error> socket_failure(const std::string& what, const std::string& path,
                                                 int error_number) {
  ErrorCode code = ErrorCode::kIo;
  if (error_number == ENOENT || error_number == ECONNREFUSED) code = ErrorCode::kNotFound;
  if (error_number == EACCES || error_number == EPERM) code = ErrorCode::kAccessDenied;
  return fail(code, fmt::format("{} \"{}\": {}", what, path,
                                std::generic_category().message(error_number)));
}

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path))
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("a socket cannot have the path \"{}\"", path),
                fmt::format("Give a path of 1 to {} bytes.", sizeof(address.sun_path) - 1));
  std::ranges::copy(path, static_cast<char*>(address.sun_path));
  return address;
}

Result<Descriptor> make_socket(SocketKind kind) {
  const int type = kind == SocketKind::kStream ? SOCK_STREAM : SOCK_SEQPACKET;
  Descriptor made(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  if (!made.is_open())
    return fail(ErrorCode::kIo,
                fmt::format("cannot make a socket: {}", std::generic_category().message(errno)));
  return made;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // NOLINT(*-reinterpret-cast): the interface
}

// What a server that was killed left behind.
pregroove::Status remove_stale(const std::string& path, SocketKind kind) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode))
    return fail(ErrorCode::kAlreadyExists, fmt::format("\"{}\" exists and is no socket", path));
  if (connect_to(path, kind))
    return fail(ErrorCode::kBusy, fmt::format("a server listens at \"{}\" already", path));
  ::unlink(path.c_str());
  return {};
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

struct SocketServer::State {
  struct Connection {
    Descriptor socket;
    std::thread thread;
    bool ended = false;
  };

  std::string path;
  Descriptor listener;
  Serve serve;
  std::mutex mutex;
  std::list<Connection> connections;
  bool stopping = false;
  std::thread acceptor;

  void accept_all() {
    for (;;) {
      Descriptor accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!accepted.is_open() && errno == EINVAL) return;  // shut down
      const bool no_room = !accepted.is_open() && errno != EINTR && errno != ECONNABORTED;
      {
        const std::lock_guard lock(mutex);
        if (stopping) return;
        forget_ended();
        if (accepted.is_open()) start(std::move(accepted));
      }
      // Out of descriptors: until a connection ends.
      if (no_room) std::this_thread::sleep_for(kUntilOneEnds);
    }
  }

  void start(Descriptor accepted) {
    Connection& connection = connections.emplace_back();
    connection.socket = std::move(accepted);
    connection.thread = std::thread([this, &connection] {
      serve(connection.socket.get());
      const std::lock_guard end(mutex);
      ::shutdown(connection.socket.get(), SHUT_RDWR);
      connection.ended = true;
    });
  }

  void forget_ended() {
    for (auto at = connections.begin(); at != connections.end();) {
      if (!at->ended) {
        ++at;
        continue;
      }
      at->thread.join();
      at = connections.erase(at);
    }
  }
};

SocketServer::SocketServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<SocketServer>> SocketServer::listen(const std::string& path, SocketKind kind,
                                                           Serve serve) {
  PREGROOVE_ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  PREGROOVE_RETURN_IF_ERROR(remove_stale(path, kind));
  auto state = std::make_unique<State>();
  state->path = path;
  state->serve = std::move(serve);
  PREGROOVE_ASSIGN_OR_RETURN(state->listener, make_socket(kind));
  // The mode of the socket itself, so that nobody can connect before it is narrowed.
  ::fchmod(state->listener.get(), S_IRUSR | S_IWUSR);
  if (::bind(state->listener.get(), generic(address), sizeof(address)) != 0 ||
      ::listen(state->listener.get(), kWaitingConnections) != 0)
    return socket_failure("cannot listen at", path, errno);
  state->acceptor = std::thread([raw = state.get()] { raw->accept_all(); });
  return std::unique_ptr<SocketServer>(new SocketServer(std::move(state)));
}

SocketServer::~SocketServer() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    for (const auto& connection : state_->connections)
      ::shutdown(connection.socket.get(), SHUT_RDWR);
  }
  ::shutdown(state_->listener.get(), SHUT_RDWR);
  state_->acceptor.join();
  for (auto& connection : state_->connections) connection.thread.join();
  ::unlink(state_->path.c_str());
}

Result<Descriptor> connect_to(const std::string& path, SocketKind kind) {
  PREGROOVE_ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  PREGROOVE_ASSIGN_OR_RETURN(Descriptor socket, make_socket(kind));
  if (::connect(socket.get(), generic(address), sizeof(address)) != 0)
    return socket_failure("cannot connect to", path, errno);
  return socket;
}

}  // namespace simdrive::hosts
