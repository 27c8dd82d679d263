#include "engine/plan/image_plan.h"

#include <fmt/format.h>

namespace pregroove::plan {
namespace {

using medium::Formatting;
using medium::MediumSnapshot;

// Everything before the first session is free as well.
Status check_fits(const MediumSnapshot& disc, BlockCount image) {
  const BlockCount room = disc.last_possible_lead_out.value_or(Lba{0}) - Lba{0};
  if (image <= room) return {};
  return fail(ErrorCode::kNoRoom,
              fmt::format("the image has {} blocks, and the disc {}", image.value, room.value),
              "Use a larger disc.");
}

BlockCount padded(BlockCount image, BlockCount alignment) {
  return BlockCount{(image.value + alignment.value - 1) / alignment.value * alignment.value};
}

// The steps of a session, but from LBA 0 and with no head of the disc to be switched to it.
Result<BurnPlan> overwriting_plan(const MediumSnapshot& disc, const BurnRequest& request,
                                  BurnPlan plan) {
  const BlockCount alignment = medium::traits_of(disc.kind).alignment;
  const BlockCount blocks = padded(request.image, alignment);
  PREGROOVE_RETURN_IF_ERROR(check_fits(disc, blocks));
  const bool format = disc.formatting != Formatting::kReady;
  plan.target.start = Lba{0};
  plan.target.reason = "the disc counts as empty: it is written from its first block on";
  std::vector<Step> steps{plan.steps.begin(), plan.steps.begin() + 2};  // CheckDisc, SetSpeed
  steps.emplace_back(ReadAhead{blocks});
  if (format) steps.emplace_back(Format{.resume = disc.formatting == Formatting::kInterrupted});
  steps.emplace_back(WriteImage{.start = Lba{0}, .blocks = blocks, .alignment = alignment});
  steps.emplace_back(Synchronize{});
  // Ends the format in the background, so that the disc can be taken out (burning.md 5).
  if (format && disc.kind == medium::MediumKind::kDvdPlusRw)
    steps.emplace_back(CloseSession{.session_number = 1});
  if (request.verify)
    steps.emplace_back(ReadBack{Lba{0}, blocks});
  else
    steps.emplace_back(ReadEnd{});
  if (request.eject) steps.emplace_back(Eject{});
  plan.steps = std::move(steps);
  plan.summary = fmt::format("{}; {} blocks", plan.target.reason, blocks.value);
  return plan;
}

}  // namespace

Result<BurnPlan> make_image_plan(const MediumSnapshot& snapshot, const BurnRequest& request) {
  if (snapshot.status == medium::DiscStatus::kAppendable && medium::is_recordable(snapshot.kind))
    return fail(ErrorCode::kWrongMedium,
                fmt::format("the {} holds data, and a ready image wants a blank disc",
                            name_of(snapshot.kind)),
                snapshot.erasable ? "Erase the disc (pregroove erase), or insert a blank one."
                                  : "Insert a blank disc.");
  BurnRequest checked = request;
  checked.mode = SessionMode::kNew;
  const bool overwritten = medium::is_overwritten(snapshot.kind);
  if (overwritten) checked.image = BlockCount{1};  // its room is counted from elsewhere
  PREGROOVE_ASSIGN_OR_RETURN(BurnPlan plan, make_burn_plan(snapshot, checked));
  if (!overwritten) return plan;
  return overwriting_plan(snapshot, request, std::move(plan));
}

}  // namespace pregroove::plan
