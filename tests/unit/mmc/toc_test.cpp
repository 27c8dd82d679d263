#include "engine/mmc/toc.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

testing_support::Bytes reply(const std::string& section) {
  return testing_support::golden("mmc/reply-toc-engine.golden", section);
}

// The disc of the fixture: session 1 holds blocks 0 to 624, session 2 blocks 12025 to 12541.
const TocTrack kTrack1{.number = 1, .adr = 1, .control = 4, .start = Lba{0}};
const TocTrack kTrack2{.number = 2, .adr = 1, .control = 4, .start = Lba{625 + 11400}};
constexpr Lba kLeadOut2{12025 + 517};

TEST(FormattedToc, IsTheSameInBothAddressForms) {
  const FormattedToc expected{
      .first_track = 1, .last_track = 2, .tracks = {kTrack1, kTrack2}, .lead_out = kLeadOut2};
  const auto lba = decode_formatted_toc(reply("formatted-lba"), TimeForm::kLba);
  ASSERT_TRUE(lba.has_value());
  EXPECT_EQ(*lba, expected);
  const auto msf = decode_formatted_toc(reply("formatted-msf"), TimeForm::kMsf);
  ASSERT_TRUE(msf.has_value());
  EXPECT_EQ(*msf, expected);
}

TEST(FormattedToc, DoesNotFoldALeadOutBeyond90Minutes) {
  const auto toc = decode_formatted_toc(reply("formatted-audio"), TimeForm::kMsf);
  ASSERT_TRUE(toc.has_value());
  EXPECT_EQ(toc->lead_out, (Lba{(99 * 60 + 59) * 75 + 74 - 150}));
  EXPECT_FALSE(toc->tracks.at(0).is_data());
}

TEST(FormattedToc, LeavesOutWhatWasCutOff) {
  const auto bytes = reply("formatted-lba");
  const auto toc = decode_formatted_toc(std::span(bytes).first(4 + 8 + 7), TimeForm::kLba);
  ASSERT_TRUE(toc.has_value());
  EXPECT_EQ(toc->tracks, std::vector<TocTrack>{kTrack1});
  EXPECT_EQ(toc->lead_out, std::nullopt);
}

TEST(FormattedToc, RefusesATableThatIsOutOfOrder) {
  for (const auto* section :
       {"formatted-backwards", "formatted-twice", "formatted-after-lead-out", "first-above-last"}) {
    const auto toc = decode_formatted_toc(reply(section), TimeForm::kLba);
    ASSERT_FALSE(toc.has_value()) << section;
    EXPECT_EQ(toc.error().code, ErrorCode::kProtocol) << section;
  }
}

TEST(SessionInfo, NamesTheFirstTrackOfTheLastSession) {
  const SessionInfo expected{
      .first_session = 1, .last_session = 2, .first_track_of_last_session = kTrack2};
  const auto lba = decode_session_info(reply("session-info"), TimeForm::kLba);
  ASSERT_TRUE(lba.has_value());
  EXPECT_EQ(*lba, expected);
  const auto msf = decode_session_info(reply("session-info-msf"), TimeForm::kMsf);
  ASSERT_TRUE(msf.has_value());
  EXPECT_EQ(*msf, expected);
}

TEST(SessionInfo, RefusesAPositionThatIsNone) {
  EXPECT_FALSE(decode_session_info(reply("session-info-invalid-msf"), TimeForm::kMsf).has_value());
}

TEST(RawToc, AnswersWhatItsPointsSay) {
  const auto toc = decode_raw_toc(reply("raw"));
  ASSERT_TRUE(toc.has_value());
  EXPECT_EQ(toc->first_session, 1);
  EXPECT_EQ(toc->last_session, 2);
  EXPECT_EQ(toc->entries.size(), 11U);
  EXPECT_EQ(toc->first_track(2), 2);
  EXPECT_EQ(toc->last_track(2), 2);
  EXPECT_EQ(toc->session_format(1), 0x20);
  EXPECT_EQ(toc->lead_out(1), Lba{625});
  EXPECT_EQ(toc->lead_out(2), kLeadOut2);
  EXPECT_EQ(toc->tracks(1), std::vector<TocTrack>{kTrack1});
  EXPECT_EQ(toc->tracks(2), std::vector<TocTrack>{kTrack2});
  EXPECT_EQ(toc->next_session_start(1), (Lba{625 + 6750 + 4500}));
  EXPECT_EQ(toc->next_session_start(2), (Lba{kLeadOut2.value + 2250 + 4500}));
  EXPECT_EQ(toc->last_possible_lead_out(2), (Lba{(79 * 60 + 59) * 75 + 73 - 150}));
}

TEST(RawToc, KeepsTheBytesOfAnEntry) {
  const auto toc = decode_raw_toc(reply("raw"));
  ASSERT_TRUE(toc.has_value());
  const auto* entry = toc->find(1, 5, 0xB0);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(*entry, (RawTocEntry{.session = 1,
                                 .adr = 5,
                                 .control = 4,
                                 .point = 0xB0,
                                 .msf = {.minute = 2, .second = 40, .frame = 25},
                                 .zero = 2,
                                 .pmsf = {.minute = 79, .second = 59, .frame = 73}}));
}

TEST(RawToc, OfAFinalSessionHasNoNextOne) {
  const auto toc = decode_raw_toc(reply("raw-final"));
  ASSERT_TRUE(toc.has_value());
  EXPECT_NE(toc->find(1, 5, 0xB0), nullptr);
  EXPECT_EQ(toc->next_session_start(1), std::nullopt);
  EXPECT_EQ(toc->lead_out(1), Lba{625});
}

TEST(RawToc, AnswersNothingAboutASessionThatIsNotThere) {
  const auto toc = decode_raw_toc(reply("raw"));
  ASSERT_TRUE(toc.has_value());
  EXPECT_EQ(toc->first_track(3), std::nullopt);
  EXPECT_EQ(toc->last_track(3), std::nullopt);
  EXPECT_EQ(toc->session_format(3), std::nullopt);
  EXPECT_EQ(toc->lead_out(3), std::nullopt);
  EXPECT_EQ(toc->last_possible_lead_out(3), std::nullopt);
  EXPECT_TRUE(toc->tracks(3).empty());
}

TEST(RawToc, RefusesASessionThatItDoesNotAnnounce) {
  EXPECT_FALSE(decode_raw_toc(reply("raw-foreign-session")).has_value());
}

TEST(Pma, ListsTracksThatNoLeadInHoldsYet) {
  const auto pma = decode_pma(reply("pma"));
  ASSERT_TRUE(pma.has_value());
  EXPECT_EQ(pma->entries.size(), 2U);
  EXPECT_EQ(
      pma->tracks(),
      (std::vector<PmaTrack>{{.number = 1, .control = 4, .start = Lba{0}, .stop = Lba{625}}}));
}

TEST(AtipReply, OfACdR) {
  const auto atip = decode_atip(reply("atip-cd-r"));
  ASSERT_TRUE(atip.has_value());
  EXPECT_EQ(*atip, (Atip{.indicative_writing_power = 5,
                         .lead_in_start = Lba{-11077},
                         .last_possible_lead_out = Lba{359848}}));
}

TEST(AtipReply, OfACdRw) {
  const auto atip = decode_atip(reply("atip-cd-rw"));
  ASSERT_TRUE(atip.has_value());
  EXPECT_EQ(*atip, (Atip{.indicative_writing_power = 2,
                         .reference_speed = 1,
                         .unrestricted_use = true,
                         .rewritable = true,
                         .sub_type = 1,
                         .lead_in_start = Lba{-11077},
                         .last_possible_lead_out = Lba{359849},
                         .a1 = {{0x11, 0x22, 0x33}},
                         .a2 = {{0x44, 0x55, 0x66}}}));
}

TEST(AtipReply, DoesNotFoldALeadOutBeyond90Minutes) {
  const auto atip = decode_atip(reply("atip-90-minute"));
  ASSERT_TRUE(atip.has_value());
  EXPECT_EQ(atip->last_possible_lead_out, (Lba{(91 * 60 + 1) * 75 + 48 - 150}));
}

TEST(AtipReply, RefusesALeadInWithinTheProgramArea) {
  EXPECT_FALSE(decode_atip(reply("atip-lead-in-in-program")).has_value());
}

// Lead-ins of real discs with the addresses that go with them (libburn doc/mediainfo.txt).
struct RealDisc {
  std::string maker;
  Msf lead_in;
  Lba lba;
};
const std::vector<RealDisc> kRealDiscs = {
    {"Mitsubishi Chemical", {97, 34, 23}, {-11077}},
    {"Mitsubishi CD-RW", {97, 34, 22}, {-11078}},
    {"Mitsubishi US-RW", {97, 34, 24}, {-11076}},
    {"Ritek", {97, 15, 17}, {-12508}},
    {"TDK", {97, 15, 5}, {-12520}},
    {"Nan-Ya", {97, 15, 35}, {-12490}},
    {"Moser Baer", {97, 17, 6}, {-12369}},
    {"Plasmon", {97, 27, 14}, {-11611}},
    {"CMC Magnetics", {97, 26, 65}, {-11635}},
    {"Taiyo Yuden", {97, 24, 1}, {-11849}},
    {"Mitsui 63 minutes", {97, 48, 55}, {-9995}},
};

TEST(AtipReply, PlacesTheLeadInOfRealDiscs) {
  for (const RealDisc& disc : kRealDiscs) {
    auto bytes = reply("atip-cd-r");
    bytes.at(8) = static_cast<std::byte>(disc.lead_in.minute);
    bytes.at(9) = static_cast<std::byte>(disc.lead_in.second);
    bytes.at(10) = static_cast<std::byte>(disc.lead_in.frame);
    const auto atip = decode_atip(bytes);
    ASSERT_TRUE(atip.has_value()) << disc.maker;
    EXPECT_EQ(atip->lead_in_start, disc.lba) << disc.maker;
  }
}

TEST(CdText, IsAListOfPacks) {
  const auto packs = decode_cd_text(reply("cd-text"));
  ASSERT_TRUE(packs.has_value());
  ASSERT_EQ(packs->size(), 1U);
  EXPECT_EQ(packs->at(0).at(0), std::byte{0x80});
  EXPECT_EQ(packs->at(0).at(17), std::byte{0x34});
  const auto none = decode_cd_text(reply("cd-text-none"));
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none->empty());
}

}  // namespace
}  // namespace pregroove::mmc
