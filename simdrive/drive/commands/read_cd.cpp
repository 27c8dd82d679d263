// READ CD and READ CD MSF (MMC-6 6.20, 6.21): sectors with what surrounds the user data.
#include <algorithm>
#include <array>

#include "simdrive/disc/cd_sectors.h"
#include "simdrive/disc/sector.h"
#include "simdrive/drive/commands/blocks.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::bit_field;

// The sector type that the host expects (byte 1, bits 4-2).
enum class ExpectedType : std::uint8_t {
  kAny = 0,
  kAudio = 1,
  kMode1 = 2,
  kFormless = 3,
  kForm1 = 4,
  kForm2 = 5
};

// What byte 10 selects.
enum class SubchannelSelection : std::uint8_t { kNone = 0, kRaw = 1, kQ = 2, kRToW = 4 };

// One bit for each byte of main data (2352 / 8); with the block error byte and a pad byte.
constexpr std::size_t kC2Size = 294;
constexpr std::size_t kC2AndBlockErrorSize = 296;
// What is read from the disc at a time.
constexpr BlockCount kSectorsAtOnce{64};

bool type_matches(ExpectedType expected, SectorForm form) {
  switch (expected) {
    case ExpectedType::kAny:
      return true;
    case ExpectedType::kAudio:
      return form == SectorForm::kAudio;
    case ExpectedType::kMode1:
      return form == SectorForm::kMode1;
    case ExpectedType::kFormless:
      return form == SectorForm::kMode2Formless;
    case ExpectedType::kForm1:
      return form == SectorForm::kMode2Form1;
    case ExpectedType::kForm2:
      return form == SectorForm::kMode2Form2;
  }
  return false;
}

// The part of a sector that byte 9 selects; nullopt for a combination that is not one piece.
struct Slice {
  std::size_t offset = 0;
  std::size_t length = 0;
};

std::optional<Slice> selected_slice(std::uint8_t flags, SectorForm form) {
  const SectorParts parts = sector_parts(form);
  const std::uint8_t header_codes = bit_field(flags, 5, 2);
  const std::array<bool, 5> selected = {bit_field(flags, 7, 1) != 0, (header_codes & 1U) != 0,
                                        (header_codes & 2U) != 0, bit_field(flags, 4, 1) != 0,
                                        bit_field(flags, 3, 1) != 0};
  const std::array<std::size_t, 5> sizes = {parts.sync, parts.header, parts.sub_header,
                                            parts.user_data, parts.check};
  // MMC-6 table "number of bytes returned based on data selection field": EDC and ECC come with
  // the user data only, and the pieces have to adjoin.
  if (selected[4] && !selected[3]) return std::nullopt;
  Slice slice;
  bool started = false;
  bool ended = false;
  std::size_t offset = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (selected[i] && sizes[i] > 0) {
      if (ended) return std::nullopt;
      if (!started) slice.offset = offset;
      started = true;
      slice.length += sizes[i];
    } else if (started && sizes[i] > 0) {
      ended = true;
    }
    offset += sizes[i];
  }
  return slice;
}

struct RawRead {
  Lba lba;
  BlockCount count;
  std::uint8_t expected_type = 0;
  std::uint8_t flags = 0;
  std::uint8_t sub_channel = 0;

  [[nodiscard]] ExpectedType expected() const { return static_cast<ExpectedType>(expected_type); }
  [[nodiscard]] SubchannelSelection subchannel() const {
    return static_cast<SubchannelSelection>(sub_channel);
  }
  [[nodiscard]] std::size_t error_bytes() const {
    constexpr std::array<std::size_t, 4> kSizes = {0, kC2Size, kC2AndBlockErrorSize, 0};
    return kSizes[bit_field(flags, 1, 2)];
  }
  [[nodiscard]] std::size_t subchannel_bytes() const {
    switch (subchannel()) {
      case SubchannelSelection::kNone:
        return 0;
      case SubchannelSelection::kQ:
        return sizeof(FormattedQ);
      default:
        return kSubchannelSize;
    }
  }
};

std::optional<Fault> check(const DriveState& state, const RawRead& read) {
  const profiles::Features& features = state.personality.features;
  const std::uint8_t error_flags = bit_field(read.flags, 1, 2);
  const bool error_flags_possible = error_flags == 0 || (error_flags != 3 && features.c2_pointers);
  const bool subchannel_known = read.sub_channel == 0 || read.sub_channel == 1 ||
                                read.sub_channel == 2 || read.sub_channel == 4;
  if (!error_flags_possible || !subchannel_known) return Fault::kInvalidFieldInCdb;
  if (read.expected_type > static_cast<std::uint8_t>(ExpectedType::kForm2))
    return Fault::kInvalidFieldInCdb;
  if (read.count.value > 0 && state.layout().readability(read.lba) == Readability::kBeyond)
    return unreadable_fault(state.layout(), read.lba);
  return std::nullopt;
}

// Sectors from an address on that can be read at once; the fault when the first one cannot.
struct Run {
  SectorFormat format = SectorFormat::kMode1;
  BlockCount count;
};
std::expected<Run, Fault> run_at(const Layout& layout, Lba lba, BlockCount wanted) {
  if (!layout.medium().is_cd()) return std::unexpected(unreadable_fault(layout, lba));
  const auto place = sector_place(layout, lba);
  if (!place) return std::unexpected(unreadable_fault(layout, lba));
  Lba end = std::min(place->run_end, lba + wanted);
  for (const Extent& damage : layout.recording().damage.unreadable) {
    if (damage.start <= lba && lba < damage.end) return std::unexpected(Fault::kUnrecoveredRead);
    if (damage.start > lba) end = std::min(end, damage.start);
  }
  for (const Extent& link : layout.recording().links) {
    if (link.start <= lba && lba < link.end) return std::unexpected(Fault::kIllegalModeForTrack);
    if (link.start > lba) end = std::min(end, link.start);
  }
  return Run{place->format, end - lba};
}

SectorForm form_of(SectorFormat format, std::span<const std::byte, kRawSectorSize> sector) {
  const bool each_tells = format == SectorFormat::kAny || format == SectorFormat::kMode2Mixed;
  return each_tells ? inspect_sector(sector).form : sector_form(format);
}

// False when it cannot be read.
bool append_subchannel(const DriveState& state, const RawRead& read, Lba lba,
                       std::span<std::byte> out) {
  if (out.empty()) return true;
  Subchannel symbols{};
  if (!state.disc->read_subchannel(lba, symbols)) return false;
  switch (read.subchannel()) {
    case SubchannelSelection::kNone:
      break;
    case SubchannelSelection::kRaw:
      std::ranges::copy(symbols, out.begin());
      break;
    case SubchannelSelection::kQ:
      std::ranges::copy(format_q(p_flag_of(symbols), q_of(symbols)), out.begin());
      break;
    case SubchannelSelection::kRToW:
      std::ranges::copy(r_to_w_of(symbols), out.begin());
      break;
  }
  return true;
}

// Takes sectors one by one into the host's buffer, as it wants them.
class Sender {
 public:
  Sender(const DriveState& state, const RawRead& read, std::span<std::byte> out)
      : state_(state), read_(read), out_(out) {}

  [[nodiscard]] std::size_t done() const { return done_; }

  // What is against sending the sector; nothing, too, when there is no room left.
  std::optional<Fault> send(Lba lba, SectorFormat format,
                            std::span<const std::byte, kRawSectorSize> sector) {
    const SectorForm form = form_of(format, sector);
    if (!type_matches(read_.expected(), form)) return Fault::kIllegalModeForTrack;
    const auto slice = selected_slice(read_.flags, form);
    if (!slice) return Fault::kInvalidFieldInCdb;
    const std::size_t size = slice->length + read_.error_bytes() + read_.subchannel_bytes();
    full_ |= out_.size() - done_ < size;
    if (full_) return std::nullopt;
    auto target = out_.subspan(done_, size);
    std::ranges::copy(sector.subspan(slice->offset, slice->length), target.begin());
    // Sectors are either read without errors or not at all.
    std::ranges::fill(target.subspan(slice->length, read_.error_bytes()), std::byte{0});
    if (!append_subchannel(state_, read_, lba, target.last(read_.subchannel_bytes())))
      return Fault::kUnrecoveredRead;
    done_ += size;
    return std::nullopt;
  }
  [[nodiscard]] bool full() const { return full_; }

 private:
  const DriveState& state_;
  const RawRead& read_;
  std::span<std::byte> out_;
  std::size_t done_ = 0;
  bool full_ = false;
};

Outcome read_sectors(DriveState& state, const Request& request, const RawRead& read) {
  const Layout& layout = state.layout();
  if (const auto fault = check(state, read))
    return std::unexpected(CommandError{.fault = *fault, .lba = std::nullopt});
  Sender sender(state, read, request.data_in);
  std::vector<std::byte> raw;
  const Lba end = read.lba + read.count;
  for (Lba lba = read.lba; lba < end && !sender.full();) {
    const auto stop = [&](Fault fault, Lba where) {
      if (fault == Fault::kInvalidFieldInCdb) return refuse(fault);
      return Outcome(std::unexpected(
          CommandError{.fault = fault, .lba = where, .bytes_transferred = sender.done()}));
    };
    const auto run = run_at(layout, lba, std::min(end - lba, kSectorsAtOnce));
    if (!run) return stop(run.error(), lba);
    const auto count = static_cast<std::size_t>(run->count.value);
    raw.resize(count * kRawSectorSize);
    if (!state.disc->read_sectors(lba, raw)) return stop(Fault::kUnrecoveredRead, lba);
    for (std::size_t i = 0; i < count && !sender.full(); ++i) {
      const Lba here = lba + BlockCount{static_cast<std::int64_t>(i)};
      const auto sector = std::span(raw).subspan(i * kRawSectorSize).first<kRawSectorSize>();
      if (const auto fault = sender.send(here, run->format, sector)) return stop(*fault, here);
      state.last_read = here;
    }
    lba += run->count;
  }
  state.spend_reading_time(read.lba, read.count);
  return Good{sender.done()};
}

}  // namespace

Outcome read_cd(DriveState& state, const Request& request) {
  return read_sectors(state, request,
                      {.lba = Lba{static_cast<std::int32_t>(request.be32(2))},
                       .count = BlockCount{request.be24(6)},
                       .expected_type = bit_field(request.byte(1), 2, 3),
                       .flags = request.byte(9),
                       .sub_channel = request.byte(10)});
}

Outcome read_cd_msf(DriveState& state, const Request& request) {
  const Msf start{request.byte(3), request.byte(4), request.byte(5)};
  const Msf end{request.byte(6), request.byte(7), request.byte(8)};
  const auto valid = [](Msf msf) {
    return msf.second < 60 && msf.frame < pregroove::kFramesPerSecond;
  };
  if (!valid(start) || !valid(end) || end < start) return refuse(Fault::kInvalidFieldInCdb);
  return read_sectors(state, request,
                      {.lba = pregroove::lba_from_msf(start),
                       .count = pregroove::lba_from_msf(end) - pregroove::lba_from_msf(start),
                       .expected_type = bit_field(request.byte(1), 2, 3),
                       .flags = request.byte(9),
                       .sub_channel = request.byte(10)});
}

}  // namespace simdrive
