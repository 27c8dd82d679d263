// The fields of the system use sharing protocol (IEEE P1281, SUSP 1.12) and of Rock Ridge (IEEE
// P1282, RRIP 1.12), as they lie on the disc. Shared by the writer and by the import.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/image/iso9660.h"
#include "engine/image/tree.h"

namespace pregroove::image {

// SUSP 4: what each field begins with. The length counts the header.
struct SuspHeader {
  std::array<char, 2> signature{};
  std::uint8_t length = 0;
  std::uint8_t version = 1;

  [[nodiscard]] std::string_view name() const { return {signature.data(), signature.size()}; }
};
static_assert(wire_struct<SuspHeader, 4>());
inline constexpr std::size_t kSuspFieldBytesMax = 255;

// SUSP 5.3: the first field of the root folder's own record. `skipped` bytes at the beginning of
// every system use area belong to somebody else.
struct SuspIndicator {
  SuspHeader header{.signature = {'S', 'P'}, .length = 7};
  std::array<std::uint8_t, 2> check{0xBE, 0xEF};
  std::uint8_t skipped = 0;
};
static_assert(wire_struct<SuspIndicator, 7>());

// SUSP 5.1: where the fields go on; nothing that is continued crosses a block boundary.
struct SuspContinuation {
  SuspHeader header{.signature = {'C', 'E'}, .length = 28};
  Both32 block;
  Both32 offset;
  Both32 length;
};
static_assert(wire_struct<SuspContinuation, 28>());

// SUSP 5.5, without the three texts that follow.
struct SuspExtensions {
  SuspHeader header{.signature = {'E', 'R'}};
  std::uint8_t identifier_length = 0;
  std::uint8_t descriptor_length = 0;
  std::uint8_t source_length = 0;
  std::uint8_t extension_version = 1;
};
static_assert(wire_struct<SuspExtensions, 8>());

// RRIP 4.1.1. Older writers leave the serial number out: 36 bytes.
struct RockRidgePosix {
  SuspHeader header{.signature = {'P', 'X'}, .length = 44};
  Both32 mode;
  Both32 links;
  Both32 user;
  Both32 group;
  Both32 serial;
};
static_assert(wire_struct<RockRidgePosix, 44>());
inline constexpr std::size_t kPosixBytesWithoutSerial = 36;

// RRIP 4.1.2.
struct RockRidgeDevice {
  SuspHeader header{.signature = {'P', 'N'}, .length = 20};
  Both32 high;
  Both32 low;
};
static_assert(wire_struct<RockRidgeDevice, 20>());
// The text speaks of the halves of a 64-bit dev_t. Linux and genisoimage take them for major and
// minor number, libarchive and libisofs for what they are; the dev_t of old, with eight bits of
// minor number, is the same to all of them, and all numbers that fit are stored so.
[[nodiscard]] RockRidgeDevice device_field(DeviceNumber device);
[[nodiscard]] DeviceNumber device_from(std::uint32_t high, std::uint32_t low);

// RRIP 4.1.3 and 4.1.4: flags, then the components of a link or the characters of a name.
struct RockRidgeText {
  SuspHeader header;
  std::uint8_t flags = 0;
};
static_assert(wire_struct<RockRidgeText, 5>());
inline constexpr std::array<char, 2> kSignatureLink{'S', 'L'};
inline constexpr std::array<char, 2> kSignatureName{'N', 'M'};

// The same bits in SL, in its components and in NM.
enum RockRidgeTextFlag : std::uint8_t {
  kTextContinues = 0x01,
  kTextCurrent = 0x02,
  kTextParent = 0x04,
  kTextRoot = 0x08,  // not in NM
};

// RRIP 4.1.3.1, before the characters.
struct LinkComponent {
  std::uint8_t flags = 0;
  std::uint8_t length = 0;
};
static_assert(wire_struct<LinkComponent, 2>());

// RRIP 4.1.5: CL, in the place of a folder that lies elsewhere, and PL, in its ".." there.
struct RockRidgeRelocation {
  SuspHeader header{.signature = {}, .length = 12};
  Both32 block;
};
static_assert(wire_struct<RockRidgeRelocation, 12>());
inline constexpr std::array<char, 2> kSignatureChild{'C', 'L'};
inline constexpr std::array<char, 2> kSignatureParent{'P', 'L'};
inline constexpr std::array<char, 2> kSignatureRelocated{'R', 'E'};

// RRIP 4.1.6, with the one time that we write.
struct RockRidgeModified {
  SuspHeader header{.signature = {'T', 'F'}, .length = 12};
  std::uint8_t flags = 0x02;  // modification time; 7 bytes each
  RecordTime modified;
};
static_assert(wire_struct<RockRidgeModified, 12>());
enum TimeFieldFlag : std::uint8_t {
  kTimeCreation = 0x01,
  kTimeModify = 0x02,
  kTimeLongForm = 0x80,
};

// RRIP 4.1.1.1: the file types in a mode, which are those of POSIX' struct stat.
enum ModeType : std::uint32_t {
  kModeTypeMask = 0170000,
  kModeSocket = 0140000,
  kModeLink = 0120000,
  kModeRegular = 0100000,
  kModeBlockDevice = 0060000,
  kModeCharacterDevice = 0020000,
  kModeDirectory = 0040000,
  kModePipe = 0010000,
};

// RRIP 4.3: how Rock Ridge 1.12 announces itself. [K]: the texts are recalled, not looked up; no
// reader is known to compare more than the first.
inline constexpr std::string_view kRockRidgeIdentifier = "IEEE_P1282";
inline constexpr std::string_view kRockRidgeDescriptor =
    "THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS";
inline constexpr std::string_view kRockRidgeSource =
    "PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE P1282 "
    "SPECIFICATION.";

}  // namespace pregroove::image
