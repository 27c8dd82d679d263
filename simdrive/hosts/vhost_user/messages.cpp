#include "simdrive/hosts/vhost_user/messages.h"

#include <fmt/format.h>

namespace simdrive::hosts::vhost_user {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Le32;
using pregroove::Le64;
using pregroove::read_struct;
using pregroove::Result;

// "Front-end message types".
enum class Request : std::uint32_t {
  kGetFeatures = 1,
  kSetFeatures = 2,
  kSetOwner = 3,
  kResetOwner = 4,
  kSetMemoryTable = 5,
  kSetQueueSize = 8,
  kSetQueueAddresses = 9,
  kSetQueueBase = 10,
  kGetQueueBase = 11,
  kSetQueueKick = 12,
  kSetQueueCall = 13,
  kSetQueueError = 14,
  kGetProtocolFeatures = 15,
  kSetProtocolFeatures = 16,
  kGetQueueCount = 17,
  kEnableQueue = 18,
  kSetBackEndChannel = 21,
  kGetConfig = 24,
  kSetConfig = 25,
};

struct WireQueueState {
  Le32 queue;
  Le32 number;
};
static_assert(pregroove::wire_struct<WireQueueState, 8>());

struct WireQueueAddresses {
  Le32 queue;
  Le32 flags;
  Le64 descriptors;
  Le64 used;
  Le64 available;
  Le64 log;
};
static_assert(pregroove::wire_struct<WireQueueAddresses, 40>());

struct WireMemoryTable {
  Le32 count;
  Le32 padding;
};
static_assert(pregroove::wire_struct<WireMemoryTable, 8>());

struct WireRegion {
  Le64 guest_address;
  Le64 size;
  Le64 user_address;
  Le64 file_offset;
};
static_assert(pregroove::wire_struct<WireRegion, 32>());

struct WireConfig {
  Le32 offset;
  Le32 size;
  Le32 flags;
};
static_assert(pregroove::wire_struct<WireConfig, 12>());

// The number of a message that sets a queue's event: the queue, and whether no file comes with it.
constexpr std::uint64_t kQueueMask = 0xFF;
constexpr std::uint64_t kNoFileFlag = 0x100;

std::unexpected<pregroove::Error> malformed(Request request, const char* what) {
  return fail(ErrorCode::kProtocol,
              fmt::format("message {}: {}", static_cast<std::uint32_t>(request), what));
}

class Decoder {
 public:
  Decoder(Request request, std::span<const std::byte> payload, std::size_t files)
      : request_(request), payload_(payload), files_(files) {}

  [[nodiscard]] Result<Message> decode() const {
    switch (request_) {
      case Request::kGetFeatures:
        return GetFeatures{};
      case Request::kSetFeatures:
        return with_number<SetFeatures>();
      case Request::kSetOwner:
        return SetOwner{};
      case Request::kResetOwner:
        return ResetOwner{};
      case Request::kSetMemoryTable:
        return memory_table();
      case Request::kSetQueueSize:
      case Request::kSetQueueBase:
      case Request::kGetQueueBase:
      case Request::kEnableQueue:
        return queue_state();
      case Request::kSetQueueAddresses:
        return queue_addresses();
      case Request::kSetQueueKick:
        return queue_event(QueueEvent::kKick);
      case Request::kSetQueueCall:
        return queue_event(QueueEvent::kCall);
      case Request::kSetQueueError:
        return queue_event(QueueEvent::kError);
      case Request::kGetProtocolFeatures:
        return GetProtocolFeatures{};
      case Request::kSetProtocolFeatures:
        return with_number<SetProtocolFeatures>();
      case Request::kGetQueueCount:
        return GetQueueCount{};
      case Request::kSetBackEndChannel:
        if (files_ != 1) return malformed(request_, "one file must come with it");
        return SetBackEndChannel{};
      case Request::kGetConfig:
      case Request::kSetConfig:
        return config();
    }
    return fail(ErrorCode::kUnsupported,
                fmt::format("message {} is not known", static_cast<std::uint32_t>(request_)));
  }

 private:
  [[nodiscard]] std::unexpected<pregroove::Error> too_short() const {
    return malformed(request_, "it is too short");
  }

  template <typename T>
  [[nodiscard]] Result<Message> with_number() const {
    const auto number = read_struct<Le64>(payload_);
    if (!number) return too_short();
    return T{number->value()};
  }

  [[nodiscard]] Result<Message> memory_table() const {
    const auto head = read_struct<WireMemoryTable>(payload_);
    if (!head) return too_short();
    const std::uint32_t count = head->count.value();
    if (count > kMaxFiles || count != files_)
      return malformed(request_, "one file must come with each of at most 8 regions");
    SetMemoryTable table;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto region = read_struct<WireRegion>(payload_, sizeof(*head) + i * sizeof(WireRegion));
      if (!region) return too_short();
      table.regions.push_back({.guest_address = region->guest_address.value(),
                               .size = region->size.value(),
                               .user_address = region->user_address.value(),
                               .file_offset = region->file_offset.value()});
    }
    return table;
  }

  [[nodiscard]] Result<Message> queue_state() const {
    const auto state = read_struct<WireQueueState>(payload_);
    if (!state) return too_short();
    const std::uint32_t queue = state->queue.value();
    const std::uint32_t number = state->number.value();
    if (request_ == Request::kSetQueueSize) return SetQueueSize{queue, number};
    if (request_ == Request::kSetQueueBase) return SetQueueBase{queue, number};
    if (request_ == Request::kGetQueueBase) return GetQueueBase{queue};
    return EnableQueue{queue, number != 0};
  }

  [[nodiscard]] Result<Message> queue_addresses() const {
    const auto wire = read_struct<WireQueueAddresses>(payload_);
    if (!wire) return too_short();
    return SetQueueAddresses{wire->queue.value(),
                             {.descriptors = wire->descriptors.value(),
                              .available = wire->available.value(),
                              .used = wire->used.value()}};
  }

  [[nodiscard]] Result<Message> queue_event(QueueEvent event) const {
    const auto number = read_struct<Le64>(payload_);
    if (!number) return too_short();
    const bool with_file = (number->value() & kNoFileFlag) == 0;
    if (files_ != (with_file ? 1U : 0U))
      return malformed(request_, "a file is missing or too many");
    return SetQueueEvent{event, static_cast<std::uint32_t>(number->value() & kQueueMask),
                         with_file};
  }

  [[nodiscard]] Result<Message> config() const {
    const auto wire = read_struct<WireConfig>(payload_);
    if (!wire) return too_short();
    const std::uint32_t size = wire->size.value();
    if (size > payload_.size() - sizeof(*wire)) return too_short();
    if (request_ == Request::kGetConfig) return GetConfig{wire->offset.value(), size};
    return SetConfig{wire->offset.value(), payload_.subspan(sizeof(*wire), size)};
  }

  Request request_;
  std::span<const std::byte> payload_;
  std::size_t files_;
};

template <typename T>
void append(std::vector<std::byte>& bytes, const T& wire) {
  const auto more = pregroove::bytes_of(wire);
  bytes.insert(bytes.end(), more.begin(), more.end());
}

}  // namespace

Result<Message> decode(std::uint32_t request, std::span<const std::byte> payload,
                       std::size_t files) {
  return Decoder(static_cast<Request>(request), payload, files).decode();
}

std::vector<std::byte> reply_with(std::uint32_t request, std::span<const std::byte> payload) {
  std::vector<std::byte> message;
  append(message, WireHeader{.request = Le32(request),
                             .flags = Le32(kVersion | kReplyFlag),
                             .size = Le32(static_cast<std::uint32_t>(payload.size()))});
  message.insert(message.end(), payload.begin(), payload.end());
  return message;
}

std::vector<std::byte> reply_with_number(std::uint32_t request, std::uint64_t number) {
  return reply_with(request, pregroove::bytes_of(Le64(number)));
}

std::vector<std::byte> reply_with_queue_base(std::uint32_t request, const SetQueueBase& base) {
  return reply_with(request, pregroove::bytes_of(WireQueueState{.queue = Le32(base.queue),
                                                                .number = Le32(base.base)}));
}

std::vector<std::byte> reply_with_config(std::uint32_t request, std::uint32_t offset,
                                         std::span<const std::byte> config) {
  std::vector<std::byte> payload;
  append(payload, WireConfig{.offset = Le32(offset),
                             .size = Le32(static_cast<std::uint32_t>(config.size()))});
  payload.insert(payload.end(), config.begin(), config.end());
  return reply_with(request, payload);
}

}  // namespace simdrive::hosts::vhost_user
