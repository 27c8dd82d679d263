#include "engine/validate/observations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/mmc/buffer.h"
#include "engine/mmc/capabilities.h"
#include "engine/mmc/capacity.h"
#include "engine/mmc/configuration.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/events.h"
#include "engine/mmc/format.h"
#include "engine/mmc/inquiry.h"
#include "engine/mmc/performance.h"
#include "engine/mmc/toc.h"
#include "engine/mmc/track_information.h"

namespace pregroove::validate {
namespace {

using mmc::Cdb;

enum class Needs : std::uint8_t { kNothing, kDisc };

struct Question {
  Probe probe;
  Needs needs;
  Cdb (*spell)();
  std::uint16_t room;
};

constexpr std::uint16_t kAll = 4096;        // of what has no end of its own
constexpr std::uint16_t kPage = 255;        // of what has a length of one byte
constexpr std::uint16_t kTable = 804;       // a table of contents of 100 tracks (mmc.md 2.7)
constexpr std::uint16_t kDescriptors = 32;  // of GET PERFORMANCE; a drive lists a dozen speeds
constexpr auto kPerformanceRoom = static_cast<std::uint16_t>(
    mmc::kPerformanceHeaderSize + kDescriptors * mmc::kPerformanceDescriptorSize);

// INQUIRY with EVPD (SPC-4 6.6): page 80h, unit serial number.
Cdb serial_number() {
  constexpr std::uint8_t kVitalProductData = 1;
  constexpr std::uint8_t kSerialNumberPage = 0x80;
  Cdb cdb = mmc::inquiry(kPage);
  cdb.bytes[1] = std::byte{kVitalProductData};
  cdb.bytes[2] = std::byte{kSerialNumberPage};
  return cdb;
}

// READ DISC STRUCTURE (MMC-6 6.22), format 0 of layer 0: physical format information of a DVD, disc
// information of a BD.
Cdb disc_structure(std::uint8_t media_type) {
  constexpr std::uint8_t kReadDiscStructure = 0xAD;
  constexpr std::size_t kSize = 12;
  constexpr std::size_t kLengthByte = 8;
  Cdb cdb{.size = kSize};
  cdb.bytes[0] = std::byte{kReadDiscStructure};
  cdb.bytes[1] = std::byte{media_type};
  cdb.bytes[kLengthByte + 1] = std::byte{kPage};
  return cdb;
}

Cdb capabilities() {
  return mmc::mode_sense10(scsi::ModePage::kCapabilities, mmc::PageControl::kCurrent, kPage);
}
Cdb default_write_parameters() {
  return mmc::mode_sense10(scsi::ModePage::kWriteParameters, mmc::PageControl::kDefault, kPage);
}
Cdb table_of_contents() {
  return mmc::read_toc(mmc::TocFormat::kFormatted, mmc::TimeForm::kLba, 0, kTable);
}
Cdb performance(std::uint8_t data_type, std::uint16_t descriptors) {
  return mmc::get_performance(mmc::PerformanceType::kPerformance,
                              static_cast<std::uint8_t>(data_type | mmc::kNominalTolerance), Lba{0},
                              descriptors);
}

// In this order. READ BUFFER CAPACITY once only, since some drives do not bear to be asked often
// (burning.md 4.6).
constexpr auto kQuestions = std::to_array<Question>({
    {Probe::kInquiry, Needs::kNothing, [] { return mmc::inquiry(); }, mmc::kStandardInquirySize},
    {Probe::kSerialNumber, Needs::kNothing, serial_number, kPage},
    {Probe::kConfiguration, Needs::kNothing,
     [] {
       return mmc::get_configuration(mmc::RequestType::kAll, scsi::Feature::kProfileList, kAll);
     },
     kAll},
    {Probe::kCapabilities, Needs::kNothing, capabilities, kPage},
    {Probe::kDefaultWriteParameters, Needs::kNothing, default_write_parameters, kPage},
    {Probe::kDiscInformation, Needs::kDisc, [] { return mmc::read_disc_information(kPage); },
     kPage},
    {Probe::kFirstTrack, Needs::kDisc, [] { return mmc::read_track_information(1); },
     mmc::kTrackInformationSize},
    {Probe::kInvisibleTrack, Needs::kDisc, [] { return mmc::read_invisible_track_information(); },
     mmc::kTrackInformationSize},
    {Probe::kToc, Needs::kDisc, table_of_contents, kTable},
    {Probe::kAtip, Needs::kDisc,
     [] { return mmc::read_toc(mmc::TocFormat::kAtip, mmc::TimeForm::kMsf, 0, kPage); }, kPage},
    {Probe::kCdText, Needs::kDisc,
     [] { return mmc::read_toc(mmc::TocFormat::kCdText, mmc::TimeForm::kLba, 0, kAll); }, kAll},
    {Probe::kDvdStructure, Needs::kDisc, [] { return disc_structure(0); }, kPage},
    {Probe::kBdStructure, Needs::kDisc, [] { return disc_structure(1); }, kPage},
    {Probe::kFormatCapacities, Needs::kDisc, [] { return mmc::read_format_capacities(kPage); },
     kPage},
    {Probe::kCapacity, Needs::kDisc, mmc::read_capacity, mmc::kCapacityReplySize},
    {Probe::kBufferCapacity, Needs::kDisc, [] { return mmc::read_buffer_capacity(); },
     mmc::kBufferCapacityReplySize},
    {Probe::kPerformanceHeader, Needs::kDisc, [] { return performance(0, 0); },
     mmc::kPerformanceHeaderSize},
    {Probe::kReadPerformance, Needs::kDisc, [] { return performance(0, kDescriptors); },
     kPerformanceRoom},
    {Probe::kWritePerformance, Needs::kDisc,
     [] { return performance(mmc::kWritePerformance, kDescriptors); }, kPerformanceRoom},
    {Probe::kWriteSpeeds, Needs::kDisc,
     [] {
       return mmc::get_performance(mmc::PerformanceType::kWriteSpeed, 0, Lba{0}, kDescriptors);
     },
     kPerformanceRoom},
});

// What happened before is told once to each host; the rows are about what happens next.
Status take_events(Conversation& drive, Observations& observed) {
  constexpr int kMostEvents = 32;
  constexpr std::uint8_t kClasses = mmc::kOperationalChangeClass | mmc::kPowerManagementClass |
                                    mmc::kExternalRequestClass | mmc::kMediaClass |
                                    mmc::kDeviceBusyClass;
  constexpr std::size_t kEventByte = 4;
  const Cdb cdb = mmc::get_event_status(kClasses);
  for (int i = 0; i < kMostEvents; ++i) {
    PREGROOVE_ASSIGN_OR_RETURN(auto answer, drive.ask(cdb.view(), mmc::kEventReplySize));
    const bool event = answer.good() && answer.data.size() > kEventByte &&
                       (answer.data[kEventByte] & std::byte{0x0F}) != std::byte{0};
    observed.answers[Probe::kEvents] = std::move(answer);
    if (!event) break;
  }
  const Cdb media = mmc::get_event_status(mmc::kMediaClass);
  PREGROOVE_ASSIGN_OR_RETURN(observed.answers[Probe::kMediaEvent],
                             drive.ask(media.view(), mmc::kEventReplySize));
  return {};
}

Status ask_for_last_track(Conversation& drive, Observations& observed) {
  const auto* const reply = observed.data(Probe::kDiscInformation);
  if (reply == nullptr) return {};
  // The track number lies at the same place whichever way the addresses are spelled.
  const auto disc = mmc::decode_disc_information(*reply, mmc::AddressForm::kLba);
  if (!disc) return {};
  const Cdb cdb = mmc::read_track_information(disc->last_track_in_last_session);
  PREGROOVE_ASSIGN_OR_RETURN(observed.answers[Probe::kLastTrack],
                             drive.ask(cdb.view(), mmc::kTrackInformationSize));
  return {};
}

Status check_device(const Observations& observed) {
  const auto* const reply = observed.data(Probe::kInquiry);
  if (reply == nullptr)
    return fail(ErrorCode::kProtocol, "the drive does not say what it is",
                "Switch it off and on, and try again.");
  PREGROOVE_ASSIGN_OR_RETURN(const auto identity, mmc::decode_inquiry(*reply));
  if (!identity.is_multi_media())
    return fail(ErrorCode::kUnsupported,
                fmt::format("this is no CD, DVD or BD drive but a device of type {:02X}h",
                            identity.device_type),
                "See which drives there are with: pregroove drives");
  return {};
}

// The operating system lets some commands through from the superuser only.
Status ask(Conversation& drive, const Question& question, Observations& observed) {
  auto answer = drive.ask(question.spell().view(), question.room);
  if (!answer && answer.error().code == ErrorCode::kAccessDenied) return {};
  if (!answer) return std::unexpected(std::move(answer).error());
  observed.answers[question.probe] = *std::move(answer);
  return {};
}

}  // namespace

const Answer* Observations::answer(Probe probe) const {
  const auto found = answers.find(probe);
  return found == answers.end() ? nullptr : &found->second;
}

const std::vector<std::byte>* Observations::data(Probe probe) const {
  const Answer* const found = answer(probe);
  return found != nullptr && found->good() ? &found->data : nullptr;
}

Result<Observations> observe(Conversation& drive) {
  Observations observed;
  PREGROOVE_ASSIGN_OR_RETURN(observed.greeting, drive.greet());
  const bool disc = !observed.greeting.without_medium && !observed.greeting.unreadable;
  for (const Question& question : kQuestions) {
    if (question.needs == Needs::kDisc && !disc) continue;
    PREGROOVE_RETURN_IF_ERROR(ask(drive, question, observed));
    if (question.probe == Probe::kInquiry) PREGROOVE_RETURN_IF_ERROR(check_device(observed));
  }
  if (disc) PREGROOVE_RETURN_IF_ERROR(ask_for_last_track(drive, observed));
  PREGROOVE_RETURN_IF_ERROR(take_events(drive, observed));
  return observed;
}

}  // namespace pregroove::validate
