// Sending a reply: never more than the host asked for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/bytes.h"
#include "simdrive/drive/command_table.h"

namespace simdrive {

// A reply that is put together from wire structs.
class Reply {
 public:
  template <typename T>
  void append(const T& wire) {
    const auto bytes = pregroove::bytes_of(wire);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void append(const Reply& other) {
    bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
  }
  void append_bytes(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) bytes_.push_back(std::byte{byte});
  }
  void resize(std::size_t size) { bytes_.resize(size); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  // Overwrites what was appended before. REQUIRES: it lies within the reply.
  template <typename T>
  void patch(std::size_t offset, const T& wire) {
    pregroove::write_struct(bytes_, offset, wire);
  }
  // Stores size() - uncounted at the front of the reply, where it announces its length.
  template <typename Length>
  void announce_length(std::size_t uncounted) {
    using Value = decltype(Length{}.value());
    pregroove::write_struct(bytes_, 0, Length(static_cast<Value>(size() - uncounted)));
  }

  // As much as the allocation length and the host's buffer take.
  [[nodiscard]] Outcome send(const Request& request, std::size_t allocation_length) const {
    const std::size_t count = std::min({bytes_.size(), allocation_length, request.data_in.size()});
    std::ranges::copy(std::span(bytes_).first(count), request.data_in.begin());
    return Good{count};
  }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace simdrive
