// What the sweeps have in common: the faults that hit the k-th command of a burn, k = 1, 2, 3, ...
// until a burn has fewer commands.
#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "tests/faults/faulty_device.h"

namespace pregroove::imapi {

inline constexpr int kMostCommands = 50'000;
inline constexpr int kFewestCommands = 30;  // fewer: the sweep did not take place

struct SweepFault {
  const char* name;
  void (*shape)(testing_support::FaultRule&);
  int times;  // -1: every command from the k-th on
  bool drops = false;
};
inline void PrintTo(const SweepFault& fault, std::ostream* out) { *out << fault.name; }

inline scsi::Sense sense(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq) {
  return {.code = {key, asc, ascq}};
}

inline constexpr SweepFault kPowerLost{
    "PowerLost", [](testing_support::FaultRule& rule) { rule.exchange_fails = true; }, -1};
inline constexpr SweepFault kOneExchangeLost{
    "OneExchangeLost", [](testing_support::FaultRule& rule) { rule.exchange_fails = true; }, 1};
inline constexpr SweepFault kOneMediumError{
    "OneMediumError", [](testing_support::FaultRule& rule) { rule.sense = sense(0x3, 0x0C, 0x00); },
    1};
inline constexpr SweepFault kHardwareErrorsToTheEnd{
    "HardwareErrorsToTheEnd",
    [](testing_support::FaultRule& rule) { rule.sense = sense(0x4, 0x44, 0x00); }, -1};
inline constexpr SweepFault kBusyThreeTimes{
    "BusyThreeTimes", [](testing_support::FaultRule& rule) { rule.sense = sense(0x2, 0x04, 0x01); },
    3};
inline constexpr SweepFault kOneUnitAttention{
    "OneUnitAttention",
    [](testing_support::FaultRule& rule) { rule.sense = sense(0x6, 0x28, 0x00); }, 1};
// The drive says GOOD, and did nothing.
inline constexpr SweepFault kOneDropped{
    "OneDropped", [](testing_support::FaultRule& rule) { rule.swallow = true; }, 1, true};

// A medium as part of a test's name.
inline std::string as_name(std::string medium) {
  std::ranges::replace(medium, '+', 'p');
  std::erase(medium, '-');
  return medium;
}

// A WRITE that was dropped where the disc can be written again leaves what was there before:
// nothing but reading all of it tells.
inline RecordOptions options_for(const std::string& medium, const SweepFault& fault) {
  const bool overwritten = medium == "dvd+rw" || medium == "dvd-ram" || medium.starts_with("bd-re");
  return {.verify = overwritten && fault.drops};
}

// A burn of one file in which the k-th command of RecordDisc goes wrong.
struct FaultyBurn {
  bool hit = false;  // false: it has fewer commands
  Result<RecordReport> report;

  [[nodiscard]] bool succeeded() const { return report.has_value(); }
};
[[nodiscard]] FaultyBurn burn_with_fault(Desk& desk, const SweepFault& fault, int k,
                                         const std::string& path, const std::string& text,
                                         RecordOptions options = {});

// What a burn without a fault sends.
[[nodiscard]] std::vector<scsi::Opcode> commands_of_a_burn(Desk& desk, const std::string& path,
                                                           const std::string& text);
// Whether the k-th of them is one of many questions whether the drive is done. Formatting a BD-RE
// is a thousand of them, and a fault at one tells as much as a fault at the next.
[[nodiscard]] bool is_deep_in_polling(const std::vector<scsi::Opcode>& commands, int k);

}  // namespace pregroove::imapi
