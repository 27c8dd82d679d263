// Every command that sends data, on several media, at every allocation length: the reply is cut,
// and nothing behind it is touched. A command of the drive's table that is missing here fails.
#include <algorithm>
#include <ostream>
#include <set>

#include "engine/scsi/sense.h"
#include "simdrive/drive/command_table.h"
#include "tests/unit/simdrive/conformance/states.h"

namespace simdrive {
namespace {

using pregroove::testing_support::hex;
using testing_support::BenchDrive;
using testing_support::Bytes;

struct SweepRow {
  const char* name;
  const char* cdb;
  std::size_t allocation_offset;  // in the CDB
  std::size_t allocation_size;
};

constexpr SweepRow kSweepRows[] = {
    {"RequestSense", "03 00 00 00 00 00", 4, 1},
    {"Inquiry", "12 00 00 00 00 00", 3, 2},
    {"InquiryPages", "12 01 00 00 00 00", 3, 2},
    {"InquirySerialNumber", "12 01 80 00 00 00", 3, 2},
    {"InquiryDesignator", "12 01 83 00 00 00", 3, 2},
    {"ModeSense6", "1A 00 3F 00 00 00", 4, 1},
    {"ReadFormatCapacities", "23 00 00 00 00 00 00 00 00 00", 7, 2},
    {"ReadBufferDescriptor", "3C 03 00 00 00 00 00 00 00 00", 6, 3},
    {"ReadSubChannel", "42 02 40 01 00 00 00 00 00 00", 7, 2},
    {"TocFormat0", "43 00 00 00 00 00 00 00 00 00", 7, 2},
    {"TocFormat1", "43 00 01 00 00 00 00 00 00 00", 7, 2},
    {"TocFormat2", "43 02 02 00 00 00 00 00 00 00", 7, 2},
    {"TocFormat3", "43 02 03 00 00 00 00 00 00 00", 7, 2},
    {"TocFormat4", "43 02 04 00 00 00 00 00 00 00", 7, 2},
    {"TocFormat5", "43 00 05 00 00 00 00 00 00 00", 7, 2},
    {"GetConfiguration", "46 00 00 00 00 00 00 00 00 00", 7, 2},
    {"Events", "4A 01 00 00 10 00 00 00 00 00", 7, 2},
    {"LogSense", "4D 00 00 00 00 00 00 00 00 00", 7, 2},
    {"DiscInformation", "51 00 00 00 00 00 00 00 00 00", 7, 2},
    {"TrackResources", "51 01 00 00 00 00 00 00 00 00", 7, 2},
    {"TrackInformation", "52 01 00 00 00 01 00 00 00 00", 7, 2},
    {"ModeSense10", "5A 00 3F 00 00 00 00 00 00 00", 7, 2},
    {"BufferCapacity", "5C 00 00 00 00 00 00 00 00 00", 7, 2},
    {"ReportLuns", "A0 00 00 00 00 00 00 00 00 00 00 00", 6, 4},
    {"ReportKey", "A4 00 00 00 00 00 00 00 00 00 08 00", 8, 2},
    {"DiscStructureList", "AD 00 00 00 00 00 00 FF 00 00 00 00", 8, 2},
    {"DiscStructurePhysical", "AD 00 00 00 00 00 00 00 00 00 00 00", 8, 2},
    {"MechanismStatus", "BD 00 00 00 00 00 00 00 00 00 00 00", 8, 2},
};

// Their data is counted in blocks or descriptors, or is of one size; or they send none.
constexpr std::uint8_t kWithoutAllocationLength[] = {
    0x00, 0x04, 0x15, 0x1B, 0x1E, 0x25, 0x28, 0x2A, 0x2B, 0x2E, 0x2F, 0x35, 0x3B,
    0x45, 0x47, 0x48, 0x4B, 0x4C, 0x4E, 0x53, 0x54, 0x55, 0x58, 0x5B, 0x5D, 0xA1,
    0xA2, 0xA3, 0xA5, 0xA6, 0xA7, 0xA8, 0xAA, 0xAC, 0xB6, 0xB9, 0xBB, 0xBE, 0xBF};

TEST(AllocationLength, EveryCommandOfTheTableIsSwept) {
  std::set<std::uint8_t> known(std::begin(kWithoutAllocationLength),
                               std::end(kWithoutAllocationLength));
  for (const SweepRow& row : kSweepRows)
    known.insert(std::to_integer<std::uint8_t>(hex(row.cdb).front()));
  for (const CommandRow& command : all_commands())
    EXPECT_TRUE(known.contains(command.opcode)) << command.name;
}

struct Place {
  const char* medium;
  const char* state;
};
constexpr Place kPlaces[] = {
    {"", "no-disc"},           {"cd-r-80", "blank"},     {"cd-r-80", "appendable"},
    {"cd-rw-80", "finalised"}, {"dvd-r", "blank"},       {"dvd-rw", "blank"},
    {"dvd-rw", "formatted"},   {"dvd-ram", "formatted"}, {"dvd+r", "blank"},
    {"dvd+rw", "formatted"},   {"bd-r-25", "blank"},     {"bd-re-25", "formatted"}};

using SweepParameter = std::tuple<SweepRow, Place>;

class AllocationLength : public ::testing::TestWithParam<SweepParameter> {};

constexpr std::size_t kLongest = 2048;
constexpr std::byte kPoison{0xA5};

// What comes back for an allocation length; nothing when the command is refused.
std::optional<Bytes> reply_at(BenchDrive& bench, const SweepRow& row, std::size_t allocation) {
  Bytes cdb = hex(row.cdb);
  for (std::size_t i = 0; i < row.allocation_size; ++i)
    cdb[row.allocation_offset + i] =
        static_cast<std::byte>(allocation >> (8 * (row.allocation_size - 1 - i)));
  Bytes buffer(kLongest + 16, kPoison);
  const auto done = bench.drive().execute(
      {.cdb = cdb, .data = pregroove::scsi::DataIn{std::span(buffer).first(kLongest)}});
  if (!done.has_value() || done->sense) return std::nullopt;
  EXPECT_LE(done->bytes_transferred, allocation);
  EXPECT_TRUE(std::all_of(buffer.begin() + static_cast<std::ptrdiff_t>(done->bytes_transferred),
                          buffer.end(), [](std::byte byte) { return byte == kPoison; }))
      << "bytes behind the reply were touched, allocation length " << allocation;
  buffer.resize(done->bytes_transferred);
  return buffer;
}

TEST_P(AllocationLength, CutsTheReplyAndNothingElse) {
  const auto& [row, place] = GetParam();
  if (find_command(std::to_integer<std::uint8_t>(hex(row.cdb).front())) == nullptr) GTEST_SKIP();
  BenchDrive bench(place.medium);
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, place.state));
  const auto whole = reply_at(bench, row, row.allocation_size == 1 ? 255 : kLongest);
  if (!whole) {
    // What the medium has not got is refused at every length.
    for (const std::size_t allocation : {0U, 1U, 4U, 255U})
      EXPECT_FALSE(reply_at(bench, row, allocation).has_value());
    return;
  }
  ASSERT_GE(whole->size(), 4U);
  for (std::size_t allocation = 0; allocation <= whole->size() + 1; ++allocation) {
    const auto reply = reply_at(bench, row, allocation);
    ASSERT_TRUE(reply.has_value()) << allocation;
    ASSERT_EQ(reply->size(), std::min(allocation, whole->size()));
    // An event is told once; its bytes may differ from the first reply.
    if (std::string(row.name) == "Events") continue;
    EXPECT_TRUE(std::equal(reply->begin(), reply->end(), whole->begin())) << allocation;
  }
}

std::string name_of(const ::testing::TestParamInfo<SweepParameter>& info) {
  const auto& [row, place] = info.param;
  std::string name = std::string(row.name) + "_" + place.medium + "_" + place.state;
  std::ranges::replace(name, '+', 'p');
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, AllocationLength,
                         ::testing::Combine(::testing::ValuesIn(kSweepRows),
                                            ::testing::ValuesIn(kPlaces)),
                         name_of);

// A host buffer that is shorter than the allocation length says is not overrun either.
TEST(AllocationLength, ShorterHostBufferIsNotOverrun) {
  BenchDrive bench;
  EXPECT_EQ(bench.receive("46 00 00 00 00 00 00 FF FF 00", 12).data.size(), 12U);
  EXPECT_EQ(bench.receive("AC 00 00 00 00 00 00 00 00 08 03 00", 12).data.size(), 12U);
  EXPECT_EQ(bench.receive("3C 02 00 00 00 00 01 00 00 00", 12).data.size(), 12U);
}

}  // namespace
}  // namespace simdrive
