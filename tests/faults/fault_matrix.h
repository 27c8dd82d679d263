// The fault matrix of burning.md 9.1 for pregroove: what each fault of a drive leads to, by medium.
// README.md of this folder shows it; fault_matrix_test.cpp makes every fault happen.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "simdrive/profiles/personality.h"
#include "tests/support/faulting_transport.h"

namespace pregroove::faults {

inline constexpr std::array<std::string_view, 4> kMedia{"cd-r-21", "dvd-r", "dvd+r", "bd-r-25"};

// What a burn under the fault must say and leave.
struct Outcome {
  std::optional<ErrorCode> failure;  // absent: it succeeds
  BurnOutcome disc;
  std::string_view sentence;  // part of what the user is told; empty after a success
};

// Which discs a fault is tried on: a blank one, one with a session, or each.
enum class On : std::uint8_t { kBlank, kAppendable, kBoth };

// Where the write failed that a deferred error tells of.
inline constexpr Lba kEarlierPlace{77};

using Port = testing_support::FaultingTransport;
struct Fault {
  std::string_view name;  // as in burning.md 9.1, where it is a row there
  std::function<void(Port&, std::string_view medium)> inject;
  std::array<std::optional<Outcome>, kMedia.size()> expected;  // absent: it cannot happen there
  std::string_view because;                                    // why it must be so
  bool verify = false;
  bool damages_disc = false;  // without the drive's knowledge
  On on = On::kBoth;
  std::function<void(simdrive::profiles::Personality&)> drive;  // faults that a personality has
  // What other programs do (exit status, burning.md 9.1): xorriso and growisofs on DVD+R; wodim,
  // cdrskin and cdrdao on CD. Empty: not measured.
  std::array<std::string_view, 5> others;
};

[[nodiscard]] std::span<const Fault> fault_matrix();
// As a table for README.md.
[[nodiscard]] std::string fault_matrix_page();

}  // namespace pregroove::faults
