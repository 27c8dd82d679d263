#include "simdrive/drive/features.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "simdrive/drive/command_table.h"

namespace simdrive {
namespace {

using pregroove::scsi::Profile;
using profiles::CdWriteType;
using profiles::Features;
using profiles::Personality;

using Payload = std::vector<std::uint8_t>;

// What the rows of the table look at.
struct Situation {
  const Personality& drive;
  Profile profile = Profile::kNone;
  const Layout* layout = nullptr;  // none: no disc that the drive knows

  [[nodiscard]] bool loaded() const { return layout != nullptr; }
  [[nodiscard]] bool is(std::initializer_list<Profile> profiles) const {
    return std::ranges::find(profiles, profile) != profiles.end();
  }
  [[nodiscard]] bool is(MediumFamily family) const {
    return loaded() && layout->medium().family() == family;
  }
  // The drive writes discs of this kind.
  [[nodiscard]] bool recordable() const { return loaded() && drive.writes(layout->medium().kind); }
  // It can write this one now: blank, appendable, or at random.
  [[nodiscard]] bool writable() const {
    return recordable() && layout->status() != DiscStatus::kComplete;
  }
  [[nodiscard]] bool blank() const { return loaded() && layout->status() == DiscStatus::kBlank; }
  [[nodiscard]] const Formatting& formatting() const { return layout->recording().formatting; }
  [[nodiscard]] bool formatted() const {
    return loaded() && formatting().state != FormatState::kUnformatted;
  }
};

// The format sub-types of BD-R: sequential with pseudo-overwrite, without, random (burning.md 4.3).
constexpr std::uint8_t kPseudoOverwrite = 0;
constexpr std::uint8_t kRandomRecording = 2;
// Of BD-RE: without spare area.
constexpr std::uint8_t kFormatWithoutSpares = 0x31;

std::uint8_t flag(bool on, std::uint8_t bit) { return on ? bit : std::uint8_t{0}; }

void append_be32(Payload& payload, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    payload.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint8_t blocking(const Situation& now) {
  if (now.is(MediumFamily::kDvd)) return 16;
  return now.is(MediumFamily::kBd) ? 32 : 1;
}

// Block size 2048, blocks of one unit, PP: page 01h is present.
void append_blocking(Payload& payload, const Situation& now) {
  append_be32(payload, 2048);
  for (const std::uint8_t byte :
       {std::uint8_t{0}, blocking(now), std::uint8_t{0x01}, std::uint8_t{0}})
    payload.push_back(byte);
}

// --- Payloads: the table of each feature in MMC-6 chapter 5 ---------------------------------

Payload no_payload(const Situation&) { return {}; }
Payload four_zeros(const Situation&) { return {0, 0, 0, 0}; }

// Interface; INQ2, DBE.
Payload core(const Situation& now) {
  return {0, 0, 0, static_cast<std::uint8_t>(now.drive.identity.interface), 0x03, 0, 0, 0};
}
// OCEvent; no asynchronous events.
Payload morphing(const Situation&) { return {0x02, 0, 0, 0}; }
// Mechanism [7:5], Load 4, Eject 3, Lock 0. Only a tray is drawn in by command.
Payload removable_medium(const Situation& now) {
  const auto mechanism = now.drive.identity.mechanism;
  return {static_cast<std::uint8_t>((static_cast<unsigned>(mechanism) << 5U) |
                                    flag(mechanism == profiles::Mechanism::kTray, 0x10) | 0x09U),
          0, 0, 0};
}
Payload random_readable(const Situation& now) {
  Payload payload;
  append_blocking(payload, now);
  return payload;
}
// DAP 7, C2 flags 1, CD-TEXT 0.
Payload cd_read(const Situation& now) {
  return {static_cast<std::uint8_t>(flag(now.drive.features.c2_pointers, 0x02) |
                                    flag(now.drive.features.cd_text_read, 0x01)),
          0, 0, 0};
}
// MULTI110; dual-layer DVD-R in the third byte.
Payload dvd_read(const Situation& now) {
  return {0x01, 0, flag(now.drive.reads(MediumKind::kDvdRDualLayer), 0x01), 0};
}
Payload random_writable(const Situation& now) {
  Payload payload;
  const std::int64_t blocks = now.loaded() ? now.layout->capacity().value : 0;
  append_be32(payload, blocks > 0 ? static_cast<std::uint32_t>(blocks - 1) : 0);
  append_blocking(payload, now);
  return payload;
}
// Data block types 8 to 13 on CD, 8 elsewhere; TRIO 2, ARSV 1, BUF 0; link sizes.
Payload incremental_streaming(const Situation& now) {
  const Features& can = now.drive.features;
  const MediumFamily family = now.loaded() ? now.layout->medium().family() : MediumFamily::kCd;
  const bool cd = family == MediumFamily::kCd;
  const bool reserves_by_address = !cd;
  Payload payload = {
      static_cast<std::uint8_t>(cd ? 0x3F : 0x01), 0,
      static_cast<std::uint8_t>(flag(reserves_by_address, 0x02) |
                                flag(can.buffer_underrun_protection.contains(family), 0x01))};
  if (family == MediumFamily::kBd || (cd && !can.cd_write_types.contains(CdWriteType::kPacket))) {
    payload.push_back(0);
    return payload;
  }
  const std::uint32_t link_size = cd ? can.cd_link_size : can.dvd_link_size;
  for (const std::uint8_t byte : {std::uint8_t{1}, static_cast<std::uint8_t>(link_size),
                                  std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}})
    payload.push_back(byte);
  return payload;
}
// BD-RE: RENoSA 3, Expand 2, QCert 1, Cert 0. BD-R: RRM 0 of the fifth byte.
Payload formattable(const Situation& now) {
  const Features& can = now.drive.features;
  return {flag(now.drive.writes(MediumKind::kBdRe), 0x0B),
          0,
          0,
          0,
          flag(now.drive.writes(MediumKind::kBdR) && can.bd_r_random_recording, 0x01),
          0,
          0,
          0};
}
// Write 0 of the first byte; of DVD+RW, quick start and close only in the second: neither.
Payload dvd_plus_rw(const Situation& now) {
  return {flag(now.drive.writes(MediumKind::kDvdPlusRw), 0x01), 0, 0, 0};
}
Payload plus_r_write_bit(const Situation& now, MediumKind kind) {
  const bool this_one = now.loaded() && now.layout->medium().kind == kind;
  return {flag(this_one ? now.writable() : now.drive.writes(kind), 0x01), 0, 0, 0};
}
Payload dvd_plus_r(const Situation& now) { return plus_r_write_bit(now, MediumKind::kDvdPlusR); }
Payload dvd_plus_r_dual_layer(const Situation& now) {
  return plus_r_write_bit(now, MediumKind::kDvdPlusRDualLayer);
}
// Intermediate 1, Blank 0.
Payload rigid_overwrite(const Situation&) { return {0x03, 0, 0, 0}; }

std::uint8_t common_write_flags(const Situation& now, MediumFamily family) {
  const Features& can = now.drive.features;
  return static_cast<std::uint8_t>(flag(can.buffer_underrun_protection.contains(family), 0x40) |
                                   flag(can.test_write.contains(family), 0x04));
}
// BUF 6, Test Write 2, CD-RW 1; data block types 0 and 8 to 13.
Payload track_at_once(const Situation& now) {
  return {static_cast<std::uint8_t>(common_write_flags(now, MediumFamily::kCd) |
                                    flag(now.drive.writes(MediumKind::kCdRw), 0x02)),
          0, 0x3F, 0x01};
}
// BUF 6, SAO 5, Raw 3, Test Write 2, CD-RW 1, R-W 0; then the longest cue sheet in bytes. Recalled,
// not read: drives announce about 3 KB, room for some 400 entries.
Payload mastering(const Situation& now) {
  constexpr std::uint32_t kLongestCueSheet = 3264;
  const Features& can = now.drive.features;
  const bool raw = can.cd_write_types.contains(CdWriteType::kRaw);
  const bool sub_channels = can.raw_block_types.contains(profiles::RawBlockType::kPwPacked) ||
                            can.raw_block_types.contains(profiles::RawBlockType::kPwRaw);
  return {static_cast<std::uint8_t>(
              common_write_flags(now, MediumFamily::kCd) | 0x20U | flag(raw, 0x08) |
              flag(now.drive.writes(MediumKind::kCdRw), 0x02) | flag(raw && sub_channels, 0x01)),
          0, static_cast<std::uint8_t>(kLongestCueSheet >> 8U),
          static_cast<std::uint8_t>(kLongestCueSheet & 0xFFU)};
}
// BUF 6, RDL 3, Test Write 2, DVD-RW 1.
Payload dvd_minus_write(const Situation& now) {
  return {static_cast<std::uint8_t>(common_write_flags(now, MediumFamily::kDvd) |
                                    flag(now.drive.writes(MediumKind::kDvdRDualLayer), 0x08) |
                                    flag(now.drive.writes(MediumKind::kDvdRw), 0x02)),
          0, 0, 0};
}
Payload layer_jump(const Situation& now) {
  return {0, 0, 0, 1, static_cast<std::uint8_t>(now.drive.features.dvd_link_size), 0, 0, 0};
}
// Sub-types 0 (up to 4x), 1 (high speed, up to 10x), 2 (ultra speed, up to 24x).
Payload cd_rw_sub_types(const Situation& now) {
  constexpr profiles::SpeedMultiple kStandard{40};
  constexpr profiles::SpeedMultiple kHigh{100};
  const auto speeds = now.drive.write_speeds(MediumKind::kCdRw);
  const bool high = !speeds.empty() && speeds.front() > kStandard;
  const bool ultra = !speeds.empty() && speeds.front() > kHigh;
  return {0, static_cast<std::uint8_t>(0x01 | flag(high, 0x02) | flag(ultra, 0x04)), 0, 0};
}

// Bitmaps of the versions of each class. Recalled, not read: that bit n stands for version n.
constexpr std::uint8_t kVersion1 = 0x02;
constexpr std::uint8_t kVersion2 = 0x04;
Payload bd_versions(bool re, bool r, bool rom) {
  Payload payload(28);
  payload[7] = flag(re, kVersion2);  // BD-RE class 1
  payload[13] = flag(r, kVersion1);  // BD-R class 0
  payload[21] = flag(rom, kVersion1);
  return payload;
}
Payload bd_read(const Situation& now) {
  return bd_versions(now.drive.reads(MediumKind::kBdRe), now.drive.reads(MediumKind::kBdR),
                     now.drive.reads(MediumKind::kBdRom));
}
Payload bd_write(const Situation& now) {
  return bd_versions(now.drive.writes(MediumKind::kBdRe), now.drive.writes(MediumKind::kBdR),
                     false);
}
// RBCB 4 (READ BUFFER CAPACITY in blocks), SCS 3, MP2A 2, WSPD 1, SW 0.
Payload real_time_streaming(const Situation& now) {
  constexpr std::uint8_t kReadBufferCapacity = 0x5C;
  return {
      static_cast<std::uint8_t>(0x0F | flag(now.drive.knows_command(kReadBufferCapacity), 0x10)), 0,
      0, 0};
}
Payload serial_number(const Situation& now) {
  const std::string& number = now.drive.identity.serial_number;
  Payload payload(number.begin(), number.end());
  payload.resize((payload.size() + 3) / 4 * 4, ' ');
  return payload;
}
// Century, year, month, day, hour, minute, second, two digits each; two bytes reserved.
Payload firmware_date(const Situation& now) {
  Payload payload;
  for (const char letter : now.drive.identity.firmware_date)
    if (letter != '-') payload.push_back(static_cast<std::uint8_t>(letter));
  payload.resize(14, '0');
  payload.resize(16, 0);
  return payload;
}

// --- Presence: whether the drive has the feature --------------------------------------------

bool always(const Situation&) { return true; }
bool reads_dvd(const Situation& now) { return now.drive.reads(MediumFamily::kDvd); }
bool reads_bd(const Situation& now) { return now.drive.reads(MediumFamily::kBd); }
bool reads_cd(const Situation& now) { return now.drive.reads(MediumFamily::kCd); }
bool writes_cd(const Situation& now) { return now.drive.writes(MediumFamily::kCd); }
bool writes_bd(const Situation& now) { return now.drive.writes(MediumFamily::kBd); }
template <MediumKind... kinds>
bool writes_any(const Situation& now) {
  return (now.drive.writes(kinds) || ...);
}
constexpr auto kWritesAtRandom =
    writes_any<MediumKind::kDvdRam, MediumKind::kDvdRw, MediumKind::kBdR, MediumKind::kBdRe>;
constexpr auto kWritesFormattable =
    writes_any<MediumKind::kCdRw, MediumKind::kDvdRw, MediumKind::kDvdRam, MediumKind::kDvdPlusRw,
               MediumKind::kBdR, MediumKind::kBdRe>;
constexpr auto kWritesWithSpares =
    writes_any<MediumKind::kDvdRam, MediumKind::kBdR, MediumKind::kBdRe>;
constexpr auto kWritesStreams =
    writes_any<MediumKind::kCdR, MediumKind::kCdRw, MediumKind::kDvdR, MediumKind::kDvdRDualLayer,
               MediumKind::kDvdRw, MediumKind::kBdR>;
constexpr auto kWritesDvdMinus =
    writes_any<MediumKind::kDvdR, MediumKind::kDvdRDualLayer, MediumKind::kDvdRw>;
constexpr auto kWritesBdR = writes_any<MediumKind::kBdR>;

bool has_track_at_once(const Situation& now) {
  return writes_cd(now) && now.drive.features.cd_write_types.contains(CdWriteType::kTrackAtOnce);
}
bool has_mastering(const Situation& now) {
  constexpr std::uint8_t kSendCueSheet = 0x5D;
  return writes_cd(now) && find_command(kSendCueSheet) != nullptr &&
         knows_command(now.drive, kSendCueSheet);
}
bool has_restricted_overwrite(const Situation& now) {
  return writes_any<MediumKind::kDvdRw>(now) ||
         (writes_any<MediumKind::kCdRw>(now) &&
          now.drive.features.cd_write_types.contains(CdWriteType::kPacket));
}
bool has_layer_jump(const Situation& now) { return now.drive.features.dvd_r_dl_layer_jump; }
bool has_pseudo_overwrite(const Situation& now) {
  return kWritesBdR(now) && now.drive.features.bd_r_pseudo_overwrite;
}
bool has_streaming(const Situation& now) { return now.drive.features.real_time_streaming; }
bool has_serial_number(const Situation& now) { return !now.drive.identity.serial_number.empty(); }
bool has_firmware_date(const Situation& now) { return !now.drive.identity.firmware_date.empty(); }

// --- Current: mmc.md 2.2, "current bits by medium and state" ---------------------------------

bool medium_loaded(const Situation& now) { return now.loaded(); }
// Pioneer's drives turn it off where READ would fail.
bool readable_now(const Situation& now) {
  if (!now.loaded()) return false;
  return !now.drive.quirks.random_readable_only_when_readable ||
         now.layout->readable_capacity().value > 0;
}
bool cd_loaded(const Situation& now) { return now.is(MediumFamily::kCd); }
bool dvd_loaded(const Situation& now) { return now.is(MediumFamily::kDvd); }
bool bd_loaded(const Situation& now) { return now.is(MediumFamily::kBd); }
bool recordable_bd_loaded(const Situation& now) { return bd_loaded(now) && now.recordable(); }
bool random_writable_now(const Situation& now) {
  if (!now.recordable()) return false;
  if (now.is({Profile::kDvdRwRestrictedOverwrite})) return now.drive.quirks.dvd_rw_random_writable;
  if (now.is({Profile::kBdRRandom})) return now.writable();
  return now.is({Profile::kDvdRam, Profile::kBdRe});
}
// A minimally blanked DVD-RW takes disc-at-once only; some drives do not say so.
bool streaming_writable_now(const Situation& now) {
  if (!now.writable()) return false;
  if (now.is({Profile::kDvdRwSequential}))
    return !now.layout->recording().minimally_blanked ||
           now.drive.quirks.minimal_blank != profiles::MinimalBlank::kDaoOnly;
  return now.is({Profile::kCdR, Profile::kCdRw, Profile::kDvdRSequential,
                 Profile::kDvdRDualLayerSequential, Profile::kDvdRDualLayerJump,
                 Profile::kBdRSequential});
}
bool formattable_now(const Situation& now) {
  if (!now.recordable()) return false;
  if (now.is({Profile::kBdRSequential})) return now.blank() && !now.formatted();
  if (now.is({Profile::kCdRw})) return now.formatted();
  return now.is({Profile::kDvdRwSequential, Profile::kDvdRwRestrictedOverwrite, Profile::kDvdRam,
                 Profile::kDvdPlusRw, Profile::kBdRe});
}
bool has_spares_now(const Situation& now) {
  if (!now.recordable()) return false;
  if (now.is({Profile::kBdRSequential})) return now.formatted();
  if (now.is({Profile::kBdRe})) return now.formatting().type != kFormatWithoutSpares;
  return now.is({Profile::kDvdRam});
}
bool write_once_now(const Situation& now) {
  return now.writable() && now.is({Profile::kBdRSequential, Profile::kBdRRandom});
}
bool restricted_overwrite_now(const Situation& now) {
  return now.recordable() && (now.is({Profile::kDvdRwRestrictedOverwrite}) ||
                              (now.is({Profile::kCdRw}) && now.formatted()));
}
bool rigid_overwrite_now(const Situation& now) {
  return now.recordable() && now.is({Profile::kDvdRwRestrictedOverwrite});
}
template <Profile profile>
bool profile_is(const Situation& now) {
  return now.is({profile});
}
bool track_at_once_now(const Situation& now) {
  return now.writable() && now.is({Profile::kCdR, Profile::kCdRw});
}
bool mastering_now(const Situation& now) {
  const profiles::Quirks& quirks = now.drive.quirks;
  const bool appendable_too = quirks.mastering_current_on_appendable ||
                              quirks.sao_on_appendable == profiles::SaoOnAppendable::kAccepted;
  return track_at_once_now(now) && (now.blank() || appendable_too);
}
bool dvd_minus_writable_now(const Situation& now) {
  return now.writable() && now.is({Profile::kDvdRSequential, Profile::kDvdRwSequential,
                                   Profile::kDvdRDualLayerSequential, Profile::kDvdRDualLayerJump});
}
bool layer_jump_now(const Situation& now) {
  return now.writable() && now.is({Profile::kDvdRDualLayerJump});
}
bool pseudo_overwrite_now(const Situation& now) {
  return now.writable() && now.is({Profile::kBdRSequential}) && now.formatted() &&
         now.formatting().sub_type == kPseudoOverwrite;
}

struct FeatureRow {
  std::uint16_t code = 0;
  std::uint8_t version = 0;
  bool persistent = false;  // then always current
  bool (*present)(const Situation&) = always;
  bool (*current)(const Situation&) = always;
  Payload (*payload)(const Situation&) = no_payload;
};

// Ascending. Versions: MMC-6 chapter 5, recalled where they are not 0.
constexpr auto kFeatures = std::to_array<FeatureRow>({
    {0x0001, 2, true, always, always, core},
    {0x0002, 1, true, always, always, morphing},
    {0x0003, 1, true, always, always, removable_medium},
    {0x0010, 0, false, always, readable_now, random_readable},
    {0x001D, 0, false, reads_cd, cd_loaded, no_payload},  // multi-read
    {0x001E, 2, false, reads_cd, cd_loaded, cd_read},
    {0x001F, 1, false, reads_dvd, dvd_loaded, dvd_read},
    {0x0020, 1, false, kWritesAtRandom, random_writable_now, random_writable},
    {0x0021, 1, false, kWritesStreams, streaming_writable_now, incremental_streaming},
    {0x0023, 1, false, kWritesFormattable, formattable_now, formattable},
    {0x0024, 0, false, kWritesWithSpares, has_spares_now, four_zeros},
    {0x0025, 0, false, kWritesBdR, write_once_now, random_readable},  // the same payload
    {0x0026, 0, false, has_restricted_overwrite, restricted_overwrite_now, no_payload},
    {0x002A, 0, false, reads_dvd, profile_is<Profile::kDvdPlusRw>, dvd_plus_rw},
    {0x002B, 0, false, reads_dvd, profile_is<Profile::kDvdPlusR>, dvd_plus_r},
    {0x002C, 0, false, writes_any<MediumKind::kDvdRw>, rigid_overwrite_now, rigid_overwrite},
    {0x002D, 2, false, has_track_at_once, track_at_once_now, track_at_once},
    {0x002E, 0, false, has_mastering, mastering_now, mastering},
    {0x002F, 2, false, kWritesDvdMinus, dvd_minus_writable_now, dvd_minus_write},
    {0x0033, 0, false, has_layer_jump, layer_jump_now, layer_jump},
    {0x0037, 0, false, writes_any<MediumKind::kCdRw>, profile_is<Profile::kCdRw>, cd_rw_sub_types},
    {0x0038, 0, false, has_pseudo_overwrite, pseudo_overwrite_now, four_zeros},
    {0x003B, 0, false, reads_dvd, profile_is<Profile::kDvdPlusRDualLayer>, dvd_plus_r_dual_layer},
    {0x0040, 0, false, reads_bd, bd_loaded, bd_read},
    {0x0041, 0, false, writes_bd, recordable_bd_loaded, bd_write},
    {0x0100, 0, true, always, always, no_payload},  // power management
    {0x0105, 1, true, always, always, four_zeros},  // timeout: nothing to set
    {0x0107, 4, false, has_streaming, medium_loaded, real_time_streaming},
    {0x0108, 0, true, has_serial_number, always, serial_number},
    {0x010C, 0, true, has_firmware_date, always, firmware_date},
});
static_assert(std::ranges::is_sorted(kFeatures, {}, &FeatureRow::code));

struct ProfileRow {
  MediumKind kind{};
  Profile profile{};
};
constexpr auto kProfiles = std::to_array<ProfileRow>({
    {MediumKind::kCdRom, Profile::kCdRom},
    {MediumKind::kCdR, Profile::kCdR},
    {MediumKind::kCdRw, Profile::kCdRw},
    {MediumKind::kDvdRom, Profile::kDvdRom},
    {MediumKind::kDvdR, Profile::kDvdRSequential},
    {MediumKind::kDvdRDualLayer, Profile::kDvdRDualLayerSequential},
    {MediumKind::kDvdRw, Profile::kDvdRwSequential},
    {MediumKind::kDvdRam, Profile::kDvdRam},
    {MediumKind::kDvdPlusR, Profile::kDvdPlusR},
    {MediumKind::kDvdPlusRDualLayer, Profile::kDvdPlusRDualLayer},
    {MediumKind::kDvdPlusRw, Profile::kDvdPlusRw},
    {MediumKind::kBdRom, Profile::kBdRom},
    {MediumKind::kBdR, Profile::kBdRSequential},
    {MediumKind::kBdRe, Profile::kBdRe},
});
static_assert(kProfiles.size() == kMediumKinds);

Profile rom_profile(MediumFamily family) {
  if (family == MediumFamily::kCd) return Profile::kCdRom;
  return family == MediumFamily::kDvd ? Profile::kDvdRom : Profile::kBdRom;
}

}  // namespace

Profile current_profile(const DriveState& state) {
  if (!state.medium_known()) return Profile::kNone;
  const Layout& layout = state.layout();
  const Medium& medium = layout.medium();
  const Formatting& formatting = layout.recording().formatting;
  const bool formatted = formatting.state != FormatState::kUnformatted;
  const bool says_rom =
      state.personality.quirks.complete_disc_profile == profiles::CompleteDiscProfile::kRom;
  if (says_rom && !medium.erasable() && layout.status() == DiscStatus::kComplete)
    return rom_profile(medium.family());
  if (medium.kind == MediumKind::kDvdRw && formatted) return Profile::kDvdRwRestrictedOverwrite;
  if (medium.kind == MediumKind::kBdR && formatted && formatting.sub_type == kRandomRecording)
    return Profile::kBdRRandom;
  return std::ranges::find(kProfiles, medium.kind, &ProfileRow::kind)->profile;
}

std::vector<FeatureDescriptor> features_of(const DriveState& state) {
  const Situation now{.drive = state.personality,
                      .profile = current_profile(state),
                      .layout = state.medium_known() ? &state.layout() : nullptr};
  std::vector<FeatureDescriptor> features;
  for (const FeatureRow& row : kFeatures) {
    if (!row.present(now)) continue;
    features.push_back({.code = row.code,
                        .version = row.version,
                        .persistent = row.persistent,
                        .current = row.current(now),
                        .payload = row.payload(now)});
  }
  return features;
}

}  // namespace simdrive
