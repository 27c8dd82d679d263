#include "engine/cli/capture/evidence.h"

#include <algorithm>

#include "engine/scsi/numbers.h"

namespace pregroove::cli {
namespace {

using simdrive::MediumFamily;
using simdrive::MediumKind;

// "cd-r-80" is a "cd-r".
std::optional<MediumKind> simulated_kind(std::string_view row_medium) {
  if (const auto whole = simdrive::profiles::medium_kind(row_medium)) return whole;
  const auto dash = row_medium.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  return simdrive::profiles::medium_kind(row_medium.substr(0, dash));
}

}  // namespace

Evidence::Evidence(const validate::Validation& of)
    : validation(of), kind(simulated_kind(of.situation.medium)) {
  if (const auto* reply = data(validate::Probe::kConfiguration))
    if (auto decoded = mmc::decode_configuration(*reply)) configuration = *std::move(decoded);
  if (const auto* reply = data(validate::Probe::kCapabilities))
    if (auto decoded = mmc::decode_capabilities(*reply)) capabilities = *std::move(decoded);
  if (const auto* reply = data(validate::Probe::kDiscInformation)) {
    const auto form = holds(MediumFamily::kCd) ? mmc::AddressForm::kMsf : mmc::AddressForm::kLba;
    if (auto decoded = mmc::decode_disc_information(*reply, form)) disc = *std::move(decoded);
  }
}

bool Evidence::refused(validate::Probe probe, SenseCode code) const {
  const auto* const answer = validation.observed.answer(probe);
  return answer != nullptr && answer->failure == code;
}

const mmc::FeatureDescriptor* Evidence::feature(std::uint16_t code) const {
  return configuration ? configuration->find(static_cast<scsi::Feature>(code)) : nullptr;
}

bool Evidence::feature_bit(std::uint16_t code, std::size_t byte, unsigned bit) const {
  const auto* const found = feature(code);
  return found != nullptr && ((octet(found->data, byte) >> bit) & 1U) != 0;
}

bool Evidence::current(std::uint16_t code) const {
  const auto* const found = feature(code);
  return found != nullptr && found->current;
}

bool Evidence::lists(std::uint16_t profile) const {
  if (!configuration) return false;
  const auto profiles = configuration->profiles();
  return std::ranges::any_of(profiles, [profile](const mmc::SupportedProfile& entry) {
    return static_cast<std::uint16_t>(entry.profile) == profile;
  });
}

bool Evidence::holds(MediumFamily family) const {
  return kind && simdrive::family_of(*kind) == family;
}

std::uint8_t octet(std::span<const std::byte> bytes, std::size_t index) {
  return index < bytes.size() ? std::to_integer<std::uint8_t>(bytes[index]) : std::uint8_t{0};
}

std::string printable(std::string_view text, std::size_t most) {
  constexpr char kFirst = 0x20;
  constexpr char kLast = 0x7E;
  std::string kept(text.substr(0, most));
  std::ranges::replace_if(
      kept, [](char letter) { return letter < kFirst || letter > kLast; }, '?');
  kept.erase(std::min(kept.size(), kept.find_last_not_of(' ') + 1));
  return kept;
}

}  // namespace pregroove::cli
