// The names of the standards' numbers: operation codes, profiles, features, mode pages.
//
// The only thing that the engine's codec and simdrive's decoder share: each spells the layouts by
// itself. Sources: MMC-6 (operation codes table, profile list, feature list), SPC-4.
#pragma once

#include <cstdint>
#include <string_view>

namespace pregroove::scsi {

enum class Opcode : std::uint8_t {
  kTestUnitReady = 0x00,
  kRequestSense = 0x03,
  kFormatUnit = 0x04,
  kInquiry = 0x12,
  kStartStopUnit = 0x1B,
  kPreventAllowMediumRemoval = 0x1E,
  kReadFormatCapacities = 0x23,
  kReadCapacity = 0x25,
  kRead10 = 0x28,
  kWrite10 = 0x2A,
  kSynchronizeCache = 0x35,
  kReadSubChannel = 0x42,
  kReadTocPmaAtip = 0x43,
  kGetConfiguration = 0x46,
  kGetEventStatusNotification = 0x4A,
  kReadDiscInformation = 0x51,
  kReadTrackInformation = 0x52,
  kReserveTrack = 0x53,
  kSendOpcInformation = 0x54,
  kModeSelect10 = 0x55,
  kModeSense10 = 0x5A,
  kCloseTrackSession = 0x5B,
  kReadBufferCapacity = 0x5C,
  kSendCueSheet = 0x5D,
  kBlank = 0xA1,
  kRead12 = 0xA8,
  kWrite12 = 0xAA,
  kGetPerformance = 0xAC,
  kSetStreaming = 0xB6,
  kReadCdMsf = 0xB9,
  kSetCdSpeed = 0xBB,
  kReadCd = 0xBE,
  kSendDiscStructure = 0xBF,
};

enum class Profile : std::uint16_t {
  kNone = 0x0000,
  kCdRom = 0x0008,
  kCdR = 0x0009,
  kCdRw = 0x000A,
  kDvdRom = 0x0010,
  kDvdRSequential = 0x0011,
  kDvdRam = 0x0012,
  kDvdRwRestrictedOverwrite = 0x0013,
  kDvdRwSequential = 0x0014,
  kDvdRDualLayerSequential = 0x0015,
  kDvdRDualLayerJump = 0x0016,
  kDvdPlusRw = 0x001A,
  kDvdPlusR = 0x001B,
  kDvdPlusRDualLayer = 0x002B,
  kBdRom = 0x0040,
  kBdRSequential = 0x0041,
  kBdRRandom = 0x0042,
  kBdRe = 0x0043,
};

enum class Feature : std::uint16_t {
  kProfileList = 0x0000,
  kCore = 0x0001,
  kMorphing = 0x0002,
  kRemovableMedium = 0x0003,
  kRandomReadable = 0x0010,
  kMultiRead = 0x001D,
  kCdRead = 0x001E,
  kRandomWritable = 0x0020,
  kIncrementalStreamingWritable = 0x0021,
  kFormattable = 0x0023,
  kRestrictedOverwrite = 0x0026,
  kDvdPlusR = 0x002B,
  kCdTrackAtOnce = 0x002D,
  kCdMastering = 0x002E,
  kDvdRWrite = 0x002F,
  kCdRwMediaWriteSupport = 0x0037,
  kBdRPseudoOverwrite = 0x0038,
  kDvdPlusRDualLayer = 0x003B,
  kBdWrite = 0x0041,
  kPowerManagement = 0x0100,
  kTimeout = 0x0105,
  kRealTimeStreaming = 0x0107,
  kDriveSerialNumber = 0x0108,
};

enum class ModePage : std::uint8_t {
  kErrorRecovery = 0x01,
  kWriteParameters = 0x05,
  kCapabilities = 0x2A,
  kAllPages = 0x3F,
};

// "WRITE (10)"; empty for an operation code that the table does not hold.
[[nodiscard]] std::string_view name_of(Opcode opcode);
// "CD-R"; empty for an unknown profile.
[[nodiscard]] std::string_view name_of(Profile profile);

}  // namespace pregroove::scsi
