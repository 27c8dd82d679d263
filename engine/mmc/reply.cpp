#include "engine/mmc/reply.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/bytes.h"

namespace pregroove::mmc {
namespace {

template <typename Field>
std::optional<std::size_t> announced_size(std::span<const std::byte> reply) {
  const auto length = read_struct<Field>(reply);
  if (!length) return std::nullopt;
  return sizeof(Field) + std::size_t{length->value()};
}

template <typename Field>
std::span<const std::byte> announced_part(std::span<const std::byte> reply) {
  const auto size = announced_size<Field>(reply);
  if (!size) return {};
  return reply.first(std::min(*size, reply.size()));
}

}  // namespace

std::optional<std::size_t> announced_size16(std::span<const std::byte> reply) {
  return announced_size<Be16>(reply);
}

std::optional<std::size_t> announced_size32(std::span<const std::byte> reply) {
  return announced_size<Be32>(reply);
}

std::span<const std::byte> announced_part16(std::span<const std::byte> reply) {
  return announced_part<Be16>(reply);
}

std::span<const std::byte> announced_part32(std::span<const std::byte> reply) {
  return announced_part<Be32>(reply);
}

std::unexpected<Error> bad_reply(scsi::Opcode command, const std::string& what) {
  auto error = fail(ErrorCode::kProtocol, fmt::format("the drive's reply to {} is invalid: {}",
                                                      scsi::name_of(command), what));
  error.error().command = scsi::name_of(command);
  return error;
}

std::unexpected<Error> short_reply(scsi::Opcode command, std::size_t got, std::size_t needed) {
  return bad_reply(command, fmt::format("{} bytes where at least {} are needed", got, needed));
}

}  // namespace pregroove::mmc
