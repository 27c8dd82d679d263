#include "simdrive/hosts/vhost_user/back_end.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace simdrive::hosts::vhost_user {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;

// Features of the device and its queues (virtio 1.2, 6), and the one that vhost-user adds.
constexpr std::uint64_t kIndirectDescriptors = std::uint64_t{1} << 28U;
constexpr std::uint64_t kProtocolFeatures = std::uint64_t{1} << 30U;
constexpr std::uint64_t kVersion1 = std::uint64_t{1} << 32U;
// VIRTIO_SCSI_F_CHANGE: QEMU answers for it itself and sets it whatever is offered here; it takes
// events that never come.
constexpr std::uint64_t kParameterChanges = std::uint64_t{1} << 2U;
constexpr std::uint64_t kFeatures = kIndirectDescriptors | kProtocolFeatures | kVersion1;

// Protocol features: MQ, REPLY_ACK, BACKEND_REQ, CONFIG.
constexpr std::uint64_t kOfferedProtocolFeatures = 1U << 0U | 1U << 3U | 1U << 5U | 1U << 9U;

constexpr std::size_t kControlQueue = 0;
constexpr std::size_t kEventQueue = 1;

constexpr std::uint64_t kDone = 0;
constexpr std::uint64_t kFailed = 1;

// Nothing that the other side does with the file may hold us up.
void never_block(const Descriptor& file) {
  const int flags = ::fcntl(file.get(), F_GETFL);
  if (flags >= 0) ::fcntl(file.get(), F_SETFL, flags | O_NONBLOCK);
}

// A file that is full tells the other side already; what else goes wrong is its own loss.
void tell(const Descriptor& event) {
  constexpr std::uint64_t kOnce = 1;
  if (event.is_open() && ::write(event.get(), &kOnce, sizeof(kOnce)) < 0) return;
}

}  // namespace

// One function for each message.
struct BackEnd::Handler {
  BackEnd& back_end;
  std::uint32_t request = 0;
  std::vector<Descriptor>& files;

  Outcome operator()(const GetFeatures&) const { return number(kFeatures); }
  Outcome operator()(const SetFeatures& message) const {
    if ((message.features & ~(kFeatures | kParameterChanges)) != 0)
      return fail(ErrorCode::kProtocol, "features that were not offered");
    back_end.features_ = message.features;
    return Answer{};
  }
  Outcome operator()(const SetOwner&) const { return Answer{}; }
  // Kept in the protocol for old monitors, which mean that the device is not used any more.
  Outcome operator()(const ResetOwner&) const {
    back_end.queues_ = {};
    return Answer{};
  }
  Outcome operator()(const SetMemoryTable& message) const {
    PREGROOVE_ASSIGN_OR_RETURN(back_end.memory_, GuestMemory::map(message.regions, files));
    return Answer{};
  }
  Outcome operator()(const SetQueueSize& message) const {
    PREGROOVE_ASSIGN_OR_RETURN(Queue* const queue, back_end.queue_at(message.queue));
    if (!queue->ring.set_size(message.size))
      return fail(ErrorCode::kProtocol, "a queue of an impossible size");
    return Answer{};
  }
  Outcome operator()(const SetQueueAddresses& message) const {
    PREGROOVE_ASSIGN_OR_RETURN(Queue* const queue, back_end.queue_at(message.queue));
    queue->ring.set_addresses(message.addresses);
    return Answer{};
  }
  Outcome operator()(const SetQueueBase& message) const {
    PREGROOVE_ASSIGN_OR_RETURN(Queue* const queue, back_end.queue_at(message.queue));
    if (message.base > UINT16_MAX) return fail(ErrorCode::kProtocol, "an impossible queue base");
    queue->ring.set_base(static_cast<std::uint16_t>(message.base));
    return Answer{};
  }
  Outcome operator()(const GetQueueBase& message) const {
    PREGROOVE_ASSIGN_OR_RETURN(Queue* const queue, back_end.queue_at(message.queue));
    queue->kick = {};
    return Answer{
        reply_with_queue_base(request, {.queue = message.queue, .base = queue->ring.base()})};
  }
  Outcome operator()(const SetQueueEvent& message) const {
    PREGROOVE_ASSIGN_OR_RETURN(Queue* const queue, back_end.queue_at(message.queue));
    if (message.event == QueueEvent::kKick && !message.with_file)
      return fail(ErrorCode::kUnsupported, "queues are not polled");
    Descriptor file = message.with_file ? std::move(files.front()) : Descriptor{};
    never_block(file);
    switch (message.event) {
      case QueueEvent::kKick:
        queue->kick = std::move(file);
        // Without the protocol's features a queue is enabled by being started.
        if ((back_end.features_ & kProtocolFeatures) == 0) queue->enabled = true;
        look_at_what_waits(*queue);
        break;
      case QueueEvent::kCall:
        queue->call = std::move(file);
        break;
      case QueueEvent::kError:
        queue->error = std::move(file);
        break;
    }
    return Answer{};
  }
  Outcome operator()(const GetProtocolFeatures&) const { return number(kOfferedProtocolFeatures); }
  Outcome operator()(const SetProtocolFeatures& message) const {
    if ((message.features & ~kOfferedProtocolFeatures) != 0)
      return fail(ErrorCode::kProtocol, "protocol features that were not offered");
    return Answer{};
  }
  Outcome operator()(const GetQueueCount&) const { return number(kQueues); }
  Outcome operator()(const EnableQueue& message) const {
    PREGROOVE_ASSIGN_OR_RETURN(Queue* const queue, back_end.queue_at(message.queue));
    queue->enabled = message.enabled;
    look_at_what_waits(*queue);
    return Answer{};
  }
  Outcome operator()(const SetBackEndChannel&) const {
    back_end.channel_ = std::move(files.front());
    return Answer{};
  }
  Outcome operator()(const GetConfig& message) const {
    // What lies behind the configuration of this kind of device reads as zeros.
    const auto config = pregroove::bytes_of(back_end.requests_.config());
    std::vector<std::byte> part(message.size);
    if (message.offset < config.size()) {
      const auto known = std::span(config).subspan(message.offset);
      std::ranges::copy(known.first(std::min(known.size(), part.size())), part.begin());
    }
    return Answer{reply_with_config(request, message.offset, part)};
  }
  Outcome operator()(const SetConfig& message) const {
    back_end.requests_.set_config(message.offset, message.bytes);
    return Answer{};
  }

 private:
  [[nodiscard]] Answer number(std::uint64_t value) const {
    return {reply_with_number(request, value)};
  }
  // A queue may hold requests when it starts (a back end that comes back finds them); they were
  // kicked long ago, so it is kicked once more.
  static void look_at_what_waits(const Queue& queue) {
    if (queue.enabled) tell(queue.kick);
  }
};

Result<BackEnd::Queue*> BackEnd::queue_at(std::uint32_t index) {
  if (index >= queues_.size())
    return fail(ErrorCode::kProtocol, fmt::format("there is no queue {}", index));
  return &queues_.at(index);
}

Result<std::vector<std::byte>> BackEnd::handle(const WireHeader& header,
                                               std::span<const std::byte> payload,
                                               std::vector<Descriptor> files) {
  const std::uint32_t request = header.request.value();
  if ((header.flags.value() & kVersionMask) != kVersion)
    return fail(ErrorCode::kProtocol, "another version of the protocol");
  const bool wants_reply = (header.flags.value() & kNeedReplyFlag) != 0;
  const auto done = [&]() -> Outcome {
    PREGROOVE_ASSIGN_OR_RETURN(const Message message, decode(request, payload, files.size()));
    return std::visit(Handler{*this, request, files}, message);
  }();
  if (!done && !wants_reply) return std::unexpected(done.error());
  if (!done) return reply_with_number(request, kFailed);
  if (done->reply.empty() && wants_reply) return reply_with_number(request, kDone);
  return done->reply;
}

int BackEnd::kick_of(std::size_t queue) const {
  const Queue& asked = queues_.at(queue);
  return asked.enabled ? asked.kick.get() : -1;
}

Result<std::uint32_t> BackEnd::carry_out(std::size_t queue, const Chain& chain) {
  return queue == kControlQueue ? requests_.control(chain) : requests_.command(chain);
}

Status BackEnd::serve(std::size_t index) {
  Queue& queue = queues_.at(index);
  std::uint64_t kicks = 0;
  // Not there any more: another thread of the other side took it.
  if (::read(queue.kick.get(), &kicks, sizeof(kicks)) < 0 && errno != EAGAIN && errno != EINTR)
    return fail(ErrorCode::kProtocol, "a kick that cannot be read");
  // The driver's buffers for events stay with the device; it has nothing to tell.
  if (index == kEventQueue) return {};
  for (;;) {
    PREGROOVE_ASSIGN_OR_RETURN(const bool taken, queue.ring.take(memory_, chain_));
    if (!taken) break;
    PREGROOVE_ASSIGN_OR_RETURN(const std::uint32_t written, carry_out(index, chain_));
    PREGROOVE_RETURN_IF_ERROR(queue.ring.complete(memory_, chain_.head, written));
    if (queue.ring.wants_call(memory_)) tell(queue.call);
  }
  return {};
}

}  // namespace simdrive::hosts::vhost_user
