#include "engine/image/end_mark.h"

#include <algorithm>
#include <array>

#include "engine/base/bytes.h"
#include "engine/base/check.h"

namespace pregroove::image {
namespace {

using Magic = std::array<char, 16>;
constexpr Magic kStart{'P', 'R', 'E', 'G', 'R', 'O', 'O', 'V', 'E', '-', 'S', 'T', 'A', 'R', 'T'};
constexpr Magic kEnd{'P', 'R', 'E', 'G', 'R', 'O', 'O', 'V', 'E', '-', 'E', 'N', 'D'};

struct Mark {
  Magic magic{};
  Be32 session_start;
  Be32 blocks;
};
static_assert(wire_struct<Mark, 24>());

// Behind an end mark.
struct Place {
  Be32 lba;
  Be32 blocks;
};
static_assert(wire_struct<Place, 8>());

void write_mark(std::span<std::byte> place, const Magic& magic, Lba session_start,
                BlockCount size) {
  std::ranges::fill(place, std::byte{0});
  write_struct(place, 0,
               Mark{.magic = magic,
                    .session_start = Be32(static_cast<std::uint32_t>(session_start.value)),
                    .blocks = Be32(static_cast<std::uint32_t>(size.value))});
}

bool is_mark(std::span<const std::byte> place, const Magic& magic, Lba session_start,
             BlockCount size) {
  const auto mark = read_struct<Mark>(place);
  if (!mark || mark->magic != magic) return false;
  const std::int64_t start = mark->session_start.value();
  const std::int64_t volume_end = session_start.value + size.value;
  return start >= session_start.value && start + mark->blocks.value() == volume_end;
}

}  // namespace

void write_start_mark(std::span<std::uint8_t> application_use, Lba session_start, BlockCount size) {
  write_mark(std::as_writable_bytes(application_use), kStart, session_start, size);
}

bool is_start_mark(std::span<const std::uint8_t> application_use, Lba session_start,
                   BlockCount size) {
  return is_mark(std::as_bytes(application_use), kStart, session_start, size);
}

void write_end_mark(std::span<std::byte> block, Lba session_start, BlockCount size,
                    std::optional<ChecksumPlace> checksums) {
  PREGROOVE_CHECK(block.size() == kBlockSize);
  write_mark(block, kEnd, session_start, size);
  if (!checksums) return;
  write_struct(block, sizeof(Mark),
               Place{.lba = Be32(static_cast<std::uint32_t>(checksums->lba.value)),
                     .blocks = Be32(static_cast<std::uint32_t>(checksums->blocks.value))});
}

bool is_end_mark(std::span<const std::byte> block, Lba session_start, BlockCount size) {
  return is_mark(block, kEnd, session_start, size);
}

std::optional<ChecksumPlace> checksums_of_end_mark(std::span<const std::byte> block,
                                                   Lba session_start, BlockCount size) {
  const auto place = read_struct<Place>(block, sizeof(Mark)).value_or(Place{});
  const std::int64_t lba = place.lba.value();
  const std::int64_t mark = session_start.value + size.value - 1;
  const bool within =
      place.blocks.value() > 0 && lba >= session_start.value && lba + place.blocks.value() <= mark;
  if (!within) return std::nullopt;
  return ChecksumPlace{.lba = Lba{static_cast<std::int32_t>(lba)},
                       .blocks = {place.blocks.value()}};
}

}  // namespace pregroove::image
