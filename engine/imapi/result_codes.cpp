#include "engine/imapi/result_codes.h"

namespace pregroove::imapi {
namespace {

// SPC-4 additional sense codes that say more than the sense key does.
constexpr std::uint8_t kWriteErrorAsc = 0x0C;
constexpr std::uint8_t kLossOfStreamingAscq = 0x09;
constexpr std::uint8_t kIncompatibleMediumAsc = 0x30;
constexpr std::uint8_t kMediumErrorKey = 0x3;

ResultCode code_for_sense(const SenseCode& sense) {
  if (sense.asc == kWriteErrorAsc && sense.ascq == kLossOfStreamingAscq)
    return ResultCode::IMAPI_E_LOSS_OF_STREAMING;
  if (sense.asc == kIncompatibleMediumAsc) return ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE;
  if (sense.key == kMediumErrorKey && sense.asc == kWriteErrorAsc)
    return ResultCode::IMAPI_E_CANNOT_WRITE_TO_MEDIA;
  return ResultCode::IMAPI_E_GENERIC;
}

}  // namespace

std::string_view name_of(ResultCode code) {
  switch (code) {
#define PREGROOVE_NAME(name) \
  case ResultCode::name:     \
    return #name
    PREGROOVE_NAME(S_OK);
    PREGROOVE_NAME(S_FALSE);
    PREGROOVE_NAME(IMAPI_S_PROPERTIESIGNORED);
    PREGROOVE_NAME(IMAPI_S_BUFFER_TO_SMALL);
    PREGROOVE_NAME(E_NOTIMPL);
    PREGROOVE_NAME(E_NOINTERFACE);
    PREGROOVE_NAME(E_INVALIDARG);
    PREGROOVE_NAME(IMAPI_E_NOTOPENED);
    PREGROOVE_NAME(IMAPI_E_NOTINITIALIZED);
    PREGROOVE_NAME(IMAPI_E_USERABORT);
    PREGROOVE_NAME(IMAPI_E_GENERIC);
    PREGROOVE_NAME(IMAPI_E_MEDIUM_NOTPRESENT);
    PREGROOVE_NAME(IMAPI_E_MEDIUM_INVALIDTYPE);
    PREGROOVE_NAME(IMAPI_E_DEVICE_NOPROPERTIES);
    PREGROOVE_NAME(IMAPI_E_DEVICE_NOTACCESSIBLE);
    PREGROOVE_NAME(IMAPI_E_DEVICE_NOTPRESENT);
    PREGROOVE_NAME(IMAPI_E_DEVICE_INVALIDTYPE);
    PREGROOVE_NAME(IMAPI_E_INITIALIZE_WRITE);
    PREGROOVE_NAME(IMAPI_E_INITIALIZE_ENDWRITE);
    PREGROOVE_NAME(IMAPI_E_FILESYSTEM);
    PREGROOVE_NAME(IMAPI_E_FILEACCESS);
    PREGROOVE_NAME(IMAPI_E_DISCINFO);
    PREGROOVE_NAME(IMAPI_E_TRACKNOTOPEN);
    PREGROOVE_NAME(IMAPI_E_TRACKOPEN);
    PREGROOVE_NAME(IMAPI_E_DISCFULL);
    PREGROOVE_NAME(IMAPI_E_BADJOLIETNAME);
    PREGROOVE_NAME(IMAPI_E_INVALIDIMAGE);
    PREGROOVE_NAME(IMAPI_E_NOACTIVEFORMAT);
    PREGROOVE_NAME(IMAPI_E_NOACTIVERECORDER);
    PREGROOVE_NAME(IMAPI_E_WRONGFORMAT);
    PREGROOVE_NAME(IMAPI_E_ALREADYOPEN);
    PREGROOVE_NAME(IMAPI_E_WRONGDISC);
    PREGROOVE_NAME(IMAPI_E_FILEEXISTS);
    PREGROOVE_NAME(IMAPI_E_STASHINUSE);
    PREGROOVE_NAME(IMAPI_E_DEVICE_STILL_IN_USE);
    PREGROOVE_NAME(IMAPI_E_LOSS_OF_STREAMING);
    PREGROOVE_NAME(IMAPI_E_COMPRESSEDSTASH);
    PREGROOVE_NAME(IMAPI_E_ENCRYPTEDSTASH);
    PREGROOVE_NAME(IMAPI_E_NOTENOUGHDISKFORSTASH);
    PREGROOVE_NAME(IMAPI_E_REMOVABLESTASH);
    PREGROOVE_NAME(IMAPI_E_CANNOT_WRITE_TO_MEDIA);
    PREGROOVE_NAME(IMAPI_E_TRACK_NOT_BIG_ENOUGH);
    PREGROOVE_NAME(IMAPI_E_BOOTIMAGE_AND_NONBLANK_DISC);
#undef PREGROOVE_NAME
  }
  return "unknown result code";
}

ResultCode code_for(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return ResultCode::E_INVALIDARG;
    case ErrorCode::kNotFound:
    case ErrorCode::kAccessDenied:
    case ErrorCode::kSourceChanged:
    case ErrorCode::kIo:
      return ResultCode::IMAPI_E_FILEACCESS;
    case ErrorCode::kBadName:
      return ResultCode::IMAPI_E_BADJOLIETNAME;
    case ErrorCode::kAlreadyExists:
      return ResultCode::IMAPI_E_FILEEXISTS;
    case ErrorCode::kNoRoom:
      return ResultCode::IMAPI_E_DISCFULL;
    case ErrorCode::kMediumNotPresent:
      return ResultCode::IMAPI_E_MEDIUM_NOTPRESENT;
    case ErrorCode::kWrongMedium:
      return ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE;
    case ErrorCode::kMediumChanged:
      // After the first write it was no swap (the tray is locked) but a reset of the drive.
      return error.disc_touched ? ResultCode::IMAPI_E_GENERIC : ResultCode::IMAPI_E_WRONGDISC;
    case ErrorCode::kUnsupported:
      return ResultCode::IMAPI_E_DEVICE_INVALIDTYPE;
    case ErrorCode::kBusy:
    case ErrorCode::kTimeout:
      return ResultCode::IMAPI_E_DEVICE_NOTACCESSIBLE;
    case ErrorCode::kCancelled:
      return ResultCode::IMAPI_E_USERABORT;
    case ErrorCode::kTransport:
      return ResultCode::IMAPI_E_DEVICE_NOTPRESENT;
    case ErrorCode::kDevice:
      return error.sense ? code_for_sense(*error.sense) : ResultCode::IMAPI_E_GENERIC;
    case ErrorCode::kProtocol:
    case ErrorCode::kCorruptImage:
      return ResultCode::IMAPI_E_DISCINFO;
    case ErrorCode::kVerification:
      return ResultCode::IMAPI_E_CANNOT_WRITE_TO_MEDIA;
    case ErrorCode::kCorruptFile:
      return ResultCode::IMAPI_E_GENERIC;
  }
  return ResultCode::IMAPI_E_GENERIC;
}

}  // namespace pregroove::imapi
