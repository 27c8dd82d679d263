// MODE SENSE (10) and MODE SELECT (10), and the header that all mode pages travel behind (SPC-4).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// Mode parameter header (10).
inline constexpr std::size_t kModeHeaderSize = 8;

enum class PageControl : std::uint8_t {
  kCurrent = 0,
  kChangeable = 1,
  kDefault = 2,
  kSaved = 3,
};

// The DBD bit. Most programs leave it at 0; the reply is parsed either way.
enum class BlockDescriptors : bool { kAllowed, kDisabled };

[[nodiscard]] Cdb mode_sense10(scsi::ModePage page, PageControl control, std::uint16_t allocation,
                               BlockDescriptors descriptors = BlockDescriptors::kAllowed);
// PF is set: what follows is pages. The length is that of the whole parameter list.
[[nodiscard]] Cdb mode_select10(std::uint16_t parameter_list_length);

// The page with this code inside a MODE SENSE (10) reply, from its page code on, as far as it
// arrived; block descriptors and other pages before it are skipped. At least its two header bytes.
[[nodiscard]] Result<std::span<const std::byte>> find_mode_page(std::span<const std::byte> reply,
                                                                scsi::ModePage page);

}  // namespace pregroove::mmc
