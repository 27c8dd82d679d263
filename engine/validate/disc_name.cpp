#include "engine/validate/disc_name.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <set>

#include "engine/base/units.h"
#include "engine/mmc/capacity.h"
#include "engine/mmc/read_write.h"
#include "engine/mmc/track_information.h"

namespace pregroove::validate {
namespace {

constexpr auto kTells =
    std::to_array<Probe>({Probe::kDiscInformation, Probe::kFirstTrack, Probe::kLastTrack,
                          Probe::kToc, Probe::kAtip, Probe::kDvdStructure, Probe::kBdStructure});

// ECMA-119 8.1 and ECMA-167 3/8.4.2.1: the volume descriptors, and the anchor of UDF.
constexpr BlockCount kDescriptors{16};
constexpr Lba kAnchor{256};

// In order, each once.
std::set<std::int32_t> heads_of_volumes(const Observations& observed) {
  std::set<std::int32_t> heads{(Lba{0} + kDescriptors).value, kAnchor.value};
  if (const auto* reply = observed.data(Probe::kLastTrack)) {
    const auto last = mmc::decode_track_information(*reply);
    if (last && !last->blank && last->start > Lba{0})
      heads.insert((last->start + kDescriptors).value);
  }
  return heads;
}

// What was not recorded is not asked for: drives differ in what they answer.
bool is_recorded(const Observations& observed, std::int32_t lba) {
  const auto* reply = observed.data(Probe::kCapacity);
  if (reply == nullptr) return false;
  const auto capacity = mmc::decode_capacity(*reply);
  return capacity && capacity->last_lba.value >= lba;
}

// Some drives stall when they are asked for what was never written (read_only.h).
bool has_nothing_to_read(const Situation& situation) {
  return situation.state == "blank" || situation.state == "unformatted" ||
         situation.state == "minimally-blanked";
}

}  // namespace

Result<std::string> name_of_disc(Conversation& drive, const Observations& observed,
                                 const Situation& situation) {
  if (situation.medium.empty()) return std::string{};
  std::vector<std::byte> told;
  for (const Probe probe : kTells)
    if (const auto* reply = observed.data(probe))
      told.insert(told.end(), reply->begin(), reply->end());
  if (!has_nothing_to_read(situation)) {
    for (const std::int32_t lba : heads_of_volumes(observed)) {
      if (!is_recorded(observed, lba)) continue;
      const mmc::Cdb cdb = mmc::read10(Lba{lba}, BlockCount{1});
      PREGROOVE_ASSIGN_OR_RETURN(const auto block, drive.ask(cdb.view(), kBlockSize));
      if (block.good()) told.insert(told.end(), block.data.begin(), block.data.end());
    }
  }
  const auto checksum = static_cast<std::uint32_t>(XXH3_64bits(told.data(), told.size()));
  return fmt::format("{}-{:08x}", situation.medium, checksum);
}

}  // namespace pregroove::validate
