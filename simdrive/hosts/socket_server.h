// Servers on a Unix socket: one thread accepts, one thread serves each connection.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/error.h"
#include "simdrive/hosts/descriptor.h"

namespace simdrive::hosts {

enum class SocketKind { kStream, kSequencedPackets };

class SocketServer {
 public:
  // Serves one connection until it ends; runs in a thread of its own. A call that waits on the
  // connection returns (end of file) when the server stops.
  using Serve = std::function<void(int connection)>;

  // The socket is for the calling user only (mode 0600). A socket that no server listens to any
  // more is replaced; kBusy when one does, kAlreadyExists when the path is another kind of file,
  // kInvalidArgument when it is longer than a socket address holds.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<SocketServer>> listen(
      const std::string& path, SocketKind kind, Serve serve);
  // Ends all connections, waits for their threads, and removes the socket.
  ~SocketServer();
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

 private:
  struct State;
  explicit SocketServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// kNotFound, kAccessDenied, or kIo.
[[nodiscard]] pregroove::Result<Descriptor> connect_to(const std::string& path, SocketKind kind);

}  // namespace simdrive::hosts
