#include "engine/mmc/performance.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "GET PERFORMANCE command".
struct GetPerformanceCdb {
  Opcode operation_code = Opcode::kGetPerformance;
  std::uint8_t data_type = 0;  // [4:0]
  Be32 starting_lba;
  std::array<std::uint8_t, 2> reserved{};
  Be16 maximum_descriptors;
  std::uint8_t type = 0;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<GetPerformanceCdb, Opcode::kGetPerformance>());
static_assert(offsetof(GetPerformanceCdb, maximum_descriptors) == 8);
static_assert(offsetof(GetPerformanceCdb, type) == 10);

// MMC-6 table "performance header".
struct PerformanceHeader {
  Be32 data_length;
  std::uint8_t flags;  // Write in bit 1, Except in bit 0; zero for the other types
  std::array<std::uint8_t, 3> reserved;
};
static_assert(wire_struct<PerformanceHeader, kPerformanceHeaderSize>());

// MMC-6 table "nominal performance descriptor".
struct NominalDescriptor {
  Be32 start;
  Be32 start_performance;
  Be32 end;
  Be32 end_performance;
};
static_assert(wire_struct<NominalDescriptor, kPerformanceDescriptorSize>());

// MMC-6 table "write speed descriptor".
struct WriteSpeedDescriptor {
  std::uint8_t flags;  // [4:3] WRC, RDD, Exact, MRW
  std::array<std::uint8_t, 3> reserved;
  Be32 end;
  Be32 read_speed;
  Be32 write_speed;
};
static_assert(wire_struct<WriteSpeedDescriptor, kPerformanceDescriptorSize>());

// MMC-6 table "SET STREAMING command".
struct SetStreamingCdb {
  Opcode operation_code = Opcode::kSetStreaming;
  std::array<std::uint8_t, 7> reserved{};
  std::uint8_t type = 0;  // 0: performance descriptor
  Be16 parameter_list_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<SetStreamingCdb, Opcode::kSetStreaming>());
static_assert(offsetof(SetStreamingCdb, parameter_list_length) == 9);

// MMC-6 table "performance descriptor" of SET STREAMING.
struct StreamingList {
  std::uint8_t flags = 0;  // [4:3] WRC, RDD, Exact, RA
  std::array<std::uint8_t, 3> reserved{};
  Be32 start;
  Be32 end;
  Be32 read_size;
  Be32 read_time;
  Be32 write_size;
  Be32 write_time;
};
static_assert(wire_struct<StreamingList, kStreamingListSize>());

}  // namespace

Cdb get_performance(PerformanceType type, std::uint8_t data_type, Lba start,
                    std::uint16_t max_descriptors) {
  return make_cdb(GetPerformanceCdb{.data_type = bit_field(data_type, 0, 5),
                                    .starting_lba = wire_lba(start),
                                    .maximum_descriptors = Be16(max_descriptors),
                                    .type = static_cast<std::uint8_t>(type)});
}

Result<PerformanceData> decode_nominal_performance(std::span<const std::byte> reply) {
  const auto part = announced_part32(reply);
  const auto header = read_struct<PerformanceHeader>(part);
  if (!header) return short_reply(Opcode::kGetPerformance, part.size(), sizeof(PerformanceHeader));
  PerformanceData data{.write = bit(header->flags, 1), .exceptions = bit(header->flags, 0)};
  if (data.exceptions) return data;
  for (std::size_t at = sizeof(PerformanceHeader);
       const auto wire = read_struct<NominalDescriptor>(part, at);
       at += sizeof(NominalDescriptor)) {
    const NominalPerformance nominal{.start = lba_of(wire->start),
                                     .start_kb_per_s = wire->start_performance.value(),
                                     .end = lba_of(wire->end),
                                     .end_kb_per_s = wire->end_performance.value()};
    if (nominal.end < nominal.start)
      return bad_reply(
          Opcode::kGetPerformance,
          fmt::format("a range from LBA {} to {}", nominal.start.value, nominal.end.value));
    data.nominal.push_back(nominal);
  }
  return data;
}

Result<std::vector<WriteSpeed>> decode_write_speeds(std::span<const std::byte> reply) {
  const auto part = announced_part32(reply);
  if (part.size() < sizeof(PerformanceHeader))
    return short_reply(Opcode::kGetPerformance, part.size(), sizeof(PerformanceHeader));
  std::vector<WriteSpeed> speeds;
  for (std::size_t at = sizeof(PerformanceHeader);
       const auto wire = read_struct<WriteSpeedDescriptor>(part, at);
       at += sizeof(WriteSpeedDescriptor))
    speeds.push_back({.rotation_control = bit_field(wire->flags, 3, 2),
                      .restores_default = bit(wire->flags, 2),
                      .exact = bit(wire->flags, 1),
                      .mixed = bit(wire->flags, 0),
                      .end = lba_of(wire->end),
                      .read_kb_per_s = wire->read_speed.value(),
                      .write_kb_per_s = wire->write_speed.value()});
  return speeds;
}

Cdb set_streaming(std::uint16_t parameter_list_length) {
  return make_cdb(SetStreamingCdb{.parameter_list_length = Be16(parameter_list_length)});
}

std::array<std::byte, kStreamingListSize> encode_streaming(const StreamingDescriptor& descriptor) {
  const unsigned rotation = bit_field(descriptor.rotation_control, 0, 2);
  return bytes_of(StreamingList{
      .flags = byte_of((rotation << 3U) | bit_if(descriptor.restore_default, 2) |
                       bit_if(descriptor.exact, 1) | bit_if(descriptor.random_access, 0)),
      .start = wire_lba(descriptor.start),
      .end = wire_lba(descriptor.end),
      .read_size = Be32(descriptor.read_kb),
      .read_time = Be32(descriptor.read_ms),
      .write_size = Be32(descriptor.write_kb),
      .write_time = Be32(descriptor.write_ms)});
}

}  // namespace pregroove::mmc
