#include "engine/imapi/result_codes.h"

#include <gtest/gtest.h>

#include <array>

namespace pregroove::imapi {
namespace {

struct Published {
  std::uint32_t value;
  std::string_view name;
};

// imapi.md 5: the SDK's imapi.h and imapierror.h.
constexpr auto kPublished = std::to_array<Published>({
    {0x00040200, "IMAPI_S_PROPERTIESIGNORED"},
    {0x00040201, "IMAPI_S_BUFFER_TO_SMALL"},
    {0x8004020B, "IMAPI_E_NOTOPENED"},
    {0x8004020C, "IMAPI_E_NOTINITIALIZED"},
    {0x8004020D, "IMAPI_E_USERABORT"},
    {0x8004020E, "IMAPI_E_GENERIC"},
    {0x8004020F, "IMAPI_E_MEDIUM_NOTPRESENT"},
    {0x80040210, "IMAPI_E_MEDIUM_INVALIDTYPE"},
    {0x80040211, "IMAPI_E_DEVICE_NOPROPERTIES"},
    {0x80040212, "IMAPI_E_DEVICE_NOTACCESSIBLE"},
    {0x80040213, "IMAPI_E_DEVICE_NOTPRESENT"},
    {0x80040214, "IMAPI_E_DEVICE_INVALIDTYPE"},
    {0x80040215, "IMAPI_E_INITIALIZE_WRITE"},
    {0x80040216, "IMAPI_E_INITIALIZE_ENDWRITE"},
    {0x80040217, "IMAPI_E_FILESYSTEM"},
    {0x80040218, "IMAPI_E_FILEACCESS"},
    {0x80040219, "IMAPI_E_DISCINFO"},
    {0x8004021A, "IMAPI_E_TRACKNOTOPEN"},
    {0x8004021B, "IMAPI_E_TRACKOPEN"},
    {0x8004021C, "IMAPI_E_DISCFULL"},
    {0x8004021D, "IMAPI_E_BADJOLIETNAME"},
    {0x8004021E, "IMAPI_E_INVALIDIMAGE"},
    {0x8004021F, "IMAPI_E_NOACTIVEFORMAT"},
    {0x80040220, "IMAPI_E_NOACTIVERECORDER"},
    {0x80040221, "IMAPI_E_WRONGFORMAT"},
    {0x80040222, "IMAPI_E_ALREADYOPEN"},
    {0x80040223, "IMAPI_E_WRONGDISC"},
    {0x80040224, "IMAPI_E_FILEEXISTS"},
    {0x80040225, "IMAPI_E_STASHINUSE"},
    {0x80040226, "IMAPI_E_DEVICE_STILL_IN_USE"},
    {0x80040227, "IMAPI_E_LOSS_OF_STREAMING"},
    {0x80040228, "IMAPI_E_COMPRESSEDSTASH"},
    {0x80040229, "IMAPI_E_ENCRYPTEDSTASH"},
    {0x8004022A, "IMAPI_E_NOTENOUGHDISKFORSTASH"},
    {0x8004022B, "IMAPI_E_REMOVABLESTASH"},
    {0x8004022C, "IMAPI_E_CANNOT_WRITE_TO_MEDIA"},
    {0x8004022D, "IMAPI_E_TRACK_NOT_BIG_ENOUGH"},
    {0x8004022E, "IMAPI_E_BOOTIMAGE_AND_NONBLANK_DISC"},
});

TEST(ResultCodes, HaveMicrosoftsNumbersAndNames) {
  for (const Published& published : kPublished)
    EXPECT_EQ(name_of(static_cast<ResultCode>(published.value)), published.name);
}

struct Mapping {
  ErrorCode error;
  ResultCode code;
};
constexpr auto kMappings = std::to_array<Mapping>({
    {ErrorCode::kBadName, ResultCode::IMAPI_E_BADJOLIETNAME},
    {ErrorCode::kAlreadyExists, ResultCode::IMAPI_E_FILEEXISTS},
    {ErrorCode::kNoRoom, ResultCode::IMAPI_E_DISCFULL},
    {ErrorCode::kMediumNotPresent, ResultCode::IMAPI_E_MEDIUM_NOTPRESENT},
    {ErrorCode::kWrongMedium, ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE},
    {ErrorCode::kMediumChanged, ResultCode::IMAPI_E_WRONGDISC},
    {ErrorCode::kUnsupported, ResultCode::IMAPI_E_DEVICE_INVALIDTYPE},
    {ErrorCode::kBusy, ResultCode::IMAPI_E_DEVICE_NOTACCESSIBLE},
    {ErrorCode::kCancelled, ResultCode::IMAPI_E_USERABORT},
    {ErrorCode::kTransport, ResultCode::IMAPI_E_DEVICE_NOTPRESENT},
    {ErrorCode::kProtocol, ResultCode::IMAPI_E_DISCINFO},
    {ErrorCode::kAccessDenied, ResultCode::IMAPI_E_FILEACCESS},
    {ErrorCode::kInvalidArgument, ResultCode::E_INVALIDARG},
});

TEST(ResultCodes, SayWhatWentWrongBelow) {
  for (const Mapping& mapping : kMappings)
    EXPECT_EQ(code_for(Error{.code = mapping.error}), mapping.code) << name_of(mapping.error);
}

TEST(ResultCodes, NeverCallAResetDuringTheBurnAWrongDisc) {
  EXPECT_EQ(code_for(Error{.code = ErrorCode::kMediumChanged, .disc_touched = true}),
            ResultCode::IMAPI_E_GENERIC);
}

// SPC-4: 0C/09 is WRITE ERROR - LOSS OF STREAMING, 0C/00 WRITE ERROR, 30/05 CANNOT WRITE MEDIUM -
// INCOMPATIBLE FORMAT.
TEST(ResultCodes, FollowTheSenseCodeWhereItSaysMore) {
  const auto code = [](SenseCode sense) {
    return code_for(Error{.code = ErrorCode::kDevice, .sense = sense});
  };
  EXPECT_EQ(code({0x3, 0x0C, 0x09}), ResultCode::IMAPI_E_LOSS_OF_STREAMING);
  EXPECT_EQ(code({0x3, 0x0C, 0x00}), ResultCode::IMAPI_E_CANNOT_WRITE_TO_MEDIA);
  EXPECT_EQ(code({0x5, 0x30, 0x05}), ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE);
  EXPECT_EQ(code({0x4, 0x44, 0x00}), ResultCode::IMAPI_E_GENERIC);
}

}  // namespace
}  // namespace pregroove::imapi
