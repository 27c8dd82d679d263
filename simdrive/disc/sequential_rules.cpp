#include "simdrive/disc/sequential_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"

namespace simdrive {
namespace {

using pregroove::Status;

int open_session_number(const Layout& layout) { return layout.closed_sessions() + 1; }

// The rest of the disc belongs to a track that grows.
Lba end_of_addresses(const Layout& layout, const Track& track) {
  const bool grows = track.state == TrackState::kOpen && track.reserved.value == 0;
  return grows ? layout.last_possible_lead_out() : track.end();
}

std::int64_t round_up(std::int64_t value, std::int64_t unit) {
  return (value + unit - 1) / unit * unit;
}

// The last track has no end yet.
bool grows(const Layout& layout) {
  if (layout.tracks().empty()) return false;
  const Track& last = layout.tracks().back();
  return last.state == TrackState::kOpen && last.reserved.value == 0;
}

}  // namespace

bool SequentialRules::holds_open_session(const Layout& layout) {
  return !layout.tracks().empty() && layout.tracks().back().session == open_session_number(layout);
}

Lba SequentialRules::align(Lba lba) const {
  return Lba{static_cast<std::int32_t>(round_up(lba.value, table_.alignment.value))};
}

BlockCount SequentialRules::align(BlockCount count) const {
  return BlockCount{round_up(count.value, table_.alignment.value)};
}

BlockCount SequentialRules::least_length(const Track& track) const {
  if (track.reserved.value > 0) return track.reserved;
  return std::max(table_.shortest_track, align(track.recorded));
}

DiscStatus SequentialRules::status(const Layout& layout) const {
  if (layout.finalised()) return DiscStatus::kComplete;
  return layout.tracks().empty() ? DiscStatus::kBlank : DiscStatus::kAppendable;
}

int SequentialRules::open_tracks(const Layout& layout) const {
  return static_cast<int>(std::ranges::count(layout.tracks(), TrackState::kOpen, &Track::state));
}

// Nothing follows a track that still grows.
std::optional<Lba> SequentialRules::next_track_start(const Layout& layout) const {
  if (layout.tracks().empty()) return Lba{0};
  if (grows(layout)) return std::nullopt;
  return expected_start(layout, layout.tracks().size());
}

// Where the track with this index starts, given those before it.
Lba SequentialRules::expected_start(const Layout& layout, std::size_t index) const {
  if (index == 0) return Lba{0};
  const auto tracks = layout.tracks();
  const Track& previous = tracks[index - 1];
  const int session = index < tracks.size() ? tracks[index].session : open_session_number(layout);
  const BlockCount gap =
      previous.session == session ? table_.track_gap : session_gap(layout, previous.session);
  return align(previous.end() + gap);
}

std::optional<InvisibleTrack> SequentialRules::invisible_track(const Layout& layout) const {
  if (layout.finalised() || static_cast<int>(layout.tracks().size()) >= table_.most_tracks ||
      layout.closed_sessions() >= table_.most_sessions)
    return std::nullopt;
  const auto start = next_track_start(layout);
  if (!start) return std::nullopt;
  return InvisibleTrack{static_cast<int>(layout.tracks().size()) + 1, open_session_number(layout),
                        *start};
}

std::optional<Lba> SequentialRules::next_writable_address(const Layout& layout) const {
  if (const Track* open = layout.open_track()) return open->next_writable();
  const auto invisible = invisible_track(layout);
  if (!invisible) return std::nullopt;
  return invisible->start;
}

BlockCount SequentialRules::free_blocks(const Layout& layout, const Track& track) const {
  if (track.state == TrackState::kComplete) return {};
  if (track.reserved.value > 0) return track.reserved - track.recorded;
  return std::max(layout.last_possible_lead_out() - track.next_writable() - track.run_out(),
                  BlockCount{});
}

BlockCount SequentialRules::free_blocks(const Layout& layout, const InvisibleTrack& track) const {
  const BlockCount room = layout.last_possible_lead_out() - track.start - table_.run_out;
  return room < std::max(table_.shortest_track, BlockCount{1}) ? BlockCount{} : room;
}

Readability SequentialRules::readability(const Layout& layout, Lba lba) const {
  const auto tracks = layout.tracks();
  if (lba < Lba{0} || tracks.empty()) return Readability::kBeyond;
  if (layout.track_with_data_at(lba) != nullptr) return Readability::kUserData;
  const auto following =
      std::ranges::find_if(tracks, [&](const Track& track) { return lba < track.start; });
  if (following == tracks.begin()) return Readability::kNotRecorded;
  const Track& before = *(following - 1);
  if (before.state == TrackState::kComplete && lba < before.end()) return Readability::kLink;
  if (following == tracks.end())
    return lba < end_of_addresses(layout, before) ? Readability::kNotRecorded
                                                  : Readability::kBeyond;
  const bool pregap = following->session == before.session && lba >= before.end();
  return pregap ? Readability::kLink : Readability::kNotRecorded;
}

BlockCount SequentialRules::readable_run(const Layout& layout, Lba lba, BlockCount count) const {
  BlockCount run{};
  while (run < count) {
    const Track* track = layout.track_with_data_at(lba + run);
    if (track == nullptr) break;
    run = track->next_writable() - lba;
  }
  return std::min(run, count);
}

TrackLimits SequentialRules::track_limits() const {
  return {.tracks = table_.most_tracks, .appendable = table_.most_open_tracks};
}

BlockCount SequentialRules::readable_capacity(const Layout& layout) const {
  const auto lead_out = layout.lead_out_start(layout.closed_sessions());
  return lead_out ? *lead_out - Lba{0} : BlockCount{};
}

// The open session counts, also while it is empty; its last track is the one that can be written.
DiscView SequentialRules::disc_view(const Layout& layout) const {
  DiscView view{.status = status(layout),
                .disc_type = disc_type(layout),
                .last_session_lead_in = last_session_lead_in(layout),
                .last_possible_lead_out = last_possible_lead_out(layout)};
  const auto sessions = layout.sessions();
  if (layout.finalised()) {
    const Session& last = sessions.back();
    view.last_session = LastSessionState::kComplete;
    view.sessions = last.number;
    view.first_track_in_last_session = last.first_track;
    view.last_track_in_last_session = last.last_track;
    return view;
  }
  const int next_track = std::min(static_cast<int>(layout.tracks().size()) + 1, table_.most_tracks);
  view.sessions = open_session_number(layout);
  view.first_track_in_last_session = next_track;
  view.last_track_in_last_session = next_track;
  if (!holds_open_session(layout)) return view;
  const auto invisible = layout.invisible_track();
  const bool damaged = std::ranges::any_of(layout.tracks(), [](const Track& track) {
    return track.damaged && track.state != TrackState::kComplete;
  });
  view.last_session = damaged ? LastSessionState::kDamaged : LastSessionState::kIncomplete;
  view.first_track_in_last_session = sessions.back().first_track;
  view.last_track_in_last_session = invisible ? invisible->number : sessions.back().last_track;
  return view;
}

std::optional<Lba> SequentialRules::last_session_lead_in(const Layout&) const {
  return std::nullopt;
}
std::optional<Lba> SequentialRules::last_possible_lead_out(const Layout&) const {
  return std::nullopt;
}

void SequentialRules::classify(const Track& track, TrackView& view) const {
  view.blank = track.state == TrackState::kReserved;
  view.reserved = track.reserved.value > 0 && track.state != TrackState::kComplete;
  if (!view.blank) view.data_mode = 1;
}

void SequentialRules::classify_invisible(const Layout&, TrackView& view) const {
  view.blank = true;
}

Refusal SequentialRules::hindrance(const Track&) const { return Refusal::kTrackIncomplete; }

TrackView SequentialRules::view_of(const Layout& layout, const Track& track) const {
  const bool complete = track.state == TrackState::kComplete;
  TrackView view{.number = track.number,
                 .session = track.session,
                 .start = track.start,
                 .damaged = track.damaged,
                 .packet_size = track.packet,
                 .end = end_of_addresses(layout, track)};
  const BlockCount free = free_blocks(layout, track);
  if (!complete && !track.damaged && free.value > 0) {
    view.next_writable = track.next_writable();
    view.free = free;
  }
  if (table_.tells_last_recorded && track.recorded.value > 0)
    view.last_recorded = track.next_writable() - BlockCount{1};
  view.size = complete ? track.end() - track.start : track.recorded + free + track.run_out();
  classify(track, view);
  return view;
}

TrackView SequentialRules::view_of(const Layout& layout, const InvisibleTrack& track) const {
  TrackView view{.number = track.number,
                 .session = track.session,
                 .start = track.start,
                 .invisible = true,
                 .end = layout.last_possible_lead_out()};
  if (const BlockCount free = free_blocks(layout, track); free.value > 0) {
    view.next_writable = track.start;
    view.free = free;
    view.size = free + table_.run_out;
  }
  classify_invisible(layout, view);
  return view;
}

std::vector<TrackView> SequentialRules::track_views(const Layout& layout) const {
  std::vector<TrackView> views;
  for (const Track& track : layout.tracks()) views.push_back(view_of(layout, track));
  if (const auto invisible = invisible_track(layout)) views.push_back(view_of(layout, *invisible));
  return views;
}

Ruling SequentialRules::check_mode(const Layout&, const Track* track, const WriteMode& mode) const {
  if (track != nullptr && track->state == TrackState::kOpen && track->format != mode.format)
    return std::unexpected(Refusal::kOtherSectorFormat);
  return {};
}

const Track* SequentialRules::track_to_write(const Layout& layout, Lba lba) const {
  const bool another_may_be_begun = open_tracks(layout) < table_.most_open_tracks;
  for (const Track& track : layout.tracks()) {
    const bool ready = track.state == TrackState::kOpen ||
                       (track.state == TrackState::kReserved && another_may_be_begun);
    if (ready && !track.damaged && track.next_writable() == lba) return &track;
  }
  return nullptr;
}

Ruling SequentialRules::check_write(const Layout& layout, Lba lba, BlockCount count,
                                    const WriteMode& mode) const {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  if (const Track* track = track_to_write(layout, lba)) {
    if (auto ruling = check_mode(layout, track, mode); !ruling) return ruling;
    if (count > free_blocks(layout, *track)) return std::unexpected(Refusal::kDoesNotFit);
    return {};
  }
  // While as many tracks as possible are being written no other can be begun.
  const auto invisible = invisible_track(layout);
  if (!invisible || lba != invisible->start || open_tracks(layout) >= table_.most_open_tracks)
    return std::unexpected(Refusal::kNotNextWritableAddress);
  if (auto ruling = check_mode(layout, nullptr, mode); !ruling) return ruling;
  if (count > free_blocks(layout, *invisible)) return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

void SequentialRules::begin_track(Track& track, const WriteMode& mode) const {
  track.state = TrackState::kOpen;
  track.format = mode.format;
  track.control = mode.control;
}

void SequentialRules::record_write(Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const {
  auto& tracks = layout.edit().tracks;
  if (const Track* found = track_to_write(layout, lba)) {
    Track& track = tracks[static_cast<std::size_t>(found->number - 1)];
    if (track.state == TrackState::kReserved) begin_track(track, mode);
    track.recorded += count;
    return;
  }
  const auto invisible = invisible_track(layout);
  PREGROOVE_CHECK(invisible.has_value());
  Track track{.number = invisible->number,
              .session = invisible->session,
              .start = invisible->start,
              .recorded = count};
  begin_track(track, mode);
  tracks.push_back(track);
}

Ruling SequentialRules::reserve(Layout& layout, BlockCount size, const WriteMode& mode) const {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  if (grows(layout) || open_tracks(layout) >= table_.most_open_tracks)
    return std::unexpected(Refusal::kTrackIncomplete);
  const auto pending = std::ranges::count_if(
      layout.tracks(), [](const Track& track) { return track.state != TrackState::kComplete; });
  const auto invisible = invisible_track(layout);
  if (!invisible || pending >= table_.most_reserved_tracks)
    return std::unexpected(Refusal::kTooManyTracks);
  const BlockCount length = std::max(align(size), table_.shortest_track);
  if (length.value == 0 || length > free_blocks(layout, *invisible))
    return std::unexpected(Refusal::kDoesNotFit);
  Track track{.number = invisible->number,
              .session = invisible->session,
              .start = invisible->start,
              .reserved = length};
  begin_track(track, mode);
  track.state = TrackState::kReserved;
  layout.edit().tracks.push_back(track);
  return {};
}

std::expected<Padding, Refusal> SequentialRules::finish_track(Layout& layout, int number) const {
  if (layout.track(number) == nullptr) return std::unexpected(Refusal::kNoSuchTrack);
  Track& track = layout.edit().tracks[static_cast<std::size_t>(number - 1)];
  const bool complete = track.state == TrackState::kComplete;
  const Padding padding{
      track.next_writable(),
      complete ? BlockCount{} : std::max(least_length(track) - track.recorded, BlockCount{})};
  track.recorded += padding.count;
  track.state = TrackState::kComplete;
  return padding;
}

Effected SequentialRules::synchronize(Layout& layout, const WriteMode&) const {
  Effect effect;
  for (Track& track : layout.edit().tracks) {
    if (track.state != TrackState::kOpen) continue;
    const Padding padding{track.next_writable(), align(track.recorded) - track.recorded};
    if (padding.count.value == 0) continue;
    track.recorded += padding.count;
    effect.padding.push_back(padding);
    effect.changed = true;
  }
  return effect;
}

Effected SequentialRules::close_track(Layout& layout, int number) const {
  const Track* track = layout.track(number);
  if (track == nullptr) {
    const auto invisible = invisible_track(layout);
    if (invisible && invisible->number == number) return Effect{};
    return std::unexpected(Refusal::kNoSuchTrack);
  }
  if (track->state == TrackState::kComplete) return Effect{};
  const auto padding = finish_track(layout, number);
  if (!padding) return std::unexpected(padding.error());
  return Effect{.padding = {*padding}, .laser_blocks = table_.run_out, .changed = true};
}

BlockCount SequentialRules::closing_blocks(const Layout& layout, bool) const {
  return session_gap(layout, open_session_number(layout));
}

Lba SequentialRules::start_of_following_session(const Layout& layout) const {
  return layout.tracks().back().end() + session_gap(layout, open_session_number(layout));
}

Effected SequentialRules::close_session_with_effect(Layout& layout, bool another_may_follow,
                                                    SessionFormat format) const {
  const BlockCount written =
      holds_open_session(layout) ? closing_blocks(layout, another_may_follow) : BlockCount{};
  const int before = layout.closed_sessions();
  if (auto ruling = close_session(layout, another_may_follow, format); !ruling)
    return std::unexpected(ruling.error());
  if (layout.closed_sessions() == before) return Effect{};
  return Effect{.laser_blocks = written, .changed = true};
}

Effected SequentialRules::close(Layout& layout, const CloseRequest& request,
                                const WriteMode& mode) const {
  switch (request.function) {
    case CloseFunction::kTrack:
      if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
      return close_track(layout, request.track);
    case CloseFunction::kSession:
      return close_session_with_effect(layout, mode.another_session_may_follow,
                                       mode.session_format);
    default:
      return std::unexpected(Refusal::kInvalidFunction);
  }
}

Ruling SequentialRules::close_session(Layout& layout, bool another_may_follow,
                                      SessionFormat format) const {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  if (!holds_open_session(layout)) return {};
  const auto incomplete = std::ranges::find_if(
      layout.tracks(), [](const Track& track) { return track.state != TrackState::kComplete; });
  if (incomplete != layout.tracks().end()) return std::unexpected(hindrance(*incomplete));
  // A pointer to a next session that could not exist is not written.
  if (another_may_follow && start_of_following_session(layout) > layout.last_possible_lead_out())
    return std::unexpected(Refusal::kDoesNotFit);
  layout.edit().closed_sessions.push_back({format});
  layout.edit().finalised = !another_may_follow;
  return {};
}

Effected SequentialRules::finalise(Layout& layout, SessionFormat format) const {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  if (holds_open_session(layout)) return close_session_with_effect(layout, false, format);
  if (layout.closed_sessions() == 0) return Effect{};
  layout.edit().finalised = true;
  return Effect{.changed = true};
}

Status SequentialRules::check_track(const Layout& layout, std::size_t index) const {
  const auto tracks = layout.tracks();
  const Track& track = tracks[index];
  const auto name = [&] { return fmt::format("track {}", track.number); };
  if (track.number != static_cast<int>(index) + 1)
    return broken_record(fmt::format("track {} is listed at place {}", track.number, index + 1));
  const int previous_session = index == 0 ? 1 : tracks[index - 1].session;
  if (track.session != previous_session && (index == 0 || track.session != previous_session + 1))
    return broken_record(name() + " belongs to no session that follows");
  const int closed = layout.closed_sessions();
  if (track.session > closed + 1 || (layout.finalised() && track.session > closed))
    return broken_record(name() + " belongs to a session that cannot be");
  if (track.session <= closed && track.state != TrackState::kComplete)
    return broken_record(name() + " is incomplete in a closed session");
  const BlockCount capacity = layout.capacity();
  const bool lengths_possible = track.recorded >= BlockCount{} && track.recorded <= capacity &&
                                track.reserved >= BlockCount{} && track.reserved <= capacity;
  if (!lengths_possible) return broken_record(name() + " has an impossible length");
  if (track.start != expected_start(layout, index))
    return broken_record(name() + " starts at a wrong address");
  if (track.end() > layout.last_possible_lead_out())
    return broken_record(name() + " ends behind the disc");
  if (track.reserved.value > 0 && track.recorded > track.reserved)
    return broken_record(name() + " exceeds its reservation");
  switch (track.state) {
    case TrackState::kReserved:
      if (track.reserved < std::max(table_.shortest_track, BlockCount{1}) ||
          track.recorded.value != 0)
        return broken_record(name() + " is a reservation that cannot be");
      break;
    case TrackState::kOpen:
      if (track.recorded.value == 0) return broken_record(name() + " is open but empty");
      if (track.start + std::max(track.recorded, least_length(track)) + track.run_out() >
          layout.last_possible_lead_out())
        return broken_record(name() + " cannot be finished any more");
      if (track.reserved.value == 0 && index + 1 != tracks.size())
        return broken_record(name() + " is open but not the last one");
      break;
    case TrackState::kComplete:
      if (track.recorded < table_.shortest_track) return broken_record(name() + " is too short");
      break;
  }
  return {};
}

Status SequentialRules::check_invariants(const Layout& layout) const {
  const auto tracks = layout.tracks();
  if (static_cast<int>(tracks.size()) > table_.most_tracks) return broken_record("too many tracks");
  const int closed = layout.closed_sessions();
  if (closed > (tracks.empty() ? 0 : tracks.back().session))
    return broken_record("a closed session without a track");
  if (layout.finalised() && closed == 0) return broken_record("finalised without a session");
  for (std::size_t index = 0; index < tracks.size(); ++index)
    PREGROOVE_RETURN_IF_ERROR(check_track(layout, index));
  if (open_tracks(layout) > table_.most_open_tracks) return broken_record("too many open tracks");
  return {};
}

}  // namespace simdrive
