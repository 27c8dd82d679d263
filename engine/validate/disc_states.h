// How a disc comes into the states of the conformance rows: for each kind of medium a tour of
// states, as data. engine/validate/preparation.h carries the steps out.
//
// The states themselves are those of fixtures/conformance; sources: MMC-6 (CLOSE TRACK/SESSION,
// BLANK, FORMAT UNIT), mmc.md 2.9, 2.12 to 2.14.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/medium/kind.h"
#include "engine/mmc/close.h"
#include "engine/mmc/write_parameters.h"

namespace pregroove::validate {

// MODE SELECT of page 05h: as the drive has it by default.
struct SelectDefaults {};
// The same with these fields changed. Buffer underrun protection is left out when the drive wants
// none.
struct SelectWriting {
  mmc::WriteType type = mmc::WriteType::kTrackAtOnce;
  mmc::MultiSession sessions = mmc::MultiSession::kNextSessionAllowed;
  bool test_write = false;
  mmc::DataBlockType block_type = mmc::DataBlockType::kMode1;
  std::uint32_t packet_size = 0;  // blocks; 0: variable
};
// As far as it is empty; whole_disc: all of it, not only what makes it count as blank.
struct EraseDisc {
  bool whole_disc = false;
};
// FORMAT UNIT with one descriptor.
struct FormatDisc {
  std::uint8_t type = 0;
  std::uint8_t sub_type = 0;
  // nullopt: of the first such format that the drive offers.
  std::optional<std::uint32_t> blocks;
  std::uint32_t parameter = 0;  // type-dependent
};
// Writes at the next writable address until the track holds so many blocks.
struct FillTrack {
  std::int64_t blocks = 0;
};
// Writes blocks 0 and on, of a disc that can be overwritten.
struct FillStart {
  std::int64_t blocks = 0;
};
struct EndTrack {};  // SYNCHRONIZE CACHE, and CLOSE TRACK of the last one except on CD
// CLOSE TRACK on a CD whose drive left the track open at the SYNCHRONIZE CACHE (burning.md 4.2).
struct EndTrackLeftOpen {};
struct Flush {};  // SYNCHRONIZE CACHE alone
struct Reserve {
  std::uint32_t blocks = 0;
};
struct Close {
  mmc::CloseFunction function = mmc::CloseFunction::kSession;
};
// A format that goes on in the background is stopped; without one nothing happens.
struct StopFormat {};
// Waits until a format that goes on in the background is complete.
struct AwaitFormat {};

using Step =
    std::variant<SelectDefaults, SelectWriting, EraseDisc, FormatDisc, FillTrack, FillStart,
                 EndTrack, EndTrackLeftOpen, Flush, Reserve, Close, StopFormat, AwaitFormat>;

// BLANK and FORMAT UNIT: they wear the disc, and what was on it is gone.
[[nodiscard]] bool erases(const Step& step);

struct Stop {
  std::string_view state;   // of the rows
  std::vector<Step> steps;  // from the stop before this one
  // The steps lead here from anywhere.
  bool from_anywhere = false;
  // It holds what the rows' state holds; else it is only in the same condition.
  bool contents_fit = true;
  // A track is left open in its midst, which takes a drive that does not need to be fed.
  bool pauses = false;
};

// In order; empty for a kind of which no state can be made. The first stop of a write-once medium
// is the blank disc.
[[nodiscard]] std::vector<Stop> tour_of(medium::MediumKind kind);

}  // namespace pregroove::validate
