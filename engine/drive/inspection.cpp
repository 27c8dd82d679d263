#include "engine/drive/inspection.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <vector>

#include "engine/drive/overwritable.h"
#include "engine/mmc/capabilities.h"
#include "engine/mmc/configuration.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/mode.h"
#include "engine/mmc/performance.h"
#include "engine/mmc/toc.h"
#include "engine/mmc/track_information.h"

namespace pregroove::drive {
namespace {

using medium::MediumKind;
using medium::MediumSnapshot;

// libburn refuses larger announcements as well: no drive's feature list comes near it.
constexpr std::size_t kMostConfigurationBytes = 4096;
constexpr std::size_t kMostTocBytes = 0xFFFF;

MediumKind kind_of(scsi::Profile profile) {
  switch (profile) {
    case scsi::Profile::kCdRom:
      return MediumKind::kCdRom;
    case scsi::Profile::kCdR:
      return MediumKind::kCdR;
    case scsi::Profile::kCdRw:
      return MediumKind::kCdRw;
    case scsi::Profile::kDvdRom:
      return MediumKind::kDvdRom;
    case scsi::Profile::kDvdRSequential:
      return MediumKind::kDvdR;
    case scsi::Profile::kDvdRDualLayerSequential:
    case scsi::Profile::kDvdRDualLayerJump:
      return MediumKind::kDvdRDualLayer;
    case scsi::Profile::kDvdRwSequential:
      return MediumKind::kDvdRw;
    case scsi::Profile::kDvdRwRestrictedOverwrite:
      return MediumKind::kDvdRwOverwrite;
    case scsi::Profile::kDvdRam:
      return MediumKind::kDvdRam;
    case scsi::Profile::kDvdPlusRw:
      return MediumKind::kDvdPlusRw;
    case scsi::Profile::kDvdPlusR:
      return MediumKind::kDvdPlusR;
    case scsi::Profile::kDvdPlusRDualLayer:
      return MediumKind::kDvdPlusRDualLayer;
    case scsi::Profile::kBdRom:
      return MediumKind::kBdRom;
    case scsi::Profile::kBdRSequential:
      return MediumKind::kBdR;
    case scsi::Profile::kBdRRandom:
      return MediumKind::kBdRRandom;
    case scsi::Profile::kBdRe:
      return MediumKind::kBdRe;
    case scsi::Profile::kNone:
      return MediumKind::kUnknown;
  }
  return MediumKind::kUnknown;
}

Result<std::vector<std::byte>> fetch(Drive& drive, const mmc::Cdb& cdb, std::size_t size) {
  std::vector<std::byte> reply(size);
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, drive.run(cdb, scsi::DataIn{reply}));
  reply.resize(std::min(count, size));
  return reply;
}

Result<mmc::Configuration> read_configuration(Drive& drive) {
  const mmc::Cdb cdb = mmc::get_configuration(mmc::RequestType::kAll, scsi::Feature::kProfileList,
                                              kMostConfigurationBytes);
  PREGROOVE_ASSIGN_OR_RETURN(const auto reply, fetch(drive, cdb, kMostConfigurationBytes));
  return mmc::decode_configuration(reply);
}

// What the drive does with CDs, whatever disc is in it.
void describe_cd_writing(const mmc::Configuration& configuration,
                         medium::WriteCapabilities& writing) {
  if (const auto* mastering = configuration.find(scsi::Feature::kCdMastering)) {
    const auto details = mmc::decode_cd_mastering(*mastering);
    writing.at_once = details && details->session_at_once;
    writing.at_once_test_write = writing.at_once && details->test_write;
  }
  const auto* feature = configuration.find(scsi::Feature::kCdTrackAtOnce);
  if (feature == nullptr) return;
  const auto details = mmc::decode_cd_track_at_once(*feature);
  if (!details) return;
  // Drives differ on whether the feature is current on an appendable disc; the drive can do it, and
  // whether this disc takes it is the disc's state to say.
  writing.writes_medium = true;
  writing.test_write = details->test_write;
  writing.buffer_underrun_free = details->buffer_underrun_free;
  writing.rewritable_drive = details->cd_rw;
}

// A CD writer of MMC-1 knows no GET CONFIGURATION; what it can do stands in mode page 2Ah.
bool is_unknown_command(const Error& error) { return error.code == ErrorCode::kUnsupported; }

Result<mmc::Capabilities> read_capabilities(Drive& drive) {
  PREGROOVE_ASSIGN_OR_RETURN(
      const auto page,
      fetch(drive,
            mmc::mode_sense10(scsi::ModePage::kCapabilities, mmc::PageControl::kCurrent,
                              mmc::kCapabilitiesAllocation, mmc::BlockDescriptors::kDisabled),
            mmc::kCapabilitiesAllocation));
  return mmc::decode_capabilities(page);
}

// Every CD writer writes track at once; of session at once the page says nothing.
Status describe_old_writing(Drive& drive, medium::WriteCapabilities& writing) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto capabilities, read_capabilities(drive));
  writing.writes_medium = capabilities.writes_cd_r;
  writing.test_write = capabilities.test_write;
  writing.buffer_underrun_free = capabilities.buffer_underrun_free;
  writing.rewritable_drive = capabilities.writes_cd_rw;
  return {};
}

// A DVD-R is written incrementally while the feature for it is current; it is not on a DVD-RW that
// was blanked minimally (burning.md 4.4).
void describe_incremental_writing(const mmc::Configuration& configuration,
                                  medium::WriteCapabilities& writing) {
  writing.writes_medium = configuration.is_current(scsi::Feature::kIncrementalStreamingWritable);
  const auto* feature = configuration.find(scsi::Feature::kDvdRWrite);
  if (feature == nullptr) return;
  const auto details = mmc::decode_dvd_r_write(*feature);
  if (!details) return;
  writing.test_write = details->test_write;
  writing.at_once = feature->current;
  writing.at_once_test_write = details->test_write;
  writing.buffer_underrun_free = details->buffer_underrun_free;
}

bool writes_dvd_plus_r(const mmc::Configuration& configuration, scsi::Feature code) {
  const auto* feature = configuration.find(code);
  return feature != nullptr && feature->current &&
         mmc::decode_dvd_plus_r_write(*feature).value_or(false);
}

void describe_writing(const mmc::Configuration& configuration, MediumKind kind,
                      medium::WriteCapabilities& writing) {
  switch (kind) {
    case MediumKind::kDvdR:
    case MediumKind::kDvdRDualLayer:
    case MediumKind::kDvdRw:
      return describe_incremental_writing(configuration, writing);
    case MediumKind::kDvdPlusR:
      writing.writes_medium = writes_dvd_plus_r(configuration, scsi::Feature::kDvdPlusR);
      return;
    case MediumKind::kDvdPlusRDualLayer:
      writing.writes_medium = writes_dvd_plus_r(configuration, scsi::Feature::kDvdPlusRDualLayer);
      return;
    case MediumKind::kBdR:
      writing.writes_medium = configuration.is_current(scsi::Feature::kBdWrite);
      writing.pseudo_overwrite = configuration.is_current(scsi::Feature::kBdRPseudoOverwrite);
      return;
    case MediumKind::kDvdRwOverwrite:
      writing.writes_medium = configuration.is_current(scsi::Feature::kRestrictedOverwrite);
      return;
    case MediumKind::kDvdRam:
    case MediumKind::kDvdPlusRw:
    case MediumKind::kBdRe:
      // Those that were not formatted yet offer to be.
      writing.writes_medium = configuration.is_current(scsi::Feature::kRandomWritable) ||
                              configuration.is_current(scsi::Feature::kFormattable);
      return;
    default:
      return describe_cd_writing(configuration, writing);
  }
}

Result<mmc::DiscInformation> read_disc_information(Drive& drive, MediumKind kind) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto reply,
                             fetch(drive, mmc::read_disc_information(), mmc::kDiscInformationSize));
  return mmc::decode_disc_information(
      reply, medium::is_cd(kind) ? mmc::AddressForm::kMsf : mmc::AddressForm::kLba);
}

bool has_pregroove(Drive& drive);

// burning.md 3.1: by what READ DISC INFORMATION says of it.
Result<MediumKind> guess_kind(Drive& drive) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto info, read_disc_information(drive, MediumKind::kCdR));
  if (info.erasable) return MediumKind::kCdRw;
  const bool closed = static_cast<medium::DiscStatus>(info.status) == medium::DiscStatus::kComplete;
  return closed && !has_pregroove(drive) ? MediumKind::kCdRom : MediumKind::kCdR;
}

// The kind of the disc, and what the drive can do with it.
Status describe_drive(Drive& drive, MediumSnapshot& snapshot) {
  const auto configuration = read_configuration(drive);
  if (configuration) {
    snapshot.kind = kind_of(configuration->current_profile);
    describe_writing(*configuration, snapshot.kind, snapshot.writing);
    return {};
  }
  if (!is_unknown_command(configuration.error())) return std::unexpected(configuration.error());
  PREGROOVE_ASSIGN_OR_RETURN(snapshot.kind, guess_kind(drive));
  return describe_old_writing(drive, snapshot.writing);
}

void describe_disc(const mmc::DiscInformation& info, MediumSnapshot& snapshot) {
  snapshot.status = static_cast<medium::DiscStatus>(info.status);
  snapshot.last_session = static_cast<medium::SessionState>(info.last_session_state);
  snapshot.erasable = info.erasable;
  snapshot.calibrated = !info.opc.empty();
  snapshot.disc_type = static_cast<std::uint8_t>(info.disc_type);
  snapshot.disc_id = info.disc_id;
  snapshot.last_possible_lead_out = info.last_possible_lead_out;
  // A BD-R that was formatted before its first session counts as appendable (burning.md 3.2).
  const bool nothing_recorded = info.complete_sessions() == 0 &&
                                info.last_session_state == mmc::SessionState::kEmpty &&
                                info.last_track_in_last_session <= 1;
  if (snapshot.kind == MediumKind::kBdR && nothing_recorded &&
      snapshot.status == medium::DiscStatus::kAppendable)
    snapshot.status = medium::DiscStatus::kBlank;
}

Result<mmc::RawToc> read_raw_toc(Drive& drive) {
  const auto request = [](std::size_t size) {
    return mmc::read_toc(mmc::TocFormat::kRaw, mmc::TimeForm::kMsf, 1,
                         static_cast<std::uint16_t>(size));
  };
  PREGROOVE_ASSIGN_OR_RETURN(const auto header,
                             fetch(drive, request(mmc::kTocHeaderSize), mmc::kTocHeaderSize));
  const auto length = read_struct<Be16>(header);
  const std::size_t size = std::min<std::size_t>(length ? length->value() + 2U : 0, kMostTocBytes);
  PREGROOVE_ASSIGN_OR_RETURN(const auto reply, fetch(drive, request(size), size));
  return mmc::decode_raw_toc(reply);
}

Result<mmc::TrackInformation> read_track(Drive& drive, const mmc::Cdb& cdb) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto reply, fetch(drive, cdb, mmc::kTrackInformationSize));
  return mmc::decode_track_information(reply);
}

Result<medium::Session> describe_session(Drive& drive, const mmc::RawToc& toc,
                                         std::uint8_t number) {
  medium::Session session;
  session.number = number;
  const auto lead_out = toc.lead_out(number);
  if (!lead_out)
    return fail(ErrorCode::kProtocol,
                fmt::format("the table of contents has no lead-out for session {}", number),
                "Clean the disc, or try another drive.");
  session.lead_out = *lead_out;
  session.run_out = medium::traits_of(MediumKind::kCdR).run_out;
  for (const mmc::TocTrack& entry : toc.tracks(number)) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto info,
                               read_track(drive, mmc::read_track_information(entry.number)));
    if (info.start != entry.start)
      return fail(
          ErrorCode::kProtocol,
          fmt::format("track {} starts at LBA {} in the table of contents, and at {} by the "
                      "drive's track information",
                      entry.number, entry.start.value, info.start.value),
          "Clean the disc, or try another drive.");
    session.tracks.push_back(
        {.number = entry.number,
         .session = number,
         .content = entry.is_data() ? medium::TrackContent::kData : medium::TrackContent::kAudio,
         .start = entry.start,
         .size = info.size});
  }
  if (session.tracks.empty())
    return fail(ErrorCode::kProtocol,
                fmt::format("the table of contents lists no track for session {}", number),
                "Clean the disc, or try another drive.");
  return session;
}

// In the order of their numbers.
using OpenTracks = std::vector<mmc::TrackInformation>;

// A drive that does not tell of a track has no reservation to tell of.
OpenTracks open_tracks_of_cd(Drive& drive, const mmc::DiscInformation& info) {
  OpenTracks open;
  if (info.last_session_state == mmc::SessionState::kComplete) return open;
  const int last = info.last_track_in_last_session;
  for (int number = std::max<int>(info.first_track_in_last_session, 1); number <= last; ++number) {
    if (const auto track =
            read_track(drive, mmc::read_track_information(static_cast<std::uint16_t>(number))))
      open.push_back(*track);
  }
  return open;
}

Status describe_sessions(Drive& drive, const mmc::DiscInformation& info, MediumSnapshot& snapshot) {
  if (info.complete_sessions() == 0) return {};
  PREGROOVE_ASSIGN_OR_RETURN(const auto toc, read_raw_toc(drive));
  for (int number = toc.first_session; number <= toc.last_session; ++number) {
    PREGROOVE_ASSIGN_OR_RETURN(auto session,
                               describe_session(drive, toc, static_cast<std::uint8_t>(number)));
    snapshot.sessions.push_back(std::move(session));
  }
  if (snapshot.sessions.size() == info.complete_sessions()) return {};
  return fail(
      ErrorCode::kProtocol,
      fmt::format("the table of contents lists {} closed session(s), and the drive counts {}",
                  snapshot.sessions.size(), info.complete_sessions()),
      "Take the disc out, put it back, and try again.");
}

// DVD and BD: tables of contents are fiction there (burning.md 3.4), so the tracks are asked one by
// one. Returns those of the session that is open or empty, at the end.
Result<OpenTracks> describe_sessions_by_track(Drive& drive, const mmc::DiscInformation& info,
                                              MediumSnapshot& snapshot) {
  OpenTracks open;
  const int complete = info.complete_sessions();
  for (int number = info.first_track; number <= info.last_track_in_last_session; ++number) {
    PREGROOVE_ASSIGN_OR_RETURN(
        const auto track,
        read_track(drive, mmc::read_track_information(static_cast<std::uint16_t>(number))));
    if (track.session > complete) {
      open.push_back(track);
      continue;
    }
    const bool next = snapshot.sessions.empty() || track.session > snapshot.sessions.back().number;
    const int expected = static_cast<int>(snapshot.sessions.size()) + (next ? 1 : 0);
    if (track.number != number || track.session != expected)
      return fail(ErrorCode::kProtocol,
                  fmt::format("the drive tells of track {} in session {} when it is asked for "
                              "track {}, after session {}",
                              track.number, track.session, number, snapshot.sessions.size()),
                  "Take the disc out, put it back, and try again.");
    if (next) snapshot.sessions.push_back({.number = track.session});
    medium::Session& session = snapshot.sessions.back();
    session.tracks.push_back(
        {.number = number, .session = track.session, .start = track.start, .size = track.size});
    session.lead_out = track.start + track.size;
  }
  if (std::ssize(snapshot.sessions) == complete) return open;
  return fail(ErrorCode::kProtocol,
              fmt::format("the tracks lie in {} closed session(s), and the drive counts {}",
                          snapshot.sessions.size(), complete),
              "Take the disc out, put it back, and try again.");
}

// What was announced for recording at once takes nothing else. On a DVD-R or DVD-RW it is an RZone
// that is not for packets, reserved and empty or begun (burning.md 3.3); on a CD, what was cut off.
void describe_at_once(const OpenTracks& open, MediumSnapshot& snapshot) {
  medium::WritableTrack& writable = *snapshot.writable;
  if (medium::traits_of(snapshot.kind).recording == medium::Recording::kIncremental)
    writable.at_once =
        !open.empty() && !open.front().packet && (open.front().reserved || !open.front().blank);
  else if (writable.at_once && snapshot.last_possible_lead_out)
    writable.free =
        std::max(BlockCount{}, *snapshot.last_possible_lead_out - writable.next_writable);
}

// RT says on a CD of a complete track, too, that it was reserved (Pioneer's command references,
// table of track states).
void describe_reserved(const OpenTracks& open, MediumSnapshot& snapshot) {
  const bool cd = medium::is_cd(snapshot.kind);
  if (snapshot.writable && snapshot.writable->at_once) return;
  for (const mmc::TrackInformation& track : open) {
    if (track.reserved && (!cd || track.next_writable))
      snapshot.reserved_tracks.push_back(track.number);
  }
}

std::optional<mmc::Atip> read_pregroove(Drive& drive) {
  constexpr std::size_t kAtipReplySize = 32;
  const auto reply = fetch(drive,
                           mmc::read_toc(mmc::TocFormat::kAtip, mmc::TimeForm::kMsf, 0,
                                         static_cast<std::uint16_t>(kAtipReplySize)),
                           kAtipReplySize);
  if (!reply) return std::nullopt;
  const auto atip = mmc::decode_atip(*reply);
  return atip ? std::optional(*atip) : std::nullopt;
}

bool has_pregroove(Drive& drive) { return read_pregroove(drive).has_value(); }

// What is moulded into a recordable disc; a drive that does not tell is no reason to stop.
void describe_pregroove(Drive& drive, MediumSnapshot& snapshot) {
  const auto atip = read_pregroove(drive);
  if (!atip) return;
  snapshot.lead_in_start = atip->lead_in_start;
  snapshot.last_possible_lead_out = atip->last_possible_lead_out;
}

void describe_speeds(Drive& drive, medium::WriteCapabilities& writing) {
  constexpr std::uint16_t kMostSpeeds = 32;
  constexpr std::size_t kReplySize =
      mmc::kPerformanceHeaderSize + kMostSpeeds * mmc::kPerformanceDescriptorSize;
  std::vector<std::uint32_t>& speeds = writing.speeds_kbs;
  const auto reply =
      fetch(drive, mmc::get_performance(mmc::PerformanceType::kWriteSpeed, 0, Lba{0}, kMostSpeeds),
            kReplySize);
  if (reply) {
    if (const auto descriptors = mmc::decode_write_speeds(*reply))
      for (const mmc::WriteSpeed& speed : *descriptors) speeds.push_back(speed.write_kb_per_s);
  }
  if (speeds.empty()) {
    if (const auto capabilities = read_capabilities(drive))
      for (const auto& speed : capabilities->write_speeds) speeds.push_back(speed.kb_per_s);
  }
  std::erase(speeds, 0U);  // some drives fill their list up with them
  std::ranges::sort(speeds, std::greater{});
  const auto repeated = std::ranges::unique(speeds);
  speeds.erase(repeated.begin(), repeated.end());
}

}  // namespace

// ECMA-119 6.2.1: the volume descriptors begin after a system area of 16 blocks. They alone do not
// tell two discs apart that were made with the same time stamp; the path tables and first folders,
// which most writers put behind them, do.
std::optional<std::uint64_t> descriptors_hash(Drive& drive, const medium::Session& session) {
  constexpr BlockCount kSystemArea{16};
  constexpr BlockCount kHashed{16};
  const auto track =
      std::ranges::find(session.tracks, medium::TrackContent::kData, &medium::Track::content);
  if (track == session.tracks.end() || track->size < kSystemArea + kHashed) return std::nullopt;
  std::vector<std::byte> blocks(static_cast<std::size_t>(kHashed.bytes()));
  if (!drive.read(track->start + kSystemArea, blocks)) return std::nullopt;
  return XXH3_64bits(blocks.data(), blocks.size());
}

Result<medium::WriteCapabilities> write_capabilities(Drive& drive) {
  medium::WriteCapabilities writing;
  const auto configuration = read_configuration(drive);
  if (configuration) {
    describe_cd_writing(*configuration, writing);
  } else {
    if (!is_unknown_command(configuration.error())) return std::unexpected(configuration.error());
    PREGROOVE_RETURN_IF_ERROR(describe_old_writing(drive, writing));
  }
  describe_speeds(drive, writing);
  return writing;
}

Result<MediumSnapshot> inspect_kind(Drive& drive) {
  MediumSnapshot snapshot;
  PREGROOVE_ASSIGN_OR_RETURN(const auto configuration, read_configuration(drive));
  snapshot.kind = kind_of(configuration.current_profile);
  describe_writing(configuration, snapshot.kind, snapshot.writing);
  return snapshot;
}

Result<MediumSnapshot> inspect_even_damaged(Drive& drive) {
  auto disc = inspect(drive);
  const bool damaged = !disc && (disc.error().code == ErrorCode::kProtocol ||
                                 disc.error().code == ErrorCode::kDevice);
  if (damaged) return inspect_kind(drive);
  return disc;
}

Result<MediumSnapshot> inspect(Drive& drive) {
  PREGROOVE_RETURN_IF_ERROR(drive.wait_until_ready());
  MediumSnapshot snapshot;
  PREGROOVE_ASSIGN_OR_RETURN(snapshot.drive, drive.identify());
  PREGROOVE_RETURN_IF_ERROR(describe_drive(drive, snapshot));
  PREGROOVE_ASSIGN_OR_RETURN(const auto info, read_disc_information(drive, snapshot.kind));
  describe_disc(info, snapshot);
  OpenTracks open;
  if (medium::is_overwritten(snapshot.kind)) {
    PREGROOVE_RETURN_IF_ERROR(describe_overwritable(drive, snapshot));
  } else if (medium::is_cd(snapshot.kind)) {
    PREGROOVE_RETURN_IF_ERROR(describe_sessions(drive, info, snapshot));
    open = open_tracks_of_cd(drive, info);
  } else {
    PREGROOVE_ASSIGN_OR_RETURN(open, describe_sessions_by_track(drive, info, snapshot));
  }
  if (medium::is_recordable(snapshot.kind)) {
    if (medium::is_cd(snapshot.kind)) describe_pregroove(drive, snapshot);
    const bool grows =
        !medium::is_overwritten(snapshot.kind) && snapshot.status != medium::DiscStatus::kComplete;
    if (grows) {
      PREGROOVE_ASSIGN_OR_RETURN(snapshot.writable, drive.writable_track(snapshot.kind));
      if (snapshot.writable) describe_at_once(open, snapshot);
      describe_reserved(open, snapshot);
    }
    describe_speeds(drive, snapshot.writing);
  }
  if (!snapshot.sessions.empty())
    snapshot.descriptors_hash = descriptors_hash(drive, snapshot.sessions.back());
  return snapshot;
}

}  // namespace pregroove::drive
