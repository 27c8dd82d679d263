#include "engine/validate/disc_states.h"

#include <algorithm>
#include <iterator>

namespace pregroove::validate {
namespace {

using medium::MediumKind;
using mmc::CloseFunction;
using mmc::MultiSession;
using mmc::WriteType;

// What the rows' states hold, in blocks.
constexpr std::int64_t kSession = 300;
constexpr std::int64_t kOpenTrack = 40;
constexpr std::uint32_t kReservation = 320;
constexpr std::int64_t kOverwrittenStart = 64;
constexpr std::int64_t kIntermediateWritten = 32;
constexpr std::uint32_t kSmallFormat = 1024;
constexpr std::uint32_t kDvdPacket = 16;

// MMC-6 table "format types".
constexpr std::uint8_t kFullFormat = 0x00;
constexpr std::uint8_t kDvdRwFull = 0x10;
constexpr std::uint8_t kDvdRwGrow = 0x13;
constexpr std::uint8_t kDvdRwQuick = 0x15;
constexpr std::uint8_t kDvdPlusRwFormat = 0x26;
constexpr std::uint8_t kBdReWithoutSpares = 0x31;
constexpr std::uint32_t kEccBlock = 16;          // the parameter of the formats of a DVD-RW
constexpr std::uint32_t kRestartStopped = 0x01;  // of a DVD+RW
constexpr std::uint32_t kAllBlocks = 0xFFFFFFFF;

const SelectWriting kTrackAtOnce{};
const SelectWriting kIncremental{.type = WriteType::kPacket, .packet_size = kDvdPacket};
const SelectWriting kDiscAtOnce{.type = WriteType::kSessionAtOnce,
                                .sessions = MultiSession::kNoPointer,
                                .packet_size = kDvdPacket};

SelectWriting as_last_session(SelectWriting writing) {
  writing.sessions = MultiSession::kNoPointer;
  return writing;
}

// What a CD can be asked before anything is written: how it will be.
std::vector<Stop> cd_selections() {
  return {{.state = "blank", .steps = {SelectDefaults{}}},
          {.state = "sao-selected",
           .steps = {SelectWriting{.type = WriteType::kSessionAtOnce,
                                   .sessions = MultiSession::kNoPointer,
                                   .block_type = mmc::DataBlockType::kRaw2352}}},
          {.state = "raw-selected",
           .steps = {SelectWriting{.type = WriteType::kRaw,
                                   .sessions = MultiSession::kNoPointer,
                                   .block_type = mmc::DataBlockType::kRawRw2448}}},
          {.state = "packets-selected", .steps = {SelectWriting{.type = WriteType::kPacket}}}};
}

void add(std::vector<Stop>& tour, std::vector<Stop> stops) {
  tour.insert(tour.end(), std::make_move_iterator(stops.begin()),
              std::make_move_iterator(stops.end()));
}

std::vector<Stop> cd_sessions() {
  return {{.state = "open-track", .steps = {kTrackAtOnce, FillTrack{kOpenTrack}}, .pauses = true},
          {.state = "open-session", .steps = {kTrackAtOnce, FillTrack{kSession}, EndTrack{}}},
          {.state = "appendable", .steps = {EndTrackLeftOpen{}, Close{}}}};
}

std::vector<Stop> cd_r() {
  auto tour = cd_selections();
  add(tour, cd_sessions());
  add(tour, {{.state = "finalised",
              .steps = {as_last_session(kTrackAtOnce), FillTrack{kSession}, EndTrack{},
                        EndTrackLeftOpen{}, Close{}},
              .contents_fit = false}});
  return tour;
}

std::vector<Stop> cd_rw() {
  auto tour = cd_selections();
  tour.front().steps = {SelectDefaults{}, EraseDisc{}};
  tour.front().from_anywhere = true;
  add(tour, cd_sessions());
  add(tour, {{.state = "finalised",
              .steps = {EraseDisc{}, as_last_session(kTrackAtOnce), FillTrack{kSession}, EndTrack{},
                        EndTrackLeftOpen{}, Close{}},
              .from_anywhere = true}});
  return tour;
}

std::vector<Stop> dvd_minus_sessions() {
  return {{.state = "blank-incremental", .steps = {kIncremental}},
          {.state = "open-track", .steps = {FillTrack{kOpenTrack}}},
          {.state = "open-session", .steps = {FillTrack{kSession}, EndTrack{}}},
          {.state = "appendable", .steps = {Close{}}}};
}

std::vector<Stop> dvd_r() {
  std::vector<Stop> tour{{.state = "blank", .steps = {SelectDefaults{}}},
                         {.state = "blank-dao", .steps = {kDiscAtOnce}}};
  add(tour, dvd_minus_sessions());
  add(tour,
      {{.state = "appendable-dao", .steps = {kDiscAtOnce}},
       {.state = "two-sessions", .steps = {kIncremental, FillTrack{kSession}, EndTrack{}, Close{}}},
       {.state = "finalised",
        .steps = {as_last_session(kIncremental), FillTrack{kSession}, EndTrack{}, Close{}},
        .contents_fit = false}});
  return tour;
}

std::vector<Stop> dvd_rw() {
  const EraseDisc whole{.whole_disc = true};
  std::vector<Stop> tour{
      {.state = "blank", .steps = {SelectDefaults{}, whole}, .from_anywhere = true}};
  add(tour, dvd_minus_sessions());
  add(tour,
      {{.state = "finalised",
        .steps = {whole, as_last_session(kIncremental), FillTrack{kSession}, EndTrack{}, Close{}},
        .from_anywhere = true},
       {.state = "reserved",
        .steps = {whole, kIncremental, Reserve{kReservation}},
        .from_anywhere = true},
       {.state = "minimally-blanked",
        .steps = {SelectDefaults{}, EraseDisc{}, kIncremental},
        .from_anywhere = true},
       {.state = "minimally-blanked-dao", .steps = {kDiscAtOnce}},
       {.state = "fully-blanked", .steps = {whole, kIncremental}, .from_anywhere = true},
       {.state = "small-overwrite",
        .steps = {SelectDefaults{},
                  FormatDisc{.type = kDvdRwFull, .blocks = kSmallFormat, .parameter = kEccBlock}},
        .from_anywhere = true},
       {.state = "growing",
        .steps = {FormatDisc{.type = kDvdRwGrow, .blocks = 0, .parameter = kEccBlock}}},
       {.state = "formatted",
        .steps = {SelectDefaults{}, FormatDisc{.type = kDvdRwFull, .parameter = kEccBlock},
                  FillStart{kOverwrittenStart}},
        .from_anywhere = true},
       {.state = "intermediate",
        .steps = {SelectDefaults{},
                  FormatDisc{.type = kDvdRwQuick, .blocks = 0, .parameter = kEccBlock}},
        .from_anywhere = true},
       {.state = "intermediate-written", .steps = {FillStart{kIntermediateWritten}}}});
  return tour;
}

std::vector<Stop> dvd_plus_rw() {
  return {
      {.state = "background-running",
       .steps = {StopFormat{}, FormatDisc{.type = kDvdPlusRwFormat, .blocks = kAllBlocks},
                 FillStart{kOverwrittenStart}, Flush{}},
       .from_anywhere = true},
      {.state = "background-stopped", .steps = {Close{CloseFunction::kStopBackgroundFormat}}},
      {.state = "formatted",
       .steps = {
           FormatDisc{.type = kDvdPlusRwFormat, .blocks = kAllBlocks, .parameter = kRestartStopped},
           AwaitFormat{}, FillStart{kOverwrittenStart}}}};
}

// DVD+R and BD-R: sessions without write parameters.
std::vector<Stop> plus_sessions() {
  return {{.state = "blank", .steps = {}},
          {.state = "open-track", .steps = {FillTrack{kOpenTrack}}},
          {.state = "open-session", .steps = {FillTrack{kSession}, EndTrack{}}},
          {.state = "appendable", .steps = {Close{}}},
          {.state = "two-sessions", .steps = {FillTrack{kSession}, EndTrack{}, Close{}}},
          {.state = "finalised",
           .steps = {FillTrack{kSession}, EndTrack{}, Close{CloseFunction::kFinalize}},
           .contents_fit = false}};
}

// Of a disc with two layers the first session is the only one, unless it fills the first layer.
std::vector<Stop> of_two_layers(std::vector<Stop> tour) {
  const auto last = std::ranges::find(tour, "appendable", &Stop::state);
  tour.erase(last + 1, tour.end());
  return tour;
}

std::vector<Stop> formatted_and_filled() {
  return {{.state = "formatted",
           .steps = {FormatDisc{.type = kFullFormat}, FillStart{kOverwrittenStart}},
           .from_anywhere = true}};
}

std::vector<Stop> bd_re() {
  constexpr std::uint8_t kQuickReformat = 0;
  auto tour = formatted_and_filled();
  add(tour, {{.state = "no-spares",
              .steps = {FormatDisc{.type = kBdReWithoutSpares, .sub_type = kQuickReformat}},
              .from_anywhere = true}});
  return tour;
}

}  // namespace

bool erases(const Step& step) {
  return std::holds_alternative<EraseDisc>(step) || std::holds_alternative<FormatDisc>(step);
}

std::vector<Stop> tour_of(MediumKind kind) {
  switch (kind) {
    case MediumKind::kCdR:
      return cd_r();
    case MediumKind::kCdRw:
      return cd_rw();
    case MediumKind::kDvdR:
      return dvd_r();
    case MediumKind::kDvdRDualLayer:
      return of_two_layers(dvd_r());
    case MediumKind::kDvdRw:
      return dvd_rw();
    case MediumKind::kDvdPlusRw:
      return dvd_plus_rw();
    case MediumKind::kDvdPlusR:
    case MediumKind::kBdR:
      return plus_sessions();
    case MediumKind::kDvdPlusRDualLayer:
      return of_two_layers(plus_sessions());
    case MediumKind::kDvdRam:
      return formatted_and_filled();
    case MediumKind::kBdRe:
      return bd_re();
    default:
      return {};
  }
}

}  // namespace pregroove::validate
