// GET CONFIGURATION: which profile and features the drive offers, and which hold for the disc that
// is in it now (MMC-6, its clause 5 for features).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// The header alone: how much there is, and the current profile.
inline constexpr std::uint16_t kConfigurationHeaderSize = 8;

// The RT field.
enum class RequestType : std::uint8_t { kAll = 0, kCurrent = 1, kOneFeature = 2 };

[[nodiscard]] Cdb get_configuration(RequestType type, scsi::Feature starting,
                                    std::uint16_t allocation);

struct FeatureDescriptor {
  scsi::Feature code{};
  std::uint8_t version = 0;
  bool persistent = false;
  bool current = false;
  std::vector<std::byte> data;  // what follows the four bytes that all descriptors start with

  bool operator==(const FeatureDescriptor&) const = default;
};

struct SupportedProfile {
  scsi::Profile profile{};
  bool current = false;

  bool operator==(const SupportedProfile&) const = default;
};

struct Configuration {
  scsi::Profile current_profile = scsi::Profile::kNone;
  std::vector<FeatureDescriptor> features;

  // nullptr when the drive did not list the feature.
  [[nodiscard]] const FeatureDescriptor* find(scsi::Feature feature) const;
  // Listed, and usable with the disc that is in the drive.
  [[nodiscard]] bool is_current(scsi::Feature feature) const;
  // From the Profile List feature; empty when the drive did not send it.
  [[nodiscard]] std::vector<SupportedProfile> profiles() const;

  bool operator==(const Configuration&) const = default;
};

// A last descriptor that was cut off by the allocation length is left out.
[[nodiscard]] Result<Configuration> decode_configuration(std::span<const std::byte> reply);

// CD Track at Once, 002Dh (MMC-6).
struct CdTrackAtOnceFeature {
  bool buffer_underrun_free = false;  // BUF
  bool test_write = false;
  bool cd_rw = false;
  bool rw_raw = false;                     // R-W sub-channels, raw
  bool rw_packed = false;                  // R-W sub-channels, packed
  bool rw_sub_code = false;                // R-W sub-channels at all
  std::uint16_t data_types_supported = 0;  // bit n: data block type n of mode page 05h

  bool operator==(const CdTrackAtOnceFeature&) const = default;
};
[[nodiscard]] Result<CdTrackAtOnceFeature> decode_cd_track_at_once(
    const FeatureDescriptor& feature);

// DVD+R, 002Bh, and DVD+R Dual Layer, 003Bh: whether the drive writes what it reads (MMC-6).
[[nodiscard]] Result<bool> decode_dvd_plus_r_write(const FeatureDescriptor& feature);

// DVD-R/-RW Write, 002Fh (MMC-6).
struct DvdRWriteFeature {
  bool buffer_underrun_free = false;  // BUF
  bool test_write = false;
  bool dvd_rw = false;

  bool operator==(const DvdRWriteFeature&) const = default;
};
[[nodiscard]] Result<DvdRWriteFeature> decode_dvd_r_write(const FeatureDescriptor& feature);

// CD Mastering, 002Eh: session at once and raw (MMC-6).
struct CdMasteringFeature {
  bool buffer_underrun_free = false;
  bool session_at_once = false;
  bool raw_multi_session = false;
  bool raw = false;
  bool test_write = false;
  bool cd_rw = false;
  bool rw_sub_code = false;
  std::uint32_t max_cue_sheet_bytes = 0;

  bool operator==(const CdMasteringFeature&) const = default;
};
[[nodiscard]] Result<CdMasteringFeature> decode_cd_mastering(const FeatureDescriptor& feature);

}  // namespace pregroove::mmc
