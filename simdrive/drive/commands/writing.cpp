// WRITE (10), WRITE (12), READ BUFFER CAPACITY, SEND OPC INFORMATION (MMC-6 6.44, 6.45, 6.17,
// 6.34).
#include "simdrive/drive/background_format.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;
using pregroove::kBlockSize;

// MMC-6 table "READ BUFFER CAPACITY data", byte and block form.
struct BufferCapacity {
  Be16 length;
  std::uint8_t reserved = 0;
  std::uint8_t block = 0;
  Be32 total;
  Be32 available;
};
static_assert(pregroove::wire_struct<BufferCapacity, 12>());

// Room in the buffer, or the time that a transfer larger than the buffer has to wait for.
bool wait_for_room(DriveState& state, std::size_t bytes) {
  if (bytes <= state.buffer.available(state.now())) return true;
  if (bytes <= state.buffer.capacity()) return false;
  state.drain_buffer();
  return true;
}

Outcome write_blocks(DriveState& state, const Request& request, Lba lba, std::uint32_t blocks) {
  if (blocks == 0) return Good{};
  const BlockCount count{blocks};
  const WriteMode mode = state.write_mode();
  const bool test_write = state.test_writing();
  if (test_write && !state.rehearsal) {
    if (state.layout().open_track() != nullptr) return refuse(Fault::kIllegalModeForTrack);
    state.rehearsal = state.layout();
  }
  const Layout& layout = test_write ? *state.rehearsal : state.layout();
  if (const auto ruling = layout.check_write(lba, count, mode); !ruling)
    return std::unexpected(CommandError{.fault = fault_for(ruling.error()), .lba = lba});
  if (!test_write) format_up_to(state, lba);
  // The port was told that so much data comes; without it the exchange could not be finished.
  if (request.data_out.size() < count.bytes()) return refuse(Fault::kInvalidFieldInCdb);
  const auto data = request.data_out.first(static_cast<std::size_t>(count.bytes()));
  if (!wait_for_room(state, data.size())) return refuse(Fault::kLongWriteInProgress);
  if (test_write) {
    state.rehearsal->record_write(lba, count, mode);
  } else {
    state.rehearsal.reset();
    if (!state.disc->write(lba, data, mode))
      return std::unexpected(CommandError{.fault = Fault::kWriteError, .lba = lba});
  }
  state.fill_buffer(lba, count, data.size());
  return Good{data.size()};
}

}  // namespace

Outcome write_10(DriveState& state, const Request& request) {
  return write_blocks(state, request, Lba{static_cast<std::int32_t>(request.be32(2))},
                      request.be16(7));
}

Outcome write_12(DriveState& state, const Request& request) {
  return write_blocks(state, request, Lba{static_cast<std::int32_t>(request.be32(2))},
                      request.be32(6));
}

Outcome read_buffer_capacity(DriveState& state, const Request& request) {
  const bool in_blocks = request.bit(1, 0);
  const std::size_t unit = in_blocks ? kBlockSize : 1;
  const std::size_t available = state.buffer.available(state.now());
  Reply reply;
  reply.append(
      BufferCapacity{.block = static_cast<std::uint8_t>(in_blocks ? 1 : 0),
                     .total = Be32(static_cast<std::uint32_t>(state.buffer.capacity() / unit)),
                     .available = Be32(static_cast<std::uint32_t>(available / unit))});
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

Outcome send_opc_information(DriveState& state, const Request& request) {
  constexpr std::size_t kOpcEntry = 8;
  const std::size_t length = request.be16(7);
  if (length % kOpcEntry != 0 || length > request.data_out.size())
    return refuse(Fault::kParameterListLength);
  if (state.layout().finalised() && !state.disc->medium().erasable())
    return refuse(Fault::kCannotWriteMedium);
  const bool calibrate = request.bit(1, 0);
  if (calibrate) state.clock->advance(kCalibrationTime);
  return Good{length};
}

}  // namespace simdrive
