// What libcdio's return codes become. Values: libcdio's cdio/device.h.
#include "engine/passthrough_cdio/cdio_completion.h"

#include <cdio/cdio.h>
#include <gtest/gtest.h>

#include <array>
#include <ostream>

namespace pregroove::passthrough {
namespace {

// Fixed format: 5/21/02 INVALID ADDRESS FOR WRITE.
constexpr std::array<std::byte, 18> kInvalidAddress{std::byte{0x70},
                                                    {},
                                                    std::byte{0x05},
                                                    {},
                                                    {},
                                                    {},
                                                    {},
                                                    std::byte{10},
                                                    {},
                                                    {},
                                                    {},
                                                    {},
                                                    std::byte{0x21},
                                                    std::byte{0x02}};

TEST(CdioCompletion, CountsSuccessAsEverything) {
  const auto completion =
      completion_of({.return_code = DRIVER_OP_SUCCESS, .requested = 2048}, "/dev/cd0");
  ASSERT_TRUE(completion.has_value());
  EXPECT_EQ(completion->status, scsi::ScsiStatus::kGood);
  EXPECT_EQ(completion->bytes_transferred, 2048U);
}

// Some of libcdio's drivers say "error" where others say "sense data".
TEST(CdioCompletion, HandsTheSenseDataOn) {
  for (const int code : {DRIVER_OP_MMC_SENSE_DATA, DRIVER_OP_ERROR}) {
    const auto completion = completion_of(
        {.return_code = code, .requested = 2048, .sense = kInvalidAddress}, "/dev/cd0");
    ASSERT_TRUE(completion.has_value()) << code;
    EXPECT_EQ(completion->status, scsi::ScsiStatus::kCheckCondition);
    ASSERT_TRUE(completion->sense.has_value());
    EXPECT_EQ(completion->sense->code, (SenseCode{5, 0x21, 0x02}));
    EXPECT_EQ(completion->bytes_transferred, 0U);
  }
}

TEST(CdioCompletion, KeepsARefusalThatGivesNoReason) {
  const auto completion = completion_of({.return_code = DRIVER_OP_MMC_SENSE_DATA}, "/dev/cd0");
  ASSERT_TRUE(completion.has_value());
  EXPECT_EQ(completion->status, scsi::ScsiStatus::kCheckCondition);
  EXPECT_FALSE(completion->sense.has_value());
}

struct Failure {
  int return_code;
  ErrorCode code;
  friend void PrintTo(const Failure& row, std::ostream* out) { *out << row.return_code; }
};

TEST(CdioCompletion, TellsFailedExchangesApart) {
  constexpr auto kRows = std::to_array<Failure>({
      {DRIVER_OP_ERROR, ErrorCode::kTransport},
      {DRIVER_OP_UNSUPPORTED, ErrorCode::kUnsupported},
      {DRIVER_OP_UNINIT, ErrorCode::kTransport},
      {DRIVER_OP_NOT_PERMITTED, ErrorCode::kAccessDenied},
      {DRIVER_OP_BAD_PARAMETER, ErrorCode::kTransport},
      {DRIVER_OP_NO_DRIVER, ErrorCode::kUnsupported},
  });
  // A reply of zeros is no sense data.
  constexpr std::array<std::byte, 18> kNothing{std::byte{0x70}};
  for (const auto& row : kRows)
    for (const auto sense : {std::span<const std::byte>{}, std::span<const std::byte>(kNothing)}) {
      const auto completion =
          completion_of({.return_code = row.return_code, .sense = sense}, "/dev/cd0");
      ASSERT_FALSE(completion.has_value()) << row.return_code;
      EXPECT_EQ(completion.error().code, row.code) << row.return_code;
      EXPECT_NE(completion.error().message.find("/dev/cd0"), std::string::npos);
    }
}

}  // namespace
}  // namespace pregroove::passthrough
