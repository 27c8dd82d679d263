// What all decoders share: how much of a reply may be believed, and what to say when it may not.
//
// A reply that begins with its own length is cut to the smaller of that length and what arrived, so
// that neither a lying drive nor a short transfer is read past its end.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "engine/base/error.h"
#include "engine/scsi/numbers.h"

namespace pregroove::mmc {

// The full size of a reply that starts with a 2-byte length of what follows; nullopt when not even
// that arrived. What to allocate when asking again for all of it.
[[nodiscard]] std::optional<std::size_t> announced_size16(std::span<const std::byte> reply);
// The same for a 4-byte length (GET CONFIGURATION, GET PERFORMANCE).
[[nodiscard]] std::optional<std::size_t> announced_size32(std::span<const std::byte> reply);

// The part of the reply that both the drive announced and the transfer delivered; empty when the
// length itself is missing.
[[nodiscard]] std::span<const std::byte> announced_part16(std::span<const std::byte> reply);
[[nodiscard]] std::span<const std::byte> announced_part32(std::span<const std::byte> reply);

// ErrorCode::kProtocol: "the drive's reply to READ CAPACITY is invalid: <what>".
[[nodiscard]] std::unexpected<Error> bad_reply(scsi::Opcode command, const std::string& what);
// "...: 3 bytes where at least 34 are needed".
[[nodiscard]] std::unexpected<Error> short_reply(scsi::Opcode command, std::size_t got,
                                                 std::size_t needed);

}  // namespace pregroove::mmc
