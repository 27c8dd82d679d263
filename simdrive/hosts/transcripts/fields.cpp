#include "simdrive/hosts/transcripts/fields.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <system_error>

namespace simdrive::hosts::transcripts {
namespace {

constexpr int kHex = 16;
constexpr std::string_view kDigits = "0123456789abcdef";

// All of the text as one hexadecimal number.
template <typename Number>
std::optional<Number> from_hex(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, kHex);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    text.push_back(kDigits[std::to_integer<std::size_t>(byte >> 4U)]);
    text.push_back(kDigits[std::to_integer<std::size_t>(byte & std::byte{0x0F})]);
  }
  return text;
}

void Fields::blame(const std::string& problem) {
  if (problem_.empty()) problem_ = problem;
}

std::int64_t Fields::number(const char* name, std::int64_t least, std::int64_t most) {
  const auto found = object_.find(name);
  if (found != object_.end() && found->is_number_integer()) {
    const auto value = found->get<std::int64_t>();
    if (value >= least && value <= most) return value;
  }
  blame(fmt::format("\"{}\" is no number from {} to {}", name, least, most));
  return 0;
}

std::size_t Fields::size(const char* name, std::size_t most) {
  return static_cast<std::size_t>(number(name, 0, static_cast<std::int64_t>(most)));
}

std::string Fields::text(const char* name) {
  const auto found = object_.find(name);
  if (found != object_.end() && found->is_string()) return found->get<std::string>();
  blame(fmt::format("\"{}\" is no text", name));
  return {};
}

std::optional<std::string> Fields::text_or_null(const char* name) {
  const auto found = object_.find(name);
  if (found != object_.end() && found->is_null()) return std::nullopt;
  return text(name);
}

std::vector<std::byte> Fields::bytes(const char* name, std::size_t most) {
  const std::string digits = text(name);
  std::vector<std::byte> bytes;
  if (digits.size() % 2 != 0 || digits.size() / 2 > most) {
    blame(fmt::format("\"{}\" is not the hexadecimal form of up to {} bytes", name, most));
    return bytes;
  }
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto byte = from_hex<std::uint8_t>(std::string_view(digits).substr(i, 2));
    if (!byte) {
      blame(fmt::format("\"{}\" holds what is no hexadecimal digit", name));
      return {};
    }
    bytes.push_back(static_cast<std::byte>(*byte));
  }
  return bytes;
}

std::uint64_t Fields::hash(const char* name) {
  const auto value = from_hex<std::uint64_t>(text(name));
  if (!value) blame(fmt::format("\"{}\" is no hash", name));
  return value.value_or(0);
}

}  // namespace simdrive::hosts::transcripts
