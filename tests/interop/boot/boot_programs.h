// The smallest programs that firmware can boot, as bytes: each writes its message to the first
// serial port and ends the machine.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace pregroove::interop {

// Written to this port by a guest, QEMU's isa-debug-exit ends it with status 2 * value + 1.
inline constexpr int kExitPort = 0xF4;
inline constexpr int kExitValue = 0x10;
inline constexpr int kExitStatus = 2 * kExitValue + 1;

inline std::string code(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text += static_cast<char>(byte);
  return text;
}
inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}
inline std::string padded(std::string text, std::size_t size) {
  text.resize(size, '\0');
  return text;
}

// For a BIOS; runs wherever it is loaded in the first 64 KiB. Bytes 8 to 63 may be overwritten by a
// boot info table.
inline std::string bios_boot_file(const std::string& message) {
  const std::string start = code({0xFC, 0x31, 0xC0, 0x8E, 0xD8,  // cld; xor ax,ax; mov ds,ax
                                  0xE8, 0x00, 0x00, 0x5E,        // call next; next: pop si
                                  0x83, 0xC6});                  // add si, (message - next)
  const std::string rest =
      code({0xBA, 0xF8,       0x03,                         // mov dx, 3F8h
            0xAC, 0x84,       0xC0, 0x74,      0x03,        // lodsb; test al,al; jz done
            0xEE, 0xEB,       0xF8,                         // out dx,al; jmp lodsb
            0xB0, kExitValue, 0xBA, kExitPort, 0x00, 0xEE,  // done: out F4h
            0xF4, 0xEB,       0xFD});                       // hlt; jmp hlt
  const auto distance = static_cast<char>(start.size() + 1 + rest.size() - 8);
  const std::string jump_over_table = padded(code({0xEB, 0x3E}), 64);
  return padded(jump_over_table + start + distance + rest + message + '\0', 2048);
}

// 432 bytes for a master boot record: loads a block from the sector that stands behind it, and runs
// it.
inline std::string mbr_boot_code() {
  constexpr int kPacketAt = 0x40;
  const std::string program =
      code({0x31, 0xC0,      0x8E,          0xD8, 0x8E, 0xD0, 0xBC,
            0x00, 0x7C,                                              // ds = ss = 0; sp = 7C00h
            0x66, 0xA1,      0xB0,          0x7D,                    // mov eax, [7C00h + 432]
            0x66, 0xA3,      kPacketAt + 8, 0x7C,                    // mov [packet + 8], eax
            0xBE, kPacketAt, 0x7C,          0xB4, 0x42, 0xCD, 0x13,  // int 13h, extended read
            0x72, 0x05,      0xEA,          0x00, 0x80, 0x00, 0x00,  // jc stop; jmp 0:8000h
            0xF4, 0xEB,      0xFD});                                 // stop: hlt; jmp stop
  // Four sectors to 0:8000h.
  const std::string packet = code({0x10, 0x00, 0x04, 0x00, 0x00, 0x80, 0x00, 0x00});
  return padded(padded(program, kPacketAt) + packet, 432);
}

// A PE32+ program with one section (UEFI specification 2.1.1; PE format specification).
inline std::string efi_program(const std::string& message) {
  const std::string text =
      code({0x48, 0x8D,       0x35, 22,   0,         0,    0,           // lea rsi, [rip + 22]
            0x66, 0xBA,       0xF8, 0x03,                               // mov dx, 3F8h
            0xAC, 0x84,       0xC0, 0x74, 0x03,      0xEE, 0xEB, 0xF8,  // as above
            0xB0, kExitValue, 0x66, 0xBA, kExitPort, 0x00, 0xEE,        // out F4h
            0xF4, 0xEB,       0xFD}) +                                  // hlt; jmp hlt
      message +
      '\0';
  constexpr int kHeaders = 0x200;
  constexpr int kSectionAt = 0x1000;
  const std::string dos = padded(padded("MZ", 0x3C) + little_endian(0x40, 4), 0x40);
  const std::string file = std::string("PE\0\0", 4) + little_endian(0x8664, 2) +
                           little_endian(1, 2) + std::string(12, '\0') + little_endian(240, 2) +
                           little_endian(0x22, 2);
  const std::string standard = little_endian(0x20B, 2) + std::string(2, '\0') +
                               little_endian(kHeaders, 4) + std::string(8, '\0') +
                               little_endian(kSectionAt, 4) + little_endian(kSectionAt, 4);
  const std::string windows =
      little_endian(0x400000, 8) + little_endian(0x1000, 4) + little_endian(0x200, 4) +
      std::string(16, '\0') + little_endian(2 * kSectionAt, 4) + little_endian(kHeaders, 4) +
      std::string(4, '\0') + little_endian(10, 2) + std::string(2, '\0') +
      little_endian(0x10000, 8) + little_endian(0x1000, 8) + little_endian(0x10000, 8) +
      little_endian(0x1000, 8) + std::string(4, '\0') + little_endian(16, 4);
  const std::string directories(16 * 8, '\0');
  const std::string section = padded(".text", 8) + little_endian(0x200, 4) +
                              little_endian(kSectionAt, 4) + little_endian(0x200, 4) +
                              little_endian(kHeaders, 4) + std::string(12, '\0') +
                              little_endian(0x60000020, 4);
  return padded(dos + file + standard + windows + directories + section, kHeaders) +
         padded(text, 0x200);
}

}  // namespace pregroove::interop
