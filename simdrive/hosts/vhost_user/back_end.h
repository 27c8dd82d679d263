// The back end's side of one vhost-user connection, apart from its socket: what the messages set
// up, and the queues that it serves.
//
// Not thread safe. Nothing that the other side sends or puts into its memory makes it touch
// anything but that memory; an Error says that it broke the rules.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/hosts/descriptor.h"
#include "simdrive/hosts/vhost_user/guest_memory.h"
#include "simdrive/hosts/vhost_user/messages.h"
#include "simdrive/hosts/vhost_user/scsi_requests.h"
#include "simdrive/hosts/vhost_user/virtqueue.h"

namespace simdrive::hosts::vhost_user {

// Control and events, then requests: as many as a monitor makes for its processors by itself.
inline constexpr std::size_t kQueues = 2 + 16;

class BackEnd {
 public:
  BackEnd(ServedDrive& drive, std::size_t host) : requests_(drive, host) {}

  // Does what the message says; the reply that is to be sent, empty when there is none. An Error
  // ends the connection: the message cannot be understood, or failed with nobody asking whether it
  // did.
  [[nodiscard]] pregroove::Result<std::vector<std::byte>> handle(const WireHeader& header,
                                                                 std::span<const std::byte> payload,
                                                                 std::vector<Descriptor> files);

  // The eventfd that tells of requests in this queue; -1 while it is not served.
  [[nodiscard]] int kick_of(std::size_t queue) const;
  // Carries out all requests that wait in the queue of this number. An Error ends the connection.
  [[nodiscard]] pregroove::Status serve(std::size_t index);

 private:
  struct Queue {
    VirtQueue ring;
    Descriptor kick;
    Descriptor call;
    Descriptor error;  // kept for the other side, never written: errors end the connection
    bool enabled = false;
  };
  // What a message is answered.
  struct Answer {
    std::vector<std::byte> reply;  // empty: only that it was done, where that was asked for
  };
  using Outcome = pregroove::Result<Answer>;
  struct Handler;

  [[nodiscard]] pregroove::Result<Queue*> queue_at(std::uint32_t index);
  [[nodiscard]] pregroove::Result<std::uint32_t> carry_out(std::size_t queue, const Chain& chain);

  std::uint64_t features_ = 0;
  GuestMemory memory_;
  std::array<Queue, kQueues> queues_;
  Descriptor channel_;  // kept open: its other end waits for messages that are never sent
  ScsiRequests requests_;
  Chain chain_;  // kept, so that it need not be made anew
};

}  // namespace simdrive::hosts::vhost_user
