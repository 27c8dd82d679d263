// What media share whose formatted area can be written anywhere, again and again: DVD-RAM, DVD+RW,
// BD-RE, and DVD-RW in restricted overwrite mode.
//
// One session, one track, always there. Sources: MMC-6 4.4 and 4.5; mmc.md 2.9, 2.13 and 2.16.
//
// Invariants (check_invariants states them as code): there are no tracks, sessions and whatever
// else sequential recording leaves; the formatting is one that the medium can have.
#pragma once

#include "simdrive/disc/rules.h"

namespace simdrive {

class OverwritableRules : public Rules {
 public:
  [[nodiscard]] DiscStatus status(const Layout& layout) const override;
  [[nodiscard]] BlockCount capacity(const Layout& layout) const override;
  [[nodiscard]] std::optional<Lba> next_writable_address(const Layout& layout) const override;
  [[nodiscard]] BlockCount free_blocks(const Layout& layout, const Track& track) const override;
  [[nodiscard]] Readability readability(const Layout& layout, Lba lba) const override;
  [[nodiscard]] BlockCount readable_run(const Layout& layout, Lba lba,
                                        BlockCount count) const override;
  [[nodiscard]] DiscView disc_view(const Layout& layout) const override;
  [[nodiscard]] std::vector<TrackView> track_views(const Layout& layout) const override;
  [[nodiscard]] BlockCount readable_capacity(const Layout& layout) const override;
  [[nodiscard]] FormatCapacities format_capacities(const Layout& layout) const override;
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;
  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  void record_write(Layout&, Lba, BlockCount, const WriteMode&) const override {}
  // DVD-RAM and BD-RE know no closing (Pioneer BDR-203; burning.md 4.2).
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;

 protected:
  OverwritableRules() = default;
  [[nodiscard]] static const Formatting& formatting(const Layout& layout) {
    return layout.recording().formatting;
  }
  [[nodiscard]] static bool formatted(const Layout& layout) {
    return formatting(layout).state != FormatState::kUnformatted;
  }
  // Whether FORMAT UNIT can leave this on the medium. The formatting is not kUnformatted, and its
  // numbers are within the medium's capacity.
  [[nodiscard]] virtual bool possible(const Medium& medium, const Formatting& formatting) const = 0;
  // What FORMAT UNIT offers, best first.
  [[nodiscard]] virtual std::vector<FormatDescriptor> formats(const Layout& layout) const = 0;
  // How much of the capacity can be read, from LBA 0 on.
  [[nodiscard]] virtual BlockCount recorded(const Layout& layout) const;
};

// Formats the disc anew: what was on it is gone. laser_blocks: what the drive writes and reads.
[[nodiscard]] Effect format_anew(Layout& layout, const Formatting& formatting,
                                 BlockCount laser_blocks);

[[nodiscard]] inline std::uint32_t as_field(BlockCount blocks) {
  return static_cast<std::uint32_t>(blocks.value);
}
// The type-dependent parameter where it is the length of a block.
inline constexpr std::uint32_t kBlockLength = 0x800;

}  // namespace simdrive
