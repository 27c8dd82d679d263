#include "simdrive/drive/command_error.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;

// Names and values: MMC-6 annex F and SPC-4 annex D; where drives differ, the personality's.
SenseCode code_for(Fault fault, const profiles::SenseAnswers& answers) {
  switch (fault) {
    case Fault::kUnknownOpcode:
      return {5, 0x20, 0x00};
    case Fault::kInvalidFieldInCdb:
      return {5, 0x24, 0x00};
    case Fault::kInvalidFieldInParameterList:
      return {5, 0x26, 0x00};
    case Fault::kParameterListLength:
      return {5, 0x1A, 0x00};
    case Fault::kSavingNotSupported:
      return {5, 0x39, 0x00};
    case Fault::kLbaOutOfRange:
      return {5, 0x21, 0x00};
    case Fault::kInvalidAddressForWrite:
      return {5, 0x21, 0x02};
    case Fault::kEndOfUserArea:
      return answers.write_beyond_track;
    case Fault::kIllegalModeForTrack:
      return {5, 0x64, 0x00};
    case Fault::kIllegalPacketSize:
      return {5, 0x64, 0x01};
    case Fault::kPacketDoesNotFit:
      return {5, 0x63, 0x01};
    case Fault::kCommandSequence:
      return {5, 0x2C, 0x00};
    case Fault::kCannotWriteMedium:
      return answers.write_to_finalised;
    case Fault::kCannotWriteReadOnlyMedium:
      return answers.write_to_rom;
    case Fault::kCannotWriteKind:
      return {5, 0x30, 0x05};
    case Fault::kCannotReadMedium:  // recalled, not read
      return {2, 0x30, 0x02};
    case Fault::kCannotFormatMedium:
      return answers.format_type_of_another_medium;
    case Fault::kMediumNotFormatted:
      return answers.write_to_unformatted;
    case Fault::kCannotEraseMedium:
      return answers.blank_write_once;
    case Fault::kBlankTypeUnsupported:
      return answers.blank_type_unsupported;
    case Fault::kMediumNotPresentTrayClosed:
      return answers.tray_closed_empty;
    case Fault::kMediumNotPresentTrayOpen:
      return answers.tray_open;
    case Fault::kBecomingReady:
      return answers.spinning_up;
    case Fault::kOperationInProgress:
      return {2, 0x04, 0x07};
    case Fault::kFormatInProgress:
      return {2, 0x04, 0x04};
    case Fault::kLongWriteInProgress:
      return {2, 0x04, 0x08};
    case Fault::kPoweredOn:
      return {6, 0x29, 0x00};
    case Fault::kMediumChanged:
      return {6, 0x28, 0x00};
    case Fault::kParametersChanged:
      return {6, 0x2A, 0x01};
    case Fault::kRemovalPrevented:
      return answers.unload_while_prevented;
    case Fault::kIncompleteTrackInSession:
      return {5, 0x72, 0x03};
    case Fault::kEmptyReservedTrackInSession:
      return {5, 0x72, 0x04};
    case Fault::kNoMoreReservations:
      return {5, 0x72, 0x05};
    case Fault::kReadOfBlankDisc:
      return answers.read_blank_disc;
    case Fault::kReadOfRunOut:
      return answers.read_run_out;
    case Fault::kReadOfUnwritten:
      return answers.read_unwritten;
    case Fault::kUnrecoveredRead:  // L-EC uncorrectable
      return {3, 0x11, 0x05};
    case Fault::kWriteError:
      return {3, 0x0C, 0x00};
    case Fault::kLossOfStreaming:
      return {3, 0x0C, 0x09};
    case Fault::kCalibrationAreaAlmostFull:
      return {1, 0x73, 0x01};
    case Fault::kCalibrationAreaFull:
      return {3, 0x73, 0x02};
  }
  return {4, 0x44, 0x00};  // INTERNAL TARGET FAILURE: no enumerator is left
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
