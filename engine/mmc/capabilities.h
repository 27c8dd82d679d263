// Mode page 2Ah, MM Capabilities and Mechanical Status: obsolete, and still what everybody reads
// for buffer size and write speeds (MMC-3).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/mmc/mode.h"

namespace pregroove::mmc {

// Header, page and a dozen speeds; the reply is cut to what there is.
inline constexpr std::uint16_t kCapabilitiesAllocation = 128;

enum class LoadingMechanism : std::uint8_t {
  kCaddy = 0,
  kTray = 1,
  kPopUp = 2,
  kReserved3 = 3,
  kChangerDiscs = 4,
  kChangerMagazine = 5,
  kReserved6 = 6,
  kReserved7 = 7,
};

struct CapabilityWriteSpeed {
  std::uint8_t rotation_control = 0;  // 0 CLV, 1 CAV
  std::uint16_t kb_per_s = 0;         // units of 1000 bytes

  bool operator==(const CapabilityWriteSpeed&) const = default;
};

struct Capabilities {
  bool reads_cd_r = false;
  bool reads_cd_rw = false;
  bool reads_dvd_rom = false;
  bool reads_dvd_r = false;
  bool reads_dvd_ram = false;
  bool writes_cd_r = false;
  bool writes_cd_rw = false;
  bool test_write = false;
  bool writes_dvd_r = false;
  bool writes_dvd_ram = false;
  bool plays_audio = false;
  bool mode2_form1 = false;
  bool mode2_form2 = false;
  bool multi_session = false;
  bool buffer_underrun_free = false;
  bool reads_cd_da = false;
  bool accurate_cd_da = false;
  bool c2_pointers = false;
  bool can_lock = false;
  bool locked = false;
  bool can_eject = false;
  LoadingMechanism mechanism = LoadingMechanism::kCaddy;
  // Each nullopt when the page ends before it. Speeds in units of 1000 bytes a second.
  std::optional<std::uint16_t> max_read_kb_per_s;
  std::optional<std::uint16_t> buffer_kib;
  std::optional<std::uint16_t> current_read_kb_per_s;
  std::optional<std::uint16_t> max_write_kb_per_s;      // MMC-2
  std::optional<std::uint16_t> current_write_kb_per_s;  // MMC-3's field; MMC-2's when that is 0
  std::vector<CapabilityWriteSpeed> write_speeds;       // MMC-3

  bool operator==(const Capabilities&) const = default;
};

// From a MODE SENSE (10) reply. The page may end anywhere after its mechanism byte: drives and
// emulators that send 18 or 28 bytes are common.
[[nodiscard]] Result<Capabilities> decode_capabilities(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
