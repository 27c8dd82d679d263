// An append dies, the same append is done again, and then one with changed files (burning.md 9.1,
// lesson 2): the host dies at every command of the first attempt, on every medium that is written
// once. Every session that a reader can choose holds what its sources held, or is known to be dead.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "engine/image/block_reader.h"
#include "engine/image/extract.h"
#include "engine/image/import.h"
#include "simdrive/disc/medium.h"
#include "tests/faults/faulty_device.h"
#include "tests/interop/image_readers.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace pregroove::imapi {
namespace {

// No two blocks of it are equal, so that a block at the wrong place is seen.
std::string content(std::string_view name, int blocks) {
  std::string text;
  for (int block = 0; block < blocks; ++block) {
    std::string line = fmt::format("{} block {} ", name, block);
    line.resize(kBlockSize, name.front());
    text += line;
  }
  return text + std::string(name);  // not a whole number of blocks
}

const Files kOld{{"/old.txt", content("old", 20)}, {"/kept.txt", content("kept", 3)}};
const Files kAppended{{"/changed.txt", content("first", 40)},
                      {"/same.txt", content("same", 100)},
                      {"/removed.txt", content("removed", 30)}};
// One file differs, one is new, one is no longer among the sources: a session more keeps that one,
// as it keeps everything that was on the disc.
const Files kChanged{{"/changed.txt", content("second", 55)},
                     {"/same.txt", content("same", 100)},
                     {"/added.txt", content("added", 25)}};

Files merged(Files files, const Files& later) {
  for (const auto& [path, text] : later) files[path] = text;
  return files;
}
const Files& after_append() {
  static const Files kFiles = merged(kOld, kAppended);
  return kFiles;
}
const Files& after_change() {
  static const Files kFiles = merged(after_append(), kChanged);
  return kFiles;
}

// Whether the drive, too, loses its power with the host.
enum class Death : std::uint8_t { kHostAlone, kHostAndDrive };

class BackDoor final : public image::BlockReader {
 public:
  explicit BackDoor(const simdrive::Disc& disc) : disc_(disc) {}
  [[nodiscard]] pregroove::Status read(Lba first, std::span<std::byte> blocks) override {
    return disc_.read_recorded(first, blocks);
  }

 private:
  const simdrive::Disc& disc_;
};

// What a reader of this session finds; nullopt: it is not one that can be read.
std::optional<Files> try_files_on(const simdrive::Disc& disc, Lba start) {
  BackDoor reader(disc);
  const auto imported = image::import_session(reader, start);
  if (!imported || imported->complete == false) return std::nullopt;
  Files files;
  imported->tree.walk([&](std::string_view path, const image::File& file) {
    std::string text;
    const auto read =
        image::read_file(reader, file, [&](std::span<const std::byte> piece) -> pregroove::Status {
          for (const std::byte byte : piece) text.push_back(static_cast<char>(byte));
          return {};
        });
    EXPECT_TRUE(read) << path;
    files.emplace(path, std::move(text));
  });
  return files;
}

class KilledAppend : public testing::TestWithParam<std::tuple<std::string, Death>> {
 protected:
  static const std::string& medium() { return std::get<0>(GetParam()); }

  // The host dies instead of sending its k-th command; false when the append has fewer.
  static bool append_and_die(Desk& desk, int k) {
    auto faulty = std::make_shared<FaultyDevice>(desk.device);
    DiscMaster client(desk.provider,
                      [] { return system::FileTime{std::chrono::seconds{1'767'323'045}}; });
    EXPECT_TRUE(client.Open());
    const auto stage = client.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet);
    EXPECT_TRUE(client.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(faulty)));
    EXPECT_TRUE((*stage)->AddData(tree_of(kAppended), true));
    faulty->port.add({.after = k - 1, .times = -1, .exchange_fails = true});
    (void)client.RecordDisc(false, false, {});
    const bool died = faulty->port.hits() > 0;
    if (std::get<1>(GetParam()) == Death::kHostAndDrive) desk.device->plug_in_again();
    return died;
  }

  // Each session holds what one of the burns meant it to hold, or nobody takes it for one.
  static void expect_sessions_right(const simdrive::Disc& disc, int deaths) {
    int dead = 0;
    for (const auto& session : disc.sessions()) {
      const auto files = try_files_on(disc, session.start);
      if (!files) ++dead;
      const bool right =
          !files || *files == kOld || *files == after_append() || *files == after_change();
      EXPECT_TRUE(right) << "the session at LBA " << session.start.value << " is wrong";
    }
    EXPECT_LE(dead, deaths) << "a burn that was not killed left a session that cannot be read";
    EXPECT_EQ(files_on(disc, 1), kOld);
  }

  // The same append once more, then the one with changed files.
  static void repeat_and_change(Desk& desk, int deaths) {
    desk.burn_session(kAppended);
    ASSERT_EQ(files_on(desk.disc()), after_append());
    expect_sessions_right(desk.disc(), deaths);
    desk.burn_session(kChanged);
    ASSERT_EQ(files_on(desk.disc()), after_change());
    expect_sessions_right(desk.disc(), deaths);
    EXPECT_TRUE(desk.disc().check_invariants());
  }

  static Desk& prepared(Desk& desk) {
    desk.insert_blank(medium());
    desk.burn_session(kOld);
    return desk;
  }

  static int commands_of_an_append() {
    int k = 1;
    for (;; ++k) {
      Desk desk;
      if (!append_and_die(prepared(desk), k)) return k - 1;
    }
  }
};

TEST_P(KilledAppend, AtEveryCommandIsRepeatedAndThenChanged) {
  int k = 1;
  for (bool died = true; died; ++k) {
    SCOPED_TRACE(fmt::format("died at command {}", k));
    ASSERT_LT(k, 500) << "the burn never ends";
    Desk desk;
    died = append_and_die(prepared(desk), k);
    expect_sessions_right(desk.disc(), died ? 1 : 0);
    repeat_and_change(desk, died ? 1 : 0);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(k, 30) << "a burn has more commands than that: the sweep did not take place";
}

// The repetition dies, too: at every seventh command, for a few stages of the first one.
TEST_P(KilledAppend, TwiceInARowIsRepeatedAndThenChanged) {
  const int commands = commands_of_an_append();
  constexpr int kFirstDeaths = 3;
  constexpr int kSecondStep = 7;
  for (int i = 1; i <= kFirstDeaths; ++i) {
    const int first = commands * i / kFirstDeaths;
    bool died = true;
    for (int second = 1; died; second += kSecondStep) {
      SCOPED_TRACE(fmt::format("died at command {}, then at command {}", first, second));
      Desk desk;
      ASSERT_TRUE(append_and_die(prepared(desk), first));
      died = append_and_die(desk, second);
      expect_sessions_right(desk.disc(), 2);
      repeat_and_change(desk, 2);
      if (HasFatalFailure()) return;
    }
  }
}

testing_support::PathsAndContents as_paths(const Files& files) {
  return {files.begin(), files.end()};
}

// A sample of the same, with xorriso as the reader of the exported disc and of each session.
TEST_P(KilledAppend, IsReadRightByAnotherProgram) {
  const int commands = commands_of_an_append();
  constexpr int kSamples = 3;
  for (int i = 1; i <= kSamples; ++i) {
    const int k = commands * i / (kSamples + 1);
    SCOPED_TRACE(fmt::format("died at command {}", k));
    const testing_support::ScratchFolder folder;
    Desk desk;
    auto disc =
        simdrive::Disc::create_file(folder.path("killed.disc"), *simdrive::find_medium(medium()));
    ASSERT_TRUE(disc);
    desk.device->drive().insert(std::move(*disc));
    desk.burn_session(kOld);
    ASSERT_TRUE(append_and_die(desk, k));
    repeat_and_change(desk, 1);
    const auto sessions = desk.disc().sessions();
    desk.device->drive().remove_disc().reset();  // lets go of the file

    const auto exported = testing_support::run(
        {SIMDRIVE_PROGRAM, "export", folder.path("killed.disc"), folder.path("newest.iso")});
    ASSERT_EQ(exported.exit_status, 0) << exported.err;
    EXPECT_EQ(interop::read_with_xorriso(folder.path("newest.iso"), interop::Names::kJoliet),
              as_paths(after_change()));
    const auto plain = testing_support::run({SIMDRIVE_PROGRAM, "export", folder.path("killed.disc"),
                                             folder.path("plain.iso"), "--plain"});
    ASSERT_EQ(plain.exit_status, 0) << plain.err;
    const auto session = [&](Lba start) {
      return interop::read_session_with_xorriso(folder.path("plain.iso"), interop::Names::kJoliet,
                                                start.value);
    };
    EXPECT_EQ(session(sessions.front().start), as_paths(kOld));
    EXPECT_EQ(session(sessions.at(sessions.size() - 2).start), as_paths(after_append()));
    EXPECT_EQ(session(sessions.back().start), as_paths(after_change()));
  }
}

std::string as_name(std::string medium) {
  std::ranges::replace(medium, '+', 'p');
  std::erase(medium, '-');
  return medium;
}

INSTANTIATE_TEST_SUITE_P(WriteOnce, KilledAppend,
                         testing::Combine(testing::Values("cd-r-21", "dvd-r", "dvd-rw", "dvd+r",
                                                          "bd-r-25"),
                                          testing::Values(Death::kHostAlone, Death::kHostAndDrive)),
                         [](const auto& test) {
                           return as_name(std::get<0>(test.param)) +
                                  (std::get<1>(test.param) == Death::kHostAlone ? "HostAlone"
                                                                                : "HostAndDrive");
                         });

}  // namespace
}  // namespace pregroove::imapi
