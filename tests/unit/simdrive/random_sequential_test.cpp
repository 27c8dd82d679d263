// Whatever a host sends to sequential DVD and BD, the disc keeps its invariants and every block
// that was written can be read as it was written last; and the file says the same as the memory.
#include <fmt/format.h>

#include <map>
#include <random>

#include "simdrive/drive/command_table.h"
#include "tests/unit/simdrive/bench_drive.h"
#include "tests/unit/simdrive/temporary_folder.h"

namespace simdrive {
namespace {

using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;
using testing_support::TemporaryFolder;

constexpr int kCommands = 1500;
constexpr int kCommandsOnFile = 300;  // each SYNCHRONIZE CACHE waits for the storage device there
constexpr auto kSynchronize = "35 00 00 00 00 00 00 00 00 00";

class Host {
 public:
  Host(unsigned seed, BenchDrive& bench) : random_(seed), bench_(&bench) {}

  void send_something() {
    const unsigned choice = pick(200);
    if (choice < 80) {
      write_to(some_writable_track());
    } else if (choice < 90) {
      overwrite();
    } else if (choice < 110) {
      (void)bench_->send(kSynchronize);
    } else if (choice < 140) {
      close_some_track();
    } else if (choice < 150) {
      (void)bench_->send("5B 00 02 00 00 00 00 00 00 00");
    } else if (choice < 151) {
      (void)bench_->send(fmt::format("5B 00 {:02X} 00 00 00 00 00 00 00", 3 + pick(4)));
    } else if (choice < 165) {
      (void)bench_->send(fmt::format("53 00 00 00 00 00 00 {:02X} {:02X} 00", pick(4), pick(256)));
    } else if (choice < 172) {
      select_page();
    } else if (choice < 174) {
      blank();
    } else {
      send_noise();
    }
    bench_->clock().advance(std::chrono::seconds(pick(4) == 0 ? 4000 : 1));
  }

  // Everything that the model says is on the disc.
  void expect_written() {
    for (const auto& [lba, stamp] : written_) {
      Bytes block(2048);
      ASSERT_TRUE(bench_->disc().read_recorded(Lba{lba}, block).has_value()) << lba;
      ASSERT_EQ(block, pattern(stamp)) << lba;
    }
  }
  [[nodiscard]] std::size_t blocks_on_disc() const { return written_.size(); }

 private:
  unsigned pick(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  std::optional<Lba> some_writable_track() {
    std::vector<Lba> addresses;
    for (const TrackView& view : bench_->disc().layout().track_views())
      if (view.next_writable) addresses.push_back(*view.next_writable);
    if (addresses.empty()) return std::nullopt;
    return addresses[pick(static_cast<unsigned>(addresses.size()))];
  }

  void write_to(std::optional<Lba> lba) {
    if (!lba) return;
    const auto count = static_cast<std::int32_t>(1 + pick(40));
    const std::int32_t stamp = ++stamp_ * 64;
    const Answer answer = bench_->write(lba->value, pattern(stamp, count));
    if (!answer.good() || testing_) return;
    for (std::int32_t i = 0; i < count; ++i) written_[lba->value + i] = stamp + i;
  }

  void overwrite() {
    if (written_.empty()) return;
    auto place = written_.begin();
    std::advance(place, pick(static_cast<unsigned>(written_.size())));
    write_to(Lba{place->first});
  }

  void close_some_track() {
    const auto tracks = static_cast<unsigned>(bench_->disc().layout().tracks().size());
    (void)bench_->send(fmt::format("5B 00 01 00 00 {:02X} 00 00 00 00", 1 + pick(tracks + 1)));
  }

  void select_page() {
    constexpr std::uint8_t kWays[] = {0x60, 0x60, 0x60, 0x42, 0x70};
    const std::uint8_t way = kWays[pick(5)];
    if (bench_->select_page_5(way, pick(20) == 0 ? 0x05 : 0xC5, 0x08).good())
      testing_ = way == 0x70 && bench_->disc().medium().name.starts_with("dvd-");
  }

  void blank() {
    const bool whole = pick(2) == 0;
    const Answer answer =
        bench_->send(fmt::format("A1 {:02X} 00 00 00 00 00 00 00 00 00 00", whole ? 0 : 1));
    if (answer.good()) written_.clear();
  }

  // A command of the table with bytes at random; those that the model would have to follow are left
  // out, and those that take the disc away.
  void send_noise() {
    constexpr std::uint8_t kLeftOut[] = {0x04, 0x1B, 0x2A, 0x55, 0xA1, 0xAA};
    const auto commands = all_commands();
    const CommandRow& row = commands[pick(static_cast<unsigned>(commands.size()))];
    if (std::ranges::find(kLeftOut, row.opcode) != std::end(kLeftOut)) return;
    std::string cdb = fmt::format("{:02X}", row.opcode);
    for (std::size_t i = 1; i < row.cdb_length; ++i)
      cdb += fmt::format(" {:02X}", pick(2) == 0 ? 0U : pick(256) & row.usage[i]);
    if (pick(2) == 0)
      (void)bench_->receive(cdb, pick(5000));
    else
      (void)bench_->send_data(cdb, Bytes(pick(100)));
  }

  std::mt19937 random_;
  BenchDrive* bench_;
  std::map<std::int32_t, std::int32_t> written_;  // which pattern is where
  std::int32_t stamp_ = 0;
  bool testing_ = false;
};

struct DiscRow {
  const char* name;
  const char* medium;
  std::optional<unsigned> format;  // sub-type of a BD-R
};
void PrintTo(const DiscRow& row, std::ostream* out) { *out << row.name; }

constexpr DiscRow kDiscs[] = {
    {"DvdR", "dvd-r", {}},
    {"DvdRDualLayer", "dvd-r-dl", {}},
    {"DvdRw", "dvd-rw", {}},
    {"DvdPlusR", "dvd+r", {}},
    {"DvdPlusRDualLayer", "dvd+r-dl", {}},
    {"BdR", "bd-r-25", {}},
    {"BdROverwrite", "bd-r-50", 0},
    {"BdRSpares", "bd-r-25", 1},
    {"BdRRandom", "bd-r-25", 2},
};

class RandomSequential : public ::testing::TestWithParam<DiscRow> {};

// A drive with the disc, formatted if the row says so, ready for incremental writing.
BenchDrive drive_with(std::unique_ptr<Disc> disc, const DiscRow& row) {
  BenchDrive bench = BenchDrive::empty();
  bench.drive().insert(std::move(disc));
  bench.settle();
  if (row.format) {
    const auto list = pregroove::testing_support::hex(
        fmt::format("00 00 00 08 00 00 00 00 {:02X} 00 00 00", *row.format));
    EXPECT_TRUE(bench.send_data("04 11 00 00 00 00", list).good());
  }
  (void)bench.select_page_5(0x60, 0xC5, 0x08);
  return bench;
}

// How many blocks the disc held at most.
std::size_t send_commands(BenchDrive& bench, unsigned seed, int commands) {
  Host host(seed, bench);
  std::size_t most_blocks = 0;
  for (int i = 0; i < commands; ++i) {
    host.send_something();
    const auto sound = bench.disc().check_invariants();
    EXPECT_TRUE(sound.has_value()) << sound.error().message;
    if (::testing::Test::HasFailure()) return 0;
    most_blocks = std::max(most_blocks, host.blocks_on_disc());
  }
  host.expect_written();
  return most_blocks;
}

TEST_P(RandomSequential, NothingThatIsWrittenIsLost) {
  const DiscRow& row = GetParam();
  std::size_t most_blocks = 0;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    BenchDrive bench = drive_with(Disc::blank(*find_medium(row.medium)), row);
    most_blocks = std::max(most_blocks, send_commands(bench, seed, kCommands));
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(most_blocks, 100U);  // the commands did something
}

TEST_P(RandomSequential, FileSaysTheSameAsTheMemory) {
  const DiscRow& row = GetParam();
  const TemporaryFolder folder;
  const std::string path = folder / "random.disc";
  auto disc = Disc::create_file(path, *find_medium(row.medium));
  ASSERT_TRUE(disc.has_value());
  BenchDrive bench = drive_with(std::move(*disc), row);
  EXPECT_GT(send_commands(bench, 5, kCommandsOnFile), 0U);
  const Layout in_memory = bench.disc().layout();
  bench.drive().remove_disc().reset();
  const auto reloaded = Disc::open_file(path);
  ASSERT_TRUE(reloaded.has_value()) << reloaded.error().message;
  EXPECT_TRUE((*reloaded)->layout() == in_memory);
}

INSTANTIATE_TEST_SUITE_P(Discs, RandomSequential, ::testing::ValuesIn(kDiscs),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace simdrive
