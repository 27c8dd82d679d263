// A simulated drive as a vhost-user-scsi device: what user-mode Linux (virtio_uml.device=SOCKET:8)
// and QEMU (vhost-user-scsi-pci) attach to a virtual machine, whose own kernel then drives it.
//
// Each virtual machine is a host of its own. One that comes back (it was restarted) is the same
// host adapter in the same place: the drive had power all the time, so there is no power-on; but
// the nexus was lost, and with it the host's lock on the tray.
#pragma once

#include <memory>
#include <string>

#include "engine/base/error.h"
#include "simdrive/hosts/served_drive.h"
#include "simdrive/hosts/socket_server.h"

namespace simdrive::hosts::vhost_user {

class VhostUserServer {
 public:
  // Errors: SocketServer::listen. REQUIRES: the drive outlives it.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<VhostUserServer>> listen(
      ServedDrive& drive, const std::string& socket);
  ~VhostUserServer();
  VhostUserServer(const VhostUserServer&) = delete;
  VhostUserServer& operator=(const VhostUserServer&) = delete;

 private:
  struct Machines;
  VhostUserServer(std::unique_ptr<Machines> machines, std::unique_ptr<SocketServer> server);

  std::unique_ptr<Machines> machines_;
  std::unique_ptr<SocketServer> server_;
};

}  // namespace simdrive::hosts::vhost_user
