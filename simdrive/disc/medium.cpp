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
// Recalled, not read: the lead-out of a 99-minute disc starts no later than this.
constexpr Msf kLongestDiscLeadOut{98, 59, 74};

// User areas (mmc.md 2.10). Recalled, not read: the dual-layer DVDs, DVD-RAM and the triple layer.
constexpr BlockCount kDvdMinusBlocks{2298496};
constexpr BlockCount kDvdMinusDualLayerBlocks{4171712};
constexpr BlockCount kDvdPlusBlocks{2295104};
constexpr BlockCount kDvdPlusDualLayerBlocks{4173824};
constexpr BlockCount kDvdRamBlocks{2236704};
constexpr BlockCount kBdLayerBlocks{12219392};
constexpr BlockCount kBdDualLayerBlocks{24438784};
constexpr BlockCount kBdTripleLayerBlocks{48878592};

constexpr auto kCdRSpeeds =
    std::to_array<Speed>({cd_speed(48), cd_speed(40), cd_speed(32), cd_speed(24), cd_speed(16),
                          cd_speed(12), cd_speed(8), cd_speed(4)});
constexpr auto kSmallCdRSpeeds =
    std::to_array<Speed>({cd_speed(24), cd_speed(16), cd_speed(12), cd_speed(8), cd_speed(4)});
constexpr auto kCdRwSpeeds = std::to_array<Speed>({cd_speed(4), cd_speed(2), cd_speed(1)});
constexpr auto kHighSpeedCdRwSpeeds =
    std::to_array<Speed>({cd_speed(10), cd_speed(8), cd_speed(4)});
constexpr auto kDvdRSpeeds =
    std::to_array<Speed>({dvd_speed(16), dvd_speed(12), dvd_speed(8), dvd_speed(4), dvd_speed(2)});
constexpr auto kDualLayerSpeeds =
    std::to_array<Speed>({dvd_speed(8), dvd_speed(6), dvd_speed(4), dvd_speed(2)});
constexpr auto kDvdRwSpeeds = std::to_array<Speed>({dvd_speed(4), dvd_speed(2), dvd_speed(1)});
constexpr auto kDvdRamSpeeds = std::to_array<Speed>({dvd_speed(5), dvd_speed(3), dvd_speed(2)});
constexpr auto kDvdPlusRSpeeds = std::to_array<Speed>(
    {dvd_speed(16), dvd_speed(12), dvd_speed(8), dvd_speed(4), dvd_speed_tenths(24)});
constexpr auto kDvdPlusDualLayerSpeeds =
    std::to_array<Speed>({dvd_speed(8), dvd_speed(6), dvd_speed(4), dvd_speed_tenths(24)});
constexpr auto kDvdPlusRwSpeeds = std::to_array<Speed>({dvd_speed(4), dvd_speed_tenths(24)});
constexpr auto kBdRSpeeds = std::to_array<Speed>({bd_speed(6), bd_speed(4), bd_speed(2)});
constexpr auto kBdXlSpeeds = std::to_array<Speed>({bd_speed(4), bd_speed(2)});
constexpr auto kBdReSpeeds = std::to_array<Speed>({bd_speed(2)});

// CD addresses from discs that were read by libburn's users (its doc/mediainfo.txt): TDK, Taiyo
// Yuden, CMC Magnetics, Mitsubishi Chemical. Makers of DVD and BD: mmc.md 2.18, some recalled.
constexpr auto kMedia = std::to_array<Medium>({
    {.name = "cd-r-74",
     .description = "CD-R, 74 minutes, 48x",
     .kind = MediumKind::kCdR,
     .atip = {.lead_in = {97, 24, 1},
              .last_possible_lead_out = {74, 43, 0},
              .indicative_power = kTypicalIndicativePower},
     .write_speeds = kCdRSpeeds},
    {.name = "cd-r-80",
     .description = "CD-R, 80 minutes, 48x",
     .kind = MediumKind::kCdR,
     .atip = {.lead_in = {97, 15, 5},
              .last_possible_lead_out = {79, 59, 74},
              .indicative_power = kTypicalIndicativePower},
     .write_speeds = kCdRSpeeds},
    {.name = "cd-r-90",
     .description = "CD-R, 90 minutes, 24x",
     .kind = MediumKind::kCdR,
     .atip = {.lead_in = {97, 15, 5},
              .last_possible_lead_out = {91, 1, 48},
              .indicative_power = kTypicalIndicativePower},
     .write_speeds = kSmallCdRSpeeds},
    {.name = "cd-r-99",
     .description = "CD-R, 99 minutes, 24x",
     .kind = MediumKind::kCdR,
     .atip = {.lead_in = {97, 26, 65},
              .last_possible_lead_out = kLongestDiscLeadOut,
              .indicative_power = kTypicalIndicativePower},
     .write_speeds = kSmallCdRSpeeds},
    {.name = "cd-r-21",
     .description = "CD-R, 8 cm, 21 minutes, 24x",
     .kind = MediumKind::kCdR,
     .atip = {.lead_in = {97, 26, 65},
              .last_possible_lead_out = kSmallDiscLeadOut,
              .indicative_power = kTypicalIndicativePower},
     .write_speeds = kSmallCdRSpeeds},
    {.name = "cd-rw-74",
     .description = "CD-RW, 74 minutes, 4x",
     .kind = MediumKind::kCdRw,
     .atip = {.lead_in = {97, 34, 22},
              .last_possible_lead_out = {74, 43, 0},
              .indicative_power = kTypicalIndicativePower,
              .reference_speed_code = kRewritableReferenceSpeed,
              .sub_type = 0,
              .additional_information_1 = kRewritableSpeedRange},
     .write_speeds = kCdRwSpeeds},
    {.name = "cd-rw-80",
     .description = "CD-RW, 80 minutes, high speed, 10x",
     .kind = MediumKind::kCdRw,
     .atip = {.lead_in = {97, 34, 23},
              .last_possible_lead_out = {79, 59, 74},
              .indicative_power = kTypicalIndicativePower,
              .reference_speed_code = kRewritableReferenceSpeed,
              .sub_type = 1,
              .additional_information_1 = kRewritableSpeedRange},
     .write_speeds = kHighSpeedCdRwSpeeds},
    {.name = "cd-rw-21",
     .description = "CD-RW, 8 cm, 21 minutes, 4x",
     .kind = MediumKind::kCdRw,
     .atip = {.lead_in = {97, 34, 22},
              .last_possible_lead_out = kSmallDiscLeadOut,
              .indicative_power = kTypicalIndicativePower,
              .reference_speed_code = kRewritableReferenceSpeed,
              .sub_type = 0,
              .additional_information_1 = kRewritableSpeedRange},
     .write_speeds = kCdRwSpeeds},
    {.name = "cd-rom", .description = "CD-ROM, pressed", .kind = MediumKind::kCdRom},
    {.name = "dvd-r",
     .description = "DVD-R, 16x",
     .kind = MediumKind::kDvdR,
     .blocks = kDvdMinusBlocks,
     .manufacturer = "MCC 03RG20",
     .write_speeds = kDvdRSpeeds},
    {.name = "dvd-r-dl",
     .description = "DVD-R DL, 8x",
     .kind = MediumKind::kDvdRDualLayer,
     .blocks = kDvdMinusDualLayerBlocks,
     .layers = 2,
     .manufacturer = "MKM 01RD30",
     .write_speeds = kDualLayerSpeeds},
    {.name = "dvd-rw",
     .description = "DVD-RW, 4x",
     .kind = MediumKind::kDvdRw,
     .blocks = kDvdMinusBlocks,
     .manufacturer = "MCC 01RW4X",
     .write_speeds = kDvdRwSpeeds},
    {.name = "dvd-ram",
     .description = "DVD-RAM, 4.7 GB, 5x",
     .kind = MediumKind::kDvdRam,
     .blocks = kDvdRamBlocks,
     .manufacturer = "MXL",
     .write_speeds = kDvdRamSpeeds},
    {.name = "dvd+r",
     .description = "DVD+R, 16x",
     .kind = MediumKind::kDvdPlusR,
     .blocks = kDvdPlusBlocks,
     .manufacturer = "YUDEN000",
     .media_type = "T03",
     .write_speeds = kDvdPlusRSpeeds},
    {.name = "dvd+r-dl",
     .description = "DVD+R DL, 8x",
     .kind = MediumKind::kDvdPlusRDualLayer,
     .blocks = kDvdPlusDualLayerBlocks,
     .layers = 2,
     .manufacturer = "MKM",
     .media_type = "001",
     .write_speeds = kDvdPlusDualLayerSpeeds},
    {.name = "dvd+rw",
     .description = "DVD+RW, 4x",
     .kind = MediumKind::kDvdPlusRw,
     .blocks = kDvdPlusBlocks,
     .manufacturer = "RICOHJPN",
     .media_type = "W11",
     .write_speeds = kDvdPlusRwSpeeds},
    {.name = "dvd-rom", .description = "DVD-ROM, pressed", .kind = MediumKind::kDvdRom},
    {.name = "bd-r-25",
     .description = "BD-R, 25 GB, 6x",
     .kind = MediumKind::kBdR,
     .blocks = kBdLayerBlocks,
     .manufacturer = "CMCMAG",
     .media_type = "BA5",
     .write_speeds = kBdRSpeeds},
    {.name = "bd-r-50",
     .description = "BD-R DL, 50 GB, 6x",
     .kind = MediumKind::kBdR,
     .blocks = kBdDualLayerBlocks,
     .layers = 2,
     .manufacturer = "VERBAT",
     .media_type = "IMf",
     .write_speeds = kBdRSpeeds},
    {.name = "bd-r-100",
     .description = "BD-R XL, 100 GB, 4x",
     .kind = MediumKind::kBdR,
     .blocks = kBdTripleLayerBlocks,
     .layers = 3,
     .manufacturer = "VERBAT",
     .media_type = "IMk",
     .write_speeds = kBdXlSpeeds},
    {.name = "bd-re-25",
     .description = "BD-RE, 25 GB, 2x",
     .kind = MediumKind::kBdRe,
     .blocks = kBdLayerBlocks,
     .manufacturer = "VERBAT",
     .media_type = "IM0",
     .write_speeds = kBdReSpeeds},
    {.name = "bd-re-50",
     .description = "BD-RE DL, 50 GB, 2x",
     .kind = MediumKind::kBdRe,
     .blocks = kBdDualLayerBlocks,
     .layers = 2,
     .manufacturer = "VERBAT",
     .media_type = "IM2",
     .write_speeds = kBdReSpeeds},
    {.name = "bd-re-100",
     .description = "BD-RE XL, 100 GB, 2x",
     .kind = MediumKind::kBdRe,
     .blocks = kBdTripleLayerBlocks,
     .layers = 3,
     .manufacturer = "TDKBLD",
     .media_type = "Wfa",
     .write_speeds = kBdReSpeeds},
    {.name = "bd-rom", .description = "BD-ROM, pressed", .kind = MediumKind::kBdRom},
});

struct KindRow {
  MediumKind kind;
  std::string_view name;
  std::uint16_t profile = 0;  // mmc.md 2.2
  bool erasable = false;
};
constexpr auto kKinds = std::to_array<KindRow>({
    {MediumKind::kCdRom, "CD-ROM", 0x08, false},
    {MediumKind::kCdR, "CD-R", 0x09, false},
    {MediumKind::kCdRw, "CD-RW", 0x0A, true},
    {MediumKind::kDvdRom, "DVD-ROM", 0x10, false},
    {MediumKind::kDvdR, "DVD-R", 0x11, false},
    {MediumKind::kDvdRDualLayer, "DVD-R DL", 0x15, false},
    {MediumKind::kDvdRw, "DVD-RW", 0x14, true},
    {MediumKind::kDvdRam, "DVD-RAM", 0x12, true},
    {MediumKind::kDvdPlusR, "DVD+R", 0x1B, false},
    {MediumKind::kDvdPlusRDualLayer, "DVD+R DL", 0x2B, false},
    {MediumKind::kDvdPlusRw, "DVD+RW", 0x1A, true},
    {MediumKind::kBdRom, "BD-ROM", 0x40, false},
    {MediumKind::kBdR, "BD-R", 0x41, false},
    {MediumKind::kBdRe, "BD-RE", 0x43, true},
});

const KindRow& row_of(MediumKind kind) {
  static_assert(kKinds.back().kind == MediumKind::kBdRe);
  static_assert(kKinds.size() == kMediumKinds);
  return kKinds[static_cast<std::size_t>(kind)];
}

}  // namespace

std::uint16_t profile_of(MediumKind kind) { return row_of(kind).profile; }
std::string_view name_of(MediumKind kind) { return row_of(kind).name; }

bool Medium::erasable() const { return row_of(kind).erasable; }

BlockCount Medium::capacity() const {
  if (!is_cd() || pressed()) return blocks;
  return pregroove::lba_from_msf(atip.last_possible_lead_out) - Lba{0};
}

std::span<const Medium> all_media() { return kMedia; }

const Medium* find_medium(std::string_view name) {
  const auto* const found = std::ranges::find(kMedia, name, &Medium::name);
  return found == kMedia.end() ? nullptr : &*found;
}

}  // namespace simdrive
