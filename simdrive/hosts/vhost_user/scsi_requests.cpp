#include "simdrive/hosts/vhost_user/scsi_requests.h"

#include <algorithm>
#include <array>
#include <limits>

#include "simdrive/hosts/vhost_user/guarded_access.h"

namespace simdrive::hosts::vhost_user {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Le16;
using pregroove::Le32;
using pregroove::Le64;
using pregroove::Result;
using pregroove::Status;

// virtio 1.2, 5.6.6.1 "request queues": the request before its CDB.
struct WireRequest {
  std::array<std::byte, 8> unit;
  Le64 tag;
  std::uint8_t task_attribute = 0;
  std::uint8_t priority = 0;
  std::uint8_t command_reference_number = 0;
};
static_assert(pregroove::wire_struct<WireRequest, 19>());

// The response before its sense data.
struct WireResponse {
  Le32 sense_length;
  Le32 residual;
  Le16 status_qualifier;
  std::uint8_t status = 0;
  std::uint8_t response = 0;
};
static_assert(pregroove::wire_struct<WireResponse, 12>());

// 5.6.6.2 "control queue".
struct WireTaskManagement {
  Le32 type;
  Le32 function;
  std::array<std::byte, 8> unit;
  Le64 tag;
};
static_assert(pregroove::wire_struct<WireTaskManagement, 24>());

struct WireNotificationRequest {
  Le32 type;
  std::array<std::byte, 8> unit;
  Le32 events;
};
static_assert(pregroove::wire_struct<WireNotificationRequest, 16>());

struct WireNotificationResponse {
  Le32 events;
  std::uint8_t response = 0;
};
static_assert(pregroove::wire_struct<WireNotificationResponse, 5>());

constexpr std::uint8_t kOk = 0;  // also: function complete
constexpr std::uint8_t kBadTarget = 3;
constexpr std::uint8_t kFailure = 9;
constexpr std::uint8_t kFunctionRejected = 11;

constexpr std::uint32_t kTaskManagement = 0;
constexpr std::uint32_t kNotificationQuery = 1;
constexpr std::uint32_t kNotificationSubscription = 2;

constexpr std::uint32_t kAbortTask = 0;
constexpr std::uint32_t kAbortTaskSet = 1;
constexpr std::uint32_t kClearAca = 2;
constexpr std::uint32_t kClearTaskSet = 3;
constexpr std::uint32_t kNexusReset = 4;
constexpr std::uint32_t kUnitReset = 5;
constexpr std::uint32_t kQueryTask = 6;
constexpr std::uint32_t kQueryTaskSet = 7;

// More than max_sectors allows. A request can name the same memory many times over.
constexpr std::uint64_t kMaxData = std::uint64_t{64} << 20U;
// Headers and sense data of other sizes than the defaults.
constexpr std::uint32_t kMaxCdbSize = 260;    // SPC-4: variable length CDBs
constexpr std::uint32_t kMaxSenseSize = 252;  // SPC-4 4.5.1

std::uint64_t size_of(const Pieces& pieces) {
  std::uint64_t size = 0;
  for (const auto piece : pieces) size += piece.size();
  return size;
}

// Calls copy(piece of the guest, place in the buffer) for the buffer's part of the pieces behind
// the first `skip` bytes. REQUIRES: they reach that far.
template <typename Buffer, typename Copy>
Status for_each_part(const Pieces& pieces, std::size_t skip, Buffer buffer, const Copy& copy) {
  for (auto piece : pieces) {
    const std::size_t skipped = std::min(skip, piece.size());
    skip -= skipped;
    piece = piece.subspan(skipped);
    piece = piece.first(std::min(piece.size(), buffer.size()));
    if (!piece.empty() && !copy(piece, buffer.first(piece.size())))
      return fail(ErrorCode::kIo, "the memory of the virtual machine is gone");
    buffer = buffer.subspan(piece.size());
  }
  return {};
}

Status gather(const Pieces& pieces, std::size_t skip, std::span<std::byte> to) {
  return for_each_part(pieces, skip, to,
                       [](auto guest, auto ours) { return guarded_copy(ours, guest); });
}

Status scatter(const Pieces& pieces, std::size_t skip, std::span<const std::byte> from) {
  return for_each_part(pieces, skip, from,
                       [](auto guest, auto ours) { return guarded_copy(guest, ours); });
}

// 5.6.6.1: byte 0 is 1, byte 1 the target, then a single-level unit number in which peripheral
// (bits 00b) and flat space (01b) addressing look alike.
bool is_the_drive(const std::array<std::byte, 8>& unit) {
  return unit[0] == std::byte{1} && unit[1] == std::byte{0} &&
         (unit[2] & std::byte{0xBF}) == std::byte{0} && unit[3] == std::byte{0};
}

std::unexpected<pregroove::Error> too_short() {
  return fail(ErrorCode::kProtocol, "a request is too short");
}

}  // namespace

struct ScsiRequests::Response {
  WireResponse wire;
  std::array<std::byte, kMaxSenseSize> sense{};
  std::size_t data_in = 0;  // bytes in data_ for the guest
};

void ScsiRequests::set_config(std::uint32_t offset, std::span<const std::byte> bytes) {
  auto wire = pregroove::bytes_of(config_);
  if (offset > wire.size()) return;
  const auto place = std::span(wire).subspan(offset);
  std::ranges::copy(bytes.first(std::min(bytes.size(), place.size())), place.begin());
  const auto changed = pregroove::read_struct<ScsiConfig>(wire);
  config_.sense_size = Le32(std::min(changed->sense_size.value(), kMaxSenseSize));
  config_.cdb_size = Le32(std::min(changed->cdb_size.value(), kMaxCdbSize));
}

Result<ScsiRequests::Response> ScsiRequests::carry_out(const Chain& chain,
                                                       std::span<const std::byte> header) {
  const std::size_t response_size = sizeof(WireResponse) + config_.sense_size.value();
  const std::uint64_t out = size_of(chain.readable) - header.size();
  const std::uint64_t in = size_of(chain.writable) - response_size;
  Response response;
  response.wire.residual =
      Le32(static_cast<std::uint32_t>(std::min<std::uint64_t>(out + in, UINT32_MAX)));
  if (!is_the_drive(pregroove::read_struct<WireRequest>(header)->unit)) {
    response.wire.response = kBadTarget;
    return response;
  }
  // Both directions at once are for who negotiates VIRTIO_SCSI_F_INOUT, which is not offered.
  if ((out > 0 && in > 0) || out + in > kMaxData) {
    response.wire.response = kFailure;
    return response;
  }
  if (data_.size() < out + in) data_.resize(out + in);
  HostCommand command{.cdb = header.subspan(sizeof(WireRequest))};
  const auto data = std::span(data_).first(out + in);
  if (out > 0) {
    PREGROOVE_RETURN_IF_ERROR(gather(chain.readable, header.size(), data));
    command.data = pregroove::scsi::DataOut{data};
  } else if (in > 0) {
    command.data = pregroove::scsi::DataIn{data};
  }
  const auto reply = drive_.execute(host_, command);
  if (!reply) {
    // No power: nobody answers the selection.
    response.wire.response = kBadTarget;
    return response;
  }
  const std::size_t transferred = std::min(reply->bytes_transferred, data.size());
  const std::size_t sense_length =
      std::min<std::size_t>(reply->sense_length, config_.sense_size.value());
  std::ranges::copy(std::span(reply->sense).first(sense_length), response.sense.begin());
  response.wire.sense_length = Le32(static_cast<std::uint32_t>(sense_length));
  response.wire.residual = Le32(static_cast<std::uint32_t>(data.size() - transferred));
  response.wire.status = reply->status;
  response.wire.response = kOk;
  response.data_in = in > 0 ? transferred : 0;
  return response;
}

Result<std::uint32_t> ScsiRequests::command(const Chain& chain) {
  std::array<std::byte, sizeof(WireRequest) + kMaxCdbSize> buffer{};
  const auto header = std::span(buffer).first(sizeof(WireRequest) + config_.cdb_size.value());
  const std::size_t response_size = sizeof(WireResponse) + config_.sense_size.value();
  if (size_of(chain.readable) < header.size() || size_of(chain.writable) < response_size)
    return too_short();
  PREGROOVE_RETURN_IF_ERROR(gather(chain.readable, 0, header));
  PREGROOVE_ASSIGN_OR_RETURN(const Response response, carry_out(chain, header));
  PREGROOVE_RETURN_IF_ERROR(
      scatter(chain.writable, response_size, std::span(data_).first(response.data_in)));
  PREGROOVE_RETURN_IF_ERROR(scatter(chain.writable, 0, pregroove::bytes_of(response.wire)));
  PREGROOVE_RETURN_IF_ERROR(scatter(chain.writable, sizeof(WireResponse),
                                    std::span(response.sense).first(config_.sense_size.value())));
  return static_cast<std::uint32_t>(response_size + response.data_in);
}

// Commands are carried out one after the other, and none is under way when a function arrives: what
// is to be aborted has ended (SAM-5 7.2: the function is then complete).
std::uint8_t ScsiRequests::manage_tasks(std::uint32_t function) {
  switch (function) {
    case kAbortTask:
    case kAbortTaskSet:
    case kClearTaskSet:
    case kQueryTask:     // 7.6: complete, which says that there is no such task
    case kQueryTaskSet:  // 7.7
      return kOk;
    case kNexusReset:
    case kUnitReset:
      // A hard reset (SAM-5 6.3.3) is for a drive what switching it off and on is, and 29/00 tells
      // the hosts of either.
      drive_.cut_power();
      drive_.switch_on();
      return kOk;
    case kClearAca:  // there is no auto contingent allegiance: NORMACA is 0
    default:
      return kFunctionRejected;
  }
}

Result<std::uint32_t> ScsiRequests::control(const Chain& chain) {
  std::array<std::byte, sizeof(WireTaskManagement)> buffer{};
  const auto request =
      std::span(buffer).first(std::min<std::uint64_t>(size_of(chain.readable), buffer.size()));
  PREGROOVE_RETURN_IF_ERROR(gather(chain.readable, 0, request));
  const auto type = pregroove::read_struct<Le32>(request);
  if (!type) return too_short();
  const std::uint64_t room = size_of(chain.writable);
  if (type->value() == kTaskManagement) {
    const auto wire = pregroove::read_struct<WireTaskManagement>(request);
    if (!wire || room < 1) return too_short();
    const std::array response{static_cast<std::byte>(
        is_the_drive(wire->unit) ? manage_tasks(wire->function.value()) : kBadTarget)};
    PREGROOVE_RETURN_IF_ERROR(scatter(chain.writable, 0, response));
    return 1;
  }
  const bool known =
      type->value() == kNotificationQuery || type->value() == kNotificationSubscription;
  const auto wire = pregroove::read_struct<WireNotificationRequest>(request);
  if (!wire || room < sizeof(WireNotificationResponse)) return too_short();
  // No event is ever sent: hosts ask with GET EVENT STATUS NOTIFICATION.
  WireNotificationResponse response{.response = known ? kOk : kFailure};
  if (known && !is_the_drive(wire->unit)) response.response = kBadTarget;
  PREGROOVE_RETURN_IF_ERROR(scatter(chain.writable, 0, pregroove::bytes_of(response)));
  return static_cast<std::uint32_t>(sizeof(response));
}

}  // namespace simdrive::hosts::vhost_user
