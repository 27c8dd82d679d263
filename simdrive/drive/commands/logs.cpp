// LOG SENSE and LOG SELECT (SPC-4 6.8 and 6.7): the drive counts nothing that it would tell.
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::bit_field;

constexpr std::uint8_t kSupportedPages = 0x00;

// SPC-4 table "log page format", and what the page of supported pages lists: itself.
struct SupportedLogPages {
  std::uint8_t page = kSupportedPages;
  std::uint8_t subpage = 0;
  Be16 length{1};
  std::uint8_t supported = kSupportedPages;
};
static_assert(pregroove::wire_struct<SupportedLogPages, 5>());

}  // namespace

Outcome log_sense(DriveState&, const Request& request) {
  const bool save = request.bit(1, 0);
  const std::uint8_t page = bit_field(request.byte(2), 0, 6);
  const bool first_parameter = request.be16(5) == 0;
  if (save || page != kSupportedPages || request.byte(3) != 0 || !first_parameter)
    return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(SupportedLogPages{});
  return reply.send(request, request.be16(7));
}

// There is nothing to set, and setting everything back is done at once.
Outcome log_select(DriveState&, const Request& request) {
  const bool save = request.bit(1, 0);
  const bool reset_all = request.bit(1, 1);
  const std::size_t length = request.be16(7);
  if (save || (reset_all && length != 0)) return refuse(Fault::kInvalidFieldInCdb);
  if (length != 0) return refuse(Fault::kInvalidFieldInParameterList);
  return Good{};
}

}  // namespace simdrive
