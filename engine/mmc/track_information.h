// READ TRACK INFORMATION: one track, and above all its next writable address (MMC-6).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// The form of CD drives. DVD and BD drives may append to it.
inline constexpr std::uint16_t kTrackInformationSize = 36;

// The track that contains the address.
[[nodiscard]] Cdb read_track_information_at(Lba lba,
                                            std::uint16_t allocation = kTrackInformationSize);
// The track with this number.
[[nodiscard]] Cdb read_track_information(std::uint16_t track,
                                         std::uint16_t allocation = kTrackInformationSize);
// The first track of the session.
[[nodiscard]] Cdb read_track_information_of_session(
    std::uint16_t session, std::uint16_t allocation = kTrackInformationSize);
// FFh: the invisible or incomplete track, which the next WRITE to a CD goes to.
[[nodiscard]] Cdb read_invisible_track_information(
    std::uint16_t allocation = kTrackInformationSize);

struct TrackInformation {
  std::uint16_t number = 0;
  std::uint16_t session = 0;
  bool damage = false;
  bool copy = false;
  std::uint8_t track_mode = 0;  // the control nibble of the sub-channel; bit 2: data
  bool reserved = false;        // RT
  bool blank = false;
  bool packet = false;
  bool fixed_packet = false;
  std::uint8_t data_mode = 0;        // 1 or 2, Fh: unknown
  std::optional<Lba> last_recorded;  // when LRA_V is set
  std::optional<Lba> next_writable;  // when NWA_V is set
  Lba start;
  BlockCount free;
  BlockCount size;
  std::uint32_t packet_size = 0;  // blocks; meaningful when fixed_packet

  [[nodiscard]] bool is_data() const { return (track_mode & 0x04U) != 0; }
  bool operator==(const TrackInformation&) const = default;
};

// Wants the first 28 bytes (up to the track size); what comes after may be cut off.
[[nodiscard]] Result<TrackInformation> decode_track_information(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
