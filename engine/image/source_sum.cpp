#include "engine/image/source_sum.h"

#include <fmt/format.h>

#include <vector>

#include "engine/system/file.h"

namespace pregroove::image {

Result<Sha256Sum> sum_of_source(const SourceFile& source, const std::function<bool()>& cancelled) {
  constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;
  PREGROOVE_ASSIGN_OR_RETURN(const auto file, system::File::open_for_reading(source.path()));
  std::vector<std::byte> piece(kPieceBytes);
  Digest<Sha256Sum> digest;
  std::uint64_t done = 0;
  for (;;) {
    if (cancelled && cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, file.read_at(done, piece));
    digest.update(std::span(piece).first(count));
    done += count;
    if (count < piece.size()) break;
  }
  if (done != source.size)
    return fail(ErrorCode::kSourceChanged, fmt::format("\"{}\" was changed", source.path()));
  return digest.finish();
}

}  // namespace pregroove::image
