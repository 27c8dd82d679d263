#include "simdrive/disc/medium.h"

#include <algorithm>
#include <array>

namespace simdrive {
namespace {

// Recalled, not read: what ATIP says besides the two addresses differs by maker and batch.
constexpr std::uint8_t kTypicalIndicativePower = 5;
constexpr std::uint8_t kRewritableReferenceSpeed = 1;
constexpr std::uint32_t kRewritableSpeedRange = 0x1A0000;
// Recalled, not read: an 8 cm disc of 21 minutes holds 185 MB, which is 94 500 blocks.
constexpr Msf kSmallDiscLeadOut{21, 2, 0};

constexpr auto kCdRSpeeds =
    std::to_array<Speed>({cd_speed(48), cd_speed(40), cd_speed(32), cd_speed(24), cd_speed(16),
                          cd_speed(12), cd_speed(8), cd_speed(4)});
constexpr auto kSmallCdRSpeeds =
    std::to_array<Speed>({cd_speed(24), cd_speed(16), cd_speed(12), cd_speed(8), cd_speed(4)});
constexpr auto kCdRwSpeeds = std::to_array<Speed>({cd_speed(4), cd_speed(2), cd_speed(1)});
constexpr auto kHighSpeedCdRwSpeeds =
    std::to_array<Speed>({cd_speed(10), cd_speed(8), cd_speed(4)});

// Addresses from discs that were read by libburn's users (its doc/mediainfo.txt): TDK, Taiyo Yuden,
// CMC Magnetics, Mitsubishi Chemical.
constexpr auto kMedia = std::to_array<Medium>({
    {.name = "cd-r-80",
     .description = "CD-R, 80 minutes, 48x",
     .kind = MediumKind::kCdR,
     .lead_in = {97, 15, 5},
     .last_possible_lead_out = {79, 59, 74},
     .indicative_power = kTypicalIndicativePower,
     .write_speeds = kCdRSpeeds},
    {.name = "cd-r-74",
     .description = "CD-R, 74 minutes, 48x",
     .kind = MediumKind::kCdR,
     .lead_in = {97, 24, 1},
     .last_possible_lead_out = {74, 43, 0},
     .indicative_power = kTypicalIndicativePower,
     .write_speeds = kCdRSpeeds},
    {.name = "cd-r-21",
     .description = "CD-R, 8 cm, 21 minutes, 24x",
     .kind = MediumKind::kCdR,
     .lead_in = {97, 26, 65},
     .last_possible_lead_out = kSmallDiscLeadOut,
     .indicative_power = kTypicalIndicativePower,
     .write_speeds = kSmallCdRSpeeds},
    {.name = "cd-rw-80",
     .description = "CD-RW, 80 minutes, high speed, 10x",
     .kind = MediumKind::kCdRw,
     .lead_in = {97, 34, 23},
     .last_possible_lead_out = {79, 59, 74},
     .indicative_power = kTypicalIndicativePower,
     .reference_speed_code = kRewritableReferenceSpeed,
     .sub_type = 1,
     .additional_information_1 = kRewritableSpeedRange,
     .write_speeds = kHighSpeedCdRwSpeeds},
    {.name = "cd-rw-74",
     .description = "CD-RW, 74 minutes, 4x",
     .kind = MediumKind::kCdRw,
     .lead_in = {97, 34, 22},
     .last_possible_lead_out = {74, 43, 0},
     .indicative_power = kTypicalIndicativePower,
     .reference_speed_code = kRewritableReferenceSpeed,
     .sub_type = 0,
     .additional_information_1 = kRewritableSpeedRange,
     .write_speeds = kCdRwSpeeds},
    {.name = "cd-rw-21",
     .description = "CD-RW, 8 cm, 21 minutes, 4x",
     .kind = MediumKind::kCdRw,
     .lead_in = {97, 34, 22},
     .last_possible_lead_out = kSmallDiscLeadOut,
     .indicative_power = kTypicalIndicativePower,
     .reference_speed_code = kRewritableReferenceSpeed,
     .sub_type = 0,
     .additional_information_1 = kRewritableSpeedRange,
     .write_speeds = kCdRwSpeeds},
});

}  // namespace

std::span<const Medium> all_media() { return kMedia; }

const Medium* find_medium(std::string_view name) {
  const auto* const found = std::ranges::find(kMedia, name, &Medium::name);
  return found == kMedia.end() ? nullptr : &*found;
}

std::string_view name_of(MediumKind kind) { return kind == MediumKind::kCdR ? "CD-R" : "CD-RW"; }

}  // namespace simdrive
