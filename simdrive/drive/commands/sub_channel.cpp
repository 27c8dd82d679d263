// READ SUB-CHANNEL (MMC-6 6.25): position, media catalogue number, ISRC.
#include <array>
#include <string_view>

#include "simdrive/disc/cd_sectors.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;

enum class Format : std::uint8_t { kPosition = 1, kCatalogue = 2, kIsrc = 3 };

struct Header {
  std::uint8_t reserved = 0;
  std::uint8_t audio_status = 0;  // not valid: the drive plays no audio by itself
  Be16 length;                    // of what follows
};
static_assert(pregroove::wire_struct<Header, 4>());

// MMC-6 table "CD current position data format".
struct Position {
  std::uint8_t format = static_cast<std::uint8_t>(Format::kPosition);
  std::uint8_t adr_control = 0;
  std::uint8_t track = 0;
  std::uint8_t index = 0;
  Be32 absolute;
  Be32 relative;
};
static_assert(pregroove::wire_struct<Position, 12>());

// MMC-6 tables "media catalogue number data format" and "track international standard recording
// code data format": the number, a zero, and the frame where it was found, which is left zero.
struct Code {
  std::uint8_t format = 0;
  std::uint8_t adr_control = 0;  // of the track; reserved with the catalogue number
  std::uint8_t track = 0;        // likewise
  std::uint8_t reserved = 0;
  std::uint8_t validity = 0;  // bit 7
  std::array<char, 15> text{};
};
static_assert(pregroove::wire_struct<Code, 20>());

constexpr std::uint8_t kValid = 0x80;
constexpr unsigned kAdrPosition = 1;
// Recalled, not read: ADR is that of the frame that carries the code.
constexpr unsigned kAdrIsrc = 3;

std::uint8_t adr_control(unsigned adr, std::uint8_t control) {
  return static_cast<std::uint8_t>((adr << 4U) | control);
}

Be32 msf_field(Msf msf) {
  return Be32((std::uint32_t{msf.minute} << 16U) | (std::uint32_t{msf.second} << 8U) | msf.frame);
}

std::expected<Position, Fault> position(const DriveState& state, bool as_msf) {
  const Layout& layout = state.layout();
  const auto place = sector_place(layout, state.last_read);
  if (!place) return std::unexpected(Fault::kLbaOutOfRange);
  const QPosition q = position_at(state.last_read, subchannel_place(layout, *place));
  Position wire{.adr_control = adr_control(kAdrPosition, q.control),
                .track = q.track,
                .index = q.index,
                .absolute = msf_field(q.absolute),
                .relative = msf_field(q.relative)};
  if (as_msf) return wire;
  const auto relative = (state.last_read - place->track_start).value;
  wire.absolute = Be32(static_cast<std::uint32_t>(state.last_read.value));
  wire.relative = Be32(static_cast<std::uint32_t>(relative));
  return wire;
}

template <std::size_t kSize>
void set_text(Code& wire, const std::array<char, kSize>& text, bool (*valid)(std::string_view)) {
  // None is recorded, or a record from a file holds something else.
  if (!valid(std::string_view(text.data(), text.size()))) return;
  wire.validity = kValid;
  std::ranges::copy(text, wire.text.begin());
}

Code catalogue(const Layout& layout) {
  Code wire{.format = static_cast<std::uint8_t>(Format::kCatalogue)};
  set_text(wire, layout.recording().catalogue, is_catalog_number);
  return wire;
}

std::expected<Code, Fault> isrc(const Layout& layout, std::uint8_t number) {
  const Track* track = layout.track(number);
  if (track == nullptr) return std::unexpected(Fault::kInvalidFieldInCdb);
  Code wire{.format = static_cast<std::uint8_t>(Format::kIsrc),
            .adr_control = adr_control(kAdrIsrc, track->control),
            .track = number};
  set_text(wire, track->isrc, is_isrc);
  return wire;
}

}  // namespace

Outcome read_sub_channel(DriveState& state, const Request& request) {
  const bool as_msf = request.bit(1, 1);
  const bool with_data = request.bit(2, 6);  // SubQ
  const Layout& layout = state.layout();
  if (!layout.medium().is_cd()) return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(Header{});
  const auto append = [&](const auto& wire) -> std::optional<Fault> {
    if (!wire) return wire.error();
    reply.append(*wire);
    return std::nullopt;
  };
  std::optional<Fault> fault;
  if (with_data) {
    switch (static_cast<Format>(request.byte(3))) {
      case Format::kPosition:
        fault = append(position(state, as_msf));
        break;
      case Format::kCatalogue:
        reply.append(catalogue(layout));
        break;
      case Format::kIsrc:
        fault = append(isrc(layout, request.byte(6)));
        break;
      default:
        fault = Fault::kInvalidFieldInCdb;
        break;
    }
  }
  if (fault) return refuse(*fault);
  reply.patch(0, Header{.length = Be16(static_cast<std::uint16_t>(reply.size() - sizeof(Header)))});
  return reply.send(request, request.be16(7));
}

}  // namespace simdrive
