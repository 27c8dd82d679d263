// READ BUFFER and WRITE BUFFER (SPC-4 6.17 and 6.49): a piece of memory for tests of the transfer,
// as wodim makes them. It is not the write buffer of the disc.
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be24;
using pregroove::bit_field;

constexpr std::uint8_t kCombined = 0;  // a header of four bytes, then data
constexpr std::uint8_t kData = 2;
constexpr std::uint8_t kDescriptor = 3;
// Chosen: what one command can carry.
constexpr std::uint32_t kBytes = 0x10000;

// SPC-4 tables "READ BUFFER header" and "READ BUFFER descriptor"; the first byte is reserved in the
// one, and the offset boundary in the other, where 0 stands for single bytes.
struct BufferHeader {
  std::uint8_t reserved = 0;
  Be24 capacity{kBytes};
};
static_assert(pregroove::wire_struct<BufferHeader, 4>());

std::span<std::byte> memory(DriveState& state) {
  state.transfer_test_memory.resize(kBytes);
  return state.transfer_test_memory;
}

}  // namespace

Outcome read_buffer(DriveState& state, const Request& request) {
  const std::uint8_t mode = bit_field(request.byte(1), 0, 5);
  const std::uint32_t offset = request.be24(3);
  const bool first_buffer = request.byte(2) == 0;
  if (!first_buffer || offset > kBytes) return refuse(Fault::kInvalidFieldInCdb);
  if (mode != kCombined && mode != kData && mode != kDescriptor)
    return refuse(Fault::kInvalidFieldInCdb);
  if (mode == kCombined && offset != 0) return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  if (mode != kData) reply.append(BufferHeader{});
  if (mode != kDescriptor) {
    for (const std::byte byte : memory(state).subspan(offset)) reply.append(byte);
  }
  return reply.send(request, request.be24(6));
}

Outcome write_buffer(DriveState& state, const Request& request) {
  const std::uint8_t mode = bit_field(request.byte(1), 0, 5);
  const std::uint32_t offset = request.be24(3);
  const std::size_t length = request.be24(6);
  const bool first_buffer = request.byte(2) == 0;
  if (!first_buffer || (mode != kCombined && mode != kData))
    return refuse(Fault::kInvalidFieldInCdb);
  if (mode == kCombined && offset != 0) return refuse(Fault::kInvalidFieldInCdb);
  if (length > request.data_out.size()) return refuse(Fault::kParameterListLength);
  auto data = request.data_out.first(length);
  if (mode == kCombined) data = data.subspan(std::min(data.size(), sizeof(BufferHeader)));
  if (offset > kBytes || data.size() > kBytes - offset) return refuse(Fault::kInvalidFieldInCdb);
  std::ranges::copy(data, memory(state).subspan(offset).begin());
  return Good{length};
}

}  // namespace simdrive
