#include "tests/faults/sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace pregroove::imapi {

FaultyBurn burn_with_fault(Desk& desk, const SweepFault& fault, int k, const std::string& path,
                           const std::string& text, RecordOptions options) {
  auto faulty = std::make_shared<FaultyDevice>(desk.device);
  desk.open();
  EXPECT_TRUE(desk.master.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(faulty)));
  EXPECT_TRUE(desk.add(path, text));
  testing_support::FaultRule rule{.after = k - 1, .times = fault.times};
  fault.shape(rule);
  faulty->port.add(rule);
  FaultyBurn burn{.hit = false, .report = desk.record(options)};
  if (!burn.report) {
    EXPECT_FALSE(burn.report.error().cause.message.empty());
  }
  burn.hit = faulty->port.hits() > 0;
  faulty->port.clear();
  // Power off and on: whatever the drive held in its buffer or had locked is gone.
  desk.device->plug_in_again();
  return burn;
}

std::vector<scsi::Opcode> commands_of_a_burn(Desk& desk, const std::string& path,
                                             const std::string& text) {
  std::vector<scsi::Opcode> commands;
  desk.open();
  EXPECT_TRUE(desk.master.SetActiveDiscRecorder(desk.recorder));
  EXPECT_TRUE(desk.add(path, text));
  desk.device->before = [&commands](const scsi::Command& command) {
    commands.push_back(static_cast<scsi::Opcode>(command.cdb[0]));
  };
  EXPECT_TRUE(desk.record());
  desk.device->before = {};
  return commands;
}

bool is_deep_in_polling(const std::vector<scsi::Opcode>& commands, int k) {
  constexpr int kAround = 6;
  if (k <= kAround || k + kAround > std::ssize(commands)) return false;
  const auto is_question = [](scsi::Opcode opcode) {
    return opcode == scsi::Opcode::kTestUnitReady || opcode == scsi::Opcode::kRequestSense ||
           opcode == scsi::Opcode::kReadDiscInformation;
  };
  const auto at = commands.begin() + (k - 1);
  return std::all_of(at - kAround, at + kAround + 1, is_question);
}

}  // namespace pregroove::imapi
