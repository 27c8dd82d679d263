#include "engine/image/end_mark.h"

#include <algorithm>
#include <array>

#include "engine/base/bytes.h"
#include "engine/base/check.h"

namespace pregroove::image {
namespace {

struct EndMark {
  std::array<char, 16> magic{'P', 'R', 'E', 'G', 'R', 'O', 'O', 'V', 'E', '-', 'E', 'N', 'D'};
  Be32 session_start;
  Be32 blocks;
};
static_assert(wire_struct<EndMark, 24>());

EndMark mark_for(Lba session_start, BlockCount size) {
  return {.session_start = Be32(static_cast<std::uint32_t>(session_start.value)),
          .blocks = Be32(static_cast<std::uint32_t>(size.value))};
}

}  // namespace

void write_end_mark(std::span<std::byte> block, Lba session_start, BlockCount size) {
  PREGROOVE_CHECK(block.size() == kBlockSize);
  std::ranges::fill(block, std::byte{0});
  write_struct(block, 0, mark_for(session_start, size));
}

bool is_end_mark(std::span<const std::byte> block, Lba session_start, BlockCount size) {
  const auto mark = read_struct<EndMark>(block);
  if (!mark || mark->magic != EndMark{}.magic) return false;
  const std::int64_t start = mark->session_start.value();
  const std::int64_t volume_end = session_start.value + size.value;
  return start >= session_start.value && start + mark->blocks.value() == volume_end;
}

}  // namespace pregroove::image
