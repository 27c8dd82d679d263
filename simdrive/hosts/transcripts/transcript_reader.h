// The entries of a transcript file, one after the other. The file is not trusted: it takes no more
// memory than its longest line, and that is limited.
#pragma once

#include <optional>
#include <string>

#include "engine/system/file.h"
#include "simdrive/hosts/transcripts/entries.h"

namespace simdrive::hosts::transcripts {

class TranscriptReader {
 public:
  // kNotFound, kAccessDenied, kIo; kCorruptFile when it does not begin with a header.
  [[nodiscard]] static pregroove::Result<TranscriptReader> open(const std::string& path);

  [[nodiscard]] const Header& header() const { return header_; }
  // nullopt at the end. kCorruptFile, "FILE:LINE: ...", for a line that is none of a transcript.
  [[nodiscard]] pregroove::Result<std::optional<Entry>> next();
  // Of the last entry, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }
  // The last line has no end: its writer was killed. It counts as not written.
  [[nodiscard]] bool cut_off() const { return cut_off_; }

 private:
  explicit TranscriptReader(pregroove::system::File file) : file_(std::move(file)) {}
  [[nodiscard]] pregroove::Result<std::optional<std::string>> next_line();
  [[nodiscard]] std::unexpected<pregroove::Error> corrupt(const std::string& problem) const;

  pregroove::system::File file_;
  std::uint64_t offset_ = 0;  // of what was not read yet
  std::string buffered_;
  Header header_;
  std::size_t line_ = 0;
  bool cut_off_ = false;
};

}  // namespace simdrive::hosts::transcripts
