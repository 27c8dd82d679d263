#include "simdrive/hosts/rscsi/rscsi_server.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
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

// Until either end is closed, or `stop` is readable.
void copy(int from, int to, int stop = -1) {
  std::vector<std::byte> piece(kPiece);
  for (;;) {
    const std::size_t got = read_some(from, piece, stop);
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
  // A client waits for a reply, and says nothing, when its server dies.
  const Descriptor server_ended(::eventfd(0, EFD_CLOEXEC));
  std::thread replies([&server, &server_ended] {
    copy(server.get(), STDOUT_FILENO);
    const std::uint64_t yes = 1;
    static_cast<void>(::write(server_ended.get(), &yes, sizeof(yes)) < 0);
  });
  copy(STDIN_FILENO, server.get(), server_ended.get());
  ::shutdown(server.get(), SHUT_WR);
  replies.join();
  return {};
}

}  // namespace simdrive::hosts::rscsi
