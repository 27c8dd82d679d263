// Why a simulated drive refuses a command, in words of the domain; and the one table that turns
// them into sense data.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/scsi/sense.h"
#include "simdrive/disc/layout.h"

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
  kCommandSequence,
  kCannotWriteMedium,
  kCannotWriteReadOnlyMedium,
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
  kRemovalPrevented,
  kIncompleteTrackInSession,
  kEmptyReservedTrackInSession,
  kNoMoreReservations,
  kUnrecoveredRead,
  kWriteError,
};

struct CommandError {
  Fault fault = Fault::kInvalidFieldInCdb;
  std::optional<Lba> lba;                 // the block that is to blame
  std::optional<std::uint16_t> progress;  // of the operation that is in the way
  std::size_t bytes_transferred = 0;      // what had been sent to the host before
};

[[nodiscard]] pregroove::scsi::Sense sense_for(const CommandError& error);
// What the drive says when the rules of the disc forbid something at an address.
[[nodiscard]] Fault fault_for(Refusal refusal);

}  // namespace simdrive
