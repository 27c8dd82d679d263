#include "engine/mmc/configuration.h"

#include <algorithm>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "GET CONFIGURATION command".
struct GetConfigurationCdb {
  Opcode operation_code = Opcode::kGetConfiguration;
  std::uint8_t request_type = 0;  // [1:0] RT
  Be16 starting_feature;
  std::array<std::uint8_t, 3> reserved{};
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<GetConfigurationCdb, Opcode::kGetConfiguration>());
static_assert(offsetof(GetConfigurationCdb, allocation_length) == 7);

// MMC-6 table "feature header".
struct FeatureHeader {
  Be32 data_length;
  std::array<std::uint8_t, 2> reserved;
  Be16 current_profile;
};
static_assert(wire_struct<FeatureHeader, kConfigurationHeaderSize>());

// MMC-6 table "feature descriptor generic format".
struct DescriptorHeader {
  Be16 code;
  std::uint8_t flags;  // [5:2] version, persistent, current
  std::uint8_t additional_length;
};
static_assert(wire_struct<DescriptorHeader, 4>());

// MMC-6 table "profile descriptor".
struct ProfileDescriptor {
  Be16 profile;
  std::uint8_t current;  // bit 0
  std::uint8_t reserved;
};
static_assert(wire_struct<ProfileDescriptor, 4>());

// MMC-6 table "CD Track at Once feature descriptor", after the generic header.
struct CdTrackAtOnceData {
  std::uint8_t flags;
  std::uint8_t reserved;
  Be16 data_types_supported;
};
static_assert(wire_struct<CdTrackAtOnceData, 4>());

// MMC-6 table "CD Mastering feature descriptor", after the generic header.
struct CdMasteringData {
  std::uint8_t flags;
  Be24 maximum_cue_sheet_length;
};
static_assert(wire_struct<CdMasteringData, 4>());

}  // namespace

Cdb get_configuration(RequestType type, scsi::Feature starting, std::uint16_t allocation) {
  return make_cdb(
      GetConfigurationCdb{.request_type = static_cast<std::uint8_t>(type),
                          .starting_feature = Be16(static_cast<std::uint16_t>(starting)),
                          .allocation_length = Be16(allocation)});
}

const FeatureDescriptor* Configuration::find(scsi::Feature feature) const {
  const auto found = std::ranges::find(features, feature, &FeatureDescriptor::code);
  return found == features.end() ? nullptr : &*found;
}

bool Configuration::is_current(scsi::Feature feature) const {
  const auto* descriptor = find(feature);
  return descriptor != nullptr && descriptor->current;
}

std::vector<SupportedProfile> Configuration::profiles() const {
  std::vector<SupportedProfile> profiles;
  const auto* list = find(scsi::Feature::kProfileList);
  if (list == nullptr) return profiles;
  for (std::size_t at = 0; const auto wire = read_struct<ProfileDescriptor>(list->data, at);
       at += sizeof(ProfileDescriptor))
    profiles.push_back({.profile = static_cast<scsi::Profile>(wire->profile.value()),
                        .current = bit(wire->current, 0)});
  return profiles;
}

Result<Configuration> decode_configuration(std::span<const std::byte> reply) {
  const auto part = announced_part32(reply);
  const auto header = read_struct<FeatureHeader>(part);
  if (!header) return short_reply(Opcode::kGetConfiguration, part.size(), sizeof(FeatureHeader));
  Configuration configuration;
  configuration.current_profile = static_cast<scsi::Profile>(header->current_profile.value());
  std::size_t at = sizeof(FeatureHeader);
  while (const auto wire = read_struct<DescriptorHeader>(part, at)) {
    at += sizeof(DescriptorHeader);
    if (part.size() - at < wire->additional_length) break;
    const auto data = part.subspan(at, wire->additional_length);
    at += data.size();
    configuration.features.push_back({.code = static_cast<scsi::Feature>(wire->code.value()),
                                      .version = bit_field(wire->flags, 2, 4),
                                      .persistent = bit(wire->flags, 1),
                                      .current = bit(wire->flags, 0),
                                      .data = {data.begin(), data.end()}});
  }
  return configuration;
}

Result<CdTrackAtOnceFeature> decode_cd_track_at_once(const FeatureDescriptor& feature) {
  if (feature.code != scsi::Feature::kCdTrackAtOnce)
    return bad_reply(Opcode::kGetConfiguration, "the feature is not CD Track at Once");
  const auto wire = read_struct<CdTrackAtOnceData>(feature.data);
  if (!wire)
    return bad_reply(Opcode::kGetConfiguration, "the CD Track at Once feature is cut short");
  return CdTrackAtOnceFeature{.buffer_underrun_free = bit(wire->flags, 6),
                              .test_write = bit(wire->flags, 2),
                              .cd_rw = bit(wire->flags, 1),
                              .rw_raw = bit(wire->flags, 4),
                              .rw_packed = bit(wire->flags, 3),
                              .rw_sub_code = bit(wire->flags, 0),
                              .data_types_supported = wire->data_types_supported.value()};
}

Result<bool> decode_dvd_plus_r_write(const FeatureDescriptor& feature) {
  const bool known =
      feature.code == scsi::Feature::kDvdPlusR || feature.code == scsi::Feature::kDvdPlusRDualLayer;
  if (!known) return bad_reply(Opcode::kGetConfiguration, "the feature is not DVD+R");
  if (feature.data.empty())
    return bad_reply(Opcode::kGetConfiguration, "the DVD+R feature is cut short");
  return bit(std::to_integer<std::uint8_t>(feature.data.front()), 0);
}

Result<DvdRWriteFeature> decode_dvd_r_write(const FeatureDescriptor& feature) {
  if (feature.code != scsi::Feature::kDvdRWrite)
    return bad_reply(Opcode::kGetConfiguration, "the feature is not DVD-R/-RW Write");
  if (feature.data.empty())
    return bad_reply(Opcode::kGetConfiguration, "the DVD-R/-RW Write feature is cut short");
  const auto flags = std::to_integer<std::uint8_t>(feature.data.front());
  return DvdRWriteFeature{
      .buffer_underrun_free = bit(flags, 6), .test_write = bit(flags, 2), .dvd_rw = bit(flags, 1)};
}

Result<CdMasteringFeature> decode_cd_mastering(const FeatureDescriptor& feature) {
  if (feature.code != scsi::Feature::kCdMastering)
    return bad_reply(Opcode::kGetConfiguration, "the feature is not CD Mastering");
  const auto wire = read_struct<CdMasteringData>(feature.data);
  if (!wire) return bad_reply(Opcode::kGetConfiguration, "the CD Mastering feature is cut short");
  return CdMasteringFeature{.buffer_underrun_free = bit(wire->flags, 6),
                            .session_at_once = bit(wire->flags, 5),
                            .raw_multi_session = bit(wire->flags, 4),
                            .raw = bit(wire->flags, 3),
                            .test_write = bit(wire->flags, 2),
                            .cd_rw = bit(wire->flags, 1),
                            .rw_sub_code = bit(wire->flags, 0),
                            .max_cue_sheet_bytes = wire->maximum_cue_sheet_length.value()};
}

}  // namespace pregroove::mmc
