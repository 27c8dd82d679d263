// READ DISC INFORMATION: state of the disc and of its last session (MMC-6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// Standard disc information without OPC tables.
inline constexpr std::uint16_t kDiscInformationSize = 34;

[[nodiscard]] Cdb read_disc_information(std::uint16_t allocation = kDiscInformationSize);

enum class DiscStatus : std::uint8_t {
  kBlank = 0,
  kAppendable = 1,
  kComplete = 2,
  kOther = 3,  // random access: DVD-RAM and the like
};

enum class SessionState : std::uint8_t {
  kEmpty = 0,
  kIncomplete = 1,
  kDamaged = 2,  // reserved, or a damaged border
  kComplete = 3,
};

enum class BackgroundFormat : std::uint8_t { kNone = 0, kStopped = 1, kRunning = 2, kComplete = 3 };

enum class DiscType : std::uint8_t {
  kCdDaOrCdRom = 0x00,
  kCdI = 0x10,
  kCdRomXa = 0x20,
  kUndefined = 0xFF,  // also for the values that MMC reserves
};

// How the drive spells the two addresses of the reply: CD as minute, second, frame; DVD and BD as
// LBA. The reply itself does not say; the current profile does.
enum class AddressForm : bool { kMsf, kLba };

// One Optimum Power Calibration result.
struct OpcEntry {
  std::uint16_t speed_kb_per_s = 0;
  std::array<std::uint8_t, 6> values{};

  bool operator==(const OpcEntry&) const = default;
};

struct DiscInformation {
  DiscStatus status = DiscStatus::kBlank;
  SessionState last_session_state = SessionState::kEmpty;
  bool erasable = false;
  std::uint16_t first_track = 0;
  std::uint16_t sessions = 0;  // counts the open or empty one at the end, too
  std::uint16_t first_track_in_last_session = 0;
  std::uint16_t last_track_in_last_session = 0;
  DiscType disc_type = DiscType::kUndefined;
  std::optional<std::uint32_t> disc_id;  // when DID_V is set
  bool unrestricted_use = false;         // URU
  BackgroundFormat background_format = BackgroundFormat::kNone;
  // Where the lead-in of the last session starts; negative for session 1 of a CD. nullopt when the
  // drive gives none, as on a complete disc.
  std::optional<Lba> last_session_lead_in_start;
  // The end of the disc as a program area: positive even at 90 minutes and more.
  std::optional<Lba> last_possible_lead_out;
  std::vector<OpcEntry> opc;

  // Sessions that can be read: the open or empty one at the end is not counted.
  [[nodiscard]] std::uint16_t complete_sessions() const;
  bool operator==(const DiscInformation&) const = default;
};

// Wants the first 24 bytes; what comes after may be cut off.
[[nodiscard]] Result<DiscInformation> decode_disc_information(std::span<const std::byte> reply,
                                                              AddressForm form = AddressForm::kMsf);

}  // namespace pregroove::mmc
