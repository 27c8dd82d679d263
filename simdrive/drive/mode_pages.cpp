#include "simdrive/drive/mode_pages.h"

#include <algorithm>

#include "engine/base/bytes.h"

namespace simdrive {
namespace {

using pregroove::scsi::ModePage;

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

// Page 08h, caching: the write buffer cannot be switched off.
ModePageDefinition caching() {
  ModePageDefinition page{.code = 0x08, .defaults = std::vector<std::uint8_t>(12)};
  page.defaults[0] = 0x08;
  page.defaults[1] = 10;
  page.defaults[2] = 0x04;  // WCE
  page.changeable.assign(page.defaults.size(), 0);
  return page;
}

// Pages 1Ah (power condition) and 1Dh (timeout and protect): present, nothing to set.
ModePageDefinition fixed_page(std::uint8_t code, std::size_t size) {
  ModePageDefinition page{.code = code, .defaults = std::vector<std::uint8_t>(size)};
  page.defaults[0] = code;
  page.defaults[1] = static_cast<std::uint8_t>(size - 2);
  page.changeable.assign(size, 0);
  return page;
}

}  // namespace

ModePages::ModePages() {
  definitions_ = {error_recovery(), write_parameters_page(), caching(), fixed_page(0x1A, 12),
                  fixed_page(0x1D, 10)};
  for (const ModePageDefinition& page : definitions_) current_.push_back(page.defaults);
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
  for (std::size_t i = 2; i < page.size(); ++i) {
    if (((page[i] ^ current[i]) & ~found->changeable[i] & 0xFFU) != 0) return refused;
  }
  if (page[0] == static_cast<std::uint8_t>(ModePage::kWriteParameters) &&
      !acceptable_write_parameters(page, conditions))
    return refused;
  current.assign(page.begin(), page.end());
  return {};
}

WriteParameters ModePages::write_parameters() const {
  return parse_write_parameters(*values(0x05, PageControl::kCurrent));
}

}  // namespace simdrive
