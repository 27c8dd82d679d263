// What the values of each enumeration are called in a personality file.
#pragma once

#include <array>
#include <string_view>

#include "simdrive/profiles/personality.h"

namespace simdrive::profiles {

template <typename E>
struct EnumName {
  E value;
  std::string_view name;
};

// names_of(E{}) is the table of E; the argument only selects it.
constexpr auto names_of(Interface) {
  return std::to_array<EnumName<Interface>>({{Interface::kUnspecified, "unspecified"},
                                             {Interface::kScsi, "scsi"},
                                             {Interface::kAtapi, "atapi"},
                                             {Interface::kFireWire, "firewire"},
                                             {Interface::kFibreChannel, "fibre-channel"},
                                             {Interface::kSata, "sata"},
                                             {Interface::kUsb, "usb"}});
}
constexpr auto names_of(Mechanism) {
  return std::to_array<EnumName<Mechanism>>(
      {{Mechanism::kCaddy, "caddy"}, {Mechanism::kTray, "tray"}, {Mechanism::kPopUp, "pop-up"}});
}
constexpr auto names_of(MediumFamily) {
  return std::to_array<EnumName<MediumFamily>>(
      {{MediumFamily::kCd, "cd"}, {MediumFamily::kDvd, "dvd"}, {MediumFamily::kBd, "bd"}});
}
inline auto names_of(MediumKind) {
  std::array<EnumName<MediumKind>, kMediumKinds> names{};
  for (const MediumKind kind : all_medium_kinds())
    names.at(static_cast<std::size_t>(kind)) = {kind, key_of(kind)};
  return names;
}
constexpr auto names_of(CdWriteType) {
  return std::to_array<EnumName<CdWriteType>>({{CdWriteType::kPacket, "packet"},
                                               {CdWriteType::kTrackAtOnce, "tao"},
                                               {CdWriteType::kSessionAtOnce, "sao"},
                                               {CdWriteType::kRaw, "raw"}});
}
constexpr auto names_of(RawBlockType) {
  return std::to_array<EnumName<RawBlockType>>({{RawBlockType::kPq, "pq"},
                                                {RawBlockType::kPwPacked, "pw-packed"},
                                                {RawBlockType::kPwRaw, "pw-raw"}});
}
constexpr auto names_of(BlankType) {
  return std::to_array<EnumName<BlankType>>({{BlankType::kDisc, "disc"},
                                             {BlankType::kMinimal, "minimal"},
                                             {BlankType::kTrack, "track"},
                                             {BlankType::kUnreserveTrack, "unreserve-track"},
                                             {BlankType::kTrackTail, "track-tail"},
                                             {BlankType::kUncloseSession, "unclose-session"},
                                             {BlankType::kSession, "session"}});
}
constexpr auto names_of(EventClass) {
  return std::to_array<EnumName<EventClass>>(
      {{EventClass::kOperationalChange, "operational-change"},
       {EventClass::kPowerManagement, "power-management"},
       {EventClass::kExternalRequest, "external-request"},
       {EventClass::kMedia, "media"},
       {EventClass::kMultiInitiator, "multi-initiator"},
       {EventClass::kDeviceBusy, "device-busy"}});
}
constexpr auto names_of(RotationMode) {
  return std::to_array<EnumName<RotationMode>>(
      {{RotationMode::kClv, "clv"}, {RotationMode::kCav, "cav"}, {RotationMode::kZclv, "zclv"}});
}
constexpr auto names_of(WhileBusy) {
  return std::to_array<EnumName<WhileBusy>>(
      {{WhileBusy::kGood, "good"}, {WhileBusy::kBusy, "busy"}});
}
constexpr auto names_of(FullBuffer) {
  return std::to_array<EnumName<FullBuffer>>(
      {{FullBuffer::kLongWrite, "long-write"}, {FullBuffer::kBlocks, "blocks"}});
}
constexpr auto names_of(CompleteDiscProfile) {
  return std::to_array<EnumName<CompleteDiscProfile>>(
      {{CompleteDiscProfile::kRecordable, "recordable"}, {CompleteDiscProfile::kRom, "rom"}});
}
constexpr auto names_of(TrackFf) {
  return std::to_array<EnumName<TrackFf>>(
      {{TrackFf::kAccepted, "accepted"}, {TrackFf::kRefused, "refused"}});
}
constexpr auto names_of(SaoOnAppendable) {
  return std::to_array<EnumName<SaoOnAppendable>>(
      {{SaoOnAppendable::kAccepted, "accepted"},
       {SaoOnAppendable::kRefusedAtModeSelect, "refused-at-mode-select"},
       {SaoOnAppendable::kRefusedAtCueSheet, "refused-at-cue-sheet"}});
}
constexpr auto names_of(MinimalBlank) {
  return std::to_array<EnumName<MinimalBlank>>(
      {{MinimalBlank::kDaoOnly, "dao-only"},
       {MinimalBlank::kDaoOnlyUnsaid, "dao-only-unsaid"},
       {MinimalBlank::kKeepsIncremental, "keeps-incremental"}});
}
constexpr auto names_of(Progress) {
  return std::to_array<EnumName<Progress>>(
      {{Progress::kReal, "real"}, {Progress::kConstant, "constant"}});
}
constexpr auto names_of(DvdToc) {
  return std::to_array<EnumName<DvdToc>>(
      {{DvdToc::kReal, "real"}, {DvdToc::kTwoSessions, "two-sessions"}});
}
constexpr auto names_of(Page2aSpeeds) {
  return std::to_array<EnumName<Page2aSpeeds>>({{Page2aSpeeds::kRight, "right"},
                                                {Page2aSpeeds::kNoCurrent, "no-current"},
                                                {Page2aSpeeds::kZeros, "zeros"},
                                                {Page2aSpeeds::kCdSpeeds, "cd-speeds"}});
}
constexpr auto names_of(BufferCapacity) {
  return std::to_array<EnumName<BufferCapacity>>(
      {{BufferCapacity::kRight, "right"}, {BufferCapacity::kGarbage, "garbage"}});
}
constexpr auto names_of(UnalignedWrite) {
  return std::to_array<EnumName<UnalignedWrite>>(
      {{UnalignedWrite::kRefused, "refused"},
       {UnalignedWrite::kReadModifyWrite, "read-modify-write"}});
}
constexpr auto names_of(PartialEccBlock) {
  return std::to_array<EnumName<PartialEccBlock>>(
      {{PartialEccBlock::kRefused, "refused"}, {PartialEccBlock::kPadded, "padded"}});
}
constexpr auto names_of(SpeedScope) {
  return std::to_array<EnumName<SpeedScope>>(
      {{SpeedScope::kAllMedia, "all-media"}, {SpeedScope::kCdOnly, "cd-only"}});
}
constexpr auto names_of(CdTextAbsent) {
  return std::to_array<EnumName<CdTextAbsent>>(
      {{CdTextAbsent::kEmptyReply, "empty-reply"}, {CdTextAbsent::kRefused, "refused"}});
}

}  // namespace simdrive::profiles
