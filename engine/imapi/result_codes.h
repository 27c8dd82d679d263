// IMAPI's result codes, with Microsoft's numbers (SDK headers imapi.h and imapierror.h; imapi.md
// 5), and the failures that carry them.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "engine/base/error.h"

namespace pregroove::imapi {

enum class ResultCode : std::uint32_t {
  S_OK = 0x00000000,
  S_FALSE = 0x00000001,
  IMAPI_S_PROPERTIESIGNORED = 0x00040200,
  IMAPI_S_BUFFER_TO_SMALL = 0x00040201,
  E_NOTIMPL = 0x80004001,
  E_NOINTERFACE = 0x80004002,
  E_INVALIDARG = 0x80070057,
  IMAPI_E_NOTOPENED = 0x8004020B,
  IMAPI_E_NOTINITIALIZED = 0x8004020C,
  IMAPI_E_USERABORT = 0x8004020D,
  IMAPI_E_GENERIC = 0x8004020E,
  IMAPI_E_MEDIUM_NOTPRESENT = 0x8004020F,
  IMAPI_E_MEDIUM_INVALIDTYPE = 0x80040210,
  IMAPI_E_DEVICE_NOPROPERTIES = 0x80040211,
  IMAPI_E_DEVICE_NOTACCESSIBLE = 0x80040212,
  IMAPI_E_DEVICE_NOTPRESENT = 0x80040213,
  IMAPI_E_DEVICE_INVALIDTYPE = 0x80040214,
  IMAPI_E_INITIALIZE_WRITE = 0x80040215,
  IMAPI_E_INITIALIZE_ENDWRITE = 0x80040216,
  IMAPI_E_FILESYSTEM = 0x80040217,
  IMAPI_E_FILEACCESS = 0x80040218,
  IMAPI_E_DISCINFO = 0x80040219,
  IMAPI_E_TRACKNOTOPEN = 0x8004021A,
  IMAPI_E_TRACKOPEN = 0x8004021B,
  IMAPI_E_DISCFULL = 0x8004021C,
  IMAPI_E_BADJOLIETNAME = 0x8004021D,
  IMAPI_E_INVALIDIMAGE = 0x8004021E,
  IMAPI_E_NOACTIVEFORMAT = 0x8004021F,
  IMAPI_E_NOACTIVERECORDER = 0x80040220,
  IMAPI_E_WRONGFORMAT = 0x80040221,
  IMAPI_E_ALREADYOPEN = 0x80040222,
  IMAPI_E_WRONGDISC = 0x80040223,
  IMAPI_E_FILEEXISTS = 0x80040224,
  IMAPI_E_STASHINUSE = 0x80040225,
  IMAPI_E_DEVICE_STILL_IN_USE = 0x80040226,
  IMAPI_E_LOSS_OF_STREAMING = 0x80040227,
  IMAPI_E_COMPRESSEDSTASH = 0x80040228,
  IMAPI_E_ENCRYPTEDSTASH = 0x80040229,
  IMAPI_E_NOTENOUGHDISKFORSTASH = 0x8004022A,
  IMAPI_E_REMOVABLESTASH = 0x8004022B,
  IMAPI_E_CANNOT_WRITE_TO_MEDIA = 0x8004022C,
  IMAPI_E_TRACK_NOT_BIG_ENOUGH = 0x8004022D,
  IMAPI_E_BOOTIMAGE_AND_NONBLANK_DISC = 0x8004022E,
};
[[nodiscard]] std::string_view name_of(ResultCode code);

// The code that IMAPI's clients know, and what really happened: one never hides the other.
struct Failure {
  ResultCode code = ResultCode::IMAPI_E_GENERIC;
  Error cause;
};

template <typename T>
using Result = std::expected<T, Failure>;
using Status = Result<void>;

// The code for a failure of a layer below, where the place it happened at does not say it better.
[[nodiscard]] ResultCode code_for(const Error& error);

}  // namespace pregroove::imapi
