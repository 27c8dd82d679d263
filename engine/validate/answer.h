// What a drive said to one command, as it is: nothing of it is believed yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace pregroove::validate {

struct Answer {
  // nullopt: GOOD. {0,0,0}: CHECK CONDITION without sense data that can be read.
  std::optional<SenseCode> failure;
  std::vector<std::byte> data;  // what was transferred

  [[nodiscard]] bool good() const { return !failure.has_value(); }
  // 2/04/xx: not now.
  [[nodiscard]] bool is_busy() const {
    constexpr std::uint8_t kNotReady = 2;
    constexpr std::uint8_t kNotReadyNow = 0x04;
    return failure && failure->key == kNotReady && failure->asc == kNotReadyNow;
  }
  bool operator==(const Answer&) const = default;
};

}  // namespace pregroove::validate
