#include "engine/imapi/erasing.h"

#include "engine/burn/burner.h"
#include "engine/drive/inspection.h"
#include "engine/imapi/failures.h"
#include "engine/plan/upkeep.h"

namespace pregroove::imapi {
namespace {

// Whoever calls Erase wants to lose what is there.
constexpr bool kConsent = true;

// Nothing can be overwritten on it, as it is.
bool needs_format(const medium::MediumSnapshot& disc) {
  if (!medium::is_overwritten(disc.kind) || disc.kind == medium::MediumKind::kDvdRwOverwrite)
    return false;
  return disc.formatting == medium::Formatting::kNeeded ||
         disc.status == medium::DiscStatus::kOther;
}

// IMAPI's quick erase leaves a disc that takes sessions: kUsual, and not kFast (plan/upkeep.h).
pregroove::Result<plan::BurnPlan> plan_for(drive::Drive& drive, bool full) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto disc, drive::inspect_even_damaged(drive));
  const auto thoroughness = full ? plan::Thoroughness::kFull : plan::Thoroughness::kUsual;
  if (!needs_format(disc))
    return plan::make_erase_plan(disc, {.thoroughness = thoroughness, .consent = kConsent});
  PREGROOVE_ASSIGN_OR_RETURN(const auto offers, drive.format_offers());
  return plan::make_format_plan(disc, offers, {.thoroughness = thoroughness, .consent = kConsent});
}

// There is no progress of an erasure, and nobody is asked whether to go on (imapi.md 8).
class NobodyAsks final : public burn::Observer {};

}  // namespace

Status erase_disc(drive::Drive& drive, bool full, DiscMasterProgressEvents* events) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto plan, lift(plan_for(drive, full)));
  NobodyAsks observer;
  const auto erased = lift(burn::carry_out(drive, plan, observer));
  if (events != nullptr)
    events->NotifyEraseComplete(erased ? ResultCode::S_OK : erased.error().code);
  if (!erased) return std::unexpected(erased.error());
  return {};
}

}  // namespace pregroove::imapi
