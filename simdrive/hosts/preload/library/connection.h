// The connection of this process to the server. A process that was forked makes one of its own, and
// one whose descriptor was closed or replaced under it as well.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simdrive/hosts/preload/protocol.h"

namespace simdrive::hosts::preload {

// The right to use the connection: holds its lock, with signals held back, so that a handler that
// reads from the device does not wait for itself.
class Exchange {
 public:
  Exchange();
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // The memory for data, kPayloadSize bytes; nullptr when there is no server any more.
  [[nodiscard]] std::uint8_t* payload() const;
  // False when the server is gone.
  [[nodiscard]] bool call(const Request& request, Reply& reply);

 private:
  std::uint64_t held_signals_ = 0;
};

// How many of the bytes of the block device at an offset can be read, after the file in its place
// was brought up to date there: a negative errno for none, 0 at the end. What was asked for a
// moment ago is not asked again, until this process opens the device or sends it a command.
long readable_at(std::int64_t offset, std::size_t count);
void forget_readable();

// How many times faster the waits of this process pass: 1 until it uses a device, and with a drive
// that takes its time.
long haste();
// Time that the program believes to have waited besides; told with the next request.
void count_as_waited(std::uint64_t microseconds);

// An operation without data. Its error is ENODEV when there is no server.
Reply request_of_server(const Request& request);

}  // namespace simdrive::hosts::preload
