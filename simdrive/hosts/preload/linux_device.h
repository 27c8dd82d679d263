// What Linux's sr and cdrom drivers do between a program and a drive: opening, the ioctls of
// linux/cdrom.h, the blocks behind read() and write(). All of it by SCSI commands of one host.
//
// Source: Linux 6.1, drivers/scsi/sr.c, sr_ioctl.c, scsi_ioctl.c, drivers/cdrom/cdrom.c (behaviour
// only). Left out, since the end of a descriptor's life is not seen from a library: the lock of the
// tray while the device is open, and what the last close does.
//
// Thread safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "simdrive/hosts/preload/device_view.h"

namespace simdrive::hosts::preload {

// What a system call brings back.
struct CallResult {
  int error = 0;  // an errno; 0: no error
  int value = 0;
};

class LinuxDevice {
 public:
  LinuxDevice(HostCommands commands, DeviceView& view) : commands_(commands), view_(&view) {}

  // What happens when the machine starts: the drive is looked at until it is ready, or says why
  // not.
  void probe();

  // Flags of open(). ENOMEDIUM, EROFS, ENXIO.
  [[nodiscard]] CallResult open(std::uint32_t flags);
  // The structure that the argument points to is exchanged in place. ENOTTY for what a drive has
  // not.
  [[nodiscard]] CallResult control(std::uint32_t number, std::uint64_t argument,
                                   std::span<std::byte> structure);
  // What write() does to a block device; whole blocks around the bytes are read first.
  [[nodiscard]] CallResult write(std::uint64_t offset, std::span<const std::byte> data);
  // Some command may have changed the disc, or brought another one.
  void note_command(std::uint8_t operation_code, bool unit_attention);

  [[nodiscard]] DeviceView& view() const { return *view_; }
  [[nodiscard]] const HostCommands& commands() const { return commands_; }
  // The text of /proc/sys/dev/cdrom/info.
  [[nodiscard]] std::string capability_text() const;
  // CDC_... of linux/cdrom.h.
  [[nodiscard]] std::uint32_t capabilities() const;
  // The medium is one that Linux writes as a block device.
  [[nodiscard]] bool writable() const;

  // Parts of control().
  [[nodiscard]] CallResult drive_status();
  [[nodiscard]] bool take_medium_change() { return medium_changed_.exchange(false); }
  [[nodiscard]] std::atomic<std::uint32_t>& options() { return options_; }
  // CDROM_LOCKDOOR was given: then no ioctl ejects.
  [[nodiscard]] std::atomic<bool>& kept_locked() { return kept_locked_; }

 private:
  // TEST UNIT READY until there is no unit attention.
  Answer test_ready();
  // Until the drive is ready or needs something else than time.
  [[nodiscard]] Answer wait_until_ready();
  [[nodiscard]] CallResult wait_for_medium();
  [[nodiscard]] bool write_block(std::uint64_t block, std::span<const std::byte> data);

  HostCommands commands_;
  DeviceView* view_;
  std::atomic<bool> medium_changed_ = true;
  std::atomic<std::uint32_t> options_ = 0;
  std::atomic<bool> kept_locked_ = false;
};

}  // namespace simdrive::hosts::preload
