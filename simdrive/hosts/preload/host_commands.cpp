#include "simdrive/hosts/preload/host_commands.h"

#include <algorithm>

namespace simdrive::hosts::preload {
namespace {

using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using pregroove::scsi::DataPhase;
using pregroove::scsi::NoData;

// As often as Linux repeats a command of its own (MAX_RETRIES of sr.c).
constexpr int kTries = 4;

std::vector<std::byte> bytes_of(std::initializer_list<unsigned> numbers) {
  std::vector<std::byte> bytes(numbers.size());
  std::ranges::transform(numbers, bytes.begin(),
                         [](unsigned number) { return static_cast<std::byte>(number); });
  return bytes;
}

}  // namespace

Answer HostCommands::execute(std::span<const std::byte> cdb, const DataPhase& data) const {
  const auto reply = drive_->execute(host_, {.cdb = cdb, .data = data});
  if (!reply) return {};
  Answer answer{.answered = true, .good = reply->status == 0, .bytes = reply->bytes_transferred};
  const auto sense =
      pregroove::scsi::decode_sense(std::span(reply->sense).first(reply->sense_length));
  if (sense) answer.sense = sense->code;
  return answer;
}

Answer HostCommands::send(std::initializer_list<unsigned> cdb, std::span<std::byte> in) const {
  if (in.empty()) return execute(bytes_of(cdb), NoData{});
  return execute(bytes_of(cdb), DataIn{in});
}

Answer HostCommands::send_out(std::initializer_list<unsigned> cdb,
                              std::span<const std::byte> out) const {
  return execute(bytes_of(cdb), DataOut{out});
}

Answer HostCommands::send_patiently(std::initializer_list<unsigned> cdb,
                                    std::span<std::byte> in) const {
  Answer answer;
  for (int tries = 0; tries < kTries; ++tries) {
    answer = send(cdb, in);
    if (!answer.unit_attention()) break;
  }
  return answer;
}

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t offset, std::size_t size) {
  if (offset + size > bytes.size()) return 0;
  std::uint32_t number = 0;
  for (const std::byte byte : bytes.subspan(offset, size))
    number = number << 8U | std::to_integer<std::uint32_t>(byte);
  return number;
}

}  // namespace simdrive::hosts::preload
