#include "simdrive/disc/layout.h"

#include <algorithm>

#include "engine/base/check.h"
#include "simdrive/disc/rules.h"

namespace simdrive {
namespace {

// The first of the ascending extents that ends behind the address, or nullptr.
const Extent* first_behind(const std::vector<Extent>& extents, Lba lba) {
  const auto found = std::ranges::upper_bound(extents, lba, {}, &Extent::end);
  return found == extents.end() ? nullptr : &*found;
}

}  // namespace

Lba Track::end() const {
  switch (state) {
    case TrackState::kReserved:
      return start + reserved + run_out();
    case TrackState::kOpen:
      return reserved.value > 0 ? start + reserved + run_out() : start + recorded;
    case TrackState::kComplete:
      return start + recorded + run_out();
  }
  return start;
}

Layout::Layout(const Medium& medium) : medium_(&medium), recording_(fresh_recording(medium)) {
  PREGROOVE_CHECK(!medium.pressed());
}

Layout::Layout(const Medium& medium, Recording recording)
    : medium_(&medium), recording_(std::move(recording)) {}

Layout Layout::pressed(const Medium& medium, BlockCount blocks) {
  Recording recording{.closed_sessions = {ClosedSession{}}, .finalised = true};
  recording.tracks.push_back({.number = 1,
                              .session = 1,
                              .recorded = blocks,
                              .state = TrackState::kComplete,
                              .method = RecordingMethod::kPressed});
  return {medium, std::move(recording)};
}

pregroove::Result<Layout> Layout::restored(const Medium& medium, Recording recording) {
  Layout layout(medium, std::move(recording));
  PREGROOVE_RETURN_IF_ERROR(layout.check_invariants());
  return layout;
}

const Rules& Layout::rules() const { return rules_for(*medium_, recording_); }

DiscStatus Layout::status() const { return rules().status(*this); }
BlockCount Layout::capacity() const { return rules().capacity(*this); }

const Track* Layout::track(int number) const {
  const auto& tracks = recording_.tracks;
  if (number < 1 || number > static_cast<int>(tracks.size())) return nullptr;
  return &tracks[static_cast<std::size_t>(number - 1)];
}

const Track* Layout::open_track() const {
  const auto found = std::ranges::find(recording_.tracks, TrackState::kOpen, &Track::state);
  return found == recording_.tracks.end() ? nullptr : &*found;
}

std::optional<InvisibleTrack> Layout::invisible_track() const {
  return rules().invisible_track(*this);
}

std::vector<Session> Layout::sessions() const {
  std::vector<Session> sessions;
  for (const Track& track : recording_.tracks) {
    if (sessions.empty() || sessions.back().number != track.session)
      sessions.push_back(
          {.number = track.session, .first_track = track.number, .start = track.start});
    Session& session = sessions.back();
    session.last_track = track.number;
    if (track.session > closed_sessions()) continue;
    session.state = SessionState::kClosed;
    session.lead_out_start = track.end();
    session.format = recording_.closed_sessions[static_cast<std::size_t>(track.session - 1)].format;
  }
  return sessions;
}

std::optional<Lba> Layout::lead_out_start(int session) const {
  if (session < 1 || session > closed_sessions()) return std::nullopt;
  const auto& tracks = recording_.tracks;
  const auto last = std::find_if(tracks.rbegin(), tracks.rend(),
                                 [&](const Track& track) { return track.session == session; });
  if (last == tracks.rend()) return std::nullopt;
  return last->end();
}

Lba Layout::next_session_start() const {
  const auto lead_out = lead_out_start(closed_sessions());
  PREGROOVE_CHECK(lead_out.has_value());
  return *lead_out + rules().session_gap(*this, closed_sessions());
}

std::optional<Lba> Layout::next_writable_address() const {
  return rules().next_writable_address(*this);
}

BlockCount Layout::free_blocks(const Track& track) const {
  return rules().free_blocks(*this, track);
}

BlockCount Layout::free_blocks(const InvisibleTrack& track) const {
  return rules().free_blocks(*this, track);
}

const Track* Layout::track_with_data_at(Lba lba) const {
  const auto found = std::ranges::find_if(recording_.tracks, [&](const Track& track) {
    return lba >= track.start && lba < track.next_writable();
  });
  return found == recording_.tracks.end() ? nullptr : &*found;
}

bool Layout::is_written(Lba lba) const {
  return rules().readability(*this, lba) == Readability::kUserData;
}

BlockCount Layout::recorded_run(Lba lba, BlockCount count) const {
  return rules().readable_run(*this, lba, count);
}

Readability Layout::readability(Lba lba) const {
  const Readability recorded = rules().readability(*this, lba);
  const Extent* hit = first_behind(recording_.damage.unreadable, lba);
  const bool damaged = recorded == Readability::kUserData && hit != nullptr && hit->start <= lba;
  return damaged ? Readability::kDamaged : recorded;
}

BlockCount Layout::readable_run(Lba lba, BlockCount count) const {
  const BlockCount run = recorded_run(lba, count);
  const Extent* hit = first_behind(recording_.damage.unreadable, lba);
  if (hit == nullptr) return run;
  return std::clamp(hit->start - lba, BlockCount{}, run);
}

DiscView Layout::disc_view() const {
  DiscView view = rules().disc_view(*this);
  const auto& damaged = recording_.damage.tracks;
  const bool last_is_damaged = !damaged.empty() && !recording_.tracks.empty() &&
                               damaged.back() == recording_.tracks.back().number;
  if (last_is_damaged && view.status != DiscStatus::kComplete)
    view.last_session = LastSessionState::kDamaged;
  return view;
}

std::vector<TrackView> Layout::track_views() const {
  auto views = rules().track_views(*this);
  for (TrackView& view : views)
    view.damaged |= std::ranges::binary_search(recording_.damage.tracks, view.number);
  return views;
}
TrackLimits Layout::track_limits() const { return rules().track_limits(); }
BlockCount Layout::readable_capacity() const { return rules().readable_capacity(*this); }
FormatCapacities Layout::format_capacities() const { return rules().format_capacities(*this); }

Ruling Layout::check_write(Lba lba, BlockCount count, const WriteMode& mode) const {
  return rules().check_write(*this, lba, count, mode);
}

void Layout::record_write(Lba lba, BlockCount count, const WriteMode& mode) {
  PREGROOVE_CHECK(check_write(lba, count, mode).has_value());
  rules().record_write(*this, lba, count, mode);
}

Ruling Layout::reserve(BlockCount size, const WriteMode& mode) {
  return rules().reserve(*this, size, mode);
}

Effected Layout::synchronize(const WriteMode& mode) { return rules().synchronize(*this, mode); }

Effected Layout::close(const CloseRequest& request, const WriteMode& mode) {
  return rules().close(*this, request, mode);
}

Effected Layout::erased(const Damage& before, Effected effect) {
  if (effect) recording_.damage = {.unreadable = before.unreadable};
  return effect;
}

Effected Layout::blank(std::uint8_t type, std::uint32_t address) {
  const Damage before = recording_.damage;
  return erased(before, rules().blank(*this, type, address));
}

Effected Layout::format(const FormatRequest& request) {
  const Damage before = recording_.damage;
  return erased(before, rules().format(*this, request));
}

Extent Layout::addresses() const {
  const BlockCount blocks = medium_->pressed() ? capacity() : medium_->capacity();
  return {Lba{0}, Lba{0} + blocks};
}

void Layout::damage_blocks(Extent blocks) {
  PREGROOVE_CHECK(blocks.start >= addresses().start && blocks.end <= addresses().end);
  PREGROOVE_CHECK(blocks.start < blocks.end);
  std::vector<Extent> merged;
  auto all = recording_.damage.unreadable;
  all.push_back(blocks);
  std::ranges::sort(all, {}, &Extent::start);
  for (const Extent& extent : all) {
    if (merged.empty() || merged.back().end < extent.start)
      merged.push_back(extent);
    else
      merged.back().end = std::max(merged.back().end, extent.end);
  }
  recording_.damage.unreadable = std::move(merged);
}

void Layout::damage_track(int number) {
  PREGROOVE_CHECK(track(number) != nullptr);
  auto& tracks = recording_.damage.tracks;
  const auto place = std::ranges::lower_bound(tracks, number);
  if (place == tracks.end() || *place != number) tracks.insert(place, number);
}

pregroove::Status Layout::check_damage() const {
  const Damage& damage = recording_.damage;
  const bool sound =
      std::ranges::all_of(damage.unreadable,
                          [&](const Extent& extent) { return extent.end <= addresses().end; }) &&
      std::ranges::all_of(damage.tracks, [&](int number) { return track(number) != nullptr; });
  if (sound) return {};
  return broken_record("damage that cannot be");
}

Ruling Layout::set_layer_boundary(BlockCount layer_0) {
  return rules().set_layer_boundary(*this, layer_0);
}

Effected Layout::repair(int track) { return rules().repair(*this, track); }

std::expected<Padding, Refusal> Layout::finish_track(int number) {
  return rules().finish_track(*this, number);
}

Ruling Layout::close_session(bool another_may_follow, SessionFormat format) {
  return rules().close_session(*this, another_may_follow, format);
}

pregroove::Status Layout::check_invariants() const {
  PREGROOVE_RETURN_IF_ERROR(rules().check_invariants(*this));
  return check_damage();
}

}  // namespace simdrive
