// A drive on the bench: commands from hex, and shorthands for what most tests do first.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "simdrive/drive/drive.h"
#include "tests/support/golden.h"

namespace simdrive::testing_support {

using pregroove::SenseCode;
using pregroove::scsi::Completion;
using pregroove::testing_support::Bytes;

// What a command led to: the sense code {0,0,0} stands for GOOD.
struct Answer {
  SenseCode sense;
  Bytes data;
  std::optional<Lba> information;
  std::size_t transferred = 0;

  [[nodiscard]] bool good() const { return sense == SenseCode{}; }
  [[nodiscard]] std::uint32_t number(std::size_t offset, std::size_t size) const;
};

class BenchDrive {
 public:
  explicit BenchDrive(const std::string& medium = "cd-r-80",
                      profiles::Personality personality = {});
  // A drive without a disc, unit attentions already reported.
  static BenchDrive empty() { return BenchDrive(""); }

  VirtualClock& clock() { return *clock_; }
  Drive& drive() { return *drive_; }
  Disc& disc() { return *drive_->disc(); }

  // Sends one command, exactly once.
  Answer send(const std::string& cdb);
  Answer receive(const std::string& cdb, std::size_t length);
  Answer send_data(const std::string& cdb, const Bytes& data);
  // What another host gets; send() and its like are the first host's.
  Answer execute_for(pregroove::scsi::Transport& host, const std::string& cdb,
                     const pregroove::scsi::DataPhase& data = pregroove::scsi::NoData{});
  // Lets the drive finish what it does on its own.
  void wait() { clock_->advance(std::chrono::hours(3)); }
  // Lets it spin up and takes the unit attentions away.
  void settle();

  Answer write(std::int32_t lba, const Bytes& data);
  // Writes blocks that can be told apart, waiting when the buffer is full.
  void write_blocks(std::int32_t lba, std::int32_t count);
  Answer read(std::int32_t lba, std::uint16_t count);
  Answer select_page_5(std::uint8_t byte_2, std::uint8_t byte_3, std::uint8_t block_type,
                       std::uint8_t session_format = 0);
  void select_multi_session() { ASSERT_TRUE(select_page_5(0x41, 0xC4, 0x08).good()); }
  void select_final_session() { ASSERT_TRUE(select_page_5(0x41, 0x04, 0x08).good()); }
  // One track at the next writable address, then CLOSE SESSION by the page in force.
  void burn_session(std::int32_t blocks);
  std::int32_t next_writable() { return disc().next_writable_address().value().value; }

 private:
  Answer execute(const std::string& cdb, const pregroove::scsi::DataPhase& data);

  std::unique_ptr<VirtualClock> clock_;
  std::unique_ptr<Drive> drive_;
};

// A disc as it is bought; a pressed one holds kPressedBlocks that can be told apart.
inline constexpr std::int32_t kPressedBlocks = 1000;
[[nodiscard]] std::unique_ptr<Disc> bought_disc(const Medium& medium);

// The user data that write_blocks puts into a block.
[[nodiscard]] Bytes pattern(std::int32_t lba, std::int32_t count = 1);
// A 10-byte CDB with an LBA in bytes 2-5 and a length in bytes 7-8, as hex.
[[nodiscard]] std::string cdb10(std::uint8_t opcode, std::int32_t lba, std::uint16_t length);

}  // namespace simdrive::testing_support
