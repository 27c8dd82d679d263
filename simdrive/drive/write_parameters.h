// The write parameters page 05h: what it says, and which combinations a drive takes.
//
// Source: MMC-6 7.5 (write parameters mode page); what real programs send and drives accept:
// Pioneer's command references.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "simdrive/disc/host_block.h"
#include "simdrive/disc/layout.h"
#include "simdrive/profiles/personality.h"

namespace simdrive {

inline constexpr std::size_t kWriteParametersSize = 52;

struct WriteParameters {
  RecordingMethod method = RecordingMethod::kTrackAtOnce;  // as the write type and FP ask for
  bool buffer_underrun_protection = false;                 // BUFE
  bool test_write = false;                                 // go through the motions, laser off
  bool another_session_may_follow = false;
  HostBlock block;           // as the data block type says: not with session-at-once
  std::uint8_t control = 4;  // of the Q channel: the track mode
  SessionFormat session_format = SessionFormat::kCdRom;
  BlockCount packet;                 // size of fixed packets
  std::array<char, 13> catalogue{};  // zeros: none
  std::array<char, 12> isrc{};       // likewise
};

// What decides about a page besides its own bytes.
struct WriteConditions {
  const profiles::Features& features;
  MediumFamily family = MediumFamily::kCd;
  // Session-at-once and raw recording are refused now.
  bool at_once_refused = false;
};

// REQUIRES for all of them: the page has kWriteParametersSize bytes, header included.
[[nodiscard]] bool acceptable_write_parameters(std::span<const std::uint8_t> page,
                                               const WriteConditions& conditions);
[[nodiscard]] WriteParameters parse_write_parameters(std::span<const std::uint8_t> page);

[[nodiscard]] std::vector<std::uint8_t> default_write_parameters();
[[nodiscard]] std::vector<std::uint8_t> changeable_write_parameters();

}  // namespace simdrive
