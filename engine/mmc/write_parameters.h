// Mode page 05h, Write Parameters: how the next WRITE will be recorded (MMC-6).
#pragma once

#include <array>
#include <cstdint>

#include "engine/mmc/mode.h"

namespace pregroove::mmc {

inline constexpr std::size_t kWriteParametersPageSize = 52;
// Mode parameter header of zeros, and the page.
inline constexpr std::size_t kWriteParametersListSize = kModeHeaderSize + kWriteParametersPageSize;

enum class WriteType : std::uint8_t {
  kPacket = 0,  // on DVD: incremental
  kTrackAtOnce = 1,
  kSessionAtOnce = 2,  // on DVD: disc at once
  kRaw = 3,
  kLayerJump = 4,
};

// What closing the session leaves behind in its lead-in.
enum class MultiSession : std::uint8_t {
  kNoPointer = 0,           // no B0 pointer: no further session
  kFinal = 1,               // a B0 pointer of FF:FF:FF: no further session
  kNextSessionAllowed = 3,  // a B0 pointer to where the next one starts
};

enum class DataBlockType : std::uint8_t {
  kRaw2352 = 0,
  kRawPq2368 = 1,
  kRawRwPacked2448 = 2,
  kRawRw2448 = 3,
  kMode1 = 8,              // 2048
  kMode2 = 9,              // 2336
  kXaForm1 = 10,           // 2048
  kXaForm1SubHeader = 11,  // 2056
  kXaForm2 = 12,           // 2324
  kXaMixed = 13,           // 2332
};

// Control nibbles of a track, as in the sub-channel.
inline constexpr std::uint8_t kTrackModeAudio = 0x0;
inline constexpr std::uint8_t kTrackModeData = 0x4;
inline constexpr std::uint8_t kTrackModeIncrementalData = 0x5;

// MMC-6 table "session format codes": what A0 of the session will say.
inline constexpr std::uint8_t kSessionFormatCdRom = 0x00;
inline constexpr std::uint8_t kSessionFormatCdI = 0x10;
inline constexpr std::uint8_t kSessionFormatXa = 0x20;

// Two seconds, the only value that recorders are known to take.
inline constexpr std::uint16_t kStandardAudioPause = 150;

struct WriteParameters {
  WriteType write_type = WriteType::kPacket;
  bool buffer_underrun_free = false;  // BUFE
  bool link_size_valid = false;       // LS_V
  bool test_write = false;
  MultiSession multi_session = MultiSession::kNoPointer;
  bool fixed_packet = false;
  bool copy = false;
  std::uint8_t track_mode = kTrackModeAudio;
  DataBlockType data_block_type = DataBlockType::kRaw2352;
  std::uint8_t link_size = 0;
  std::uint8_t application_code = 0;
  std::uint8_t session_format = kSessionFormatCdRom;
  std::uint32_t packet_size = 0;
  std::uint16_t audio_pause_length = kStandardAudioPause;
  std::array<std::uint8_t, 16> media_catalog_number{};
  std::array<std::uint8_t, 16> isrc{};
  std::array<std::uint8_t, 4> sub_header{};

  bool operator==(const WriteParameters&) const = default;
};

// The parameter list of a MODE SELECT (10).
[[nodiscard]] std::array<std::byte, kWriteParametersListSize> encode_write_parameters(
    const WriteParameters& parameters);

// From a MODE SENSE (10) reply.
[[nodiscard]] Result<WriteParameters> decode_write_parameters(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
