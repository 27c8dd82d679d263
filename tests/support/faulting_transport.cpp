#include "tests/support/faulting_transport.h"

namespace pregroove::testing_support {

const FaultRule* FaultingTransport::match(scsi::Opcode opcode) {
  const FaultRule* hit = nullptr;
  for (auto& [rule, seen] : rules_) {
    if (rule.opcode && *rule.opcode != opcode) continue;
    const int number = seen++;
    const bool in_range =
        number >= rule.after && (rule.times < 0 || number < rule.after + rule.times);
    if (in_range && hit == nullptr) hit = &rule;
  }
  return hit;
}

Result<scsi::Completion> FaultingTransport::execute(const scsi::Command& command) {
  const auto opcode = static_cast<scsi::Opcode>(command.cdb[0]);
  ++commands_;
  ++counts_[opcode];
  const FaultRule* rule = match(opcode);
  if (rule == nullptr) {
    auto completion = drive_.execute(command);
    if (completion && completion->status == scsi::ScsiStatus::kGood) ++accepted_[opcode];
    return completion;
  }
  ++hits_;
  if (rule->exchange_fails) return fail(ErrorCode::kTransport, "the device is gone");
  if (rule->sense)
    return scsi::Completion{.status = scsi::ScsiStatus::kCheckCondition, .sense = rule->sense};
  if (rule->swallow) {
    const auto* out = std::get_if<scsi::DataOut>(&command.data);
    return scsi::Completion{.bytes_transferred = out != nullptr ? out->buffer.size() : 0};
  }
  // The hook may change the rules.
  const FaultRule hit = *rule;
  if (hit.before) hit.before();
  const auto* out = std::get_if<scsi::DataOut>(&command.data);
  if (hit.flip_bit_on_disc && out != nullptr && !out->buffer.empty())
    return execute_damaged(command, out->buffer);
  auto completion = drive_.execute(command);
  const auto* in = std::get_if<scsi::DataIn>(&command.data);
  if (hit.flip_bit && in != nullptr && !in->buffer.empty()) in->buffer.front() ^= std::byte{1};
  return completion;
}

Result<scsi::Completion> FaultingTransport::execute_damaged(const scsi::Command& command,
                                                            std::span<const std::byte> data) {
  std::vector<std::byte> damaged(data.begin(), data.end());
  damaged.front() ^= std::byte{1};
  scsi::Command changed = command;
  changed.data = scsi::DataOut{damaged};
  return drive_.execute(changed);
}

int FaultingTransport::count(scsi::Opcode opcode) const {
  const auto found = counts_.find(opcode);
  return found == counts_.end() ? 0 : found->second;
}

int FaultingTransport::accepted(scsi::Opcode opcode) const {
  const auto found = accepted_.find(opcode);
  return found == accepted_.end() ? 0 : found->second;
}

void FaultingTransport::reset_counts() {
  accepted_.clear();
  counts_.clear();
  commands_ = 0;
}

}  // namespace pregroove::testing_support
