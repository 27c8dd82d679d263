#include "engine/image/volume_head.h"

#include <string_view>

#include "engine/image/iso9660.h"

namespace pregroove::image {

Status make_head_of_disc(std::span<std::byte> head, Lba session_start) {
  bool found_primary = false;
  const std::size_t first = static_cast<std::size_t>(kSystemAreaBlocks) * kBlockSize;
  for (std::size_t at = first; at + kBlockSize <= head.size(); at += kBlockSize) {
    auto descriptor = *read_struct<VolumeDescriptor>(head, at);
    const auto& id = descriptor.standard_identifier;
    if (std::string_view(id.data(), id.size()) != kStandardIdentifier ||
        descriptor.type == kDescriptorTerminator)
      break;
    const bool describes_volume =
        descriptor.type == kDescriptorPrimary || descriptor.type == kDescriptorSupplementary;
    if (!describes_volume) continue;
    found_primary |= descriptor.type == kDescriptorPrimary;
    descriptor.volume_space_size = Both32(static_cast<std::uint32_t>(session_start.value) +
                                          descriptor.volume_space_size.value());
    write_struct(head, at, descriptor);
  }
  if (found_primary) return {};
  return fail(ErrorCode::kCorruptImage, "the session begins without a volume descriptor");
}

}  // namespace pregroove::image
