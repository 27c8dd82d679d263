// The server behind the preload library: one machine at a served drive, with its /dev/sr0 and
// /dev/sg0. All programs that connect to it are that one host.
#pragma once

#include <memory>
#include <string>

#include "simdrive/hosts/preload/device_view.h"
#include "simdrive/hosts/preload/linux_device.h"
#include "simdrive/hosts/preload/private_folder.h"
#include "simdrive/hosts/socket_server.h"

namespace simdrive::hosts::preload {

struct Request;
struct Reply;

class PreloadServer {
 public:
  // The socket that programs reach it by; in its own folder when no path is given. Errors as
  // SocketServer::listen. REQUIRES: the drive outlives the server.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<PreloadServer>> listen(
      ServedDrive& drive, const std::string& socket = {});
  // Ends all connections.
  ~PreloadServer();
  PreloadServer(const PreloadServer&) = delete;
  PreloadServer& operator=(const PreloadServer&) = delete;

  [[nodiscard]] const std::string& socket() const { return socket_; }
  // What the programs see of the devices (protocol.h: kBlockFile and its neighbours).
  [[nodiscard]] const std::string& folder() const { return folder_.path(); }

 private:
  PreloadServer(ServedDrive& drive, PrivateFolder folder, const std::string& socket);
  [[nodiscard]] pregroove::Status make_files();
  void serve(int connection);
  void answer(const Request& request, std::span<std::byte> payload, Reply& reply);
  void command(const Request& request, std::span<std::byte> payload, Reply& reply);

  PrivateFolder folder_;
  std::string socket_;
  HostCommands commands_;
  std::unique_ptr<DeviceView> view_;
  std::unique_ptr<LinuxDevice> device_;
  std::unique_ptr<SocketServer> server_;
};

}  // namespace simdrive::hosts::preload
