// What a validated drive told, decoded: the common ground of the files that make a personality of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/mmc/capabilities.h"
#include "engine/mmc/configuration.h"
#include "engine/mmc/disc_information.h"
#include "engine/validate/validation.h"
#include "simdrive/profiles/personality.h"

namespace pregroove::cli {

struct Evidence {
  const validate::Validation& validation;
  std::optional<mmc::Configuration> configuration;
  std::optional<mmc::Capabilities> capabilities;
  std::optional<mmc::DiscInformation> disc;
  std::optional<simdrive::MediumKind> kind;  // of the disc that is in the drive

  explicit Evidence(const validate::Validation& of);

  [[nodiscard]] const std::vector<std::byte>* data(validate::Probe probe) const {
    return validation.observed.data(probe);
  }
  [[nodiscard]] bool refused(validate::Probe probe, SenseCode code) const;
  [[nodiscard]] const mmc::FeatureDescriptor* feature(std::uint16_t code) const;
  // A bit of a byte of the feature's data; false when the drive has not got so far.
  [[nodiscard]] bool feature_bit(std::uint16_t code, std::size_t byte, unsigned bit) const;
  [[nodiscard]] bool current(std::uint16_t code) const;
  [[nodiscard]] bool lists(std::uint16_t profile) const;
  [[nodiscard]] bool holds(simdrive::MediumFamily family) const;
};

[[nodiscard]] std::uint8_t octet(std::span<const std::byte> bytes, std::size_t index);
// As printable ASCII, cut to `most` characters, without blanks at its end.
[[nodiscard]] std::string printable(std::string_view text, std::size_t most);

// Kinds that the drive reads and writes.
struct Kinds {
  simdrive::profiles::EnumSet<simdrive::MediumKind> reads;
  simdrive::profiles::EnumSet<simdrive::MediumKind> writes;
};
[[nodiscard]] Kinds kinds_of(const Evidence& evidence);

// Each fills in what the evidence says, and leaves the rest.
void read_identity(const Evidence& evidence, simdrive::profiles::Identity& identity);
// REQUIRES: the kinds are in the personality.
void read_features(const Evidence& evidence, simdrive::profiles::Personality& drive);
// The kind of disc for which the drive told its write speeds, if any; those of other kinds stay.
std::optional<simdrive::MediumKind> read_limits(const Evidence& evidence,
                                                simdrive::profiles::Personality& drive);
void read_quirks(const Evidence& evidence, simdrive::profiles::Personality& drive);

}  // namespace pregroove::cli
