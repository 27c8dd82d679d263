#include "engine/mmc/inquiry.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// SPC-4 table "INQUIRY command".
struct InquiryCdb {
  Opcode operation_code = Opcode::kInquiry;
  std::uint8_t flags = 0;  // EVPD
  std::uint8_t page_code = 0;
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<InquiryCdb, Opcode::kInquiry>());

// SPC-4 table "standard INQUIRY data format", as far as it is read.
struct StandardInquiry {
  std::uint8_t peripheral;  // [7:5] qualifier, [4:0] device type
  std::uint8_t removable;   // RMB in bit 7
  std::uint8_t version;
  std::uint8_t response_format;
  std::uint8_t additional_length;
  std::array<std::uint8_t, 3> flags;
  std::array<char, 8> vendor;
  std::array<char, 16> product;
  std::array<char, 4> revision;
};
static_assert(wire_struct<StandardInquiry, kStandardInquirySize>());

template <std::size_t N>
std::string text_of(const std::array<char, N>& field) {
  std::string text(trim_blanks({field.data(), N}));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

}  // namespace

Cdb inquiry(std::uint16_t allocation) {
  return make_cdb(InquiryCdb{.allocation_length = Be16(allocation)});
}

Result<InquiryData> decode_inquiry(std::span<const std::byte> reply) {
  const auto wire = read_struct<StandardInquiry>(reply);
  if (!wire) return short_reply(Opcode::kInquiry, reply.size(), sizeof(StandardInquiry));
  // The additional length counts from byte 5; the names end at byte 36.
  constexpr std::size_t kLengthEnd = 5;
  if (kLengthEnd + wire->additional_length < sizeof(StandardInquiry))
    return short_reply(Opcode::kInquiry, kLengthEnd + wire->additional_length,
                       sizeof(StandardInquiry));
  if (bit_field(wire->peripheral, 5, 3) != 0)
    return bad_reply(Opcode::kInquiry, fmt::format("no device is connected (qualifier {})",
                                                   bit_field(wire->peripheral, 5, 3)));
  return InquiryData{.device_type = bit_field(wire->peripheral, 0, 5),
                     .removable = bit(wire->removable, 7),
                     .vendor = text_of(wire->vendor),
                     .product = text_of(wire->product),
                     .revision = text_of(wire->revision)};
}

}  // namespace pregroove::mmc
