#include "simdrive/hosts/preload/linux_device.h"

#include <fcntl.h>
#include <linux/cdrom.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

namespace simdrive::hosts::preload {
namespace {

using pregroove::kBlockSize;

// A drive that takes longer to become ready has a fault.
constexpr std::chrono::seconds kReadyTimeoutMax{120};
constexpr std::chrono::milliseconds kPoll{1};

// Of Linux: which media can be written as a block device (cdrom_is_dvd_rw).
constexpr std::array<std::uint32_t, 3> kWritableProfiles{0x12, 0x1A, 0x43};

// Commands after which the disc may be another one than before.
constexpr auto kChanging = std::to_array<std::uint8_t>(
    {0x04, 0x0A, 0x1B, 0x2A, 0x2E, 0x35, 0x53, 0x58, 0x5B, 0xA1, 0xA6, 0xAA});

}  // namespace

Answer LinuxDevice::test_ready() {
  constexpr int kTries = 8;
  Answer answer;
  for (int tries = 0; tries < kTries; ++tries) {
    answer = commands_.send({0, 0, 0, 0, 0, 0});
    if (!answer.unit_attention()) break;
    if (answer.sense.asc == 0x28 || answer.sense.asc == 0x29) note_command(0, true);
  }
  return answer;
}

Answer LinuxDevice::wait_until_ready() {
  const auto deadline = std::chrono::steady_clock::now() + kReadyTimeoutMax;
  for (;;) {
    const Answer answer = test_ready();
    const bool in_progress = answer.not_ready() && answer.sense.asc == 0x04;
    if (!in_progress || std::chrono::steady_clock::now() > deadline) return answer;
    std::this_thread::sleep_for(kPoll);
  }
}

CallResult LinuxDevice::wait_for_medium() {
  Answer answer = wait_until_ready();
  // 3A/02: the tray is open, and is closed once (CDO_AUTO_CLOSE).
  if (answer.no_medium() && answer.sense.ascq == 2) {
    static_cast<void>(commands_.send_patiently({0x1B, 0, 0, 0, 3, 0}));
    answer = wait_until_ready();
  }
  if (!answer.answered) return {.error = ENXIO};
  // Any other trouble is for the commands that follow to find out.
  return {.error = answer.not_ready() && answer.sense.asc != 0x30 ? ENOMEDIUM : 0};
}

void LinuxDevice::probe() { static_cast<void>(wait_until_ready()); }

bool LinuxDevice::writable() const {
  std::array<std::byte, 8> reply{};
  const Answer answer = commands_.send_patiently({0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0}, reply);
  return answer.good &&
         std::ranges::find(kWritableProfiles, number_at(reply, 6, 2)) != kWritableProfiles.end();
}

CallResult LinuxDevice::open(std::uint32_t flags) {
  view_->invalidate();
  if ((flags & O_NONBLOCK) != 0) {
    const Answer answer = test_ready();
    return {.error = answer.answered ? 0 : ENXIO};
  }
  const CallResult ready = wait_for_medium();
  if (ready.error != 0) return ready;
  const bool for_writing = (flags & O_ACCMODE) != O_RDONLY;
  if (for_writing && !writable()) return {.error = EROFS};
  return {};
}

void LinuxDevice::note_command(std::uint8_t operation_code, bool unit_attention) {
  if (unit_attention) medium_changed_ = true;
  if (unit_attention || std::ranges::find(kChanging, operation_code) != kChanging.end())
    view_->invalidate();
}

// A whole block; what was there is overwritten.
bool LinuxDevice::write_block(std::uint64_t block, std::span<const std::byte> data) {
  const auto at = [block](unsigned shift) { return static_cast<unsigned>(block >> shift & 0xFFU); };
  const auto count = static_cast<unsigned>(data.size() / kBlockSize);
  const Answer answer = commands_.send_out(
      {0x2A, 0, at(24), at(16), at(8), at(0), 0, count >> 8U, count & 0xFFU, 0}, data);
  note_command(0x2A, answer.unit_attention());
  return answer.good;
}

CallResult LinuxDevice::write(std::uint64_t offset, std::span<const std::byte> data) {
  if (data.empty()) return {};
  if (!writable()) return {.error = EIO};
  const std::uint64_t size = view_->sync(0, 0).size;
  if (offset >= size) return {.error = ENOSPC};
  data = data.first(std::min<std::uint64_t>(data.size(), size - offset));
  const std::uint64_t first = offset / kBlockSize;
  const std::uint64_t end = (offset + data.size() + kBlockSize - 1) / kBlockSize;
  std::vector<std::byte> blocks((end - first) * kBlockSize);
  const auto read_old = [&](std::uint64_t block) {
    const auto at = [block](unsigned shift) {
      return static_cast<unsigned>(block >> shift & 0xFFU);
    };
    return commands_
        .send_patiently({0x28, 0, at(24), at(16), at(8), at(0), 0, 0, 1, 0},
                        std::span(blocks).subspan((block - first) * kBlockSize, kBlockSize))
        .good;
  };
  const bool starts_inside = offset % kBlockSize != 0;
  const bool ends_inside = (offset + data.size()) % kBlockSize != 0;
  if (starts_inside && !read_old(first)) return {.error = EIO};
  if (ends_inside && (end - 1 > first || !starts_inside) && !read_old(end - 1))
    return {.error = EIO};
  std::ranges::copy(data, blocks.begin() + static_cast<std::ptrdiff_t>(offset % kBlockSize));
  constexpr std::uint64_t kBlocksAtOnce = 32;
  for (std::uint64_t at = first; at < end; at += kBlocksAtOnce) {
    const std::uint64_t count = std::min(kBlocksAtOnce, end - at);
    if (!write_block(at, std::span(blocks).subspan((at - first) * kBlockSize, count * kBlockSize)))
      return {.error = EIO};
  }
  return {.value = static_cast<int>(data.size())};
}

CallResult LinuxDevice::drive_status() {
  const Answer answer = test_ready();
  if (!answer.answered) return {.error = ENXIO};
  if (answer.no_medium()) {
    // Linux asks for the tray by GET EVENT STATUS NOTIFICATION (sr_drive_status).
    std::array<std::byte, 8> event{};
    const Answer asked = commands_.send_patiently({0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0}, event);
    const bool open = asked.good && (std::to_integer<unsigned>(event[5]) & 1U) != 0;
    return {.value = open ? CDS_TRAY_OPEN : CDS_NO_DISC};
  }
  if (answer.not_ready() && answer.sense.asc == 0x04 && answer.sense.ascq == 0x01)
    return {.value = CDS_DRIVE_NOT_READY};
  return {.value = CDS_DISC_OK};
}

}  // namespace simdrive::hosts::preload
