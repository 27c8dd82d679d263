// Whatever is on a disc, the importer refuses it or reads it: it reads nothing out of bounds, ends,
// and holds no more than its bounds say.
//
// Input: two bytes that say where the session starts, then its blocks. Zeros follow as far as the
// end of the medium, so that a whole image is a small input.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "engine/image/checksums.h"
#include "engine/image/extract.h"
#include "engine/image/image.h"
#include "engine/image/import.h"
#include "engine/image/libisofs_tags.h"

namespace {

using namespace pregroove;  // NOLINT(google-build-using-namespace): a program of one file

constexpr BlockCount kMedium{4096};

class InputReader final : public image::BlockReader {
 public:
  InputReader(std::span<const std::byte> blocks, Lba start) : blocks_(blocks), start_(start) {}

  Status read(Lba first, std::span<std::byte> whole_blocks) override {
    const Lba end = first + blocks_for_bytes(whole_blocks.size());
    if (first < Lba{0} || end > Lba{0} + kMedium)
      return fail(ErrorCode::kDevice, "a block beyond the end of the medium was asked for");
    std::ranges::fill(whole_blocks, std::byte{0});
    const std::int64_t skipped =
        std::int64_t{first.value - start_.value} * std::int64_t{kBlockSize};
    const std::int64_t from = std::max<std::int64_t>(skipped, 0);
    const std::int64_t to =
        std::min<std::int64_t>(static_cast<std::int64_t>(blocks_.size()),
                               skipped + static_cast<std::int64_t>(whole_blocks.size()));
    if (from < to)
      std::memcpy(whole_blocks.data() + (from - skipped), blocks_.data() + from,
                  static_cast<std::size_t>(to - from));
    return {};
  }

 private:
  std::span<const std::byte> blocks_;
  Lba start_;
};

// A hostile tree may name the same blocks a thousand times.
void read_some_files(InputReader& disc, const image::Tree& tree) {
  constexpr std::uint64_t kMost = 1U << 22U;
  std::uint64_t bytes = 0;
  tree.walk([&](std::string_view, const image::File& file) {
    if (bytes > kMost) return;
    (void)image::read_file(disc, file, [&bytes](std::span<const std::byte> piece) -> Status {
      bytes += piece.size();
      if (bytes > kMost) return fail(ErrorCode::kCancelled, "enough");
      return {};
    });
  });
}

// What was imported can be written again.
void lay_out(image::Imported imported) {
  (void)image::Image::create(std::move(imported.tree), {.formats = {.rock_ridge = true},
                                                        .volume_id = "FUZZ",
                                                        .session_start = Lba{0} + kMedium,
                                                        .boot = {.kept = imported.boot}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kHead = 2;
  if (size < kHead) return 0;
  const Lba start{(data[0] | data[1] << 8) % 1024};
  InputReader disc(std::as_bytes(std::span(data, size)).subspan(kHead), start);
  for (const auto names :
       {std::optional<image::NameTree>{}, std::optional(image::NameTree::kJoliet),
        std::optional(image::NameTree::kPlain)}) {
    auto imported = image::import_session(disc, start,
                                          {.medium_end = Lba{0} + kMedium,
                                           .names = names,
                                           .entries_max = 20'000,
                                           .directory_bytes_max = 1U << 20U});
    if (!imported) continue;
    read_some_files(disc, imported->tree);
    if (imported->checksums) (void)image::StoredChecksums::read(disc, *imported->checksums);
    lay_out(*std::move(imported));
  }
  (void)image::find_libisofs_sum(disc, start, Lba{0} + kMedium);
  return 0;
}
