// A drive that says anything at all.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "engine/scsi/transport.h"
#include "engine/validate/read_only.h"

namespace pregroove::testing_support {

// Replies of random length and contents, that now and then begin like proper ones; statuses and
// sense codes likewise.
class HostileDrive final : public scsi::Transport {
 public:
  explicit HostileDrive(unsigned seed) : random_(seed) {}

  Result<scsi::Completion> execute(const scsi::Command& command) override {
    EXPECT_TRUE(validate::changes_nothing(command.cdb));
    ++commands_;
    scsi::Completion completion;
    if (const auto* in = std::get_if<scsi::DataIn>(&command.data))
      completion.bytes_transferred = fill(command, in->buffer);
    if (one_in(8)) fail_somehow(completion);
    if (one_in(500)) return fail(ErrorCode::kTransport, "the cable fell out");
    return completion;
  }
  [[nodiscard]] int commands() const { return commands_; }

 private:
  bool one_in(unsigned many) { return random_() % many == 0; }
  std::byte any_byte() { return static_cast<std::byte>(random_()); }

  std::size_t fill(const scsi::Command& command, std::span<std::byte> buffer) {
    if (buffer.empty()) return one_in(4) ? 1000 : 0;
    std::ranges::generate(buffer, [this] { return one_in(2) ? std::byte{0} : any_byte(); });
    constexpr std::byte kInquiry{0x12};
    constexpr std::byte kOpticalDrive{0x05};
    if (command.cdb[0] == kInquiry && !one_in(10)) buffer[0] = kOpticalDrive;
    // More than there is room for is a lie, too.
    return one_in(3) ? random_() % (buffer.size() + 9) : buffer.size();
  }
  void fail_somehow(scsi::Completion& completion) {
    constexpr auto kCodes = std::to_array<SenseCode>({{2, 0x04, 0x01},
                                                      {2, 0x3A, 0x00},
                                                      {5, 0x20, 0x00},
                                                      {5, 0x24, 0x00},
                                                      {5, 0x24, 0x00},
                                                      {3, 0x11, 0x05},
                                                      {6, 0x28, 0x00},
                                                      {6, 0x2A, 0x00},
                                                      {0, 0x00, 0x00}});
    completion.status =
        one_in(10) ? static_cast<scsi::ScsiStatus>(random_()) : scsi::ScsiStatus::kCheckCondition;
    if (one_in(5)) return;
    completion.sense = scsi::Sense{.code = kCodes.at(random_() % kCodes.size())};
  }

  std::mt19937 random_;
  int commands_ = 0;
};

}  // namespace pregroove::testing_support
