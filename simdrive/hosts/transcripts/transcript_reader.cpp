#include "simdrive/hosts/transcripts/transcript_reader.h"

#include <fmt/format.h>

#include "simdrive/hosts/transcripts/entry_text.h"

namespace simdrive::hosts::transcripts {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;

constexpr std::size_t kPiece = std::size_t{64} << 10U;
// The hexadecimal form of the largest transfer, and what surrounds it.
constexpr std::size_t kMaxLine = (std::size_t{32} << 20U) + kPiece;

}  // namespace

Result<TranscriptReader> TranscriptReader::open(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(pregroove::system::File file,
                             pregroove::system::File::open_for_reading(path));
  TranscriptReader reader(std::move(file));
  PREGROOVE_ASSIGN_OR_RETURN(const auto line, reader.next_line());
  if (!line) return reader.corrupt("this is no transcript");
  auto entry = parse_entry(*line);
  if (!entry) return reader.corrupt(entry.error().message);
  auto* const header = std::get_if<Header>(&*entry);
  if (header == nullptr) return reader.corrupt("a transcript begins with a header");
  reader.header_ = std::move(*header);
  return reader;
}

Result<std::optional<Entry>> TranscriptReader::next() {
  PREGROOVE_ASSIGN_OR_RETURN(const auto line, next_line());
  if (!line) return std::nullopt;
  auto entry = parse_entry(*line);
  if (!entry) return corrupt(entry.error().message);
  if (std::holds_alternative<Header>(*entry)) return corrupt("a second header");
  return *std::move(entry);
}

Result<std::optional<std::string>> TranscriptReader::next_line() {
  std::size_t searched = 0;
  for (;;) {
    const auto end = buffered_.find('\n', searched);
    if (end != std::string::npos) {
      ++line_;
      std::string line = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      return line;
    }
    searched = buffered_.size();
    if (searched > kMaxLine) {
      ++line_;
      return corrupt("the line is too long");
    }
    buffered_.resize(searched + kPiece);
    PREGROOVE_ASSIGN_OR_RETURN(
        const std::size_t got,
        file_.read_at(offset_, std::as_writable_bytes(std::span(buffered_).subspan(searched))));
    buffered_.resize(searched + got);
    offset_ += got;
    if (got > 0) continue;
    cut_off_ = !buffered_.empty();
    return std::nullopt;
  }
}

std::unexpected<pregroove::Error> TranscriptReader::corrupt(const std::string& problem) const {
  return fail(ErrorCode::kCorruptFile, fmt::format("{}:{}: {}", file_.path(), line_, problem));
}

}  // namespace simdrive::hosts::transcripts
