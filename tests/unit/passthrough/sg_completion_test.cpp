// The fields that Linux fills in, and what becomes of them. Values: Linux
// include/scsi/scsi_status.h and the SG_IO HOWTO.
#include "engine/passthrough/sg_completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <ostream>

namespace pregroove::passthrough {
namespace {

using testing::HasSubstr;

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

struct FailedExchange {
  std::uint16_t host;
  std::uint16_t driver;
  ErrorCode code;
  std::string_view says;
  friend void PrintTo(const FailedExchange& row, std::ostream* out) { *out << row.says; }
};

class FailedExchanges : public testing::TestWithParam<FailedExchange> {};

TEST_P(FailedExchanges, AreErrorsThatSayWhy) {
  const auto& row = GetParam();
  const auto completion =
      completion_of({.host_status = row.host, .driver_status = row.driver}, "/dev/sr0");
  ASSERT_FALSE(completion.has_value());
  EXPECT_EQ(completion.error().code, row.code);
  EXPECT_THAT(completion.error().message, HasSubstr(row.says));
  EXPECT_THAT(completion.error().message, HasSubstr("/dev/sr0"));
}

INSTANTIATE_TEST_SUITE_P(
    Statuses, FailedExchanges,
    testing::Values(FailedExchange{0x01, 0, ErrorCode::kTransport, "DID_NO_CONNECT"},
                    FailedExchange{0x02, 0, ErrorCode::kTransport, "DID_BUS_BUSY"},
                    FailedExchange{0x03, 0, ErrorCode::kTimeout, "timeout"},
                    // What libata reports beside it does not change what happened.
                    FailedExchange{0x03, 0x08, ErrorCode::kTimeout, "DID_TIME_OUT"},
                    FailedExchange{0x05, 0, ErrorCode::kTransport, "DID_ABORT"},
                    FailedExchange{0x07, 0, ErrorCode::kTransport, "DID_ERROR"},
                    FailedExchange{0x08, 0, ErrorCode::kTransport, "DID_RESET"},
                    FailedExchange{0x0E, 0, ErrorCode::kTransport, "DID_TRANSPORT_DISRUPTED"},
                    FailedExchange{0x14, 0, ErrorCode::kTransport, "DID_TRANSPORT_MARGINAL"},
                    FailedExchange{0x77, 0, ErrorCode::kTransport, "host status 77h"},
                    FailedExchange{0, 0x06, ErrorCode::kTimeout, "timeout"},
                    FailedExchange{0, 0x07, ErrorCode::kTransport, "DRIVER_HARD"},
                    FailedExchange{0, 0x0F, ErrorCode::kTransport, "driver status 0Fh"}));

TEST(SgCompletion, CountsTheBytesThatWereMoved) {
  EXPECT_EQ(completion_of({.residual = 28, .requested = 36}, "")->bytes_transferred, 8U);
}

TEST(SgCompletion, DoesNotBelieveImpossibleResiduals) {
  EXPECT_EQ(completion_of({.residual = 37, .requested = 36}, "")->bytes_transferred, 0U);
  EXPECT_EQ(completion_of({.residual = -8, .requested = 36}, "")->bytes_transferred, 36U);
}

TEST(SgCompletion, CarriesTheSenseOfACheckCondition) {
  const auto completion =
      completion_of({.status = 0x02, .driver_status = 0x08, .sense = kInvalidAddress}, "");
  ASSERT_TRUE(completion.has_value());
  EXPECT_EQ(completion->status, scsi::ScsiStatus::kCheckCondition);
  ASSERT_TRUE(completion->sense.has_value());
  EXPECT_EQ(completion->sense->code, (SenseCode{5, 0x21, 0x02}));
}

// The kernel from 5.14 on sets no driver status of its own.
TEST(SgCompletion, NeedsNoDriverStatusForSense) {
  EXPECT_TRUE(completion_of({.status = 0x02, .sense = kInvalidAddress}, "")->sense.has_value());
}

TEST(SgCompletion, IsACheckConditionWithoutSenseWhenNoneWasGiven) {
  const auto completion = completion_of({.status = 0x02, .driver_status = 0x08}, "");
  ASSERT_TRUE(completion.has_value());
  EXPECT_EQ(completion->status, scsi::ScsiStatus::kCheckCondition);
  EXPECT_FALSE(completion->sense.has_value());
}

TEST(SgCompletion, LeavesSenseOfAGoodCommandAlone) {
  EXPECT_FALSE(completion_of({.status = 0x00, .sense = kInvalidAddress}, "")->sense.has_value());
}

TEST(SgCompletion, IgnoresReservedBitsOfTheStatus) {
  EXPECT_EQ(completion_of({.status = 0x89}, "")->status, scsi::ScsiStatus::kBusy);
}

TEST(ExchangeError, TellsAMissingDriveFromAForbiddenCommand) {
  EXPECT_EQ(exchange_error(ENODEV, "/dev/sr0").code, ErrorCode::kTransport);
  EXPECT_THAT(exchange_error(ENODEV, "/dev/sr0").message, HasSubstr("gone"));
  EXPECT_EQ(exchange_error(EPERM, "/dev/sr0").code, ErrorCode::kAccessDenied);
  EXPECT_FALSE(exchange_error(EPERM, "/dev/sr0").advice.empty());
  EXPECT_EQ(exchange_error(EINVAL, "/dev/sr0").code, ErrorCode::kTransport);
}

}  // namespace
}  // namespace pregroove::passthrough
