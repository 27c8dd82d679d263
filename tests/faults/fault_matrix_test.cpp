// Makes every fault of the matrix happen on every medium, to a first session and to an append, and
// compares with what the table says; and the table with the page that shows it.
#include "tests/faults/fault_matrix.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "simdrive/profiles/built_in.h"
#include "tests/faults/faulty_device.h"

namespace pregroove::faults {
namespace {

using imapi::Desk;
using imapi::files_on;
using testing::HasSubstr;

const imapi::Files kOld{{"/old.txt", std::string(50'000, 'o')}};
const imapi::Files kNew{{"/new.txt", std::string(1'500'000, 'n')}};
const imapi::Files kNext{{"/next.txt", std::string(20'000, 'x')}};

imapi::Files merged(imapi::Files files, const imapi::Files& later) {
  for (const auto& [path, text] : later) files[path] = text;
  return files;
}

struct Case {
  const Fault* fault;
  std::size_t medium;
  bool append;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Fault& fault : fault_matrix())
    for (std::size_t medium = 0; medium < kMedia.size(); ++medium) {
      if (!fault.expected.at(medium)) continue;
      if (fault.on != On::kAppendable) cases.push_back({&fault, medium, false});
      if (fault.on != On::kBlank) cases.push_back({&fault, medium, true});
    }
  return cases;
}

std::string text_of(const Case& tested) {
  return fmt::format("{} on {}, {}", tested.fault->name, kMedia.at(tested.medium),
                     tested.append ? "second session" : "first session");
}
void PrintTo(const Case& tested, std::ostream* out) { *out << text_of(tested); }

simdrive::profiles::Personality drive_for(const Fault& fault) {
  auto drive = *simdrive::profiles::find_personality("bd-writer");
  if (fault.drive) fault.drive(drive);
  return drive;
}

class FaultMatrix : public testing::TestWithParam<Case> {
 protected:
  FaultMatrix() : desk_(drive_for(fault())) {
    desk_.insert_blank(kMedia.at(GetParam().medium));
    if (GetParam().append) desk_.burn_session(kOld);
  }
  static const Fault& fault() { return *GetParam().fault; }
  static const Outcome& expected() { return *fault().expected.at(GetParam().medium); }
  static imapi::Files before() { return GetParam().append ? kOld : imapi::Files{}; }

  imapi::Result<imapi::RecordReport> burn_under_the_fault() {
    auto faulty = std::make_shared<imapi::FaultyDevice>(desk_.device);
    desk_.open();
    EXPECT_TRUE(desk_.master.SetActiveDiscRecorder(std::make_shared<imapi::DiscRecorder>(faulty)));
    EXPECT_TRUE(desk_.joliet.AddData(imapi::tree_of(kNew), false));
    fault().inject(faulty->port, kMedia.at(GetParam().medium));
    auto report = desk_.master.RecordDisc(false, false, {.verify = fault().verify});
    EXPECT_TRUE(faulty->port.hits() > 0 || fault().drive) << "the fault did not happen";
    EXPECT_TRUE(desk_.master.Close());
    return report;
  }

  static void expect_failure(const Error& error) {
    EXPECT_EQ(name_of(error.code), name_of(*expected().failure)) << describe(error);
    EXPECT_TRUE(error.disc_touched);
    EXPECT_THAT(describe(error), HasSubstr(expected().sentence));
    EXPECT_FALSE(error.advice.empty()) << describe(error);
    ASSERT_TRUE(error.outcome);
    EXPECT_EQ(name_of(error.outcome->data), name_of(expected().disc.data));
    EXPECT_EQ(name_of(error.outcome->session), name_of(expected().disc.session));
    if (!fault().name.starts_with("deferred")) return;
    EXPECT_TRUE(error.command.empty()) << "the command that was told is not to blame";
    EXPECT_EQ(error.lba,
              fault().name.ends_with("LBA") ? std::optional(kEarlierPlace) : std::nullopt);
  }

  // Old sessions are the newest that readers find until the new one is closed; also when it holds
  // something else than was sent.
  void expect_newest_session() {
    const bool closed = expected().disc.session == ClosingState::kClosed;
    const int sessions = (GetParam().append ? 1 : 0) + (closed ? 1 : 0);
    ASSERT_EQ(desk_.disc().layout().closed_sessions(), sessions);
    if (sessions == 0) return;
    const auto found = files_on(desk_.disc(), sessions);
    const auto sent = closed ? merged(before(), kNew) : before();
    EXPECT_EQ(found == sent, !closed || !fault().damages_disc) << "another content than expected";
  }

  Desk desk_;
};

TEST_P(FaultMatrix, LeadsToWhatTheTableSays) {
  const auto report = burn_under_the_fault();
  EXPECT_EQ(report.has_value(), !expected().failure)
      << (report ? "it succeeds" : describe(report.error().cause));
  if (report) {
    EXPECT_EQ(name_of(report->outcome.data), name_of(expected().disc.data));
    EXPECT_EQ(name_of(report->outcome.session), name_of(expected().disc.session));
  } else if (expected().failure) {
    expect_failure(report.error().cause);
  }
  expect_newest_session();
}

// The drive is healthy again: the next burn copes with what the fault left.
TEST_P(FaultMatrix, IsCopedWithByTheNextBurn) {
  (void)burn_under_the_fault();
  desk_.burn_session(kNext);
  auto found = files_on(desk_.disc());
  // The failed session may have been complete; with a flipped bit it is only taken for that.
  const auto survivor = found.find("/new.txt");
  if (survivor != found.end()) {
    EXPECT_EQ(survivor->second == kNew.at("/new.txt"), !fault().damages_disc);
    found.erase(survivor);
  }
  EXPECT_TRUE(found == merged(before(), kNext)) << found.size() << " files";
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultMatrix, testing::ValuesIn(all_cases()));

// The rows of burning.md 9.1, and no medium of one left out without a reason.
TEST(FaultMatrixTable, HasEveryRowOfTheReference) {
  std::vector<std::string_view> names;
  for (const Fault& fault : fault_matrix()) {
    names.push_back(fault.name);
    EXPECT_FALSE(fault.because.empty()) << fault.name;
  }
  for (const std::string_view row :
       {"every command succeeds, disc stays blank", "CLOSE SESSION → 5/72/03",
        "SYNC CACHE → 3/0C/00", "one WRITE → 3/0C/00", "WRITE → 2/04/08 now and then",
        "WRITE → 2/04/01 three times", "WRITE → 5/2C/00 once", "deferred 71h 3/0C/00 with its LBA",
        "CLOSE takes 3 s, 51h/52h say 2/04/07, TUR GOOD", "blank CD says NWA −150",
        "one bit flipped on medium"})
    EXPECT_THAT(names, testing::Contains(row));
}

TEST(FaultMatrixTable, IsThePageThatPeopleRead) {
  std::ifstream file(std::string(PREGROOVE_SOURCE_DIR) + "/tests/faults/README.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(page, HasSubstr(fault_matrix_page())) << "put this into tests/faults/README.md:\n"
                                                    << fault_matrix_page();
}

}  // namespace
}  // namespace pregroove::faults
