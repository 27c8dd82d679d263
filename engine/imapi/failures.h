// From the errors of the layers below to the failures that IMAPI's clients know.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "engine/imapi/result_codes.h"

namespace pregroove::imapi {

[[nodiscard]] inline std::unexpected<Failure> refuse(ResultCode code, ErrorCode kind,
                                                     std::string message, std::string advice = {}) {
  return std::unexpected(Failure{code, fail(kind, std::move(message), std::move(advice)).error()});
}

// code: where the place at which it happened says it better than the error itself.
[[nodiscard]] inline std::unexpected<Failure> as_failure(Error error,
                                                         std::optional<ResultCode> code = {}) {
  const ResultCode result = code ? *code : code_for(error);
  return std::unexpected(Failure{result, std::move(error)});
}

template <typename T>
[[nodiscard]] Result<T> lift(pregroove::Result<T> result) {
  if (!result) return as_failure(std::move(result).error());
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return std::move(*result);
}

}  // namespace pregroove::imapi
