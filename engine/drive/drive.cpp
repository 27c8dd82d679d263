#include "engine/drive/drive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/drive/reactions.h"
#include "engine/mmc/blank.h"
#include "engine/mmc/buffer.h"
#include "engine/mmc/calibration.h"
#include "engine/mmc/cue_sheet.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/disc_structure.h"
#include "engine/mmc/format.h"
#include "engine/mmc/inquiry.h"
#include "engine/mmc/load.h"
#include "engine/mmc/mode.h"
#include "engine/mmc/performance.h"
#include "engine/mmc/read_write.h"
#include "engine/mmc/reserve.h"
#include "engine/mmc/speed.h"
#include "engine/mmc/status.h"
#include "engine/mmc/track_information.h"
#include "engine/mmc/write_parameters.h"

namespace pregroove::drive {
namespace {

// How long a command may take before the exchange counts as failed (burning.md 4.5: what burners
// allow).
constexpr std::chrono::milliseconds kWriteTimeout{200'000};
constexpr std::chrono::milliseconds kFlushTimeout{3'600'000};  // it may write a lead-out
constexpr std::chrono::milliseconds kLoadTimeout{300'000};
constexpr std::chrono::milliseconds kCloseTimeout{3'600'000};
constexpr std::chrono::milliseconds kBlankTimeout{18'000'000};

constexpr SenseCode kInvalidFieldInCdb{0x5, 0x24, 0x00};
constexpr SenseCode kFormatInProgress{0x2, 0x04, 0x04};
constexpr SenseCode kOperationInProgress{0x2, 0x04, 0x07};
constexpr SenseCode kLongWriteInProgress{0x2, 0x04, 0x08};

struct ErrorMeaning {
  std::uint8_t key;
  std::uint8_t asc;
  ErrorCode code;
  std::string_view message;
  std::string_view advice;
};

// Sense codes that mean more to a user than that a command failed.
constexpr auto kMeanings = std::to_array<ErrorMeaning>({
    {0x2, 0x3A, ErrorCode::kMediumNotPresent, "there is no disc in the drive",
     "Insert a disc and try again."},
    {0x2, 0x30, ErrorCode::kWrongMedium, "the drive cannot use this disc",
     "Insert a disc of a kind that the drive knows, or use another drive."},
    {0x5, 0x20, ErrorCode::kUnsupported, "the drive does not know this command", ""},
    {0x5, 0x21, ErrorCode::kDevice, "the drive refused the address", ""},
    {0x5, 0x53, ErrorCode::kBusy, "the tray is locked",
     "Close the program that uses the disc, then try again."},
    {0x5, 0x64, ErrorCode::kUnsupported, "the drive does not write this disc in this way",
     "If it was blanked in a hurry, burn with --close, or blank the whole disc."},
    {0x5, 0x63, ErrorCode::kNoRoom, "the disc is full", "Use another disc."},
    {0x7, 0x27, ErrorCode::kWrongMedium, "the disc is write protected", "Use another disc."},
    {0x3, 0x73, ErrorCode::kDevice, "the calibration area of the disc is full or unusable",
     "Use another disc."},
    {0x3, 0x0C, ErrorCode::kDevice, "the disc could not be written here",
     "Use another disc, or a lower speed."},
    {0x3, 0x11, ErrorCode::kDevice, "the disc could not be read here",
     "Clean the disc, or read it in another drive."},
});

// The drive cannot do what was asked, and says so of this very command.
bool was_refused(const Error& error) {
  return error.sense && !error.command.empty() &&
         static_cast<scsi::SenseKey>(error.sense->key) == scsi::SenseKey::kIllegalRequest;
}

}  // namespace

Drive::Drive(scsi::Transport& transport, Clock& clock) : transport_(transport), clock_(clock) {}

BlockCount Drive::max_transfer() const {
  constexpr std::size_t kMostBlocksInCdb = 0xFFFF;
  const std::size_t blocks = transport_.max_transfer_bytes() / kBlockSize;
  return {static_cast<std::int64_t>(std::clamp<std::size_t>(blocks, 1, kMostBlocksInCdb))};
}

Error Drive::failure(const mmc::Cdb& cdb, const scsi::Sense& sense) const {
  Error error;
  error.code = ErrorCode::kDevice;
  error.command = mmc::describe(cdb);
  error.sense = sense.code;
  error.lba = sense.information;
  error.message = fmt::format("the drive reports {}", scsi::to_string(sense.code));
  const auto* const meaning = std::ranges::find_if(kMeanings, [&](const auto& row) {
    return row.key == sense.code.key && row.asc == sense.code.asc;
  });
  if (meaning != kMeanings.end()) {
    error.code = meaning->code;
    error.message = fmt::format("{}: {}", meaning->message, scsi::to_string(sense.code));
    error.advice = meaning->advice;
  }
  if (sense.deferred) {
    error.message += " (this belongs to an earlier command, not to the one that was told)";
    error.command.clear();
  }
  return error;
}

// Sends the command once; sense is set when the drive answered CHECK CONDITION.
Result<std::size_t> Drive::run_once(const mmc::Cdb& cdb, const scsi::DataPhase& data,
                                    std::chrono::milliseconds timeout,
                                    std::optional<scsi::Sense>& sense) {
  auto completion = transport_.execute({.cdb = cdb.view(), .data = data, .timeout = timeout});
  if (!completion) {
    Error error = std::move(completion).error();
    error.command = mmc::describe(cdb);
    if (error.advice.empty()) error.advice = "Check the cable and power of the drive.";
    return std::unexpected(std::move(error));
  }
  sense = completion->sense;
  if (completion->status == scsi::ScsiStatus::kBusy)
    sense = scsi::Sense{.code = {0x2, 0x04, 0x07}};  // the same to us: later
  const bool answered = completion->status == scsi::ScsiStatus::kGood || sense.has_value();
  if (!answered) {
    auto wrong = fail(ErrorCode::kProtocol,
                      fmt::format("the drive answered status {:02X}h without saying why",
                                  static_cast<int>(completion->status)));
    wrong.error().command = mmc::describe(cdb);
    return wrong;
  }
  return completion->bytes_transferred;
}

// SPC-4 "progress indication sense-key specific": in the answer that says busy, or in that to
// REQUEST SENSE (mmc.md 2.3). A full buffer (2/04/08) is no operation to be asked about.
void Drive::tell_progress(const scsi::Sense& sense) {
  if (!progress_) return;
  std::optional<std::uint16_t> progress = sense.progress;
  const bool long_operation = sense.code == kFormatInProgress || sense.code == kOperationInProgress;
  if (!progress && long_operation) {
    std::array<std::byte, mmc::kFixedSenseSize> reply{};
    std::optional<scsi::Sense> refused;
    const auto count =
        run_once(mmc::request_sense(), scsi::DataIn{reply}, kDefaultTimeout, refused);
    const auto told = count ? scsi::decode_sense(std::span(reply).first(*count)) : std::nullopt;
    if (told) progress = told->progress;
  }
  constexpr double kWhole = 0x10000;
  if (progress) progress_(*progress / kWhole);
}

void Drive::pause(const mmc::Cdb& cdb, const scsi::Sense& sense, int repetition) {
  constexpr int kFraction = 8;
  Duration pause = pause_before_retry(repetition);
  if (cdb.opcode() == scsi::Opcode::kWrite10 && sense.code == kLongWriteInProgress)
    pause = std::max(pause, repetition == 0 ? room_pause_ : room_pause_ / kFraction);
  clock_.sleep_for(pause);
}

// A buffer empties evenly, so that the next WRITE will have to wait about as long; a little less is
// tried when the first guess was enough. Never so long that the buffer could run empty.
void Drive::learn_pause(Duration waited, int repetitions) {
  constexpr Duration kLongest = std::chrono::seconds(1);
  constexpr int kFraction = 8;
  room_pause_ = std::min(kLongest, repetitions == 1 ? waited - waited / kFraction : waited);
}

Result<std::size_t> Drive::run(const mmc::Cdb& cdb, scsi::DataPhase data,
                               std::chrono::milliseconds timeout, Duration patience) {
  const Duration start = clock_.now();
  int attentions = 0;
  bool started = false;
  put_off_ = false;
  for (int waits = 0;;) {
    std::optional<scsi::Sense> sense;
    PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, run_once(cdb, data, timeout, sense));
    Reaction reaction = sense ? reaction_to(*sense) : Reaction::kAccept;
    // News of an earlier command: this one was not carried out.
    if (sense && sense->deferred && reaction == Reaction::kAccept) reaction = Reaction::kAgain;
    if (reaction == Reaction::kAccept) {
      if (waits > 0 && cdb.opcode() == scsi::Opcode::kWrite10)
        learn_pause(clock_.now() - start, waits);
      return count;
    }
    const bool another_disc =
        reaction == Reaction::kChanged && unit_attention_ == UnitAttention::kReport;
    if (another_disc) {
      Error error = failure(cdb, *sense);
      error.code = ErrorCode::kMediumChanged;
      error.advice = "Leave the disc in the drive until the burn is done; start again.";
      return std::unexpected(std::move(error));
    }
    if (reaction == Reaction::kFail || (sense->deferred && reaction != Reaction::kAgain))
      return std::unexpected(failure(cdb, *sense));
    if (reaction == Reaction::kStart) {
      if (!std::exchange(started, true)) PREGROOVE_RETURN_IF_ERROR(start_unit());
    } else if (reaction != Reaction::kWait) {
      if (++attentions > kMaxUnitAttentions) return std::unexpected(failure(cdb, *sense));
      continue;
    }
    if (cancel_ && cancel_())
      return fail(ErrorCode::kCancelled, "cancelled while the drive was busy",
                  "Try again when you are ready.");
    if (clock_.now() - start > patience) {
      Error error = failure(cdb, *sense);
      error.code = ErrorCode::kTimeout;
      return std::unexpected(std::move(error));
    }
    tell_progress(*sense);
    put_off_ = true;
    pause(cdb, *sense, waits++);
  }
}

// What the drive says to it does not matter: the command that was to be sent is repeated anyway.
Status Drive::start_unit() {
  std::optional<scsi::Sense> ignored;
  PREGROOVE_RETURN_IF_ERROR(
      run_once(mmc::start_stop_unit(mmc::LoadAction::kStart, mmc::Immediate::kNo), scsi::NoData{},
               kLoadTimeout, ignored));
  return {};
}

Status Drive::wait_until_ready() {
  PREGROOVE_RETURN_IF_ERROR(run(mmc::test_unit_ready()));
  return {};
}

// READ DISC INFORMATION is the question that no recorder answers while it closes or blanks; TEST
// UNIT READY may say GOOD meanwhile (mmc.md 2.3).
Status Drive::wait_until_idle(Duration patience) {
  std::array<std::byte, mmc::kDiscInformationSize> reply{};
  PREGROOVE_RETURN_IF_ERROR(
      run(mmc::read_disc_information(), scsi::DataIn{reply}, kDefaultTimeout, patience));
  return {};
}

Result<medium::DriveIdentity> Drive::identify() {
  std::array<std::byte, mmc::kStandardInquirySize> reply{};
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, run(mmc::inquiry(), scsi::DataIn{reply}));
  PREGROOVE_ASSIGN_OR_RETURN(auto data, mmc::decode_inquiry(std::span(reply).first(count)));
  if (!data.is_multi_media())
    return fail(ErrorCode::kUnsupported, "the device is not an optical drive",
                "Name a CD, DVD or BD drive.");
  return medium::DriveIdentity{std::move(data.vendor), std::move(data.product),
                               std::move(data.revision)};
}

Status Drive::read(Lba first, std::span<std::byte> whole_blocks) {
  PREGROOVE_CHECK(whole_blocks.size() % kBlockSize == 0);
  const auto chunk = static_cast<std::size_t>(max_transfer().bytes());
  for (std::size_t at = 0; at < whole_blocks.size(); at += chunk) {
    const auto part = whole_blocks.subspan(at, std::min(chunk, whole_blocks.size() - at));
    const Lba lba = first + blocks_for_bytes(at);
    const mmc::Cdb cdb = mmc::read10(lba, blocks_for_bytes(part.size()));
    PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, run(cdb, scsi::DataIn{part}));
    if (count != part.size()) {
      auto wrong = fail(ErrorCode::kProtocol,
                        fmt::format("the drive sent {} bytes instead of {}", count, part.size()));
      wrong.error().command = mmc::describe(cdb);
      return wrong;
    }
  }
  return {};
}

Status Drive::set_cd_speed(std::optional<double> write_kilobytes_per_second) {
  const double fastest = mmc::kMaximumCdSpeed.kb_per_s;
  const double wanted = std::ceil(write_kilobytes_per_second.value_or(fastest));
  const auto value = static_cast<std::uint16_t>(std::clamp(wanted, 1.0, fastest));
  PREGROOVE_RETURN_IF_ERROR(run(mmc::set_cd_speed(mmc::kMaximumCdSpeed, mmc::CdSpeed{value})));
  return {};
}

Status Drive::set_streaming_speed(std::optional<double> write_kilobytes_per_second, Lba last) {
  mmc::StreamingDescriptor wanted{.restore_default = !write_kilobytes_per_second.has_value()};
  if (write_kilobytes_per_second) {
    constexpr std::uint32_t kOneSecond = 1000;
    constexpr double kMost = 1e9;
    wanted.end = last;
    wanted.read_kb = mmc::kMaximumCdSpeed.kb_per_s;
    wanted.read_ms = kOneSecond;
    wanted.write_kb =
        static_cast<std::uint32_t>(std::clamp(std::ceil(*write_kilobytes_per_second), 1.0, kMost));
    wanted.write_ms = kOneSecond;
  }
  const auto request = mmc::encode_streaming(wanted);
  return send(mmc::set_streaming(), request);
}

namespace {

// burning.md 4.1, row by row.
mmc::WriteParameters parameters_of(medium::WriteType type) {
  mmc::WriteParameters parameters;
  parameters.track_mode = mmc::kTrackModeIncrementalData;
  parameters.data_block_type = mmc::DataBlockType::kMode1;
  switch (type) {
    case medium::WriteType::kSessionAtOnce:  // the cue sheet says what the blocks are
      parameters.write_type = mmc::WriteType::kSessionAtOnce;
      parameters.track_mode = mmc::kTrackModeAudio;
      parameters.data_block_type = mmc::DataBlockType::kRaw2352;
      break;
    case medium::WriteType::kDiscAtOnce:
      parameters.write_type = mmc::WriteType::kSessionAtOnce;
      break;
    case medium::WriteType::kIncremental: {
      constexpr std::uint8_t kLinkSize = 16;  // drives take no other link and packet size on DVD
      parameters.write_type = mmc::WriteType::kPacket;
      parameters.link_size_valid = true;
      parameters.link_size = kLinkSize;
      parameters.fixed_packet = true;
      parameters.packet_size = kLinkSize;
      break;
    }
    case medium::WriteType::kTrackAtOnce:
    case medium::WriteType::kNone:
      parameters.write_type = mmc::WriteType::kTrackAtOnce;
      parameters.track_mode = mmc::kTrackModeData;
      break;
  }
  return parameters;
}

}  // namespace

Status Drive::select_write_type(const WriteSettings& settings) {
  mmc::WriteParameters parameters = parameters_of(settings.type);
  parameters.buffer_underrun_free = settings.buffer_underrun_free;
  parameters.test_write = settings.test_write;
  parameters.multi_session = settings.next_session_allowed ? mmc::MultiSession::kNextSessionAllowed
                                                           : mmc::MultiSession::kNoPointer;
  const auto list = mmc::encode_write_parameters(parameters);
  PREGROOVE_RETURN_IF_ERROR(
      send(mmc::mode_select10(static_cast<std::uint16_t>(list.size())), list));
  return check_write_parameters(parameters);
}

// A page that the drive says it took, and did not, burns with the laser on what was a trial, or
// closes the disc for ever.
Status Drive::check_write_parameters(const mmc::WriteParameters& selected) {
  constexpr std::uint16_t kReplySize = mmc::kWriteParametersListSize;
  std::array<std::byte, kReplySize> reply{};
  const auto count =
      run(mmc::mode_sense10(scsi::ModePage::kWriteParameters, mmc::PageControl::kCurrent,
                            kReplySize, mmc::BlockDescriptors::kDisabled),
          scsi::DataIn{reply});
  if (!count && was_refused(count.error())) return {};
  PREGROOVE_RETURN_IF_ERROR(count);
  const auto told =
      mmc::decode_write_parameters(std::span(reply).first(std::min(*count, reply.size())));
  if (!told) return {};  // what the drive makes of the question is its own affair
  const bool taken = told->write_type == selected.write_type &&
                     told->test_write == selected.test_write &&
                     told->multi_session == selected.multi_session;
  if (taken) return {};
  auto wrong =
      fail(ErrorCode::kProtocol, "the drive says that it took the write parameters, and has others",
           "Switch the drive off and on and try again, or use another recorder.");
  wrong.error().command = "MODE SELECT (10)";
  return wrong;
}

Status Drive::send_cue_sheet(int track, Lba start, BlockCount blocks) {
  const auto cue = mmc::data_session_cue(static_cast<std::uint8_t>(track), start, blocks);
  const auto sheet = mmc::encode_cue_sheet(cue);
  return send(mmc::send_cue_sheet(sheet.size()), sheet);
}

Status Drive::calibrate_power() {
  PREGROOVE_RETURN_IF_ERROR(
      run(mmc::send_opc_information(mmc::DoOpc::kYes), scsi::NoData{}, kWriteTimeout));
  return {};
}

Status Drive::set_layer_break(BlockCount layer_0) {
  return send(mmc::send_layer_boundary(), mmc::encode_layer_boundary(layer_0));
}

Status Drive::reserve_track(BlockCount blocks) {
  PREGROOVE_RETURN_IF_ERROR(run(mmc::reserve_track(blocks), scsi::NoData{}, kWriteTimeout));
  return {};
}

Result<std::uint16_t> Drive::last_track() {
  std::array<std::byte, mmc::kDiscInformationSize> disc{};
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t size,
                             run(mmc::read_disc_information(), scsi::DataIn{disc}));
  PREGROOVE_ASSIGN_OR_RETURN(
      const auto info,
      mmc::decode_disc_information(std::span(disc).first(size), mmc::AddressForm::kLba));
  return info.last_track_in_last_session;
}

namespace {

// A session at once that was cut off takes no WRITE any more, but can be closed. How far it came is
// not told: at least as far as a track that a drive closes. Nor is what is free behind it.
medium::WritableTrack dead_session(const mmc::TrackInformation& track) {
  const BlockCount shortest = medium::traits_of(medium::MediumKind::kCdR).shortest_track;
  return {.number = track.number,
          .start = std::max(track.start, Lba{0}),
          .next_writable = std::max(track.start, Lba{0}) + shortest,
          .damaged = true,
          .at_once = true};
}

}  // namespace

// FFh is for CD: elsewhere drives refuse it (burning.md 3.3), and CD drives that do answer to the
// number of the last track.
Result<std::optional<medium::WritableTrack>> Drive::writable_track(medium::MediumKind kind) {
  std::array<std::byte, mmc::kTrackInformationSize> reply{};
  Result<std::size_t> count = std::size_t{0};
  if (medium::is_cd(kind))
    count = run(mmc::read_invisible_track_information(), scsi::DataIn{reply});
  if (!medium::is_cd(kind) || (!count && was_refused(count.error()))) {
    PREGROOVE_ASSIGN_OR_RETURN(const std::uint16_t last, last_track());
    count = run(mmc::read_track_information(last), scsi::DataIn{reply});
  }
  if (!count && was_refused(count.error())) return std::nullopt;
  PREGROOVE_RETURN_IF_ERROR(count);
  PREGROOVE_ASSIGN_OR_RETURN(const auto track,
                             mmc::decode_track_information(std::span(reply).first(*count)));
  if (!track.next_writable && medium::is_cd(kind) && track.damage) return dead_session(track);
  if (!track.next_writable) return std::nullopt;
  // Some drives give the start of the pregap of a blank disc (PIONEER BDR-205, LITE-ON LTR-48125S).
  return medium::WritableTrack{.number = track.number,
                               .start = std::max(track.start, Lba{0}),
                               .next_writable = std::max(*track.next_writable, Lba{0}),
                               .free = track.free,
                               .damaged = track.damage};
}

Result<Lba> Drive::next_writable(medium::MediumKind kind) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto track, writable_track(kind));
  if (!track)
    return fail(ErrorCode::kWrongMedium, "the drive offers no next writable address",
                "Insert a blank or appendable disc.");
  return track->next_writable;
}

Result<std::optional<BlockCount>> Drive::recorded_blocks(int track) {
  std::array<std::byte, mmc::kTrackInformationSize> reply{};
  const auto count =
      run(mmc::read_track_information(static_cast<std::uint16_t>(track)), scsi::DataIn{reply});
  if (!count && was_refused(count.error())) return std::nullopt;
  PREGROOVE_RETURN_IF_ERROR(count);
  PREGROOVE_ASSIGN_OR_RETURN(const auto told,
                             mmc::decode_track_information(std::span(reply).first(*count)));
  if (!told.next_writable) return told.size;
  // Some drives count from where the pregap of a blank disc begins.
  return std::max(*told.next_writable, Lba{0}) - std::max(told.start, Lba{0});
}

Status Drive::send(const mmc::Cdb& cdb, std::span<const std::byte> data,
                   std::chrono::milliseconds timeout) {
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, run(cdb, scsi::DataOut{data}, timeout));
  if (count == data.size()) return {};
  auto wrong = fail(ErrorCode::kProtocol,
                    fmt::format("the drive took {} bytes instead of {}", count, data.size()));
  wrong.error().command = mmc::describe(cdb);
  return wrong;
}

Status Drive::write(Lba first, std::span<const std::byte> whole_blocks) {
  PREGROOVE_CHECK(whole_blocks.size() % kBlockSize == 0);
  const BlockCount blocks = blocks_for_bytes(whole_blocks.size());
  PREGROOVE_CHECK(blocks <= max_transfer());
  return send(mmc::write10(first, blocks), whole_blocks, kWriteTimeout);
}

// Not immediate: the answer is then the drive's last word about everything that was buffered.
Status Drive::synchronize_cache() {
  PREGROOVE_RETURN_IF_ERROR(
      run(mmc::synchronize_cache(mmc::Immediate::kNo), scsi::NoData{}, kFlushTimeout));
  return wait_until_idle();
}

// A drive may say that it is busy and close all the same (awkward ones answer 2/04/08). The answer
// to a repetition is then GOOD, or that the disc takes no command any more; one that is busy with
// each repetition has carried out the first. What it did is looked at afterwards.
Status Drive::close(mmc::CloseFunction function, std::uint16_t track) {
  constexpr Duration kAskOnce{-1};
  constexpr int kMostRepetitions = 2;
  const auto send_close = [&](mmc::Immediate immediate) {
    return run(mmc::close_track_session(function, track, immediate), scsi::NoData{}, kCloseTimeout,
               kAskOnce);
  };
  const Duration start = clock_.now();
  int carried_out = 0;
  for (int repetition = 0;; ++repetition) {
    auto started = send_close(mmc::Immediate::kYes);
    if (!started && started.error().sense == kInvalidFieldInCdb)
      started = send_close(mmc::Immediate::kNo);
    const bool was_done =
        !started && repetition > 0 && started.error().sense &&
        static_cast<scsi::SenseKey>(started.error().sense->key) == scsi::SenseKey::kDataProtect;
    if (started || was_done) return wait_until_idle();
    const bool busy = started.error().code == ErrorCode::kTimeout && started.error().sense;
    if (!busy || clock_.now() - start > kBusyPatience) return std::unexpected(started.error());
    clock_.sleep_for(pause_before_retry(repetition));
    PREGROOVE_RETURN_IF_ERROR(wait_until_idle());
    if (put_off_ && ++carried_out == kMostRepetitions) return {};
  }
}

Status Drive::close_track(int number) {
  return close(mmc::CloseFunction::kTrack, static_cast<std::uint16_t>(number));
}

Status Drive::close_last_track() {
  PREGROOVE_ASSIGN_OR_RETURN(const std::uint16_t last, last_track());
  return close_track(last);
}

Status Drive::close_session(bool finalize) {
  return close(finalize ? mmc::CloseFunction::kFinalize : mmc::CloseFunction::kSession, 0);
}

Result<std::optional<BufferFill>> Drive::buffer_fill() {
  std::array<std::byte, mmc::kBufferCapacityReplySize> reply{};
  auto count = run(mmc::read_buffer_capacity(), scsi::DataIn{reply});
  if (!count && was_refused(count.error())) return std::nullopt;
  PREGROOVE_RETURN_IF_ERROR(count);
  const auto capacity = mmc::decode_buffer_capacity(std::span(reply).first(*count));
  if (!capacity) return std::nullopt;
  return BufferFill{capacity->total, capacity->total - capacity->available};
}

namespace {

constexpr std::uint16_t kMostCapacities = 256;  // bytes of the reply

Result<mmc::FormatDescriptor> choose_format(const mmc::FormatCapacities& capacities) {
  const auto full =
      std::ranges::find(capacities.possible, mmc::FormatType::kFull, &mmc::FormatDescriptor::type);
  if (full != capacities.possible.end()) return *full;
  return fail(ErrorCode::kUnsupported, "the drive offers no way to format this disc",
              "Use another recorder, or a disc that is formatted already.");
}

Result<mmc::FormatCapacities> read_capacities(Drive& drive) {
  std::array<std::byte, kMostCapacities> reply{};
  PREGROOVE_ASSIGN_OR_RETURN(
      const std::size_t count,
      drive.run(mmc::read_format_capacities(kMostCapacities), scsi::DataIn{reply}));
  return mmc::decode_format_capacities(std::span(reply).first(std::min(count, reply.size())));
}

}  // namespace

Result<std::vector<medium::FormatOffer>> Drive::format_offers() {
  PREGROOVE_ASSIGN_OR_RETURN(const auto capacities, read_capacities(*this));
  std::vector<medium::FormatOffer> offers;
  for (const mmc::FormatDescriptor& possible : capacities.possible)
    offers.push_back({.type = static_cast<medium::FormatType>(possible.type),
                      .sub_type = possible.sub_type,
                      .blocks = BlockCount{possible.blocks},
                      .parameter = possible.type_dependent});
  return offers;
}

Status Drive::begin_format(const mmc::FormatDescriptor& descriptor,
                           mmc::Certification certification) {
  return send(mmc::format_unit(),
              mmc::encode_format(descriptor, mmc::Immediate::kYes, certification), kCloseTimeout);
}

Status Drive::begin_format(const medium::FormatOffer& offer, bool certify) {
  return begin_format({.blocks = static_cast<std::uint32_t>(offer.blocks.value),
                       .type = static_cast<mmc::FormatType>(offer.type),
                       .sub_type = offer.sub_type,
                       .type_dependent = offer.parameter},
                      certify ? mmc::Certification::kByType : mmc::Certification::kDisabled);
}

Status Drive::wait_until_ended() {
  PREGROOVE_RETURN_IF_ERROR(wait_until_idle(kFormatPatience));
  return wait_until_ready();
}

Status Drive::format(medium::MediumKind kind, bool resume) {
  mmc::FormatDescriptor wanted{.blocks = mmc::kAllBlocks,
                               .type = mmc::FormatType::kDvdPlusRw,
                               .type_dependent = resume ? 1U : 0U};
  if (kind != medium::MediumKind::kDvdPlusRw) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto capacities, read_capacities(*this));
    PREGROOVE_ASSIGN_OR_RETURN(wanted, choose_format(capacities));
  }
  PREGROOVE_RETURN_IF_ERROR(begin_format(wanted, mmc::Certification::kByType));
  return wait_until_ended();
}

// Without Immed where the drive does not know it.
Status Drive::begin_blank(bool whole_disc) {
  const auto type = whole_disc ? mmc::BlankType::kDisc : mmc::BlankType::kMinimal;
  auto begun = run(mmc::blank(type, mmc::Immediate::kYes), scsi::NoData{}, kLoadTimeout);
  if (!begun && begun.error().sense == kInvalidFieldInCdb)
    begun = run(mmc::blank(type, mmc::Immediate::kNo), scsi::NoData{}, kBlankTimeout);
  PREGROOVE_RETURN_IF_ERROR(begun);
  return {};
}

Status Drive::blank(bool whole_disc) {
  PREGROOVE_RETURN_IF_ERROR(begin_blank(whole_disc));
  return wait_until_ended();
}

Status Drive::prevent_removal(bool prevent) {
  PREGROOVE_RETURN_IF_ERROR(run(
      mmc::prevent_allow_medium_removal(prevent ? mmc::Prevent::kPrevent : mmc::Prevent::kAllow)));
  return {};
}

Status Drive::eject() {
  PREGROOVE_RETURN_IF_ERROR(run(mmc::start_stop_unit(mmc::LoadAction::kEject, mmc::Immediate::kNo),
                                scsi::NoData{}, kLoadTimeout));
  return {};
}

}  // namespace pregroove::drive
