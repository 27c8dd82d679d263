// The other side of a vhost-user connection, for tests: memory, one queue in it, and what a driver
// of virtio-scsi does with them. Nothing keeps it from breaking the rules.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "simdrive/hosts/vhost_user/back_end.h"
#include "tests/support/scratch_folder.h"

namespace simdrive::hosts::vhost_user {

using Bytes = std::vector<std::byte>;

// Little-endian numbers, one behind the other, spelled here once more: the tests share no codec
// with the back end.
class Layout {
 public:
  Layout& u16(std::uint16_t value) { return add(value, 2); }
  Layout& u32(std::uint32_t value) { return add(value, 4); }
  Layout& u64(std::uint64_t value) { return add(value, 8); }
  Layout& bytes(const Bytes& more) {
    bytes_.insert(bytes_.end(), more.begin(), more.end());
    return *this;
  }
  operator Bytes() const { return bytes_; }  // NOLINT(*-explicit-*)

 private:
  Layout& add(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
    return *this;
  }
  Bytes bytes_;
};

inline std::uint64_t number_in(const Bytes& bytes, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= std::to_integer<std::uint64_t>(bytes.at(offset + i)) << (8 * i);
  return value;
}

// One descriptor of virtio 1.2, 2.7.5.
struct Buffer {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  std::uint16_t flags = 0;
  std::uint16_t next = 0;
};
inline constexpr std::uint16_t kNext = 1;
inline constexpr std::uint16_t kWritable = 2;
inline constexpr std::uint16_t kIndirect = 4;

class FrontEnd : public testing::Test {
 public:
  static constexpr std::uint64_t kMemorySize = std::uint64_t{4} << 20U;
  // Where it lies for the guest and for the monitor.
  static constexpr std::uint64_t kGuest = 0x100000;
  static constexpr std::uint64_t kUser = 0x7F0000000000;
  // What lies where in it.
  static constexpr std::uint64_t kTable = 0;
  static constexpr std::uint64_t kAvailable = 0x10000;
  static constexpr std::uint64_t kUsed = 0x20000;
  static constexpr std::uint64_t kRequest = 0x30000;
  static constexpr std::uint64_t kResponse = 0x31000;
  static constexpr std::uint64_t kData = 0x100000;
  static constexpr std::uint32_t kQueueSize = 64;
  static constexpr std::size_t kCommands = 2;  // the first request queue
  static constexpr std::size_t kResponseSize = 108;

 protected:
  void SetUp() override {
    ASSERT_TRUE(Disc::create_file(folder_.path("a.disc"), *find_medium("dvd+rw")));
    auto opened = ServedDrive::open({.disc = folder_.path("a.disc")});
    ASSERT_TRUE(opened) << opened.error().message;
    drive_ = *std::move(opened);
    back_end_ = std::make_unique<BackEnd>(*drive_, drive_->host("guest"));
    file_ = Descriptor(::memfd_create("memory", MFD_CLOEXEC));
    ASSERT_EQ(::ftruncate(file_.get(), kMemorySize), 0);
  }

  // What a message is answered; nothing when it ends the connection.
  std::optional<Bytes> send(std::uint32_t request, const Bytes& payload,
                            std::vector<Descriptor> files = {}, std::uint32_t flags = 1) {
    const WireHeader header{.request = pregroove::Le32(request),
                            .flags = pregroove::Le32(flags),
                            .size = pregroove::Le32(static_cast<std::uint32_t>(payload.size()))};
    auto reply = back_end_->handle(header, payload, std::move(files));
    if (!reply) return std::nullopt;
    return *std::move(reply);
  }
  static std::vector<Descriptor> one(int file) {
    std::vector<Descriptor> files;
    files.emplace_back(file);
    return files;
  }
  [[nodiscard]] int memory_file() const { return ::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0); }
  static Bytes region(std::uint64_t guest, std::uint64_t size, std::uint64_t user,
                      std::uint64_t offset) {
    return Layout().u32(1).u32(0).u64(guest).u64(size).u64(user).u64(offset);
  }

  // All that a monitor does before the guest's driver uses the queue.
  void set_up(std::size_t queue = kCommands) {
    const auto index = static_cast<std::uint32_t>(queue);
    ASSERT_TRUE(send(2, Layout().u64(std::uint64_t{1} << 32U | 1U << 30U | 1U << 28U)));
    ASSERT_TRUE(send(5, region(kGuest, kMemorySize, kUser, 0), one(memory_file())));
    ASSERT_TRUE(send(8, Layout().u32(index).u32(kQueueSize)));
    ASSERT_TRUE(send(9, Layout()
                            .u32(index)
                            .u32(0)
                            .u64(kUser + kTable)
                            .u64(kUser + kUsed)
                            .u64(kUser + kAvailable)
                            .u64(0)));
    ASSERT_TRUE(send(10, Layout().u32(index).u32(0)));
    ASSERT_TRUE(send(12, Layout().u64(index), one(::eventfd(0, EFD_CLOEXEC))));
    ASSERT_TRUE(send(18, Layout().u32(index).u32(1)));
    ASSERT_GE(back_end_->kick_of(queue), 0);
  }

  void put(std::uint64_t at, const Bytes& bytes) const {
    ASSERT_EQ(::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at)),
              static_cast<ssize_t>(bytes.size()));
  }
  [[nodiscard]] Bytes get(std::uint64_t at, std::size_t size) const {
    Bytes bytes(size);
    EXPECT_EQ(::pread(file_.get(), bytes.data(), size, static_cast<off_t>(at)),
              static_cast<ssize_t>(size));
    return bytes;
  }
  void put_buffers(std::uint64_t table, const std::vector<Buffer>& buffers) const {
    Layout layout;
    for (const Buffer& each : buffers)
      layout.u64(each.address).u32(each.length).u16(each.flags).u16(each.next);
    put(table, layout);
  }
  // Makes the chain that begins there available, as the next one.
  void offer(std::uint16_t head) {
    put(kAvailable + 4 + 2 * (offered_ % kQueueSize), Layout().u16(head));
    put(kAvailable + 2, Layout().u16(++offered_));
  }
  [[nodiscard]] bool serve(std::size_t queue = kCommands) {
    return back_end_->serve(queue).has_value();
  }
  [[nodiscard]] std::uint64_t used_index() const { return number_in(get(kUsed + 2, 2), 0, 2); }

  static Bytes request(const Bytes& cdb, std::uint8_t target = 0) {
    Bytes bytes(51);
    bytes[0] = std::byte{1};
    bytes[1] = std::byte{target};
    bytes[2] = std::byte{0x40};
    std::ranges::copy(cdb, bytes.begin() + 19);
    return bytes;
  }
  static Bytes cdb(std::initializer_list<int> numbers) {
    Bytes bytes;
    for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
    return bytes;
  }
  // A command as a driver lays it out; its response.
  Bytes command(const Bytes& bytes, const Bytes& out = {}, std::uint32_t in = 0) {
    put(kRequest, bytes);
    put(kResponse, Bytes(kResponseSize, std::byte{0xEE}));
    std::vector<Buffer> buffers{{kGuest + kRequest, static_cast<std::uint32_t>(bytes.size())}};
    if (!out.empty()) {
      put(kData, out);
      buffers.push_back({kGuest + kData, static_cast<std::uint32_t>(out.size())});
    }
    buffers.push_back({kGuest + kResponse, kResponseSize, kWritable});
    if (in > 0) buffers.push_back({kGuest + kData, in, kWritable});
    for (std::size_t i = 0; i + 1 < buffers.size(); ++i) {
      buffers[i].flags |= kNext;
      buffers[i].next = static_cast<std::uint16_t>(i + 1);
    }
    put_buffers(kTable, buffers);
    offer(0);
    EXPECT_TRUE(serve());
    return get(kResponse, kResponseSize);
  }

  pregroove::testing_support::ScratchFolder folder_;
  std::unique_ptr<ServedDrive> drive_;
  std::unique_ptr<BackEnd> back_end_;
  Descriptor file_;
  std::uint16_t offered_ = 0;
};

}  // namespace simdrive::hosts::vhost_user
