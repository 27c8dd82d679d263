// The rules of recording of one kind of medium. Stateless: the layout that they judge and change is
// handed in. sequential_rules.h has what the write-once media and sequential DVD-RW share; each
// file of rules/ is one kind of medium.
#pragma once

#include <string>

#include "simdrive/disc/layout.h"

namespace simdrive {

class Rules {
 public:
  virtual ~Rules() = default;
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  // Queries, as Layout documents them.
  [[nodiscard]] virtual DiscStatus status(const Layout& layout) const = 0;
  [[nodiscard]] virtual BlockCount capacity(const Layout& layout) const {
    return layout.medium().capacity();
  }
  [[nodiscard]] virtual std::optional<InvisibleTrack> invisible_track(const Layout&) const {
    return std::nullopt;
  }
  [[nodiscard]] virtual std::optional<Lba> next_writable_address(const Layout& layout) const = 0;
  [[nodiscard]] virtual BlockCount free_blocks(const Layout& layout, const Track& track) const = 0;
  [[nodiscard]] virtual BlockCount free_blocks(const Layout&, const InvisibleTrack&) const {
    return {};
  }
  // The sectors between the lead-out start of a closed session and the next track.
  [[nodiscard]] virtual BlockCount session_gap(const Layout&, int /*closed_session*/) const {
    return {};
  }
  [[nodiscard]] virtual Readability readability(const Layout& layout, Lba lba) const = 0;
  [[nodiscard]] virtual BlockCount readable_run(const Layout& layout, Lba lba,
                                                BlockCount count) const = 0;
  [[nodiscard]] virtual DiscView disc_view(const Layout& layout) const = 0;
  [[nodiscard]] virtual std::vector<TrackView> track_views(const Layout& layout) const = 0;
  [[nodiscard]] virtual TrackLimits track_limits() const { return {}; }
  [[nodiscard]] virtual BlockCount readable_capacity(const Layout& layout) const = 0;
  [[nodiscard]] virtual FormatCapacities format_capacities(const Layout& layout) const;
  [[nodiscard]] virtual pregroove::Status check_invariants(const Layout& layout) const = 0;

  // Changes. Each leaves the layout as it was when it refuses.
  [[nodiscard]] virtual Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                           const WriteMode& mode) const = 0;
  // REQUIRES: check_write allows it.
  virtual void record_write(Layout& layout, Lba lba, BlockCount count,
                            const WriteMode& mode) const = 0;
  [[nodiscard]] virtual Ruling reserve(Layout&, BlockCount, const WriteMode&) const {
    return std::unexpected(Refusal::kInvalidFunction);
  }
  [[nodiscard]] virtual Effected synchronize(Layout&, const WriteMode&) const { return Effect{}; }
  [[nodiscard]] virtual Effected close(Layout& layout, const CloseRequest& request,
                                       const WriteMode& mode) const = 0;
  [[nodiscard]] virtual Effected blank(Layout&, std::uint8_t /*type*/,
                                       std::uint32_t /*address*/) const {
    return std::unexpected(Refusal::kNotErasable);
  }
  [[nodiscard]] virtual Effected format(Layout&, const FormatRequest&) const {
    return std::unexpected(Refusal::kOtherMediumFormat);
  }
  [[nodiscard]] virtual std::expected<Padding, Refusal> finish_track(Layout&, int) const {
    return std::unexpected(Refusal::kNoSuchTrack);
  }
  [[nodiscard]] virtual Ruling close_session(Layout&, bool, SessionFormat) const {
    return std::unexpected(Refusal::kInvalidFunction);
  }

  // SEND DISC STRUCTURE, format 20h.
  [[nodiscard]] virtual Ruling set_layer_boundary(Layout&, BlockCount) const {
    return std::unexpected(Refusal::kInvalidFunction);
  }
  // REPAIR TRACK.
  [[nodiscard]] virtual Effected repair(Layout&, int /*track*/) const {
    return std::unexpected(Refusal::kInvalidFunction);
  }

 protected:
  Rules() = default;
};

// How a disc is bought: blank, but for DVD-RAM, which is formatted.
[[nodiscard]] Recording fresh_recording(const Medium& medium);

// kCorruptFile: "the record of the disc contradicts itself: " and what.
[[nodiscard]] pregroove::Status broken_record(const std::string& what);

// The rules of a kind of medium in its present state: a DVD-RW follows other ones once it is
// formatted. The object lives as long as the program.
[[nodiscard]] const Rules& rules_for(const Medium& medium, const Recording& recording);

}  // namespace simdrive
