// Who the drive is and what it can do: from its features (MMC-6 chapter 5; mmc.md 2.2), or, of a
// drive that has none, from mode page 2Ah.
#include <algorithm>
#include <array>

#include "engine/cli/capture/evidence.h"
#include "simdrive/profiles/spelling.h"

namespace pregroove::cli {
namespace {

using simdrive::MediumFamily;
using simdrive::MediumKind;
using simdrive::profiles::CdWriteType;
using simdrive::profiles::EventClass;
using simdrive::profiles::Features;
using simdrive::profiles::Identity;
using simdrive::profiles::Interface;
using simdrive::profiles::Mechanism;
using simdrive::profiles::Personality;
using simdrive::profiles::RawBlockType;
using validate::Probe;

constexpr SenseCode kUnknownCommand{5, 0x20, 0x00};

struct ProfileRow {
  std::uint16_t profile;
  MediumKind kind;
};
constexpr auto kProfiles = std::to_array<ProfileRow>({
    {0x0008, MediumKind::kCdRom},
    {0x0009, MediumKind::kCdR},
    {0x000A, MediumKind::kCdRw},
    {0x0010, MediumKind::kDvdRom},
    {0x0011, MediumKind::kDvdR},
    {0x0012, MediumKind::kDvdRam},
    {0x0013, MediumKind::kDvdRw},
    {0x0014, MediumKind::kDvdRw},
    {0x0015, MediumKind::kDvdRDualLayer},
    {0x0016, MediumKind::kDvdRDualLayer},
    {0x001A, MediumKind::kDvdPlusRw},
    {0x001B, MediumKind::kDvdPlusR},
    {0x002B, MediumKind::kDvdPlusRDualLayer},
    {0x0040, MediumKind::kBdRom},
    {0x0041, MediumKind::kBdR},
    {0x0042, MediumKind::kBdR},
    {0x0043, MediumKind::kBdRe},
});

// The class bitmaps of feature 0041h: BD-RE from the fifth byte on, BD-R from the thirteenth.
bool writes_bd(const Evidence& drive, std::size_t first_byte) {
  constexpr std::size_t kBitmap = 8;
  const auto* const feature = drive.feature(0x0041);
  if (feature == nullptr) return false;
  for (std::size_t i = first_byte; i < first_byte + kBitmap; ++i)
    if (octet(feature->data, i) != 0) return true;
  return false;
}

// While a DVD+R that is complete is in the drive, the write bit of its feature may be off; that
// such a drive reports it at all speaks for a writer.
bool hides_write_bit(const Evidence& drive, MediumKind kind) {
  return drive.kind == kind && drive.disc && drive.disc->status == mmc::DiscStatus::kComplete;
}

bool writes(const Evidence& drive, MediumKind kind) {
  switch (kind) {
    case MediumKind::kCdR:
      return drive.feature(0x002D) != nullptr || drive.feature(0x002E) != nullptr;
    case MediumKind::kCdRw:
      return drive.feature_bit(0x002D, 0, 1) || drive.feature_bit(0x002E, 0, 1) ||
             drive.feature(0x0037) != nullptr;
    case MediumKind::kDvdR:
      return drive.feature(0x002F) != nullptr;
    case MediumKind::kDvdRDualLayer:
      return drive.feature_bit(0x002F, 0, 3);
    case MediumKind::kDvdRw:
      return drive.feature_bit(0x002F, 0, 1);
    case MediumKind::kDvdRam:
      return drive.capabilities && drive.capabilities->writes_dvd_ram;
    case MediumKind::kDvdPlusR:
      return drive.feature_bit(0x002B, 0, 0) || hides_write_bit(drive, kind);
    case MediumKind::kDvdPlusRDualLayer:
      return drive.feature_bit(0x003B, 0, 0) || hides_write_bit(drive, kind);
    case MediumKind::kDvdPlusRw:
      return drive.feature_bit(0x002A, 0, 0);
    case MediumKind::kBdRe:
      return writes_bd(drive, 4);
    case MediumKind::kBdR:
      return writes_bd(drive, 12);
    default:
      return false;
  }
}

// Without features: what a drive that came before them says on page 2Ah.
Kinds kinds_by_capabilities(const Evidence& drive) {
  Kinds kinds;
  kinds.reads.insert(MediumKind::kCdRom);
  if (!drive.capabilities) return kinds;
  const auto add = [](auto& set, bool can, MediumKind kind) {
    if (can) set.insert(kind);
  };
  const mmc::Capabilities& can = *drive.capabilities;
  add(kinds.reads, can.reads_cd_r, MediumKind::kCdR);
  add(kinds.reads, can.reads_cd_rw, MediumKind::kCdRw);
  add(kinds.reads, can.reads_dvd_rom, MediumKind::kDvdRom);
  add(kinds.reads, can.reads_dvd_r, MediumKind::kDvdR);
  add(kinds.reads, can.reads_dvd_ram, MediumKind::kDvdRam);
  add(kinds.writes, can.writes_cd_r, MediumKind::kCdR);
  add(kinds.writes, can.writes_cd_rw, MediumKind::kCdRw);
  add(kinds.writes, can.writes_dvd_r, MediumKind::kDvdR);
  add(kinds.writes, can.writes_dvd_ram, MediumKind::kDvdRam);
  return kinds;
}

template <typename Enum>
void set(simdrive::profiles::EnumSet<Enum>& values, Enum value, bool on) {
  if (on)
    values.insert(value);
  else
    values.erase(value);
}

void read_cd_writing(const Evidence& drive, Features& can) {
  if (!drive.configuration) {
    // Before MMC-2 there is no telling; at once and track by track every CD writer can.
    can.cd_write_types = {CdWriteType::kTrackAtOnce, CdWriteType::kSessionAtOnce};
    can.raw_block_types = {};
    return;
  }
  const bool raw = drive.feature_bit(0x002E, 0, 3);
  set(can.cd_write_types, CdWriteType::kTrackAtOnce, drive.feature(0x002D) != nullptr);
  set(can.cd_write_types, CdWriteType::kSessionAtOnce, drive.feature_bit(0x002E, 0, 5));
  set(can.cd_write_types, CdWriteType::kRaw, raw);
  // The number of link sizes is told for the disc that is in the drive; packets have one.
  const auto* const streaming = drive.feature(0x0021);
  const bool of_cd = !drive.kind || drive.holds(MediumFamily::kCd);
  if (streaming == nullptr || (of_cd && octet(streaming->data, 3) == 0))
    can.cd_write_types.erase(CdWriteType::kPacket);
  const bool sub_channels = drive.feature_bit(0x002E, 0, 0);
  set(can.raw_block_types, RawBlockType::kPq, raw);
  set(can.raw_block_types, RawBlockType::kPwPacked, raw && sub_channels);
  set(can.raw_block_types, RawBlockType::kPwRaw, raw && sub_channels);
}

void read_families(const Evidence& drive, Features& can) {
  const bool old = !drive.configuration && drive.capabilities.has_value();
  const bool test_cd = old ? drive.capabilities->test_write
                           : drive.feature_bit(0x002D, 0, 2) || drive.feature_bit(0x002E, 0, 2);
  const bool protect_cd = old ? drive.capabilities->buffer_underrun_free
                              : drive.feature_bit(0x002D, 0, 6) || drive.feature_bit(0x002E, 0, 6);
  set(can.test_write, MediumFamily::kCd, test_cd);
  set(can.test_write, MediumFamily::kDvd, drive.feature_bit(0x002F, 0, 2));
  set(can.buffer_underrun_protection, MediumFamily::kCd, protect_cd);
  set(can.buffer_underrun_protection, MediumFamily::kDvd, drive.feature_bit(0x002F, 0, 6));
  if (drive.holds(MediumFamily::kBd))
    set(can.buffer_underrun_protection, MediumFamily::kBd, drive.feature_bit(0x0021, 2, 0));
}

void read_events(const Evidence& drive, Features& can) {
  constexpr std::size_t kSupportedByte = 3;
  if (drive.refused(Probe::kEvents, kUnknownCommand)) can.event_classes = {};
  const auto* const reply = drive.data(Probe::kEvents);
  if (reply == nullptr) return;
  const std::uint8_t supported = octet(*reply, kSupportedByte);
  for (unsigned number = 1; number <= static_cast<unsigned>(EventClass::kDeviceBusy); ++number)
    set(can.event_classes, static_cast<EventClass>(number), ((supported >> number) & 1U) != 0);
}

void keep_what_is_written(Personality& drive) {
  Features& can = drive.features;
  for (const MediumFamily family : {MediumFamily::kCd, MediumFamily::kDvd, MediumFamily::kBd}) {
    if (drive.writes(family)) continue;
    can.test_write.erase(family);
    can.buffer_underrun_protection.erase(family);
  }
  if (!drive.writes(MediumFamily::kCd)) can.cd_write_types = {};
  if (drive.writes(MediumFamily::kCd) && can.cd_write_types.empty())
    can.cd_write_types = {CdWriteType::kTrackAtOnce};
  const bool raw = can.cd_write_types.contains(CdWriteType::kRaw);
  if (!raw) can.raw_block_types = {};
  can.cd_text_write =
      can.cd_text_read && (raw || can.cd_write_types.contains(CdWriteType::kSessionAtOnce));
  if (!drive.writes(MediumKind::kDvdRDualLayer)) can.dvd_r_dl_layer_jump = false;
  if (!drive.writes(MediumKind::kBdR))
    can.bd_r_random_recording = can.bd_r_pseudo_overwrite = false;
}

// Century, year, month and day are two digits each (feature 010Ch).
std::string date_of(const mmc::FeatureDescriptor& feature) {
  constexpr std::size_t kDigits = 8;
  std::string digits;
  for (std::size_t i = 0; i < kDigits; ++i) digits += static_cast<char>(octet(feature.data, i));
  const std::string date = digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6);
  return simdrive::profiles::is_date(date) ? date : std::string{};
}

Interface interface_of(const Evidence& drive) {
  const auto* const core = drive.feature(0x0001);
  if (core == nullptr)  // no features: older than every other interface
    return drive.configuration ? Interface::kUnspecified : Interface::kScsi;
  constexpr std::size_t kLastByte = 3;
  constexpr auto kKnown =
      std::to_array<Interface>({Interface::kScsi, Interface::kAtapi, Interface::kFireWire,
                                Interface::kFibreChannel, Interface::kSata, Interface::kUsb});
  for (const Interface known : kKnown)
    if (octet(core->data, kLastByte) == static_cast<std::uint8_t>(known)) return known;
  return Interface::kUnspecified;
}

std::string text_of(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

}  // namespace

Kinds kinds_of(const Evidence& drive) {
  Kinds kinds;
  if (!drive.configuration) {
    kinds = kinds_by_capabilities(drive);
  } else {
    for (const ProfileRow& row : kProfiles) {
      if (drive.lists(row.profile)) kinds.reads.insert(row.kind);
      if (writes(drive, row.kind)) kinds.writes.insert(row.kind);
    }
  }
  // What is written is read, and a drive that says nothing at all is one for CDs.
  for (const MediumKind kind : simdrive::profiles::all_medium_kinds())
    if (kinds.writes.contains(kind)) kinds.reads.insert(kind);
  if (kinds.reads.empty()) kinds.reads.insert(MediumKind::kCdRom);
  return kinds;
}

void read_identity(const Evidence& drive, Identity& identity) {
  constexpr std::size_t kSerialLength = 32;
  constexpr std::size_t kPageHeader = 4;
  const auto named = [](const std::string& text, std::size_t most) {
    const std::string kept = printable(text, most);
    return kept.empty() ? std::string("?") : kept;
  };
  identity.vendor = named(drive.validation.drive.vendor, 8);
  identity.product = named(drive.validation.drive.product, 16);
  identity.revision = named(drive.validation.drive.revision, 4);
  identity.serial_number.clear();
  if (const auto* feature = drive.feature(0x0108))
    identity.serial_number = printable(text_of(feature->data), kSerialLength);
  else if (const auto* page = drive.data(Probe::kSerialNumber); page && page->size() > kPageHeader)
    identity.serial_number =
        printable(text_of(std::span(*page).subspan(kPageHeader)), kSerialLength);
  identity.firmware_date.clear();
  if (const auto* feature = drive.feature(0x010C)) identity.firmware_date = date_of(*feature);
  identity.interface = interface_of(drive);
  if (drive.capabilities) {
    using mmc::LoadingMechanism;
    const LoadingMechanism mechanism = drive.capabilities->mechanism;
    identity.mechanism = mechanism == LoadingMechanism::kCaddy   ? Mechanism::kCaddy
                         : mechanism == LoadingMechanism::kPopUp ? Mechanism::kPopUp
                                                                 : Mechanism::kTray;
  }
}

void read_features(const Evidence& evidence, Personality& drive) {
  Features& can = drive.features;
  read_cd_writing(evidence, can);
  read_families(evidence, can);
  read_events(evidence, can);
  if (evidence.configuration) {
    can.cd_text_read = evidence.feature_bit(0x001E, 0, 0);
    can.c2_pointers = evidence.feature_bit(0x001E, 0, 1);
    can.dvd_r_dl_layer_jump = evidence.lists(0x0016);
    can.bd_r_random_recording = evidence.lists(0x0042);
    can.bd_r_pseudo_overwrite = evidence.feature(0x0038) != nullptr;
    can.real_time_streaming = evidence.feature(0x0107) != nullptr;
  } else {
    can.cd_text_read = false;
    can.c2_pointers = evidence.capabilities && evidence.capabilities->c2_pointers;
    can.real_time_streaming = evidence.data(Probe::kWriteSpeeds) != nullptr;
  }
  if (evidence.capabilities) can.digital_audio_read = evidence.capabilities->reads_cd_da;
  const auto* const streaming = evidence.feature(0x0021);
  constexpr std::size_t kLinkSizeByte = 4;
  if (streaming != nullptr && evidence.holds(MediumFamily::kDvd) &&
      streaming->data.size() > kLinkSizeByte)
    can.dvd_link_size = octet(streaming->data, kLinkSizeByte);
  keep_what_is_written(drive);
}

}  // namespace pregroove::cli
