#include "engine/validate/selection.h"

#include <algorithm>
#include <array>

#include "engine/base/bytes.h"
#include "engine/base/units.h"
#include "engine/validate/read_only.h"
#include "engine/validate/write_rules.h"

namespace pregroove::validate {
namespace {

using conformance::Row;

// On what the answer to a command depends, besides on the drive itself.
enum class Depends : std::uint8_t {
  kNothing,
  kCondition,  // kind of medium and state
  kContents,   // also size of the disc, and what lies where
};
struct DependsRow {
  std::uint8_t opcode;
  Depends depends;
};
// What is not listed depends on the contents.
constexpr auto kDepends = std::to_array<DependsRow>({
    {0x00, Depends::kCondition},
    {0x03, Depends::kNothing},
    {0x12, Depends::kNothing},
    {0x1A, Depends::kNothing},
    {0x3C, Depends::kNothing},
    {0x46, Depends::kCondition},
    {0x4A, Depends::kCondition},
    {0x4D, Depends::kNothing},
    {0x5A, Depends::kNothing},
    {0xA0, Depends::kNothing},
    {0xA4, Depends::kNothing},
    {0xBD, Depends::kCondition},
});
constexpr std::uint8_t kGetConfiguration = 0x46;
constexpr std::uint8_t kGetEventStatus = 0x4A;
constexpr std::string_view kTrayOpen = "tray-open";

std::uint8_t opcode_of(const Row& row) { return std::to_integer<std::uint8_t>(row.cdb.front()); }

// Feature 0020h, Random Writable, tells the size of the disc.
bool asks_for_size(const Row& row) {
  constexpr std::uint8_t kRandomWritable = 0x20;
  return opcode_of(row) == kGetConfiguration && row.cdb[2] == std::byte{0} &&
         row.cdb[3] == std::byte{kRandomWritable};
}

Depends dependence_of(const Row& row) {
  if (asks_for_size(row)) return Depends::kContents;
  const auto* const found = std::ranges::find(kDepends, opcode_of(row), &DependsRow::opcode);
  return found == kDepends.end() ? Depends::kContents : found->depends;
}

bool expects_event(const Row& row) {
  constexpr std::size_t kEventByte = 4;
  if (opcode_of(row) != kGetEventStatus || row.data.size() <= kEventByte) return false;
  const auto event = row.data[kEventByte];
  return event && (*event & std::byte{0x0F}) != std::byte{0};
}

bool may_stall(const Row& row) {
  return reads_below_zero(row.cdb) || (reads_blocks(row.cdb) && row.state == "unformatted");
}

// A finalised disc takes nothing, wherever it would go.
bool is_refused_anywhere(const Row& row) {
  return row.state == "finalised" && !row.expects_good() && !changes_nothing(row.cdb);
}

// What was written to a disc that is overwritten cannot be seen from its sizes.
bool hides_contents(const Row& row) {
  constexpr auto kOverwritten = std::to_array<std::string_view>(
      {"formatted", "no-spares", "background-running", "background-stopped", "small-overwrite"});
  return reads_blocks(row.cdb) && std::ranges::find(kOverwritten, row.state) != kOverwritten.end();
}

// Where a disc's lead-in begins is its own affair.
bool writes_lead_in(const Row& row) {
  constexpr std::uint8_t kWrite10 = 0x2A;
  constexpr std::size_t kAddress = 2;
  if (opcode_of(row) != kWrite10) return false;
  const auto lba =
      static_cast<std::int32_t>(read_struct<Be32>(row.cdb, kAddress).value_or(Be32{}).value());
  return lba < -kPregapFrames;
}

// Whatever writes to a CD-R writes to a CD-RW. Erasing and calibrating are the difference.
bool stands_for(const Row& row, const Circumstances& now) {
  constexpr std::uint8_t kSendOpc = 0x54;
  return now.prepared && now.situation.kind == medium::MediumKind::kCdRw &&
         kind_of(row.medium) == medium::MediumKind::kCdR && !changes_nothing(row.cdb) &&
         !erases_disc(row.cdb) && opcode_of(row) != kSendOpc && !writes_lead_in(row);
}

Fit fit_of_disc(const Row& row, const Circumstances& circumstances) {
  const Situation& now = circumstances.situation;
  const Depends depends = dependence_of(row);
  const bool same_state = row.state == now.state;
  // The rows for an open tray are the same whatever lies on it.
  if (same_state && row.state == kTrayOpen) return Fit::kPut;
  if (row.state == kTrayOpen) return Fit::kOtherState;
  if (depends == Depends::kNothing) return Fit::kPut;
  if (row.medium.empty()) return same_state ? Fit::kPut : Fit::kOtherState;
  const bool stand_in = stands_for(row, circumstances);
  const bool same_kind =
      stand_in || (now.kind != medium::MediumKind::kUnknown && kind_of(row.medium) == now.kind);
  if (!same_kind) return Fit::kOtherMedium;
  if (!same_state) return Fit::kOtherState;
  if (depends == Depends::kCondition || is_refused_anywhere(row)) return Fit::kPut;
  if ((row.medium != now.medium && !stand_in) || !now.size_fits) return Fit::kOtherSize;
  if (!now.contents_fit || (hides_contents(row) && !circumstances.prepared))
    return Fit::kOtherContents;
  return Fit::kPut;
}

}  // namespace

std::string_view words_for(Fit fit) {
  switch (fit) {
    case Fit::kPut:
      return "put";
    case Fit::kChanges:
      return "of commands that may change the disc or the drive";
    case Fit::kOtherMedium:
      return "for another medium";
    case Fit::kOtherState:
      return "for another state of the disc";
    case Fit::kOtherSize:
      return "for a disc of another size";
    case Fit::kOtherContents:
      return "for a disc with other contents";
    case Fit::kToldOnce:
      return "about events that are told only once";
    case Fit::kStalls:
      return "of reads at which some drives stall";
    case Fit::kTooLarge:
      return "larger than one command may be here";
    case Fit::kNotAllowed:
      return "of commands that the operating system keeps back";
    case Fit::kNeverSent:
      return "of commands that are never put to a drive";
    case Fit::kConsumes:
      return "that would use up the disc";
    case Fit::kErasedTooOften:
      return "for which the disc would have to be erased once more";
    case Fit::kNotReached:
      return "for a state that the disc did not come into";
  }
  return "unknown";
}

Fit fit_of(const Row& row, const Circumstances& now) {
  if (const Fit fit = fit_of_disc(row, now); fit != Fit::kPut) return fit;
  if (!now.may_change && !changes_nothing(row.cdb)) return Fit::kChanges;
  if (!may_be_sent_while_writing(row.cdb, row.out)) return Fit::kNeverSent;
  if (expects_event(row)) return Fit::kToldOnce;
  if (may_stall(row)) return Fit::kStalls;
  if (std::max(row.in_bytes, row.out.size()) > now.max_transfer) return Fit::kTooLarge;
  return Fit::kPut;
}

}  // namespace pregroove::validate
