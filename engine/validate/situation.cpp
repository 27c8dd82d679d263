#include "engine/validate/situation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/mmc/capacity.h"
#include "engine/mmc/configuration.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/events.h"
#include "engine/mmc/format.h"
#include "engine/mmc/toc.h"
#include "engine/mmc/track_information.h"

namespace pregroove::validate {
namespace {

using medium::Family;
using medium::MediumKind;
using mmc::BackgroundFormat;
using mmc::DiscStatus;

struct RowMedium {
  std::string_view name;
  MediumKind kind;
  std::int64_t blocks;  // of the whole disc; 0: as large as what is on it
};
// The media of fixtures/conformance and their sizes (mmc.md 2.10). Of a kind, the first is the one
// that most rows are for.
constexpr auto kMedia = std::to_array<RowMedium>({
    {"cd-rom", MediumKind::kCdRom, 0},
    {"cd-r-80", MediumKind::kCdR, 359'849},
    {"cd-rw-80", MediumKind::kCdRw, 359'849},
    {"dvd-rom", MediumKind::kDvdRom, 0},
    {"dvd-r", MediumKind::kDvdR, 2'298'496},
    {"dvd-r-dl", MediumKind::kDvdRDualLayer, 4'171'712},
    {"dvd-rw", MediumKind::kDvdRw, 2'298'496},
    {"dvd-ram", MediumKind::kDvdRam, 2'236'704},
    {"dvd+r", MediumKind::kDvdPlusR, 2'295'104},
    {"dvd+r-dl", MediumKind::kDvdPlusRDualLayer, 4'173'824},
    {"dvd+rw", MediumKind::kDvdPlusRw, 2'295'104},
    {"bd-rom", MediumKind::kBdRom, 0},
    {"bd-r-25", MediumKind::kBdR, 12'219'392},
    {"bd-r-50", MediumKind::kBdR, 24'438'784},
    {"bd-re-25", MediumKind::kBdRe, 12'219'392},
    {"bd-re-50", MediumKind::kBdRe, 24'438'784},
    {"bd-re-100", MediumKind::kBdRe, 48'878'592},
});

// What the rows' states hold, in blocks. A session holds kSession, and what its medium adds: two
// run-out blocks (mmc.md 2.9), or padding to its unit of 16 or 32.
constexpr std::int64_t kSession = 300;
constexpr std::int64_t kOpenTrack = 40;
constexpr std::int64_t kReservation = 320;
constexpr std::int64_t kPressed = 1000;
constexpr std::int64_t kSecondTrack = 450;
constexpr std::int64_t kTwoTracks = 750;
constexpr std::int64_t kSmallFormat = 1024;
constexpr std::int64_t kIntermediateWritten = 32;
// Of the whole disc: in restricted overwrite, and a BD-RE with and without spare areas (mmc.md
// 2.13).
constexpr std::int64_t kDvdRwFormat = 2'297'888;
constexpr std::int64_t kBdReWholeDisc = 12'219'392;
constexpr auto kBdReFormats = std::to_array<std::int64_t>({11'826'176, 23'652'352, 47'698'944});

std::int64_t session_size(MediumKind kind) {
  const auto& traits = medium::traits_of(kind);
  if (traits.family == Family::kCd) return kSession + 2;
  const std::int64_t unit = traits.family == Family::kDvd ? 16 : 32;
  return (kSession + unit - 1) / unit * unit;
}

struct Facts {
  MediumKind kind = MediumKind::kUnknown;
  bool random = false;  // the profile is one of random recording
  bool pseudo_overwrite = false;
  bool rom = false;  // of the kind, not of the profile
  mmc::DiscInformation disc;
  mmc::TrackInformation first;  // track
  std::optional<mmc::FormatCapacities> format;
  std::optional<mmc::FormattedToc> toc;
  std::int64_t readable = 0;  // blocks, as READ CAPACITY says

  [[nodiscard]] bool status(DiscStatus wanted) const { return disc.status == wanted; }
  [[nodiscard]] bool is(std::initializer_list<MediumKind> kinds) const {
    return std::ranges::find(kinds, kind) != kinds.end();
  }
  [[nodiscard]] bool is_cd() const { return medium::is_cd(kind); }
  [[nodiscard]] bool continues() const { return status(DiscStatus::kAppendable); }
  [[nodiscard]] bool next_is(std::int64_t lba) const {
    return first.next_writable && first.next_writable->value == lba;
  }
  [[nodiscard]] bool holds_session() const { return first.size.value == session_size(kind); }
  [[nodiscard]] bool formatted(std::int64_t blocks) const {
    return format && format->state == mmc::CapacityState::kFormatted &&
           format->blocks.value == blocks;
  }
  [[nodiscard]] bool overwritten() const {
    return is({MediumKind::kDvdRam, MediumKind::kDvdPlusRw, MediumKind::kBdRe}) ||
           (kind == MediumKind::kDvdRw && random);
  }
  [[nodiscard]] bool formatted_bd_r() const {
    return kind == MediumKind::kBdR && !random && continues() && disc.sessions == 1 &&
           (pseudo_overwrite || (format && format->state == mmc::CapacityState::kFormatted)) &&
           !first.reserved;
  }
  // Incremental recording is in packets (Pioneer's command references).
  [[nodiscard]] bool reserved_for_disc_at_once() const {
    return is({MediumKind::kDvdR, MediumKind::kDvdRw}) && first.reserved && !first.packet;
  }
  [[nodiscard]] bool holds_two_tracks(bool data_first) const {
    return toc && toc->tracks.size() == 2 && toc->tracks[0].start == Lba{0} &&
           toc->tracks[1].start.value == kSecondTrack && toc->lead_out &&
           toc->lead_out->value == kTwoTracks && toc->tracks[0].is_data() == data_first &&
           !toc->tracks[1].is_data();
  }
};

bool always(const Facts&) { return true; }

// The first row of which both hold is the state; else the first of which the condition holds.
struct StateRow {
  std::string_view state;
  bool (*condition)(const Facts&);
  bool (*contents)(const Facts&);
};
constexpr auto kStates = std::to_array<StateRow>({
    {"pressed", [](const Facts& disc) { return disc.rom; },
     [](const Facts& disc) { return disc.readable == kPressed; }},
    // DVD-RAM, DVD+RW, BD-RE, DVD-RW in restricted overwrite.
    {"unformatted",
     [](const Facts& disc) { return disc.overwritten() && disc.status(DiscStatus::kBlank); },
     always},
    {"background-running",
     [](const Facts& disc) {
       return disc.kind == MediumKind::kDvdPlusRw &&
              disc.disc.background_format == BackgroundFormat::kRunning;
     },
     always},
    {"background-stopped",
     [](const Facts& disc) {
       return disc.kind == MediumKind::kDvdPlusRw &&
              disc.disc.background_format == BackgroundFormat::kStopped;
     },
     always},
    {"no-spares", [](const Facts& disc) { return disc.kind == MediumKind::kBdRe; },
     [](const Facts& disc) { return disc.formatted(kBdReWholeDisc); }},
    {"small-overwrite",
     [](const Facts& disc) { return disc.kind == MediumKind::kDvdRw && disc.random; },
     [](const Facts& disc) { return disc.formatted(kSmallFormat) && !disc.continues(); }},
    {"intermediate-written",
     [](const Facts& disc) {
       return disc.kind == MediumKind::kDvdRw && disc.random && disc.continues();
     },
     [](const Facts& disc) { return !disc.first.reserved && disc.next_is(kIntermediateWritten); }},
    {"intermediate",
     [](const Facts& disc) {
       return disc.kind == MediumKind::kDvdRw && disc.random && disc.continues();
     },
     [](const Facts& disc) { return disc.first.blank && disc.next_is(0); }},
    {"formatted", [](const Facts& disc) { return disc.overwritten(); },
     [](const Facts& disc) {
       if (disc.kind == MediumKind::kDvdRw) return disc.formatted(kDvdRwFormat);
       if (disc.kind == MediumKind::kBdRe)
         return std::ranges::any_of(kBdReFormats,
                                    [&](std::int64_t blocks) { return disc.formatted(blocks); });
       return true;
     }},
    // BD-R.
    {"formatted-rrm",
     [](const Facts& disc) { return disc.kind == MediumKind::kBdR && disc.random; },
     [](const Facts&) { return false; }},
    {"formatted-pow",
     [](const Facts& disc) { return disc.formatted_bd_r() && disc.pseudo_overwrite; },
     [](const Facts& disc) { return disc.next_is(0); }},
    {"pow-written",
     [](const Facts& disc) { return disc.formatted_bd_r() && disc.pseudo_overwrite; },
     [](const Facts& disc) { return disc.next_is(kReservation); }},
    {"formatted-srm", [](const Facts& disc) { return disc.formatted_bd_r(); },
     [](const Facts& disc) { return !disc.pseudo_overwrite && disc.next_is(0); }},
    {"srm-written", [](const Facts& disc) { return disc.formatted_bd_r(); },
     [](const Facts& disc) { return !disc.pseudo_overwrite && disc.next_is(kReservation); }},
    // Sequential recording.
    {"minimally-blanked",
     [](const Facts& disc) {
       return disc.kind == MediumKind::kDvdRw && disc.status(DiscStatus::kBlank) &&
              !disc.first.packet;
     },
     always},
    {"blank", [](const Facts& disc) { return disc.status(DiscStatus::kBlank); }, always},
    {"open-track",
     [](const Facts& disc) {
       return disc.continues() && disc.disc.sessions == 1 &&
              disc.disc.last_track_in_last_session == 1 && !disc.first.reserved &&
              disc.first.next_writable.has_value() && !(disc.is_cd() && disc.first.packet);
     },
     [](const Facts& disc) { return disc.next_is(kOpenTrack); }},
    {"reserved",
     [](const Facts& disc) {
       return !disc.is_cd() && disc.continues() && disc.disc.sessions == 1 && disc.first.reserved &&
              !disc.reserved_for_disc_at_once();
     },
     [](const Facts& disc) {
       return disc.disc.last_track_in_last_session == 2 && disc.next_is(0) &&
              disc.first.size.value == kReservation;
     }},
    {"dao-reserved", [](const Facts& disc) { return disc.reserved_for_disc_at_once(); },
     [](const Facts& disc) {
       return disc.continues() && disc.next_is(0) && disc.first.size.value == kReservation;
     }},
    {"open-session",
     [](const Facts& disc) {
       return disc.continues() && disc.disc.sessions == 1 &&
              (disc.is_cd() || !disc.first.reserved) && !disc.first.next_writable;
     },
     [](const Facts& disc) {
       return disc.disc.last_track_in_last_session <= 2 && disc.holds_session();
     }},
    {"appendable", [](const Facts& disc) { return disc.continues() && disc.disc.sessions > 1; },
     [](const Facts& disc) {
       return disc.disc.sessions == 2 && disc.disc.last_track_in_last_session == 2 &&
              disc.holds_session() && disc.first.is_data();
     }},
    {"two-sessions", [](const Facts& disc) { return disc.continues() && disc.disc.sessions > 2; },
     [](const Facts& disc) {
       return disc.disc.sessions == 3 && disc.disc.last_track_in_last_session == 3 &&
              disc.holds_session();
     }},
    {"data-session",
     [](const Facts& disc) { return disc.is_cd() && disc.continues() && disc.disc.sessions > 1; },
     [](const Facts& disc) {
       return disc.disc.sessions == 2 && disc.first.is_data() && disc.first.size.value == kSession;
     }},
    {"finalised", [](const Facts& disc) { return disc.status(DiscStatus::kComplete); },
     [](const Facts& disc) {
       return disc.disc.sessions == 1 && disc.disc.last_track_in_last_session == 1 &&
              disc.holds_session() && disc.first.is_data();
     }},
    {"mixed-mode",
     [](const Facts& disc) { return disc.is_cd() && disc.status(DiscStatus::kComplete); },
     [](const Facts& disc) { return disc.holds_two_tracks(true); }},
    {"audio-session",
     [](const Facts& disc) { return disc.is_cd() && disc.status(DiscStatus::kComplete); },
     [](const Facts& disc) { return disc.holds_two_tracks(false); }},
});

template <typename Decoded>
std::optional<Decoded> decoded(const std::vector<std::byte>* reply,
                               Result<Decoded> (*decode)(std::span<const std::byte>)) {
  if (reply == nullptr) return std::nullopt;
  auto value = decode(*reply);
  if (!value) return std::nullopt;
  return *std::move(value);
}

std::uint8_t byte_at(const std::vector<std::byte>& reply, std::size_t index) {
  return index < reply.size() ? std::to_integer<std::uint8_t>(reply[index]) : std::uint8_t{0};
}

// From the book type of the physical format information (mmc.md 2.18), for drives that report
// another profile when a disc is complete.
MediumKind kind_by_book_type(const std::vector<std::byte>& structure) {
  constexpr std::size_t kBookByte = 4;
  switch (byte_at(structure, kBookByte) >> 4U) {
    case 0x1:
      return MediumKind::kDvdRam;
    case 0x2:  // part version 6 is dual layer
      return (byte_at(structure, kBookByte) & 0x0FU) == 6 ? MediumKind::kDvdRDualLayer
                                                          : MediumKind::kDvdR;
    case 0x3:
      return MediumKind::kDvdRw;
    case 0x9:
      return MediumKind::kDvdPlusRw;
    case 0xA:
      return MediumKind::kDvdPlusR;
    case 0xE:
      return MediumKind::kDvdPlusRDualLayer;
    default:
      return MediumKind::kDvdRom;
  }
}

// From the disc type identifier of the disc information: "BDO", "BDR", "BDW" (mmc.md 2.18).
MediumKind kind_by_disc_type(const std::vector<std::byte>& structure) {
  constexpr std::size_t kLetterByte = 14;
  switch (byte_at(structure, kLetterByte)) {
    case 'R':
      return MediumKind::kBdR;
    case 'W':
      return MediumKind::kBdRe;
    default:
      return MediumKind::kBdRom;
  }
}

MediumKind kind_by_profile(scsi::Profile profile) {
  using scsi::Profile;
  switch (profile) {
    case Profile::kCdR:
      return MediumKind::kCdR;
    case Profile::kCdRw:
      return MediumKind::kCdRw;
    case Profile::kDvdRSequential:
      return MediumKind::kDvdR;
    case Profile::kDvdRam:
      return MediumKind::kDvdRam;
    case Profile::kDvdRwRestrictedOverwrite:
    case Profile::kDvdRwSequential:
      return MediumKind::kDvdRw;
    case Profile::kDvdRDualLayerSequential:
    case Profile::kDvdRDualLayerJump:
      return MediumKind::kDvdRDualLayer;
    case Profile::kDvdPlusRw:
      return MediumKind::kDvdPlusRw;
    case Profile::kDvdPlusR:
      return MediumKind::kDvdPlusR;
    case Profile::kDvdPlusRDualLayer:
      return MediumKind::kDvdPlusRDualLayer;
    case Profile::kBdRSequential:
    case Profile::kBdRRandom:
      return MediumKind::kBdR;
    case Profile::kBdRe:
      return MediumKind::kBdRe;
    default:
      return MediumKind::kUnknown;
  }
}

std::optional<mmc::Atip> atip_of(const Observations& observed) {
  return decoded(observed.data(Probe::kAtip), mmc::decode_atip);
}

// A pressed CD has no pregroove. A drive without GET CONFIGURATION is one for CDs.
MediumKind cd_kind(const Observations& observed) {
  const auto atip = atip_of(observed);
  if (!atip) return MediumKind::kCdRom;
  return atip->rewritable ? MediumKind::kCdRw : MediumKind::kCdR;
}

MediumKind kind_of_disc(const Observations& observed,
                        const std::optional<mmc::Configuration>& configuration) {
  if (!configuration) return cd_kind(observed);
  switch (configuration->current_profile) {
    case scsi::Profile::kNone:
      return MediumKind::kUnknown;
    case scsi::Profile::kCdRom:
      return cd_kind(observed);
    case scsi::Profile::kDvdRom:
      if (const auto* structure = observed.data(Probe::kDvdStructure))
        return kind_by_book_type(*structure);
      return MediumKind::kDvdRom;
    case scsi::Profile::kBdRom:
      if (const auto* structure = observed.data(Probe::kBdStructure))
        return kind_by_disc_type(*structure);
      return MediumKind::kBdRom;
    default:
      return kind_by_profile(configuration->current_profile);
  }
}

bool is_rom(MediumKind kind) {
  return kind == MediumKind::kCdRom || kind == MediumKind::kDvdRom || kind == MediumKind::kBdRom;
}

std::optional<Facts> facts_of(const Observations& observed, MediumKind kind,
                              const std::optional<mmc::Configuration>& configuration) {
  const auto* const reply = observed.data(Probe::kDiscInformation);
  if (reply == nullptr) return std::nullopt;
  auto disc = mmc::decode_disc_information(
      *reply, medium::is_cd(kind) ? mmc::AddressForm::kMsf : mmc::AddressForm::kLba);
  if (!disc) return std::nullopt;
  Facts facts{.kind = kind, .rom = is_rom(kind), .disc = *std::move(disc)};
  if (configuration) {
    facts.random = configuration->current_profile == scsi::Profile::kDvdRwRestrictedOverwrite ||
                   configuration->current_profile == scsi::Profile::kBdRRandom;
    facts.pseudo_overwrite = configuration->is_current(scsi::Feature::kBdRPseudoOverwrite);
  }
  facts.first = decoded(observed.data(Probe::kFirstTrack), mmc::decode_track_information)
                    .value_or(mmc::TrackInformation{});
  facts.format = decoded(observed.data(Probe::kFormatCapacities), mmc::decode_format_capacities);
  if (const auto* toc = observed.data(Probe::kToc))
    if (auto table = mmc::decode_formatted_toc(*toc, mmc::TimeForm::kLba))
      facts.toc = *std::move(table);
  if (const auto capacity = decoded(observed.data(Probe::kCapacity), mmc::decode_capacity))
    facts.readable = std::int64_t{capacity->last_lba.value} + 1;
  return facts;
}

// 0 when nothing tells.
std::int64_t whole_size(const Observations& observed, const Facts& facts) {
  if (facts.is_cd()) {
    const auto atip = atip_of(observed);
    return atip ? std::int64_t{atip->last_possible_lead_out.value} : 0;
  }
  if (facts.kind == MediumKind::kBdRe && facts.format) {
    // Formatted without spare areas it would be the whole disc.
    std::int64_t most = facts.format->blocks.value;
    for (const auto& format : facts.format->possible)
      if (format.type == mmc::FormatType::kBdReWithoutSpares)
        most = std::max(most, std::int64_t{format.blocks});
    return most;
  }
  const auto last = decoded(observed.data(Probe::kLastTrack), mmc::decode_track_information);
  if (!last) return 0;
  return last->start.value + last->size.value;
}

// A complete or random disc does not tell how large it is as a whole, and need not: no row of such
// a state depends on it.
bool tells_size(const Facts& facts) {
  return facts.is_cd() || facts.kind == MediumKind::kBdRe ||
         ((facts.status(DiscStatus::kBlank) || facts.continues()) && !facts.overwritten() &&
          !facts.random && !facts.formatted_bd_r());
}

void choose_medium(const Observations& observed, const Facts& facts, Situation& situation) {
  const std::int64_t size = whole_size(observed, facts);
  for (const RowMedium& medium : kMedia) {
    if (medium.kind != facts.kind) continue;
    const bool fits = medium.blocks == 0 || medium.blocks == size || !tells_size(facts);
    if (situation.medium.empty() || (fits && !situation.size_fits)) {
      situation.medium = medium.name;
      situation.size_fits = fits;
    }
  }
}

void choose_state(const Facts& facts, Situation& situation) {
  for (const StateRow& row : kStates) {
    if (!row.condition(facts)) continue;
    const bool fits = row.contents(facts);
    if (situation.state.empty() || fits) {
      situation.state = row.state;
      situation.contents_fit = fits;
    }
    if (fits) return;
  }
}

Situation without_disc(const Observations& observed) {
  // Byte 5 of a media event, bit 0: the door or tray is open (mmc.md 2.3).
  constexpr std::uint8_t kTrayOpenQualifier = 0x02;
  bool open = observed.greeting.without_medium->ascq == kTrayOpenQualifier;
  if (const auto* events = observed.data(Probe::kMediaEvent))
    if (const auto event = mmc::decode_media_event(*events); event && *event)
      open = (*event)->door_open;
  return {.state = open ? "tray-open" : "no-disc", .size_fits = true, .contents_fit = true};
}

}  // namespace

MediumKind kind_of(std::string_view row_medium) {
  const auto* const found = std::ranges::find(kMedia, row_medium, &RowMedium::name);
  return found == kMedia.end() ? MediumKind::kUnknown : found->kind;
}

Situation recognise(const Observations& observed) {
  if (observed.greeting.without_medium) return without_disc(observed);
  if (observed.greeting.unreadable) return {};
  const auto configuration =
      decoded(observed.data(Probe::kConfiguration), mmc::decode_configuration);
  Situation situation{.kind = kind_of_disc(observed, configuration)};
  const auto facts = facts_of(observed, situation.kind, configuration);
  if (situation.kind == MediumKind::kUnknown || !facts) return situation;
  choose_medium(observed, *facts, situation);
  choose_state(*facts, situation);
  return situation;
}

std::string Situation::describe() const {
  if (state == "no-disc") return "no disc";
  if (state == "tray-open") return "an open tray";
  if (medium.empty()) return "a disc of a kind that the rows do not know";
  return fmt::format(
      "{}, {}{}{}", medium::name_of(kind), state.empty() ? "unknown state" : state,
      size_fits ? fmt::format(" (as {})", medium) : " (of another size than the rows')",
      contents_fit ? "" : ", with other contents than the rows'");
}

}  // namespace pregroove::validate
