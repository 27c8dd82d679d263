// Cancelling at every question that a burn asks, on every way of writing: what the error says of
// the disc is what the disc is, and the next burn copes with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/burn/burner.h"
#include "engine/drive/inspection.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"

namespace pregroove::burn {
namespace {

using medium::WriteType;
using testing::HasSubstr;

constexpr std::int64_t kBlocks = 400;

// A volume of files, as far as a medium that is overwritten looks at it (ECMA-119 8.1, 8.3, 8.4):
// its descriptors, and how large it is.
class Blocks final : public BlockSource {
 public:
  Blocks() : image_(static_cast<std::size_t>(BlockCount{kBlocks}.bytes()), std::byte{0x5A}) {
    const auto put = [&](std::size_t at, std::string_view text) {
      std::ranges::transform(text, image_.begin() + static_cast<std::ptrdiff_t>(at),
                             [](char letter) { return static_cast<std::byte>(letter); });
    };
    constexpr std::size_t kPrimary = 16 * kBlockSize;
    put(kPrimary, std::string_view("\x01"
                                   "CD001\x01",
                                   7));
    put(kPrimary + 80, std::string_view("\x90\x01\0\0\0\0\x01\x90", 8));  // 400 blocks
    put(kPrimary + kBlockSize, std::string_view("\xFF"
                                                "CD001\x01",
                                                7));
  }
  [[nodiscard]] BlockCount size() const override { return {kBlocks}; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out) override {
    const auto bytes = std::min(out.size(), image_.size() - done_);
    std::ranges::copy_n(image_.begin() + static_cast<std::ptrdiff_t>(done_),
                        static_cast<std::ptrdiff_t>(bytes), out.begin());
    done_ += bytes;
    return bytes;
  }

 private:
  std::vector<std::byte> image_;
  std::size_t done_ = 0;
};

// Says yes to the n-th question of the burn itself, counted from 1; those of the reading thread's
// consumer, which depend on the machine, are not among them: nobody waits for this source.
class Impatient final : public Observer {
 public:
  explicit Impatient(int at) : at_(at) {}
  [[nodiscard]] bool cancel_requested() override { return ++questions_ == at_; }
  [[nodiscard]] bool asked() const { return questions_ >= at_; }

 private:
  int at_;
  int questions_ = 0;
};

struct Way {
  const char* name;
  const char* medium;
  std::optional<WriteType> type;
  bool behind_a_session;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

class Cancelled : public testing::TestWithParam<Way> {
 protected:
  void insert() { drive_.insert(simdrive::Disc::blank(*simdrive::find_medium(GetParam().medium))); }
  medium::MediumSnapshot look() {
    auto disc = drive::inspect(engine_);
    EXPECT_TRUE(disc) << describe(disc.error());
    return disc.value_or(medium::MediumSnapshot{});
  }
  Result<BurnReport> burn_once(Observer& observer, const plan::BurnRequest& request) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto plan, plan::make_burn_plan(look(), request));
    Blocks source;
    return burn(engine_, plan, source, observer);
  }
  static plan::BurnRequest request() {
    const bool closes = GetParam().type == WriteType::kDiscAtOnce;
    return {
        .afterwards = closes ? plan::Afterwards::kCloseDisc : plan::Afterwards::kLeaveAppendable,
        .image = {kBlocks},
        .write_type = GetParam().type};
  }
  void expect_what_was_said(const Error& error, const medium::MediumSnapshot& before) {
    const auto now = look();
    if (!error.disc_touched) {
      EXPECT_EQ(medium::fingerprint(now), medium::fingerprint(before)) << describe(error);
      return;
    }
    EXPECT_FALSE(error.disc_state.empty());
    if (GetParam().type == WriteType::kDiscAtOnce) {
      EXPECT_FALSE(plan::choose_target(now, plan::SessionMode::kAppend)) << error.disc_state;
      return;
    }
    EXPECT_EQ(now.sessions.size(), before.sessions.size()) << error.disc_state;
    EXPECT_EQ(plan::needs_recovery(now), error.disc_state.find("left open") != std::string::npos)
        << error.disc_state;
  }
  // As the next burn of anybody does it.
  void expect_next_burn(std::size_t sessions_before) {
    Impatient patient(-1);
    if (plan::needs_recovery(look())) {
      const auto plan = plan::make_recovery_plan(look());
      ASSERT_TRUE(plan) << describe(plan.error());
      const auto recovered = recover(engine_, *plan, patient);
      ASSERT_TRUE(recovered) << describe(recovered.error());
    }
    const auto report = burn_once(patient, {.image = {kBlocks}});
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_GT(report->disc.sessions.size(), sessions_before);
  }

  simdrive::VirtualClock clock_;
  simdrive::Drive drive_{clock_};
  drive::Drive engine_{drive_, clock_};
};

TEST_P(Cancelled, LeavesTheDiscAsTheErrorSays) {
  int stopped_in_between = 0;
  for (int k = 1;; ++k) {
    SCOPED_TRACE(k);
    ASSERT_LT(k, 200) << "the burn never ends";
    insert();
    Impatient patient(-1);
    if (GetParam().behind_a_session) {
      ASSERT_TRUE(burn_once(patient, {.image = {kBlocks}}));
    }
    const auto before = look();
    Impatient observer(k);
    const auto report = burn_once(observer, request());
    if (report) {
      ASSERT_FALSE(observer.asked());
      break;
    }
    EXPECT_EQ(report.error().code, ErrorCode::kCancelled) << describe(report.error());
    EXPECT_FALSE(report.error().advice.empty());
    stopped_in_between += report.error().disc_touched ? 1 : 0;
    expect_what_was_said(report.error(), before);
    if (GetParam().type != WriteType::kDiscAtOnce) expect_next_burn(before.sessions.size());
  }
  EXPECT_GT(stopped_in_between, 5) << "so many WRITEs can be cancelled between";
}

INSTANTIATE_TEST_SUITE_P(
    Ways, Cancelled,
    testing::Values(Way{"CdTrackAtOnce", "cd-r-80", WriteType::kTrackAtOnce, true},
                    Way{"CdSessionAtOnce", "cd-r-80", WriteType::kSessionAtOnce, false},
                    Way{"DvdRIncremental", "dvd-r", WriteType::kIncremental, true},
                    Way{"DvdRDiscAtOnce", "dvd-r", WriteType::kDiscAtOnce, false},
                    Way{"DvdRwDiscAtOnce", "dvd-rw", WriteType::kDiscAtOnce, false},
                    Way{"DvdPlusR", "dvd+r", std::nullopt, true},
                    Way{"DvdPlusRw", "dvd+rw", std::nullopt, true},
                    Way{"DvdRam", "dvd-ram", std::nullopt, true},
                    Way{"BdR", "bd-r-25", std::nullopt, true},
                    Way{"BdRe", "bd-re-25", std::nullopt, true}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace pregroove::burn
