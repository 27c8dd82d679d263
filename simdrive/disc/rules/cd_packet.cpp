// Packet writing on CD (MMC-6 4.3, packet recording).
//
// With packets of variable length seven blocks of link, run-in and run-out lie between the user
// data of two packets and have addresses of their own. With fixed packets they have none: the drive
// leaves them out of the count (addressing method 2).
#include <algorithm>

#include "simdrive/disc/rules/cd.h"

namespace simdrive {
namespace {

// The track that packets would go to: the open one, or a reservation that starts there.
const Track* packet_track(const Layout& layout, Lba lba) {
  if (const Track* open = layout.open_track()) return open;
  const auto found = std::ranges::find_if(layout.tracks(), [lba](const Track& track) {
    return track.state == TrackState::kReserved && track.start == lba;
  });
  return found == layout.tracks().end() ? nullptr : &*found;
}

// What the record of a disc has room for, besides 99 tracks and sessions, index points and CD-TEXT
// (README.md, "The disc file").
constexpr std::size_t kMostLinks = 16000;

bool has_pending_link(const Layout& layout, const Track& track) {
  const auto& links = layout.recording().links;
  return track.state == TrackState::kOpen && !links.empty() &&
         links.back().start == track.next_writable();
}

}  // namespace

bool is_packet_track(const Track& track) {
  return track.method == RecordingMethod::kVariablePacket ||
         track.method == RecordingMethod::kFixedPacket;
}

Lba next_packet(const Layout& layout, const Track& track) {
  return has_pending_link(layout, track) ? layout.recording().links.back().end
                                         : track.next_writable();
}

Ruling CdRules::check_packets(const Layout& layout, Lba lba, BlockCount count,
                              const WriteMode& mode) const {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  const Track* track = packet_track(layout, lba);
  if (track != nullptr && track->state == TrackState::kOpen) {
    if (auto ruling = check_mode(layout, track, mode); !ruling) return ruling;
    if (track->packet != (is_packet_track(*track) ? mode.packet : BlockCount{}))
      return std::unexpected(Refusal::kOtherPacketSize);
  }
  const auto invisible = invisible_track(layout);
  const bool here =
      track != nullptr ? lba == next_packet(layout, *track) : invisible && lba == invisible->start;
  if (!here) return std::unexpected(Refusal::kNotNextWritableAddress);
  if (mode.packet.value > 0 && count.value % mode.packet.value != 0)
    return std::unexpected(Refusal::kOtherPacketSize);
  const BlockCount free =
      track != nullptr ? free_blocks(layout, *track) : free_blocks(layout, *invisible);
  if (count > free) return std::unexpected(Refusal::kPacketDoesNotFit);
  // The link behind this packet has to be kept as well.
  if (mode.method == RecordingMethod::kVariablePacket &&
      layout.recording().links.size() >= kMostLinks)
    return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

void CdRules::record_packets(Layout& layout, Lba lba, BlockCount count,
                             const WriteMode& mode) const {
  if (const Track* found = packet_track(layout, lba)) {
    Track& track = layout.edit().tracks[static_cast<std::size_t>(found->number - 1)];
    if (track.state == TrackState::kReserved) begin_track(track, mode);
    track.recorded = lba + count - track.start;
    return;
  }
  SequentialRules::record_write(layout, lba, count, mode);
}

Effect end_packet(Layout& layout, const Track& track) {
  const Lba end = track.next_writable();
  const bool room =
      end + kPacketLink + track.run_out() <
      (track.reserved.value > 0 ? track.start + track.reserved : layout.last_possible_lead_out());
  if (track.method != RecordingMethod::kVariablePacket || has_pending_link(layout, track) || !room)
    return {};
  layout.edit().links.push_back({end, end + kPacketLink});
  return {.changed = true};
}

void drop_pending_link(Layout& layout, const Track& track) {
  if (has_pending_link(layout, track)) layout.edit().links.pop_back();
}

}  // namespace simdrive
