#include "simdrive/disc/sector_codec.h"

// The same sums as in sector_codec.cpp, 32 bytes at a time, and the EDC by carry-less
// multiplication. Functions carry the instruction sets as an attribute, so that everything else in
// the program stays runnable on any processor.
#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define PREGROOVE_VECTOR_CODE __attribute__((target("avx2,pclmul")))
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define PREGROOVE_VECTOR_INLINE PREGROOVE_VECTOR_CODE __attribute__((always_inline)) inline

namespace simdrive::sector_codec {
namespace {

// x^exponent modulo the check polynomial, bits reversed, as a factor for PCLMULQDQ: the product of
// two reversed values comes out one bit too low, which the factor makes up for.
constexpr std::int64_t reversed_power(unsigned exponent) {
  std::uint32_t value = 0x80000000U;  // x^0
  for (unsigned i = 0; i < exponent; ++i)
    value = (value >> 1U) ^ ((value & 1U) != 0 ? kEdcPolynomial : 0U);
  return static_cast<std::int64_t>(std::uint64_t{value} << 1U);
}

PREGROOVE_VECTOR_INLINE __m128i load(const std::byte* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

// A value congruent to `remainder` moved `Bits` ahead, plus what lies there.
template <unsigned Bits>
PREGROOVE_VECTOR_INLINE __m128i fold(__m128i remainder, __m128i ahead) {
  const __m128i factors = _mm_set_epi64x(reversed_power(Bits - 32), reversed_power(Bits + 32));
  const __m128i early = _mm_clmulepi64_si128(remainder, factors, 0x00);
  const __m128i late = _mm_clmulepi64_si128(remainder, factors, 0x11);
  return _mm_xor_si128(_mm_xor_si128(early, late), ahead);
}

// Folds the bytes into the 16 that have the same EDC; what is left of them is for the table.
PREGROOVE_VECTOR_CODE std::uint32_t folded_edc(std::span<const std::byte> bytes) {
  constexpr std::size_t kStride = 64;
  if (bytes.size() < kStride) return continue_edc(0, bytes);
  const std::byte* next = bytes.data();
  const std::byte* const end = next + bytes.size();
  __m128i a = load(next);
  __m128i b = load(next + 16);
  __m128i c = load(next + 32);
  __m128i d = load(next + 48);
  for (next += kStride; end - next >= static_cast<std::ptrdiff_t>(kStride); next += kStride) {
    a = fold<512>(a, load(next));
    b = fold<512>(b, load(next + 16));
    c = fold<512>(c, load(next + 32));
    d = fold<512>(d, load(next + 48));
  }
  d = fold<128>(fold<128>(fold<128>(a, b), c), d);
  for (; end - next >= 16; next += 16) d = fold<128>(d, load(next));
  std::array<std::byte, 16> folded;
  std::memcpy(folded.data(), &d, sizeof(d));
  return continue_edc(continue_edc(0, folded), bytes.last(static_cast<std::size_t>(end - next)));
}

PREGROOVE_VECTOR_INLINE __m256i load_row(const std::byte* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}
PREGROOVE_VECTOR_INLINE void store_row(std::byte* bytes, __m256i value) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(bytes), value);
}

PREGROOVE_VECTOR_INLINE __m256i vector_times_alpha(__m256i bytes) {
  const __m256i has_high_bit = _mm256_cmpgt_epi8(_mm256_setzero_si256(), bytes);
  return _mm256_xor_si256(_mm256_add_epi8(bytes, bytes),
                          _mm256_and_si256(has_high_bit, _mm256_set1_epi8(0x1D)));
}

// The division is linear: the quotient of a byte is that of its low half plus that of its high one.
constexpr std::array<std::uint8_t, 32> make_half_quotients() {
  std::array<std::uint8_t, 32> table{};
  for (std::size_t half = 0; half < 16; ++half) {
    table[half] = kDividedByOnePlusAlpha[half];
    table[16 + half] = kDividedByOnePlusAlpha[16 * half];
  }
  return table;
}
constexpr auto kHalfQuotients = make_half_quotients();

PREGROOVE_VECTOR_INLINE __m256i divided_by_one_plus_alpha(__m256i bytes) {
  const auto* table = reinterpret_cast<const __m128i*>(kHalfQuotients.data());
  const __m256i of_low = _mm256_broadcastsi128_si256(_mm_loadu_si128(table));
  const __m256i of_high = _mm256_broadcastsi128_si256(_mm_loadu_si128(table + 1));
  const __m256i half = _mm256_set1_epi8(0x0F);
  const __m256i low = _mm256_and_si256(bytes, half);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
  return _mm256_xor_si256(_mm256_shuffle_epi8(of_low, low), _mm256_shuffle_epi8(of_high, high));
}

struct Sum {
  __m256i plain;
  __m256i weighted;
};

PREGROOVE_VECTOR_INLINE void add(Sum& sum, const std::byte* row) {
  const __m256i bytes = load_row(row);
  sum.plain = _mm256_xor_si256(sum.plain, bytes);
  sum.weighted = vector_times_alpha(_mm256_xor_si256(sum.weighted, bytes));
}

PREGROOVE_VECTOR_INLINE void store_parity(const Sum& sum, std::byte* first, std::byte* second) {
  const __m256i parity =
      divided_by_one_plus_alpha(_mm256_xor_si256(vector_times_alpha(sum.weighted), sum.plain));
  store_row(first, parity);
  store_row(second, _mm256_xor_si256(parity, sum.plain));
}

// Offsets of the vectors that cover a row; the last one overlaps the one before it.
constexpr std::size_t kP1 = 32;
constexpr std::size_t kP2 = kRowSize - 32;
constexpr std::size_t kQ1 = kQVectors - 32;

PREGROOVE_VECTOR_CODE void append_p(std::byte* bytes) {
  const __m256i zero = _mm256_setzero_si256();
  Sum first{.plain = zero, .weighted = zero};
  Sum second = first;
  Sum third = first;
  const std::byte* row = bytes;
  for (std::size_t i = 0; i < kDataRows; ++i, row += kRowSize) {
    add(first, row);
    add(second, row + kP1);
    add(third, row + kP2);
  }
  std::byte* const p0 = bytes + (kDataRows * kRowSize);
  std::byte* const p1 = p0 + kRowSize;
  store_parity(first, p0, p1);
  store_parity(second, p0 + kP1, p1 + kP1);
  store_parity(third, p0 + kP2, p1 + kP2);
}

// Columns of pairs turned into rows of 52 bytes, each twice. 8 x 8 pairs at a time; the last blocks
// of rows and of columns overlap those before them. A row takes two cache lines.
constexpr std::size_t kTurnedRow = 128;
using Turned = std::array<std::byte, kTurnedRow * kColumns>;

// NOLINTNEXTLINE(readability-function-size): the network is clearer in one piece
PREGROOVE_VECTOR_INLINE void turn_block(const std::byte* from, std::byte* to) {
  const __m128i r0 = load(from);
  const __m128i r1 = load(from + kRowSize);
  const __m128i r2 = load(from + (2 * kRowSize));
  const __m128i r3 = load(from + (3 * kRowSize));
  const __m128i r4 = load(from + (4 * kRowSize));
  const __m128i r5 = load(from + (5 * kRowSize));
  const __m128i r6 = load(from + (6 * kRowSize));
  const __m128i r7 = load(from + (7 * kRowSize));
  // Pairs of rows, then fours, then all eight.
  const __m128i a0 = _mm_unpacklo_epi16(r0, r1);
  const __m128i a1 = _mm_unpackhi_epi16(r0, r1);
  const __m128i a2 = _mm_unpacklo_epi16(r2, r3);
  const __m128i a3 = _mm_unpackhi_epi16(r2, r3);
  const __m128i a4 = _mm_unpacklo_epi16(r4, r5);
  const __m128i a5 = _mm_unpackhi_epi16(r4, r5);
  const __m128i a6 = _mm_unpacklo_epi16(r6, r7);
  const __m128i a7 = _mm_unpackhi_epi16(r6, r7);
  const __m128i b0 = _mm_unpacklo_epi32(a0, a2);
  const __m128i b1 = _mm_unpackhi_epi32(a0, a2);
  const __m128i b2 = _mm_unpacklo_epi32(a1, a3);
  const __m128i b3 = _mm_unpackhi_epi32(a1, a3);
  const __m128i b4 = _mm_unpacklo_epi32(a4, a6);
  const __m128i b5 = _mm_unpackhi_epi32(a4, a6);
  const __m128i b6 = _mm_unpacklo_epi32(a5, a7);
  const __m128i b7 = _mm_unpackhi_epi32(a5, a7);
  const auto store = [to](std::size_t column, __m128i value) __attribute__((always_inline)) {
    std::memcpy(to + (column * kTurnedRow), &value, sizeof(value));
    std::memcpy(to + (column * kTurnedRow) + kQVectors, &value, sizeof(value));
  };
  store(0, _mm_unpacklo_epi64(b0, b4));
  store(1, _mm_unpackhi_epi64(b0, b4));
  store(2, _mm_unpacklo_epi64(b1, b5));
  store(3, _mm_unpackhi_epi64(b1, b5));
  store(4, _mm_unpacklo_epi64(b2, b6));
  store(5, _mm_unpackhi_epi64(b2, b6));
  store(6, _mm_unpacklo_epi64(b3, b7));
  store(7, _mm_unpackhi_epi64(b3, b7));
}

PREGROOVE_VECTOR_INLINE void turn_columns(const std::byte* bytes, std::byte* turned) {
  for (const std::size_t column : {0U, 8U, 16U, 24U, 32U, 35U})
    for (const std::size_t row : {0U, 8U, 16U, 18U})
      turn_block(bytes + (row * kRowSize) + (2 * column),
                 turned + (column * kTurnedRow) + (2 * row));
}

PREGROOVE_VECTOR_CODE void append_q(std::byte* bytes) {
  alignas(32) Turned turned;
  turn_columns(bytes, turned.data());
  const __m256i zero = _mm256_setzero_si256();
  Sum first{.plain = zero, .weighted = zero};
  Sum second = first;
  const std::byte* row = turned.data();
  for (std::size_t m = 0; m < kColumns; ++m, row += kTurnedRow) {
    const std::byte* const turned_row = row + (2 * (m < kAllRows ? m : m - kAllRows));
    add(first, turned_row);
    add(second, turned_row + kQ1);
  }
  std::byte* const q0 = bytes + kQOffset;
  store_parity(first, q0, q0 + kQVectors);
  store_parity(second, q0 + kQ1, q0 + kQVectors + kQ1);
}

PREGROOVE_VECTOR_CODE void append_both(Protected bytes) {
  append_p(bytes.data());
  append_q(bytes.data());
}

constexpr Codec kX86{.name = "avx2+pclmulqdq", .edc = folded_edc, .append_parity = append_both};

}  // namespace

const Codec* x86() {
  const bool can_run = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("pclmul") != 0;
  return can_run ? &kX86 : nullptr;
}

}  // namespace simdrive::sector_codec

#else

namespace simdrive::sector_codec {
const Codec* x86() { return nullptr; }
}  // namespace simdrive::sector_codec

#endif
