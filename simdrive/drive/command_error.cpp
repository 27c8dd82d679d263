#include "simdrive/drive/command_error.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;

// Names and values: MMC-6 annex F and SPC-4 annex D. Where drives differ, the choice is noted.
SenseCode code_for(Fault fault) {
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
    case Fault::kEndOfUserArea:  // some drives: 5/21/00
      return {5, 0x63, 0x00};
    case Fault::kIllegalModeForTrack:
      return {5, 0x64, 0x00};
    case Fault::kIllegalPacketSize:
      return {5, 0x64, 0x01};
    case Fault::kCommandSequence:
      return {5, 0x2C, 0x00};
    case Fault::kCannotWriteMedium:  // some drives: 7/27/00, 5/21/02, 5/2C/00, 3/0C/00
      return {5, 0x30, 0x05};
    case Fault::kCannotWriteReadOnlyMedium:  // tgt: 5/30/00
      return {5, 0x30, 0x05};
    case Fault::kCannotFormatMedium:
      return {5, 0x30, 0x06};
    case Fault::kMediumNotFormatted:
      return {5, 0x30, 0x10};
    case Fault::kCannotEraseMedium:  // as a writer answered BLANK of a CD-R (udftools issue 67)
      return {5, 0x30, 0x06};
    case Fault::kMediumNotPresentTrayClosed:
      return {2, 0x3A, 0x01};
    case Fault::kMediumNotPresentTrayOpen:
      return {2, 0x3A, 0x02};
    case Fault::kBecomingReady:
      return {2, 0x04, 0x01};
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
    case Fault::kRemovalPrevented:
      return {5, 0x53, 0x02};
    case Fault::kIncompleteTrackInSession:
      return {5, 0x72, 0x03};
    case Fault::kEmptyReservedTrackInSession:
      return {5, 0x72, 0x04};
    case Fault::kNoMoreReservations:
      return {5, 0x72, 0x05};
    case Fault::kUnrecoveredRead:  // L-EC uncorrectable; some drives: 5/64/00
      return {3, 0x11, 0x05};
    case Fault::kWriteError:
      return {3, 0x0C, 0x00};
  }
  return {4, 0x44, 0x00};  // INTERNAL TARGET FAILURE: no enumerator is left
}

}  // namespace

pregroove::scsi::Sense sense_for(const CommandError& error) {
  return {.code = code_for(error.fault), .information = error.lba, .progress = error.progress};
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
