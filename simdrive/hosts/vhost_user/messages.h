// The messages of the vhost-user protocol, as far as a SCSI back end needs them: their layout, and
// what they say as checked values.
//
// Source: QEMU's documentation of the protocol, "vhost-user protocol", message specification.
// Numbers are in the host's byte order there; both sides are on one machine, and little-endian is
// the only one that is built for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/error.h"
#include "simdrive/hosts/vhost_user/guest_memory.h"
#include "simdrive/hosts/vhost_user/virtqueue.h"

namespace simdrive::hosts::vhost_user {

struct WireHeader {
  pregroove::Le32 request;
  pregroove::Le32 flags;
  pregroove::Le32 size;  // of the payload
};
static_assert(pregroove::wire_struct<WireHeader, 12>());

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint32_t kVersionMask = 3;
inline constexpr std::uint32_t kReplyFlag = 4;
inline constexpr std::uint32_t kNeedReplyFlag = 8;

// The longest payload that is understood is that of the configuration.
inline constexpr std::uint32_t kMaxPayload = 4096;
inline constexpr std::size_t kMaxFiles = 8;  // and memory regions

// What a message asks for.
struct GetFeatures {};
struct SetFeatures {
  std::uint64_t features = 0;
};
struct SetOwner {};
struct ResetOwner {};
struct SetMemoryTable {
  std::vector<RegionDescription> regions;  // a file comes with each
};
struct SetQueueSize {
  std::uint32_t queue = 0;
  std::uint32_t size = 0;
};
struct SetQueueAddresses {
  std::uint32_t queue = 0;
  QueueAddresses addresses;
};
struct SetQueueBase {
  std::uint32_t queue = 0;
  std::uint32_t base = 0;
};
// Stops the queue.
struct GetQueueBase {
  std::uint32_t queue = 0;
};
enum class QueueEvent : std::uint8_t { kKick, kCall, kError };
// With a file, unless there is to be none.
struct SetQueueEvent {
  QueueEvent event{};
  std::uint32_t queue = 0;
  bool with_file = false;
};
struct GetProtocolFeatures {};
struct SetProtocolFeatures {
  std::uint64_t features = 0;
};
struct GetQueueCount {};
struct EnableQueue {
  std::uint32_t queue = 0;
  bool enabled = false;
};
struct SetBackEndChannel {};
struct GetConfig {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};
struct SetConfig {
  std::uint32_t offset = 0;
  std::span<const std::byte> bytes;  // of the payload that was decoded
};

using Message = std::variant<GetFeatures, SetFeatures, SetOwner, ResetOwner, SetMemoryTable,
                             SetQueueSize, SetQueueAddresses, SetQueueBase, GetQueueBase,
                             SetQueueEvent, GetProtocolFeatures, SetProtocolFeatures, GetQueueCount,
                             EnableQueue, SetBackEndChannel, GetConfig, SetConfig>;

// kProtocol when the payload is too short, says something impossible, or comes with the wrong
// number of files; kUnsupported when the request is not known.
[[nodiscard]] pregroove::Result<Message> decode(std::uint32_t request,
                                                std::span<const std::byte> payload,
                                                std::size_t files);

// Whole messages that answer one.
[[nodiscard]] std::vector<std::byte> reply_with(std::uint32_t request,
                                                std::span<const std::byte> payload);
[[nodiscard]] std::vector<std::byte> reply_with_number(std::uint32_t request, std::uint64_t number);
[[nodiscard]] std::vector<std::byte> reply_with_queue_base(std::uint32_t request,
                                                           const SetQueueBase& base);
// `config`: as much as was asked for.
[[nodiscard]] std::vector<std::byte> reply_with_config(std::uint32_t request, std::uint32_t offset,
                                                       std::span<const std::byte> config);

}  // namespace simdrive::hosts::vhost_user
