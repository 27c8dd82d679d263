// Bootable images and discs as a user makes them: the options, what is said, and every refusal.
#include <fstream>
#include <sstream>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Boot : public ProgramTest {
 protected:
  void SetUp() override {
    folder().write("tree/boot/bios.bin", std::string(4000, 'b'));
    folder().write("tree/boot/efi.img", std::string(100'000, 'e'));
    folder().write("tree/short", std::string(63, 's'));
    folder().write("tree/empty", "");
  }
  ProcessResult make_image(std::vector<std::string> options) {
    options.insert(options.begin(), {"image", folder().path("boot.iso"), "--force", "--graft",
                                     "/=" + folder().path("tree")});
    return pregroove(options);
  }
  nlohmann::json listing() {
    const auto listed = pregroove({"ls", "-d", drive(), "--json"});
    EXPECT_EQ(listed.exit_status, 0) << listed.err;
    return nlohmann::json::parse(listed.out, nullptr, false);
  }
};

struct BadOptions {
  std::vector<std::string> options;
  int exit_status;
  std::string reason;
};

TEST_F(Boot, OptionsThatCannotBeMetAreRefusedBeforeThereIsAnImage) {
  const std::string code = folder().write("code", std::string(432, 'm'));
  const std::string sector = folder().write("sector", std::string(512, 'm'));
  const std::vector<BadOptions> all{
      {{"--boot-bios", "/nowhere"}, kRefused, "\"/nowhere\""},
      {{"--boot-bios", "/boot"}, kRefused, "folder"},
      {{"--boot-efi", "/empty"}, kRefused, "empty"},
      {{"--boot-bios", "/short", "--boot-info-table"}, kRefused, "63 bytes"},
      {{"--boot-bios", "/boot/bios.bin", "--mbr", sector}, kRefused, "440 bytes"},
      {{"--boot-efi", "/boot/efi.img", "--mbr", code}, kRefused, "--boot-bios"},
      {{"--boot-bios", "/boot/bios.bin", "--gpt"}, kRefused, "--boot-efi"},
      {{"--boot-load-size", "4"}, kWrongUsage, "--boot-bios"},
      {{"--boot-info-table"}, kWrongUsage, "--boot-bios"},
      {{"--boot-bios", "/boot/bios.bin", "--boot-load-size", "0"}, kWrongUsage, "range"},
      {{"--boot-bios", "/boot/bios.bin", "--boot-load-size", "65536"}, kWrongUsage, "range"},
  };
  for (const BadOptions& bad : all) {
    const auto refused = make_image(bad.options);
    EXPECT_EQ(refused.exit_status, bad.exit_status) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr(bad.reason));
    EXPECT_FALSE(std::filesystem::exists(folder().path("boot.iso"))) << bad.reason;
  }
}

TEST_F(Boot, ImagesAreTheSameWhenTheyAreMadeAgain) {
  const std::string code = folder().write("code", std::string(432, 'm'));
  const auto bytes = [&] {
    const auto made = pregroove(
        {"image", "-", "--graft", "/=" + folder().path("tree"), "--boot-bios", "/boot/bios.bin",
         "--boot-info-table", "--boot-efi", "/boot/efi.img", "--mbr", code, "--gpt"},
        {.environment = {"SOURCE_DATE_EPOCH=1700000000"}});
    EXPECT_EQ(made.exit_status, 0) << made.err;
    return made.out;
  };
  const std::string first = bytes();
  EXPECT_THAT(first, Not(IsEmpty()));
  EXPECT_TRUE(first == bytes());
}

TEST_F(Boot, DiscsSayWhatTheyBootAndGoOnWithIt) {
  make_disc();
  expect_burned({"--verify", "--graft", "/=" + folder().path("tree"), "--boot-bios",
                 "/boot/bios.bin", "--boot-load-size", "2", "--boot-efi", "boot/efi.img"});
  const auto first = listing();
  ASSERT_EQ(first["boot"]["entries"].size(), 2U);
  EXPECT_EQ(first["boot"]["entries"][0]["platform"], "BIOS");
  EXPECT_EQ(first["boot"]["entries"][0]["load_sectors"], 2);
  EXPECT_EQ(first["boot"]["entries"][1]["platform"], "EFI");
  for (const auto& file : first["files"]) {
    if (file["path"] == "/boot/efi.img") {
      EXPECT_EQ(first["boot"]["entries"][1]["lba"], file["extents"][0]["lba"]);
    }
  }

  const auto again = burn({folder().write("more.txt", "more"), "--boot-bios", "/boot/bios.bin"});
  EXPECT_EQ(again.exit_status, kRefused);
  EXPECT_THAT(again.err, AllOf(HasSubstr("first session"), HasSubstr("what to do:")));
  EXPECT_EQ(info()["sessions"].size(), 1U);

  const auto second = burn({folder().path("more.txt")});
  EXPECT_EQ(second.exit_status, 0);
  EXPECT_THAT(second.err, HasSubstr("booting what it boots now (BIOS, EFI)"));
  const auto both = listing();
  EXPECT_EQ(both["session"], 2);
  EXPECT_EQ(both["boot"], first["boot"]);
  EXPECT_THAT(pregroove({"ls", "-d", drive()}).err, HasSubstr("bootable: BIOS, EFI"));
}

TEST_F(Boot, FilesThatAreMissingLeaveTheDiscBlank) {
  make_disc();
  const auto refused = burn({folder().path("tree"), "--boot-bios", "/boot/bios.bin"});
  EXPECT_EQ(refused.exit_status, kRefused);
  EXPECT_THAT(refused.err, HasSubstr("\"/boot/bios.bin\""));
  EXPECT_EQ(info()["status"], "blank");
}

}  // namespace
}  // namespace pregroove::cli_tests
