// SEND CUE SHEET (MMC-6 6.33), and what a WRITE to a CD goes by.
#include <algorithm>

#include "simdrive/disc/rules/cd.h"
#include "simdrive/drive/at_once.h"
#include "simdrive/drive/commands/handlers.h"

namespace simdrive {
namespace {

bool is_recordable_cd(const DriveState& state) {
  return state.medium_present() && state.disc->medium().is_cd() && !state.disc->medium().pressed();
}

// A session of which nothing is recorded yet.
bool session_is_empty(const Layout& layout) {
  return layout.tracks().empty() || layout.tracks().back().session <= layout.closed_sessions();
}

Lba lead_in_start(const Layout& layout) {
  if (layout.closed_sessions() == 0)
    return pregroove::lba_from_lead_in_msf(layout.medium().atip.lead_in);
  return layout.next_session_start() - kPregap - kLeadIn;
}

}  // namespace

WriteConditions write_conditions(const DriveState& state) {
  WriteConditions conditions{.features = state.personality.features};
  if (!state.medium_present()) return conditions;
  conditions.family = state.disc->medium().family();
  const bool appendable =
      is_recordable_cd(state) && state.layout().status() == DiscStatus::kAppendable;
  conditions.at_once_refused =
      appendable && !state.at_once &&
      state.personality.quirks.sao_on_appendable == profiles::SaoOnAppendable::kRefusedAtModeSelect;
  return conditions;
}

std::expected<HostBlock, Fault> block_to_write(DriveState& state, Lba lba) {
  if (!state.disc->medium().is_cd()) return HostBlock{};
  const WriteParameters parameters = state.mode_pages.write_parameters();
  switch (parameters.method) {
    case RecordingMethod::kSessionAtOnce: {
      if (!state.at_once || state.at_once->raw) return std::unexpected(Fault::kCommandSequence);
      const auto block = state.at_once->block_at(lba);
      if (!block) return std::unexpected(Fault::kCommandSequence);
      return *block;
    }
    case RecordingMethod::kRaw: {
      // A drive that takes any page has to refuse here what is no raw sector.
      if (parameters.block.format != SectorFormat::kAny)
        return std::unexpected(Fault::kIllegalModeForTrack);
      const bool none = !state.at_once || !(state.at_once->raw || state.at_once->begun());
      if (none && session_is_empty(state.layout()) && !state.layout().finalised())
        state.at_once = begin_raw_session(lead_in_start(state.layout()));
      return parameters.block;
    }
    default:
      return parameters.block;
  }
}

void note_written(DriveState& state, std::span<const std::byte> data, const HostBlock& block) {
  if (!state.at_once) return;
  const RecordingMethod method = state.mode_pages.write_parameters().method;
  const bool at_once = method == RecordingMethod::kSessionAtOnce || method == RecordingMethod::kRaw;
  if (at_once)
    advance(*state.at_once, data, block);
  else
    state.at_once.reset();  // what was announced cannot be recorded any more
}

void forget_complete_session(DriveState& state) {
  if (state.at_once && state.at_once->complete()) state.at_once.reset();
}

Outcome send_cue_sheet(DriveState& state, const Request& request) {
  const std::size_t size = request.be24(6);
  if (size == 0) return Good{};
  if (size > request.data_out.size()) return refuse(Fault::kParameterListLength);
  if (!is_recordable_cd(state)) return refuse(Fault::kCannotWriteMedium);
  const Layout& layout = state.layout();
  if (layout.finalised()) return refuse(Fault::kCannotWriteMedium);
  const WriteParameters parameters = state.mode_pages.write_parameters();
  const bool appendable = layout.closed_sessions() > 0;
  const bool allowed = !appendable || state.personality.quirks.sao_on_appendable ==
                                          profiles::SaoOnAppendable::kAccepted;
  if (parameters.method != RecordingMethod::kSessionAtOnce || !session_is_empty(layout) ||
      !allowed || (state.at_once && state.at_once->begun()))
    return refuse(Fault::kCommandSequence);
  CueContext context{.first_track = static_cast<std::uint8_t>(layout.tracks().size() + 1)};
  if (appendable) context.session_start = layout.next_session_start() - kPregap;
  auto cue = parse_cue_sheet(request.data_out.first(size), context);
  if (!cue) return refuse(Fault::kInvalidFieldInParameterList);
  const profiles::Features& features = state.personality.features;
  const bool subchannels = std::ranges::any_of(
      cue->program, [](const CueRegion& region) { return region.form.subchannel_bytes > 0; });
  if ((cue->lead_in.subchannel_bytes > 0 && !features.cd_text_write) ||
      (subchannels && !features.raw_block_types.contains(profiles::RawBlockType::kPwRaw)))
    return refuse(Fault::kInvalidFieldInParameterList);
  if (cue->lead_out_start > layout.last_possible_lead_out()) return refuse(Fault::kEndOfUserArea);
  state.rehearsal.reset();
  state.at_once = begin_session(*std::move(cue), lead_in_start(layout));
  return Good{size};
}

}  // namespace simdrive
