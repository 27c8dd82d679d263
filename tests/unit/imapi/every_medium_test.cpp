// IMAPI's objects on the media that version 1 did not know: what QueryMedia* says in each state,
// multi-session mode with IMAPI_E_WRONGDISC, free and used blocks (imapi.md 4.1, 7.1, 7.5).
#include <gtest/gtest.h>

#include <ostream>

#include "engine/medium/kind.h"
#include "simdrive/disc/medium.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

constexpr std::uint32_t kOnce = 0;

struct Row {
  const char* label;
  const char* medium;  // as simdrive names it
  MediaType type;
  std::uint32_t rewritable;    // MEDIA_RW or nothing
  BlockCount filled_up;        // what is recorded at once (MMC-6)
  bool can_be_closed = true;   // no medium that is overwritten can
  Lba first_session = Lba{0};  // burning.md 6.4
  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.medium; }
};

constexpr Lba kBehindTheHead{32};
constexpr Row kRows[] = {
    {"CdR", "cd-r-80", MediaType::MEDIA_CDDA_CDROM, kOnce, BlockCount{1}},
    {"CdRw", "cd-rw-80", MediaType::MEDIA_CDDA_CDROM, MEDIA_RW, BlockCount{1}},
    {"DvdR", "dvd-r", MediaType::MEDIA_SPECIAL, kOnce, BlockCount{16}},
    {"DvdRw", "dvd-rw", MediaType::MEDIA_SPECIAL, MEDIA_RW, BlockCount{16}},
    {"DvdRam", "dvd-ram", MediaType::MEDIA_SPECIAL, MEDIA_RW, BlockCount{16}, false,
     kBehindTheHead},
    {"DvdPlusR", "dvd+r", MediaType::MEDIA_SPECIAL, kOnce, BlockCount{16}},
    {"DvdPlusRw", "dvd+rw", MediaType::MEDIA_SPECIAL, MEDIA_RW, BlockCount{16}, false,
     kBehindTheHead},
    {"BdR", "bd-r-25", MediaType::MEDIA_SPECIAL, kOnce, BlockCount{32}},
    {"BdRe", "bd-re-25", MediaType::MEDIA_SPECIAL, MEDIA_RW, BlockCount{32}, false, kBehindTheHead},
};

std::string label_of(const testing::TestParamInfo<Row>& info) { return info.param.label; }

struct Told {
  MediaTypeAndFlags type;
  MediaInfo info;
};
Told told_of(Desk& desk) {
  DiscRecorder recorder(desk.device);
  EXPECT_TRUE(recorder.OpenExclusive());
  const auto type = recorder.QueryMediaType();
  const auto info = recorder.QueryMediaInfo();
  EXPECT_TRUE(type && info);
  return {type.value_or(MediaTypeAndFlags{}), info.value_or(MediaInfo{})};
}

class EveryMedium : public testing::TestWithParam<Row> {
 public:
  EveryMedium() { desk_.insert_blank(GetParam().medium); }

 protected:
  [[nodiscard]] Desk& desk() { return desk_; }
  [[nodiscard]] BlockCount capacity() const {
    return simdrive::find_medium(GetParam().medium)->capacity();
  }

 private:
  Desk desk_;
};

TEST_P(EveryMedium, SaysThatItIsBlank) {
  const Told told = told_of(desk());
  EXPECT_EQ(told.type.flags, MEDIA_BLANK | MEDIA_WRITABLE | GetParam().rewritable);
  EXPECT_EQ(told.info.sessions, 0);
  EXPECT_EQ(told.info.last_track, 0);
  EXPECT_EQ(told.info.start_address, Lba{0});
  EXPECT_EQ(told.info.next_writable, GetParam().first_session);
  EXPECT_GT(told.info.free_blocks, BlockCount{0});
  EXPECT_LE(told.info.free_blocks, capacity() - (GetParam().first_session - Lba{0}));
}

TEST_P(EveryMedium, SaysHowManySessionsItHasAndWhereTheNextOneGoes) {
  BlockCount free_before = told_of(desk()).info.free_blocks;
  for (int sessions = 1; sessions <= 3; ++sessions) {
    desk().burn_session({{"/file" + std::to_string(sessions), "content"}});
    const Told told = told_of(desk());
    EXPECT_EQ(told.type.type, GetParam().type);
    EXPECT_EQ(told.type.flags, MEDIA_WRITABLE | GetParam().rewritable);
    EXPECT_EQ(told.info.sessions, sessions);
    EXPECT_EQ(told.info.last_track, sessions);
    if (sessions == 1) {
      EXPECT_EQ(told.info.start_address, GetParam().first_session);
    }
    EXPECT_GT(told.info.next_writable, told.info.start_address);
    EXPECT_LT(told.info.free_blocks, free_before);
    free_before = told.info.free_blocks;
  }
}

TEST_P(EveryMedium, SaysThatItIsClosed) {
  if (!GetParam().can_be_closed) {
    ASSERT_TRUE(desk().select());
    ASSERT_TRUE(desk().add("/file", "content"));
    EXPECT_EQ(name_of(code_of(desk().record({.close_disc = true}))), "IMAPI_E_MEDIUM_INVALIDTYPE");
    EXPECT_EQ(told_of(desk()).info.sessions, 0) << "refused before anything was written";
    return;
  }
  desk().burn_session({{"/file", "content"}}, {.close_disc = true});
  const Told told = told_of(desk());
  EXPECT_EQ(told.type.type, GetParam().type);
  EXPECT_EQ(told.type.flags, GetParam().rewritable);
  EXPECT_EQ(told.info.sessions, 1);
  EXPECT_EQ(told.info.last_track, 1);
  EXPECT_EQ(told.info.next_writable, Lba{0});
  EXPECT_EQ(told.info.free_blocks, BlockCount{0});
  EXPECT_EQ(code_of(desk().select()), ResultCode::IMAPI_E_DISCFULL);
}

// What a session takes from the room is what lies between its start and that of the next one, on
// the disc itself.
TEST_P(EveryMedium, CountsItsRoom) {
  ASSERT_TRUE(desk().select());
  const BlockCount whole = desk().joliet.GetTotalDataBlocks().value();
  EXPECT_LE(whole, capacity());
  // The spare areas of a BD-RE take 3 of 100 parts (mmc.md 2.9), what is left out elsewhere is
  // less.
  EXPECT_GT(whole, BlockCount{capacity().value / 100 * 96});
  for (int session = 1; session <= 3; ++session) {
    ASSERT_TRUE(desk().add("/file" + std::to_string(session), std::string(100'000, 'x')));
    const BlockCount used = desk().joliet.GetUsedDataBlocks().value();
    EXPECT_GT(used, BlockCount{49}) << "the file alone";
    const auto report = desk().record();
    ASSERT_TRUE(report) << describe(report.error().cause);
    // The last ECC block of a DVD, or the last cluster of a BD, is filled up.
    EXPECT_GE(report->written, used);
    EXPECT_LT(report->written, used + GetParam().filled_up);
    const Lba next = told_of(desk()).info.next_writable;
    ASSERT_TRUE(desk().select());
    EXPECT_EQ(whole - desk().joliet.GetTotalDataBlocks().value(), next - GetParam().first_session)
        << "after session " << session;
  }
}

// M1, M4 and M6: entered unasked, kept to one disc, and the right one is still welcome afterwards.
TEST_P(EveryMedium, IsContinuedUnaskedAndOnlyItself) {
  desk().burn_session({{"/old.txt", "old"}});
  Desk other;
  other.insert_blank(GetParam().medium);
  other.burn_session({{"/theirs.txt", "theirs"}});
  ASSERT_TRUE(desk().select());
  ASSERT_TRUE(desk().add("/new.txt", "new"));

  auto mine = desk().device->drive().remove_disc();
  desk().device->drive().insert(other.device->drive().remove_disc());
  EXPECT_EQ(name_of(code_of(desk().record())), "IMAPI_E_WRONGDISC");
  EXPECT_EQ(files_on(desk().disc()), (Files{{"/theirs.txt", "theirs"}}));

  desk().device->drive().insert(std::move(mine));
  ASSERT_TRUE(desk().record());
  EXPECT_EQ(files_on(desk().disc()), (Files{{"/old.txt", "old"}, {"/new.txt", "new"}}));
}

// A blank disc takes no session of a disc that is to be continued, and a continued one none that
// wants a blank disc.
TEST_P(EveryMedium, TakesASingleSessionOnlyWhenBlank) {
  desk().burn_session({{"/old.txt", "old"}});
  ASSERT_TRUE(desk().select());
  ASSERT_TRUE(desk().master.ClearFormatContent());
  ASSERT_TRUE(desk().add("/new.txt", "new"));
  EXPECT_EQ(name_of(code_of(desk().record())), "IMAPI_E_MEDIUM_INVALIDTYPE");
  EXPECT_EQ(files_on(desk().disc()), (Files{{"/old.txt", "old"}}));
  desk().insert_blank(GetParam().medium);
  ASSERT_TRUE(desk().record());
  EXPECT_EQ(files_on(desk().disc()), (Files{{"/new.txt", "new"}}));
}

// Version 1 erased CD-RW alone, version 2 whatever is rewritable (imapi.md 4.2, 9.11).
TEST_P(EveryMedium, IsErasedWhenItIsRewritable) {
  desk().burn_session({{"/old.txt", "old"}});
  desk().burn_session({{"/older.txt", "older"}});
  DiscRecorder recorder(desk().device);
  ASSERT_TRUE(recorder.OpenExclusive());
  EventLog events;
  const auto erased = recorder.Erase(false, &events);
  if (GetParam().rewritable == kOnce) {
    EXPECT_EQ(name_of(code_of(erased)), "IMAPI_E_MEDIUM_INVALIDTYPE");
    EXPECT_TRUE(events.lines.empty());
    EXPECT_EQ(recorder.QueryMediaInfo()->sessions, 2);
    return;
  }
  ASSERT_TRUE(erased) << describe(erased.error().cause);
  EXPECT_EQ(events.lines, std::vector<std::string>{"EraseComplete S_OK"});
  EXPECT_EQ(recorder.QueryMediaType()->flags, MEDIA_BLANK | MEDIA_WRITABLE | MEDIA_RW);
  EXPECT_EQ(recorder.QueryMediaInfo()->sessions, 0);
  ASSERT_TRUE(recorder.Close());
  // It takes sessions again, and shows nothing of what was there.
  desk().burn_session({{"/new.txt", "new"}});
  desk().burn_session({{"/newer.txt", "newer"}});
  EXPECT_EQ(files_on(desk().disc()), (Files{{"/new.txt", "new"}, {"/newer.txt", "newer"}}));
}

// As it was bought: what needs a format gets one.
TEST_P(EveryMedium, IsErasedAsItWasBought) {
  if (GetParam().rewritable == kOnce) return;
  DiscRecorder recorder(desk().device);
  ASSERT_TRUE(recorder.OpenExclusive());
  const auto erased = recorder.Erase(false);
  ASSERT_TRUE(erased) << describe(erased.error().cause);
  ASSERT_TRUE(recorder.Close());
  desk().burn_session({{"/new.txt", "new"}});
  EXPECT_EQ(files_on(desk().disc()), (Files{{"/new.txt", "new"}}));
}

INSTANTIATE_TEST_SUITE_P(Imapi, EveryMedium, testing::ValuesIn(kRows), label_of);

}  // namespace
}  // namespace pregroove::imapi
