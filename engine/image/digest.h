// Cryptographic checksums, by libcrypto.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace pregroove::image {

using Sha256Sum = std::array<std::byte, 32>;
using Md5Sum = std::array<std::byte, 16>;

// Sum: one of the above.
template <typename Sum>
class Digest {
 public:
  Digest();
  void update(std::span<const std::byte> bytes);
  // The sum of all bytes since the last call, or since construction.
  [[nodiscard]] Sum finish();

 private:
  void begin();
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

extern template class Digest<Sha256Sum>;
extern template class Digest<Md5Sum>;

}  // namespace pregroove::image
