// Memory that the server shares with one connection. It is sealed: the other side can change what
// is in it at any moment, but not make it smaller.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "engine/base/error.h"
#include "simdrive/hosts/descriptor.h"

namespace simdrive::hosts::preload {

class SharedPayload {
 public:
  [[nodiscard]] static pregroove::Result<std::unique_ptr<SharedPayload>> create(std::size_t size);
  ~SharedPayload();
  SharedPayload(const SharedPayload&) = delete;
  SharedPayload& operator=(const SharedPayload&) = delete;

  [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }
  // To be sent to the other side.
  [[nodiscard]] int descriptor() const { return memory_.get(); }

 private:
  SharedPayload(Descriptor memory, std::span<std::byte> bytes)
      : memory_(std::move(memory)), bytes_(bytes) {}

  Descriptor memory_;
  std::span<std::byte> bytes_;
};

}  // namespace simdrive::hosts::preload
