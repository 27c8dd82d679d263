#include "engine/imapi/order_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/imapi/failures.h"

namespace pregroove::imapi {
namespace {

using enum Method;
using enum Requirement;
using enum ResultCode;
using enum Basis;

// imapi.md 3.1 to 3.3 (the errors of each method), 6.2 (violations), 16 (what is undefined).
constexpr auto kOrderRules = std::to_array<OrderRule>({
    {kOpen, kMasterClosed, IMAPI_E_ALREADYOPEN, kDocumented},

    {kEnumDiscMasterFormats, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},

    {kGetActiveDiscMasterFormat, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kGetActiveDiscMasterFormat, kFormatActive, IMAPI_E_NOACTIVEFORMAT, kDocumented},

    {kSetActiveDiscMasterFormat, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kSetActiveDiscMasterFormat, kIdle, IMAPI_E_DEVICE_STILL_IN_USE, kDecided},

    {kEnumDiscRecorders, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kEnumDiscRecorders, kFormatActive, IMAPI_E_NOACTIVEFORMAT, kDocumented},

    {kGetActiveDiscRecorder, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kGetActiveDiscRecorder, kFormatActive, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {kGetActiveDiscRecorder, kRecorderSelected, IMAPI_E_NOACTIVERECORDER, kDocumented},

    {kSetActiveDiscRecorder, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kSetActiveDiscRecorder, kFormatActive, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {kSetActiveDiscRecorder, kIdle, IMAPI_E_DEVICE_STILL_IN_USE, kDecided},

    {kClearFormatContent, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kClearFormatContent, kIdle, IMAPI_E_DEVICE_STILL_IN_USE, kDecided},

    {kProgressAdvise, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},

    {kProgressUnadvise, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},

    {kRecordDisc, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kRecordDisc, kFormatActive, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {kRecordDisc, kRecorderSelected, IMAPI_E_NOACTIVERECORDER, kDocumented},
    {kRecordDisc, kIdle, IMAPI_E_DEVICE_STILL_IN_USE, kDecided},
    {kRecordDisc, kDataStaged, IMAPI_E_INVALIDIMAGE, kDocumented},
    {kRecordDisc, kRecorderUnheld, IMAPI_E_DEVICE_NOTACCESSIBLE, kDocumented},

    {kMasterClose, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kMasterClose, kIdle, IMAPI_E_DEVICE_STILL_IN_USE, kDecided},

    {kGetTotalDataBlocks, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kGetTotalDataBlocks, kJolietActive, IMAPI_E_WRONGFORMAT, kDocumented},
    {kGetTotalDataBlocks, kRecorderSelected, IMAPI_E_NOACTIVERECORDER, kDecided},
    {kGetTotalDataBlocks, kDiscRead, IMAPI_E_INVALIDIMAGE, kDecided},

    {kGetUsedDataBlocks, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kGetUsedDataBlocks, kJolietActive, IMAPI_E_WRONGFORMAT, kDocumented},
    {kGetUsedDataBlocks, kRecorderSelected, IMAPI_E_NOACTIVERECORDER, kDecided},
    {kGetUsedDataBlocks, kDiscRead, IMAPI_E_INVALIDIMAGE, kDecided},

    {kGetDataBlockSize, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kGetDataBlockSize, kJolietActive, IMAPI_E_WRONGFORMAT, kDocumented},

    {kAddData, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kAddData, kJolietActive, IMAPI_E_WRONGFORMAT, kDocumented},
    {kAddData, kRecorderSelected, IMAPI_E_NOACTIVERECORDER, kDecided},
    {kAddData, kIdle, IMAPI_E_DEVICE_STILL_IN_USE, kDecided},
    {kAddData, kDiscRead, IMAPI_E_INVALIDIMAGE, kDecided},

    {kGetJolietProperties, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kGetJolietProperties, kFormatActive, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {kGetJolietProperties, kJolietActive, IMAPI_E_WRONGFORMAT, kDocumented},

    {kSetJolietProperties, kMasterOpen, IMAPI_E_NOTOPENED, kDocumented},
    {kSetJolietProperties, kFormatActive, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {kSetJolietProperties, kJolietActive, IMAPI_E_WRONGFORMAT, kDocumented},
    {kSetJolietProperties, kIdle, IMAPI_E_DEVICE_STILL_IN_USE, kDecided},

    {kGetRecorderGUID, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kGetRecorderType, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kGetDisplayNames, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kGetBasePnPID, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kGetPath, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kGetRecorderProperties, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kSetRecorderProperties, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kGetRecorderState, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},

    {kOpenExclusive, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kOpenExclusive, kRecorderUnheld, IMAPI_E_DEVICE_NOTACCESSIBLE, kDocumented},

    {kQueryMediaType, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kQueryMediaType, kHeldByCaller, IMAPI_E_NOTOPENED, kDocumented},

    {kQueryMediaInfo, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kQueryMediaInfo, kHeldByCallerOrActive, IMAPI_E_NOTOPENED, kDecided},
    {kQueryMediaInfo, kUnheldByOthers, IMAPI_E_DEVICE_NOTACCESSIBLE, kDecided},

    {kEject, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kEject, kHeldByCaller, IMAPI_E_NOTOPENED, kDocumented},

    {kErase, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kErase, kHeldByCaller, IMAPI_E_NOTOPENED, kDocumented},

    {kRecorderClose, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDocumented},
    {kRecorderClose, kHeldByCaller, IMAPI_E_NOTOPENED, kDocumented},

    {kInspect, kRecorderBound, IMAPI_E_NOTINITIALIZED, kDecided},
    {kInspect, kUnheldByOthers, IMAPI_E_DEVICE_NOTACCESSIBLE, kDecided},
});

constexpr bool is_first_row(std::size_t row) {
  return row == 0 || kOrderRules.at(row - 1).method != kOrderRules.at(row).method;
}

// Methods come in the order of their enumeration, so that each has its rows in one place, and none
// is missing.
constexpr bool every_method_has_one_run_of_rows() {
  std::size_t runs = 0;
  for (std::size_t row = 0; row < kOrderRules.size(); ++row)
    if (is_first_row(row) && static_cast<std::size_t>(kOrderRules.at(row).method) != runs++)
      return false;
  return runs == kMethodCount;
}
static_assert(every_method_has_one_run_of_rows());

// "Everything else on the object needs it" (IDiscMaster::Open), and the same for a bound recorder.
constexpr bool first_rows_are_the_basic_ones() {
  for (std::size_t row = 1; row < kOrderRules.size(); ++row) {
    if (!is_first_row(row)) continue;
    const OrderRule& rule = kOrderRules.at(row);
    const bool recorder = rule.method >= kGetRecorderGUID;
    if (rule.requirement != (recorder ? kRecorderBound : kMasterOpen)) return false;
    if (rule.otherwise != (recorder ? IMAPI_E_NOTINITIALIZED : IMAPI_E_NOTOPENED)) return false;
  }
  return true;
}
static_assert(first_rows_are_the_basic_ones());

// A requirement has one code, wherever it stands.
constexpr bool a_requirement_has_one_code() {
  return std::ranges::all_of(kOrderRules, [](const OrderRule& rule) {
    return std::ranges::all_of(kOrderRules, [&](const OrderRule& other) {
      return rule.requirement != other.requirement || rule.otherwise == other.otherwise;
    });
  });
}
static_assert(a_requirement_has_one_code());

struct Explanation {
  Requirement requirement;
  std::string_view message;
  std::string_view advice;
};

constexpr auto kExplanations = std::to_array<Explanation>({
    {kMasterClosed, "the disc master is open already", "Close it first, or use it as it is."},
    {kMasterOpen, "the disc master is not open", "Call Open first."},
    {kFormatActive, "no disc master format is active", "Call SetActiveDiscMasterFormat first."},
    {kJolietActive, "the Joliet format is not active",
     "Select it with SetActiveDiscMasterFormat, and use the interface that it returns."},
    {kRecorderSelected, "no recorder is active", "Insert a disc and call SetActiveDiscRecorder."},
    {kIdle, "an operation of this disc master is still running",
     "Wait until the call has returned that sent the callback."},
    {kDiscRead, "the last image was recorded, and the disc was not read again since",
     "Call SetActiveDiscRecorder again before the next image."},
    {kDataStaged, "nothing was added to the image", "Call AddData first."},
    {kRecorderUnheld, "the recorder is in use", "Close it where it was opened exclusively."},
    {kRecorderBound, "the recorder object refers to no drive",
     "Use an object that EnumDiscRecorders returned."},
    {kHeldByCaller, "the recorder is not opened exclusively by this object",
     "Call OpenExclusive first."},
    {kHeldByCallerOrActive,
     "the recorder is neither opened exclusively by this object nor the active one",
     "Call OpenExclusive first, or make it the active recorder."},
    {kUnheldByOthers, "the recorder is in use elsewhere",
     "Close it where it was opened exclusively, or wait until the burn is over."},
});

constexpr bool explanations_are_in_order() {
  std::size_t next = 0;
  return std::ranges::all_of(kExplanations, [&](const Explanation& explanation) {
    return static_cast<std::size_t>(explanation.requirement) == next++;
  });
}
static_assert(kExplanations.size() == kRequirementCount && explanations_are_in_order());

constexpr std::array<std::string_view, kMethodCount> kMethodNames{
    "Open",
    "EnumDiscMasterFormats",
    "GetActiveDiscMasterFormat",
    "SetActiveDiscMasterFormat",
    "EnumDiscRecorders",
    "GetActiveDiscRecorder",
    "SetActiveDiscRecorder",
    "ClearFormatContent",
    "ProgressAdvise",
    "ProgressUnadvise",
    "RecordDisc",
    "Close",
    "GetTotalDataBlocks",
    "GetUsedDataBlocks",
    "GetDataBlockSize",
    "AddData",
    "GetJolietProperties",
    "SetJolietProperties",
    "GetRecorderGUID",
    "GetRecorderType",
    "GetDisplayNames",
    "GetBasePnPID",
    "GetPath",
    "GetRecorderProperties",
    "SetRecorderProperties",
    "GetRecorderState",
    "OpenExclusive",
    "QueryMediaType",
    "QueryMediaInfo",
    "Eject",
    "Erase",
    "Close",
    "Inspect",
};
static_assert(!kMethodNames.back().empty());

// In the words of the layers below: somebody has it, or it was asked for too early.
ErrorCode kind_of(ResultCode code) {
  return code == IMAPI_E_DEVICE_NOTACCESSIBLE || code == IMAPI_E_DEVICE_STILL_IN_USE
             ? ErrorCode::kBusy
             : ErrorCode::kInvalidArgument;
}

}  // namespace

std::string_view name_of(Method method) {
  return kMethodNames.at(static_cast<std::size_t>(method));
}

std::span<const OrderRule> order_rules() { return kOrderRules; }

Status check_order(Method method, const Facts& facts) {
  const auto* const rule = std::ranges::find_if(kOrderRules, [&](const OrderRule& candidate) {
    return candidate.method == method && !facts.hold(candidate.requirement);
  });
  if (rule == kOrderRules.end()) return {};
  const Explanation& why = kExplanations.at(static_cast<std::size_t>(rule->requirement));
  return refuse(rule->otherwise, kind_of(rule->otherwise),
                fmt::format("{}: {}", name_of(method), why.message), std::string(why.advice));
}

}  // namespace pregroove::imapi
