#include "simdrive/profiles/personality.h"

#include <algorithm>
#include <array>

namespace simdrive::profiles {
namespace {

using Speeds = std::vector<SpeedMultiple>;

// Tenths of 1x, descending; zeros fill the rest.
using SpeedList = std::array<std::uint32_t, 7>;

Speeds speeds_of(const SpeedList& list) {
  Speeds speeds;
  for (const std::uint32_t tenths : list)
    if (tenths != 0) speeds.push_back({tenths});
  return speeds;
}

// The speeds and rotation modes of the default drive are recalled from data sheets of half-height
// BD writers, not read.
struct DefaultSpeeds {
  MediumKind kind;
  SpeedList read{};
  SpeedList write{};  // empty: not written
  RotationMode write_mode = RotationMode::kClv;
  std::uint32_t clv_up_to = 0;  // when writing
};

constexpr auto kDefaultSpeeds = std::to_array<DefaultSpeeds>({
    {MediumKind::kCdRom, {480, 400, 320, 240, 160, 80, 40}, {}},
    {MediumKind::kCdR,
     {480, 400, 320, 240, 160, 80, 40},
     {480, 400, 320, 240, 160, 80, 40},
     RotationMode::kCav,
     160},
    {MediumKind::kCdRw, {400, 320, 240, 160, 80, 40}, {240, 160, 100, 40, 20}},
    {MediumKind::kDvdRom, {160, 120, 80, 60, 40, 20}, {}},
    {MediumKind::kDvdR,
     {160, 120, 80, 60, 40, 20},
     {160, 120, 80, 60, 40, 20, 10},
     RotationMode::kCav,
     60},
    {MediumKind::kDvdRDualLayer, {120, 80, 60, 40, 20}, {80, 60, 40, 20}},
    {MediumKind::kDvdRw, {120, 80, 60, 40, 20}, {60, 40, 20, 10}},
    {MediumKind::kDvdRam, {50, 30, 20}, {50, 30, 20}},
    {MediumKind::kDvdPlusR,
     {160, 120, 80, 60, 40, 20},
     {160, 120, 80, 60, 40, 24},
     RotationMode::kCav,
     60},
    {MediumKind::kDvdPlusRDualLayer, {120, 80, 60, 40, 20}, {80, 60, 40, 24}},
    {MediumKind::kDvdPlusRw, {120, 80, 60, 40, 20}, {80, 60, 40, 24}},
    {MediumKind::kBdRom, {80, 60, 40, 20}, {}},
    {MediumKind::kBdR, {120, 80, 60, 40, 20}, {160, 120, 80, 60, 40, 20}, RotationMode::kCav, 60},
    {MediumKind::kBdRe, {80, 60, 40, 20}, {20, 10}},
});

struct ProfileRow {
  std::uint16_t number;
  MediumKind kind;
};

// MMC-6, profile list; descending.
constexpr auto kProfiles = std::to_array<ProfileRow>({
    {0x0043, MediumKind::kBdRe},
    {0x0042, MediumKind::kBdR},
    {0x0041, MediumKind::kBdR},
    {0x0040, MediumKind::kBdRom},
    {0x002B, MediumKind::kDvdPlusRDualLayer},
    {0x001B, MediumKind::kDvdPlusR},
    {0x001A, MediumKind::kDvdPlusRw},
    {0x0016, MediumKind::kDvdRDualLayer},
    {0x0015, MediumKind::kDvdRDualLayer},
    {0x0014, MediumKind::kDvdRw},
    {0x0013, MediumKind::kDvdRw},
    {0x0012, MediumKind::kDvdRam},
    {0x0011, MediumKind::kDvdR},
    {0x0010, MediumKind::kDvdRom},
    {0x000A, MediumKind::kCdRw},
    {0x0009, MediumKind::kCdR},
    {0x0008, MediumKind::kCdRom},
});
constexpr std::uint16_t kBdRandomRecording = 0x0042;
constexpr std::uint16_t kDvdLayerJump = 0x0016;

bool any_of_family(const EnumSet<MediumKind>& kinds, MediumFamily family) {
  return std::ranges::any_of(all_medium_kinds(), [&](MediumKind kind) {
    return family_of(kind) == family && kinds.contains(kind);
  });
}

}  // namespace

PerKind<std::vector<SpeedMultiple>> Limits::default_read_speeds() {
  PerKind<std::vector<SpeedMultiple>> speeds;
  for (const DefaultSpeeds& row : kDefaultSpeeds) speeds[row.kind] = speeds_of(row.read);
  return speeds;
}

PerKind<std::vector<SpeedMultiple>> Limits::default_write_speeds() {
  PerKind<std::vector<SpeedMultiple>> speeds;
  for (const DefaultSpeeds& row : kDefaultSpeeds) speeds[row.kind] = speeds_of(row.write);
  return speeds;
}

PerKind<Rotation> Limits::default_read_rotation() {
  PerKind<Rotation> rotation;
  for (const MediumKind kind : all_medium_kinds()) rotation[kind].mode = RotationMode::kCav;
  rotation[MediumKind::kDvdRam].mode = RotationMode::kClv;
  return rotation;
}

PerKind<Rotation> Limits::default_write_rotation() {
  PerKind<Rotation> rotation;
  for (const DefaultSpeeds& row : kDefaultSpeeds)
    rotation[row.kind] = {.mode = row.write_mode, .clv_up_to = {row.clv_up_to}};
  return rotation;
}

bool Personality::reads(MediumFamily family) const { return any_of_family(features.reads, family); }

bool Personality::writes(MediumFamily family) const {
  return any_of_family(features.writes, family);
}

bool Personality::knows_command(std::uint8_t operation_code) const {
  return std::ranges::find(quirks.unsupported_commands, operation_code) ==
         quirks.unsupported_commands.end();
}

std::vector<std::uint16_t> Personality::profile_list() const {
  std::vector<std::uint16_t> numbers;
  for (const ProfileRow& row : kProfiles) {
    // A drive lists a recordable profile also when it only reads such discs.
    if (!reads(row.kind)) continue;
    if (row.number == kBdRandomRecording && !features.bd_r_random_recording) continue;
    if (row.number == kDvdLayerJump && !features.dvd_r_dl_layer_jump) continue;
    numbers.push_back(row.number);
  }
  return numbers;
}

}  // namespace simdrive::profiles
