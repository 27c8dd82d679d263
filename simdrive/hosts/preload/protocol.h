// What the preload library and its server say to each other: one packet for a request, one for its
// reply, on a socket that keeps packets apart. Data lies in memory that both have mapped.
//
// Both run on one machine, so numbers are the machine's own. The library is built from this header
// alone: it holds plain values and nothing of the rest of simdrive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace simdrive::hosts::preload {

// Both come from one build; a library of another one is turned away.
inline constexpr std::uint32_t kVersion = 1;

// Bytes of the memory that a connection shares, and so the most that one command carries.
inline constexpr std::size_t kPayloadSize = std::size_t{4} << 20U;

// What the library finds in the environment of the program.
inline constexpr const char* kSocketVariable = "SIMDRIVE_PRELOAD_SOCKET";
inline constexpr const char* kFolderVariable = "SIMDRIVE_PRELOAD_FOLDER";

// What stands in that folder: the files that are opened in place of the devices, and the texts of
// the kernel about them.
inline constexpr const char* kBlockFile = "sr0";
inline constexpr const char* kGenericFile = "sg0";
inline constexpr const char* kCapabilityFile = "cdrom_info";
inline constexpr const char* kGenericListFile = "sg_devices";

// The device numbers. No machine has so many drives, so that none that is mounted can have them.
inline constexpr unsigned kBlockMajor = 11;
inline constexpr unsigned kGenericMajor = 21;
inline constexpr unsigned kMinor = 240;

enum class Operation : std::uint32_t {
  kHello,    // must be the first; the reply carries the descriptor of the shared memory, and as its
             // result how many times faster waits of the program may pass
  kFolder,   // the reply's text lies in the shared memory
  kOpen,     // what the kernel does when the device is opened; argument: the flags of open()
  kCommand,  // one SCSI command
  kIoctl,    // the structure that its argument points to lies in the shared memory
  kSync,     // brings the file in place of the device up to date, from offset on for length bytes
  kSyncAll,  // the whole file
  kWrite,    // writes as write() on a block device does
};

enum class Node : std::uint32_t { kBlock, kGeneric };

enum class Direction : std::uint32_t { kNone, kIn, kOut };

struct Request {
  std::uint32_t version = kVersion;
  Operation operation = Operation::kHello;
  Node node = Node::kBlock;
  Direction direction = Direction::kNone;
  std::uint32_t length = 0;  // of the data in the shared memory
  std::uint32_t cdb_length = 0;
  std::uint8_t cdb[32] = {};  // NOLINT(*-avoid-c-arrays): the library links no C++ library
  std::uint32_t timeout_ms = 0;
  std::uint32_t ioctl = 0;
  std::uint64_t argument = 0;
  std::uint64_t offset = 0;
  std::uint64_t waited_us = 0;  // that the program believes to have waited, and did not
};
static_assert(std::is_trivially_copyable_v<Request> && sizeof(Request) == 88);

// Of scsi/scsi.h, as the kernel reports them through SG_IO.
inline constexpr std::uint32_t kHostNoConnect = 0x01;
inline constexpr std::uint32_t kHostTimeOut = 0x03;

struct Reply {
  std::int32_t error = 0;   // an errno; 0 when the operation was carried out
  std::int32_t result = 0;  // what the ioctl returns
  std::uint32_t status = 0;
  std::uint32_t host_status = 0;
  std::uint32_t transferred = 0;
  std::uint32_t sense_length = 0;
  std::uint8_t sense[32] = {};  // NOLINT(*-avoid-c-arrays)
  std::uint64_t duration_ms = 0;
  std::uint64_t readable = 0;  // kSync: so many bytes from the offset on are up to date
  std::uint64_t size = 0;      // of the device
};
static_assert(std::is_trivially_copyable_v<Reply> && sizeof(Reply) == 80);

}  // namespace simdrive::hosts::preload
