#include "simdrive/drive/sense_data.h"

#include "engine/base/bytes.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;

// SPC-4 table "fixed format sense data".
struct FixedSense {
  std::uint8_t response_code = 0x70;
  std::uint8_t segment = 0;
  std::uint8_t sense_key = 0;
  Be32 information;
  std::uint8_t additional_length = 10;
  Be32 command_specific;
  std::uint8_t asc = 0;
  std::uint8_t ascq = 0;
  std::uint8_t unit_code = 0;
  std::uint8_t specific_valid = 0;  // SKSV in bit 7
  Be16 progress;
};
static_assert(pregroove::wire_struct<FixedSense, kFixedSenseSize>());

constexpr std::uint8_t kInformationValid = 0x80;
constexpr std::uint8_t kDeferred = 0x71;

}  // namespace

std::array<std::byte, kFixedSenseSize> fixed_sense(const pregroove::scsi::Sense& sense) {
  FixedSense wire;
  if (sense.deferred) wire.response_code = kDeferred;
  wire.sense_key = sense.code.key;
  wire.asc = sense.code.asc;
  wire.ascq = sense.code.ascq;
  if (sense.information) {
    wire.response_code |= kInformationValid;
    wire.information = Be32(static_cast<std::uint32_t>(sense.information->value));
  }
  if (sense.progress) {
    wire.specific_valid = 0x80;
    wire.progress = Be16(*sense.progress);
  }
  return pregroove::bytes_of(wire);
}

}  // namespace simdrive
