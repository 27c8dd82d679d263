#include "simdrive/drive/mode_pages.h"

#include <algorithm>

#include "engine/base/bytes.h"

namespace simdrive {
namespace {

using pregroove::bit_field;
using pregroove::scsi::ModePage;

// Offsets in the write parameters page (MMC-6 table "Write Parameters mode page").
constexpr std::size_t kWriteTypeByte = 2;
constexpr std::size_t kTrackModeByte = 3;
constexpr std::size_t kDataBlockTypeByte = 4;
constexpr std::size_t kLinkSizeByte = 5;
constexpr std::size_t kSessionFormatByte = 8;
constexpr std::size_t kPacketSizeByte = 10;
constexpr std::size_t kAudioPauseByte = 14;
constexpr std::size_t kWriteParametersSize = 52;

constexpr std::uint8_t kTestWriteBit = 0x10;
constexpr std::uint8_t kUnderrunProtectionBit = 0x40;
constexpr std::uint8_t kLinkSizeValidBit = 0x20;
constexpr std::uint8_t kFixedPacketBit = 0x20;
constexpr std::uint8_t kIncremental = 0;
constexpr std::uint8_t kTrackAtOnce = 1;
constexpr std::uint8_t kAtOnce = 2;
constexpr std::uint8_t kBlockTypeMode1 = 8;
constexpr std::uint8_t kBlockTypeMode2Form1 = 10;
constexpr std::uint8_t kNextSessionAllowed = 3;
constexpr std::uint8_t kAudioPauseBlocks = 150;

// Page 01h, read/write error recovery: retries are the drive's own affair.
ModePageDefinition error_recovery() {
  ModePageDefinition page{.code = 0x01, .defaults = std::vector<std::uint8_t>(12)};
  page.defaults[0] = 0x01;
  page.defaults[1] = 10;
  page.defaults[2] = 0x80;  // AWRE
  page.defaults[3] = 5;     // read retries
  page.defaults[8] = 5;     // write retries
  page.changeable.assign(page.defaults.size(), 0);
  page.changeable[2] = 0xFF;
  page.changeable[3] = 0xFF;
  page.changeable[8] = 0xFF;
  return page;
}

// Page 05h. What track-at-once of data needs can be changed, and for DVD link and packet size.
ModePageDefinition write_parameters_page() {
  ModePageDefinition page{.code = 0x05,
                          .defaults = std::vector<std::uint8_t>(kWriteParametersSize)};
  page.defaults[0] = 0x05;
  page.defaults[1] = kWriteParametersSize - 2;
  page.defaults[kWriteTypeByte] = 0x40 | kTrackAtOnce;  // BUFE
  page.defaults[kTrackModeByte] = 0x04;                 // data, recorded uninterrupted
  page.defaults[kDataBlockTypeByte] = kBlockTypeMode1;
  page.defaults[kAudioPauseByte + 1] = kAudioPauseBlocks;
  page.changeable.assign(page.defaults.size(), 0);
  page.changeable[kWriteTypeByte] = 0x7F;  // BUFE, LS_V, Test Write, write type
  page.changeable[kTrackModeByte] = 0xFF;
  page.changeable[kDataBlockTypeByte] = 0x0F;
  page.changeable[kLinkSizeByte] = 0xFF;
  page.changeable[kSessionFormatByte] = 0xFF;
  for (std::size_t i = 0; i < 4; ++i) page.changeable[kPacketSizeByte + i] = 0xFF;
  // Programs build the page from zeros where there is no audio.
  page.changeable[kAudioPauseByte + 1] = 0xFF;
  return page;
}

// Page 08h, caching: the write buffer cannot be switched off.
ModePageDefinition caching() {
  ModePageDefinition page{.code = 0x08, .defaults = std::vector<std::uint8_t>(12)};
  page.defaults[0] = 0x08;
  page.defaults[1] = 10;
  page.defaults[2] = 0x04;  // WCE
  page.changeable.assign(page.defaults.size(), 0);
  return page;
}

// Pages 1Ah (power condition) and 1Dh (timeout and protect): present, nothing to set.
ModePageDefinition fixed_page(std::uint8_t code, std::size_t size) {
  ModePageDefinition page{.code = code, .defaults = std::vector<std::uint8_t>(size)};
  page.defaults[0] = code;
  page.defaults[1] = static_cast<std::uint8_t>(size - 2);
  page.changeable.assign(size, 0);
  return page;
}

// On DVD and BD: incremental or disc-at-once of data (Pioneer's command references); where the page
// does not apply, programs send the same (growisofs: DVD+R).
bool acceptable_for_dvd(std::span<const std::uint8_t> page) {
  const std::uint8_t type = bit_field(page[kWriteTypeByte], 0, 4);
  const bool data_track = bit_field(page[kTrackModeByte], 2, 1) != 0;
  return (type == kIncremental || type == kAtOnce) && data_track &&
         bit_field(page[kDataBlockTypeByte], 0, 4) == kBlockTypeMode1;
}

// What belongs to packets and is of no use to track-at-once.
bool without_packets(std::span<const std::uint8_t> page) {
  const bool no_size = std::ranges::all_of(page.subspan(kPacketSizeByte, 4),
                                           [](std::uint8_t byte) { return byte == 0; });
  return (page[kWriteTypeByte] & kLinkSizeValidBit) == 0 &&
         (page[kTrackModeByte] & kFixedPacketBit) == 0 && page[kLinkSizeByte] == 0 && no_size &&
         page[kAudioPauseByte + 1] == kAudioPauseBlocks;
}

// What the changeable bits of page 05h may say together (MMC-6 7.5.4).
bool acceptable_write_parameters(std::span<const std::uint8_t> page, MediumFamily family) {
  if (family != MediumFamily::kCd) return acceptable_for_dvd(page);
  if (!without_packets(page)) return false;
  const std::uint8_t track_mode = bit_field(page[kTrackModeByte], 0, 4);
  const bool data_track = track_mode == 4 || track_mode == 6;  // 6: copying permitted
  const std::uint8_t multi_session = bit_field(page[kTrackModeByte], 6, 2);
  const bool multi_session_known = multi_session == 0 || multi_session == kNextSessionAllowed;
  const std::uint8_t block_type = bit_field(page[kDataBlockTypeByte], 0, 4);
  const bool block_type_known = block_type == kBlockTypeMode1 || block_type == kBlockTypeMode2Form1;
  const std::uint8_t session_format = page[kSessionFormatByte];
  const bool session_format_known = session_format == 0x00 || session_format == 0x20;
  return bit_field(page[kWriteTypeByte], 0, 4) == kTrackAtOnce && data_track &&
         multi_session_known && block_type_known && session_format_known;
}

RecordingMethod method_of(std::span<const std::uint8_t> page) {
  switch (bit_field(page[kWriteTypeByte], 0, 4)) {
    case kIncremental:
      return (page[kTrackModeByte] & kFixedPacketBit) != 0 ? RecordingMethod::kFixedPacket
                                                           : RecordingMethod::kVariablePacket;
    case kAtOnce:
      return RecordingMethod::kSessionAtOnce;
    default:
      return RecordingMethod::kTrackAtOnce;
  }
}

}  // namespace

ModePages::ModePages() {
  definitions_ = {error_recovery(), write_parameters_page(), caching(), fixed_page(0x1A, 12),
                  fixed_page(0x1D, 10)};
  for (const ModePageDefinition& page : definitions_) current_.push_back(page.defaults);
}

const std::vector<std::uint8_t>* ModePages::values(std::uint8_t code, PageControl control) const {
  const auto found = std::ranges::find(definitions_, code, &ModePageDefinition::code);
  if (found == definitions_.end()) return nullptr;
  if (control == PageControl::kChangeable) return &found->changeable;
  if (control == PageControl::kDefault) return &found->defaults;
  return &current_[static_cast<std::size_t>(found - definitions_.begin())];
}

std::expected<void, CommandError> ModePages::select(std::span<const std::uint8_t> page,
                                                    MediumFamily family) {
  const std::unexpected refused(CommandError{Fault::kInvalidFieldInParameterList});
  if (page.empty() || (page[0] & 0xC0U) != 0) return refused;  // PS is reserved here; no subpages
  const auto found = std::ranges::find(definitions_, page[0], &ModePageDefinition::code);
  if (found == definitions_.end() || page.size() != found->defaults.size()) return refused;
  if (page[1] != found->defaults[1]) return refused;
  auto& current = current_[static_cast<std::size_t>(found - definitions_.begin())];
  for (std::size_t i = 2; i < page.size(); ++i) {
    if (((page[i] ^ current[i]) & ~found->changeable[i] & 0xFFU) != 0) return refused;
  }
  if (page[0] == static_cast<std::uint8_t>(ModePage::kWriteParameters) &&
      !acceptable_write_parameters(page, family))
    return refused;
  current.assign(page.begin(), page.end());
  return {};
}

WriteParameters ModePages::write_parameters() const {
  const auto& page = *values(0x05, PageControl::kCurrent);
  return {
      .method = method_of(page),
      .buffer_underrun_protection = (page[kWriteTypeByte] & kUnderrunProtectionBit) != 0,
      .test_write = (page[kWriteTypeByte] & kTestWriteBit) != 0,
      .another_session_may_follow = bit_field(page[kTrackModeByte], 6, 2) == kNextSessionAllowed,
      .sector_format = bit_field(page[kDataBlockTypeByte], 0, 4) == kBlockTypeMode2Form1
                           ? SectorFormat::kMode2Form1
                           : SectorFormat::kMode1,
      .session_format =
          page[kSessionFormatByte] == 0x20 ? SessionFormat::kCdRomXa : SessionFormat::kCdRom};
}

}  // namespace simdrive
