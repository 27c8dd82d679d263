// REPORT KEY and SEND KEY (MMC-6 6.28 and 6.33), as far as regions go: the drive authenticates
// nobody.
#include <bit>

#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::bit_field;

constexpr std::uint8_t kDvdKeys = 0;  // key class
constexpr std::uint8_t kRpcState = 0x08;
constexpr std::uint8_t kSetRegion = 0x06;
constexpr std::uint8_t kVendorResets = 4;  // what a new drive has left

// MMC-6 table "REPORT KEY data, RPC state".
struct RpcState {
  Be16 length{6};
  Be16 reserved;
  std::uint8_t state = 0;   // type [7:6], resets by the vendor [5:3], changes by the user [2:0]
  std::uint8_t region = 0;  // a zero bit for the region of the drive
  std::uint8_t scheme = 1;  // RPC phase II
  std::uint8_t reserved_7 = 0;
};
static_assert(pregroove::wire_struct<RpcState, 8>());

// MMC-6 table "SEND KEY parameter list, set region".
struct SetRegion {
  Be16 length;
  Be16 reserved;
  std::uint8_t preferred_region = 0;  // like RpcState::region
  std::array<std::uint8_t, 3> reserved_5{};
};
static_assert(pregroove::wire_struct<SetRegion, 8>());

// 0 none set, 1 set, 2 set with one change left, 3 set for ever.
std::uint8_t region_type(const RegionSetting& region) {
  if (region.mask == RegionSetting{}.mask) return 0;
  if (region.changes_left == 0) return 3;
  return region.changes_left == 1 ? 2 : 1;
}

}  // namespace

Outcome report_key(DriveState& state, const Request& request) {
  const std::uint8_t format = bit_field(request.byte(10), 0, 6);
  if (request.byte(7) != kDvdKeys || format != kRpcState) return refuse(Fault::kInvalidFieldInCdb);
  const RegionSetting& region = state.region;
  Reply reply;
  reply.append(RpcState{.state = static_cast<std::uint8_t>(
                            (static_cast<unsigned>(region_type(region)) << 6U) |
                            (static_cast<unsigned>(kVendorResets) << 3U) | region.changes_left),
                        .region = region.mask});
  return reply.send(request, request.be16(8));
}

Outcome send_key(DriveState& state, const Request& request) {
  const std::uint8_t format = bit_field(request.byte(10), 0, 6);
  const std::size_t length = request.be16(8);
  if (request.byte(7) != kDvdKeys || format != kSetRegion) return refuse(Fault::kInvalidFieldInCdb);
  if (length != sizeof(SetRegion)) return refuse(Fault::kParameterListLength);
  const auto wire = pregroove::read_struct<SetRegion>(request.data_out);
  if (!wire) return refuse(Fault::kParameterListLength);
  const bool one_region = std::popcount(wire->preferred_region) == 7;
  if (!one_region || state.region.changes_left == 0)
    return refuse(Fault::kInvalidFieldInParameterList);
  if (wire->preferred_region != state.region.mask) {
    state.region.mask = wire->preferred_region;
    --state.region.changes_left;
  }
  return Good{length};
}

}  // namespace simdrive
