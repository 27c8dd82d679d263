#include "simdrive/disc/layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Status;

Status broken(const std::string& what) {
  return fail(ErrorCode::kCorruptFile, "the record of the disc contradicts itself: " + what);
}

// The length that a track has at least once it is complete.
BlockCount least_length(const Track& track) {
  return track.reserved.value > 0 ? track.reserved : kShortestTrack;
}

}  // namespace

Lba Track::end() const {
  switch (state) {
    case TrackState::kReserved:
      return start + reserved + kRunOut;
    case TrackState::kOpen:
      return reserved.value > 0 ? start + reserved + kRunOut : start + recorded;
    case TrackState::kComplete:
      return start + recorded + kRunOut;
  }
  return start;
}

pregroove::Result<Layout> Layout::restored(const Medium& medium, std::vector<Track> tracks,
                                           std::vector<SessionFormat> closed_sessions,
                                           bool finalised) {
  Layout layout(medium);
  layout.tracks_ = std::move(tracks);
  layout.closed_sessions_ = std::move(closed_sessions);
  layout.finalised_ = finalised;
  PREGROOVE_RETURN_IF_ERROR(layout.check_invariants());
  return layout;
}

DiscStatus Layout::status() const {
  if (finalised_) return DiscStatus::kComplete;
  return tracks_.empty() ? DiscStatus::kBlank : DiscStatus::kAppendable;
}

const Track* Layout::track(int number) const {
  if (number < 1 || number > static_cast<int>(tracks_.size())) return nullptr;
  return &tracks_[static_cast<std::size_t>(number - 1)];
}

Track* Layout::find_track(int number) {
  if (track(number) == nullptr) return nullptr;
  return &tracks_[static_cast<std::size_t>(number - 1)];
}

const Track* Layout::open_track() const {
  const auto found = std::ranges::find(tracks_, TrackState::kOpen, &Track::state);
  return found == tracks_.end() ? nullptr : &*found;
}

std::optional<InvisibleTrack> Layout::invisible_track() const {
  if (finalised_ || tracks_.size() >= kMaxTracks) return std::nullopt;
  const auto start = next_track_start();
  if (!start) return std::nullopt;
  return InvisibleTrack{static_cast<int>(tracks_.size()) + 1, open_session_number(), *start};
}

// Nothing follows a track that still grows.
std::optional<Lba> Layout::next_track_start() const {
  if (tracks_.empty()) return Lba{0};
  const Track& last = tracks_.back();
  if (last.state == TrackState::kOpen && last.reserved.value == 0) return std::nullopt;
  return expected_start(tracks_.size());
}

// Where the track with this index starts, given those before it.
Lba Layout::expected_start(std::size_t index) const {
  if (index == 0) return Lba{0};
  const Track& previous = tracks_[index - 1];
  const int session = index < tracks_.size() ? tracks_[index].session : open_session_number();
  if (previous.session == session) return previous.end() + kPregap;
  return previous.end() + session_gap(previous.session);
}

std::vector<Session> Layout::sessions() const {
  std::vector<Session> sessions;
  for (const Track& track : tracks_) {
    if (sessions.empty() || sessions.back().number != track.session)
      sessions.push_back(
          {.number = track.session, .first_track = track.number, .start = track.start});
    Session& session = sessions.back();
    session.last_track = track.number;
    if (track.session > closed_sessions()) continue;
    session.state = SessionState::kClosed;
    session.lead_out_start = track.end();
    session.format = closed_sessions_[static_cast<std::size_t>(track.session - 1)];
  }
  return sessions;
}

std::optional<Lba> Layout::lead_out_start(int session) const {
  if (session < 1 || session > closed_sessions()) return std::nullopt;
  const auto last = std::find_if(tracks_.rbegin(), tracks_.rend(),
                                 [&](const Track& track) { return track.session == session; });
  if (last == tracks_.rend()) return std::nullopt;
  return last->end();
}

Lba Layout::next_session_start() const {
  const auto lead_out = lead_out_start(closed_sessions());
  PREGROOVE_CHECK(lead_out.has_value());
  return *lead_out + session_gap(closed_sessions());
}

std::optional<Lba> Layout::next_writable_address() const {
  if (const Track* open = open_track()) return open->next_writable();
  const auto invisible = invisible_track();
  if (!invisible) return std::nullopt;
  return invisible->start;
}

BlockCount Layout::free_blocks(const Track& track) const {
  if (track.state == TrackState::kComplete) return {};
  if (track.reserved.value > 0) return track.reserved - track.recorded;
  return std::max(last_possible_lead_out() - track.next_writable() - kRunOut, BlockCount{});
}

BlockCount Layout::free_blocks(const InvisibleTrack& track) const {
  const BlockCount room = last_possible_lead_out() - track.start - kRunOut;
  return room < kShortestTrack ? BlockCount{} : room;
}

const Track* Layout::track_with_data_at(Lba lba) const {
  const auto found = std::ranges::find_if(tracks_, [&](const Track& track) {
    return lba >= track.start && lba < track.next_writable();
  });
  return found == tracks_.end() ? nullptr : &*found;
}

Readability Layout::readability(Lba lba) const {
  if (lba < Lba{0} || tracks_.empty()) return Readability::kBeyond;
  if (track_with_data_at(lba) != nullptr) return Readability::kUserData;
  const auto following =
      std::ranges::find_if(tracks_, [&](const Track& track) { return lba < track.start; });
  if (following == tracks_.begin()) return Readability::kNotRecorded;
  const Track& before = *(following - 1);
  if (before.state == TrackState::kComplete && lba < before.end()) return Readability::kLink;
  if (following == tracks_.end())
    return lba < before.end() ? Readability::kNotRecorded : Readability::kBeyond;
  const bool pregap = following->session == before.session && lba >= before.end();
  return pregap ? Readability::kLink : Readability::kNotRecorded;
}

Ruling Layout::check_write(Lba lba, BlockCount count, SectorFormat format) const {
  if (finalised_) return std::unexpected(Refusal::kDiscComplete);
  // While one track is being written no other can be: the laser is in the middle of it.
  if (const Track* open = open_track()) {
    if (lba != open->next_writable()) return std::unexpected(Refusal::kNotNextWritableAddress);
    if (format != open->format) return std::unexpected(Refusal::kOtherSectorFormat);
    if (count > free_blocks(*open)) return std::unexpected(Refusal::kDoesNotFit);
    return {};
  }
  for (const Track& track : tracks_) {
    if (track.state != TrackState::kReserved || track.start != lba) continue;
    if (count > free_blocks(track)) return std::unexpected(Refusal::kDoesNotFit);
    return {};
  }
  const auto invisible = invisible_track();
  if (!invisible || lba != invisible->start)
    return std::unexpected(Refusal::kNotNextWritableAddress);
  if (count > free_blocks(*invisible)) return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

void Layout::record_write(Lba lba, BlockCount count, SectorFormat format) {
  PREGROOVE_CHECK(check_write(lba, count, format).has_value());
  for (Track& track : tracks_) {
    if (track.state == TrackState::kComplete || track.next_writable() != lba) continue;
    track.state = TrackState::kOpen;
    track.recorded += count;
    track.format = format;
    return;
  }
  const auto invisible = invisible_track();
  PREGROOVE_CHECK(invisible.has_value());
  tracks_.push_back({.number = invisible->number,
                     .session = invisible->session,
                     .start = invisible->start,
                     .recorded = count,
                     .state = TrackState::kOpen,
                     .format = format});
}

Ruling Layout::reserve(BlockCount size) {
  if (finalised_) return std::unexpected(Refusal::kDiscComplete);
  if (open_track() != nullptr) return std::unexpected(Refusal::kTrackIncomplete);
  const auto invisible = invisible_track();
  if (!invisible) return std::unexpected(Refusal::kTooManyTracks);
  const BlockCount length = std::max(size, kShortestTrack);
  if (length > free_blocks(*invisible)) return std::unexpected(Refusal::kDoesNotFit);
  tracks_.push_back({.number = invisible->number,
                     .session = invisible->session,
                     .start = invisible->start,
                     .reserved = length,
                     .state = TrackState::kReserved});
  return {};
}

std::expected<Layout::Padding, Refusal> Layout::finish_track(int number) {
  Track* const track = find_track(number);
  if (track == nullptr) return std::unexpected(Refusal::kNoSuchTrack);
  const Padding padding{track->next_writable(),
                        track->state == TrackState::kComplete
                            ? BlockCount{}
                            : std::max(least_length(*track) - track->recorded, BlockCount{})};
  track->recorded += padding.count;
  track->state = TrackState::kComplete;
  return padding;
}

Ruling Layout::close_session(bool another_may_follow, SessionFormat format) {
  if (finalised_) return std::unexpected(Refusal::kDiscComplete);
  if (tracks_.empty() || tracks_.back().session != open_session_number()) return {};
  const bool all_complete = std::ranges::all_of(
      tracks_, [](const Track& track) { return track.state == TrackState::kComplete; });
  if (!all_complete) return std::unexpected(Refusal::kTrackIncomplete);
  // A pointer to a next session that could not exist is not written.
  const Lba next = tracks_.back().end() + session_gap(open_session_number());
  if (another_may_follow && next > last_possible_lead_out())
    return std::unexpected(Refusal::kDoesNotFit);
  closed_sessions_.push_back(format);
  finalised_ = !another_may_follow;
  return {};
}

Ruling Layout::erase() {
  if (!medium_->erasable()) return std::unexpected(Refusal::kNotErasable);
  tracks_.clear();
  closed_sessions_.clear();
  finalised_ = false;
  return {};
}

Status Layout::check_track(std::size_t index) const {
  const Track& track = tracks_[index];
  const auto name = [&] { return fmt::format("track {}", track.number); };
  if (track.number != static_cast<int>(index) + 1)
    return broken(fmt::format("track {} is listed at place {}", track.number, index + 1));
  const int previous_session = index == 0 ? 1 : tracks_[index - 1].session;
  if (track.session != previous_session && (index == 0 || track.session != previous_session + 1))
    return broken(name() + " belongs to no session that follows");
  if (track.session > open_session_number() || (finalised_ && track.session > closed_sessions()))
    return broken(name() + " belongs to a session that cannot be");
  if (track.session <= closed_sessions() && track.state != TrackState::kComplete)
    return broken(name() + " is incomplete in a closed session");
  const bool lengths_possible =
      track.recorded >= BlockCount{} && track.recorded <= medium_->capacity() &&
      track.reserved >= BlockCount{} && track.reserved <= medium_->capacity();
  if (!lengths_possible) return broken(name() + " has an impossible length");
  if (track.start != expected_start(index)) return broken(name() + " starts at a wrong address");
  if (track.end() > last_possible_lead_out()) return broken(name() + " ends behind the disc");
  if (track.reserved.value > 0 && track.recorded > track.reserved)
    return broken(name() + " exceeds its reservation");
  switch (track.state) {
    case TrackState::kReserved:
      if (track.reserved < kShortestTrack || track.recorded.value != 0)
        return broken(name() + " is a reservation that cannot be");
      break;
    case TrackState::kOpen:
      if (track.recorded.value == 0) return broken(name() + " is open but empty");
      if (track.start + std::max(track.recorded, least_length(track)) + kRunOut >
          last_possible_lead_out())
        return broken(name() + " cannot be finished any more");
      if (track.reserved.value == 0 && index + 1 != tracks_.size())
        return broken(name() + " is open but not the last one");
      break;
    case TrackState::kComplete:
      if (track.recorded < kShortestTrack) return broken(name() + " is shorter than 4 seconds");
      break;
  }
  return {};
}

Status Layout::check_invariants() const {
  if (tracks_.size() > kMaxTracks) return broken("more than 99 tracks");
  if (closed_sessions() > (tracks_.empty() ? 0 : tracks_.back().session))
    return broken("a closed session without a track");
  if (finalised_ && closed_sessions_.empty()) return broken("finalised without a session");
  for (std::size_t index = 0; index < tracks_.size(); ++index)
    PREGROOVE_RETURN_IF_ERROR(check_track(index));
  if (std::ranges::count(tracks_, TrackState::kOpen, &Track::state) > 1)
    return broken("two open tracks");
  return {};
}

}  // namespace simdrive
