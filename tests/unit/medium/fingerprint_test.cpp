#include <gtest/gtest.h>

#include <functional>

#include "engine/medium/medium.h"

namespace pregroove::medium {
namespace {

MediumSnapshot disc_with_one_session() {
  MediumSnapshot disc;
  disc.kind = MediumKind::kCdR;
  disc.status = DiscStatus::kAppendable;
  disc.last_session = SessionState::kEmpty;
  disc.sessions = {{.number = 1,
                    .tracks = {{.number = 1, .session = 1, .start = {0}, .size = {502}}},
                    .lead_out = {502}}};
  disc.writable =
      WritableTrack{.number = 2, .start = {11902}, .next_writable = {11902}, .free = {1000}};
  disc.descriptors_hash = 7;
  return disc;
}

struct Difference {
  const char* name;
  std::function<void(MediumSnapshot&)> change;
};
void PrintTo(const Difference& difference, std::ostream* out) { *out << difference.name; }

class Fingerprint : public testing::TestWithParam<Difference> {};

TEST_P(Fingerprint, TellsDiscsApart) {
  MediumSnapshot other = disc_with_one_session();
  GetParam().change(other);
  EXPECT_NE(fingerprint(other), fingerprint(disc_with_one_session()));
}

INSTANTIATE_TEST_SUITE_P(
    ByEverythingThatBelongsToADisc, Fingerprint,
    testing::Values(
        Difference{"Kind", [](auto& disc) { disc.kind = MediumKind::kCdRw; }},
        Difference{"Status", [](auto& disc) { disc.status = DiscStatus::kComplete; }},
        Difference{"DiscId", [](auto& disc) { disc.disc_id = 1; }},
        Difference{"LeadIn", [](auto& disc) { disc.lead_in_start = Lba{-11077}; }},
        Difference{"Capacity", [](auto& disc) { disc.last_possible_lead_out = Lba{359849}; }},
        Difference{"TrackStart", [](auto& disc) { disc.sessions[0].tracks[0].start = {1}; }},
        Difference{"TrackSize", [](auto& disc) { disc.sessions[0].tracks[0].size = {503}; }},
        Difference{"LeadOut", [](auto& disc) { disc.sessions[0].lead_out = {503}; }},
        Difference{"NextWritable", [](auto& disc) { disc.writable->next_writable = {11903}; }},
        Difference{"Descriptors", [](auto& disc) { disc.descriptors_hash = 8; }}),
    [](const auto& test) { return test.param.name; });

TEST(FingerprintOfOneDisc, DoesNotDependOnTheDrive) {
  MediumSnapshot elsewhere = disc_with_one_session();
  elsewhere.drive.product = "ANOTHER DRIVE";
  elsewhere.writing.speeds_kbs = {7056};
  EXPECT_EQ(fingerprint(elsewhere), fingerprint(disc_with_one_session()));
}

}  // namespace
}  // namespace pregroove::medium
