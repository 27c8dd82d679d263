#include "simdrive/hosts/preload/preload_server.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>
#include <vector>

#include "simdrive/hosts/preload/protocol.h"
#include "simdrive/hosts/preload/shared_payload.h"

namespace simdrive::hosts::preload {
namespace {

using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using pregroove::scsi::DataPhase;
using pregroove::scsi::NoData;

// The name under which the drive knows this host: another socket at the same drive is another one.
std::string host_name(const std::string& socket) {
  return socket.empty() ? "preload" : "preload " + socket;
}

std::optional<Request> receive(int connection) {
  // One byte more shows a packet that is too long.
  std::array<std::byte, sizeof(Request) + 1> packet{};
  ssize_t got = -1;
  do got = ::recv(connection, packet.data(), packet.size(), 0);
  while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof(Request))) return std::nullopt;
  Request request;
  std::memcpy(&request, packet.data(), sizeof(Request));
  if (request.version != kVersion) return std::nullopt;
  return request;
}

// How many times faster the waits of programs pass when the drive's time is virtual. Polls then
// still come some milliseconds apart.
constexpr int kHaste = 20;

bool send(int connection, const Reply& reply) {
  return ::send(connection, &reply, sizeof(reply), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(sizeof(reply));
}

bool send_with_descriptor(int connection, const Reply& reply, int descriptor) {
  Reply copy = reply;
  iovec part{.iov_base = &copy, .iov_len = sizeof(copy)};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  return ::sendmsg(connection, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof(copy));
}

std::uint64_t milliseconds(Duration duration) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

pregroove::Status write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return pregroove::fail(pregroove::ErrorCode::kIo, fmt::format("cannot write \"{}\"", path));
}

// What a scan for zeros would find, without reading a whole Blu-ray Disc. A CD is read whole:
// blocks that were recorded raw are kept elsewhere.
std::uint64_t end_of_data(ServedDrive& served) {
  std::uint64_t end = 0;
  served.with_drive([&end](Drive& drive) {
    const Disc* const disc = drive.disc();
    if (disc == nullptr) return;
    const auto blocks = disc->medium().is_cd() ? disc->last_possible_lead_out().value
                                               : disc->end_of_user_data().value;
    end = static_cast<std::uint64_t>(std::max(blocks, 0));
  });
  return end;
}

}  // namespace

PreloadServer::PreloadServer(ServedDrive& drive, PrivateFolder folder, const std::string& socket)
    : folder_(std::move(folder)),
      socket_(socket.empty() ? folder_.file("socket") : socket),
      commands_(drive, drive.host(host_name(socket))) {}

PreloadServer::~PreloadServer() = default;

pregroove::Result<std::unique_ptr<PreloadServer>> PreloadServer::listen(ServedDrive& drive,
                                                                        const std::string& socket) {
  PREGROOVE_ASSIGN_OR_RETURN(PrivateFolder folder, PrivateFolder::create());
  std::unique_ptr<PreloadServer> made(new PreloadServer(drive, std::move(folder), socket));
  PREGROOVE_RETURN_IF_ERROR(made->make_files());
  PREGROOVE_ASSIGN_OR_RETURN(
      made->server_,
      SocketServer::listen(made->socket_, SocketKind::kSequencedPackets,
                           [raw = made.get()](int connection) { raw->serve(connection); }));
  return made;
}

pregroove::Status PreloadServer::make_files() {
  PREGROOVE_ASSIGN_OR_RETURN(view_, DeviceView::create(commands_, folder_.file(kBlockFile)));
  device_ = std::make_unique<LinuxDevice>(commands_, *view_);
  device_->probe();
  PREGROOVE_RETURN_IF_ERROR(write_text(folder_.file(kGenericFile), ""));
  // As /proc/scsi/sg/devices: host, channel, id, lun, type, opens, queue depth, busy, online.
  PREGROOVE_RETURN_IF_ERROR(
      write_text(folder_.file(kGenericListFile), "0\t0\t0\t0\t5\t1\t1\t0\t1\n"));
  return write_text(folder_.file(kCapabilityFile), device_->capability_text());
}

void PreloadServer::serve(int connection) {
  const auto hello = receive(connection);
  if (!hello || hello->operation != Operation::kHello) return;
  const auto shared = SharedPayload::create(kPayloadSize);
  const bool virtual_time = commands_.drive().time_mode() == TimeMode::kFast;
  const Reply welcome{.result = virtual_time ? kHaste : 1};
  if (!shared || !send_with_descriptor(connection, welcome, (*shared)->descriptor())) return;
  for (;;) {
    const auto request = receive(connection);
    if (!request || request->operation == Operation::kHello) return;
    // A program waits for no more than a drive takes.
    constexpr std::chrono::hours kWaitMax{24};
    const std::chrono::microseconds waited(
        std::min<std::uint64_t>(request->waited_us, std::chrono::microseconds(kWaitMax).count()));
    if (virtual_time && waited.count() > 0) commands_.drive().count_as_waited(waited);
    Reply reply;
    answer(*request, (*shared)->bytes(), reply);
    if (!send(connection, reply)) return;
  }
}

void PreloadServer::answer(const Request& request, std::span<std::byte> payload, Reply& reply) {
  const auto data = payload.first(std::min<std::size_t>(request.length, payload.size()));
  const auto take = [&reply](const CallResult& result) {
    reply.error = result.error;
    reply.result = result.value;
  };
  switch (request.operation) {
    case Operation::kFolder:
      std::memcpy(payload.data(), folder().c_str(), folder().size() + 1);
      return;
    case Operation::kOpen:
      // sg looks at nothing.
      if (request.node == Node::kBlock)
        take(device_->open(static_cast<std::uint32_t>(request.argument)));
      return;
    case Operation::kCommand:
      return command(request, payload, reply);
    case Operation::kIoctl:
      return take(device_->control(request.ioctl, request.argument, data));
    case Operation::kSync: {
      const auto extent = view_->sync(request.offset, request.length);
      reply.size = extent.size;
      reply.readable = extent.readable;
      return;
    }
    case Operation::kSyncAll:
      reply.size = view_->sync_all(end_of_data(commands_.drive()));
      return;
    case Operation::kWrite:
      // A copy, which the program cannot change while it is being written.
      return take(device_->write(request.offset, std::vector<std::byte>(data.begin(), data.end())));
    default:
      reply.error = EINVAL;
  }
}

void PreloadServer::command(const Request& request, std::span<std::byte> payload, Reply& reply) {
  if (request.length > payload.size() || request.cdb_length == 0 ||
      request.cdb_length > sizeof(request.cdb)) {
    reply.error = EINVAL;
    return;
  }
  const auto data = payload.first(request.length);
  std::vector<std::byte> out;
  DataPhase phase = NoData{};
  if (request.direction == Direction::kIn) phase = DataIn{data};
  if (request.direction == Direction::kOut) {
    // A copy: what a handler has checked must not change before it is used.
    out.assign(data.begin(), data.end());
    phase = DataOut{out};
  }
  std::array<std::byte, sizeof(request.cdb)> cdb{};
  std::memcpy(cdb.data(), request.cdb, sizeof(request.cdb));
  const auto result = commands_.drive().execute(
      commands_.host(), {.cdb = std::span(cdb).first(request.cdb_length), .data = phase});
  if (!result) {
    reply.host_status = kHostNoConnect;
    return;
  }
  const bool unit_attention =
      result->sense_length > 2 && (result->sense[2] & std::byte{0x0F}) == std::byte{6};
  device_->note_command(request.cdb[0], unit_attention);
  reply.duration_ms = milliseconds(result->duration);
  if (request.timeout_ms > 0 && reply.duration_ms > request.timeout_ms) {
    reply.host_status = kHostTimeOut;
    return;
  }
  reply.status = result->status;
  reply.transferred = static_cast<std::uint32_t>(result->bytes_transferred);
  reply.sense_length = static_cast<std::uint32_t>(result->sense_length);
  std::memcpy(reply.sense, result->sense.data(), result->sense_length);
}

}  // namespace simdrive::hosts::preload
