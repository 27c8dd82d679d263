// The violation matrix of imapi.md 6.2 as data: what was done, what is called, what it answers.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "engine/imapi/order_rules.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {

inline constexpr int kRowsOfTheMatrix = 32;  // imapi.md 6.2

using Step = void (*)(Desk&);
using Call = ResultCode (*)(Desk&);

struct Violation {
  int row = 0;  // of imapi.md 6.2, counted from 1; 0 for a row of ours
  const char* name = "";
  std::array<Step, 5> steps{};  // unused places are null
  Call call = nullptr;
  ResultCode expected = ResultCode::S_OK;
  Basis basis = Basis::kDocumented;
};
[[nodiscard]] std::span<const Violation> violations();

struct NotApplicable {
  int row = 0;
  std::string_view reason;
};
[[nodiscard]] std::span<const NotApplicable> not_applicable();

}  // namespace pregroove::imapi
