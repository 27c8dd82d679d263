#include "engine/mmc/disc_information.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

Result<DiscInformation> decode(const std::string& section, AddressForm form = AddressForm::kMsf) {
  return decode_disc_information(
      testing_support::golden("mmc/reply-disc-information-engine.golden", section), form);
}

TEST(DiscInformation, OfABlankCdR) {
  const auto information = decode("blank-cd-r");
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(*information,
            (DiscInformation{.status = DiscStatus::kBlank,
                             .last_session_state = SessionState::kEmpty,
                             .first_track = 1,
                             .sessions = 1,
                             .first_track_in_last_session = 1,
                             .last_track_in_last_session = 1,
                             .disc_type = DiscType::kUndefined,
                             .unrestricted_use = true,
                             .last_session_lead_in_start = Lba{-11077},
                             .last_possible_lead_out = Lba{(79 * 60 + 59) * 75 + 73 - 150}}));
  EXPECT_EQ(information->complete_sessions(), 0);
}

TEST(DiscInformation, DoesNotFoldALeadOutBeyond90Minutes) {
  const auto information = decode("blank-90-minute");
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(information->last_session_lead_in_start, Lba{-12520});
  EXPECT_EQ(information->last_possible_lead_out, (Lba{(91 * 60 + 1) * 75 + 48 - 150}));
}

TEST(DiscInformation, FoldsNoLeadInButThatOfTheFirstSession) {
  const auto information = decode("appendable-beyond-90-minutes");
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(information->last_session_lead_in_start, (Lba{91 * 60 * 75 - 150}));
  EXPECT_EQ(information->last_possible_lead_out, (Lba{(99 * 60 + 59) * 75 + 74 - 150}));
}

TEST(DiscInformation, OfAnAppendableCd) {
  const auto information = decode("appendable");
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(information->status, DiscStatus::kAppendable);
  EXPECT_EQ(information->last_session_state, SessionState::kEmpty);
  EXPECT_EQ(information->sessions, 2);
  EXPECT_EQ(information->complete_sessions(), 1);
  EXPECT_EQ(information->first_track_in_last_session, 2);
  EXPECT_EQ(information->disc_type, DiscType::kCdRomXa);
  EXPECT_EQ(information->disc_id, 0x12345678U);
  EXPECT_EQ(information->last_session_lead_in_start, (Lba{625 + 6750}));
}

TEST(DiscInformation, OfACompleteCdRwGivesNoAddresses) {
  const auto information = decode("complete-cd-rw");
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(information->status, DiscStatus::kComplete);
  EXPECT_EQ(information->last_session_state, SessionState::kComplete);
  EXPECT_TRUE(information->erasable);
  EXPECT_FALSE(information->disc_id.has_value());
  EXPECT_FALSE(information->unrestricted_use);
  EXPECT_EQ(information->last_track_in_last_session, 3);
  EXPECT_EQ(information->complete_sessions(), 1);
  EXPECT_EQ(information->last_session_lead_in_start, std::nullopt);
  EXPECT_EQ(information->last_possible_lead_out, std::nullopt);
}

TEST(DiscInformation, ListsItsOpcTables) {
  const auto information = decode("complete-cd-rw");
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(information->opc,
            (std::vector<OpcEntry>{{.speed_kb_per_s = 705, .values = {1, 2, 3, 4, 5, 6}},
                                   {.speed_kb_per_s = 1410, .values = {10, 11, 12, 13, 14, 15}}}));
}

TEST(DiscInformation, ReadsAddressesOfDvdAsLba) {
  const auto open = decode("appendable-dvd-plus-r", AddressForm::kLba);
  ASSERT_TRUE(open.has_value());
  EXPECT_EQ(open->last_session_state, SessionState::kIncomplete);
  EXPECT_EQ(open->last_session_lead_in_start, Lba{0x0A70});
  EXPECT_EQ(open->last_possible_lead_out, Lba{2295104});
  const auto complete = decode("complete-dvd-plus-r", AddressForm::kLba);
  ASSERT_TRUE(complete.has_value());
  EXPECT_EQ(complete->last_session_lead_in_start, std::nullopt);
  EXPECT_EQ(complete->last_possible_lead_out, std::nullopt);
}

TEST(DiscInformation, JoinsTheHighBytes) {
  const auto information = decode("many-sessions", AddressForm::kLba);
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(information->sessions, 300);
  EXPECT_EQ(information->first_track_in_last_session, 257);
  EXPECT_EQ(information->last_track_in_last_session, 258);
}

TEST(DiscInformation, TellsBackgroundFormatting) {
  const auto information = decode("background-format", AddressForm::kLba);
  ASSERT_TRUE(information.has_value());
  EXPECT_EQ(information->background_format, BackgroundFormat::kRunning);
}

TEST(DiscInformation, RefusesAContradiction) {
  for (const auto* section :
       {"track-resources", "tracks-reversed", "invalid-lead-out", "appendable-without-session"}) {
    const auto information = decode(section);
    ASSERT_FALSE(information.has_value()) << section;
    EXPECT_EQ(information.error().code, ErrorCode::kProtocol) << section;
    EXPECT_EQ(information.error().command, "READ DISC INFORMATION") << section;
  }
}

}  // namespace
}  // namespace pregroove::mmc
