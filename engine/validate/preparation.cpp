#include "engine/validate/preparation.h"

#include <algorithm>

#include "engine/mmc/blank.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/format.h"
#include "engine/mmc/read_write.h"
#include "engine/mmc/reserve.h"
#include "engine/mmc/track_information.h"

namespace pregroove::validate {
namespace {

using mmc::Immediate;

constexpr SenseCode kUnusable{0, 0, 0};
constexpr std::uint16_t kCapacitiesRoom = 252;
constexpr std::uint8_t kDvdLinkSize = 16;
constexpr std::uint8_t kCdLinkSize = 7;
// What a drive takes to write a whole disc, twice.
constexpr Duration kLongest = std::chrono::hours(4);

Refusal refusal_of(std::span<const std::byte> cdb, const Answer& answer) {
  return {.command = mmc::describe_cdb(cdb), .code = answer.failure.value_or(kUnusable)};
}

// The page of the reply behind a header of zeros; the bit that says it can be saved is no
// parameter.
std::vector<std::byte> default_list(const Observations& observed) {
  constexpr std::byte kPageCode{0x3F};
  const auto* const reply = observed.data(Probe::kDefaultWriteParameters);
  if (reply == nullptr) return {};
  const auto page = mmc::find_mode_page(*reply, scsi::ModePage::kWriteParameters);
  if (!page || page->size() != std::to_integer<std::size_t>((*page)[1]) + 2) return {};
  std::vector<std::byte> list(mmc::kModeHeaderSize);
  list.insert(list.end(), page->begin(), page->end());
  list[mmc::kModeHeaderSize] &= kPageCode;
  return list;
}

bool is_audio(mmc::DataBlockType type) { return type < mmc::DataBlockType::kMode1; }

std::vector<std::byte> list_of(const SelectWriting& step, medium::MediumKind kind,
                               bool underrun_protection) {
  const bool packets = step.type == mmc::WriteType::kPacket;
  mmc::WriteParameters page{.write_type = step.type,
                            .buffer_underrun_free = underrun_protection,
                            .link_size_valid = packets,
                            .test_write = step.test_write,
                            .multi_session = step.sessions,
                            .fixed_packet = packets && step.packet_size > 0,
                            .data_block_type = step.block_type,
                            .packet_size = step.packet_size};
  if (!is_audio(step.block_type)) page.track_mode = mmc::kTrackModeData;
  if (packets || !medium::is_cd(kind)) page.track_mode = mmc::kTrackModeIncrementalData;
  if (packets || !medium::is_cd(kind))
    page.link_size = medium::is_cd(kind) ? kCdLinkSize : kDvdLinkSize;
  const auto list = mmc::encode_write_parameters(page);
  return {list.begin(), list.end()};
}

// Blocks that can be told apart.
std::vector<std::byte> blocks_from(std::int64_t first, std::int64_t count) {
  std::vector<std::byte> data(static_cast<std::size_t>(BlockCount{count}.bytes()));
  for (std::int64_t i = 0; i < count; ++i)
    write_struct(std::span(data), static_cast<std::size_t>(BlockCount{i}.bytes()),
                 Be32(static_cast<std::uint32_t>(first + i)));
  return data;
}

Result<std::optional<mmc::TrackInformation>> track_of(Conversation& drive, const mmc::Cdb& cdb) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto answer,
                             drive.ask(cdb.view(), mmc::kTrackInformationSize, {}, kLongest));
  if (!answer.good()) return std::nullopt;
  const auto track = mmc::decode_track_information(answer.data);
  if (!track) return std::nullopt;
  return *track;
}

Result<std::optional<mmc::DiscInformation>> disc_of(Conversation& drive) {
  const mmc::Cdb cdb = mmc::read_disc_information();
  PREGROOVE_ASSIGN_OR_RETURN(const auto answer,
                             drive.ask(cdb.view(), mmc::kDiscInformationSize, {}, kLongest));
  if (!answer.good()) return std::nullopt;
  const auto disc = mmc::decode_disc_information(answer.data, mmc::AddressForm::kLba);
  if (!disc) return std::nullopt;
  return *disc;
}

// The incomplete track, of a CD the invisible one.
Result<std::optional<mmc::TrackInformation>> track_to_write(Conversation& drive,
                                                            medium::MediumKind kind) {
  if (medium::is_cd(kind)) return track_of(drive, mmc::read_invisible_track_information());
  PREGROOVE_ASSIGN_OR_RETURN(const auto disc, disc_of(drive));
  if (!disc) return std::nullopt;
  return track_of(drive, mmc::read_track_information(disc->last_track_in_last_session));
}

}  // namespace

Preparation::Preparation(Conversation& drive, Clock& clock, medium::MediumKind kind,
                         const Observations& observed)
    : drive_(drive), clock_(clock), kind_(kind), defaults_(default_list(observed)) {}

Preparation::Outcome Preparation::carry_out(const Step& step) {
  return std::visit([this](const auto& one) { return do_step(one); }, step);
}

Preparation::Outcome Preparation::send(std::span<const std::byte> cdb,
                                       std::span<const std::byte> out) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto answer, drive_.begin(cdb, 0, out));
  PREGROOVE_RETURN_IF_ERROR(settle());
  if (answer.good() || answer.is_busy()) return std::nullopt;
  return refusal_of(cdb, answer);
}

Status Preparation::settle() { return drive_.settle(kLongest); }

Preparation::Outcome Preparation::select(const std::vector<std::byte>& list) {
  const mmc::Cdb cdb = mmc::mode_select10(static_cast<std::uint16_t>(list.size()));
  PREGROOVE_ASSIGN_OR_RETURN(const auto answer, drive_.ask(cdb.view(), 0, list));
  if (!answer.good()) return refusal_of(cdb.view(), answer);
  selected_ = list;
  return std::nullopt;
}

Status Preparation::select_again() {
  if (selected_.empty()) return select_defaults();
  const auto list = selected_;
  PREGROOVE_ASSIGN_OR_RETURN(const auto refused, select(list));
  static_cast<void>(refused);  // it was taken before; the rows that follow will tell
  return {};
}

// A drive that refuses what it says itself keeps what it has (README.md of simdrive/profiles).
Status Preparation::select_defaults() {
  if (defaults_.empty()) return {};
  PREGROOVE_ASSIGN_OR_RETURN(const auto refused, select(defaults_));
  static_cast<void>(refused);
  return {};
}

Status Preparation::flush() {
  PREGROOVE_ASSIGN_OR_RETURN(const auto refused, do_step(Flush{}));
  static_cast<void>(refused);  // nothing was pending
  return {};
}

Preparation::Outcome Preparation::do_step(const SelectDefaults&) {
  PREGROOVE_RETURN_IF_ERROR(select_defaults());
  return std::nullopt;
}

Preparation::Outcome Preparation::do_step(const SelectWriting& step) {
  PREGROOVE_ASSIGN_OR_RETURN(auto refused, select(list_of(step, kind_, underrun_protection_)));
  if (!refused || !underrun_protection_) return refused;
  PREGROOVE_ASSIGN_OR_RETURN(refused, select(list_of(step, kind_, false)));
  if (!refused) underrun_protection_ = false;
  return refused;
}

Preparation::Outcome Preparation::do_step(const EraseDisc& step) {
  const auto type = step.whole_disc ? mmc::BlankType::kDisc : mmc::BlankType::kMinimal;
  return send(mmc::blank(type, Immediate::kYes).view());
}

Preparation::Outcome Preparation::do_step(const FormatDisc& step) {
  mmc::FormatDescriptor descriptor{.blocks = step.blocks.value_or(0),
                                   .type = static_cast<mmc::FormatType>(step.type),
                                   .sub_type = step.sub_type,
                                   .type_dependent = step.parameter};
  if (!step.blocks) {
    const mmc::Cdb ask = mmc::read_format_capacities(kCapacitiesRoom);
    PREGROOVE_ASSIGN_OR_RETURN(const auto answer, drive_.ask(ask.view(), kCapacitiesRoom));
    if (!answer.good()) return refusal_of(ask.view(), answer);
    const auto capacities = mmc::decode_format_capacities(answer.data);
    if (!capacities) return Refusal{mmc::describe(ask), kUnusable};
    const auto offer =
        std::ranges::find(capacities->possible, descriptor.type, &mmc::FormatDescriptor::type);
    if (offer == capacities->possible.end()) return Refusal{mmc::describe(ask), kUnusable};
    descriptor.blocks = offer->blocks;
    descriptor.type_dependent = offer->type_dependent;
  }
  const auto list = mmc::encode_format(descriptor, Immediate::kYes);
  return send(mmc::format_unit().view(), list);
}

// Of a blank disc, some drives say -150 (mmc.md 2.6): user data begins at 0.
Preparation::Outcome Preparation::do_step(const FillTrack& step) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto track, track_to_write(drive_, kind_));
  if (!track || !track->next_writable)
    return Refusal{mmc::describe(mmc::read_invisible_track_information()), kUnusable};
  const std::int64_t start = std::max<std::int64_t>(track->start.value, 0);
  const std::int64_t next = std::max<std::int64_t>(track->next_writable->value, start);
  return write(next, start + step.blocks - next);
}

Preparation::Outcome Preparation::do_step(const FillStart& step) { return write(0, step.blocks); }

Preparation::Outcome Preparation::write(std::int64_t first, std::int64_t count) {
  // A whole number of ECC blocks of every medium, and little enough for every host.
  constexpr std::int64_t kMost = 32;
  for (std::int64_t done = 0; done < count;) {
    const std::int64_t now = std::min(kMost, count - done);
    const mmc::Cdb cdb =
        mmc::write10(Lba{static_cast<std::int32_t>(first + done)}, BlockCount{now});
    PREGROOVE_ASSIGN_OR_RETURN(const auto answer,
                               drive_.ask(cdb.view(), 0, blocks_from(first + done, now), kLongest));
    if (!answer.good()) return refusal_of(cdb.view(), answer);
    done += now;
  }
  return std::nullopt;
}

Preparation::Outcome Preparation::do_step(const Flush&) {
  return send(mmc::synchronize_cache(Immediate::kYes).view());
}

Preparation::Outcome Preparation::do_step(const EndTrack&) {
  PREGROOVE_ASSIGN_OR_RETURN(auto refused, do_step(Flush{}));
  if (refused || medium::is_cd(kind_)) return refused;
  PREGROOVE_ASSIGN_OR_RETURN(const auto disc, disc_of(drive_));
  if (!disc) return Refusal{mmc::describe(mmc::read_disc_information()), kUnusable};
  return send(mmc::close_track_session(mmc::CloseFunction::kTrack, disc->last_track_in_last_session,
                                       Immediate::kYes)
                  .view());
}

Preparation::Outcome Preparation::do_step(const EndTrackLeftOpen&) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto track, track_to_write(drive_, kind_));
  const bool open = track && !track->blank && track->next_writable &&
                    track->next_writable->value > std::max(track->start.value, 0);
  if (!open) return std::nullopt;
  return send(
      mmc::close_track_session(mmc::CloseFunction::kTrack, track->number, Immediate::kYes).view());
}

Preparation::Outcome Preparation::do_step(const Reserve& step) {
  return send(mmc::reserve_track(BlockCount{step.blocks}).view());
}

Preparation::Outcome Preparation::do_step(const Close& step) {
  return send(mmc::close_track_session(step.function, 0, Immediate::kYes).view());
}

Preparation::Outcome Preparation::do_step(const StopFormat&) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto refused,
                             do_step(Close{mmc::CloseFunction::kStopBackgroundFormat}));
  static_cast<void>(refused);  // there was nothing to stop
  return std::nullopt;
}

Preparation::Outcome Preparation::do_step(const AwaitFormat&) {
  constexpr Duration kBetween = std::chrono::seconds(10);
  const Duration until = clock_.now() + kLongest;
  while (true) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto disc, disc_of(drive_));
    if (!disc || disc->background_format != mmc::BackgroundFormat::kRunning) return std::nullopt;
    if (clock_.now() >= until)
      return fail(ErrorCode::kTimeout, "the format in the background does not end",
                  "Leave the disc in the drive over night, and try again.");
    clock_.sleep_for(kBetween);
  }
}

}  // namespace pregroove::validate
