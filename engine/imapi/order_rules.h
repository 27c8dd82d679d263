// Which call is allowed when: IMAPI's order rules as a table (imapi.md 6.2).
//
// Every method asks check_order first. The rows of a method are checked from the top, and the first
// requirement that is not met gives the result code. What the basis of each row is, and why the
// undocumented ones were decided as they are, is in README.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/imapi/result_codes.h"

namespace pregroove::imapi {

enum class Method : std::uint8_t {
  // IDiscMaster
  kOpen,
  kEnumDiscMasterFormats,
  kGetActiveDiscMasterFormat,
  kSetActiveDiscMasterFormat,
  kEnumDiscRecorders,
  kGetActiveDiscRecorder,
  kSetActiveDiscRecorder,
  kClearFormatContent,
  kProgressAdvise,
  kProgressUnadvise,
  kRecordDisc,
  kMasterClose,
  // IJolietDiscMaster
  kGetTotalDataBlocks,
  kGetUsedDataBlocks,
  kGetDataBlockSize,
  kAddData,
  kGetJolietProperties,
  kSetJolietProperties,
  // IDiscRecorder
  kGetRecorderGUID,
  kGetRecorderType,
  kGetDisplayNames,
  kGetBasePnPID,
  kGetPath,
  kGetRecorderProperties,
  kSetRecorderProperties,
  kGetRecorderState,
  kOpenExclusive,
  kQueryMediaType,
  kQueryMediaInfo,
  kEject,
  kErase,
  kRecorderClose,
  kInspect,  // beyond IMAPI
};
inline constexpr std::size_t kMethodCount = static_cast<std::size_t>(Method::kInspect) + 1;
[[nodiscard]] std::string_view name_of(Method method);

enum class Requirement : std::uint8_t {
  kMasterClosed,
  kMasterOpen,
  kFormatActive,
  kJolietActive,
  kRecorderSelected,
  kIdle,            // not called from inside a callback of RecordDisc or AddData
  kDiscRead,        // the recorder was selected since the last image was recorded
  kDataStaged,      // something was added
  kRecorderUnheld,  // nobody has the recorder exclusively
  kRecorderBound,
  kHeldByCaller,          // this object has the recorder exclusively
  kHeldByCallerOrActive,  // or it is the master's active recorder
  kUnheldByOthers,        // free, or held by this object
};
inline constexpr std::size_t kRequirementCount =
    static_cast<std::size_t>(Requirement::kUnheldByOthers) + 1;

// How a row is known: stated in a source, inferred from the texts of the codes, or decided by us.
enum class Basis : std::uint8_t { kDocumented, kInferred, kDecided };

struct OrderRule {
  Method method;
  Requirement requirement;
  ResultCode otherwise;
  Basis basis;
};
// All rows, those of one method together and in checking order.
[[nodiscard]] std::span<const OrderRule> order_rules();

// What holds at the time of a call; nothing does until it is said.
class Facts {
 public:
  constexpr Facts& set(Requirement requirement, bool holds) {
    if (holds) bits_ |= std::uint32_t{1} << static_cast<unsigned>(requirement);
    return *this;
  }
  [[nodiscard]] constexpr bool hold(Requirement requirement) const {
    return ((bits_ >> static_cast<unsigned>(requirement)) & 1U) != 0;
  }

 private:
  static_assert(kRequirementCount <= 32);
  std::uint32_t bits_ = 0;
};

// The first row of the method whose requirement does not hold, as a failure that says what to do.
[[nodiscard]] Status check_order(Method method, const Facts& facts);

}  // namespace pregroove::imapi
