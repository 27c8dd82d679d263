// The disc file: what survives, and what is refused.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "tests/unit/simdrive/bench_drive.h"
#include "tests/unit/simdrive/temporary_folder.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;
using testing_support::TemporaryFolder;

// From simdrive/disc/README.md.
constexpr std::size_t kSlotOffsets[] = {256 * 1024, 512 * 1024};
constexpr std::size_t kUserArea = 1024 * 1024;
constexpr std::size_t kBlock = 2048;

const Medium& small_disc() { return *find_medium("cd-rw-21"); }

Bytes load(const std::string& path, std::size_t offset, std::size_t length) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  std::string text(length, '\0');
  file.read(text.data(), static_cast<std::streamsize>(length));
  Bytes bytes(length);
  std::ranges::transform(text, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

void store(const std::string& path, std::size_t offset, const Bytes& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(offset));
  for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
}

// What is in the file at this moment, as a program that was killed now would leave it: everything
// before the user area. The blocks are left out, so that this is cheap.
void copy_records(const std::string& from, const std::string& to) {
  const Bytes records = load(from, 0, kUserArea);
  std::ofstream(to, std::ios::binary | std::ios::trunc).close();
  store(to, 0, records);
  std::filesystem::resize_file(to, std::filesystem::file_size(from));
}

class DiscFile : public ::testing::Test {
 protected:
  const std::string& path() const { return path_; }
  std::string other(const std::string& name) const { return folder_ / name; }

  // Puts the disc of the file into a drive.
  BenchDrive drive_with_disc() {
    BenchDrive bench = BenchDrive::empty();
    auto disc = Disc::open_file(path_);
    EXPECT_TRUE(disc.has_value());
    if (disc) bench.drive().insert(std::move(*disc));
    bench.settle();
    return bench;
  }
  void create(const Medium& medium = small_disc()) {
    ASSERT_TRUE(Disc::create_file(path_, medium).has_value());
  }
  ErrorCode open_error() const {
    const auto disc = Disc::open_file(path_);
    EXPECT_FALSE(disc.has_value());
    return disc ? ErrorCode::kIo : disc.error().code;
  }

 private:
  TemporaryFolder folder_;
  std::string path_ = folder_ / "a.disc";
};

TEST_F(DiscFile, ReopenedDiscIsAppendableAndContinues) {
  create();
  {
    BenchDrive bench = drive_with_disc();
    bench.select_multi_session();
    ASSERT_NO_FATAL_FAILURE(bench.burn_session(623));
  }
  BenchDrive bench = drive_with_disc();
  EXPECT_EQ(bench.next_writable(), 12025);
  bench.select_multi_session();
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  EXPECT_EQ(bench.read(0, 32).data, pattern(0, 32));
  EXPECT_EQ(bench.read(12025, 32).data, pattern(12025, 32));
}

TEST_F(DiscFile, UserAreaLiesAtTheDocumentedOffset) {
  create();
  {
    BenchDrive bench = drive_with_disc();
    ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  }
  EXPECT_EQ(load(path(), kUserArea + (16 * kBlock), kBlock), pattern(16));
  // The areas for whole sectors and sub-channels follow at whole mebibytes, from LBA -15000 on.
  const auto capacity = static_cast<std::size_t>(small_disc().capacity().value);
  const auto rounded_up = [](std::size_t size) { return (size + 0xFFFFF) / 0x100000 * 0x100000; };
  const std::size_t sectors = rounded_up(kUserArea + (capacity * kBlock));
  const std::size_t sub_channels = rounded_up(sectors + ((15000 + capacity + 7000) * 2352));
  EXPECT_EQ(std::filesystem::file_size(path()), sub_channels + ((15000 + capacity + 7000) * 96));
}

// A burn that was killed leaves a track that nobody finished; it can be continued or closed.
TEST_F(DiscFile, KilledBurnLeavesAnOpenTrackThatCanBeClosed) {
  create();
  {
    BenchDrive bench = drive_with_disc();
    ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 40));
  }
  BenchDrive bench = drive_with_disc();
  const auto disc = bench.receive("51 00 00 00 00 00 00 00 22 00", 34);
  EXPECT_EQ(disc.number(2, 1) & 0x0FU, 0x05U);  // last session incomplete, disc appendable
  const auto track = bench.receive("52 01 00 00 00 FF 00 00 24 00", 36);
  EXPECT_EQ(track.number(7, 1), 1U);
  EXPECT_EQ(track.number(12, 4), 40U);
  EXPECT_EQ(bench.send("5B 00 02 00 00 00 00 00 00 00").sense,
            (pregroove::SenseCode{5, 0x72, 0x03}));
  EXPECT_TRUE(bench.send("5B 00 01 00 00 FF 00 00 00 00").good());
  EXPECT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
  EXPECT_EQ(bench.disc().sessions().size(), 1U);
  EXPECT_EQ(bench.read(0, 40).data, pattern(0, 40));
  EXPECT_EQ(bench.read(40, 260).data, Bytes(260 * kBlock));  // padded to 4 seconds
}

TEST_F(DiscFile, EveryInstantOfABurnReopensInTheStateBeforeOrAfterTheCommand) {
  create();
  BenchDrive bench = drive_with_disc();
  bench.select_multi_session();
  int commands = 0;
  bench.drive().set_observer([&](const CommandRecord&) {
    ++commands;
    copy_records(path(), other("killed.disc"));
    const auto killed = Disc::open_file(other("killed.disc"));
    ASSERT_TRUE(killed.has_value()) << killed.error().message;
    EXPECT_TRUE((*killed)->layout() == bench.disc().layout()) << "after command " << commands;
  });
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(400));
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(40));
  ASSERT_TRUE(bench.send("53 00 00 00 00 00 00 10 00 00").good());
  ASSERT_TRUE(bench.send("A1 01 00 00 00 00 00 00 00 00 00 00").good());
  EXPECT_GT(commands, 20);
}

// The record of the last command may be torn at any byte: the one before it counts then.
TEST_F(DiscFile, TornRecordFallsBackToTheStateBefore) {
  create();
  {
    BenchDrive bench = drive_with_disc();
    ASSERT_TRUE(bench.write(0, pattern(0, 16)).good());    // generation 2: slot 0
    ASSERT_TRUE(bench.write(16, pattern(16, 16)).good());  // generation 3: slot 1
  }
  const std::size_t newest = kSlotOffsets[1];
  const std::size_t record_size = 80 + 40;  // header and one track
  const Bytes intact = load(path(), newest, record_size);
  for (std::size_t i = 0; i < record_size; ++i) {
    Bytes torn = intact;
    torn[i] ^= std::byte{0x40};
    store(path(), newest, torn);
    const auto disc = Disc::open_file(path());
    ASSERT_TRUE(disc.has_value()) << i;
    EXPECT_EQ((*disc)->next_writable_address(), Lba{16}) << "byte " << i;
  }
  store(path(), newest, intact);
  EXPECT_EQ((*Disc::open_file(path()))->next_writable_address(), Lba{32});
}

TEST_F(DiscFile, DamageOfBothRecordsIsReportedAndNotTakenForABlankDisc) {
  create();
  for (const std::size_t offset : kSlotOffsets) store(path(), offset + 20, Bytes(8));
  EXPECT_EQ(open_error(), ErrorCode::kCorruptFile);
}

TEST_F(DiscFile, AnyDamagedByteOfTheHeaderIsReported) {
  create();
  const Bytes intact = load(path(), 0, 128);
  for (std::size_t i = 0; i < intact.size(); ++i) {
    Bytes damaged = intact;
    damaged[i] ^= std::byte{0x01};
    store(path(), 0, damaged);
    const ErrorCode code = open_error();
    EXPECT_TRUE(code == ErrorCode::kCorruptFile || code == ErrorCode::kUnsupported) << i;
  }
}

TEST_F(DiscFile, TruncationIsReported) {
  create();
  const auto size = std::filesystem::file_size(path());
  for (const std::uintmax_t shorter :
       {std::uintmax_t{0}, std::uintmax_t{100}, std::uintmax_t{4096},
        std::uintmax_t{kSlotOffsets[1]}, std::uintmax_t{kUserArea}, size - 1}) {
    std::filesystem::resize_file(path(), shorter);
    EXPECT_EQ(open_error(), ErrorCode::kCorruptFile) << shorter;
  }
}

TEST_F(DiscFile, OtherFilesAreNotTakenForDiscs) {
  std::ofstream(path()) << std::string(4096, 'x');
  EXPECT_EQ(open_error(), ErrorCode::kCorruptFile);
  EXPECT_EQ(Disc::open_file(other("absent.disc")).error().code, ErrorCode::kNotFound);
}

TEST_F(DiscFile, DiscInADriveCannotBePutIntoASecondOne) {
  create();
  const auto first = Disc::open_file(path());
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(open_error(), ErrorCode::kBusy);
}

TEST_F(DiscFile, ExistingFileIsNeverOverwritten) {
  std::ofstream(path()) << "precious";
  const auto disc = Disc::create_file(path(), small_disc());
  ASSERT_FALSE(disc.has_value());
  EXPECT_EQ(disc.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(std::filesystem::file_size(path()), 8U);
}

TEST_F(DiscFile, NewDiscOfAnyKindTakesHardlyAnySpace) {
  for (const Medium& medium : all_media()) {
    std::filesystem::remove(path());
    const Layout layout = testing_support::bought_disc(medium)->layout();
    ASSERT_TRUE(Disc::create_file(path(), layout).has_value()) << medium.name;
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_LT(status.st_blocks * 512, 1024 * 1024) << medium.name;
    const auto reopened = Disc::open_file(path());
    ASSERT_TRUE(reopened.has_value()) << medium.name;
    EXPECT_TRUE((*reopened)->layout() == layout);
  }
}

TEST_F(DiscFile, FullBlankGivesTheBlocksBackAndTheDiscCanBeWrittenAgain) {
  create();
  BenchDrive bench = drive_with_disc();
  bench.select_final_session();
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  ASSERT_TRUE(bench.send("A1 00 00 00 00 00 00 00 00 00 00 00").good());
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kBlank);
  EXPECT_EQ(load(path(), kUserArea, kBlock), Bytes(kBlock));
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  EXPECT_EQ(bench.read(0, 1).data, pattern(0));
}

// After a minimal blank the old blocks are still there; a short new track must not show them.
TEST_F(DiscFile, PaddingOfATrackIsZerosEvenOverOldData) {
  create();
  BenchDrive bench = drive_with_disc();
  bench.select_multi_session();
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(600));
  ASSERT_TRUE(bench.send("A1 01 00 00 00 00 00 00 00 00 00 00").good());
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(10));
  EXPECT_EQ(bench.read(10, 290).data, Bytes(290 * kBlock));
}

}  // namespace
}  // namespace simdrive
