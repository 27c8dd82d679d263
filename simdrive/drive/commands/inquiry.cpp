// INQUIRY and its vital product data pages (SPC-4 6.6 and 7.8).
#include <string_view>

#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"
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
  std::array<char, 8> vendor = padded<8>(kVendor);
  std::array<char, 16> product = padded<16>(kProduct);
  std::array<char, 4> revision = padded<4>(kRevision);
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
void append_designator(Reply& reply) {
  const std::string_view parts[] = {kVendor, kProduct, kSerialNumber};
  std::size_t length = 0;
  for (const auto part : parts) length += part.size();
  const std::uint8_t header[] = {0x02, 0x01, 0x00, static_cast<std::uint8_t>(length)};
  reply.append_bytes(header);
  for (const auto part : parts) append_text(reply, part);
}

Outcome vital_product_data(const Request& request) {
  Reply reply;
  const std::uint8_t page = request.byte(2);
  reply.append(VitalPageHeader{.page_code = page});
  switch (page) {
    case 0x00: {
      const std::uint8_t supported[] = {0x00, 0x80, 0x83};
      reply.append_bytes(supported);
      break;
    }
    case 0x80:
      append_text(reply, kSerialNumber);
      break;
    case 0x83:
      append_designator(reply);
      break;
    default:
      return refuse(Fault::kInvalidFieldInCdb);
  }
  reply.patch(offsetof(VitalPageHeader, length),
              Be16(static_cast<std::uint16_t>(reply.size() - sizeof(VitalPageHeader))));
  return reply.send(request, request.be16(3));
}

}  // namespace

Outcome inquiry(DriveState&, const Request& request) {
  if (request.bit(1, 0)) return vital_product_data(request);
  if (request.byte(2) != 0) return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(StandardInquiry{});
  return reply.send(request, request.be16(3));
}

}  // namespace simdrive
