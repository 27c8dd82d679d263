// How names are stored: as they are in the Joliet tree, mapped to upper-case letters, digits and
// "_" in the plain ISO 9660 tree.
//
// Sources: ECMA-119 7.4.1 (d-characters), 7.5 (file identifier), 7.6 (directory identifier), 10.2
// (interchange level 2); Joliet specification, "Joliet names" and "allowed character set".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace pregroove::image {

// Joliet: 128 bytes, that is 64 UCS-2 units.
inline constexpr std::size_t kJolietNameUnitsMax = 64;
// What fits into a record with some room left; read by Linux and Windows, and written by others.
inline constexpr std::size_t kJolietLongNameUnitsMax = 103;
// The longest name that fits into a directory record of at most 254 bytes; other writers use up to
// 103 units, and what they wrote is kept when a session is imported.
inline constexpr std::size_t kJolietImportedUnitsMax = 110;
// Joliet volume identifier: 32 bytes, that is 16 UCS-2 units.
inline constexpr std::size_t kJolietVolumeUnitsMax = 16;

enum class NameOrigin : std::uint8_t { kNew, kImported };

// Whether Joliet can hold the name of a file or folder: 1 to 64 UCS-2 units of valid UTF-8 from the
// basic multilingual plane, without * / : ; ? \ and control characters. kBadName says which rule is
// broken and what to do; `path` names the file in the message. Imported names may be longer and use
// any character but "/" and NUL.
[[nodiscard]] Status check_joliet_name(std::string_view name, std::string_view path,
                                       NameOrigin origin = NameOrigin::kNew,
                                       std::size_t units_max = kJolietNameUnitsMax);

// Whether Rock Ridge and POSIX can hold the name: 1 to 255 bytes without "/" and NUL, and neither
// "." nor "..".
[[nodiscard]] Status check_posix_name(std::string_view name, std::string_view path);

struct NameToCheck {
  std::string_view name;
  NameOrigin origin = NameOrigin::kNew;
};
struct MappedName {
  std::size_t entry = 0;
  std::string name;
};
// What Joliet calls those of one folder's entries whose names check_joliet_name refuses: "_" stands
// for a character that it cannot hold, long names are cut before their extension, and a number
// keeps them different from all others.
[[nodiscard]] std::vector<MappedName> map_joliet_names_of(std::span<const NameToCheck> entries,
                                                          std::size_t units_max);

// UTF-8 to UCS-2, most significant byte first. REQUIRES: check_joliet_name accepted it.
[[nodiscard]] std::vector<std::byte> joliet_bytes(std::string_view name);
void append_joliet_bytes(std::string_view name, std::vector<std::byte>& out);
// The number of UCS-2 units; 0 for invalid UTF-8.
[[nodiscard]] std::size_t joliet_units(std::string_view name);
// UCS-2 (or UTF-16) as found on a disc to UTF-8; U+FFFD for a lone surrogate.
[[nodiscard]] std::string name_from_joliet(std::span<const std::byte> bytes);

// True when `left` comes before `right` in a Joliet directory (ECMA-119 9.3: file names are
// compared before extensions, so that "." sorts before every other character).
[[nodiscard]] bool joliet_record_less(std::string_view left, std::string_view right);

enum class EntryKind : std::uint8_t { kFile, kDirectory };

// What the plain tree may hold: interchange levels 1 to 3 (ECMA-119 10), and ISO 9660:1999, which
// other writers count as level 4. Levels 2 and 3 differ in the size of files only.
enum class IsoLevel : std::uint8_t { k1 = 1, k2 = 2, k3 = 3, k1999 = 4 };

// The identifier that the level allows, not yet made unique and without version. Level 1: eight
// characters, and three of a file's extension. Level 2: one "." at most for a file ("" extension:
// none), none for a folder; at most 31 characters. ISO 9660:1999: the name as it is, cut at
// kName1999BytesMax.
[[nodiscard]] std::string plain_name(std::string_view name, EntryKind kind,
                                     IsoLevel level = IsoLevel::k3);
// ISO 9660:1999 allows 207; this leaves a record the 28 bytes with which Rock Ridge goes on
// elsewhere (SUSP 5.1).
inline constexpr std::size_t kName1999BytesMax = 193;

struct NameToMap {
  std::string_view name;
  EntryKind kind = EntryKind::kFile;
};
// The plain names of one folder's entries, in their order, all different. Deterministic: the first
// of several that map to the same name keeps it, the others get "_1", "_2", ... at the end of the
// shortened stem. n log n in the number of entries.
[[nodiscard]] std::vector<std::string> map_plain_names(std::span<const NameToMap> entries,
                                                       IsoLevel level = IsoLevel::k3);

// A volume identifier from text: upper case, other characters become "_" (ECMA-119 8.4.6).
[[nodiscard]] std::string plain_volume_id(std::string_view volume_id);

}  // namespace pregroove::image
