// What makes one drive differ from another, as a plain value: who it is, what it can do, how much
// and how fast, and its oddities.
//
// A default-constructed Personality is the drive "bd-writer", a modern writer of everything. Files
// are read by personality_file.h; their schema is in README.md. This folder knows nothing of
// commands or discs; the drive looks things up here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "simdrive/profiles/media.h"
#include "simdrive/profiles/quirks.h"

namespace simdrive::profiles {

// Physical interface standard, as feature 0001h carries it (MMC-6, core feature).
enum class Interface : std::uint8_t {
  kUnspecified = 0,
  kScsi = 1,
  kAtapi = 2,
  kFireWire = 3,
  kFibreChannel = 6,
  kSata = 7,
  kUsb = 8,
};

// Loading mechanism type, as feature 0003h and page 2Ah carry it.
enum class Mechanism : std::uint8_t { kCaddy = 0, kTray = 1, kPopUp = 2 };

struct Identity {
  std::string vendor = "PREGROOV";                 // at most 8 characters; padded by the drive
  std::string product = "SIMDRIVE BD-RE";          // at most 16
  std::string revision = "1.00";                   // at most 4
  std::string serial_number = "SIMDRIVE00000001";  // at most 32; empty: no feature 0108h
  std::string firmware_date = "2026-01-01";        // YYYY-MM-DD; empty: no feature 010Ch
  Interface interface = Interface::kSata;
  Mechanism mechanism = Mechanism::kTray;

  bool operator==(const Identity&) const = default;
};

// The values are those of the write parameters page.
enum class CdWriteType : std::uint8_t {
  kPacket = 0,
  kTrackAtOnce = 1,
  kSessionAtOnce = 2,
  kRaw = 3
};
// Data block types of raw recording: 2352 bytes and P, Q (16); P-W packed (96); P-W raw (96).
enum class RawBlockType : std::uint8_t { kPq = 1, kPwPacked = 2, kPwRaw = 3 };
// The values are those of BLANK, byte 1.
enum class BlankType : std::uint8_t {
  kDisc = 0,
  kMinimal = 1,
  kTrack = 2,
  kUnreserveTrack = 3,
  kTrackTail = 4,
  kUncloseSession = 5,
  kSession = 6,
};
// The values are those of GET EVENT STATUS NOTIFICATION.
enum class EventClass : std::uint8_t {
  kOperationalChange = 1,
  kPowerManagement = 2,
  kExternalRequest = 3,
  kMedia = 4,
  kMultiInitiator = 5,
  kDeviceBusy = 6,
};

struct Features {
  EnumSet<MediumKind> reads = {MediumKind::kCdRom,     MediumKind::kCdR,
                               MediumKind::kCdRw,      MediumKind::kDvdRom,
                               MediumKind::kDvdR,      MediumKind::kDvdRDualLayer,
                               MediumKind::kDvdRw,     MediumKind::kDvdRam,
                               MediumKind::kDvdPlusR,  MediumKind::kDvdPlusRDualLayer,
                               MediumKind::kDvdPlusRw, MediumKind::kBdRom,
                               MediumKind::kBdR,       MediumKind::kBdRe};
  EnumSet<MediumKind> writes = {MediumKind::kCdR,       MediumKind::kCdRw,
                                MediumKind::kDvdR,      MediumKind::kDvdRDualLayer,
                                MediumKind::kDvdRw,     MediumKind::kDvdRam,
                                MediumKind::kDvdPlusR,  MediumKind::kDvdPlusRDualLayer,
                                MediumKind::kDvdPlusRw, MediumKind::kBdR,
                                MediumKind::kBdRe};
  EnumSet<CdWriteType> cd_write_types = {CdWriteType::kPacket, CdWriteType::kTrackAtOnce,
                                         CdWriteType::kSessionAtOnce, CdWriteType::kRaw};
  EnumSet<RawBlockType> raw_block_types = {RawBlockType::kPq, RawBlockType::kPwPacked,
                                           RawBlockType::kPwRaw};
  bool cd_text_read = true;
  bool cd_text_write = true;
  bool c2_pointers = true;
  bool digital_audio_read = true;  // READ CD of audio
  EnumSet<MediumFamily> test_write = {MediumFamily::kCd,
                                      MediumFamily::kDvd};  // DVD: of the minus kinds only
  EnumSet<MediumFamily> buffer_underrun_protection = {MediumFamily::kCd, MediumFamily::kDvd};
  PerKind<EnumSet<BlankType>> blank_types = default_blank_types();
  bool dvd_r_dl_layer_jump = false;   // profile 0016h, feature 0033h: announced, not simulated
  bool bd_r_random_recording = true;  // profile 0042h, format subtype 10b
  bool bd_r_pseudo_overwrite = true;  // feature 0038h
  bool stream_recording = true;       // WRITE (12) with Streaming, DVD-RAM and BD-RE
  bool real_time_streaming = true;    // feature 0107h, GET PERFORMANCE, SET STREAMING
  EnumSet<EventClass> event_classes = {EventClass::kOperationalChange, EventClass::kPowerManagement,
                                       EventClass::kExternalRequest, EventClass::kMedia,
                                       EventClass::kDeviceBusy};  // empty: GESN is unknown
  // What the write parameters page accepts.
  std::uint32_t write_parameters_length = 50;            // of the page, as its byte 1 says
  std::vector<std::uint32_t> fixed_packet_sizes = {32};  // blocks, CD; empty: any size
  std::uint32_t cd_link_size = 7;                        // blocks
  std::uint32_t dvd_link_size = 16;                      // blocks
  std::uint32_t audio_pause_min = 150;                   // blocks
  std::uint32_t audio_pause_max = 150;                   // blocks

  bool operator==(const Features&) const = default;

 private:
  static constexpr PerKind<EnumSet<BlankType>> default_blank_types() {
    PerKind<EnumSet<BlankType>> types;
    types[MediumKind::kCdRw] = {BlankType::kDisc, BlankType::kMinimal};
    types[MediumKind::kDvdRw] = {BlankType::kDisc, BlankType::kMinimal};
    return types;
  }
};

enum class RotationMode : std::uint8_t {
  kClv,   // the selected speed everywhere
  kCav,   // the selected speed at the outer edge, cav_inner_percent of it at the inner
  kZclv,  // the slower of the selected speed and that of the zone
};

struct SpeedZone {
  std::uint32_t from_block = 0;
  SpeedMultiple speed;

  constexpr bool operator==(const SpeedZone&) const = default;
};

struct Rotation {
  RotationMode mode = RotationMode::kClv;
  SpeedMultiple clv_up_to;       // selected speeds up to this are CLV all the same; 0: none
  std::vector<SpeedZone> zones;  // ZCLV only: ascending, the first at block 0

  bool operator==(const Rotation&) const = default;
};

using Milliseconds = std::chrono::milliseconds;

struct Limits {
  PerFamily<std::uint32_t> buffer_bytes{{0x126800, 0x118000, 0x180000}};
  // Descending; empty for what the drive cannot read or write. A disc may allow less.
  PerKind<std::vector<SpeedMultiple>> read_speeds = default_read_speeds();
  PerKind<std::vector<SpeedMultiple>> write_speeds = default_write_speeds();
  PerKind<Rotation> read_rotation = default_read_rotation();
  PerKind<Rotation> write_rotation = default_write_rotation();
  std::uint32_t cav_inner_percent = 42;

  std::chrono::microseconds command_time{200};  // every command takes this long at least
  Milliseconds spin_up_time{4000};
  Milliseconds tray_time{2000};
  Milliseconds seek_time{100};
  Milliseconds calibration_time{2000};
  Milliseconds session_close_time{5000};  // besides the sectors that are written
  Milliseconds track_close_time{1000};

  std::uint32_t cd_power_calibrations = 100;        // uses of the area; then 3/73/02
  std::uint32_t cd_power_calibrations_warning = 5;  // with so many left, SEND OPC warns: 1/73/01
  std::uint32_t dvd_plus_r_open_fragments = 16;
  std::uint32_t dvd_plus_r_sessions = 153;
  std::uint32_t dvd_plus_r_dl_sessions = 127;

  bool operator==(const Limits&) const = default;

 private:
  static PerKind<std::vector<SpeedMultiple>> default_read_speeds();
  static PerKind<std::vector<SpeedMultiple>> default_write_speeds();
  static PerKind<Rotation> default_read_rotation();
  static PerKind<Rotation> default_write_rotation();
};

struct Personality {
  std::string name = "bd-writer";  // lower-case letters, digits, hyphens
  std::string description = "A modern writer of CD, DVD and Blu-ray Disc (SATA)";
  Identity identity;
  Features features;
  Limits limits;
  Quirks quirks;

  [[nodiscard]] bool reads(MediumKind kind) const { return features.reads.contains(kind); }
  [[nodiscard]] bool writes(MediumKind kind) const { return features.writes.contains(kind); }
  [[nodiscard]] bool reads(MediumFamily family) const;
  [[nodiscard]] bool writes(MediumFamily family) const;
  [[nodiscard]] bool blanks(MediumKind kind, BlankType type) const {
    return features.blank_types[kind].contains(type);
  }
  // Descending.
  [[nodiscard]] std::span<const SpeedMultiple> read_speeds(MediumKind kind) const {
    return limits.read_speeds[kind];
  }
  [[nodiscard]] std::span<const SpeedMultiple> write_speeds(MediumKind kind) const {
    return limits.write_speeds[kind];
  }
  [[nodiscard]] const Rotation& read_rotation(MediumKind kind) const {
    return limits.read_rotation[kind];
  }
  [[nodiscard]] const Rotation& write_rotation(MediumKind kind) const {
    return limits.write_rotation[kind];
  }
  [[nodiscard]] std::uint32_t buffer_bytes(MediumKind kind) const {
    return limits.buffer_bytes[family_of(kind)];
  }
  // False when the operation code is on the list of unsupported commands.
  [[nodiscard]] bool knows_command(std::uint8_t operation_code) const;
  // Profile numbers for feature 0000h, descending, as drives list them.
  [[nodiscard]] std::vector<std::uint16_t> profile_list() const;

  bool operator==(const Personality&) const = default;
};

}  // namespace simdrive::profiles
