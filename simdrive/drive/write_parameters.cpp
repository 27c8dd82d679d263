#include "simdrive/drive/write_parameters.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "simdrive/disc/subchannel.h"

namespace simdrive {
namespace {

using pregroove::bit_field;
using profiles::CdWriteType;
using profiles::RawBlockType;

// Offsets in the page (MMC-6 table "Write Parameters mode page").
constexpr std::size_t kWriteTypeByte = 2;
constexpr std::size_t kTrackModeByte = 3;
constexpr std::size_t kDataBlockTypeByte = 4;
constexpr std::size_t kLinkSizeByte = 5;
constexpr std::size_t kApplicationByte = 7;
constexpr std::size_t kSessionFormatByte = 8;
constexpr std::size_t kPacketSizeByte = 10;
constexpr std::size_t kAudioPauseByte = 14;
constexpr std::size_t kCatalogueByte = 16;
constexpr std::size_t kIsrcByte = 32;
constexpr std::size_t kSubHeaderByte = 48;

constexpr std::uint8_t kBufferProtectionBit = 0x40;
constexpr std::uint8_t kLinkSizeValidBit = 0x20;
constexpr std::uint8_t kTestWriteBit = 0x10;
constexpr std::uint8_t kFixedPacketBit = 0x20;
constexpr std::uint8_t kCodeValidBit = 0x80;  // MCVAL, TCVAL

constexpr std::uint8_t kPacket = 0;
constexpr std::uint8_t kTrackAtOnce = 1;
constexpr std::uint8_t kAtOnce = 2;
constexpr std::uint8_t kRaw = 3;

constexpr std::uint8_t kNextSessionAllowed = 3;
constexpr std::uint8_t kDataTrackBit = 0x04;
constexpr std::uint8_t kFourChannelsBit = 0x08;
constexpr std::uint8_t kIncrementalBit = 0x01;  // of data tracks
constexpr std::uint8_t kBlockTypeAudio = 0;
constexpr std::uint8_t kBlockTypePq = 1;
constexpr std::uint8_t kBlockTypeRawPw = 3;
constexpr std::uint8_t kBlockTypeMode1 = 8;
constexpr std::uint8_t kAudioPauseBlocks = 150;

struct Fields {
  std::span<const std::uint8_t> page;

  [[nodiscard]] std::uint8_t write_type() const { return bit_field(page[kWriteTypeByte], 0, 4); }
  [[nodiscard]] std::uint8_t track_mode() const { return bit_field(page[kTrackModeByte], 0, 4); }
  [[nodiscard]] std::uint8_t multi_session() const { return bit_field(page[kTrackModeByte], 6, 2); }
  [[nodiscard]] std::uint8_t block_type() const {
    return bit_field(page[kDataBlockTypeByte], 0, 4);
  }
  [[nodiscard]] bool fixed_packet() const { return (page[kTrackModeByte] & kFixedPacketBit) != 0; }
  [[nodiscard]] bool data_track() const { return (track_mode() & kDataTrackBit) != 0; }
  [[nodiscard]] std::uint32_t number(std::size_t offset, std::size_t size) const {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : page.subspan(offset, size)) value = (value << 8U) | byte;
    return value;
  }
  // The text behind a byte whose top bit says that it is valid.
  [[nodiscard]] std::optional<std::string> code(std::size_t offset, std::size_t size) const {
    if ((page[offset] & kCodeValidBit) == 0) return std::nullopt;
    std::string text;
    for (const std::uint8_t byte : page.subspan(offset + 1, size)) text += static_cast<char>(byte);
    return text;
  }
  [[nodiscard]] SubHeader sub_header() const {
    return {page[kSubHeaderByte], page[kSubHeaderByte + 1], page[kSubHeaderByte + 2],
            page[kSubHeaderByte + 3]};
  }
};

constexpr std::size_t kCatalogueSize = 13;
constexpr std::size_t kIsrcSize = 12;

// The sizes of fixed packets that a disc can hold (Pioneer's command references give two bytes).
constexpr std::uint32_t kLargestPacket = 0xFFFF;

std::optional<SessionFormat> session_format_of(std::uint8_t byte) {
  const auto format = static_cast<SessionFormat>(byte);
  switch (format) {
    case SessionFormat::kCdRom:
    case SessionFormat::kCdI:
    case SessionFormat::kCdRomXa:
      return format;
  }
  return std::nullopt;
}

// On DVD and BD: incremental or disc-at-once of data (Pioneer's command references); where the page
// does not apply, programs send the same (growisofs: DVD+R).
bool acceptable_for_dvd(const Fields& fields) {
  const std::uint8_t type = fields.write_type();
  return (type == kPacket || type == kAtOnce) && fields.data_track() &&
         fields.block_type() == kBlockTypeMode1;
}

bool raw_block_type_offered(const profiles::Features& features, std::uint8_t type) {
  return features.raw_block_types.contains(static_cast<RawBlockType>(type));
}

// Audio or data, as the track mode says.
bool block_type_fits_track(const Fields& fields) {
  if (fields.data_track()) return fields.block_type() >= kBlockTypeMode1;
  return fields.block_type() == kBlockTypeAudio;
}

bool acceptable_packets(const Fields& fields, const profiles::Features& features) {
  const bool link_given = (fields.page[kWriteTypeByte] & kLinkSizeValidBit) != 0;
  if (link_given && fields.page[kLinkSizeByte] != features.cd_link_size) return false;
  if (!fields.data_track() || !block_type_fits_track(fields)) return false;
  if ((fields.track_mode() & kIncrementalBit) == 0) return false;
  if (!fields.fixed_packet()) return true;
  const auto& sizes = features.fixed_packet_sizes;
  const std::uint32_t size = fields.number(kPacketSizeByte, 4);
  return sizes.empty() ? size > 0 && size <= kLargestPacket : std::ranges::count(sizes, size) > 0;
}

// The cue sheet says what the sectors are; a type with sub-channels asks for raw ability.
bool acceptable_session_at_once(const Fields& fields, const profiles::Features& features) {
  const std::uint8_t type = fields.block_type();
  if (type == kBlockTypePq) return false;
  return type == kBlockTypeAudio || type >= kBlockTypeMode1 ||
         raw_block_type_offered(features, type);
}

bool acceptable_combination(const Fields& fields, const WriteConditions& conditions) {
  const profiles::Features& features = conditions.features;
  switch (fields.write_type()) {
    case kPacket:
      return acceptable_packets(fields, features);
    case kTrackAtOnce: {
      const bool incremental = fields.data_track() && (fields.track_mode() & kIncrementalBit) != 0;
      return !incremental && block_type_fits_track(fields);
    }
    case kAtOnce:
      return !conditions.at_once_refused && acceptable_session_at_once(fields, features);
    case kRaw:
      return !conditions.at_once_refused && fields.block_type() >= kBlockTypePq &&
             fields.block_type() <= kBlockTypeRawPw &&
             raw_block_type_offered(features, fields.block_type());
    default:
      return false;
  }
}

bool acceptable_codes(const Fields& fields) {
  const auto catalogue = fields.code(kCatalogueByte, kCatalogueSize);
  const auto isrc = fields.code(kIsrcByte, kIsrcSize);
  return (!catalogue || is_catalog_number(*catalogue)) && (!isrc || is_isrc(*isrc));
}

RecordingMethod method_of(const Fields& fields) {
  switch (fields.write_type()) {
    case kPacket:
      return fields.fixed_packet() ? RecordingMethod::kFixedPacket
                                   : RecordingMethod::kVariablePacket;
    case kAtOnce:
      return RecordingMethod::kSessionAtOnce;
    case kRaw:
      return RecordingMethod::kRaw;
    default:
      return RecordingMethod::kTrackAtOnce;
  }
}

}  // namespace

bool acceptable_write_parameters(std::span<const std::uint8_t> page,
                                 const WriteConditions& conditions) {
  const Fields fields{page};
  if (!session_format_of(page[kSessionFormatByte])) return false;
  if (conditions.family != MediumFamily::kCd) return acceptable_for_dvd(fields);
  if (fields.write_type() > kRaw) return false;
  const auto type = static_cast<CdWriteType>(fields.write_type());
  if (!conditions.features.cd_write_types.contains(type)) return false;
  const std::uint8_t multi_session = fields.multi_session();
  if (multi_session != 0 && multi_session != kNextSessionAllowed) return false;
  if (fields.fixed_packet() && fields.write_type() != kPacket) return false;
  if ((fields.track_mode() & kFourChannelsBit) != 0) return false;
  if (!host_block(fields.block_type())) return false;
  // Programs that build the page from zeros leave the pause at 0.
  const std::uint32_t pause = fields.number(kAudioPauseByte, 2);
  if (pause != 0 &&
      (pause < conditions.features.audio_pause_min || pause > conditions.features.audio_pause_max))
    return false;
  return acceptable_codes(fields) && acceptable_combination(fields, conditions);
}

// A page that was taken for another medium, or without any check, may hold anything: what a disc
// cannot record is left out.
WriteParameters parse_write_parameters(std::span<const std::uint8_t> page) {
  const Fields fields{page};
  WriteParameters parameters{
      .method = method_of(fields),
      .buffer_underrun_protection = (page[kWriteTypeByte] & kBufferProtectionBit) != 0,
      .test_write = (page[kWriteTypeByte] & kTestWriteBit) != 0,
      .another_session_may_follow = fields.multi_session() == kNextSessionAllowed,
      .block = host_block(fields.block_type(), fields.sub_header()).value_or(HostBlock{}),
      .control = fields.track_mode(),
      .session_format =
          session_format_of(page[kSessionFormatByte]).value_or(SessionFormat::kCdRom)};
  if (parameters.method == RecordingMethod::kFixedPacket)
    parameters.packet =
        BlockCount{std::clamp(fields.number(kPacketSizeByte, 4), 1U, kLargestPacket)};
  if (const auto code = fields.code(kCatalogueByte, kCatalogueSize);
      code && is_catalog_number(*code))
    std::ranges::copy(*code, parameters.catalogue.begin());
  if (const auto code = fields.code(kIsrcByte, kIsrcSize); code && is_isrc(*code))
    std::ranges::copy(*code, parameters.isrc.begin());
  return parameters;
}

std::vector<std::uint8_t> default_write_parameters() {
  std::vector<std::uint8_t> page(kWriteParametersSize);
  page[0] = 0x05;
  page[1] = kWriteParametersSize - 2;
  page[kWriteTypeByte] = kBufferProtectionBit | kTrackAtOnce;
  page[kTrackModeByte] = kDataTrackBit;  // data, recorded uninterrupted
  page[kDataBlockTypeByte] = kBlockTypeMode1;
  page[kAudioPauseByte + 1] = kAudioPauseBlocks;
  return page;
}

std::vector<std::uint8_t> changeable_write_parameters() {
  std::vector<std::uint8_t> page(kWriteParametersSize);
  const auto allow = [&](std::size_t offset, std::size_t size, std::uint8_t bits) {
    std::fill_n(page.begin() + static_cast<std::ptrdiff_t>(offset), size, bits);
  };
  allow(kWriteTypeByte, 1, 0x7F);
  allow(kTrackModeByte, 1, 0xFF);
  allow(kDataBlockTypeByte, 1, 0x0F);
  allow(kLinkSizeByte, 1, 0xFF);
  allow(kApplicationByte, 1, 0x3F);
  allow(kSessionFormatByte, 1, 0xFF);
  allow(kPacketSizeByte, 4, 0xFF);
  allow(kAudioPauseByte, 2, 0xFF);
  allow(kCatalogueByte, 16, 0xFF);
  allow(kIsrcByte, 16, 0xFF);
  allow(kSubHeaderByte, 4, 0xFF);
  return page;
}

}  // namespace simdrive
