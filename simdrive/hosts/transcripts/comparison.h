// One reply against another, and both in words.
#pragma once

#include <span>
#include <string>

#include "engine/scsi/transport.h"
#include "simdrive/hosts/transcripts/entries.h"

namespace simdrive::hosts::transcripts {

enum class CompareData : bool { kNo, kYes };

// What the drive did now; the data is as long as what was transferred.
struct ActualReply {
  std::uint8_t status = 0;
  std::vector<std::byte> sense;
  std::size_t transferred = 0;
  std::span<const std::byte> data;  // from the drive
};
[[nodiscard]] ActualReply reply_of(const pregroove::scsi::Completion& completion,
                                   std::span<const std::byte> in);

[[nodiscard]] bool equal(const CommandEntry& recorded, const ActualReply& actual,
                         CompareData compare_data);

// "WRITE (10) 2a 00 00 ...".
[[nodiscard]] std::string describe_command(const CommandEntry& recorded);
// "GOOD, 36 bytes: 0580..."; of long data, what surrounds the first byte that differs.
[[nodiscard]] std::string describe_recorded(const CommandEntry& recorded,
                                            const ActualReply& actual);
[[nodiscard]] std::string describe_actual(const CommandEntry& recorded, const ActualReply& actual);

}  // namespace simdrive::hosts::transcripts
