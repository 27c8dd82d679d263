// The kernel mounts what was recorded on each kind of medium, the last session and an earlier one,
// within one boot: the disc in the drive is changed from outside, while the kernel runs.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "simdrive/hosts/vhost_user/vhost_user_server.h"
#include "tests/interop/kernel/kernel_test.h"

namespace pregroove::interop {
namespace {

using simdrive::hosts::ServedDrive;
using simdrive::hosts::vhost_user::VhostUserServer;

constexpr std::array kAllMedia{kCdR,       kCdRw,   kDvdR, kDvdRw, kDvdPlusR,
                               kDvdPlusRw, kDvdRam, kBdR,  kBdRe};
// xorriso keeps the descriptors of the first session of a disc without sessions there ("-toc").
constexpr const char* kFirstSessionAnywhere = "sbsector=32";
// isofs counts from 0, and counts tracks.
constexpr const char* kFirstTrack = "session=0";

// For each medium: ask for its disc, wait for it, copy what is mounted.
constexpr const char* kScript = R"(
mkdir /tmp/mnt
while [ $# -gt 0 ]; do
  : > "want.$1"
  until [ -e "there.$1" ]; do sleep 0.05; done
  for options in defaults "$2"; do
    mount -r -t iso9660 -o "$options" /dev/sr0 /tmp/mnt || exit 1
    cp -r /tmp/mnt "$1.$options" || exit 2
    umount /tmp/mnt || exit 3
  done
  shift 2
done
)";

class Mount : public KernelTest {
 protected:
  // A disc with two sessions of xorriso, and what is on it.
  struct Recorded {
    Medium medium;
    std::string file;
    PathsAndContents first;
    PathsAndContents last;
  };
  void record(const Medium& medium) {
    make_disc(medium.name);
    const std::string label = medium.label;
    const SourceTree first = tree(label + "-first");
    const SourceTree second = tree(label + "-second");
    ASSERT_TRUE(xorriso_adds(*this, first, Session::kFirst)) << medium.name;
    ASSERT_TRUE(xorriso_adds(*this, second, Session::kLater)) << medium.name;
    discs_.push_back(
        {medium, folder().path(label + ".disc"), first.files, both(first.files, second.files)});
    std::filesystem::rename(disc(), discs_.back().file);
  }
  // Changes the disc whenever the script asks for one, until it ends.
  void change_discs(ServedDrive& drive, const std::atomic<bool>& ended) const {
    for (const Recorded& disc : discs_) {
      const std::string want = in_working_folder(std::string("want.") + disc.medium.label);
      while (!std::filesystem::exists(want)) {
        if (ended) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      EXPECT_TRUE(drive.load(disc.file)) << disc.file;
      std::ofstream(in_working_folder(std::string("there.") + disc.medium.label));
    }
  }

  std::vector<Recorded> discs_;
};

TEST_F(Mount, FindsTheFilesOfBothSessionsOnEveryMedium) {
  Command arguments;
  for (const Medium& medium : kAllMedia) {
    record(medium);
    const bool sessions = medium.recording == Recording::kSequential;
    arguments.insert(arguments.end(),
                     {medium.label, sessions ? kFirstTrack : kFirstSessionAnywhere});
  }
  const auto drive = ServedDrive::open({});
  ASSERT_TRUE(drive);
  const std::string socket = folder().path("socket");
  const auto server = VhostUserServer::listen(**drive, socket);
  ASSERT_TRUE(server) << server.error().message;
  std::atomic<bool> ended = false;
  std::thread person([&] { change_discs(**drive, ended); });
  const auto result = run_script({"--connect", socket}, kScript, arguments);
  ended = true;
  person.join();
  EXPECT_EQ(result.exit_status, 0) << result.out << result.err;
  for (std::size_t i = 0; i < discs_.size(); ++i) {
    const std::string label = discs_[i].medium.label;
    EXPECT_TRUE(same_files(files_below(in_working_folder(label + ".defaults")), discs_[i].last))
        << label;
    EXPECT_TRUE(same_files(files_below(in_working_folder(label + "." + arguments[2 * i + 1])),
                           discs_[i].first))
        << label;
  }
}

}  // namespace
}  // namespace pregroove::interop
