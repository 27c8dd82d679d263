// The oddities that answers show: of what the drive says of itself and of the disc, and of rows
// that it answers otherwise than the model.
#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/cli/capture/evidence.h"
#include "engine/mmc/capacity.h"
#include "engine/mmc/format.h"
#include "engine/mmc/performance.h"
#include "engine/mmc/toc.h"
#include "engine/mmc/track_information.h"
#include "simdrive/profiles/schema.h"

namespace pregroove::cli {
namespace {

using simdrive::MediumFamily;
using simdrive::MediumKind;
using simdrive::profiles::Personality;
using simdrive::profiles::Quirks;
using simdrive::profiles::SenseAnswers;
using validate::Probe;
using validate::PutRow;
using validate::Validation;

constexpr SenseCode kUnknownCommand{5, 0x20, 0x00};
constexpr SenseCode kBadField{5, 0x24, 0x00};

template <typename Decoded>
std::optional<Decoded> decoded(const std::vector<std::byte>* reply,
                               Result<Decoded> (*decode)(std::span<const std::byte>)) {
  if (reply == nullptr) return std::nullopt;
  auto value = decode(*reply);
  if (!value) return std::nullopt;
  return *std::move(value);
}

std::optional<mmc::TrackInformation> track(const Evidence& drive, Probe probe) {
  return decoded(drive.data(probe), mmc::decode_track_information);
}

std::optional<mmc::FormattedToc> table_of_contents(const Evidence& drive) {
  const auto* const reply = drive.data(Probe::kToc);
  if (reply == nullptr) return std::nullopt;
  auto toc = mmc::decode_formatted_toc(*reply, mmc::TimeForm::kLba);
  if (!toc) return std::nullopt;
  return *std::move(toc);
}

std::uint32_t number(const std::vector<std::byte>* reply, std::size_t offset) {
  return reply == nullptr ? 0 : read_struct<Be32>(*reply, offset).value_or(Be32{}).value();
}

// --- Before the drive was ready --------------------------------------------------------------

void read_greeting(const Evidence& drive, Quirks& quirks) {
  constexpr std::uint32_t kMostAttentions = 5;
  constexpr std::uint8_t kNotReady = 2;
  const validate::Greeting& said = drive.validation.observed.greeting;
  // Attentions that somebody else took, the operating system mostly, are not there for a program.
  quirks.power_on_attention = said.power_on_reported;
  if (!said.without_medium || said.medium_changes_reported > 0)
    quirks.medium_change_attentions =
        std::min(static_cast<std::uint32_t>(said.medium_changes_reported), kMostAttentions);
  quirks.get_configuration_attention = said.get_configuration_reported;
  if (said.becoming_ready) quirks.sense.spinning_up = *said.becoming_ready;
  if (!said.without_medium || said.without_medium->key != kNotReady) return;
  const bool open = drive.validation.situation.state == "tray-open";
  // 2/3A/00 without events to ask about does not tell an open tray from an empty one.
  const bool unsaid = said.without_medium->ascq == 0 && drive.data(Probe::kMediaEvent) == nullptr;
  if (open || unsaid) quirks.sense.tray_open = *said.without_medium;
  if (!open || unsaid) quirks.sense.tray_closed_empty = *said.without_medium;
}

// --- What the drive says of the disc ---------------------------------------------------------

void read_disc(const Evidence& drive, Quirks& quirks) {
  constexpr std::uint32_t kMostEntries = 8;
  if (!drive.kind || !drive.disc) return;
  quirks.opc_entries = std::min(static_cast<std::uint32_t>(drive.disc->opc.size()), kMostEntries);
  if (!simdrive::is_pressed(*drive.kind) && drive.configuration) {
    using scsi::Profile;
    const Profile profile = drive.configuration->current_profile;
    if (profile == Profile::kCdRom || profile == Profile::kDvdRom || profile == Profile::kBdRom)
      quirks.complete_disc_profile = simdrive::profiles::CompleteDiscProfile::kRom;
  }
  const auto format = decoded(drive.data(Probe::kFormatCapacities), mmc::decode_format_capacities);
  if (format && format->state != mmc::CapacityState::kUnknown && format->blocks.value == 0)
    quirks.current_format_capacity_zero = true;
}

void read_tracks(const Evidence& drive, Quirks& quirks) {
  if (!drive.disc) return;
  const auto invisible = track(drive, Probe::kInvisibleTrack);
  const bool blank = drive.disc->status == mmc::DiscStatus::kBlank;
  if (drive.holds(MediumFamily::kCd) && blank && invisible && invisible->next_writable &&
      *invisible->next_writable == Lba{0} - BlockCount{kPregapFrames})
    quirks.blank_nwa_minus_150 = true;
  const auto last = track(drive, Probe::kLastTrack);
  if (drive.holds(MediumFamily::kDvd) && drive.refused(Probe::kInvisibleTrack, kBadField) && last &&
      (blank || last->next_writable))
    quirks.track_ff_on_dvd = simdrive::profiles::TrackFf::kRefused;
}

void read_tables(const Evidence& drive, Quirks& quirks) {
  constexpr std::int64_t kRunOut = 2;
  constexpr std::uint16_t kTwoSessions = 2;
  const auto toc = table_of_contents(drive);
  if (!toc) return;
  if (drive.holds(MediumFamily::kCd)) {
    if (drive.refused(Probe::kCdText, kBadField))
      quirks.cd_text_absent = simdrive::profiles::CdTextAbsent::kRefused;
    const auto capacity = decoded(drive.data(Probe::kCapacity), mmc::decode_capacity);
    if (capacity && toc->lead_out &&
        toc->lead_out->value - (std::int64_t{capacity->last_lba.value} + 1) == kRunOut)
      quirks.read_capacity_includes_run_out = false;
  }
  if (drive.holds(MediumFamily::kDvd) && drive.disc &&
      drive.disc->complete_sessions() > kTwoSessions && toc->last_track == kTwoSessions)
    quirks.dvd_toc = simdrive::profiles::DvdToc::kTwoSessions;
}

void read_currents(const Evidence& drive, Quirks& quirks) {
  if (!drive.kind || !drive.configuration || !drive.disc) return;
  if (drive.feature(0x0010) != nullptr && !drive.current(0x0010))
    quirks.random_readable_only_when_readable = true;
  if (drive.holds(MediumFamily::kCd) && drive.disc->status == mmc::DiscStatus::kAppendable &&
      drive.current(0x002E))
    quirks.mastering_current_on_appendable = true;
  if (drive.configuration->current_profile == scsi::Profile::kDvdRwRestrictedOverwrite &&
      !drive.current(0x0020))
    quirks.dvd_rw_random_writable = false;
  const bool minimally = drive.validation.situation.state == "minimally-blanked";
  if (minimally && drive.current(0x0021))
    quirks.minimal_blank = simdrive::profiles::MinimalBlank::kDaoOnlyUnsaid;
}

// --- Speed and buffer ------------------------------------------------------------------------

std::vector<std::uint32_t> told_write_speeds(const Evidence& drive) {
  std::vector<std::uint32_t> speeds;
  if (const auto* reply = drive.data(Probe::kWriteSpeeds))
    if (const auto told = mmc::decode_write_speeds(*reply))
      for (const mmc::WriteSpeed& speed : *told) speeds.push_back(speed.write_kb_per_s);
  return speeds;
}

void read_page_2a(const Evidence& drive, Quirks& quirks) {
  using simdrive::profiles::Page2aSpeeds;
  if (!drive.capabilities) return;
  const mmc::Capabilities& page = *drive.capabilities;
  const auto told = told_write_speeds(drive);
  std::vector<std::uint32_t> listed;
  for (const mmc::CapabilityWriteSpeed& speed : page.write_speeds) listed.push_back(speed.kb_per_s);
  if (listed.empty()) {
    if (!told.empty()) quirks.page_2a_speeds = Page2aSpeeds::kZeros;
  } else if (page.current_write_kb_per_s.value_or(0) == 0 &&
             page.current_read_kb_per_s.value_or(0) == 0) {
    quirks.page_2a_speeds = Page2aSpeeds::kNoCurrent;
  } else if (drive.kind && drive.kind != MediumKind::kCdR && !told.empty() &&
             !std::ranges::equal(listed,
                                 std::span(told).first(std::min(told.size(), listed.size())))) {
    quirks.page_2a_speeds = Page2aSpeeds::kCdSpeeds;
  }
}

void read_speed_and_buffer(const Evidence& drive, Quirks& quirks) {
  constexpr std::uint32_t kOneDescriptor = 20;  // with the rest of the header
  constexpr std::size_t kTotalOffset = 4;
  constexpr std::size_t kFreeOffset = 8;
  read_page_2a(drive, quirks);
  const auto* const whole = drive.data(Probe::kReadPerformance);
  const auto* const header = drive.data(Probe::kPerformanceHeader);
  if (number(header, 0) == kOneDescriptor && number(whole, 0) > kOneDescriptor)
    quirks.get_performance_first_claims_one = true;
  const auto* const buffer = drive.data(Probe::kBufferCapacity);
  if (number(buffer, kFreeOffset) > number(buffer, kTotalOffset))
    quirks.buffer_capacity = simdrive::profiles::BufferCapacity::kGarbage;
}

// --- Mode parameters -------------------------------------------------------------------------

void read_mode_pages(const Evidence& evidence, Personality& drive) {
  constexpr std::size_t kDescriptorLength = 7;
  constexpr std::uint8_t kUnderrunProtection = 0x40;
  constexpr std::uint8_t kLinkSizeValid = 0x20;
  constexpr std::size_t kFlagsByte = 2;
  constexpr std::size_t kLinkSizeByte = 5;
  constexpr std::uint32_t kShortest = 50;
  constexpr std::uint32_t kLongest = 54;
  const auto* const reply = evidence.data(Probe::kDefaultWriteParameters);
  if (reply == nullptr) return;
  drive.quirks.mode_sense_block_descriptor = octet(*reply, kDescriptorLength) != 0;
  const auto page = mmc::find_mode_page(*reply, scsi::ModePage::kWriteParameters);
  if (!page) return;
  const std::uint8_t flags = octet(*page, kFlagsByte);
  if (!drive.features.buffer_underrun_protection.empty())
    drive.quirks.default_bufe = (flags & kUnderrunProtection) != 0;
  drive.quirks.default_link_size_valid = (flags & kLinkSizeValid) != 0;
  if (drive.quirks.default_link_size_valid)
    drive.features.cd_link_size = octet(*page, kLinkSizeByte);
  drive.features.write_parameters_length =
      std::clamp(std::uint32_t{octet(*page, 1)}, kShortest, kLongest);
}

// --- Rows ------------------------------------------------------------------------------------

// A sense code that the model gives in a situation, and where the drive's own goes.
struct SenseRow {
  SenseCode model;
  std::string_view state;  // of the rows; empty: any
  SenseCode SenseAnswers::*answer;
};
constexpr auto kReadAnswers = std::to_array<SenseRow>({
    {{5, 0x21, 0x00}, "blank", &SenseAnswers::read_blank_disc},
    {{3, 0x11, 0x05}, "", &SenseAnswers::read_unwritten},
    {{5, 0x64, 0x00}, "appendable", &SenseAnswers::read_run_out},
});
// The sense keys that a personality may have there: of a failure.
constexpr bool is_failure(const SenseCode& code) {
  return code.key == 3 || code.key == 5 || code.key == 7 || code.key == 8;
}

constexpr std::uint8_t kRead10 = 0x28;
constexpr std::uint8_t kReadDiscStructure = 0xAD;

std::uint8_t opcode_of(const PutRow& put) { return octet(put.row->cdb, 0); }

void read_answer_to_read(const PutRow& put, SenseAnswers& answers) {
  if (opcode_of(put) != kRead10 || !put.answer.failure || !is_failure(*put.answer.failure)) return;
  for (const SenseRow& row : kReadAnswers)
    if (put.row->sense == row.model && (row.state.empty() || put.row->state == row.state))
      answers.*row.answer = *put.answer.failure;
}

// --- Rows that write -------------------------------------------------------------------------

// Answers of the model to what is refused, and where the drive's own go. Some codes stand for
// several reasons: then the operation code and the state tell which.
struct RefusalRow {
  std::uint8_t opcode;
  std::string_view state;  // empty: any
  SenseCode model;
  SenseCode SenseAnswers::*answer;
};
constexpr auto kRefusals = std::to_array<RefusalRow>({
    {0x04, "", {5, 0x30, 0x06}, &SenseAnswers::format_type_of_another_medium},
    {0x2A, "finalised", {5, 0x30, 0x05}, &SenseAnswers::write_to_finalised},
    {0x2A, "unformatted", {5, 0x30, 0x10}, &SenseAnswers::write_to_unformatted},
    {0x2A, "", {5, 0x63, 0x00}, &SenseAnswers::write_beyond_track},
    {0xA1, "blank", {5, 0x30, 0x06}, &SenseAnswers::blank_write_once},
    {0xA1, "", {5, 0x24, 0x00}, &SenseAnswers::blank_type_unsupported},
});

constexpr std::uint8_t kSendOpc = 0x54;
constexpr std::uint8_t kCloseTrackSession = 0x5B;

void read_refusal(const PutRow& put, SenseAnswers& answers) {
  if (put.row->expects_good() || !put.answer.failure || !is_failure(*put.answer.failure)) return;
  for (const RefusalRow& row : kRefusals)
    if (row.opcode == opcode_of(put) && row.model == put.row->sense &&
        (row.state.empty() || row.state == put.row->state))
      answers.*row.answer = *put.answer.failure;
}

// What the model does, and the drive does not, or not yet.
void read_failed_deed(const PutRow& put, SenseAnswers& answers) {
  if (!put.row->expects_good() || !put.answer.failure) return;
  if (opcode_of(put) == kSendOpc && is_failure(*put.answer.failure))
    answers.opc = *put.answer.failure;
  if (opcode_of(put) == kCloseTrackSession && put.answer.is_busy())
    answers.close_answers_early = *put.answer.failure;
}

// Mode page 05h behind its header: byte 2 begins with the write type.
bool selects_session_at_once(const PutRow& put) {
  constexpr std::uint8_t kModeSelect = 0x55;
  constexpr std::size_t kWriteTypeByte = 10;
  constexpr std::uint8_t kSessionAtOnce = 2;
  return opcode_of(put) == kModeSelect &&
         (octet(put.row->out, kWriteTypeByte) & 0x0FU) == kSessionAtOnce;
}

void read_permission(const PutRow& put, Quirks& quirks) {
  constexpr std::uint8_t kWrite10 = 0x2A;
  if (put.row->expects_good() || !put.answer.good()) return;
  if (put.row->state == "appendable" && selects_session_at_once(put))
    quirks.sao_on_appendable = simdrive::profiles::SaoOnAppendable::kRefusedAtCueSheet;
  constexpr SenseCode kUnaligned{5, 0x21, 0x02};
  const bool overwritten = put.row->state == "formatted" && put.row->medium == "dvd-rw";
  if (opcode_of(put) == kWrite10 && put.row->sense == kUnaligned && overwritten)
    quirks.unaligned_write_dvd_rw = simdrive::profiles::UnalignedWrite::kReadModifyWrite;
}

// Where the disc got to, and what the drive said of it there.
void read_stop(const Validation& run, const validate::StopVisited& stop, Quirks& quirks) {
  if (!stop.not_reached.empty()) return;
  Validation there;
  there.observed = stop.observed;
  there.situation = stop.situation;
  there.drive = run.drive;
  const Evidence evidence(there);
  read_disc(evidence, quirks);
  // In restricted overwrite there is no track that continues.
  const bool sessions = evidence.kind != MediumKind::kDvdRw ||
                        (evidence.configuration && evidence.configuration->current_profile !=
                                                       scsi::Profile::kDvdRwRestrictedOverwrite);
  if (sessions) read_tracks(evidence, quirks);
  read_tables(evidence, quirks);
  there.situation.state = stop.state;
  read_currents(evidence, quirks);
  if (stop.state == "open-session" && evidence.holds(MediumFamily::kCd) &&
      stop.situation.state == "open-track")
    quirks.synchronize_closes_tao_track = false;
}

void read_refused_structure(const PutRow& put, Quirks& quirks) {
  constexpr std::size_t kFormatByte = 7;
  if (opcode_of(put) != kReadDiscStructure || !put.row->expects_good() ||
      put.answer.failure != kBadField)
    return;
  const std::uint8_t format = octet(put.row->cdb, kFormatByte);
  if (std::ranges::find(quirks.refused_disc_structures, format) ==
      quirks.refused_disc_structures.end())
    quirks.refused_disc_structures.push_back(format);
}

// A command that a drive with these features would have.
bool is_missing(const Personality& drive, std::uint8_t opcode) {
  constexpr std::uint8_t kGetEventStatus = 0x4A;
  constexpr std::uint8_t kReportKey = 0xA4;
  constexpr std::uint8_t kGetPerformance = 0xAC;
  using simdrive::profiles::kIndispensableCommands;
  if (std::ranges::find(kIndispensableCommands, opcode) != kIndispensableCommands.end())
    return false;
  if (opcode == kGetEventStatus) return !drive.features.event_classes.empty();
  if (opcode == kReportKey) return drive.reads(MediumFamily::kDvd);
  if (opcode == kGetPerformance) return drive.features.real_time_streaming;
  return true;
}

struct ProbeCommand {
  Probe probe;
  std::uint8_t opcode;
};
constexpr auto kProbeCommands = std::to_array<ProbeCommand>({
    {Probe::kConfiguration, 0x46},
    {Probe::kCapabilities, 0x5A},
    {Probe::kDiscInformation, 0x51},
    {Probe::kFirstTrack, 0x52},
    {Probe::kToc, 0x43},
    {Probe::kDvdStructure, 0xAD},
    {Probe::kFormatCapacities, 0x23},
    {Probe::kCapacity, 0x25},
    {Probe::kBufferCapacity, 0x5C},
});

void read_missing_commands(const Evidence& evidence, Personality& drive) {
  std::vector<std::uint8_t> missing;
  for (const ProbeCommand& command : kProbeCommands)
    if (evidence.refused(command.probe, kUnknownCommand)) missing.push_back(command.opcode);
  for (const PutRow& put : evidence.validation.rows)
    if (put.answer.failure == kUnknownCommand && put.row->sense != kUnknownCommand)
      missing.push_back(opcode_of(put));
  std::erase_if(missing, [&](std::uint8_t opcode) { return !is_missing(drive, opcode); });
  std::ranges::sort(missing);
  const auto repeated = std::ranges::unique(missing);
  missing.erase(repeated.begin(), repeated.end());
  drive.quirks.unsupported_commands = std::move(missing);
}

}  // namespace

void read_quirks(const Evidence& evidence, Personality& drive) {
  read_greeting(evidence, drive.quirks);
  read_disc(evidence, drive.quirks);
  read_tracks(evidence, drive.quirks);
  read_tables(evidence, drive.quirks);
  read_currents(evidence, drive.quirks);
  read_speed_and_buffer(evidence, drive.quirks);
  read_mode_pages(evidence, drive);
  for (const PutRow& put : evidence.validation.rows) {
    read_answer_to_read(put, drive.quirks.sense);
    read_refused_structure(put, drive.quirks);
    read_refusal(put, drive.quirks.sense);
    read_failed_deed(put, drive.quirks.sense);
    read_permission(put, drive.quirks);
  }
  if (evidence.validation.written)
    for (const validate::StopVisited& stop : evidence.validation.written->stops)
      read_stop(evidence.validation, stop, drive.quirks);
  read_missing_commands(evidence, drive);
}

}  // namespace pregroove::cli
