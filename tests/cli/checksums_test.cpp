// verify, years later: the originals are gone, and the disc proves itself.
#include <fstream>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Checksums : public ProgramTest {
 protected:
  void SetUp() override { make_disc(); }

  // Changes one bit of what the disc stores, where this text is. Both sessions of the tests are in
  // the first part of the file, which is sparse behind it.
  void flip_a_bit_of(const std::string& text) const {
    constexpr std::size_t kSearched = std::size_t{32} << 20U;
    std::fstream disc(disc_file(), std::ios::binary | std::ios::in | std::ios::out);
    std::string bytes(kSearched, '\0');
    disc.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const std::size_t at = bytes.find(text);
    ASSERT_NE(at, std::string::npos) << text;
    disc.clear();
    disc.seekp(static_cast<std::streamoff>(at));
    disc.put(static_cast<char>(text[0] ^ 1));
  }
  [[nodiscard]] ProcessResult verify(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"verify", "-d", drive()});
    return pregroove(std::move(more));
  }
};

TEST_F(Checksums, ProveEveryFileOfEverySession) {
  folder().write("one/old.txt", "what the first session holds");
  folder().write("two/new.txt", "what the second session holds");
  expect_burned({folder().path("one")});
  expect_burned({folder().path("two")});
  const auto verified = verify();
  EXPECT_EQ(verified.exit_status, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("2 of 2 with content match"));
}

TEST_F(Checksums, NameTheFileThatIsNoLongerWhatItWas) {
  folder().write("one/old.txt", "what the first session holds");
  folder().write("two/new.txt", "what the second session holds");
  expect_burned({folder().path("one")});
  expect_burned({folder().path("two")});
  flip_a_bit_of("what the first session holds");
  const auto newest = verify();
  EXPECT_EQ(newest.exit_status, 1);
  EXPECT_THAT(newest.err, AllOf(HasSubstr("/one/old.txt"), HasSubstr("does not match"),
                                Not(HasSubstr("new.txt"))));
  EXPECT_THAT(newest.out, HasSubstr("1 of 2 with content match"));
  EXPECT_EQ(verify({"--session", "1"}).exit_status, 1);
}

TEST_F(Checksums, AreOfTheFoldersAsWell) {
  folder().write("one/PLAINNAME.TXT", "content");
  expect_burned({folder().path("one"), "--no-rock-ridge"});
  flip_a_bit_of("PLAINNAME.TXT");  // in the tree that is not looked at where there is Joliet
  const auto verified = verify();
  EXPECT_EQ(verified.exit_status, 1);
  EXPECT_THAT(verified.err, HasSubstr("the folders"));
}

TEST_F(Checksums, ThatAreDamagedAreToldAndTheFilesAreReadAllTheSame) {
  folder().write("one/file.txt", "content");
  expect_burned({folder().path("one")});
  flip_a_bit_of("PREGROOVE-SHA256");
  const auto verified = verify();
  EXPECT_EQ(verified.exit_status, 1);
  EXPECT_THAT(verified.err, HasSubstr("the stored checksums"));
  EXPECT_THAT(verified.out, HasSubstr("no checksums were stored"));
  EXPECT_EQ(pregroove({"extract", "-d", drive(), "--into", folder().path("back")}).exit_status, 0);
}

TEST_F(Checksums, CanBeLeftOut) {
  folder().write("one/file.txt", "content");
  expect_burned({"--no-checksums", folder().path("one")});
  const auto verified = verify();
  EXPECT_EQ(verified.exit_status, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("no checksums were stored"));
}

// A burn that carries on from a session without any stores those of its own files.
TEST_F(Checksums, AreKnownOfTheFilesThatHaveThem) {
  folder().write("one/old.txt", "content");
  folder().write("two/new.txt", "more");
  expect_burned({"--no-checksums", folder().path("one")});
  expect_burned({folder().path("two")});
  EXPECT_THAT(verify().out, HasSubstr("1 of 2 with content match"));
}

class LibisofsTags : public Checksums {
 protected:
  void burn_image_of_xorriso() const {
    folder().write("one/file.txt", "what xorriso wrote");
    const std::string image = folder().path("x.iso");
    const auto made = testing_support::run({"xorriso", "-as", "mkisofs", "--md5", "-quiet", "-J",
                                            "-r", "-o", image, folder().path("one")});
    ASSERT_EQ(made.exit_status, 0) << made.err;
    const auto written = pregroove({"write", "-d", drive(), image});
    ASSERT_EQ(written.exit_status, 0) << written.err;
  }
};

TEST_F(LibisofsTags, AreReadAsWell) {
  burn_image_of_xorriso();
  const auto verified = verify();
  EXPECT_EQ(verified.exit_status, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("1 of 1 with content match"));
}

TEST_F(LibisofsTags, TellThatTheSessionIsNoLongerWhatItWas) {
  burn_image_of_xorriso();
  flip_a_bit_of("what xorriso wrote");
  const auto verified = verify();
  EXPECT_EQ(verified.exit_status, 1);
  EXPECT_THAT(verified.err, HasSubstr("the session as a whole"));
}

}  // namespace
}  // namespace pregroove::cli_tests
