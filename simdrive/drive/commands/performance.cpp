// SET CD SPEED, SET STREAMING, GET PERFORMANCE (MMC-6 6.36, 6.39, 6.8).
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be32;
using pregroove::bit_field;

constexpr std::uint16_t kFastest = 0xFFFF;
constexpr std::uint8_t kNominalPerformance = 0x00;
constexpr std::uint8_t kWriteSpeeds = 0x03;
constexpr std::uint8_t kTenPercentNominal = 2;  // the tolerance
constexpr std::uint8_t kWriteFlag = 0x02;
// Recalled, not read: 1 asks for the whole list of deviations, 2 for those outside the nominal.
constexpr std::uint8_t kExceptFlag = 0x01;
constexpr std::uint8_t kExceptionsOnly = 2;
// Recalled, not read: WRC 01b is pure CAV.
constexpr std::uint8_t kEvenRotation = 0x08;

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
Be32 address_field(Lba lba) { return Be32(static_cast<std::uint32_t>(lba.value)); }

// 0 without a disc.
Lba last_address(const DriveState& state) {
  if (!state.medium_present()) return Lba{0};
  const Medium& medium = state.disc->medium();
  const BlockCount capacity = medium.pressed() ? state.layout().capacity() : medium.capacity();
  return Lba{0} + std::max(capacity - BlockCount{1}, BlockCount{});
}

SpeedLimit limit_of(std::uint16_t kilobytes) {
  if (kilobytes == kFastest) return std::nullopt;
  return kilobytes;
}

SpeedLimit limit_of(Be32 size, Be32 time) {
  if (time.value() == 0) return std::nullopt;
  const std::uint64_t rate = std::uint64_t{size.value()} * 1000 / time.value();
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(rate, std::numeric_limits<std::uint32_t>::max()));
}

bool offers(std::span<const Speed> speeds, std::uint32_t kilobytes) {
  return std::ranges::any_of(speeds,
                             [&](Speed speed) { return kilobytes_per_second(speed) == kilobytes; });
}

// SET CD SPEED is for CDs alone with some drives, which answer GOOD all the same (burning.md 4.6).
bool heeds_cd_speed(const DriveState& state) {
  return state.personality.quirks.set_cd_speed_scope == profiles::SpeedScope::kAllMedia ||
         !state.medium_present() || state.disc->medium().is_cd();
}

// The header always tells the whole length; the descriptors end where the host wants.
template <typename Descriptor>
Outcome send_descriptors(const DriveState& state, const std::vector<Descriptor>& descriptors,
                         std::uint8_t flags, const Request& request) {
  const std::size_t wanted = request.be16(8);
  const bool claims_one = wanted == 0 && state.personality.quirks.get_performance_first_claims_one;
  const std::size_t claimed =
      claims_one ? std::min<std::size_t>(descriptors.size(), 1) : descriptors.size();
  const std::size_t counted =
      sizeof(PerformanceHeader) - sizeof(Be32) + (claimed * sizeof(Descriptor));
  Reply reply;
  reply.append(
      PerformanceHeader{.length = Be32(static_cast<std::uint32_t>(counted)), .flags = flags});
  for (std::size_t i = 0; i < std::min(wanted, descriptors.size()); ++i)
    reply.append(descriptors[i]);
  return reply.send(request, reply.size());
}

Outcome send_write_speeds(const DriveState& state, const Request& request) {
  std::vector<WriteSpeedDescriptor> descriptors;
  for (const Speed speed : state.write_speeds())
    descriptors.push_back(
        {.flags = state.speeds.writes_evenly_rotating(speed) ? kEvenRotation : std::uint8_t{0},
         .end_lba = address_field(last_address(state)),
         .read_speed = speed_field(state.read_speed()),
         .write_speed = speed_field(speed)});
  return send_descriptors(state, descriptors, 0, request);
}

// From the starting address that the host gives to the end of the disc.
Outcome send_nominal_performance(const DriveState& state, const Request& request) {
  const bool write = request.bit(1, 2);
  const std::uint8_t except = bit_field(request.byte(1), 0, 2);
  // growisofs leaves the tolerance out, and drives serve it.
  const std::uint8_t tolerance = bit_field(request.byte(1), 3, 2);
  const bool tolerance_known = tolerance == kTenPercentNominal || tolerance == 0;
  if (!tolerance_known || except > kExceptionsOnly) return refuse(Fault::kInvalidFieldInCdb);
  const std::uint8_t flags = write ? kWriteFlag : std::uint8_t{0};
  // Nothing deviates from the nominal speeds.
  if (except != 0)
    return send_descriptors(state, std::vector<NominalPerformance>{},
                            static_cast<std::uint8_t>(flags | kExceptFlag), request);
  const Lba last = last_address(state);
  const std::uint32_t start = request.be32(2);
  if (start > static_cast<std::uint32_t>(last.value)) return refuse(Fault::kLbaOutOfRange);
  const SpeedCurve& curve = write ? state.speeds.write_curve() : state.speeds.read_curve();
  std::vector<NominalPerformance> descriptors;
  for (const NominalSpeed& stretch :
       curve.nominal_speeds(Lba{static_cast<std::int32_t>(start)}, last))
    descriptors.push_back({.start_lba = address_field(stretch.start),
                           .start_speed = speed_field(stretch.start_speed),
                           .end_lba = address_field(stretch.end),
                           .end_speed = speed_field(stretch.end_speed)});
  return send_descriptors(state, descriptors, flags, request);
}

}  // namespace

Outcome set_cd_speed(DriveState& state, const Request& request) {
  const std::uint8_t rotation_control = bit_field(request.byte(1), 0, 2);
  if (rotation_control > 1) return refuse(Fault::kInvalidFieldInCdb);
  if (!heeds_cd_speed(state)) return Good{};
  state.set_speed_limits(limit_of(request.be16(2)), limit_of(request.be16(4)));
  state.limits_from_streaming = false;
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
  const auto read = limit_of(wire->read_size, wire->read_time);
  const auto write = limit_of(wire->write_size, wire->write_time);
  const bool beyond =
      state.medium_present() && wire->end_lba.value() > address_field(last_address(state)).value();
  if (!restore_defaults) {
    if (!read || !write) return refuse(Fault::kInvalidFieldInParameterList);
    if (exact && !offers(state.write_speeds(), *write))
      return refuse(Fault::kInvalidFieldInParameterList);
    if (beyond && state.personality.quirks.set_streaming_refuses_end_beyond_disc)
      return refuse(Fault::kInvalidFieldInParameterList);
  }
  state.set_speed_limits(restore_defaults ? SpeedLimit() : read,
                         restore_defaults ? SpeedLimit() : write);
  state.limits_from_streaming = true;
  return Good{length};
}

Outcome get_performance(DriveState& state, const Request& request) {
  switch (request.byte(10)) {
    case kNominalPerformance:
      return send_nominal_performance(state, request);
    case kWriteSpeeds:
      return send_write_speeds(state, request);
    default:
      return refuse(Fault::kInvalidFieldInCdb);
  }
}

}  // namespace simdrive
