#include "simdrive/hosts/vhost_user/vhost_user_server.h"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <set>
#include <utility>

#include "simdrive/hosts/vhost_user/connection.h"

namespace simdrive::hosts::vhost_user {
namespace {

// PREVENT ALLOW MEDIUM REMOVAL that allows it (MMC-6 6.13): the lock, and the persistent one.
constexpr std::array<std::byte, 6> kAllow{std::byte{0x1E}};
constexpr std::array<std::byte, 6> kAllowPersistently{std::byte{0x1E}, std::byte{0}, std::byte{0},
                                                      std::byte{0}, std::byte{2}};
// So many unit attentions may come first.
constexpr int kMaxAttempts = 8;

void lose_nexus(ServedDrive& drive, std::size_t host) {
  for (const auto& cdb : {kAllow, kAllowPersistently}) {
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      const auto reply = drive.execute(host, {.cdb = cdb, .data = pregroove::scsi::NoData{}});
      if (!reply || reply->status == 0) break;
    }
  }
}

}  // namespace

// The virtual machines that are connected: the place of each names its host.
struct VhostUserServer::Machines {
  ServedDrive& drive;
  std::string socket;
  std::mutex mutex;
  std::set<std::size_t> connected;

  std::size_t enter() {
    const std::lock_guard lock(mutex);
    std::size_t place = 1;
    while (connected.contains(place)) ++place;
    connected.insert(place);
    return place;
  }
  void leave(std::size_t place) {
    const std::lock_guard lock(mutex);
    connected.erase(place);
  }
  void serve(int connection) {
    const std::size_t place = enter();
    const std::size_t host = drive.host(fmt::format("vhost-user {} {}", socket, place));
    // The other side learns that it broke the rules by the end of the connection.
    static_cast<void>(serve_connection(connection, drive, host));
    lose_nexus(drive, host);
    leave(place);
  }
};

VhostUserServer::VhostUserServer(std::unique_ptr<Machines> machines,
                                 std::unique_ptr<SocketServer> server)
    : machines_(std::move(machines)), server_(std::move(server)) {}
VhostUserServer::~VhostUserServer() = default;

pregroove::Result<std::unique_ptr<VhostUserServer>> VhostUserServer::listen(
    ServedDrive& drive, const std::string& socket) {
  auto machines = std::make_unique<Machines>(drive, socket);
  PREGROOVE_ASSIGN_OR_RETURN(
      auto server,
      SocketServer::listen(socket, SocketKind::kStream,
                           [raw = machines.get()](int connection) { raw->serve(connection); }));
  return std::unique_ptr<VhostUserServer>(
      new VhostUserServer(std::move(machines), std::move(server)));
}

}  // namespace simdrive::hosts::vhost_user
