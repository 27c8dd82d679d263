// One client of the remote SCSI protocol and the drive: requests in, replies out. No descriptors
// here.
#pragma once

#include <string>
#include <vector>

#include "simdrive/hosts/rscsi/protocol.h"
#include "simdrive/hosts/served_drive.h"

namespace simdrive::hosts::rscsi {

class Conversation {
 public:
  // All clients are one host: the programs of one machine. REQUIRES: the drive outlives it.
  explicit Conversation(ServedDrive& drive);

  // Carries out the requests that are complete now; their replies.
  [[nodiscard]] std::string receive(std::span<const std::byte> bytes);
  // The client sent what cannot be understood; nothing more is read of it.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  [[nodiscard]] std::string answer(const Request& request);
  [[nodiscard]] std::string select(const Request& request);
  [[nodiscard]] std::string send_command(const Request& request);

  ServedDrive& drive_;
  std::size_t host_;
  std::vector<std::byte> received_;  // less than one request
  bool open_ = false;
  bool selected_ = true;  // the drive, and not a target that is not there
  bool broken_ = false;
};

}  // namespace simdrive::hosts::rscsi
