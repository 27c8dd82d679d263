// virtio-scsi, the device's side (virtio 1.2, 5.6): requests of the guest become commands for the
// drive, which is target 0, logical unit 0.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/error.h"
#include "simdrive/hosts/served_drive.h"
#include "simdrive/hosts/vhost_user/virtqueue.h"

namespace simdrive::hosts::vhost_user {

// virtio 1.2, 5.6.4 "device configuration layout".
struct ScsiConfig {
  pregroove::Le32 request_queues{1U};  // the drive carries out one command after the other
  // Buffers of a request, without header and response. The queue is at least so long in what Linux
  // and QEMU make.
  pregroove::Le32 max_segments{126U};
  pregroove::Le32 max_sectors{0xFFFFU};  // of 512 bytes
  pregroove::Le32 commands_per_unit{1U};
  pregroove::Le32 event_size{16U};
  pregroove::Le32 sense_size{96U};
  pregroove::Le32 cdb_size{32U};
  pregroove::Le16 max_channel;
  pregroove::Le16 max_target;
  pregroove::Le32 max_unit;
};
static_assert(pregroove::wire_struct<ScsiConfig, 36>());

class ScsiRequests {
 public:
  ScsiRequests(ServedDrive& drive, std::size_t host) : drive_(drive), host_(host) {}

  [[nodiscard]] const ScsiConfig& config() const { return config_; }
  // The driver may set the sizes of CDBs and sense data; all else stays as it is.
  void set_config(std::uint32_t offset, std::span<const std::byte> bytes);

  // Carry a request out; the bytes that were written for the guest. An Error when the request is
  // too short for its header or its response, or when the memory is gone.
  [[nodiscard]] pregroove::Result<std::uint32_t> command(const Chain& chain);
  // Task management and asynchronous notification.
  [[nodiscard]] pregroove::Result<std::uint32_t> control(const Chain& chain);

 private:
  struct Response;
  [[nodiscard]] pregroove::Result<Response> carry_out(const Chain& chain,
                                                      std::span<const std::byte> header);
  [[nodiscard]] std::uint8_t manage_tasks(std::uint32_t function);

  ServedDrive& drive_;
  std::size_t host_;
  ScsiConfig config_;
  std::vector<std::byte> data_;  // of one command; kept, so that it need not be made anew
};

}  // namespace simdrive::hosts::vhost_user
