// SET CD SPEED, SET STREAMING, GET PERFORMANCE (MMC-6 6.36, 6.39, 6.8).
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be32;
using pregroove::bit_field;

constexpr std::uint16_t kFastest = 0xFFFF;
constexpr std::uint8_t kNominalPerformance = 0x00;
constexpr std::uint8_t kWriteSpeeds = 0x03;

// MMC-6 table "performance header".
struct PerformanceHeader {
  Be32 length;
  std::uint8_t flags = 0;  // Write 1, Except 0
  std::array<std::uint8_t, 3> reserved{};
};
static_assert(pregroove::wire_struct<PerformanceHeader, 8>());

// MMC-6 table "performance descriptor, nominal performance".
struct NominalPerformance {
  Be32 start_lba;
  Be32 start_speed;
  Be32 end_lba;
  Be32 end_speed;
};
static_assert(pregroove::wire_struct<NominalPerformance, 16>());

// MMC-6 table "write speed descriptor".
struct WriteSpeedDescriptor {
  std::uint8_t flags = 0;  // WRC [4:3], RDD 2, Exact 1, MRW 0
  std::array<std::uint8_t, 3> reserved{};
  Be32 end_lba;
  Be32 read_speed;
  Be32 write_speed;
};
static_assert(pregroove::wire_struct<WriteSpeedDescriptor, 16>());

// MMC-6 table "performance descriptor" of SET STREAMING.
struct StreamingDescriptor {
  std::uint8_t flags = 0;  // WRC [4:3], RDD 2, Exact 1, RA 0
  std::array<std::uint8_t, 3> reserved{};
  Be32 start_lba;
  Be32 end_lba;
  Be32 read_size;  // 1000 bytes
  Be32 read_time;  // milliseconds
  Be32 write_size;
  Be32 write_time;
};
static_assert(pregroove::wire_struct<StreamingDescriptor, 28>());

Be32 speed_field(Speed speed) { return Be32(kilobytes_per_second(speed)); }

Be32 last_lba(const DriveState& state) {
  if (!state.medium_present()) return Be32(0);
  return Be32(static_cast<std::uint32_t>(state.disc->medium().capacity().value - 1));
}

std::optional<std::uint32_t> limit_of(std::uint16_t kilobytes) {
  if (kilobytes == kFastest) return std::nullopt;
  return kilobytes;
}

std::optional<std::uint32_t> limit_of(Be32 size, Be32 time) {
  if (time.value() == 0) return std::nullopt;
  const std::uint64_t rate = std::uint64_t{size.value()} * 1000 / time.value();
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(rate, std::numeric_limits<std::uint32_t>::max()));
}

bool offers(std::span<const Speed> speeds, std::uint32_t kilobytes) {
  return std::ranges::any_of(speeds,
                             [&](Speed speed) { return kilobytes_per_second(speed) == kilobytes; });
}

// The header always tells the whole length; the descriptors end where the host wants.
template <typename Descriptor>
Outcome send_descriptors(const std::vector<Descriptor>& descriptors, std::uint8_t flags,
                         const Request& request) {
  const std::size_t wanted = request.be16(8);
  const std::size_t counted =
      sizeof(PerformanceHeader) - sizeof(Be32) + (descriptors.size() * sizeof(Descriptor));
  Reply reply;
  reply.append(
      PerformanceHeader{.length = Be32(static_cast<std::uint32_t>(counted)), .flags = flags});
  for (std::size_t i = 0; i < std::min(wanted, descriptors.size()); ++i)
    reply.append(descriptors[i]);
  return reply.send(request, reply.size());
}

}  // namespace

Outcome set_cd_speed(DriveState& state, const Request& request) {
  const std::uint8_t rotation_control = bit_field(request.byte(1), 0, 2);
  if (rotation_control > 1) return refuse(Fault::kInvalidFieldInCdb);
  state.read_speed_limit = limit_of(request.be16(2));
  state.write_speed_limit = limit_of(request.be16(4));
  return Good{};
}

Outcome set_streaming(DriveState& state, const Request& request) {
  const bool performance_descriptor = request.byte(8) == 0;
  const std::size_t length = request.be16(9);
  if (!performance_descriptor) return refuse(Fault::kInvalidFieldInCdb);
  if (length != sizeof(StreamingDescriptor)) return refuse(Fault::kParameterListLength);
  const auto wire = pregroove::read_struct<StreamingDescriptor>(request.data_out);
  if (!wire) return refuse(Fault::kParameterListLength);
  const bool restore_defaults = bit_field(wire->flags, 2, 1) != 0;
  const bool exact = bit_field(wire->flags, 1, 1) != 0;
  if (restore_defaults) {
    state.read_speed_limit.reset();
    state.write_speed_limit.reset();
    return Good{length};
  }
  const auto read = limit_of(wire->read_size, wire->read_time);
  const auto write = limit_of(wire->write_size, wire->write_time);
  if (!read || !write) return refuse(Fault::kInvalidFieldInParameterList);
  if (exact && !offers(state.write_speeds(), *write))
    return refuse(Fault::kInvalidFieldInParameterList);
  state.read_speed_limit = read;
  state.write_speed_limit = write;
  return Good{length};
}

Outcome get_performance(DriveState& state, const Request& request) {
  const std::uint8_t type = request.byte(10);
  if (type == kWriteSpeeds) {
    std::vector<WriteSpeedDescriptor> descriptors;
    for (const Speed speed : state.write_speeds())
      descriptors.push_back({.end_lba = last_lba(state),
                             .read_speed = speed_field(state.read_speed()),
                             .write_speed = speed_field(speed)});
    return send_descriptors(descriptors, 0, request);
  }
  if (type != kNominalPerformance) return refuse(Fault::kInvalidFieldInCdb);
  const std::uint8_t tolerance = bit_field(request.byte(1), 3, 2);
  const bool write = request.bit(1, 2);
  const std::uint8_t except = bit_field(request.byte(1), 0, 2);
  constexpr std::uint8_t kTenPercentNominal = 2;
  // growisofs leaves the tolerance out, and drives serve it.
  const bool tolerance_known = tolerance == kTenPercentNominal || tolerance == 0;
  if (!tolerance_known || except != 0) return refuse(Fault::kInvalidFieldInCdb);
  const Be32 speed = speed_field(write ? state.write_speed() : state.read_speed());
  const std::vector<NominalPerformance> descriptors = {
      {.start_speed = speed, .end_lba = last_lba(state), .end_speed = speed}};
  return send_descriptors(descriptors, write ? 0x02 : 0, request);
}

}  // namespace simdrive
