#include "engine/mmc/write_parameters.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::ModePage;
using scsi::Opcode;

// MMC-6 table "write parameters mode page".
struct WriteParametersPage {
  std::uint8_t code = static_cast<std::uint8_t>(ModePage::kWriteParameters);
  std::uint8_t length = kWriteParametersPageSize - 2;
  std::uint8_t write = 0;            // BUFE, LS_V, Test Write, [3:0] write type
  std::uint8_t track = 0;            // [7:6] multi-session, FP, Copy, [3:0] track mode
  std::uint8_t data_block_type = 0;  // [3:0]
  std::uint8_t link_size = 0;
  std::uint8_t reserved = 0;
  std::uint8_t application_code = 0;  // [5:0]
  std::uint8_t session_format = 0;
  std::uint8_t reserved2 = 0;
  Be32 packet_size;
  Be16 audio_pause_length;
  std::array<std::uint8_t, 16> media_catalog_number{};
  std::array<std::uint8_t, 16> isrc{};
  std::array<std::uint8_t, 4> sub_header{};
};
static_assert(wire_struct<WriteParametersPage, kWriteParametersPageSize>());
static_assert(offsetof(WriteParametersPage, packet_size) == 10);
static_assert(offsetof(WriteParametersPage, media_catalog_number) == 16);
static_assert(offsetof(WriteParametersPage, sub_header) == 48);

bool is_known(DataBlockType type) {
  switch (type) {
    case DataBlockType::kRaw2352:
    case DataBlockType::kRawPq2368:
    case DataBlockType::kRawRwPacked2448:
    case DataBlockType::kRawRw2448:
    case DataBlockType::kMode1:
    case DataBlockType::kMode2:
    case DataBlockType::kXaForm1:
    case DataBlockType::kXaForm1SubHeader:
    case DataBlockType::kXaForm2:
    case DataBlockType::kXaMixed:
      return true;
  }
  return false;
}

Status check_enumerations(std::uint8_t write_type, std::uint8_t multi_session,
                          std::uint8_t block_type) {
  if (write_type > static_cast<std::uint8_t>(WriteType::kLayerJump))
    return bad_reply(Opcode::kModeSense10, fmt::format("write type {} is reserved", write_type));
  constexpr std::uint8_t kReservedMultiSession = 2;
  if (multi_session == kReservedMultiSession)
    return bad_reply(Opcode::kModeSense10, "multi-session field 10b is reserved");
  if (!is_known(static_cast<DataBlockType>(block_type)))
    return bad_reply(Opcode::kModeSense10,
                     fmt::format("data block type {} is reserved", block_type));
  return {};
}

}  // namespace

std::array<std::byte, kWriteParametersListSize> encode_write_parameters(
    const WriteParameters& parameters) {
  const WriteParametersPage page{
      .write = byte_of(bit_if(parameters.buffer_underrun_free, 6) |
                       bit_if(parameters.link_size_valid, 5) | bit_if(parameters.test_write, 4) |
                       static_cast<unsigned>(parameters.write_type)),
      .track = byte_of((static_cast<unsigned>(parameters.multi_session) << 6U) |
                       bit_if(parameters.fixed_packet, 5) | bit_if(parameters.copy, 4) |
                       bit_field(parameters.track_mode, 0, 4)),
      .data_block_type = static_cast<std::uint8_t>(parameters.data_block_type),
      .link_size = parameters.link_size,
      .application_code = bit_field(parameters.application_code, 0, 6),
      .session_format = parameters.session_format,
      .packet_size = Be32(parameters.packet_size),
      .audio_pause_length = Be16(parameters.audio_pause_length),
      .media_catalog_number = parameters.media_catalog_number,
      .isrc = parameters.isrc,
      .sub_header = parameters.sub_header};
  std::array<std::byte, kWriteParametersListSize> list{};
  write_struct(std::span(list), kModeHeaderSize, page);
  return list;
}

Result<WriteParameters> decode_write_parameters(std::span<const std::byte> reply) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto bytes, find_mode_page(reply, ModePage::kWriteParameters));
  const auto page = read_struct<WriteParametersPage>(bytes);
  if (!page) return short_reply(Opcode::kModeSense10, bytes.size(), kWriteParametersPageSize);
  const std::uint8_t write_type = bit_field(page->write, 0, 4);
  const std::uint8_t multi_session = bit_field(page->track, 6, 2);
  const std::uint8_t block_type = bit_field(page->data_block_type, 0, 4);
  PREGROOVE_RETURN_IF_ERROR(check_enumerations(write_type, multi_session, block_type));
  return WriteParameters{.write_type = static_cast<WriteType>(write_type),
                         .buffer_underrun_free = bit(page->write, 6),
                         .link_size_valid = bit(page->write, 5),
                         .test_write = bit(page->write, 4),
                         .multi_session = static_cast<MultiSession>(multi_session),
                         .fixed_packet = bit(page->track, 5),
                         .copy = bit(page->track, 4),
                         .track_mode = bit_field(page->track, 0, 4),
                         .data_block_type = static_cast<DataBlockType>(block_type),
                         .link_size = page->link_size,
                         .application_code = bit_field(page->application_code, 0, 6),
                         .session_format = page->session_format,
                         .packet_size = page->packet_size.value(),
                         .audio_pause_length = page->audio_pause_length.value(),
                         .media_catalog_number = page->media_catalog_number,
                         .isrc = page->isrc,
                         .sub_header = page->sub_header};
}

}  // namespace pregroove::mmc
