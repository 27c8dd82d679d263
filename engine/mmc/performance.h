// GET PERFORMANCE and SET STREAMING: which speeds the drive offers for this disc, and choosing one
// (MMC-6).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

enum class PerformanceType : std::uint8_t {
  kPerformance = 0x00,
  kUnusableArea = 0x01,
  kDefectStatus = 0x02,
  kWriteSpeed = 0x03,
};

// Data type of PerformanceType::kPerformance, combined with |; 0 for the other types.
inline constexpr std::uint8_t kWritePerformance = 0x04;
inline constexpr std::uint8_t kNominalTolerance = 0x10;  // 10 % nominal, 20 % exceptions

inline constexpr std::size_t kPerformanceHeaderSize = 8;
inline constexpr std::size_t kPerformanceDescriptorSize = 16;

// The command has no allocation length: the number of descriptors fixes it, and a reply takes at
// most kPerformanceHeaderSize + max_descriptors * kPerformanceDescriptorSize bytes.
[[nodiscard]] Cdb get_performance(PerformanceType type, std::uint8_t data_type, Lba start,
                                  std::uint16_t max_descriptors);

struct NominalPerformance {
  Lba start;
  std::uint32_t start_kb_per_s = 0;
  Lba end;
  std::uint32_t end_kb_per_s = 0;

  bool operator==(const NominalPerformance&) const = default;
};
struct PerformanceData {
  bool write = false;       // the values are about writing
  bool exceptions = false;  // they are exceptions, which have another layout: nominal is empty
  std::vector<NominalPerformance> nominal;

  bool operator==(const PerformanceData&) const = default;
};
[[nodiscard]] Result<PerformanceData> decode_nominal_performance(std::span<const std::byte> reply);

struct WriteSpeed {
  std::uint8_t rotation_control = 0;  // WRC: 0 the medium's default (CLV), 1 CAV
  bool restores_default = false;      // RDD
  bool exact = false;
  bool mixed = false;  // MRW: fit for reading and writing in turn
  Lba end;
  std::uint32_t read_kb_per_s = 0;
  std::uint32_t write_kb_per_s = 0;

  bool operator==(const WriteSpeed&) const = default;
};
[[nodiscard]] Result<std::vector<WriteSpeed>> decode_write_speeds(std::span<const std::byte> reply);

inline constexpr std::uint16_t kStreamingListSize = 28;

// The parameter list of SET STREAMING. A speed is an amount of kB (1000 bytes) in a time.
struct StreamingDescriptor {
  std::uint8_t rotation_control = 0;
  bool restore_default = false;  // RDD: forget what was set
  bool exact = false;
  bool random_access = false;
  Lba start;
  Lba end;
  std::uint32_t read_kb = 0;
  std::uint32_t read_ms = 0;
  std::uint32_t write_kb = 0;
  std::uint32_t write_ms = 0;

  bool operator==(const StreamingDescriptor&) const = default;
};
[[nodiscard]] Cdb set_streaming(std::uint16_t parameter_list_length = kStreamingListSize);
[[nodiscard]] std::array<std::byte, kStreamingListSize> encode_streaming(
    const StreamingDescriptor& descriptor);

}  // namespace pregroove::mmc
