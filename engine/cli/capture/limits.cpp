// How much and how fast: of the kind of disc that is in the drive, since drives tell no more.
#include <algorithm>
#include <cmath>

#include "engine/base/bytes.h"
#include "engine/cli/capture/evidence.h"
#include "engine/mmc/performance.h"

namespace pregroove::cli {
namespace {

using simdrive::MediumFamily;
using simdrive::MediumKind;
using simdrive::profiles::Limits;
using simdrive::profiles::Personality;
using simdrive::profiles::Rotation;
using simdrive::profiles::RotationMode;
using simdrive::profiles::SpeedMultiple;
using validate::Probe;

// What the schema of simdrive/profiles allows.
constexpr std::uint32_t kMostTenths = 1000;
constexpr std::uint32_t kLeastBuffer = 65'536;
constexpr std::uint32_t kMostBuffer = 67'108'864;

// The multiple that gives this number of 1000 bytes a second, or comes next to it.
SpeedMultiple multiple_of(MediumFamily family, std::uint32_t kilobytes) {
  SpeedMultiple nearest{1};
  std::uint32_t least = ~std::uint32_t{0};
  for (std::uint32_t tenths = 1; tenths <= kMostTenths; ++tenths) {
    const std::uint32_t rate = simdrive::profiles::kilobytes_per_second(family, {tenths});
    const std::uint32_t off = rate > kilobytes ? rate - kilobytes : kilobytes - rate;
    if (off >= least) continue;
    least = off;
    nearest = {tenths};
  }
  return nearest;
}

std::vector<SpeedMultiple> descending(std::vector<SpeedMultiple> speeds) {
  std::ranges::sort(speeds, std::greater<>{});
  const auto repeated = std::ranges::unique(speeds);
  speeds.erase(repeated.begin(), repeated.end());
  return speeds;
}

std::vector<mmc::WriteSpeed> told_write_speeds(const Evidence& drive) {
  const auto* const reply = drive.data(Probe::kWriteSpeeds);
  if (reply == nullptr) return {};
  return mmc::decode_write_speeds(*reply).value_or(std::vector<mmc::WriteSpeed>{});
}

std::vector<SpeedMultiple> page_speeds(const Evidence& drive, MediumFamily family) {
  std::vector<SpeedMultiple> speeds;
  if (!drive.capabilities) return speeds;
  for (const mmc::CapabilityWriteSpeed& speed : drive.capabilities->write_speeds)
    if (speed.kb_per_s > 0) speeds.push_back(multiple_of(family, speed.kb_per_s));
  return descending(std::move(speeds));
}

// A slow disc hides the speeds for faster ones; the sub-types that the drive writes tell of them
// (feature 0037h: 1 high speed, up to 10x, 2 ultra speed).
void add_hidden_speeds(const Evidence& drive, std::span<const SpeedMultiple> usual,
                       std::vector<SpeedMultiple>& speeds) {
  constexpr SpeedMultiple kStandard{40};
  constexpr SpeedMultiple kHigh{100};
  if (speeds.empty()) return;
  const SpeedMultiple told = speeds.front();
  const bool ultra = drive.feature_bit(0x0037, 1, 2) && told <= kHigh;
  const bool high = drive.feature_bit(0x0037, 1, 1) && told <= kStandard;
  for (const SpeedMultiple speed : usual)
    if (speed > told && ((ultra && speed > kHigh) || (high && speed <= kHigh)))
      speeds.push_back(speed);
  speeds = descending(std::move(speeds));
}

// False when nothing tells.
bool read_write_speeds(const Evidence& evidence, MediumKind kind, Personality& drive) {
  const MediumFamily family = simdrive::family_of(kind);
  std::vector<SpeedMultiple> speeds;
  Rotation rotation;
  for (const mmc::WriteSpeed& told : told_write_speeds(evidence)) {
    if (told.write_kb_per_s == 0) continue;
    const SpeedMultiple speed = multiple_of(family, told.write_kb_per_s);
    speeds.push_back(speed);
    if (told.rotation_control != 0)
      rotation.mode = RotationMode::kCav;
    else
      rotation.clv_up_to = std::max(rotation.clv_up_to, speed);
  }
  if (speeds.empty()) {
    speeds = page_speeds(evidence, family);
  } else {
    if (rotation.mode == RotationMode::kClv) rotation.clv_up_to = {};
    // Zones are not told by that list: where it names no CAV, the built-in ones stay.
    if (drive.limits.write_rotation[kind].mode != RotationMode::kZclv ||
        rotation.mode == RotationMode::kCav)
      drive.limits.write_rotation[kind] = rotation;
  }
  speeds = descending(std::move(speeds));
  if (kind == MediumKind::kCdRw)
    add_hidden_speeds(evidence, drive.limits.write_speeds[kind], speeds);
  const bool told = !speeds.empty();
  if (told) drive.limits.write_speeds[kind] = std::move(speeds);
  // Some drives list the speeds of CD-R whatever the disc.
  if (drive.quirks.page_2a_speeds == simdrive::profiles::Page2aSpeeds::kCdSpeeds &&
      drive.writes(MediumKind::kCdR))
    if (auto listed = page_speeds(evidence, MediumFamily::kCd); !listed.empty())
      drive.limits.write_speeds[MediumKind::kCdR] = std::move(listed);
  return told;
}

std::vector<mmc::NominalPerformance> told_reading(const Evidence& drive) {
  const auto* const reply = drive.data(Probe::kReadPerformance);
  if (reply == nullptr) return {};
  const auto told = mmc::decode_nominal_performance(*reply);
  return told && !told->exceptions ? told->nominal : std::vector<mmc::NominalPerformance>{};
}

void read_read_speeds(const Evidence& evidence, MediumKind kind, Limits& limits) {
  const auto told = told_reading(evidence);
  std::uint32_t fastest = evidence.capabilities
                              ? evidence.capabilities->max_read_kb_per_s.value_or(0)
                              : std::uint32_t{0};
  if (fastest == 0)
    for (const mmc::NominalPerformance& stretch : told)
      fastest = std::max({fastest, stretch.start_kb_per_s, stretch.end_kb_per_s});
  if (fastest > 0) {
    const SpeedMultiple top = multiple_of(simdrive::family_of(kind), fastest);
    auto& speeds = limits.read_speeds[kind];
    std::erase_if(speeds, [top](SpeedMultiple speed) { return speed >= top; });
    speeds.insert(speeds.begin(), top);
  }
  if (told.empty()) return;
  const bool even = std::ranges::all_of(told, [](const mmc::NominalPerformance& stretch) {
    return stretch.start_kb_per_s == stretch.end_kb_per_s;
  });
  limits.read_rotation[kind] = {.mode = even ? RotationMode::kClv : RotationMode::kCav};
}

void read_buffer(const Evidence& drive, MediumFamily family, Limits& limits) {
  // The total holds even where what is free is nonsense (burning.md 4.6).
  constexpr std::size_t kTotalOffset = 4;
  constexpr std::uint32_t kKibibyte = 1024;
  std::uint32_t bytes = 0;
  if (const auto* reply = drive.data(Probe::kBufferCapacity))
    bytes = read_struct<Be32>(*reply, kTotalOffset).value_or(Be32{}).value();
  if (bytes == 0 && drive.capabilities)
    bytes = drive.capabilities->buffer_kib.value_or(0) * kKibibyte;
  if (bytes > 0) limits.buffer_bytes[family] = std::clamp(bytes, kLeastBuffer, kMostBuffer);
}

}  // namespace

std::optional<MediumKind> read_limits(const Evidence& evidence, Personality& drive) {
  if (!evidence.kind && !evidence.validation.observed.greeting.without_medium) return std::nullopt;
  const MediumKind kind = evidence.kind.value_or(MediumKind::kCdR);
  read_buffer(evidence, simdrive::family_of(kind), drive.limits);
  if (drive.reads(kind)) read_read_speeds(evidence, kind, drive.limits);
  // With nothing to write to, drives list the speeds for a CD-R (mmc.md 2.8).
  const MediumKind written = drive.writes(kind) ? kind : MediumKind::kCdR;
  if (!drive.writes(written) || !read_write_speeds(evidence, written, drive)) return std::nullopt;
  return written;
}

}  // namespace pregroove::cli
