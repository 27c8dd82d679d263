// What a user sees: burning, looking, reading back, session by session.
#include <algorithm>
#include <csignal>
#include <fstream>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Sessions : public ProgramTest {
 protected:
  void SetUp() override { make_disc(); }
};

TEST_F(Sessions, BothAreInTheSecondAndTheFirstStaysAsItWas) {
  folder().write("one/a/old.txt", "old");
  folder().write("one/shared.txt", "first version");
  folder().write("two/b/new.txt", "new");
  folder().write("two/shared.txt", "second version");
  expect_burned({"--graft", "/=" + folder().path("one")});
  expect_burned({"--graft", "/=" + folder().path("two")});

  folder().write("merged/a/old.txt", "old");
  folder().write("merged/b/new.txt", "new");
  folder().write("merged/shared.txt", "second version");
  expect_equal(folder().path("merged"));
  expect_equal(folder().path("one"), "1");
  const auto listing = pregroove({"ls", "-d", drive()});
  EXPECT_THAT(listing.out, AllOf(HasSubstr("/a/old.txt"), HasSubstr("/b/new.txt")));
  const auto first = pregroove({"ls", "-d", drive(), "--session", "1"});
  EXPECT_THAT(first.out, AllOf(HasSubstr("/a/old.txt"), Not(HasSubstr("/b/new.txt"))));
}

class EveryMedium : public ProgramTest, public testing::WithParamInterface<std::string> {};

TEST_P(EveryMedium, TakesASessionMore) {
  make_disc(GetParam());
  folder().write("one/a/old.txt", "old");
  folder().write("one/shared.txt", std::string(100'000, '1'));
  folder().write("two/b/new.txt", "new");
  folder().write("two/shared.txt", std::string(90'000, '2'));
  expect_burned({"--verify", "--graft", "/=" + folder().path("one")});
  expect_equal(folder().path("one"));
  expect_burned({"--verify", "--graft", "/=" + folder().path("two")});
  folder().write("merged/a/old.txt", "old");
  folder().write("merged/b/new.txt", "new");
  folder().write("merged/shared.txt", std::string(90'000, '2'));
  expect_equal(folder().path("merged"));
  expect_equal(folder().path("one"), "1");
  EXPECT_EQ(info()["sessions"].size(), 2U);
}

// A DVD+R DL whose first session is long enough by itself.
class Udf : public ProgramTest, public testing::WithParamInterface<std::string> {};

TEST_P(Udf, IsInTheFirstSessionAlone) {
  make_disc(GetParam());
  folder().write("one/file.txt", "first");
  folder().write("two/more.txt", "second");
  expect_burned({"--udf", "--verify", "--graft", "/=" + folder().path("one")});
  expect_equal(folder().path("one"));
  const std::string exported = folder().path("exported.iso");
  ASSERT_EQ(simdrive({"export", disc_file(), exported, "--plain"}).exit_status, 0);
  const auto info = testing_support::run({"udfinfo", exported});
  EXPECT_EQ(info.exit_status, 0) << info.err;
  EXPECT_THAT(info.out, AllOf(HasSubstr("udfrev=1.02"), HasSubstr("numfiles=1")));

  const auto refused = burn({"--udf", folder().path("two")});
  EXPECT_EQ(refused.exit_status, 3);
  EXPECT_THAT(refused.err, HasSubstr("first session"));
  const auto appended = burn({folder().path("two")});
  EXPECT_EQ(appended.exit_status, 0) << appended.err;
  EXPECT_THAT(appended.err, HasSubstr("prefer UDF"));
}

INSTANTIATE_TEST_SUITE_P(Media, Udf,
                         testing::Values("cd-r-80", "dvd-r", "dvd+rw", "dvd-ram", "bd-r-25",
                                         "bd-re-25"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           std::ranges::replace(name, '+', 'p');
                           return name;
                         });

class DualLayer : public ProgramTest {};

TEST_F(DualLayer, TakesSessionsBehindALongOne) {
  make_disc("dvd+r-dl");
  folder().write("one/small.txt", "first");
  const std::string long_file = folder().path("one/long");
  std::ofstream(long_file).close();
  std::filesystem::resize_file(long_file, std::uintmax_t{513} << 20U);
  expect_burned({"--graft", "/=" + folder().path("one")});
  expect_equal(folder().path("one"));
  for (const char* name : {"two", "three"}) {
    folder().write(fmt::format("one/{}.txt", name), name);
    expect_burned({"--update", "--graft", "/=" + folder().path("one")});
    expect_equal(folder().path("one"));
  }
  EXPECT_EQ(info()["sessions"].size(), 3U);
  const auto closed = pregroove({"close", "-d", drive()});
  EXPECT_EQ(closed.exit_status, 0) << closed.err;
  EXPECT_EQ(burn({folder().path("one")}).exit_status, 3);
  expect_equal(folder().path("one"));
}

INSTANTIATE_TEST_SUITE_P(Media, EveryMedium,
                         testing::Values("cd-r-80", "cd-rw-80", "dvd-r", "dvd-rw", "dvd-ram",
                                         "dvd+r", "dvd+rw", "bd-r-25", "bd-r-100", "bd-re-25",
                                         "bd-re-50"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '+', 'p');
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(Sessions, APathGoesToTheRootUnderItsOwnName) {
  folder().write("photos/2026/one.jpg", "jpg");
  expect_burned({folder().path("photos")});
  expect_burned({folder().path("photos/")});
  const auto listing = pregroove({"ls", "-d", drive()});
  EXPECT_THAT(listing.out, HasSubstr("/photos/2026/one.jpg"));
  EXPECT_THAT(listing.out, Not(HasSubstr("/photos/photos")));
}

TEST_F(Sessions, AreExtractedWithContentAndTime) {
  const std::string file = folder().write("src/sub/file.txt", "content");
  const auto time = std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::from_sys(
      std::chrono::sys_seconds(std::chrono::seconds(1'000'000'000))));
  std::filesystem::last_write_time(file, time);
  expect_burned({folder().path("src")});
  const auto result = pregroove({"extract", "-d", drive(), "-o", folder().path("out")});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  std::ifstream stream(folder().path("out/src/sub/file.txt"));
  std::string content;
  std::getline(stream, content);
  EXPECT_EQ(content, "content");
  EXPECT_EQ(std::filesystem::last_write_time(folder().path("out/src/sub/file.txt")), time);
}

TEST_F(Sessions, AreExtractedInPartWhenAPathIsNamed) {
  folder().write("src/wanted/file.txt", "x");
  folder().write("src/other.txt", "y");
  expect_burned({folder().path("src")});
  const auto result =
      pregroove({"extract", "-d", drive(), "-o", folder().path("out"), "/src/wanted"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(std::filesystem::exists(folder().path("out/src/wanted/file.txt")));
  EXPECT_FALSE(std::filesystem::exists(folder().path("out/src/other.txt")));
}

TEST_F(Sessions, CostWhatInfoSaidBefore) {
  folder().write("src/file.txt", "x");
  const auto blank = info();
  EXPECT_EQ(blank["status"], "blank");
  EXPECT_EQ(blank["sessions"].size(), 0U);
  EXPECT_EQ(blank["next_session"]["gap_after_blocks"], 11'400);
  EXPECT_EQ(blank["next_session"]["later_gap_blocks"], 6'900);

  expect_burned({folder().path("src")});
  const auto open = info();
  EXPECT_EQ(open["status"], "appendable");
  ASSERT_EQ(open["sessions"].size(), 1U);
  const int lead_out = open["sessions"][0]["lead_out"];
  EXPECT_EQ(open["next_session"]["start"], lead_out + 11'400);
  EXPECT_EQ(open["next_session"]["gap_after_blocks"], 6'900);

  expect_burned({folder().path("src")});
  const auto twice = info();
  const int second_lead_out = twice["sessions"][1]["lead_out"];
  EXPECT_EQ(twice["next_session"]["start"], second_lead_out + 6'900);

  expect_burned({"--close", folder().path("src")});
  const auto closed = info();
  EXPECT_EQ(closed["status"], "closed");
  EXPECT_EQ(closed["sessions"].size(), 3U);
  EXPECT_EQ(closed["free_blocks"], 0);
  EXPECT_EQ(closed["next_session"]["possible"], false);
}

TEST_F(Sessions, InfoTellsMicrosoftsNumbersBesideTheRealOnes) {
  const auto text = pregroove({"info", "-d", drive()});
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("11400"), HasSubstr("21 MB"), HasSubstr("6900"), HasSubstr("11 MB")));
}

TEST_F(Sessions, DryRunShowsThePlanAndWritesNothing) {
  folder().write("src/file.txt", "x");
  const auto result = burn({"--dry-run", folder().path("src")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("WRITE"), HasSubstr("CLOSE SESSION 1")));
  EXPECT_EQ(info()["status"], "blank");
}

TEST_F(Sessions, SimulatingWritesNothing) {
  folder().write("src/file.txt", "x");
  const auto result = burn({"--simulate", folder().path("src")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("simulated"));
  EXPECT_EQ(info()["status"], "blank");
}

TEST_F(Sessions, BurnTellsItsResultAsJson) {
  folder().write("src/file.txt", "x");
  const auto result = burn({"--json", "--verify", folder().path("src")});
  const auto json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out;
  EXPECT_EQ(json["session"], 1);
  EXPECT_EQ(json["verified"], true);
  EXPECT_EQ(json["status"], "appendable");
}

TEST_F(Sessions, AnImageFileHoldsWhatADiscWouldHold) {
  folder().write("src/file.txt", "x");
  const std::string image = folder().path("out.iso");
  const std::string again = folder().path("again.iso");
  const ProcessOptions fixed{.environment = {"SOURCE_DATE_EPOCH=1700000000"}};
  for (const std::string& file : {image, again})
    ASSERT_EQ(pregroove({"image", file, "--checksums", folder().path("src")}, fixed).exit_status,
              0);
  ASSERT_EQ(burn({folder().path("src")}, fixed).exit_status, 0);
  const std::string exported = folder().path("exported.iso");
  ASSERT_EQ(simdrive({"export", disc_file(), exported, "--plain"}).exit_status, 0);

  const auto read = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string bytes = read(image);
  EXPECT_FALSE(bytes.empty());
  EXPECT_EQ(bytes, read(again)) << "the same input must give the same bytes";
  EXPECT_EQ(bytes, read(exported).substr(0, bytes.size()));
}

// The shell's own descriptor is written to, where it stands; a reader that goes away ends the
// program.
TEST_F(Sessions, AnImageOnStandardOutputLeavesTheRestOfTheFileAlone) {
  const std::string file = folder().write("src/file.txt", "x");
  const std::string out = folder().path("out");
  const std::string command =
      "(echo HEADER; '" PREGROOVE_PROGRAM "' image - '" + file + "'; echo TRAILER) > '" + out + "'";
  ASSERT_EQ(testing_support::run({"sh", "-c", command}).exit_status, 0);
  std::ifstream stream(out, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(stream), {});
  EXPECT_EQ(bytes.substr(0, 7), "HEADER\n");
  EXPECT_EQ(bytes.substr(bytes.size() - 8), "TRAILER\n");
  const auto cut = testing_support::run(
      {"bash", "-c",
       "'" PREGROOVE_PROGRAM "' image - '" + file + "' | head -c 10; exit ${PIPESTATUS[0]}"});
  EXPECT_EQ(cut.exit_status, 1);
}

TEST_F(Sessions, ABurnGoesOnWhenNobodyReadsItsProgress) {
  folder().write("src/file.txt", std::string(1'000'000, 'x'));
  const std::string burn =
      "'" PREGROOVE_PROGRAM "' burn -d '" + drive() + "' '" + folder().path("src") + "'";
  EXPECT_EQ(testing_support::run(
                {"bash", "-c", burn + " 2>&1 >/dev/null | head -c 1; exit ${PIPESTATUS[0]}"})
                .exit_status,
            0);
  EXPECT_EQ(testing_support::run({"bash", "-c", burn + " 2>/dev/full"}).exit_status, 0);
  EXPECT_EQ(testing_support::run({"bash", "-c", burn + " 2>&-"}).exit_status, 0);
  EXPECT_EQ(info()["sessions"].size(), 3U);
}

TEST_F(Sessions, AResultThatCannotBeToldIsNoSuccess) {
  const std::string info = "'" PREGROOVE_PROGRAM "' info -d '" + drive() + "'";
  EXPECT_EQ(testing_support::run({"bash", "-c", info + " > /dev/full"}).exit_status, 1);
  EXPECT_EQ(testing_support::run({"bash", "-c", info + " >&-"}).exit_status, 1);
  EXPECT_EQ(testing_support::run(
                {"bash", "-c", "'" SIMDRIVE_PROGRAM "' info '" + disc_file() + "' > /dev/full"})
                .exit_status,
            1);
}

TEST_F(Sessions, VerifyMissesAFileThatIsNotOnTheDisc) {
  folder().write("src/there.txt", "x");
  expect_burned({"--graft", "/=" + folder().path("src")});
  folder().write("src/missing.txt", "y");
  const auto result = pregroove({"verify", "-d", drive(), "--compare", folder().path("src")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("missing.txt"));
}

TEST_F(Sessions, VerifyTellsWhereAFileDiffers) {
  constexpr std::size_t kPlace = 70'123;
  std::string content(200'000, 'a');
  folder().write("src/file.txt", content);
  expect_burned({"--graft", "/=" + folder().path("src")});
  content[kPlace] = 'b';
  folder().write("src/file.txt", content);
  const auto result = pregroove({"verify", "-d", drive(), "--compare", folder().path("src")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("at byte 70123,"));
}

TEST_F(Sessions, ReadingDoesWithoutPermissionToWriteTheDiscFile) {
  namespace fs = std::filesystem;
  expect_burned({folder().write("src/file.txt", "content")});
  fs::permissions(folder().path(""), fs::perms::others_read | fs::perms::others_exec,
                  fs::perm_options::add);
  fs::permissions(disc_file(), fs::perms::owner_read | fs::perms::others_read);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"ls"}, {"info"}, {"verify"}, {"validate"}}) {
    std::vector<std::string> words = command;
    words.insert(words.end(), {"-d", drive()});
    const auto result = pregroove(words, {.as_nobody = true});
    EXPECT_EQ(result.exit_status, 0) << command.front() << ": " << result.err;
  }
  const auto refused = burn({folder().path("src/file.txt")}, {.as_nobody = true});
  EXPECT_EQ(refused.exit_status, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("ermission denied"), HasSubstr("what to do:")));
}

TEST_F(Sessions, ADiscThatIsReadTakesMoreReadersAndNoBurn) {
  expect_burned({folder().write("src/file.txt", "content")});
  const auto beside_a_reader = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"flock", "--shared", disc_file(), PREGROOVE_PROGRAM});
    return testing_support::run(words);
  };
  EXPECT_EQ(beside_a_reader({"ls", "-d", drive()}).exit_status, 0);
  const auto refused = beside_a_reader({"burn", "-d", drive(), folder().path("src")});
  EXPECT_EQ(refused.exit_status, 3);
  EXPECT_THAT(refused.err, HasSubstr("is in another drive"));
}

TEST_F(Sessions, AFullHostDiskIsToldApartFromABadDisc) {
  folder().write("src/file.bin", std::string(4'000'000, 'x'));
  // A limit of 2 MiB on the file stands in for a full disk.
  const auto result =
      testing_support::run({"bash", "-c",
                            "trap '' XFSZ; ulimit -f 2048; exec '" PREGROOVE_PROGRAM "' burn -d '" +
                                drive() + "' '" + folder().path("src") + "'"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot write \"" + disc_file()));
  EXPECT_EQ(info()["sessions"].size(), 0U);
}

TEST_F(Sessions, UnfinishedOutputNeverTakesTheNameOfAnotherFile) {
  const std::string file = folder().write("src/file.txt", "x");
  const std::string other = folder().write("out.iso.partial", "mine");
  ASSERT_EQ(pregroove({"image", folder().path("out.iso"), file}).exit_status, 0);
  EXPECT_EQ(std::filesystem::file_size(other), 4U);
}

TEST_F(Sessions, AFileThatShrinksWhileItIsBurnedIsReportedAndTheDiscStaysGood) {
  const std::string big = folder().path("src/big.bin");
  folder().write("src/small.txt", "small");
  std::ofstream(big).close();
  std::filesystem::resize_file(big, std::uintmax_t{600} << 20U);
  const auto result =
      burn({folder().path("src")}, {.when_told = "writing", .then = [&](int process) {
                                      ::kill(process, SIGSTOP);
                                      std::filesystem::resize_file(big, 10);
                                      ::kill(process, SIGCONT);
                                    }});
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("big.bin"), HasSubstr("what to do")));
  const auto verified = pregroove({"verify", "-d", drive()});
  EXPECT_EQ(verified.exit_status, 1);
  EXPECT_THAT(verified.err, AllOf(HasSubstr("/src/big.bin"), HasSubstr("not burned whole"),
                                  Not(HasSubstr("small.txt"))));
  const auto listing = pregroove({"ls", "-d", drive()});
  EXPECT_THAT(listing.out, HasSubstr("/src/small.txt"));
}

}  // namespace
}  // namespace pregroove::cli_tests
