// The SCSI commands that a kernel sends on behalf of programs, as one host of a served drive.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "engine/scsi/sense.h"
#include "simdrive/hosts/served_drive.h"

namespace simdrive::hosts::preload {

// What became of a command. Without an answer the drive has no power.
struct Answer {
  bool answered = false;
  bool good = false;
  std::size_t bytes = 0;
  pregroove::SenseCode sense;  // zeros when good

  [[nodiscard]] bool unit_attention() const { return sense.key == 6; }
  [[nodiscard]] bool not_ready() const { return sense.key == 2; }
  [[nodiscard]] bool no_medium() const { return not_ready() && sense.asc == 0x3A; }
};

class HostCommands {
 public:
  HostCommands(ServedDrive& drive, std::size_t host) : drive_(&drive), host_(host) {}

  [[nodiscard]] ServedDrive& drive() const { return *drive_; }
  [[nodiscard]] std::size_t host() const { return host_; }

  // Once, as it is.
  Answer send(std::initializer_list<unsigned> cdb, std::span<std::byte> in = {}) const;
  Answer send_out(std::initializer_list<unsigned> cdb, std::span<const std::byte> out) const;
  // Again after a unit attention, as the kernel does with its own commands.
  Answer send_patiently(std::initializer_list<unsigned> cdb, std::span<std::byte> in = {}) const;

 private:
  Answer execute(std::span<const std::byte> cdb, const pregroove::scsi::DataPhase& data) const;

  ServedDrive* drive_;
  std::size_t host_;
};

// Numbers in replies, most significant byte first; 0 beyond the end.
[[nodiscard]] std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t offset,
                                      std::size_t size);

}  // namespace simdrive::hosts::preload
