// Property sets by name, as IMAPI's clients use them (imapi.md 4.3 to 4.5). Unknown and read-only
// entries never fail a call; they are ignored, and the result says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace pregroove::imapi {

using PropertyValue = std::variant<std::int32_t, bool, std::string, std::vector<std::byte>>;
using PropertySet = std::map<std::string, PropertyValue>;

// Recorder properties.
inline constexpr const char* kWriteSpeed = "WriteSpeed";  // multiple of 1x, -1 for the fastest
inline constexpr const char* kMaxWriteSpeed = "MaxWriteSpeed";                          // read-only
inline constexpr const char* kAudioGapSize = "AudioGapSize";                            // blocks
inline constexpr const char* kBufferUnderrunFreeCapable = "BufferUnderrunFreeCapable";  // read-only
inline constexpr const char* kEnableBufferUnderrunFree = "EnableBufferUnderrunFree";
// Joliet properties.
inline constexpr const char* kVolumeName = "VolumeName";  // at most 16 characters
inline constexpr const char* kPlaceBootImageOnDisc = "PlaceBootImageOnDisc";
// Ours, which IMAPI does not have: POSIX names and attributes beside Joliet (until set: as the disc
// has them already), whether there is Joliet at all, how long its names may be (64 or 103), and
// whether checksums are stored with the files, whether there is UDF, too, and of which revision UDF
// alone is on the disc (0: none; 0x0201 or 0x0250): a blank one, which is closed.
inline constexpr const char* kRockRidge = "RockRidge";
inline constexpr const char* kJolietTree = "Joliet";
inline constexpr const char* kJolietNameLength = "JolietNameLength";
inline constexpr const char* kChecksums = "Checksums";
inline constexpr const char* kUdf = "Udf";
inline constexpr const char* kIsoLevel = "IsoLevel";  // std::int32_t, 1 to 4 (image::IsoLevel)
inline constexpr const char* kUdfAlone = "UdfAlone";

}  // namespace pregroove::imapi
