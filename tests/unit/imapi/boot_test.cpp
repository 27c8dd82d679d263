// Discs that boot, and the sessions after (imapi.md M10).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/burn/session_import.h"
#include "engine/drive/inspection.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<image::BootFile> kBootFiles{
    {.path = "/boot.bin"}, {.platform = image::BootPlatform::kEfi, .path = "/efi.img"}};

class Boot : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { desk_.insert_blank(GetParam()); }
  void burn_bootable() {
    ASSERT_TRUE(desk_.select());
    ASSERT_TRUE(desk_.joliet.SetBootFiles(kBootFiles));
    // They are looked for when the disc is recorded.
    ASSERT_TRUE(desk_.add("/boot.bin", "bios"));
    ASSERT_TRUE(desk_.add("/efi.img", "efi"));
    const auto report = desk_.record();
    ASSERT_TRUE(report) << describe(report.error().cause);
    ASSERT_TRUE(desk_.master.Close());
  }
  std::optional<image::BootCatalog> catalog(int session) {
    drive::Drive drive(desk_.device->transport(), desk_.device->clock());
    const auto disc = drive::inspect(drive);
    const auto imported = burn::import_session(drive, *disc, session);
    EXPECT_TRUE(imported) << describe(imported.error());
    return imported->content.boot;
  }

  Desk desk_;
};

TEST_P(Boot, StaysWhenASessionFollows) {
  burn_bootable();
  const auto first = catalog(1);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(platforms_of(*first), "BIOS, EFI");
  ASSERT_TRUE(desk_.select());
  EXPECT_THAT(desk_.master.session_mode_reason(),
              HasSubstr("booting what it boots now (BIOS, EFI)"));
  ASSERT_TRUE(desk_.add("/more.txt", "more"));
  const auto report = desk_.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_THAT(report->warnings, Not(testing::Contains(HasSubstr("boot"))));
  EXPECT_EQ(catalog(2), first);
}

TEST_P(Boot, OfAReplacedFileIsTold) {
  burn_bootable();
  const auto first = catalog(1);
  ASSERT_TRUE(desk_.select());
  ASSERT_TRUE(desk_.add("/boot.bin", "newer", true));
  const auto report = desk_.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_THAT(report->warnings, testing::Contains(HasSubstr("boot entries")));
  EXPECT_EQ(catalog(2), first);
}

INSTANTIATE_TEST_SUITE_P(Media, Boot, testing::Values("cd-r-80", "dvd-r", "dvd+r", "dvd+rw"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name + (std::string(tested.param).contains('+') ? "Plus" : "");
                         });

TEST(BootFiles, ThatAreNotStagedAreRefusedBeforeAnythingIsWritten) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.SetBootFiles(kBootFiles));
  ASSERT_TRUE(desk.add("/efi.img", "efi"));
  const auto report = desk.record();
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().cause.message, HasSubstr("/boot.bin"));
  EXPECT_FALSE(report.error().cause.disc_touched);
  ASSERT_TRUE(desk.joliet.SetBootFiles({}));
  EXPECT_TRUE(desk.record());
}

TEST(BootFiles, AreForgottenAtClose) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.SetBootFiles(kBootFiles));
  ASSERT_TRUE(desk.master.Close());
  desk.burn_session({{"/a.txt", "a"}});
}

}  // namespace
}  // namespace pregroove::imapi
