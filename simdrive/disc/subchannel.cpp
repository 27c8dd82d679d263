#include "simdrive/disc/subchannel.h"

#include <algorithm>
#include <string_view>

#include "engine/base/check.h"

namespace simdrive {
namespace {

using pregroove::kFramesPerSecond;

constexpr std::uint8_t kAdrPosition = 1;
constexpr std::uint8_t kAdrCatalogNumber = 2;
constexpr std::uint8_t kAdrIsrc = 3;
constexpr std::uint8_t kAdrMultiSession = 5;

// Catalogue number and ISRC each take one sector in 100; which one is free to choose.
constexpr std::int32_t kRepetition = 100;
constexpr std::int32_t kCatalogNumberTurn = 25;
constexpr std::int32_t kIsrcTurn = 75;

// Recalled, not read: in the lead-out P stays 0 for two seconds and then flashes at 2 Hz.
constexpr std::int32_t kLeadOutDarkFrames = 150;
constexpr std::int32_t kFlashesPerSecond = 4;  // changes
// ECMA-130 22.2: the start flag is at least 2 seconds long.
constexpr std::int32_t kStartFlagFrames = 150;

constexpr std::size_t kCatalogDigits = 13;
constexpr std::size_t kIsrcSize = 12;
constexpr std::size_t kIsrcLetters = 5;  // of six bits each; digits follow
constexpr unsigned kIsrcLetterBits = 6;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::uint8_t to_decimal(std::uint8_t value) {
  PREGROOVE_CHECK(value <= 99);
  return static_cast<std::uint8_t>(((value / 10) << 4U) | (value % 10));
}

std::array<std::uint8_t, 3> to_decimal(Msf msf) {
  return {to_decimal(msf.minute), to_decimal(msf.second), to_decimal(msf.frame)};
}

std::uint8_t octet(const QFrame& frame, std::size_t index) {
  return std::to_integer<std::uint8_t>(frame[index]);
}

std::optional<Msf> msf_in(const QFrame& frame, std::size_t offset) {
  const auto minute = from_decimal(octet(frame, offset));
  const auto second = from_decimal(octet(frame, offset + 1));
  const auto part = from_decimal(octet(frame, offset + 2));
  if (!minute || !second || !part || *second >= 60 || *part >= kFramesPerSecond)
    return std::nullopt;
  return Msf{.minute = *minute, .second = *second, .frame = *part};
}

void put(QFrame& frame, std::size_t offset, std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) frame[offset++] = std::byte{byte};
}

void put_control(QFrame& frame, std::uint8_t control, std::uint8_t adr) {
  frame[0] = static_cast<std::byte>((control << 4U) | adr);
}

// Bits of a frame behind byte 0, most significant first.
class BitWriter {
 public:
  explicit BitWriter(QFrame& frame) : frame_(frame) {}
  void put(unsigned value, unsigned width) {
    for (unsigned bit = width; bit-- > 0; ++place_)
      frame_[place_ / 8] |= static_cast<std::byte>(((value >> bit) & 1U) << (7 - (place_ % 8)));
  }

 private:
  QFrame& frame_;
  std::size_t place_ = 8;
};

class BitReader {
 public:
  explicit BitReader(const QFrame& frame) : frame_(frame) {}
  unsigned take(unsigned width) {
    unsigned value = 0;
    for (; width-- > 0; ++place_)
      value = (value << 1U) | ((octet(frame_, place_ / 8) >> (7 - (place_ % 8))) & 1U);
    return value;
  }

 private:
  const QFrame& frame_;
  std::size_t place_ = 8;
};

void put_content(QFrame& frame, const QPosition& position) {
  put_control(frame, position.control, kAdrPosition);
  const bool lead_out = position.track == kLeadOutTrack;
  const std::uint8_t track = lead_out ? kLeadOutTrack : to_decimal(position.track);
  put(frame, 1, std::array{track, to_decimal(position.index)});
  put(frame, 3, to_decimal(position.relative));
  put(frame, 7, to_decimal(position.absolute));
}

void put_content(QFrame& frame, const QCatalogNumber& number) {
  PREGROOVE_CHECK(is_catalog_number(number.digits));
  put_control(frame, number.control, kAdrCatalogNumber);
  BitWriter bits(frame);
  for (const char digit : number.digits) bits.put(static_cast<unsigned>(digit - '0'), 4);
  frame[9] = std::byte{to_decimal(number.absolute_frame)};
}

void put_content(QFrame& frame, const QIsrc& isrc) {
  PREGROOVE_CHECK(is_isrc(isrc.code));
  put_control(frame, isrc.control, kAdrIsrc);
  BitWriter bits(frame);
  // IEC 60908: letters and digits are their ISO 646 code less 30h.
  for (std::size_t i = 0; i < kIsrcLetters; ++i)
    bits.put(static_cast<unsigned>(isrc.code[i] - '0'), kIsrcLetterBits);
  bits.put(0, 2);
  for (std::size_t i = kIsrcLetters; i < kIsrcSize; ++i)
    bits.put(static_cast<unsigned>(isrc.code[i] - '0'), 4);
  frame[9] = std::byte{to_decimal(isrc.absolute_frame)};
}

void put_content(QFrame& frame, const QTocEntry& entry) {
  put_control(frame, entry.control, entry.adr);
  put(frame, 2, std::array{entry.point});
  put(frame, 3, entry.time);
  put(frame, 6, std::array{entry.zero});
  put(frame, 7, entry.value);
}

std::optional<QContent> parse_position(const QFrame& frame) {
  const std::uint8_t recorded = octet(frame, 1);
  const auto track = recorded == kLeadOutTrack ? std::optional(recorded) : from_decimal(recorded);
  const auto index = from_decimal(octet(frame, 2));
  const auto relative = msf_in(frame, 3);
  const auto absolute = msf_in(frame, 7);
  if (!track || !index || !relative || !absolute) return std::nullopt;
  return QPosition{.control = static_cast<std::uint8_t>(octet(frame, 0) >> 4U),
                   .track = *track,
                   .index = *index,
                   .relative = *relative,
                   .absolute = *absolute};
}

QTocEntry parse_toc_entry(const QFrame& frame) {
  const auto three = [&frame](std::size_t offset) {
    return std::array{octet(frame, offset), octet(frame, offset + 1), octet(frame, offset + 2)};
  };
  return {.control = static_cast<std::uint8_t>(octet(frame, 0) >> 4U),
          .adr = static_cast<std::uint8_t>(octet(frame, 0) & 0xFU),
          .point = octet(frame, 2),
          .time = three(3),
          .zero = octet(frame, 6),
          .value = three(7)};
}

std::optional<QContent> parse_catalog_number(const QFrame& frame) {
  const auto absolute_frame = from_decimal(octet(frame, 9));
  BitReader bits(frame);
  QCatalogNumber number{.control = static_cast<std::uint8_t>(octet(frame, 0) >> 4U)};
  for (std::size_t i = 0; i < kCatalogDigits; ++i)
    number.digits += static_cast<char>('0' + bits.take(4));
  if (!absolute_frame || !is_catalog_number(number.digits)) return std::nullopt;
  number.absolute_frame = *absolute_frame;
  return number;
}

std::optional<QContent> parse_isrc(const QFrame& frame) {
  const auto absolute_frame = from_decimal(octet(frame, 9));
  BitReader bits(frame);
  QIsrc isrc{.control = static_cast<std::uint8_t>(octet(frame, 0) >> 4U)};
  for (std::size_t i = 0; i < kIsrcLetters; ++i)
    isrc.code += static_cast<char>('0' + bits.take(kIsrcLetterBits));
  bits.take(2);
  for (std::size_t i = kIsrcLetters; i < kIsrcSize; ++i)
    isrc.code += static_cast<char>('0' + bits.take(4));
  if (!absolute_frame || !is_isrc(isrc.code)) return std::nullopt;
  isrc.absolute_frame = *absolute_frame;
  return isrc;
}

// The size of a distance in frames, as a time.
Msf msf_from_frames(std::int64_t frames) {
  return {.minute = static_cast<std::uint8_t>(frames / pregroove::kFramesPerMinute % 100),
          .second = static_cast<std::uint8_t>(frames / kFramesPerSecond % 60),
          .frame = static_cast<std::uint8_t>(frames % kFramesPerSecond)};
}

std::int32_t turn_at(Lba lba) { return ((lba.value % kRepetition) + kRepetition) % kRepetition; }

}  // namespace

std::uint16_t subchannel_crc(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes) {
    value ^= std::to_integer<std::uint32_t>(byte) << 8U;
    for (int bit = 0; bit < 8; ++bit)
      value = (value << 1U) ^ ((value & 0x8000U) != 0 ? 0x1021U : 0U);
    value &= 0xFFFFU;
  }
  return static_cast<std::uint16_t>(~value);
}

std::optional<std::uint8_t> from_decimal(std::uint8_t byte) {
  if ((byte >> 4U) > 9 || (byte & 0xFU) > 9) return std::nullopt;
  return static_cast<std::uint8_t>(((byte >> 4U) * 10) + (byte & 0xFU));
}

bool is_catalog_number(std::string_view digits) {
  return digits.size() == kCatalogDigits && std::ranges::all_of(digits, is_digit);
}

bool is_isrc(std::string_view code) {
  const auto is_letter = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); };
  return code.size() == kIsrcSize && std::ranges::all_of(code.substr(0, kIsrcLetters), is_letter) &&
         std::ranges::all_of(code.substr(kIsrcLetters), is_digit);
}

QFrame make_q(const QContent& content) {
  QFrame frame{};
  std::visit([&frame](const auto& value) { put_content(frame, value); }, content);
  const std::uint16_t crc = subchannel_crc(std::span(frame).first<10>());
  frame[10] = static_cast<std::byte>(crc >> 8U);
  frame[11] = static_cast<std::byte>(crc & 0xFFU);
  return frame;
}

bool q_crc_holds(const QFrame& frame) {
  return subchannel_crc(std::span(frame).first<10>()) ==
         ((octet(frame, 10) << 8U) | octet(frame, 11));
}

std::optional<QContent> parse_q(const QFrame& frame) {
  if (!q_crc_holds(frame)) return std::nullopt;
  const bool lead_in = octet(frame, 1) == 0;
  switch (octet(frame, 0) & 0xFU) {
    case kAdrPosition:
      if (lead_in) return parse_toc_entry(frame);
      return parse_position(frame);
    case kAdrCatalogNumber:
      return parse_catalog_number(frame);
    case kAdrIsrc:
      return parse_isrc(frame);
    case kAdrMultiSession:
      if (lead_in) return parse_toc_entry(frame);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

QTocEntry toc_track(std::uint8_t control, std::uint8_t track, Msf start, Msf at) {
  return {.control = control,
          .point = to_decimal(track),
          .time = to_decimal(at),
          .value = to_decimal(start)};
}

QTocEntry toc_first_track(std::uint8_t control, std::uint8_t track, std::uint8_t disc_type,
                          Msf at) {
  return {.control = control,
          .point = 0xA0,
          .time = to_decimal(at),
          .value = {to_decimal(track), disc_type, 0}};
}

QTocEntry toc_last_track(std::uint8_t control, std::uint8_t track, Msf at) {
  return {.control = control,
          .point = 0xA1,
          .time = to_decimal(at),
          .value = {to_decimal(track), 0, 0}};
}

QTocEntry toc_lead_out(std::uint8_t control, Msf start, Msf at) {
  return {.control = control, .point = 0xA2, .time = to_decimal(at), .value = to_decimal(start)};
}

QTocEntry toc_next_session(std::uint8_t control, Msf next_program_area, Msf last_lead_out,
                           std::uint8_t mode5_pointers) {
  return {.control = control,
          .adr = kAdrMultiSession,
          .point = 0xB0,
          .time = to_decimal(next_program_area),
          .zero = to_decimal(mode5_pointers),
          .value = to_decimal(last_lead_out)};
}

QTocEntry toc_first_lead_in(std::uint8_t control, Msf start,
                            std::array<std::uint8_t, 3> special_information) {
  return {.control = control,
          .adr = kAdrMultiSession,
          .point = 0xC0,
          .time = special_information,
          .value = to_decimal(start)};
}

QPosition position_at(Lba lba, const SubchannelPlace& place) {
  const std::int64_t distance = (lba - place.track_start).value;
  return {.control = place.control,
          .track = place.track,
          .index = place.index,
          .relative = msf_from_frames(distance < 0 ? -distance : distance),
          .absolute = pregroove::msf_from_lba(lba).value_or(Msf{})};
}

QFrame q_at(Lba lba, const SubchannelPlace& place) {
  const QPosition position = position_at(lba, place);
  if (!place.catalog_number.empty() && turn_at(lba) == kCatalogNumberTurn)
    return make_q(QCatalogNumber{.control = place.control,
                                 .digits = place.catalog_number,
                                 .absolute_frame = position.absolute.frame});
  if (!place.isrc.empty() && place.track != kLeadOutTrack && turn_at(lba) == kIsrcTurn)
    return make_q(QIsrc{
        .control = place.control, .code = place.isrc, .absolute_frame = position.absolute.frame});
  return make_q(position);
}

bool p_flag_at(Lba lba, const SubchannelPlace& place) {
  if (place.track == kLeadOutTrack) {
    const std::int64_t flashing = (lba - place.track_start).value - kLeadOutDarkFrames;
    return flashing >= 0 && flashing * kFlashesPerSecond / kFramesPerSecond % 2 == 0;
  }
  if (place.index == 0 || lba == place.track_start) return true;
  return place.next_start && (*place.next_start - lba).value <= kStartFlagFrames;
}

Subchannel interleave(bool p_flag, const QFrame& q, const Subcode& r_to_w) {
  Subchannel symbols{};
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const unsigned q_bit = (octet(q, i / 8) >> (7 - (i % 8))) & 1U;
    symbols[i] = static_cast<std::byte>((p_flag ? 0x80U : 0U) | (q_bit << 6U)) |
                 (r_to_w[i] & std::byte{0x3F});
  }
  return symbols;
}

FormattedQ format_q(bool p_flag, const QFrame& q) {
  FormattedQ formatted{};
  std::ranges::copy(q, formatted.begin());
  if (p_flag) formatted.back() = std::byte{0x80};
  return formatted;
}

Subcode r_to_w_of(const Subchannel& symbols) {
  Subcode r_to_w{};
  std::ranges::transform(symbols, r_to_w.begin(),
                         [](std::byte symbol) { return symbol & std::byte{0x3F}; });
  return r_to_w;
}

QFrame q_of(const Subchannel& symbols) {
  QFrame frame{};
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if ((symbols[i] & std::byte{0x40}) != std::byte{})
      frame[i / 8] |= static_cast<std::byte>(0x80U >> (i % 8));
  return frame;
}

bool p_flag_of(const Subchannel& symbols) {
  const auto set = std::ranges::count_if(
      symbols, [](std::byte symbol) { return (symbol & std::byte{0x80}) != std::byte{}; });
  return 2 * set > static_cast<std::ptrdiff_t>(symbols.size());
}

QFrame q_of(const FormattedQ& formatted) {
  QFrame frame{};
  std::ranges::copy(std::span(formatted).first<frame.size()>(), frame.begin());
  return frame;
}

bool p_flag_of(const FormattedQ& formatted) {
  return (formatted.back() & std::byte{0x80}) != std::byte{};
}

}  // namespace simdrive
