// read(), write() and their kin, streams, mmap(). The disc is a pressed one of 700 blocks that hold
// the pattern, where nothing else is said.
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include <array>
#include <cstdio>
#include <string>

#include "tests/unit/simdrive_hosts/preload/probe.h"

namespace probe {
namespace {

constexpr std::size_t kSize = 700 * kBlockSize;

void expect_pattern(const std::uint8_t* data, std::size_t count, std::uint64_t offset) {
  for (std::size_t i = 0; i < count; ++i) PROBE(data[i] == pattern(offset + i));
}

// In pieces that are no whole blocks.
void reads() {
  const int descriptor = open_ready();
  Bytes piece(5000);
  std::uint64_t offset = 0;
  for (;;) {
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    PROBE(got >= 0);
    if (got == 0) break;
    expect_pattern(piece.data(), static_cast<std::size_t>(got), offset);
    offset += static_cast<std::uint64_t>(got);
  }
  PROBE(offset == kSize);
  PROBE(::lseek(descriptor, -100, SEEK_END) == static_cast<off_t>(kSize) - 100);
  PROBE(::read(descriptor, piece.data(), piece.size()) == 100);
  expect_pattern(piece.data(), 100, kSize - 100);
}

void reads_at_offsets() {
  const int descriptor = open_ready();
  Bytes piece(4096);
  PROBE(::pread(descriptor, piece.data(), piece.size(), 32'768) == 4096);
  expect_pattern(piece.data(), piece.size(), 32'768);
  PROBE(::pread(descriptor, piece.data(), 10, static_cast<off_t>(kSize)) == 0);
  PROBE_FAILS(::pread(descriptor, piece.data(), 10, -1), EINVAL);
  std::array<iovec, 2> list{iovec{piece.data(), 1000}, iovec{&piece[1000], 3000}};
  PROBE(::preadv(descriptor, list.data(), 2, 777) == 4000);
  expect_pattern(piece.data(), 4000, 777);
  PROBE(::lseek(descriptor, 5, SEEK_SET) == 5 && ::readv(descriptor, list.data(), 2) == 4000);
  expect_pattern(piece.data(), 4000, 5);
  PROBE_FAILS(::write(descriptor, piece.data(), 10), EBADF);
}

void through_paths() {
  const int descriptor = open_ready();
  const std::string path = "/dev/fd/" + std::to_string(descriptor);
  const int again = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  Bytes piece(kBlockSize);
  PROBE(again >= 0 && ::pread(again, piece.data(), piece.size(), 40'960) == 2048);
  expect_pattern(piece.data(), piece.size(), 40'960);
  for (const char* name : {kBlock, path.c_str()}) {
    std::FILE* const stream = std::fopen(name, "rb");
    PROBE(stream != nullptr && std::fseek(stream, 600 * 2048, SEEK_SET) == 0);
    PROBE(std::fread(piece.data(), 1, piece.size(), stream) == piece.size());
    expect_pattern(piece.data(), piece.size(), 600 * kBlockSize);
    std::fclose(stream);
  }
  std::FILE* stream = ::fdopen(descriptor, "r");
  PROBE(stream != nullptr && std::fread(piece.data(), 1, 100, stream) == 100);
  expect_pattern(piece.data(), 100, 0);
  stream = std::freopen(kBlock, "r", stream);
  PROBE(stream != nullptr && std::fread(piece.data(), 1, 100, stream) == 100);
  expect_pattern(piece.data(), 100, 0);
}

// Block 300 of a disc that holds the pattern.
void streamed() {
  std::FILE* const stream = std::fopen(kBlock, "rb");
  Bytes block(kBlockSize);
  PROBE(stream != nullptr && std::fseek(stream, 300 * 2048, SEEK_SET) == 0);
  PROBE(std::fread(block.data(), 1, block.size(), stream) == block.size());
  expect_pattern(block.data(), block.size(), 300 * kBlockSize);
}

void mapped() {
  const int descriptor = open_ready();
  void* const start = ::mmap(nullptr, kSize, PROT_READ, MAP_SHARED, descriptor, 0);
  PROBE(start != MAP_FAILED);
  expect_pattern(static_cast<const std::uint8_t*>(start), kSize, 0);
  const int generic = open_ready(kGeneric, O_RDWR | O_NONBLOCK);
  PROBE(::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, generic, 0) == MAP_FAILED);
}

void sent() {
  const int descriptor = open_ready();
  std::FILE* const file = std::tmpfile();
  off_t offset = 20'480;
  PROBE(::sendfile(::fileno(file), descriptor, &offset, 8192) == 8192);
  Bytes piece(8192);
  PROBE(::pread(::fileno(file), piece.data(), piece.size(), 0) == 8192);
  expect_pattern(piece.data(), piece.size(), 20'480);
}

// Block 20 is scratched.
void damaged() {
  const int descriptor = open_ready();
  Bytes piece(8 * kBlockSize);
  PROBE(::pread(descriptor, piece.data(), piece.size(), 18 * kBlockSize) == 2 * kBlockSize);
  expect_pattern(piece.data(), 2 * kBlockSize, 18 * kBlockSize);
  PROBE_FAILS(::pread(descriptor, piece.data(), piece.size(), 20 * kBlockSize), EIO);
  PROBE(::pread(descriptor, piece.data(), piece.size(), 21 * kBlockSize) == 8 * kBlockSize);
  expect_pattern(piece.data(), piece.size(), 21 * kBlockSize);
}

// A disc that is no block device for Linux: CD-R and its like.
void not_writable() {
  PROBE_FAILS(::open(kBlock, O_RDWR), EROFS);
  const int descriptor = open_ready(kBlock, O_RDWR | O_NONBLOCK);
  Bytes block(kBlockSize);
  PROBE_FAILS(::pwrite(descriptor, block.data(), block.size(), 0), EIO);
}

// DVD-RAM, as it is bought.
void written() {
  const int descriptor = open_ready(kBlock, O_RDWR);
  Bytes data(5000);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = pattern(10'000 + i);
  PROBE(::pwrite(descriptor, data.data(), data.size(), 10'000) == 5000);
  Bytes back(kBlockSize * 8);
  PROBE(::pread(descriptor, back.data(), back.size(), 8192) == 8 * 2048);
  for (std::size_t i = 0; i < back.size(); ++i) {
    const std::size_t offset = 8192 + i;
    const bool inside = offset >= 10'000 && offset < 15'000;
    PROBE(back[i] == (inside ? pattern(offset) : 0));
  }
  PROBE(::lseek(descriptor, 4096, SEEK_SET) == 4096);
  PROBE(::write(descriptor, data.data(), 10) == 10);
  PROBE(::lseek(descriptor, 0, SEEK_CUR) == 4106);
  PROBE(::fsync(descriptor) == 0);
  const off_t end = ::lseek(descriptor, 0, SEEK_END);
  PROBE_FAILS(::pwrite(descriptor, data.data(), 10, end), ENOSPC);
}

// What a command writes is there for read(), though it was read before.
void read_after_command() {
  const int descriptor = open_ready(kBlock, O_RDWR | O_NONBLOCK);
  Bytes block(kBlockSize);
  PROBE(::pread(descriptor, block.data(), block.size(), 0) == 2048 && block[0] == 0);
  Exchange write({0x2A, 0, 0, 0, 0, 0, 0, 0, 16, 0}, 16 * kBlockSize, 0x5C);
  write.header.dxfer_direction = SG_DXFER_TO_DEV;
  PROBE(write.send(descriptor) == 0 && write.header.status == 0);
  PROBE(::pread(descriptor, block.data(), block.size(), 0) == 2048 && block[0] == 0x5C);
}

}  // namespace

const std::vector<Case> transfer_cases{{"reads", reads},
                                       {"reads-at-offsets", reads_at_offsets},
                                       {"through-paths", through_paths},
                                       {"streamed", streamed},
                                       {"mapped", mapped},
                                       {"sent", sent},
                                       {"damaged", damaged},
                                       {"not-writable", not_writable},
                                       {"written", written},
                                       {"read-after-command", read_after_command}};

}  // namespace probe
