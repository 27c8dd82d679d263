#include "simdrive/hosts/rscsi/rscsi_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "simdrive/hosts/byte_streams.h"
#include "simdrive/hosts/rscsi/conversation.h"

namespace simdrive::hosts::rscsi {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10U;

void converse(int in, int out, int stop, ServedDrive& drive) {
  Conversation conversation(drive);
  std::vector<std::byte> piece(kPiece);
  while (!conversation.broken()) {
    const std::size_t got = read_some(in, piece, stop);
    if (got == 0) return;
    if (!write_all(out, conversation.receive(std::span(piece).first(got)))) return;
  }
}

void copy(int from, int to) {
  std::vector<std::byte> piece(kPiece);
  for (;;) {
    const std::size_t got = read_some(from, piece);
    if (got == 0 || !write_all(to, std::span(piece).first(got))) return;
  }
}

}  // namespace

StandardStreams::StandardStreams(ServedDrive& drive, const StopRequest& stop,
                                 std::function<void()> ended)
    : thread_([&drive, stopping = stop.descriptor(), ended = std::move(ended)] {
        converse(STDIN_FILENO, STDOUT_FILENO, stopping, drive);
        ended();
      }) {}

StandardStreams::~StandardStreams() { thread_.join(); }

pregroove::Result<std::unique_ptr<SocketServer>> serve_socket(const std::string& path,
                                                              ServedDrive& drive) {
  return SocketServer::listen(path, SocketKind::kStream, [&drive](int connection) {
    converse(connection, connection, -1, drive);
  });
}

pregroove::Status relay_standard_streams(const std::string& socket) {
  PREGROOVE_ASSIGN_OR_RETURN(const Descriptor server, connect_to(socket, SocketKind::kStream));
  std::thread replies([&server] { copy(server.get(), STDOUT_FILENO); });
  copy(STDIN_FILENO, server.get());
  ::shutdown(server.get(), SHUT_WR);
  replies.join();
  return {};
}

}  // namespace simdrive::hosts::rscsi
