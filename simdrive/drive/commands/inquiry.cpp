// INQUIRY and its vital product data pages (SPC-4 6.6 and 7.8).
#include <string>
#include <string_view>

#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;

constexpr std::uint8_t kCdDevice = 0x05;
constexpr std::uint8_t kRemovable = 0x80;

template <std::size_t N>
std::array<char, N> padded(std::string_view text) {
  std::array<char, N> field{};
  field.fill(' ');
  std::copy_n(text.begin(), std::min(N, text.size()), field.begin());
  return field;
}

// SPC-4 table "standard INQUIRY data".
struct StandardInquiry {
  std::uint8_t device_type = kCdDevice;
  std::uint8_t removable = kRemovable;
  std::uint8_t version = 0x05;  // SPC-3
  std::uint8_t response_format = 0x02;
  std::uint8_t additional_length = 0x5B;
  std::array<std::uint8_t, 3> flags{};
  std::array<char, 8> vendor{};
  std::array<char, 16> product{};
  std::array<char, 4> revision{};
  std::array<std::uint8_t, 20> vendor_specific{};
  std::array<std::uint8_t, 2> reserved{};
  std::array<Be16, 8> version_descriptors{};
  std::array<std::uint8_t, 22> reserved_end{};
};
static_assert(pregroove::wire_struct<StandardInquiry, 96>());

struct VitalPageHeader {
  std::uint8_t device_type = kCdDevice;
  std::uint8_t page_code = 0;
  Be16 length;
};
static_assert(pregroove::wire_struct<VitalPageHeader, 4>());

void append_text(Reply& reply, std::string_view text) {
  for (const char letter : text) reply.append(static_cast<std::uint8_t>(letter));
}

// Page 83h: one designator, the vendor's own name for the unit (SPC-4 7.8.5).
void append_designator(Reply& reply, const profiles::Identity& identity) {
  std::string name;
  for (const char letter : padded<8>(identity.vendor)) name += letter;
  for (const char letter : padded<16>(identity.product)) name += letter;
  name += identity.serial_number;
  const std::uint8_t header[] = {0x02, 0x01, 0x00, static_cast<std::uint8_t>(name.size())};
  reply.append_bytes(header);
  append_text(reply, name);
}

Outcome vital_product_data(const profiles::Identity& identity, const Request& request) {
  const bool has_serial_number = !identity.serial_number.empty();
  Reply reply;
  const std::uint8_t page = request.byte(2);
  reply.append(VitalPageHeader{.page_code = page});
  switch (page) {
    case 0x00:
      reply.append(std::uint8_t{0x00});
      if (has_serial_number) reply.append(std::uint8_t{0x80});
      reply.append(std::uint8_t{0x83});
      break;
    case 0x80:
      if (!has_serial_number) return refuse(Fault::kInvalidFieldInCdb);
      append_text(reply, identity.serial_number);
      break;
    case 0x83:
      append_designator(reply, identity);
      break;
    default:
      return refuse(Fault::kInvalidFieldInCdb);
  }
  reply.patch(offsetof(VitalPageHeader, length),
              Be16(static_cast<std::uint16_t>(reply.size() - sizeof(VitalPageHeader))));
  return reply.send(request, request.be16(3));
}

}  // namespace

Outcome inquiry(DriveState& state, const Request& request) {
  const profiles::Identity& identity = state.personality.identity;
  if (request.bit(1, 0)) return vital_product_data(identity, request);
  if (request.byte(2) != 0) return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(StandardInquiry{.vendor = padded<8>(identity.vendor),
                               .product = padded<16>(identity.product),
                               .revision = padded<4>(identity.revision)});
  return reply.send(request, request.be16(3));
}

}  // namespace simdrive
