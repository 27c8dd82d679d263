// READ DISC STRUCTURE and SEND DISC STRUCTURE of DVD and BD (MMC-6 6.21 and 6.36; mmc.md 2.18). A
// CD has none of them.
//
// Programs identify a disc by the maker's name in here: DVD-R and DVD-RW in format 0Eh, DVD+R and
// DVD+RW in formats 00h and 11h, BD in format 00h.
#include <algorithm>

#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;
using pregroove::bit_field;

struct StructureHeader {
  Be16 length;  // of what follows it
  Be16 reserved;
};
static_assert(pregroove::wire_struct<StructureHeader, 4>());

// MMC-6 table "physical format information"; DVD+R and DVD+RW go on with the maker (ECMA-349).
struct PhysicalFormat {
  std::uint8_t category = 0;      // disc category [7:4], part version [3:0]
  std::uint8_t size_rate = 0x0F;  // 120 mm; no maximum rate is said
  std::uint8_t structure = 0;     // layers - 1 [6:5], opposite track path 4, layer type [3:0]
  std::uint8_t density = 0;       // linear [7:4], track [3:0]
  Be32 first_sector;
  Be32 last_sector;
  Be32 last_sector_of_layer_0;
  std::uint8_t burst_cutting_area = 0;
  std::array<std::uint8_t, 2> reserved_17{};
  std::array<char, 8> manufacturer{};
  std::array<char, 3> media_type{};
  std::uint8_t revision = 0;
};
static_assert(pregroove::wire_struct<PhysicalFormat, 31>());

// MMC-6 table "pre-recorded information in lead-in": five fields, each with its number in front.
struct PreRecordedLeadIn {
  std::uint8_t field_1 = 1;
  std::uint8_t application_code = 0;
  std::uint8_t physical_code = 0;
  pregroove::Be24 last_recordable_sector;
  std::uint8_t extension_code = 0;
  std::uint8_t reserved_7 = 0;
  std::uint8_t field_2 = 2;
  std::array<std::uint8_t, 7> power_and_strategy{};
  std::uint8_t field_3 = 3;
  std::array<char, 6> manufacturer_1{};
  std::uint8_t reserved_23 = 0;
  std::uint8_t field_4 = 4;
  std::array<char, 6> manufacturer_2{};
  std::uint8_t reserved_31 = 0;
  std::uint8_t field_5 = 5;
  std::array<std::uint8_t, 7> write_strategy{};
};
static_assert(pregroove::wire_struct<PreRecordedLeadIn, 40>());

// MMC-6 table "layer boundary information".
struct LayerBoundary {
  std::uint8_t init_status = 0;  // bit 7: it is decided
  std::array<std::uint8_t, 3> reserved{};
  Be32 layer_0_blocks;
};
static_assert(pregroove::wire_struct<LayerBoundary, 8>());

// The parts of a BD's disc information that programs look at (mmc.md 2.18).
struct BdDiscInformation {
  std::array<char, 2> magic = {'D', 'I'};
  std::uint8_t format = 1;
  std::array<std::uint8_t, 5> reserved_3{};
  std::array<char, 3> type{};  // "BDR"
  std::uint8_t size_class = 0;
  std::uint8_t layers = 0;  // layers [7:4], type of layer [3:0]
  std::array<std::uint8_t, 87> reserved_13{};
  std::array<char, 6> manufacturer{};
  std::array<char, 3> media_type{};
  std::array<std::uint8_t, 2> reserved_109{};
  std::uint8_t revision = 0;
};
static_assert(pregroove::wire_struct<BdDiscInformation, 112>());

// MMC-6 table "spare area information" of BD: what replaces defects, in clusters.
struct SpareArea {
  Be32 reserved;
  Be32 free;
  Be32 allocated;
};
static_assert(pregroove::wire_struct<SpareArea, 12>());

struct ListEntry {
  std::uint8_t format = 0;
  std::uint8_t access = 0;  // SDS 7, RDS 6
  Be16 length;
};
static_assert(pregroove::wire_struct<ListEntry, 4>());

// The control data of a DVD, the control data of its lead-in, and the disc information of a BD
// are as long as a sector, or two.
constexpr std::size_t kControlData = 2048;
constexpr std::size_t kAdip = 256;
constexpr std::size_t kBdDiscInformation = 4096;
constexpr std::int32_t kFirstPhysicalSector = 0x30000;

// What a kind of DVD says about itself. Recalled, not read: the part versions.
struct DvdKindRow {
  MediumKind kind;
  std::uint8_t category;
  std::uint8_t layer_type;  // 1 embossed, 2 recordable, 4 rewritable
};
constexpr auto kDvdKinds = std::to_array<DvdKindRow>({
    {MediumKind::kDvdRom, 0x01, 0x01},
    {MediumKind::kDvdRam, 0x16, 0x04},
    {MediumKind::kDvdR, 0x25, 0x02},
    {MediumKind::kDvdRDualLayer, 0x26, 0x02},
    {MediumKind::kDvdRw, 0x32, 0x04},
    {MediumKind::kDvdPlusRw, 0x92, 0x04},
    {MediumKind::kDvdPlusR, 0xA1, 0x02},
    {MediumKind::kDvdPlusRDualLayer, 0xE1, 0x02},
});

bool is_plus(MediumKind kind) {
  return kind == MediumKind::kDvdPlusR || kind == MediumKind::kDvdPlusRDualLayer ||
         kind == MediumKind::kDvdPlusRw;
}
bool is_minus(MediumKind kind) {
  return kind == MediumKind::kDvdR || kind == MediumKind::kDvdRDualLayer ||
         kind == MediumKind::kDvdRw;
}
bool is_dvd(MediumKind kind) { return family_of(kind) == MediumFamily::kDvd; }
bool is_bd(MediumKind kind) { return family_of(kind) == MediumFamily::kBd; }
bool is_writable_bd(MediumKind kind) { return is_bd(kind) && kind != MediumKind::kBdRom; }
bool is_plus_r_dual_layer(MediumKind kind) { return kind == MediumKind::kDvdPlusRDualLayer; }
bool is_recordable(MediumKind kind) {
  return (is_dvd(kind) || is_bd(kind)) && kind != MediumKind::kDvdRom && kind != MediumKind::kBdRom;
}

template <std::size_t size>
void copy_text(std::array<char, size>& field, std::string_view text) {
  std::ranges::copy(text.substr(0, size), field.begin());
}

BlockCount layer_0_blocks(const Layout& layout) {
  const auto layers = std::max(layout.medium().layers, 1);
  return BlockCount{(layout.capacity().value + layers - 1) / layers};
}

Be32 physical_sector(BlockCount blocks) {
  return Be32(static_cast<std::uint32_t>(kFirstPhysicalSector + blocks.value - 1));
}

void append_padded(Reply& reply, const auto& wire, std::size_t size) {
  const std::size_t start = reply.size();
  reply.append(wire);
  reply.resize(start + size);
}

// The last sector is that of what is closed, or of what can be written while nothing is.
PhysicalFormat physical_format(const Layout& layout) {
  const Medium& medium = layout.medium();
  const auto* const row = std::ranges::find(kDvdKinds, medium.kind, &DvdKindRow::kind);
  const BlockCount closed = layout.readable_capacity();
  PhysicalFormat wire{
      .category = row == kDvdKinds.end() ? std::uint8_t{} : row->category,
      .first_sector = physical_sector(BlockCount{1}),
      .last_sector = physical_sector(closed.value > 0 ? closed : layout.capacity())};
  const bool two_layers = medium.layers > 1;
  const unsigned layer_type = row == kDvdKinds.end() ? 0U : row->layer_type;
  wire.structure = static_cast<std::uint8_t>((two_layers ? 0x30U : 0U) | layer_type);
  if (two_layers) {
    constexpr std::uint8_t kDualLayerDensity = 0x10;  // 0.293 micrometres for a bit
    wire.density = kDualLayerDensity;
    wire.last_sector_of_layer_0 = physical_sector(layer_0_blocks(layout));
  }
  if (is_plus(medium.kind)) {
    copy_text(wire.manufacturer, medium.manufacturer);
    copy_text(wire.media_type, medium.media_type);
  }
  return wire;
}

void append_physical_format(Reply& reply, const Layout& layout) {
  append_padded(reply, physical_format(layout), kControlData);
}

void append_adip(Reply& reply, const Layout& layout) {
  PhysicalFormat wire = physical_format(layout);
  wire.last_sector = physical_sector(layout.capacity());
  append_padded(reply, wire, kAdip);
}

// No copy protection, no region.
void append_copyright(Reply& reply, const Layout&) { reply.append(Be32{}); }

void append_manufacturing(Reply& reply, const Layout&) {
  reply.resize(reply.size() + kControlData);
}

void append_pre_recorded_lead_in(Reply& reply, const Layout& layout) {
  const Medium& medium = layout.medium();
  PreRecordedLeadIn wire;
  wire.last_recordable_sector = pregroove::Be24(physical_sector(layout.capacity()).value());
  const std::string_view name = medium.manufacturer;
  copy_text(wire.manufacturer_1, name);
  copy_text(wire.manufacturer_2, name.substr(std::min(name.size(), wire.manufacturer_1.size())));
  reply.append(wire);
}

void append_layer_boundary(Reply& reply, const Layout& layout) {
  constexpr std::uint8_t kDecided = 0x80;
  const bool decided = layout.recording().layer_0.value > 0 || !layout.tracks().empty();
  reply.append(LayerBoundary{
      .init_status = decided ? kDecided : std::uint8_t{0},
      .layer_0_blocks = Be32(static_cast<std::uint32_t>(layer_0_blocks(layout).value))});
}

void append_bd_disc_information(Reply& reply, const Layout& layout) {
  const Medium& medium = layout.medium();
  const bool rewritable = medium.kind == MediumKind::kBdRe;
  const bool pressed = medium.pressed();
  BdDiscInformation wire;
  copy_text(wire.type, pressed ? "BDO" : rewritable ? "BDW" : "BDR");
  const unsigned layer_type = pressed ? 1U : rewritable ? 4U : 2U;
  wire.layers =
      static_cast<std::uint8_t>((static_cast<unsigned>(medium.layers) << 4U) | layer_type);
  copy_text(wire.manufacturer, medium.manufacturer);
  copy_text(wire.media_type, medium.media_type);
  append_padded(reply, wire, kBdDiscInformation);
}

// What formatting set aside; nothing of it is used, since the disc has no defects.
void append_spare_area(Reply& reply, const Layout& layout) {
  constexpr std::int64_t kCluster = kBdCluster.value;
  const bool formatted = layout.recording().formatting.state != FormatState::kUnformatted;
  const BlockCount spare =
      formatted ? layout.medium().capacity() - layout.capacity() : BlockCount{};
  const Be32 clusters(static_cast<std::uint32_t>(spare.value / kCluster));
  reply.append(SpareArea{.free = clusters, .allocated = clusters});
}

// No write protection of any kind.
void append_write_protection(Reply& reply, const Layout&) { reply.append(Be32{}); }

struct StructureRow {
  std::uint8_t format;
  std::uint8_t media_type;  // 0 DVD, 1 BD
  bool (*applies)(MediumKind);
  std::size_t length;
  bool can_be_sent;
  void (*append)(Reply&, const Layout&);
};
constexpr auto kStructures = std::to_array<StructureRow>({
    {0x00, 0, is_dvd, kControlData, false, append_physical_format},
    {0x01, 0, is_dvd, 4, false, append_copyright},
    {0x04, 0, is_dvd, kControlData, false, append_manufacturing},
    {0x0E, 0, is_minus, sizeof(PreRecordedLeadIn), false, append_pre_recorded_lead_in},
    {0x10, 0, is_minus, kControlData, false, append_physical_format},
    {0x11, 0, is_plus, kAdip, false, append_adip},
    {0x20, 0, is_plus_r_dual_layer, sizeof(LayerBoundary), true, append_layer_boundary},
    {0xC0, 0, is_recordable, 4, false, append_write_protection},
    {0x00, 1, is_bd, kBdDiscInformation, false, append_bd_disc_information},
    {0x0A, 1, is_writable_bd, sizeof(SpareArea), false, append_spare_area},
    {0xC0, 1, is_recordable, 4, false, append_write_protection},
});
constexpr std::uint8_t kLayerBoundaryFormat = 0x20;
constexpr std::uint8_t kListFormat = 0xFF;

bool applies(const StructureRow& row, const Medium& medium, std::uint8_t media_type) {
  const bool same_family = is_bd(medium.kind) == (media_type == 1);
  return row.media_type == media_type && same_family && row.applies(medium.kind);
}

void append_list(Reply& reply, const Medium& medium, std::uint8_t media_type) {
  constexpr std::uint8_t kReadable = 0x40;
  constexpr std::uint8_t kSendable = 0x80;
  for (const StructureRow& row : kStructures) {
    if (!applies(row, medium, media_type)) continue;
    const unsigned access = kReadable | (row.can_be_sent ? kSendable : 0U);
    reply.append(ListEntry{
        .format = row.format,
        .access = static_cast<std::uint8_t>(access),
        .length = Be16(static_cast<std::uint16_t>(row.length + sizeof(StructureHeader)))});
  }
}

}  // namespace

Outcome read_disc_structure(DriveState& state, const Request& request) {
  const Layout& layout = state.layout();
  const Medium& medium = layout.medium();
  const std::uint8_t media_type = bit_field(request.byte(1), 0, 4);
  const std::uint8_t format = request.byte(7);
  const bool family_known = medium.is_cd() ? false : is_bd(medium.kind) == (media_type == 1);
  if (!family_known || media_type > 1 || request.byte(6) >= std::max(medium.layers, 1))
    return refuse(Fault::kInvalidFieldInCdb);
  if (std::ranges::count(state.personality.quirks.refused_disc_structures, format) > 0)
    return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(StructureHeader{});
  if (format == kListFormat) {
    append_list(reply, medium, media_type);
  } else {
    const auto* const row = std::ranges::find_if(kStructures, [&](const StructureRow& candidate) {
      return candidate.format == format && applies(candidate, medium, media_type);
    });
    if (row == kStructures.end()) return refuse(Fault::kInvalidFieldInCdb);
    row->append(reply, layout);
  }
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(8));
}

// Only the layer break of a dual-layer DVD+R can be sent.
Outcome send_disc_structure(DriveState& state, const Request& request) {
  const Medium& medium = state.disc->medium();
  const bool known = request.byte(7) == kLayerBoundaryFormat &&
                     bit_field(request.byte(1), 0, 4) == 0 && is_plus_r_dual_layer(medium.kind);
  if (!known) return refuse(Fault::kInvalidFieldInCdb);
  const std::size_t length = sizeof(StructureHeader) + sizeof(LayerBoundary);
  if (request.be16(8) < length || request.data_out.size() < length)
    return refuse(Fault::kParameterListLength);
  const auto wire =
      pregroove::read_struct<LayerBoundary>(request.data_out, sizeof(StructureHeader));
  if (!wire) return refuse(Fault::kParameterListLength);
  Layout next = state.layout();
  const auto ruling = next.set_layer_boundary(BlockCount{wire->layer_0_blocks.value()});
  if (!ruling) return refuse(fault_for(ruling.error()));
  if (!state.disc->commit(std::move(next))) return refuse(Fault::kWriteError);
  return Good{length};
}

}  // namespace simdrive
