// Why a simulated drive refuses a command, in words of the domain; and the one table that turns
// them into sense data, where drives agree.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/scsi/sense.h"
#include "simdrive/disc/layout.h"
#include "simdrive/profiles/quirks.h"

namespace simdrive {

enum class Fault : std::uint8_t {
  kUnknownOpcode,
  kInvalidFieldInCdb,
  kInvalidFieldInParameterList,
  kParameterListLength,
  kSavingNotSupported,
  kLbaOutOfRange,
  kInvalidAddressForWrite,
  kEndOfUserArea,
  kIllegalModeForTrack,
  kIllegalPacketSize,
  kPacketDoesNotFit,
  kCommandSequence,
  kCannotWriteMedium,
  kCannotWriteReadOnlyMedium,
  kCannotWriteKind,   // the drive writes no media of this kind
  kCannotReadMedium,  // nor reads them
  kCannotEraseMedium,
  kCannotFormatMedium,
  kMediumNotFormatted,
  kMediumNotPresentTrayClosed,
  kMediumNotPresentTrayOpen,
  kBecomingReady,
  kOperationInProgress,
  kFormatInProgress,
  kLongWriteInProgress,
  kPoweredOn,
  kMediumChanged,
  kParametersChanged,
  kRemovalPrevented,
  kIncompleteTrackInSession,
  kEmptyReservedTrackInSession,
  kNoMoreReservations,
  kBlankTypeUnsupported,
  kReadOfBlankDisc,
  kReadOfRunOut,
  kReadOfUnwritten,
  kUnrecoveredRead,
  kWriteError,
  kLossOfStreaming,
  kCalibrationAreaAlmostFull,
  kCalibrationAreaFull,
};

struct CommandError {
  Fault fault = Fault::kInvalidFieldInCdb;
  std::optional<Lba> lba;                       // the block that is to blame
  std::optional<std::uint16_t> progress;        // of the operation that is in the way
  std::size_t bytes_transferred = 0;            // what had been sent to the host before
  std::optional<pregroove::SenseCode> sense{};  // what this drive says instead of the usual code
};

// Drives differ in some of the codes.
[[nodiscard]] pregroove::scsi::Sense sense_for(const CommandError& error,
                                               const profiles::SenseAnswers& answers = {});
// What the drive says when the rules of the disc forbid something at an address.
[[nodiscard]] Fault fault_for(Refusal refusal);

}  // namespace simdrive
