#include "simdrive/drive/mode_pages.h"

#include <algorithm>

#include "engine/base/bytes.h"

namespace simdrive {
namespace {

using pregroove::scsi::ModePage;

// Offsets and bits of the write parameters page in which drives' defaults differ.
constexpr std::size_t kWriteTypeByte = 2;
constexpr std::size_t kLinkSizeByte = 5;
constexpr std::uint8_t kUnderrunBit = 0x40;  // BUFE
constexpr std::uint8_t kTestWriteBit = 0x10;
constexpr std::uint8_t kLinkSizeValidBit = 0x20;

// Page 01h, read/write error recovery: retries are the drive's own affair.
ModePageDefinition error_recovery() {
  ModePageDefinition page{.code = 0x01, .defaults = std::vector<std::uint8_t>(12)};
  page.defaults[0] = 0x01;
  page.defaults[1] = 10;
  page.defaults[2] = 0x80;  // AWRE
  page.defaults[3] = 5;     // read retries
  page.defaults[8] = 5;     // write retries
  page.changeable.assign(page.defaults.size(), 0);
  page.changeable[2] = 0xFF;
  page.changeable[3] = 0xFF;
  page.changeable[8] = 0xFF;
  return page;
}

ModePageDefinition write_parameters_page() {
  return {.code = 0x05,
          .defaults = default_write_parameters(),
          .changeable = changeable_write_parameters()};
}

// What drives disagree in about page 05h.
void apply_personality(ModePageDefinition& page, const profiles::Personality& personality) {
  const profiles::Quirks& quirks = personality.quirks;
  page.defaults[kWriteTypeByte] &= static_cast<std::uint8_t>(~(kUnderrunBit | kLinkSizeValidBit));
  const bool protects = !personality.features.buffer_underrun_protection.empty();
  if (quirks.default_bufe && protects) page.defaults[kWriteTypeByte] |= kUnderrunBit;
  if (!protects) page.changeable[kWriteTypeByte] &= static_cast<std::uint8_t>(~kUnderrunBit);
  if (personality.features.test_write.empty())
    page.changeable[kWriteTypeByte] &= static_cast<std::uint8_t>(~kTestWriteBit);
  if (quirks.default_link_size_valid) {
    page.defaults[kWriteTypeByte] |= kLinkSizeValidBit;
    page.defaults[kLinkSizeByte] = static_cast<std::uint8_t>(personality.features.cd_link_size);
  }
  page.defaults[1] = static_cast<std::uint8_t>(personality.features.write_parameters_length);
  page.defaults.resize(std::size_t{page.defaults[1]} + 2);
  page.changeable.resize(page.defaults.size());
}

// A page as every field can be read from it, however short or long the drive's is.
std::vector<std::uint8_t> whole_write_parameters(std::span<const std::uint8_t> page) {
  std::vector<std::uint8_t> whole(page.begin(), page.end());
  whole.resize(kWriteParametersSize);
  return whole;
}

// Page 08h, caching: the write buffer cannot be switched off.
ModePageDefinition caching() {
  ModePageDefinition page{.code = 0x08, .defaults = std::vector<std::uint8_t>(12)};
  page.defaults[0] = 0x08;
  page.defaults[1] = 10;
  page.defaults[2] = 0x04;  // WCE
  page.changeable.assign(page.defaults.size(), 0);
  return page;
}

// Page 1Ah, power condition: the timers can be set, and the drive is always awake in time.
ModePageDefinition power_condition() {
  ModePageDefinition page{.code = 0x1A, .defaults = std::vector<std::uint8_t>(12)};
  page.defaults[0] = 0x1A;
  page.defaults[1] = 10;
  page.changeable.assign(page.defaults.size(), 0);
  page.changeable[3] = 0x03;  // idle, standby
  for (std::size_t i = 4; i < page.changeable.size(); ++i) page.changeable[i] = 0xFF;
  return page;
}

// Page 1Dh (timeout and protect): present, nothing to set.
ModePageDefinition fixed_page(std::uint8_t code, std::size_t size) {
  ModePageDefinition page{.code = code, .defaults = std::vector<std::uint8_t>(size)};
  page.defaults[0] = code;
  page.defaults[1] = static_cast<std::uint8_t>(size - 2);
  page.changeable.assign(size, 0);
  return page;
}

// Test write and BUFE are bits of drives that can do it. On BD the page does not apply (MMC-6 7.5).
bool asks_for_the_impossible(const WriteParameters& parameters, const WriteConditions& conditions) {
  if (conditions.family == MediumFamily::kBd) return false;
  const profiles::Features& can = conditions.features;
  return (parameters.test_write && !can.test_write.contains(conditions.family)) ||
         (parameters.buffer_underrun_protection &&
          !can.buffer_underrun_protection.contains(conditions.family));
}

}  // namespace

ModePages::ModePages(const profiles::Personality& personality)
    : accepts_anything_(personality.quirks.mode_select_accepts_anything),
      refuses_its_defaults_(personality.quirks.default_write_parameters_refused) {
  definitions_ = {error_recovery(), write_parameters_page(), caching(), power_condition(),
                  fixed_page(0x1D, 10)};
  for (ModePageDefinition& page : definitions_) {
    if (page.code == static_cast<std::uint8_t>(ModePage::kWriteParameters))
      apply_personality(page, personality);
    // Code and length say which page it is also where the changeable bits are asked for.
    std::copy_n(page.defaults.begin(), 2, page.changeable.begin());
    current_.push_back(page.defaults);
  }
}

const std::vector<std::uint8_t>* ModePages::values(std::uint8_t code, PageControl control) const {
  const auto found = std::ranges::find(definitions_, code, &ModePageDefinition::code);
  if (found == definitions_.end()) return nullptr;
  if (control == PageControl::kChangeable) return &found->changeable;
  if (control == PageControl::kDefault) return &found->defaults;
  return &current_[static_cast<std::size_t>(found - definitions_.begin())];
}

std::expected<void, CommandError> ModePages::select(std::span<const std::uint8_t> page,
                                                    const WriteConditions& conditions) {
  const std::unexpected refused(CommandError{Fault::kInvalidFieldInParameterList});
  if (page.empty() || (page[0] & 0xC0U) != 0) return refused;  // PS is reserved here; no subpages
  const auto found = std::ranges::find(definitions_, page[0], &ModePageDefinition::code);
  if (found == definitions_.end() || page.size() != found->defaults.size()) return refused;
  if (page[1] != found->defaults[1]) return refused;
  auto& current = current_[static_cast<std::size_t>(found - definitions_.begin())];
  for (std::size_t i = 2; i < page.size() && !accepts_anything_; ++i) {
    if (((page[i] ^ current[i]) & ~found->changeable[i] & 0xFFU) != 0) return refused;
  }
  if (page[0] == static_cast<std::uint8_t>(ModePage::kWriteParameters)) {
    if (refuses_its_defaults_ && std::ranges::equal(page, found->defaults)) return refused;
    const std::vector<std::uint8_t> whole = whole_write_parameters(page);
    if (!accepts_anything_ && (!acceptable_write_parameters(whole, conditions) ||
                               asks_for_the_impossible(parse_write_parameters(whole), conditions)))
      return refused;
  }
  current.assign(page.begin(), page.end());
  return {};
}

WriteParameters ModePages::write_parameters() const {
  return parse_write_parameters(whole_write_parameters(*values(0x05, PageControl::kCurrent)));
}

}  // namespace simdrive
