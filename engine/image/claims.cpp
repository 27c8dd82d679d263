#include "engine/image/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/image/directory_parser.h"

namespace pregroove::image {

Status Claims::add(Lba first, BlockCount count, Lba end, Owner owner, std::string_view path) {
  if (first < Lba{0} || first > end || count > end - first)
    return corrupt_image(path, fmt::format("blocks {} to {} are outside of the volume", first.value,
                                           first.value + count.value - 1));
  claims_.push_back({.first = first, .count = count, .owner = owner});
  return {};
}

Status Claims::check_overlaps() {
  std::ranges::sort(claims_, [](const Claim& l, const Claim& r) {
    return std::tuple(l.first, l.count, l.owner) < std::tuple(r.first, r.count, r.owner);
  });
  for (std::size_t i = 1; i < claims_.size(); ++i) {
    const Claim& before = claims_[i - 1];
    const Claim& claim = claims_[i];
    if (before.first + before.count <= claim.first) continue;
    const bool same = before.first == claim.first && before.count == claim.count;
    if (!same || before.owner == Owner::kFolder || claim.owner == Owner::kFolder)
      return corrupt_image(
          "/", fmt::format("two files or folders overlap at block {}", claim.first.value));
  }
  return {};
}

}  // namespace pregroove::image
