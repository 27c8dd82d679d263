// Which commands may be put to a drive with a disc that may be lost, and what becomes of the disc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pregroove::validate {

// True for the commands of a list: those that change nothing (read_only.h), and those that write,
// erase or close the disc, or say how that is done. Whatever the list does not hold is never sent:
// microcode, regions, keys, passwords, saved parameters, and what is the vendor's own.
// out: the data that goes with it.
[[nodiscard]] bool may_be_sent_while_writing(std::span<const std::byte> cdb,
                                             std::span<const std::byte> out);

enum class Effect : std::uint8_t {
  kNone,
  kSettings,  // of the drive, until they are set again
  kContents,  // blocks that can be written again as they were
  kDisc,      // the disc is in another state
};
struct DiscCondition {
  std::string_view state;  // of the rows
  bool write_once = false;
};
// What the command leaves behind when it succeeds. REQUIRES: may_be_sent_while_writing().
[[nodiscard]] Effect effect_of(std::span<const std::byte> cdb, const DiscCondition& disc);

// True for commands that a drive may answer before it has done them, or with "busy" when it goes on
// in the background: asked again they would be another command.
[[nodiscard]] bool takes_long(std::span<const std::byte> cdb);

// BLANK and FORMAT UNIT.
[[nodiscard]] bool erases_disc(std::span<const std::byte> cdb);

}  // namespace pregroove::validate
