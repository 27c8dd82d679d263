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
  if (rule == nullptr) return drive_.execute(command);
  ++hits_;
  if (rule->exchange_fails) return fail(ErrorCode::kTransport, "the device is gone");
  if (rule->sense)
    return scsi::Completion{.status = scsi::ScsiStatus::kCheckCondition, .sense = rule->sense};
  if (rule->swallow) {
    const auto* out = std::get_if<scsi::DataOut>(&command.data);
    return scsi::Completion{.bytes_transferred = out != nullptr ? out->buffer.size() : 0};
  }
  // The hook may change the rules.
  const auto before = rule->before;
  if (before) before();
  return drive_.execute(command);
}

int FaultingTransport::count(scsi::Opcode opcode) const {
  const auto found = counts_.find(opcode);
  return found == counts_.end() ? 0 : found->second;
}

void FaultingTransport::reset_counts() {
  counts_.clear();
  commands_ = 0;
}

}  // namespace pregroove::testing_support
