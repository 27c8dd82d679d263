#include "simdrive/disc/at_once_session.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace simdrive {
namespace {

// A lead-in ends where the first pregap begins.
constexpr Lba kProgramArea{-pregroove::kPregapFrames};

constexpr std::uint8_t kPointFirstTrack = 0xA0;
constexpr std::uint8_t kPointLastTrack = 0xA1;
constexpr std::uint8_t kPointLeadOut = 0xA2;

const QTocEntry* find_point(const std::vector<QTocEntry>& toc, std::uint8_t point) {
  const auto found = std::ranges::find_if(
      toc, [&](const QTocEntry& entry) { return entry.adr == 1 && entry.point == point; });
  return found == toc.end() ? nullptr : &*found;
}

// Two decimal digits in a byte, as the Q channel has them.
constexpr std::uint8_t to_decimal(std::uint8_t value) {
  return static_cast<std::uint8_t>(((value / 10U) << 4U) | (value % 10U));
}

// Nothing for what is no address.
std::optional<Lba> address_of(const QTocEntry& entry) {
  const auto minute = from_decimal(entry.value[0]);
  const auto second = from_decimal(entry.value[1]);
  const auto frame = from_decimal(entry.value[2]);
  if (!minute || !second || !frame || *second >= 60 || *frame >= pregroove::kFramesPerSecond)
    return std::nullopt;
  return pregroove::lba_from_msf({*minute, *second, *frame});
}

// The sectors of a session that was recorded raw tell themselves what they are.
constexpr DataForm kRawForm{.main = SectorForm::kAudio, .main_bytes = kRawSectorSize};

// The program as the table of contents in the lead-in describes it: nothing while an entry is
// missing, or when they contradict each other.
void take_program(AtOnceSession& session) {
  const QTocEntry* first = find_point(session.toc, kPointFirstTrack);
  const QTocEntry* last = find_point(session.toc, kPointLastTrack);
  const QTocEntry* lead_out = find_point(session.toc, kPointLeadOut);
  if (first == nullptr || last == nullptr || lead_out == nullptr) return;
  const auto first_number = from_decimal(first->value[0]);
  const auto last_number = from_decimal(last->value[0]);
  const auto end = address_of(*lead_out);
  if (first_number != 1 || !last_number || !end) return;
  std::vector<CueRegion> program;
  // Track 1 begins at LBA 0 or later: what lies before is its pregap.
  Lba earliest{0};
  for (std::uint8_t track = 1; track <= *last_number; ++track) {
    const QTocEntry* entry = find_point(session.toc, to_decimal(track));
    if (entry == nullptr) return;
    const auto start = address_of(*entry);
    if (!start || *start < earliest) return;
    if (program.empty())
      program.push_back({.start = kProgramArea,
                         .track = track,
                         .index = 0,
                         .control = entry->control,
                         .form = kRawForm});
    program.push_back(
        {.start = *start, .track = track, .index = 1, .control = entry->control, .form = kRawForm});
    earliest = *start + BlockCount{1};
  }
  if (program.empty() || *end < earliest) return;
  session.cue.lead_out_start = *end;
  session.cue.lead_out_control = lead_out->control;
  session.cue.program = std::move(program);
}

void notice_lead_in(AtOnceSession& session, const Subchannel& symbols) {
  const Subcode subcode = r_to_w_of(symbols);
  session.cd_text_blocks.insert(session.cd_text_blocks.end(), subcode.begin(), subcode.end());
  if (!session.raw) return;
  const auto content = parse_q(q_of(symbols));
  if (!content || !std::holds_alternative<QTocEntry>(*content)) return;
  const auto& entry = std::get<QTocEntry>(*content);
  const bool known = std::ranges::any_of(session.toc, [&](const QTocEntry& other) {
    return other.adr == entry.adr && other.point == entry.point;
  });
  if (!known) session.toc.push_back(entry);
}

}  // namespace

Lba AtOnceSession::end_of_write() const {
  if (raw) return Lba{std::numeric_limits<std::int32_t>::max()};
  if (next < cue.program.front().start) return cue.program.front().start;
  // Regions whose blocks look alike may come in one WRITE.
  const auto here = block();
  for (const CueRegion& region : cue.program) {
    if (region.start > next && host_block(region.form) != here) return region.start;
  }
  return cue.lead_out_start;
}

std::optional<HostBlock> AtOnceSession::block_at(Lba lba) const {
  if (!program_known()) return std::nullopt;
  if (lba < cue.program.front().start) {
    auto lead_in = host_block(cue.lead_in);
    if (lead_in) lead_in->main_bytes = 0;
    return lead_in;
  }
  const CueRegion* region = cue.region_at(lba);
  return region == nullptr ? std::nullopt : host_block(region->form);
}

Lba AtOnceSession::next_after(Lba end) const {
  if (raw || !program_known()) return end;
  while (end < cue.lead_out_start && !block_at(end)) {
    const auto following = std::ranges::upper_bound(cue.program, end, {}, &CueRegion::start);
    end = following == cue.program.end() ? cue.lead_out_start : following->start;
  }
  return end;
}

AtOnceSession begin_session(CueSheet cue, Lba lead_in) {
  AtOnceSession session;
  const bool with_lead_in = cue.lead_in.subchannel_bytes > 0;
  session.start = with_lead_in ? lead_in : cue.program.front().start;
  session.cue = std::move(cue);
  session.next = session.next_after(session.start);
  return session;
}

AtOnceSession begin_raw_session(Lba lead_in) {
  AtOnceSession session;
  session.raw = true;
  session.start = lead_in;
  session.next = lead_in;
  return session;
}

void advance(AtOnceSession& session, std::span<const std::byte> blocks, const HostBlock& block) {
  for (std::size_t offset = 0; offset + block.size() <= blocks.size(); offset += block.size()) {
    const bool lead_in = session.next < (session.raw || !session.program_known()
                                             ? kProgramArea
                                             : session.cue.program.front().start);
    if (lead_in)
      notice_lead_in(session, subchannel_of(block, blocks.subspan(offset, block.size())));
    session.next += BlockCount{1};
    if (session.raw && session.next == kProgramArea) take_program(session);
  }
  session.next = session.next_after(session.next);
}

}  // namespace simdrive
