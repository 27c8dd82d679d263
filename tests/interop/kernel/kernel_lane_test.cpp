// What a program finds under the kernel, and what comes back from it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/interop/kernel/kernel_test.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::ProcessOptions;
using testing_support::ProcessResult;

// Every byte but zero.
std::string all_bytes() {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  return all;
}

TEST_F(KernelTest, HandsAProgramOverAsItIs) {
  make_disc("cd-r-80");
  const std::string argument = all_bytes();
  const std::string input = noise(300'000, "input");
  std::ofstream(in_working_folder("input"), std::ios::binary) << input;
  const ProcessResult result = run_script(
      {"--disc", disc()},
      "cat > copy; printf %s \"$1\" > argument; printf %s \"$ODD\" > variable; echo \"$#\";"
      "printf 'no newline' >&2; umask > mask; touch /usr/file /tmp/file && exit 1; test -e "
      "/tmp/file || exit 2; test -t 1 && exit 3; exit 42",
      {argument, "", "a b"}, {.environment = {"ODD=" + argument}});
  EXPECT_EQ(result.exit_status, 42) << result.out << result.err;
  EXPECT_EQ(result.out, "3\n");
  EXPECT_THAT(result.err, testing::StartsWith("no newline"));
  EXPECT_EQ(content_of_file(in_working_folder("argument")), argument);
  EXPECT_EQ(content_of_file(in_working_folder("variable")), argument);
  EXPECT_TRUE(content_of_file(in_working_folder("copy")) == input);
}

TEST_F(KernelTest, ShowsTheDriveInEveryWayOfTheKernel) {
  make_disc("dvd+r");
  const ProcessResult result = run_script(
      "cat /proc/sys/dev/cdrom/info /sys/block/sr0/device/vendor /sys/block/sr0/device/type;"
      "ls /sys/class/scsi_generic /sys/bus/scsi/devices; id -u;"
      "dvd+rw-mediainfo /dev/sr0; dvd+rw-mediainfo /dev/sg0 | grep Mounted;"
      "xorriso -devices; wodim dev=/dev/sg0 -inq; cat /proc/scsi/scsi 2>/dev/null; true");
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("Can write CD-R:\t\t1"));
  EXPECT_THAT(result.out, HasSubstr("Can write DVD-R:\t1"));
  EXPECT_THAT(result.out, HasSubstr("Can write RAM:\t\t1"));
  EXPECT_THAT(result.out, HasSubstr("drive name:\t\tsr0"));
  EXPECT_THAT(result.out, HasSubstr("PREGROOV"));
  EXPECT_THAT(result.out, HasSubstr("sg0"));
  EXPECT_THAT(result.out, HasSubstr("0:0:0:0"));
  EXPECT_THAT(result.out, HasSubstr("Mounted Media:         1Bh, DVD+R"));
  EXPECT_THAT(result.out + result.err, HasSubstr("-dev '/dev/sr0'"));
  EXPECT_THAT(result.out, HasSubstr("SIMDRIVE"));
}

TEST_F(KernelTest, GivesTheStatusOfAShellForProgramsThatCannotRun) {
  make_disc("cd-r-80");
  const ProcessResult missing = testing_support::run(
      {SIMDRIVE_PROGRAM, "run", "--kernel", "--disc", disc(), "--", "no-such-program"});
  EXPECT_EQ(missing.exit_status, 127);
  EXPECT_THAT(missing.err, HasSubstr("no-such-program"));
}

TEST_F(KernelTest, NamesThePackageThatIsMissing) {
  const ProcessResult result =
      testing_support::run({SIMDRIVE_PROGRAM, "run", "--kernel", "--", "true"},
                           {.environment = {"PATH=" + working_folder()}});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, HasSubstr("user-mode-linux"));
}

TEST_F(KernelTest, EndsWithItsSignalAndLeavesNothingBehind) {
  for (const int signal : {SIGTERM, SIGINT}) {
    std::filesystem::create_directories(folder().path("temporary"));
    const ProcessResult result = testing_support::run(
        {SIMDRIVE_PROGRAM, "run", "--kernel", "--", "sh", "-c", "echo up >&2; sleep 1000"},
        {.environment = {"TMPDIR=" + folder().path("temporary")},
         .when_told = "up",
         .then = [signal](int process) { ::kill(process, signal); }});
    EXPECT_EQ(result.exit_status, 128 + signal) << result.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder().path("temporary")));
  }
}

TEST_F(KernelTest, NeedsNoRightsOfRoot) {
  make_disc("cd-r-80");
  namespace fs = std::filesystem;
  for (const auto& path : {folder().path(), working_folder(), disc(), in_working_folder("input")})
    fs::permissions(path, fs::perms::all);
  const ProcessResult result = run_script(
      {"--disc", disc()}, "id -u; dd if=/dev/zero of=made bs=1 count=5", {}, {.as_nobody = true});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out, "0\n");
  EXPECT_EQ(fs::file_size(in_working_folder("made")), 5U);
}

TEST_F(KernelTest, LetsGrowisofsAddSessionsAndMountThem) {
  make_disc("dvd+r");
  const SourceTree first = tree_in_working_folder("first");
  const SourceTree second = tree_in_working_folder("second");
  const ProcessResult result = run_script(
      "set -e; growisofs -Z /dev/sr0 -R -J -quiet tree-first;"
      "growisofs -M /dev/sr0 -R -J -quiet tree-second;"
      "mkdir /tmp/mnt; mount -r /dev/sr0 /tmp/mnt; cp -r /tmp/mnt mounted");
  ASSERT_EQ(result.exit_status, 0) << result.out << result.err;
  EXPECT_TRUE(
      same_files(files_below(in_working_folder("mounted")), both(first.files, second.files)));
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
  EXPECT_EQ(closed_sessions(), 2U);
}

// The kernel keeps what it knew of a blank disc until the tray has been open; growisofs opens it by
// itself, the others leave it to their user. The mount closes it.
TEST_F(KernelTest, LetsXorrisoAndPregrooveAddSessions) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "under user-mode Linux no program can have the address sanitizer's shadow memory";
#endif
  make_disc("cd-r-80");
  const SourceTree first = tree_in_working_folder("first");
  const SourceTree second = tree_in_working_folder("second");
  std::filesystem::copy(PREGROOVE_PROGRAM, in_working_folder("pregroove"));
  const ProcessResult result = run_script(
      "set -e; xorriso -outdev /dev/sr0 -joliet on -map tree-first/first /first -commit;"
      "./pregroove burn -d /dev/sr0 tree-second/second;"
      "xorriso -dev /dev/sr0 -eject all;"
      "mkdir /tmp/mnt; mount -r -o norock /dev/sr0 /tmp/mnt; cp -r /tmp/mnt mounted");
  ASSERT_EQ(result.exit_status, 0) << result.out << result.err;
  EXPECT_TRUE(
      same_files(files_below(in_working_folder("mounted")), both(first.files, second.files)));
  EXPECT_EQ(closed_sessions(), 2U);
}

// The kernel's UDF, which no other reader of the tests shares code with.
TEST_F(KernelTest, MountsTheUdfThatPregrooveWrites) {
  make_disc("dvd+r");
  const SourceTree first = tree_in_working_folder("first");
  const ProcessResult burned = testing_support::run(
      {PREGROOVE_PROGRAM, "burn", "-d", "sim:" + disc(), "--udf", "--graft", "/=" + first.root});
  ASSERT_EQ(burned.exit_status, 0) << burned.err;
  const ProcessResult result = run_script(
      "set -e; modprobe -d /run/modules udf; mkdir /tmp/mnt;"
      "mount -r -t udf /dev/sr0 /tmp/mnt; cp -r /tmp/mnt mounted");
  ASSERT_EQ(result.exit_status, 0) << result.out << result.err;
  EXPECT_TRUE(same_files(files_below(in_working_folder("mounted")), first.files));
}

TEST_F(KernelTest, MountsUdfWithoutIso9660) {
  const std::pair<const char*, const char*> kCases[] = {
      {"2.01", "bd-r-25"}, {"2.50", "bd-r-25"}, {"2.01", "dvd-r"}, {"2.50", "dvd+rw"}};
  for (const auto& [revision, medium] : kCases) {
    make_disc(medium);
    const std::string mounted = fmt::format("mounted-{}-{}", revision, medium);
    const SourceTree tree = tree_in_working_folder(std::string(revision) + medium);
    const ProcessResult burned =
        testing_support::run({PREGROOVE_PROGRAM, "burn", "-d", "sim:" + disc(), "--udf-only",
                              revision, "--graft", "/=" + tree.root});
    ASSERT_EQ(burned.exit_status, 0) << burned.err;
    const ProcessResult result = run_script(
        "set -e; modprobe -d /run/modules udf; mkdir /tmp/mnt;"
        "mount -r -t udf /dev/sr0 /tmp/mnt; cp -r /tmp/mnt $1",
        {mounted});
    ASSERT_EQ(result.exit_status, 0) << result.out << result.err;
    EXPECT_TRUE(same_files(files_below(in_working_folder(mounted)), tree.files)) << mounted;
    std::filesystem::remove(disc());
  }
}

// Small files in their entries, holes, links, and with the second options a sparing table and long
// allocation descriptors.
class KernelUdf : public KernelTest, public testing::WithParamInterface<const char*> {};

TEST_P(KernelUdf, ReadsWhatTheKernelWrote) {
  make_disc("dvd-ram");
  const SourceTree tree = tree_in_working_folder("tree");
  const ProcessResult result = run_script(
      "set -e; modprobe -d /run/modules udf; mkdir /tmp/mnt;"
      "mkudffs --label=kernel $1 /dev/sr0; mount -t udf /dev/sr0 /tmp/mnt;"
      "cp -r tree-tree/tree /tmp/mnt/; cd /tmp/mnt; ln -s tree/link link; ln tree/empty hard;"
      "truncate -s 3000000 hole; printf end >> hole; printf gone > gone; rm gone; cd /;"
      "umount /tmp/mnt",
      {GetParam()});
  ASSERT_EQ(result.exit_status, 0) << result.out << result.err;
  const ProcessResult extracted = testing_support::run(
      {PREGROOVE_PROGRAM, "extract", "-d", "sim:" + disc(), "-o", in_working_folder("back")});
  ASSERT_EQ(extracted.exit_status, 0) << extracted.err;
  EXPECT_THAT(extracted.err, HasSubstr("UDF"));
  EXPECT_EQ(std::filesystem::read_symlink(in_working_folder("back/link")), "tree/link");
  std::filesystem::remove(in_working_folder("back/link"));
  PathsAndContents expected = tree.files;
  expected["/hole"] = std::string(3'000'000, '\0') + "end";
  expected["/hard"] = "";
  EXPECT_TRUE(same_files(files_below(in_working_folder("back")), expected));
  const ProcessResult burned =
      testing_support::run({PREGROOVE_PROGRAM, "burn", "-d", "sim:" + disc(), tree.folder});
  EXPECT_EQ(burned.exit_status, 3) << burned.err;
  EXPECT_THAT(burned.err, HasSubstr("UDF"));
}

INSTANTIATE_TEST_SUITE_P(Revisions, KernelUdf,
                         testing::Values("--media-type=dvdram --udfrev=2.01",
                                         "--media-type=dvdrw --ad=long",
                                         "--media-type=cdrw --udfrev=1.50",
                                         "--media-type=dvdram --udfrev=1.02 --ad=short"));

}  // namespace
}  // namespace pregroove::interop
