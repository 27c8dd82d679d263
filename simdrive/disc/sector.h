// Whole CD sectors: which parts each form has, how they are made of user data, and how they are
// checked. The arithmetic of EDC and ECC is in sector_codec.h.
//
// Sources: ECMA-130 clause 14 (layouts of mode 0, 1 and 2), annex A (RSPC code) and annex B
// (scrambling); CD-ROM XA for the two forms of mode 2, whose codes leave the header out so that a
// sector can be moved; MMC-6 clause "CD sectors", READ CD.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "simdrive/disc/layout.h"

namespace simdrive {

namespace sector_codec {
struct Codec;
}

inline constexpr std::size_t kRawSectorSize = 2352;
using RawSector = std::array<std::byte, kRawSectorSize>;

// What the 2352 bytes of a sector are.
enum class SectorForm : std::uint8_t {
  kAudio,          // samples; no parts
  kMode0,          // sync, header, zeros
  kMode1,          // 2048 bytes of user data, EDC, ECC
  kMode2Formless,  // 2336 bytes of user data, unprotected
  kMode2Form1,     // CD-ROM XA: sub-header, 2048 bytes of user data, EDC, ECC
  kMode2Form2,     // CD-ROM XA: sub-header, 2324 bytes of user data, EDC
};
// The form of the sectors of a track; where each sector tells its own, the one that is made unless
// it does.
[[nodiscard]] constexpr SectorForm sector_form(SectorFormat format) {
  switch (format) {
    case SectorFormat::kAudio:
    case SectorFormat::kAny:
      return SectorForm::kAudio;
    case SectorFormat::kMode1:
      return SectorForm::kMode1;
    case SectorFormat::kMode2:
      return SectorForm::kMode2Formless;
    case SectorFormat::kMode2Form1:
    case SectorFormat::kMode2Mixed:
      return SectorForm::kMode2Form1;
  }
  return SectorForm::kAudio;
}

// Bytes of each part, in the order in which they lie in the sector.
struct SectorParts {
  std::size_t sync = 12;
  std::size_t header = 4;
  std::size_t sub_header = 0;
  std::size_t user_data = pregroove::kBlockSize;
  std::size_t check = 0;  // EDC, gap, ECC

  [[nodiscard]] constexpr std::size_t user_data_offset() const {
    return sync + header + sub_header;
  }
};
[[nodiscard]] constexpr SectorParts sector_parts(SectorForm form) {
  switch (form) {
    case SectorForm::kAudio:
      return {.sync = 0, .header = 0, .user_data = kRawSectorSize};
    case SectorForm::kMode0:
    case SectorForm::kMode2Formless:
      return {.user_data = 2336};
    case SectorForm::kMode1:
      return {.check = 288};
    case SectorForm::kMode2Form1:
      return {.sub_header = 8, .check = 280};
    case SectorForm::kMode2Form2:
      return {.sub_header = 8, .user_data = 2324, .check = 4};
  }
  return {};
}
[[nodiscard]] constexpr SectorParts sector_parts(SectorFormat format) {
  return sector_parts(sector_form(format));
}

// CD-ROM XA: four bytes, recorded twice.
struct SubHeader {
  std::uint8_t file_number = 0;
  std::uint8_t channel_number = 0;
  std::uint8_t sub_mode = 0;
  std::uint8_t coding_information = 0;

  constexpr bool operator==(const SubHeader&) const = default;
};
inline constexpr std::uint8_t kSubModeData = 0x08;
inline constexpr std::uint8_t kSubModeForm2 = 0x20;

// How sectors are made of blocks of a host.
struct SectorEncoding {
  SectorForm form = SectorForm::kMode1;
  // XA: each block begins with the 8 bytes of its own sub-header, which are recorded as they are
  // (data block types 11 and 13 of the write parameters page).
  bool blocks_carry_sub_header = false;
  // XA, otherwise; without one: data in form 1, and only the form bit in form 2.
  std::optional<SubHeader> sub_header;
};

// Bytes of one block of a host.
[[nodiscard]] constexpr std::size_t block_size(const SectorEncoding& encoding) {
  const SectorParts parts = sector_parts(encoding.form);
  return parts.user_data + (encoding.blocks_carry_sub_header ? parts.sub_header : 0);
}

// Encodes as many sectors as `blocks` holds, the first at `first`. A block of mode 0 is ignored
// but for its length, one of audio is copied. Addresses that no MSF can express get a zero header.
// REQUIRES: blocks.size() is a multiple of block_size(encoding), and raw.size() the same multiple
// of 2352.
void encode_sectors(const SectorEncoding& encoding, Lba first, std::span<const std::byte> blocks,
                    std::span<std::byte> raw);
// The same with one particular implementation of the codes.
void encode_sectors(const SectorEncoding& encoding, Lba first, std::span<const std::byte> blocks,
                    std::span<std::byte> raw, const sector_codec::Codec& codec);

// One sector of 2048 bytes: of mode 1, or else of mode 2 form 1.
[[nodiscard]] RawSector encode_sector(Lba lba,
                                      std::span<const std::byte, pregroove::kBlockSize> user_data,
                                      SectorFormat format);

enum class Check : std::uint8_t { kAbsent, kHolds, kBroken };

// What a raw sector turns out to be.
struct SectorReport {
  SectorForm form = SectorForm::kAudio;
  Check edc = Check::kAbsent;  // a form 2 sector may leave it zero
  Check ecc = Check::kAbsent;
  std::optional<Msf> address;           // of the header, unless that is not a decimal MSF
  std::optional<SubHeader> sub_header;  // XA
  std::size_t user_data_offset = 0;
  std::size_t user_data_size = kRawSectorSize;
};

// Without sync, or with an unknown mode, it is audio. Mode 2 with two equal sub-headers is XA, in
// the form that the sub-mode names; nothing else tells formless sectors apart. Scrambled sectors
// have to be descrambled first.
[[nodiscard]] SectorReport inspect_sector(std::span<const std::byte, kRawSectorSize> raw);

// Scrambles bytes 12 to 2351, or descrambles them: the same operation (ECMA-130 annex B). Sectors
// are kept and read unscrambled; a host that records raw sends data sectors scrambled.
void scramble_sector(std::span<std::byte, kRawSectorSize> raw);

// The error detection code of ECMA-130 14.3, of bytes that it follows.
[[nodiscard]] std::uint32_t error_detection_code(std::span<const std::byte> bytes);

}  // namespace simdrive
