#include "engine/mmc/configuration.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

using scsi::Feature;
using scsi::Profile;

testing_support::Bytes reply(const std::string& section) {
  return testing_support::golden("mmc/reply-configuration-engine.golden", section);
}

class ConfigurationOfACdR : public ::testing::Test {
 protected:
  void SetUp() override {
    auto decoded = decode_configuration(reply("cd-r"));
    ASSERT_TRUE(decoded.has_value());
    configuration_ = *std::move(decoded);
  }
  Configuration configuration_;
};

TEST_F(ConfigurationOfACdR, HasProfilesWithTheCurrentOne) {
  EXPECT_EQ(configuration_.current_profile, Profile::kCdR);
  EXPECT_EQ(configuration_.profiles(),
            (std::vector<SupportedProfile>{
                {Profile::kCdRom, false}, {Profile::kCdR, true}, {Profile::kCdRw, false}}));
}

TEST_F(ConfigurationOfACdR, HasFeaturesWithVersionAndFlags) {
  EXPECT_EQ(configuration_.features.size(), 7U);
  const auto* core = configuration_.find(Feature::kCore);
  ASSERT_NE(core, nullptr);
  EXPECT_EQ(*core, (FeatureDescriptor{.code = Feature::kCore,
                                      .version = 2,
                                      .persistent = true,
                                      .current = true,
                                      .data = testing_support::hex("00 00 00 07 03 00 00 00")}));
}

TEST_F(ConfigurationOfACdR, TellsListedFromCurrent) {
  EXPECT_TRUE(configuration_.is_current(Feature::kCdTrackAtOnce));
  EXPECT_NE(configuration_.find(Feature::kIncrementalStreamingWritable), nullptr);
  EXPECT_FALSE(configuration_.is_current(Feature::kIncrementalStreamingWritable));
  EXPECT_EQ(configuration_.find(Feature::kMorphing), nullptr);
  EXPECT_FALSE(configuration_.is_current(Feature::kMorphing));
}

TEST_F(ConfigurationOfACdR, TellsWhatTrackAtOnceCanDo) {
  const auto feature = decode_cd_track_at_once(*configuration_.find(Feature::kCdTrackAtOnce));
  ASSERT_TRUE(feature.has_value());
  EXPECT_EQ(*feature, (CdTrackAtOnceFeature{.buffer_underrun_free = true,
                                            .test_write = true,
                                            .cd_rw = true,
                                            .data_types_supported = 0x3F0F}));
}

TEST_F(ConfigurationOfACdR, TellsWhatMasteringCanDo) {
  const auto feature = decode_cd_mastering(*configuration_.find(Feature::kCdMastering));
  ASSERT_TRUE(feature.has_value());
  EXPECT_EQ(*feature, (CdMasteringFeature{.buffer_underrun_free = true,
                                          .session_at_once = true,
                                          .raw = true,
                                          .test_write = true,
                                          .cd_rw = true,
                                          .rw_sub_code = true,
                                          .max_cue_sheet_bytes = 3240}));
}

TEST_F(ConfigurationOfACdR, DoesNotTakeOneFeatureForAnother) {
  EXPECT_FALSE(decode_cd_track_at_once(*configuration_.find(Feature::kCdMastering)).has_value());
  EXPECT_FALSE(decode_cd_mastering(*configuration_.find(Feature::kCdTrackAtOnce)).has_value());
  FeatureDescriptor cut = *configuration_.find(Feature::kCdTrackAtOnce);
  cut.data.pop_back();
  EXPECT_FALSE(decode_cd_track_at_once(cut).has_value());
}

TEST(ConfigurationReply, MayBeTheHeaderAlone) {
  const auto configuration = decode_configuration(reply("no-disc"));
  ASSERT_TRUE(configuration.has_value());
  EXPECT_EQ(configuration->current_profile, Profile::kNone);
  EXPECT_TRUE(configuration->features.empty());
}

TEST(ConfigurationReply, LeavesOutADescriptorThatWasCutOff) {
  const auto bytes = reply("cd-r");
  const auto configuration = decode_configuration(std::span(bytes).first(bytes.size() - 1));
  ASSERT_TRUE(configuration.has_value());
  EXPECT_EQ(configuration->features.back().code, Feature::kCdMastering);
}

}  // namespace
}  // namespace pregroove::mmc
