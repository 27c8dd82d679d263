// What is written is read back as the same value, whatever the value: every member is changed at
// random by walking the schema.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "simdrive/profiles/built_in.h"
#include "simdrive/profiles/enum_names.h"
#include "simdrive/profiles/personality_file.h"
#include "simdrive/profiles/schema.h"

namespace simdrive::profiles {
namespace {

// A visitor of the schema that gives each member a random value that its rule allows. Members on
// which others depend stay as they are.
class Scrambler {
 public:
  explicit Scrambler(std::uint64_t seed) : random_(seed) {}

  template <typename Function>
  void group(std::string_view, const Function& visit_members) {
    visit_members();
  }
  template <typename T, typename Rule>
  void operator()(std::string_view key, T& value, const Rule& rule) {
    static const std::set<std::string_view> kKept{"reads",
                                                  "writes",
                                                  "cd_write_types",
                                                  "cd_text_write",
                                                  "audio_pause_min",
                                                  "audio_pause_max",
                                                  "cd_power_calibrations",
                                                  "cd_power_calibrations_warning",
                                                  "mode_select_accepts_anything"};
    if (!kKept.contains(key)) scramble(value, rule);
  }

 private:
  std::uint32_t upto(std::uint32_t max) {
    return std::uniform_int_distribution<std::uint32_t>(0, max)(random_);
  }
  std::uint32_t number(const NumberRule& rule) { return rule.min + upto(rule.max - rule.min); }

  void scramble(std::string& value, const TextRule& rule) {
    if (rule.form == TextForm::kDate) {
      value = upto(1) == 0 ? "" : fmt::format("20{:02}-{:02}-28", upto(99), 1 + upto(11));
      return;
    }
    value.clear();
    const auto size = rule.min + upto(static_cast<std::uint32_t>(rule.max - rule.min));
    while (value.size() < size)
      value += rule.form == TextForm::kName ? static_cast<char>('a' + upto(25))
                                            : static_cast<char>(0x20 + upto(0x5E));
  }
  void scramble(bool& value, AnyRule) { value = upto(1) == 1; }
  void scramble(std::uint32_t& value, const NumberRule& rule) { value = number(rule); }
  void scramble(SenseCode& value, const SenseRule& rule) {
    const char key = rule.keys[upto(static_cast<std::uint32_t>(rule.keys.size()) - 1)];
    value = {static_cast<std::uint8_t>(key - '0'), static_cast<std::uint8_t>(upto(255)),
             static_cast<std::uint8_t>(upto(255))};
  }
  void scramble(std::optional<SenseCode>& value, const SenseRule& rule) {
    value.reset();
    if (upto(2) != 0) scramble(value.emplace(), rule);
  }
  void scramble(std::vector<std::uint32_t>& value, const NumberRule& rule) {
    value.resize(upto(4));
    for (std::uint32_t& one : value) one = number(rule);
  }
  void scramble(std::vector<std::uint8_t>& value, AnyRule) {
    value.resize(upto(4));
    for (std::uint8_t& one : value) one = static_cast<std::uint8_t>(0x40 + upto(0xBF));
  }
  template <typename Period>
  void scramble(std::chrono::duration<std::int64_t, Period>& value, const NumberRule& rule) {
    value = std::chrono::duration<std::int64_t, Period>(number(rule));
  }
  template <typename E>
    requires std::is_enum_v<E>
  void scramble(E& value, AnyRule) {
    const auto names = names_of(E{});
    value = names.at(upto(static_cast<std::uint32_t>(names.size()) - 1)).value;
  }
  // Never empty, because some sets may not be.
  template <typename E>
  void scramble(EnumSet<E>& value, AnyRule) {
    const auto names = names_of(E{});
    value = {names[0].value};
    for (const auto& [one, name] : names)
      if (upto(1) == 1) value.insert(one);
  }
  void scramble(EnumSet<MediumFamily>& value, AnyRule) {
    value = {};
    if (upto(1) == 1) value.insert(MediumFamily::kCd);
  }
  void scramble(PerFamily<std::uint32_t>& value, const NumberRule& rule) {
    for (std::uint32_t& one : value.values) one = number(rule);
  }
  void scramble(std::vector<SpeedMultiple>& speeds) {
    speeds.clear();
    for (std::uint32_t tenths = 1000 - upto(500); tenths > 150; tenths -= 1 + upto(149))
      speeds.push_back({tenths});
  }
  void scramble(Rotation& rotation) {
    rotation = {};
    scramble(rotation.mode, AnyRule{});
    if (upto(1) == 1) rotation.clv_up_to = {1 + upto(999)};
    if (rotation.mode != RotationMode::kZclv) return;
    std::uint32_t block = 0;
    for (std::uint32_t zones = 1 + upto(3); zones > 0; --zones) {
      rotation.zones.push_back({block, {1 + upto(999)}});
      block += 1 + upto(100'000);
    }
  }
  void scramble(EnumSet<BlankType>& types) { scramble(types, AnyRule{}); }
  template <typename T>
  void scramble(PerKind<T>& value, const KindsRule& rule) {
    for (const MediumKind kind : all_medium_kinds())
      if (rule.kinds.contains(kind)) scramble(value[kind]);
  }

  std::mt19937_64 random_;
};

void expect_round_trip(const Personality& drive) {
  const std::string json = to_json(drive);
  const auto parsed = parse_personality(json, "round-trip.json");
  ASSERT_TRUE(parsed) << describe(parsed.error()) << json;
  EXPECT_EQ(*parsed, drive) << json;
  EXPECT_EQ(to_json(*parsed), json);
}

TEST(RoundTrip, KeepsTheBuiltInPersonalities) {
  for (const Personality& drive : all_personalities()) expect_round_trip(drive);
}

TEST(RoundTrip, KeepsAnyValidPersonality) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Personality drive = all_personalities()[seed % 2 == 0 ? 0 : 3];  // those that write everything
    Scrambler scrambler(seed);
    visit_personality(drive, scrambler);
    expect_round_trip(drive);
  }
}

// Two drives that differ are told apart by their files: nothing is left out of them.
TEST(RoundTrip, WritesEveryDifference) {
  std::set<std::string> files;
  for (const Personality& drive : all_personalities()) files.insert(to_json(drive));
  EXPECT_EQ(files.size(), all_personalities().size());
}

}  // namespace
}  // namespace simdrive::profiles
