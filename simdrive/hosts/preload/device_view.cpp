#include "simdrive/hosts/preload/device_view.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace simdrive::hosts::preload {
namespace {

using pregroove::kBlockSize;

constexpr std::uint64_t kBlocksAtOnce = 256;
// What is fetched at least, so that a program that reads a few bytes at a time does not wait for
// each of them.
constexpr std::uint64_t kReadAhead = 64;

bool is_zero(std::span<const std::byte> data) {
  return std::ranges::all_of(data, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

pregroove::Result<std::unique_ptr<DeviceView>> DeviceView::create(HostCommands commands,
                                                                  const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.is_open())
    return pregroove::fail(
        pregroove::ErrorCode::kIo,
        fmt::format("cannot make \"{}\": {}", path, std::generic_category().message(errno)));
  return std::unique_ptr<DeviceView>(new DeviceView(commands, std::move(file)));
}

void DeviceView::invalidate() {
  const std::lock_guard lock(mutex_);
  known_ = false;
}

void DeviceView::learn_capacity() {
  std::array<std::byte, 8> reply{};
  const Answer answer = commands_.send_patiently({0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0}, reply);
  const std::uint64_t last = number_at(reply, 0, 4);
  // A last address of 0 says that nothing can be read (and a disc of one block cannot be told).
  blocks_ = answer.good && last > 0 ? last + 1 : 0;
  known_ = answer.good || answer.no_medium();
  valid_.assign(blocks_, false);
  end_of_data_ = std::min(end_of_data_, blocks_);
  (void)!::ftruncate(file_.get(), static_cast<off_t>(blocks_ * kBlockSize));
}

DeviceView::Extent DeviceView::sync(std::uint64_t offset, std::uint64_t length) {
  const std::lock_guard lock(mutex_);
  if (!known_) learn_capacity();
  const std::uint64_t size = blocks_ * kBlockSize;
  if (offset >= size || length == 0) return {.size = size};
  const std::uint64_t first = offset / kBlockSize;
  const std::uint64_t wanted =
      (std::min(length, size - offset) + (offset % kBlockSize) + kBlockSize - 1) / kBlockSize;
  const std::uint64_t reached =
      fetch(first, std::min(first + std::max(wanted, kReadAhead), blocks_));
  const std::uint64_t end = reached * kBlockSize;
  return {.size = size, .readable = end > offset ? end - offset : 0};
}

std::uint64_t DeviceView::sync_all(std::uint64_t end_of_data) {
  const std::lock_guard lock(mutex_);
  if (!known_) learn_capacity();
  const std::uint64_t end = std::min(blocks_, std::max(end_of_data, end_of_data_));
  for (std::uint64_t at = 0; at < end && known_;) at = fetch(at, end) + 1;
  return blocks_ * kBlockSize;
}

std::uint64_t DeviceView::fetch(std::uint64_t first, std::uint64_t end) {
  while (first < end) {
    if (valid_[first]) {
      ++first;
      continue;
    }
    std::uint64_t gap = 1;
    while (gap < kBlocksAtOnce && first + gap < end && !valid_[first + gap]) ++gap;
    const std::uint64_t got = read_blocks(first, gap);
    first += got;
    if (got < gap) return first;
  }
  return first;
}

std::uint64_t DeviceView::read_blocks(std::uint64_t first, std::uint64_t count) {
  buffer_.resize(count * kBlockSize);
  const auto at = [first](unsigned shift) { return static_cast<unsigned>(first >> shift & 0xFFU); };
  const Answer answer = commands_.send_patiently(
      {0x28, 0, at(24), at(16), at(8), at(0), 0, static_cast<unsigned>(count >> 8U),
       static_cast<unsigned>(count & 0xFFU), 0},
      buffer_);
  const std::uint64_t got = std::min<std::uint64_t>(answer.bytes / kBlockSize, count);
  return keep(first, std::span(buffer_).first(got * kBlockSize)) ? got : 0;
}

// Blocks of zeros behind everything else need no room.
bool DeviceView::keep(std::uint64_t first, std::span<const std::byte> data) {
  const std::uint64_t end = first + (data.size() / kBlockSize);
  if (first < end_of_data_ || !is_zero(data)) {
    const auto written =
        ::pwrite(file_.get(), data.data(), data.size(), static_cast<off_t>(first * kBlockSize));
    if (written != static_cast<ssize_t>(data.size())) return false;
    end_of_data_ = std::max(end_of_data_, end);
  }
  for (std::uint64_t block = first; block < end; ++block) valid_[block] = true;
  return true;
}

}  // namespace simdrive::hosts::preload
