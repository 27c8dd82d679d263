#include "engine/plan/write_type.h"

#include <fmt/format.h>

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::MediumSnapshot;
using medium::Recording;
using medium::WriteType;

// The two ways of a medium that has a page of write parameters.
struct Ways {
  WriteType piecemeal = WriteType::kNone;
  WriteType at_once = WriteType::kNone;
};

Ways ways_of(medium::MediumKind kind) {
  switch (medium::traits_of(kind).recording) {
    case Recording::kTrackAtOnce:
      return {WriteType::kTrackAtOnce, WriteType::kSessionAtOnce};
    case Recording::kIncremental:
      return {WriteType::kIncremental, WriteType::kDiscAtOnce};
    default:
      return {};
  }
}

std::string_view option_of(WriteType type) {
  switch (type) {
    case WriteType::kTrackAtOnce:
      return "tao";
    case WriteType::kSessionAtOnce:
      return "sao";
    case WriteType::kIncremental:
      return "incremental";
    case WriteType::kDiscAtOnce:
      return "dao";
    case WriteType::kNone:
      break;
  }
  return "auto";
}

std::unexpected<Error> no_test_write(const MediumSnapshot& disc, WriteType type) {
  const std::string_view how = type == WriteType::kNone ? "" : name_of(type);
  return fail(ErrorCode::kUnsupported,
              fmt::format("this drive cannot simulate writing a {}{}{}", name_of(disc.kind),
                          how.empty() ? "" : " ", how),
              "Burn without --simulate, or look at the plan with --dry-run.");
}

Status check_piecemeal(const MediumSnapshot& disc, const BurnRequest& request, WriteType type) {
  if (!disc.writing.writes_medium)
    return fail(
        ErrorCode::kUnsupported,
        fmt::format("this drive does not write this {} {}", name_of(disc.kind), name_of(type)),
        "Leave the write type to the program (--write-type auto).");
  if (request.test_write && !disc.writing.test_write) return no_test_write(disc, type);
  return {};
}

// A DVD-R that is written at once is closed with it: that has to be what the user wants.
Status check_only_session(const MediumSnapshot& disc, const BurnRequest& request) {
  if (disc.status != DiscStatus::kBlank)
    return fail(ErrorCode::kUnsupported,
                "disc at once writes the only session of a disc, and this one holds some already",
                "Add the session incrementally (--write-type incremental).");
  if (request.afterwards == Afterwards::kCloseDisc) return {};
  const bool blanked_minimally = takes_disc_at_once_only(disc) && disc.erasable;
  return fail(
      ErrorCode::kUnsupported,
      fmt::format("{}, and closed with it",
                  blanked_minimally
                      ? "this DVD-RW was blanked in a hurry, and can only be written disc at once"
                      : fmt::format("this {} would be written disc at once", name_of(disc.kind))),
      blanked_minimally ? "Burn with --close, or blank the whole disc to add sessions later."
                        : "Burn with --close if that is what you want.");
}

Status check_at_once(const MediumSnapshot& disc, const BurnRequest& request, WriteType type) {
  if (!disc.writing.at_once)
    return fail(
        ErrorCode::kUnsupported,
        fmt::format("this drive does not write this {} {}", name_of(disc.kind), name_of(type)),
        "Leave the write type to the program (--write-type auto).");
  if (type == WriteType::kDiscAtOnce) PREGROOVE_RETURN_IF_ERROR(check_only_session(disc, request));
  if (request.test_write && !disc.writing.at_once_test_write) return no_test_write(disc, type);
  return {};
}

Result<WriteTypeChoice> take_as_asked(const MediumSnapshot& disc, const BurnRequest& request,
                                      const Ways& ways) {
  const WriteType asked = *request.write_type;
  if (asked == ways.piecemeal) {
    PREGROOVE_RETURN_IF_ERROR(check_piecemeal(disc, request, asked));
  } else if (asked == ways.at_once) {
    PREGROOVE_RETURN_IF_ERROR(check_at_once(disc, request, asked));
  } else {
    return fail(ErrorCode::kUnsupported,
                fmt::format("a {} is not written {}", name_of(disc.kind), name_of(asked)),
                fmt::format("Use --write-type {} or {}.", option_of(ways.piecemeal),
                            option_of(ways.at_once)));
  }
  return WriteTypeChoice{asked, "as asked for"};
}

std::string why_piecemeal(WriteType type) {
  return type == WriteType::kTrackAtOnce
             ? "every recorder can add another session behind it"
             : "other sessions can follow, and the disc is closed without filling it up";
}

}  // namespace

WriteType piecemeal_write_type(medium::MediumKind kind) { return ways_of(kind).piecemeal; }

bool takes_disc_at_once_only(const MediumSnapshot& snapshot) {
  return medium::traits_of(snapshot.kind).recording == Recording::kIncremental &&
         snapshot.status == DiscStatus::kBlank && snapshot.writing.at_once &&
         !snapshot.writing.writes_medium;
}

Result<WriteTypeChoice> choose_write_type(const MediumSnapshot& snapshot,
                                          const BurnRequest& request) {
  const Ways ways = ways_of(snapshot.kind);
  if (ways.piecemeal == WriteType::kNone) {
    if (request.write_type)
      return fail(ErrorCode::kUnsupported,
                  fmt::format("a {} has no write types to choose from", name_of(snapshot.kind)),
                  "Leave out --write-type.");
    if (request.test_write)
      return fail(ErrorCode::kUnsupported,
                  fmt::format("a {} has no test write: drives write it for real, or not at all",
                              name_of(snapshot.kind)),
                  "Burn without --simulate, or look at the plan with --dry-run.");
    return WriteTypeChoice{WriteType::kNone,
                           fmt::format("a {} is written in one way", name_of(snapshot.kind))};
  }
  if (request.write_type) return take_as_asked(snapshot, request, ways);
  const auto piecemeal = check_piecemeal(snapshot, request, ways.piecemeal);
  if (piecemeal) return WriteTypeChoice{ways.piecemeal, why_piecemeal(ways.piecemeal)};
  auto at_once = check_at_once(snapshot, request, ways.at_once);
  if (at_once) return WriteTypeChoice{ways.at_once, piecemeal.error().message};
  // The way that the disc leaves open is the one whose hindrance is told.
  const bool only_at_once = !snapshot.writing.writes_medium && snapshot.writing.at_once;
  return std::unexpected(only_at_once ? at_once.error() : piecemeal.error());
}

}  // namespace pregroove::plan
