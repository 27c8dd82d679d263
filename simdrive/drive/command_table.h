// What the drive understands: one row per operation code, with the conditions that must hold
// before its handler runs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "simdrive/drive/command_error.h"
#include "simdrive/drive/drive_state.h"

namespace simdrive {

// A command whose CDB has the length of its row. Spans are empty where there is no data phase.
struct Request {
  std::span<const std::byte> cdb;
  std::span<std::byte> data_in;
  std::span<const std::byte> data_out;
  std::size_t initiator = 0;  // the host that sent it: its place in DriveState::hosts

  [[nodiscard]] std::uint8_t byte(std::size_t index) const {
    return static_cast<std::uint8_t>(cdb[index]);
  }
  [[nodiscard]] bool bit(std::size_t index, unsigned shift) const {
    return ((byte(index) >> shift) & 1U) != 0;
  }
  [[nodiscard]] std::uint16_t be16(std::size_t index) const;
  [[nodiscard]] std::uint32_t be24(std::size_t index) const;
  [[nodiscard]] std::uint32_t be32(std::size_t index) const;
};

// GOOD, with what was sent to the host or taken from it.
struct Good {
  std::size_t bytes_transferred = 0;
};
using Outcome = std::expected<Good, CommandError>;
using Handler = Outcome (*)(DriveState& state, const Request& request);

[[nodiscard]] inline Outcome refuse(Fault fault) { return std::unexpected(CommandError{fault}); }

// What a command needs, or does not care for.
enum class MediumNeed : std::uint8_t { kNotNeeded, kNeeded };
enum class UnitAttention : std::uint8_t { kReported, kLeftPending };
// While the drive is busy on its own (mmc.md 2.3: Pioneer R8 and R11).
enum class WhileBusy : std::uint8_t {
  kServed,
  kRefusedWhileBlanking,  // or formatting; closing, where the drive shows that
  kRefusedWhileClosing,   // and while blanking
  kRefusedWhileWriting,   // and while closing or blanking
};

struct CommandRow {
  std::uint8_t opcode = 0;
  std::string_view name;
  std::uint8_t cdb_length = 0;
  MediumNeed medium = MediumNeed::kNotNeeded;
  UnitAttention unit_attention = UnitAttention::kReported;
  WhileBusy while_busy = WhileBusy::kServed;
  // The bits of the CDB that the drive understands (SPC-4, CDB usage data); others must be zero.
  std::array<std::uint8_t, 12> usage{};
  Handler handler = nullptr;
};

// nullptr for an operation code that no drive knows.
[[nodiscard]] const CommandRow* find_command(std::uint8_t operation_code);
[[nodiscard]] std::span<const CommandRow> all_commands();
// False where the drive lacks what the command is for.
[[nodiscard]] bool knows_command(const profiles::Personality& personality,
                                 std::uint8_t operation_code);

// Applies the conditions of the row in the standard's order, then runs its handler. REQUIRES: the
// drive knows the command.
[[nodiscard]] Outcome run_command(const CommandRow& row, DriveState& state, const Request& request);

}  // namespace simdrive
