// Every decoder on replies that are cut short, lie about their length, or are noise. Each reply
// lies in a buffer of exactly its size, so that the address sanitizer sees a read past its end.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "engine/mmc/buffer.h"
#include "engine/mmc/capabilities.h"
#include "engine/mmc/capacity.h"
#include "engine/mmc/configuration.h"
#include "engine/mmc/disc_information.h"
#include "engine/mmc/events.h"
#include "engine/mmc/inquiry.h"
#include "engine/mmc/performance.h"
#include "engine/mmc/toc.h"
#include "engine/mmc/track_information.h"
#include "engine/mmc/write_parameters.h"
#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

using testing_support::Bytes;
using testing_support::golden;
using testing_support::load_golden;
using Verdict = std::optional<Error>;

struct Decoder {
  std::string name;
  std::string family;
  std::string section;       // a reply that it accepts
  std::size_t length_field;  // bytes of the length in front; 0: none
  std::size_t needed;        // how much of the reply it cannot do without
  std::function<Verdict(std::span<const std::byte>)> decode;
};

template <typename T>
Verdict verdict(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error();
}

std::vector<Decoder> decoders() {
  using In = std::span<const std::byte>;
  return {
      {"inquiry", "inquiry", "recorder", 0, 36, [](In b) { return verdict(decode_inquiry(b)); }},
      {"configuration", "configuration", "cd-r", 4, 8,
       [](In b) { return verdict(decode_configuration(b)); }},
      {"events", "events", "new-media", 2, 8, [](In b) { return verdict(decode_media_event(b)); }},
      {"disc msf", "disc-information", "complete-cd-rw", 2, 24,
       [](In b) { return verdict(decode_disc_information(b)); }},
      {"disc lba", "disc-information", "appendable-dvd-plus-r", 2, 24,
       [](In b) { return verdict(decode_disc_information(b, AddressForm::kLba)); }},
      {"track", "track-information", "dvd-r-incremental", 2, 28,
       [](In b) { return verdict(decode_track_information(b)); }},
      {"toc lba", "toc", "formatted-lba", 2, 4,
       [](In b) { return verdict(decode_formatted_toc(b, TimeForm::kLba)); }},
      {"toc msf", "toc", "formatted-msf", 2, 4,
       [](In b) { return verdict(decode_formatted_toc(b, TimeForm::kMsf)); }},
      {"session info", "toc", "session-info", 2, 12,
       [](In b) { return verdict(decode_session_info(b, TimeForm::kLba)); }},
      {"raw toc", "toc", "raw", 2, 4, [](In b) { return verdict(decode_raw_toc(b)); }},
      {"pma", "toc", "pma", 2, 4, [](In b) { return verdict(decode_pma(b)); }},
      {"atip", "toc", "atip-cd-rw", 2, 16, [](In b) { return verdict(decode_atip(b)); }},
      {"cd-text", "toc", "cd-text", 2, 4, [](In b) { return verdict(decode_cd_text(b)); }},
      {"write parameters", "mode", "write-parameters", 2, 60,
       [](In b) { return verdict(decode_write_parameters(b)); }},
      {"capabilities", "mode", "capabilities", 2, 16,
       [](In b) { return verdict(decode_capabilities(b)); }},
      {"capacity", "capacity", "cd-625-blocks", 0, 8,
       [](In b) { return verdict(decode_capacity(b)); }},
      {"buffer", "buffer", "pioneer-cd-empty", 2, 12,
       [](In b) { return verdict(decode_buffer_capacity(b)); }},
      {"nominal performance", "performance", "nominal-write", 4, 8,
       [](In b) { return verdict(decode_nominal_performance(b)); }},
      {"write speeds", "performance", "write-speeds", 4, 8,
       [](In b) { return verdict(decode_write_speeds(b)); }},
  };
}

std::string file_of(const Decoder& decoder) {
  return "mmc/reply-" + decoder.family + "-engine.golden";
}

bool is_protocol_error_or_none(const Verdict& result) {
  return !result || result->code == ErrorCode::kProtocol;
}

void expect_verdict(const Decoder& decoder, const Bytes& bytes, bool accepted) {
  const Verdict result = decoder.decode(bytes);
  EXPECT_EQ(!result.has_value(), accepted) << decoder.name << ", " << bytes.size() << " bytes";
  EXPECT_TRUE(is_protocol_error_or_none(result)) << decoder.name;
}

TEST(UntrustedReplies, AreAcceptedFromTheSmallestUsefulSizeOn) {
  for (const Decoder& decoder : decoders()) {
    const Bytes whole = golden(file_of(decoder), decoder.section);
    ASSERT_GE(whole.size(), decoder.needed) << decoder.name;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      expect_verdict(decoder, cut, size >= decoder.needed);
    }
  }
}

TEST(UntrustedReplies, AreBelievedNoFurtherThanTheirLengthSays) {
  for (const Decoder& decoder : decoders()) {
    if (decoder.length_field == 0) continue;
    Bytes bytes = golden(file_of(decoder), decoder.section);
    for (std::size_t length = 0; length <= bytes.size() + 4; ++length) {
      bytes[decoder.length_field - 1] = static_cast<std::byte>(length);
      expect_verdict(decoder, bytes, decoder.length_field + length >= decoder.needed);
    }
    std::fill_n(bytes.begin(), decoder.length_field, std::byte{0xFF});
    expect_verdict(decoder, bytes, true);
  }
}

TEST(UntrustedReplies, AreNeverReadPastTheirEndWhateverAByteSays) {
  for (const Decoder& decoder : decoders())
    for (const auto& [section, whole] : load_golden(file_of(decoder)))
      for (std::size_t at = 0; at < whole.size(); ++at)
        for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0x80U, 0xFEU, 0xFFU}) {
          Bytes bytes = whole;
          bytes[at] = static_cast<std::byte>(value);
          const Verdict result = decoder.decode(bytes);
          ASSERT_TRUE(is_protocol_error_or_none(result)) << decoder.name << " [" << section << "]";
        }
}

TEST(UntrustedReplies, MayBeNoise) {
  constexpr unsigned kSeed = 20260101;
  std::mt19937 random(kSeed);  // NOLINT(cert-msc51-cpp): the same noise in every run
  std::uniform_int_distribution<unsigned> any_byte(0, 0xFF);
  std::uniform_int_distribution<std::size_t> any_size(0, 300);
  for (int round = 0; round < 2000; ++round) {
    Bytes noise(any_size(random));
    for (std::byte& byte : noise) byte = static_cast<std::byte>(any_byte(random));
    for (const Decoder& decoder : decoders()) {
      const Verdict result = decoder.decode(noise);
      ASSERT_TRUE(is_protocol_error_or_none(result))
          << decoder.name << ", seed " << kSeed << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace pregroove::mmc
