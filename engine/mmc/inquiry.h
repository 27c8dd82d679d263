// INQUIRY (SPC-4, standard data).
#pragma once

#include <cstdint>
#include <string>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// What every program asks for first, and every drive can give.
inline constexpr std::uint16_t kStandardInquirySize = 36;
// Peripheral device type of an MMC device (SPC-4 table "peripheral device type").
inline constexpr std::uint8_t kMultiMediaDeviceType = 0x05;

[[nodiscard]] Cdb inquiry(std::uint16_t allocation = kStandardInquirySize);

struct InquiryData {
  std::uint8_t device_type = 0;
  bool removable = false;
  std::string vendor;  // printable ASCII, without trailing blanks
  std::string product;
  std::string revision;

  [[nodiscard]] bool is_multi_media() const { return device_type == kMultiMediaDeviceType; }
  bool operator==(const InquiryData&) const = default;
};

[[nodiscard]] Result<InquiryData> decode_inquiry(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
