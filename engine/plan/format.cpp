#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/loss.h"
#include "engine/plan/upkeep.h"

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::FormatOffer;
using medium::Formatting;
using medium::FormatType;
using medium::MediumKind;
using medium::MediumSnapshot;

using Offers = std::vector<FormatOffer>;

bool is_blu_ray(MediumKind kind) { return medium::traits_of(kind).family == medium::Family::kBd; }

Status check_bd_r(const MediumSnapshot& disc, const Offers& offers, const FormatRequest& request) {
  if (request.pseudo_overwrite)
    return fail(ErrorCode::kUnsupported,
                "a BD-R that is formatted for pseudo-overwriting takes no sessions: drives refuse "
                "to close them, and every overwritten block is lost at the end of the disc",
                "Format it without: sessions can then be added to it.");
  if (disc.kind == MediumKind::kBdRRandom || disc.writing.pseudo_overwrite)
    return fail(ErrorCode::kWrongMedium,
                "the BD-R is formatted already, and cannot be formatted in another way",
                "Use it as it is, or insert a blank one.");
  if (disc.status != DiscStatus::kBlank)
    return fail(ErrorCode::kWrongMedium,
                "a BD-R is written once: it can be formatted while it is blank, and never again",
                "Insert a blank BD-R.");
  if (offers.empty())
    return fail(ErrorCode::kWrongMedium, "the BD-R is formatted already, and that is final",
                "Burn on it as it is.");
  if (request.spares == SpareAreas::kNone)
    return fail(ErrorCode::kWrongMedium,
                "a BD-R has no spare areas until it is formatted: there is nothing to do",
                "Burn on it as it is.");
  return {};
}

Status check_formattable(const MediumSnapshot& disc, const Offers& offers,
                         const FormatRequest& request) {
  const bool bd_r = disc.kind == MediumKind::kBdR || disc.kind == MediumKind::kBdRRandom;
  if (bd_r) return check_bd_r(disc, offers, request);
  if (!medium::is_overwritten(disc.kind) && disc.kind != MediumKind::kDvdRw)
    return fail(ErrorCode::kWrongMedium,
                fmt::format("a {} cannot be formatted", name_of(disc.kind)),
                "Burn on it as it is, or insert a DVD-RW, DVD+RW, DVD-RAM, BD-RE or BD-R.");
  if (request.pseudo_overwrite)
    return fail(ErrorCode::kUnsupported,
                fmt::format("a {} has no pseudo-overwriting: it can be overwritten as it is",
                            name_of(disc.kind)),
                "Leave out --pow.");
  if (request.spares && !is_blu_ray(disc.kind))
    return fail(ErrorCode::kUnsupported,
                fmt::format("the spare areas of a {} cannot be chosen", name_of(disc.kind)),
                "Leave out --spare; it is for Blu-ray discs.");
  return {};
}

const FormatOffer* find(const Offers& offers, FormatType type) {
  const auto found = std::ranges::find(offers, type, &FormatOffer::type);
  return found == offers.end() ? nullptr : &*found;
}

// Of the offers of that type: the larger the spare areas, the smaller the user area.
const FormatOffer* by_spares(const Offers& offers, FormatType type, SpareAreas spares) {
  const FormatOffer* best = nullptr;
  for (const FormatOffer& offer : offers) {
    if (offer.type != type) continue;
    const bool better =
        best == nullptr || (spares == SpareAreas::kLargest ? offer.blocks < best->blocks
                                                           : offer.blocks > best->blocks);
    if (better) best = &offer;
  }
  return best;
}

// The full format has the default spare areas; the other type of the same size can be checked less.
const FormatOffer* bd_re_offer(const Offers& offers, SpareAreas spares) {
  if (spares == SpareAreas::kNone) return find(offers, FormatType::kBdReWithoutSpares);
  if (spares != SpareAreas::kDefault) return by_spares(offers, FormatType::kBdReWithSpares, spares);
  const FormatOffer* full = find(offers, FormatType::kFull);
  if (full == nullptr) return nullptr;
  const auto same = std::ranges::find_if(offers, [&](const FormatOffer& offer) {
    return offer.type == FormatType::kBdReWithSpares && offer.blocks == full->blocks;
  });
  return same == offers.end() ? full : &*same;
}

std::optional<FormatOffer> choose(const MediumSnapshot& disc, const Offers& offers,
                                  const FormatRequest& request) {
  const SpareAreas spares = request.spares.value_or(SpareAreas::kDefault);
  const FormatOffer* offer = nullptr;
  switch (disc.kind) {
    case MediumKind::kDvdPlusRw:
      offer = find(offers, FormatType::kDvdPlusRw);
      break;
    case MediumKind::kBdRe:
      offer = bd_re_offer(offers, spares);
      break;
    case MediumKind::kBdR:
      offer = spares == SpareAreas::kDefault
                  ? find(offers, FormatType::kFull)
                  : by_spares(offers, FormatType::kBdRWithSpares, spares);
      break;
    default:
      offer = find(offers, FormatType::kFull);
  }
  if (offer == nullptr) return std::nullopt;
  FormatOffer chosen = *offer;
  if (disc.kind == MediumKind::kBdR) chosen.sub_type = medium::kBdRSequentialWithoutOverwrite;
  const bool certifies_by_sub_type =
      chosen.type == FormatType::kBdReWithSpares || chosen.type == FormatType::kBdReWithoutSpares;
  if (certifies_by_sub_type)
    chosen.sub_type = request.thoroughness == Thoroughness::kFull ? medium::kBdReFullCertification
                                                                  : medium::kBdReQuickCertification;
  return chosen;
}

std::string in_words(const MediumSnapshot& disc, const FormatOffer& offer, bool full) {
  switch (disc.kind) {
    case MediumKind::kDvdPlusRw:
      return "format the DVD+RW: it can be used at once, and the drive goes on in the background "
             "while the disc stays in it (each format wears the disc; it lasts 10 to 20 of them)";
    case MediumKind::kDvdRw:
      return "format the DVD-RW, which takes as long as writing it: it is then overwritten in any "
             "place, instead of in sessions, until it is erased";
    case MediumKind::kBdR:
      return fmt::format(
          "format the BD-R with spare areas, for sessions: {} blocks remain, and "
          "it cannot be formatted again",
          offer.blocks.value);
    default:
      return fmt::format("format the {}{}: {} blocks", name_of(disc.kind),
                         full ? ", checking every block" : "", offer.blocks.value);
  }
}

// What goes on in the background keeps what is on the disc.
BurnPlan resumed_format(const MediumSnapshot& disc) {
  BurnPlan plan;
  plan.kind = disc.kind;
  plan.steps.emplace_back(CheckDisc{medium::fingerprint(disc)});
  plan.steps.emplace_back(Format{.resume = true});
  plan.steps.emplace_back(CheckStatus{disc.status, std::nullopt});
  plan.summary =
      "go on with the format of the DVD+RW, which was interrupted: it keeps what it holds, and the "
      "drive goes on in the background while the disc stays in it";
  return plan;
}

}  // namespace

Result<BurnPlan> make_format_plan(const MediumSnapshot& snapshot, const Offers& offers,
                                  const FormatRequest& request) {
  PREGROOVE_RETURN_IF_ERROR(check_formattable(snapshot, offers, request));
  if (snapshot.formatting == Formatting::kInterrupted) return resumed_format(snapshot);
  PREGROOVE_RETURN_IF_ERROR(check_loss(snapshot, request.consent, "formatting"));
  const auto offer = choose(snapshot, offers, request);
  if (!offer)
    return fail(ErrorCode::kUnsupported, "the drive offers no such format for this disc",
                "Choose other spare areas, or use another recorder.");
  const bool full = request.thoroughness == Thoroughness::kFull;
  BurnPlan plan;
  plan.kind = snapshot.kind;
  plan.needs_consent = !loss_of(snapshot).empty();
  if (snapshot.status != DiscStatus::kOther)
    plan.steps.emplace_back(CheckDisc{medium::fingerprint(snapshot)});
  const bool can_skip_certification = snapshot.kind == MediumKind::kDvdRam;
  plan.steps.emplace_back(FormatAs{*offer, full || !can_skip_certification});
  // Formatting promises nothing about what is then read.
  if (snapshot.kind != MediumKind::kBdR) {
    plan.steps.emplace_back(
        Overwrite{Lba{0}, kHeadOfVolumes, medium::traits_of(snapshot.kind).alignment});
    plan.steps.emplace_back(Synchronize{});
  }
  plan.steps.emplace_back(CheckStatus{DiscStatus::kBlank, 0});
  plan.summary = in_words(snapshot, *offer, full) + and_what_is_lost(snapshot);
  return plan;
}

}  // namespace pregroove::plan
