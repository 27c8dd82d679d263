#include "engine/mmc/write_parameters.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

using testing_support::Bytes;
using testing_support::golden;
using testing_support::load_golden;
using testing_support::to_hex;

struct Row {
  std::string section;
  WriteParameters parameters;
};

constexpr auto kNext = MultiSession::kNextSessionAllowed;

// Every field of the page that the programs of the transcripts leave at zero.
WriteParameters rare_fields() {
  WriteParameters parameters{.write_type = WriteType::kTrackAtOnce,
                             .test_write = true,
                             .fixed_packet = true,
                             .copy = true,
                             .track_mode = 1,
                             .link_size = 7,
                             .application_code = 0x3F,
                             .session_format = kSessionFormatCdI,
                             .packet_size = 32,
                             .sub_header = {1, 2, 3, 4}};
  // A valid bit, then digits or letters (MMC-6 tables "MCN field" and "ISRC field").
  const std::string mcn = "0123456789012";
  const std::string isrc = "DEABC0012345";
  parameters.media_catalog_number[0] = 0x80;
  parameters.isrc[0] = 0x80;
  std::copy(mcn.begin(), mcn.end(), parameters.media_catalog_number.begin() + 1);
  std::copy(isrc.begin(), isrc.end(), parameters.isrc.begin() + 1);
  return parameters;
}

std::vector<Row> rows() {
  const WriteParameters tao{.write_type = WriteType::kTrackAtOnce, .buffer_underrun_free = true};
  const WriteParameters sao{.write_type = WriteType::kSessionAtOnce, .buffer_underrun_free = true};
  WriteParameters tao_multi = tao;
  tao_multi.multi_session = kNext;
  tao_multi.track_mode = kTrackModeData;
  tao_multi.data_block_type = DataBlockType::kMode1;
  WriteParameters tao_xa = tao_multi;
  tao_xa.data_block_type = DataBlockType::kXaForm1;
  tao_xa.session_format = kSessionFormatXa;
  WriteParameters sao_multi = sao;
  sao_multi.multi_session = kNext;
  WriteParameters sao_audio = sao;
  sao_audio.track_mode = kTrackModeData;
  sao_audio.audio_pause_length = 0;
  const WriteParameters tao_final{.write_type = WriteType::kTrackAtOnce,
                                  .track_mode = kTrackModeData,
                                  .data_block_type = DataBlockType::kMode1};
  const WriteParameters packet{.write_type = WriteType::kPacket,
                               .track_mode = kTrackModeIncrementalData,
                               .data_block_type = DataBlockType::kMode1};
  const WriteParameters raw{.write_type = WriteType::kRaw,
                            .track_mode = kTrackModeData,
                            .data_block_type = DataBlockType::kRawRw2448};
  const WriteParameters dvd_r{.write_type = WriteType::kPacket,
                              .buffer_underrun_free = true,
                              .link_size_valid = true,
                              .multi_session = kNext,
                              .fixed_packet = true,
                              .track_mode = kTrackModeIncrementalData,
                              .data_block_type = DataBlockType::kMode1,
                              .link_size = 16,
                              .packet_size = 16,
                              .audio_pause_length = 0};
  const WriteParameters dvd_plus_r{.write_type = WriteType::kPacket,
                                   .buffer_underrun_free = true,
                                   .multi_session = kNext,
                                   .track_mode = 7,
                                   .data_block_type = DataBlockType::kMode1,
                                   .audio_pause_length = 0};
  return {{"tao-probe", tao},
          {"tao-data-multi", tao_multi},
          {"sao-multi", sao_multi},
          {"sao-single", sao},
          {"tao-xa-multi", tao_xa},
          {"tao-data-final-no-bufe", tao_final},
          {"packet-probe", packet},
          {"raw-rw-probe", raw},
          {"sao-audio-no-pause", sao_audio},
          {"dvd-r-incremental", dvd_r},
          {"dvd-plus-r", dvd_plus_r},
          {"dvd-r-incremental-growisofs", dvd_r},
          {"tao-test-copy-fixed-isrc", rare_fields()}};
}

constexpr auto kFile = "mmc/cdb-write-parameters.golden";
constexpr auto kReplies = "mmc/reply-mode-engine.golden";

TEST(WriteParameterList, IsWhatRealProgramsSend) {
  const auto table = rows();
  EXPECT_EQ(table.size(), load_golden(kFile).size());
  for (const Row& row : table) {
    const auto list = encode_write_parameters(row.parameters);
    EXPECT_EQ(to_hex({list.begin(), list.end()}), to_hex(golden(kFile, row.section)))
        << row.section;
  }
}

// A list is a reply but for the length in front, which a MODE SELECT leaves zero.
TEST(WriteParameterList, IsReadBackFromAReply) {
  for (const Row& row : rows()) {
    Bytes reply = golden(kFile, row.section);
    reply.at(1) = std::byte{kWriteParametersListSize - 2};
    const auto decoded = decode_write_parameters(reply);
    ASSERT_TRUE(decoded.has_value()) << row.section;
    EXPECT_EQ(*decoded, row.parameters) << row.section;
  }
}

TEST(WriteParametersPage, IsFoundBehindBlockDescriptorsAndOtherPages) {
  const auto plain = decode_write_parameters(golden(kReplies, "write-parameters"));
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->write_type, WriteType::kTrackAtOnce);
  const auto behind = decode_write_parameters(golden(kReplies, "write-parameters-behind-others"));
  ASSERT_TRUE(behind.has_value());
  EXPECT_EQ(behind->link_size, 16);
  EXPECT_EQ(behind->multi_session, kNext);
  const auto sub_page =
      decode_write_parameters(golden(kReplies, "write-parameters-behind-sub-page"));
  ASSERT_TRUE(sub_page.has_value());
  EXPECT_EQ(*sub_page, *plain);
}

TEST(WriteParametersPage, WithAReservedValueIsRefused) {
  for (const auto* section :
       {"write-type-reserved", "multi-session-reserved", "data-block-type-reserved"}) {
    const auto decoded = decode_write_parameters(golden(kReplies, section));
    ASSERT_FALSE(decoded.has_value()) << section;
    EXPECT_EQ(decoded.error().code, ErrorCode::kProtocol) << section;
  }
}

TEST(WriteParametersPage, ThatIsNotInTheReplyIsNamed) {
  const auto decoded = decode_write_parameters(golden(kReplies, "capabilities"));
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().message,
            "the drive's reply to MODE SENSE (10) is invalid: mode page 05h is not in it");
}

}  // namespace
}  // namespace pregroove::mmc
