#include "tests/unit/simdrive/bench_drive.h"

#include <fmt/format.h>

#include <algorithm>

namespace simdrive::testing_support {

using pregroove::kBlockSize;
using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using pregroove::scsi::NoData;
using pregroove::testing_support::hex;

std::uint32_t Answer::number(std::size_t offset, std::size_t size) const {
  std::uint32_t value = 0;
  for (std::size_t i = offset; i < offset + size; ++i)
    value = (value << 8U) | (i < data.size() ? std::to_integer<std::uint32_t>(data[i]) : 0);
  return value;
}

std::unique_ptr<Disc> bought_disc(const Medium& medium) {
  if (!medium.pressed()) return Disc::blank(medium);
  auto disc = Disc::in_memory(Layout::pressed(medium, BlockCount{kPressedBlocks}));
  EXPECT_TRUE(disc->press(Lba{0}, pattern(0, kPressedBlocks)).has_value());
  return disc;
}

BenchDrive::BenchDrive(const std::string& medium, profiles::Personality personality)
    : clock_(std::make_unique<VirtualClock>()),
      drive_(std::make_unique<Drive>(*clock_, std::move(personality))) {
  if (!medium.empty()) drive_->insert(bought_disc(*find_medium(medium)));
  settle();
}

void BenchDrive::settle() {
  wait();
  // Power on, and as many reports of a changed medium as a personality may have.
  for (int i = 0; i < 6; ++i) (void)send("00 00 00 00 00 00");
}

Answer BenchDrive::execute(const std::string& cdb, const pregroove::scsi::DataPhase& data) {
  return execute_for(*drive_, cdb, data);
}

Answer BenchDrive::execute_for(pregroove::scsi::Transport& host, const std::string& cdb,
                               const pregroove::scsi::DataPhase& data) {
  const Bytes bytes = hex(cdb);
  const auto completion = host.execute({.cdb = bytes, .data = data});
  if (!completion) {
    ADD_FAILURE() << cdb << ": " << completion.error().message;
    return {};
  }
  Answer answer{.transferred = completion->bytes_transferred};
  if (completion->sense) {
    answer.sense = completion->sense->code;
    answer.information = completion->sense->information;
  }
  return answer;
}

Answer BenchDrive::send(const std::string& cdb) { return execute(cdb, NoData{}); }

Answer BenchDrive::receive(const std::string& cdb, std::size_t length) {
  Bytes buffer(length);
  Answer answer = execute(cdb, DataIn{buffer});
  buffer.resize(answer.transferred);
  answer.data = std::move(buffer);
  return answer;
}

Answer BenchDrive::send_data(const std::string& cdb, const Bytes& data) {
  return execute(cdb, DataOut{data});
}

std::string cdb10(std::uint8_t opcode, std::int32_t lba, std::uint16_t length) {
  const auto address = static_cast<std::uint32_t>(lba);
  return fmt::format("{:02X} 00 {:02X} {:02X} {:02X} {:02X} 00 {:02X} {:02X} 00", opcode,
                     address >> 24U, (address >> 16U) & 0xFFU, (address >> 8U) & 0xFFU,
                     address & 0xFFU, length >> 8U, length & 0xFFU);
}

Bytes pattern(std::int32_t lba, std::int32_t count) {
  Bytes data(static_cast<std::size_t>(count) * kBlockSize);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto block = static_cast<std::uint32_t>(lba) + static_cast<std::uint32_t>(i / kBlockSize);
    const std::size_t offset = i % kBlockSize;
    data[i] = static_cast<std::byte>((block >> (8 * (offset % 4))) ^ (offset * 7));
  }
  return data;
}

Answer BenchDrive::write(std::int32_t lba, const Bytes& data) {
  return send_data(cdb10(0x2A, lba, static_cast<std::uint16_t>(data.size() / kBlockSize)), data);
}

void BenchDrive::write_blocks(std::int32_t lba, std::int32_t count) {
  constexpr SenseCode kBufferFull{2, 0x04, 0x08};
  constexpr std::int32_t kBlocksPerCommand = 32;
  for (std::int32_t done = 0; done < count;) {
    const std::int32_t now = std::min(kBlocksPerCommand, count - done);
    const Answer answer = write(lba + done, pattern(lba + done, now));
    if (answer.sense == kBufferFull) {
      clock_->advance(std::chrono::milliseconds(20));
      continue;
    }
    ASSERT_TRUE(answer.good()) << "WRITE at " << lba + done << ": "
                               << pregroove::scsi::to_string(answer.sense);
    done += now;
  }
}

Answer BenchDrive::read(std::int32_t lba, std::uint16_t count) {
  return receive(cdb10(0x28, lba, count), count * kBlockSize);
}

Answer BenchDrive::select_page_5(std::uint8_t byte_2, std::uint8_t byte_3, std::uint8_t block_type,
                                 std::uint8_t session_format) {
  Bytes list(60);
  list[8] = std::byte{0x05};
  list[9] = std::byte{0x32};
  list[10] = std::byte{byte_2};
  list[11] = std::byte{byte_3};
  list[12] = std::byte{block_type};
  list[16] = std::byte{session_format};
  list[23] = std::byte{0x96};
  return send_data("55 10 00 00 00 00 00 00 3C 00", list);
}

void BenchDrive::burn_session(std::int32_t blocks) {
  ASSERT_NO_FATAL_FAILURE(write_blocks(next_writable(), blocks));
  ASSERT_TRUE(send("35 00 00 00 00 00 00 00 00 00").good());
  ASSERT_TRUE(send("5B 00 02 00 00 00 00 00 00 00").good());
}

}  // namespace simdrive::testing_support
