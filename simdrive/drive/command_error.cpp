#include "simdrive/drive/command_error.h"

#include <array>
#include <cstddef>

namespace simdrive {
namespace {

using pregroove::SenseCode;
using profiles::SenseAnswers;

// A fault has one code everywhere, or the one that the personality answers with.
struct FaultRow {
  Fault fault;
  SenseCode code{};
  SenseCode SenseAnswers::*answer = nullptr;
};

// Names and values: MMC-6 annex F and SPC-4 annex D; where drives differ, the personality's. In the
// order of the faults.
constexpr auto kFaults = std::to_array<FaultRow>({
    {Fault::kUnknownOpcode, {5, 0x20, 0x00}},
    {Fault::kInvalidFieldInCdb, {5, 0x24, 0x00}},
    {Fault::kInvalidFieldInParameterList, {5, 0x26, 0x00}},
    {Fault::kParameterListLength, {5, 0x1A, 0x00}},
    {Fault::kSavingNotSupported, {5, 0x39, 0x00}},
    {Fault::kLbaOutOfRange, {5, 0x21, 0x00}},
    {Fault::kInvalidAddressForWrite, {5, 0x21, 0x02}},
    {Fault::kEndOfUserArea, {}, &SenseAnswers::write_beyond_track},
    {Fault::kIllegalModeForTrack, {5, 0x64, 0x00}},
    {Fault::kIllegalPacketSize, {5, 0x64, 0x01}},
    {Fault::kPacketDoesNotFit, {5, 0x63, 0x01}},
    {Fault::kCommandSequence, {5, 0x2C, 0x00}},
    {Fault::kCannotWriteMedium, {}, &SenseAnswers::write_to_finalised},
    {Fault::kCannotWriteReadOnlyMedium, {}, &SenseAnswers::write_to_rom},
    {Fault::kCannotWriteKind, {5, 0x30, 0x05}},
    {Fault::kCannotReadMedium, {2, 0x30, 0x02}},  // recalled, not read
    {Fault::kCannotEraseMedium, {}, &SenseAnswers::blank_write_once},
    {Fault::kCannotFormatMedium, {}, &SenseAnswers::format_type_of_another_medium},
    {Fault::kMediumNotFormatted, {}, &SenseAnswers::write_to_unformatted},
    {Fault::kMediumNotPresentTrayClosed, {}, &SenseAnswers::tray_closed_empty},
    {Fault::kMediumNotPresentTrayOpen, {}, &SenseAnswers::tray_open},
    {Fault::kBecomingReady, {}, &SenseAnswers::spinning_up},
    {Fault::kOperationInProgress, {2, 0x04, 0x07}},
    {Fault::kFormatInProgress, {2, 0x04, 0x04}},
    {Fault::kLongWriteInProgress, {2, 0x04, 0x08}},
    {Fault::kPoweredOn, {6, 0x29, 0x00}},
    {Fault::kMediumChanged, {6, 0x28, 0x00}},
    {Fault::kParametersChanged, {6, 0x2A, 0x01}},
    {Fault::kRemovalPrevented, {}, &SenseAnswers::unload_while_prevented},
    {Fault::kIncompleteTrackInSession, {5, 0x72, 0x03}},
    {Fault::kEmptyReservedTrackInSession, {5, 0x72, 0x04}},
    {Fault::kNoMoreReservations, {5, 0x72, 0x05}},
    {Fault::kBlankTypeUnsupported, {}, &SenseAnswers::blank_type_unsupported},
    {Fault::kReadOfBlankDisc, {}, &SenseAnswers::read_blank_disc},
    {Fault::kReadOfRunOut, {}, &SenseAnswers::read_run_out},
    {Fault::kReadOfUnwritten, {}, &SenseAnswers::read_unwritten},
    {Fault::kUnrecoveredRead, {3, 0x11, 0x05}},  // L-EC uncorrectable
    {Fault::kWriteError, {3, 0x0C, 0x00}},
    {Fault::kLossOfStreaming, {3, 0x0C, 0x09}},
    {Fault::kCalibrationAreaAlmostFull, {1, 0x73, 0x01}},
    {Fault::kCalibrationAreaFull, {3, 0x73, 0x02}},
});

constexpr bool every_fault_has_its_row() {
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (static_cast<std::size_t>(kFaults[i].fault) != i) return false;
  }
  return kFaults.size() == static_cast<std::size_t>(Fault::kCalibrationAreaFull) + 1;
}
static_assert(every_fault_has_its_row());

SenseCode code_for(Fault fault, const SenseAnswers& answers) {
  const FaultRow& row = kFaults[static_cast<std::size_t>(fault)];
  return row.answer == nullptr ? row.code : answers.*row.answer;
}

}  // namespace

pregroove::scsi::Sense sense_for(const CommandError& error, const profiles::SenseAnswers& answers) {
  return {.code = error.sense.value_or(code_for(error.fault, answers)),
          .information = error.lba,
          .progress = error.progress};
}

Fault fault_for(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNotNextWritableAddress:
      return Fault::kInvalidAddressForWrite;
    case Refusal::kDoesNotFit:
      return Fault::kEndOfUserArea;
    case Refusal::kOtherSectorFormat:
      return Fault::kIllegalModeForTrack;
    case Refusal::kDiscComplete:
      return Fault::kCannotWriteMedium;
    case Refusal::kReadOnlyMedium:
      return Fault::kCannotWriteReadOnlyMedium;
    case Refusal::kReservedTrackIncomplete:
      return Fault::kEmptyReservedTrackInSession;
    case Refusal::kNotFormatted:
      return Fault::kMediumNotFormatted;
    case Refusal::kOtherPacketSize:
      return Fault::kIllegalPacketSize;
    case Refusal::kPacketDoesNotFit:
      return Fault::kPacketDoesNotFit;
    case Refusal::kOutOfSequence:
      return Fault::kCommandSequence;
    case Refusal::kInvalidFunction:
      return Fault::kInvalidFieldInCdb;
    case Refusal::kInvalidFormat:
      return Fault::kInvalidFieldInParameterList;
    case Refusal::kOtherMediumFormat:
      return Fault::kCannotFormatMedium;
    case Refusal::kTrackIncomplete:
      return Fault::kIncompleteTrackInSession;
    case Refusal::kTooManyTracks:
      return Fault::kNoMoreReservations;
    case Refusal::kNoSuchTrack:
      return Fault::kInvalidFieldInCdb;
    case Refusal::kNotErasable:
      return Fault::kCannotEraseMedium;
  }
  return Fault::kCommandSequence;
}

}  // namespace simdrive
