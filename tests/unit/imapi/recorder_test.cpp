// IDiscRecorder: what it says about drive and disc (imapi.md 4.1, 4.3, 7.5), and erasing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simdrive/disc/medium.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::ElementsAre;

using DiscMaker = void (*)(Desk&);
struct MediaState {
  const char* name;
  DiscMaker make;
  std::uint32_t flags;
  int sessions;
  bool writable;
};

void blank(Desk& desk) { desk.insert_blank(); }
void blank_rw(Desk& desk) { desk.insert_blank("cd-rw-80"); }
void appendable(Desk& desk) {
  blank(desk);
  desk.burn_session({{"/a", "a"}});
}
void appendable_rw(Desk& desk) {
  blank_rw(desk);
  desk.burn_session({{"/a", "a"}});
}
void closed(Desk& desk) {
  blank(desk);
  desk.burn_session({{"/a", "a"}}, {.close_disc = true});
}
void closed_rw(Desk& desk) {
  blank_rw(desk);
  desk.burn_session({{"/a", "a"}}, {.close_disc = true});
}

class QueryMedia : public testing::TestWithParam<MediaState> {};

TEST_P(QueryMedia, SaysWhatIsInTheDrive) {
  const MediaState& state = GetParam();
  Desk desk;
  state.make(desk);
  ASSERT_TRUE(desk.recorder->OpenExclusive());
  const auto type = desk.recorder->QueryMediaType();
  ASSERT_TRUE(type);
  EXPECT_NE(type->type, MediaType::kNoMedia);
  EXPECT_EQ(type->flags, state.flags);
  const auto info = desk.recorder->QueryMediaInfo();
  ASSERT_TRUE(info);
  EXPECT_EQ(info->sessions, state.sessions);
  EXPECT_EQ(info->last_track, state.sessions);
  EXPECT_EQ(info->start_address, Lba{0});
  const Lba next = desk.disc().next_writable_address().value_or(Lba{0});
  EXPECT_EQ(info->next_writable, state.writable ? next : Lba{0});
  EXPECT_EQ(info->free_blocks > BlockCount{0}, state.writable);
}

// imapi.md 4.1: the practical states.
constexpr MediaState kStates[] = {
    {"BlankCdR", blank, MEDIA_BLANK | MEDIA_WRITABLE, 0, true},
    {"BlankCdRw", blank_rw, MEDIA_BLANK | MEDIA_WRITABLE | MEDIA_RW, 0, true},
    {"AppendableCdR", appendable, MEDIA_WRITABLE, 1, true},
    {"AppendableCdRw", appendable_rw, MEDIA_WRITABLE | MEDIA_RW, 1, true},
    {"ClosedCdR", closed, 0, 1, false},
    {"ClosedCdRw", closed_rw, MEDIA_RW, 1, false},
};
INSTANTIATE_TEST_SUITE_P(Imapi, QueryMedia, testing::ValuesIn(kStates),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(QueryMediaType, OfAnEmptyTrayIsNothing) {
  const Desk desk;
  ASSERT_TRUE(desk.recorder->OpenExclusive());
  const auto type = desk.recorder->QueryMediaType();
  ASSERT_TRUE(type);
  EXPECT_EQ(type->type, MediaType::kNoMedia);
  EXPECT_EQ(type->flags, 0U);
  EXPECT_EQ(code_of(desk.recorder->QueryMediaInfo()), ResultCode::IMAPI_E_MEDIUM_NOTPRESENT);
}

TEST(QueryMediaType, OfADvdIsSpecialButWritable) {
  Desk desk;
  desk.insert_blank("dvd-rw");
  ASSERT_TRUE(desk.recorder->OpenExclusive());
  const auto type = desk.recorder->QueryMediaType();
  ASSERT_TRUE(type);
  EXPECT_EQ(type->type, MediaType::MEDIA_SPECIAL);
  EXPECT_EQ(type->flags, MEDIA_BLANK | MEDIA_WRITABLE | MEDIA_RW);
}

TEST(Erase, MakesADiscBlankAgain) {
  for (const bool full : {false, true}) {
    Desk desk;
    closed_rw(desk);
    ASSERT_TRUE(desk.recorder->OpenExclusive());
    EventLog events;
    const auto erased = desk.recorder->Erase(full, &events);
    ASSERT_TRUE(erased) << describe(erased.error().cause);
    EXPECT_THAT(events.lines, ElementsAre("EraseComplete S_OK"));
    EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kBlank);
  }
}

TEST(Erase, ThatNeverBeganSendsNoCompletion) {
  Desk desk;
  blank(desk);
  ASSERT_TRUE(desk.recorder->OpenExclusive());
  EventLog events;
  EXPECT_EQ(code_of(desk.recorder->Erase(false, &events)), ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE);
  EXPECT_THAT(events.lines, ElementsAre());
}

TEST(Eject, OpensTheTray) {
  Desk desk;
  blank(desk);
  ASSERT_TRUE(desk.recorder->OpenExclusive());
  ASSERT_TRUE(desk.recorder->Eject());
  EXPECT_EQ(desk.recorder->QueryMediaType()->type, MediaType::kNoMedia);
}

TEST(ExclusiveAccess, EndsWithCloseAndWithTheObject) {
  const Desk desk;
  ASSERT_TRUE(desk.recorder->OpenExclusive());
  EXPECT_EQ(DiscRecorder(desk.device).GetRecorderState().value(), RecorderState::RECORDER_OPENED);
  ASSERT_TRUE(desk.recorder->Close());
  {
    DiscRecorder other(desk.device);
    ASSERT_TRUE(other.OpenExclusive());
    EXPECT_EQ(code_of(desk.recorder->OpenExclusive()), ResultCode::IMAPI_E_DEVICE_NOTACCESSIBLE);
  }
  EXPECT_TRUE(desk.recorder->OpenExclusive());
}

TEST(RecorderProperties, AreWhatTheDriveSaysAndWhatWasSet) {
  Desk desk;
  blank(desk);
  ASSERT_TRUE(desk.select());
  const auto max = desk.recorder->GetRecorderProperties()->at(kMaxWriteSpeed);
  EXPECT_EQ(max, PropertyValue(std::int32_t{48}));  // the medium's fastest (simdrive's "cd-r-80")
  EXPECT_EQ(desk.recorder->GetRecorderProperties()->at(kWriteSpeed),
            PropertyValue(std::int32_t{-1}));
  EXPECT_EQ(desk.recorder->SetRecorderProperties({{kWriteSpeed, std::int32_t{100}}}),
            ResultCode::S_OK);
  EXPECT_EQ(desk.recorder->GetRecorderProperties()->at(kWriteSpeed), max);
  EXPECT_EQ(desk.recorder->SetRecorderProperties({{kWriteSpeed, std::int32_t{0}}}),
            ResultCode::IMAPI_S_PROPERTIESIGNORED);
  ASSERT_TRUE(desk.master.Close());
  EXPECT_EQ(desk.recorder->GetRecorderProperties()->at(kWriteSpeed),
            PropertyValue(std::int32_t{-1}));
}

TEST(EnumDiscRecorders, ListsWhatAnswers) {
  Desk desk;
  desk.open();
  const auto found = desk.master.EnumDiscRecorders();
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front()->GetPath().value(), "sim:test");
  EXPECT_EQ(found->front()->GetRecorderType().value(), RecorderType::RECORDER_CDRW);
  EXPECT_EQ(found->front()->GetDisplayNames()->vendor, "PREGROOV");
  desk.device->drive().unplug();
  EXPECT_TRUE(desk.master.EnumDiscRecorders()->empty());
  EXPECT_EQ(found->front()->GetRecorderGUID().value(), "test-drive");
  EXPECT_EQ(code_of(found->front()->OpenExclusive()), ResultCode::IMAPI_E_DEVICE_NOTPRESENT);
}

}  // namespace
}  // namespace pregroove::imapi
