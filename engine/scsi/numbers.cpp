#include "engine/scsi/numbers.h"

namespace pregroove::scsi {

std::string_view name_of(Opcode opcode) {
  switch (opcode) {
    case Opcode::kTestUnitReady:
      return "TEST UNIT READY";
    case Opcode::kRequestSense:
      return "REQUEST SENSE";
    case Opcode::kFormatUnit:
      return "FORMAT UNIT";
    case Opcode::kInquiry:
      return "INQUIRY";
    case Opcode::kStartStopUnit:
      return "START STOP UNIT";
    case Opcode::kPreventAllowMediumRemoval:
      return "PREVENT ALLOW MEDIUM REMOVAL";
    case Opcode::kReadFormatCapacities:
      return "READ FORMAT CAPACITIES";
    case Opcode::kReadCapacity:
      return "READ CAPACITY";
    case Opcode::kRead10:
      return "READ (10)";
    case Opcode::kWrite10:
      return "WRITE (10)";
    case Opcode::kSynchronizeCache:
      return "SYNCHRONIZE CACHE";
    case Opcode::kReadSubChannel:
      return "READ SUB-CHANNEL";
    case Opcode::kReadTocPmaAtip:
      return "READ TOC/PMA/ATIP";
    case Opcode::kGetConfiguration:
      return "GET CONFIGURATION";
    case Opcode::kGetEventStatusNotification:
      return "GET EVENT STATUS NOTIFICATION";
    case Opcode::kReadDiscInformation:
      return "READ DISC INFORMATION";
    case Opcode::kReadTrackInformation:
      return "READ TRACK INFORMATION";
    case Opcode::kReserveTrack:
      return "RESERVE TRACK";
    case Opcode::kSendOpcInformation:
      return "SEND OPC INFORMATION";
    case Opcode::kModeSelect10:
      return "MODE SELECT (10)";
    case Opcode::kModeSense10:
      return "MODE SENSE (10)";
    case Opcode::kCloseTrackSession:
      return "CLOSE TRACK/SESSION";
    case Opcode::kReadBufferCapacity:
      return "READ BUFFER CAPACITY";
    case Opcode::kSendCueSheet:
      return "SEND CUE SHEET";
    case Opcode::kBlank:
      return "BLANK";
    case Opcode::kRead12:
      return "READ (12)";
    case Opcode::kWrite12:
      return "WRITE (12)";
    case Opcode::kGetPerformance:
      return "GET PERFORMANCE";
    case Opcode::kSetStreaming:
      return "SET STREAMING";
    case Opcode::kReadCdMsf:
      return "READ CD MSF";
    case Opcode::kSetCdSpeed:
      return "SET CD SPEED";
    case Opcode::kReadCd:
      return "READ CD";
    case Opcode::kSendDiscStructure:
      return "SEND DISC STRUCTURE";
  }
  return {};
}

std::string_view name_of(Profile profile) {
  switch (profile) {
    case Profile::kNone:
      return "no disc";
    case Profile::kCdRom:
      return "CD-ROM";
    case Profile::kCdR:
      return "CD-R";
    case Profile::kCdRw:
      return "CD-RW";
    case Profile::kDvdRom:
      return "DVD-ROM";
    case Profile::kDvdRSequential:
      return "DVD-R sequential recording";
    case Profile::kDvdRam:
      return "DVD-RAM";
    case Profile::kDvdRwRestrictedOverwrite:
      return "DVD-RW restricted overwrite";
    case Profile::kDvdRwSequential:
      return "DVD-RW sequential recording";
    case Profile::kDvdRDualLayerSequential:
      return "DVD-R DL sequential recording";
    case Profile::kDvdRDualLayerJump:
      return "DVD-R DL layer jump recording";
    case Profile::kDvdPlusRw:
      return "DVD+RW";
    case Profile::kDvdPlusR:
      return "DVD+R";
    case Profile::kDvdPlusRDualLayer:
      return "DVD+R DL";
    case Profile::kBdRom:
      return "BD-ROM";
    case Profile::kBdRSequential:
      return "BD-R sequential recording";
    case Profile::kBdRRandom:
      return "BD-R random recording";
    case Profile::kBdRe:
      return "BD-RE";
  }
  return {};
}

}  // namespace pregroove::scsi
