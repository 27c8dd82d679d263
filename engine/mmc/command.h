// A command descriptor block as a value, and its spelling in words.
//
// Each family of commands has a pair of files here with functions that return a Cdb; nothing in
// this folder sends one.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

#include "engine/base/bytes.h"
#include "engine/scsi/numbers.h"
#include "engine/scsi/transport.h"

namespace pregroove::mmc {

struct Cdb {
  std::array<std::byte, 16> bytes{};
  std::size_t size = 0;

  [[nodiscard]] std::span<const std::byte> view() const { return std::span(bytes).first(size); }
  [[nodiscard]] scsi::Opcode opcode() const { return static_cast<scsi::Opcode>(bytes[0]); }
  bool operator==(const Cdb&) const = default;
};

// To be asserted after the wire struct of every CDB: the size that the operation code fixes, and
// the operation code itself.
template <typename T, scsi::Opcode Code>
consteval bool cdb_struct() {
  static_assert(T{}.operation_code == Code);
  return wire_struct<T, scsi::cdb_size(static_cast<std::uint8_t>(Code))>();
}

template <typename T>
[[nodiscard]] Cdb make_cdb(const T& wire) {
  static_assert(sizeof(T) <= sizeof(Cdb::bytes));
  Cdb cdb;
  write_struct(std::span(cdb.bytes), 0, wire);
  cdb.size = sizeof(T);
  return cdb;
}

// Whether the drive answers as soon as it has accepted the command, or when the work is done.
enum class Immediate : bool { kNo, kYes };

// "WRITE (10) lba=12345 blocks=16", read back from the bytes, for messages and logs. Knows every
// command that this folder encodes, and gives the bytes of any other.
[[nodiscard]] std::string describe(const Cdb& cdb);
// The same for bytes from elsewhere, which may be none at all.
[[nodiscard]] std::string describe_cdb(std::span<const std::byte> bytes);

}  // namespace pregroove::mmc
