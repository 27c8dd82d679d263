#include "engine/mmc/capabilities.h"

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::ModePage;
using scsi::Opcode;

// MMC-3 table "MM capabilities and mechanical status page", as far as every drive sends it.
struct CapabilitiesFlags {
  std::uint8_t code;
  std::uint8_t length;
  std::uint8_t read;
  std::uint8_t write;
  std::uint8_t play;
  std::uint8_t audio;
  std::uint8_t mechanism;
  std::uint8_t channels;
};
static_assert(wire_struct<CapabilitiesFlags, 8>());

// Where the numbers of that table lie.
constexpr std::size_t kMaxReadSpeedOffset = 8;
constexpr std::size_t kBufferSizeOffset = 12;
constexpr std::size_t kCurrentReadSpeedOffset = 14;
constexpr std::size_t kMaxWriteSpeedOffset = 18;
constexpr std::size_t kLegacyWriteSpeedOffset = 20;
constexpr std::size_t kCurrentWriteSpeedOffset = 28;
constexpr std::size_t kDescriptorCountOffset = 30;
constexpr std::size_t kDescriptorsOffset = 32;

// MMC-3 table "write speed performance descriptor".
struct SpeedDescriptor {
  std::uint8_t reserved;
  std::uint8_t rotation_control;  // [1:0]
  Be16 speed;
};
static_assert(wire_struct<SpeedDescriptor, 4>());

std::optional<std::uint16_t> number_at(std::span<const std::byte> page, std::size_t offset) {
  const auto field = read_struct<Be16>(page, offset);
  if (!field) return std::nullopt;
  return field->value();
}

std::vector<CapabilityWriteSpeed> write_speeds(std::span<const std::byte> page) {
  std::vector<CapabilityWriteSpeed> speeds;
  const std::size_t count = number_at(page, kDescriptorCountOffset).value_or(0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto wire =
        read_struct<SpeedDescriptor>(page, kDescriptorsOffset + (i * sizeof(SpeedDescriptor)));
    if (!wire) break;
    speeds.push_back({.rotation_control = bit_field(wire->rotation_control, 0, 2),
                      .kb_per_s = wire->speed.value()});
  }
  return speeds;
}

}  // namespace

Result<Capabilities> decode_capabilities(std::span<const std::byte> reply) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto page, find_mode_page(reply, ModePage::kCapabilities));
  const auto flags = read_struct<CapabilitiesFlags>(page);
  if (!flags) return short_reply(Opcode::kModeSense10, page.size(), sizeof(CapabilitiesFlags));
  const std::uint16_t current = number_at(page, kCurrentWriteSpeedOffset).value_or(0);
  return Capabilities{
      .reads_cd_r = bit(flags->read, 0),
      .reads_cd_rw = bit(flags->read, 1),
      .reads_dvd_rom = bit(flags->read, 3),
      .reads_dvd_r = bit(flags->read, 4),
      .reads_dvd_ram = bit(flags->read, 5),
      .writes_cd_r = bit(flags->write, 0),
      .writes_cd_rw = bit(flags->write, 1),
      .test_write = bit(flags->write, 2),
      .writes_dvd_r = bit(flags->write, 4),
      .writes_dvd_ram = bit(flags->write, 5),
      .plays_audio = bit(flags->play, 0),
      .mode2_form1 = bit(flags->play, 4),
      .mode2_form2 = bit(flags->play, 5),
      .multi_session = bit(flags->play, 6),
      .buffer_underrun_free = bit(flags->play, 7),
      .reads_cd_da = bit(flags->audio, 0),
      .accurate_cd_da = bit(flags->audio, 1),
      .c2_pointers = bit(flags->audio, 4),
      .can_lock = bit(flags->mechanism, 0),
      .locked = bit(flags->mechanism, 1),
      .can_eject = bit(flags->mechanism, 3),
      .mechanism = static_cast<LoadingMechanism>(bit_field(flags->mechanism, 5, 3)),
      .max_read_kb_per_s = number_at(page, kMaxReadSpeedOffset),
      .buffer_kib = number_at(page, kBufferSizeOffset),
      .current_read_kb_per_s = number_at(page, kCurrentReadSpeedOffset),
      .max_write_kb_per_s = number_at(page, kMaxWriteSpeedOffset),
      .current_write_kb_per_s = current != 0 ? current : number_at(page, kLegacyWriteSpeedOffset),
      .write_speeds = write_speeds(page)};
}

}  // namespace pregroove::mmc
