// GET CONFIGURATION: profile and features (MMC-6 6.5 and chapter 5).
#include <string_view>

#include "engine/scsi/numbers.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;
using pregroove::scsi::Feature;
using pregroove::scsi::Profile;

// MMC-6 table "feature header".
struct ConfigurationHeader {
  Be32 length;
  Be16 reserved;
  Be16 current_profile;
};
static_assert(pregroove::wire_struct<ConfigurationHeader, 8>());

// MMC-6 table "feature descriptor generic format".
struct FeatureHeader {
  Be16 code;
  std::uint8_t flags = 0;  // version [5:2], persistent 1, current 0
  std::uint8_t additional_length = 0;
};
static_assert(pregroove::wire_struct<FeatureHeader, 4>());

struct ProfileDescriptor {
  Be16 profile;
  std::uint8_t flags = 0;  // current 0
  std::uint8_t reserved = 0;
};
static_assert(pregroove::wire_struct<ProfileDescriptor, 4>());

// When a feature is current (mmc.md 2.2, "current bits by medium and state").
enum class CurrentWhen : std::uint8_t {
  kAlways,  // persistent
  kMediumPresent,
  kMediumWritable,  // blank or appendable
  kRewritablePresent,
};

struct FeatureRow {
  Feature code{};
  std::uint8_t version = 0;
  CurrentWhen current = CurrentWhen::kAlways;
  std::array<std::uint8_t, 8> data{};
  std::uint8_t length = 0;
};

// Ascending. The profile list is built apart. Payloads: the table of each feature in MMC-6
// chapter 5.
constexpr auto kFeatures = std::to_array<FeatureRow>({
    // interface 7 (serial ATA); INQ2, DBE
    {Feature::kCore, 2, CurrentWhen::kAlways, {0, 0, 0, 7, 0x03}, 8},
    {Feature::kMorphing, 1, CurrentWhen::kAlways, {0x02}, 4},  // OCEvent
    // tray; Load, Eject, Lock
    {Feature::kRemovableMedium, 1, CurrentWhen::kAlways, {0x39}, 4},
    // blocks of 2048, one at a time; PP: page 01h is present
    {Feature::kRandomReadable, 0, CurrentWhen::kMediumPresent, {0, 0, 0x08, 0, 0, 1, 0x01}, 8},
    {Feature::kMultiRead, 0, CurrentWhen::kMediumPresent, {}, 0},
    {Feature::kCdRead, 2, CurrentWhen::kMediumPresent, {0}, 4},
    // data block types 8 and 10; BUF; no link sizes, since packets are not written
    {Feature::kIncrementalStreamingWritable,
     1,
     CurrentWhen::kMediumWritable,
     {0x05, 0, 0x01, 0},
     4},
    // BUF, Test Write, CD-RW; data block types 8 and 10
    {Feature::kCdTrackAtOnce, 2, CurrentWhen::kMediumWritable, {0x46, 0, 0x05, 0}, 4},
    // sub-types 0 (1x to 4x) and 1 (high speed)
    {Feature::kCdRwMediaWriteSupport, 0, CurrentWhen::kRewritablePresent, {0, 0x03}, 4},
    {Feature::kPowerManagement, 0, CurrentWhen::kAlways, {}, 0},
    {Feature::kTimeout, 1, CurrentWhen::kAlways, {0, 0, 0, 0}, 4},
    // RBCB, SCS, MP2A, WSPD, SW
    {Feature::kRealTimeStreaming, 4, CurrentWhen::kMediumPresent, {0x1F, 0, 0, 0}, 4},
});
static_assert(std::ranges::is_sorted(kFeatures, {}, &FeatureRow::code));
constexpr std::uint8_t kPersistentBit = 0x02;
constexpr std::uint8_t kCurrentBit = 0x01;

enum class RequestType : std::uint8_t { kAll = 0, kCurrent = 1, kOne = 2 };

Profile current_profile(const DriveState& state) {
  if (!state.medium_present()) return Profile::kNone;
  switch (state.disc->medium().kind) {
    case MediumKind::kCdRom:
      return Profile::kCdRom;
    case MediumKind::kCdR:
      return Profile::kCdR;
    case MediumKind::kCdRw:
      return Profile::kCdRw;
    case MediumKind::kDvdRom:
      return Profile::kDvdRom;
    case MediumKind::kDvdR:
      return Profile::kDvdRSequential;
    case MediumKind::kDvdRDualLayer:
      return Profile::kDvdRDualLayerSequential;
    case MediumKind::kDvdRw:
      return state.layout().recording().formatting.state == FormatState::kUnformatted
                 ? Profile::kDvdRwSequential
                 : Profile::kDvdRwRestrictedOverwrite;
    case MediumKind::kDvdRam:
      return Profile::kDvdRam;
    case MediumKind::kDvdPlusR:
      return Profile::kDvdPlusR;
    case MediumKind::kDvdPlusRDualLayer:
      return Profile::kDvdPlusRDualLayer;
    case MediumKind::kDvdPlusRw:
      return Profile::kDvdPlusRw;
    case MediumKind::kBdRom:
      return Profile::kBdRom;
    case MediumKind::kBdR:
      return Profile::kBdRSequential;
    case MediumKind::kBdRe:
      return Profile::kBdRe;
  }
  return Profile::kNone;
}

bool is_current(const DriveState& state, CurrentWhen when) {
  switch (when) {
    case CurrentWhen::kAlways:
      return true;
    case CurrentWhen::kMediumPresent:
      return state.medium_present();
    case CurrentWhen::kMediumWritable:
      return state.medium_present() && !state.layout().finalised();
    case CurrentWhen::kRewritablePresent:
      return state.medium_present() && state.disc->medium().erasable();
  }
  return false;
}

// Which features the host asked for.
struct Selection {
  RequestType type = RequestType::kAll;
  std::uint16_t first = 0;

  [[nodiscard]] bool includes(Feature feature, bool current) const {
    const auto code = static_cast<std::uint16_t>(feature);
    if (type == RequestType::kOne) return code == first;
    return code >= first && (current || type == RequestType::kAll);
  }
};

void append_profile_list(Reply& reply, Profile current) {
  constexpr auto kProfiles =
      std::to_array<Profile>({Profile::kCdRw, Profile::kCdR, Profile::kCdRom});
  reply.append(FeatureHeader{.code = Be16(static_cast<std::uint16_t>(Feature::kProfileList)),
                             .flags = kPersistentBit | kCurrentBit,
                             .additional_length = static_cast<std::uint8_t>(
                                 kProfiles.size() * sizeof(ProfileDescriptor))});
  for (const Profile profile : kProfiles)
    reply.append(ProfileDescriptor{
        .profile = Be16(static_cast<std::uint16_t>(profile)),
        .flags = static_cast<std::uint8_t>(profile == current ? kCurrentBit : 0)});
}

void append_feature(Reply& reply, const FeatureRow& row, bool current) {
  const bool persistent = row.current == CurrentWhen::kAlways;
  reply.append(FeatureHeader{
      .code = Be16(static_cast<std::uint16_t>(row.code)),
      .flags = static_cast<std::uint8_t>((row.version << 2U) | (persistent ? kPersistentBit : 0) |
                                         (current ? kCurrentBit : 0)),
      .additional_length = row.length});
  reply.append_bytes(std::span(row.data).first(row.length));
}

void append_serial_number(Reply& reply) {
  reply.append(FeatureHeader{.code = Be16(static_cast<std::uint16_t>(Feature::kDriveSerialNumber)),
                             .flags = kPersistentBit | kCurrentBit,
                             .additional_length = static_cast<std::uint8_t>(kSerialNumber.size())});
  static_assert(kSerialNumber.size() % 4 == 0);
  for (const char letter : kSerialNumber) reply.append(static_cast<std::uint8_t>(letter));
}

}  // namespace

Outcome get_configuration(DriveState& state, const Request& request) {
  const std::uint8_t type = pregroove::bit_field(request.byte(1), 0, 2);
  if (type > static_cast<std::uint8_t>(RequestType::kOne)) return refuse(Fault::kInvalidFieldInCdb);
  const Selection selection{static_cast<RequestType>(type), request.be16(2)};
  const Profile profile = current_profile(state);
  Reply reply;
  reply.append(ConfigurationHeader{.current_profile = Be16(static_cast<std::uint16_t>(profile))});
  if (selection.includes(Feature::kProfileList, true)) append_profile_list(reply, profile);
  for (const FeatureRow& row : kFeatures) {
    const bool current = is_current(state, row.current);
    if (selection.includes(row.code, current)) append_feature(reply, row, current);
  }
  if (selection.includes(Feature::kDriveSerialNumber, true)) append_serial_number(reply);
  reply.announce_length<Be32>(sizeof(Be32));
  return reply.send(request, request.be16(7));
}

}  // namespace simdrive
