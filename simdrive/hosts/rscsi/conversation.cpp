#include "simdrive/hosts/rscsi/conversation.h"

#include <algorithm>
#include <cerrno>

namespace simdrive::hosts::rscsi {
namespace {

using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using pregroove::scsi::DataPhase;
using pregroove::scsi::NoData;

// What programs are told to send at most; every drive of ours takes it.
constexpr std::int64_t kMaxTransfer = std::int64_t{64} << 10U;
// The bus has numbers up to 7, and the eighth is our own, as everywhere.
constexpr std::int64_t kInitiatorId = 7;

// Version, author, and the name of the source (libusal, SCG_VERSION and so on).
std::string version_reply(std::int64_t what) {
  switch (what) {
    case 0:
      return text_reply("1.0");
    case 1:
      return text_reply("simdrive");
    case 2:
      return text_reply("simdrive remote SCSI");
    default:
      return error_reply(EINVAL);
  }
}

std::string transfer_reply(std::int64_t wanted) {
  return number_reply(wanted > 0 ? std::min(wanted, kMaxTransfer) : kMaxTransfer);
}

std::string buffer_reply(std::int64_t wanted) {
  return wanted < 0 || wanted > kMaxData ? error_reply(ENOMEM) : number_reply(wanted);
}

}  // namespace

Conversation::Conversation(ServedDrive& drive) : drive_(drive), host_(drive.host("rscsi")) {}

std::string Conversation::receive(std::span<const std::byte> bytes) {
  received_.insert(received_.end(), bytes.begin(), bytes.end());
  std::string replies;
  std::size_t done = 0;
  while (!broken_) {
    const Parsed parsed = parse(std::span(received_).subspan(done));
    if (std::holds_alternative<Incomplete>(parsed)) break;
    if (std::holds_alternative<Malformed>(parsed)) {
      broken_ = true;
      replies += error_reply(EPROTO);
      break;
    }
    const auto& request = std::get<Request>(parsed);
    replies += answer(request);
    done += request.size;
  }
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(done));
  return replies;
}

std::string Conversation::answer(const Request& request) {
  if (request.letter == Letter::kVersion) return version_reply(request.numbers[0]);
  if (request.letter == Letter::kOpen) {
    open_ = true;
    return open_reply();
  }
  if (!open_) return error_reply(EBADF);
  switch (request.letter) {
    case Letter::kMaxTransfer:
      return transfer_reply(request.numbers[0]);
    case Letter::kGetBuffer:
      return buffer_reply(request.numbers[0]);
    case Letter::kHasBus:
      return number_reply(request.numbers[0] == 0 ? 1 : 0);
    case Letter::kSelectTarget:
      return select(request);
    case Letter::kInitiatorId:
      return number_reply(kInitiatorId);
    case Letter::kIsAtapi:
      return number_reply(1);
    case Letter::kReset:
      return error_reply(EINVAL);
    case Letter::kSendCommand:
      return send_command(request);
    case Letter::kClose:
      open_ = false;
      return number_reply(0);
    default:
      return number_reply(0);
  }
}

std::string Conversation::select(const Request& request) {
  selected_ = std::ranges::all_of(std::span(request.numbers).first<4>(),
                                  [](std::int64_t number) { return number == 0; });
  return selected_ ? number_reply(0) : error_reply(ENXIO);
}

std::string Conversation::send_command(const Request& request) {
  if (!selected_) return error_reply(ENXIO);
  std::vector<std::byte> in(request.reads() ? static_cast<std::size_t>(request.data_size()) : 0);
  DataPhase data = NoData{};
  if (!in.empty()) data = DataIn{in};
  if (!request.data_out.empty()) data = DataOut{request.data_out};
  const auto reply = drive_.execute(host_, {.cdb = request.cdb, .data = data});
  if (!reply) return command_reply({.error = CommandError::kFatal, .error_number = ENXIO});
  const auto sense_room = static_cast<std::size_t>(std::max<std::int64_t>(request.sense_size(), 0));
  const bool good = reply->status == 0;
  std::string text = command_reply(
      {.moved = static_cast<std::int64_t>(reply->bytes_transferred),
       .error = good ? CommandError::kNone : CommandError::kRetryable,
       .error_number = good ? 0 : EIO,
       .status = reply->status,
       .sense = std::span(reply->sense).first(std::min(reply->sense_length, sense_room))});
  in.resize(std::min(in.size(), reply->bytes_transferred));
  for (const std::byte byte : in) text.push_back(static_cast<char>(byte));
  return text;
}

}  // namespace simdrive::hosts::rscsi
