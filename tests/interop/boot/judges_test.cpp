// What other programs read in our boot catalogs and partition tables, and we in theirs.
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/image/import.h"
#include "tests/interop/boot/boot_test.h"

namespace pregroove::interop {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Judges : public BootTest {
 protected:
  void SetUp() override {
    PREGROOVE_NEEDS_PROGRAM("mformat");
    write_bios_file();
    write_efi_file();
  }
  static image::Imported imported(const std::string& path) {
    auto file = image::FileBlockReader::open(path);
    EXPECT_TRUE(file.has_value()) << path;
    auto result = image::import_session(*file, {0});
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return *std::move(result);
  }
  static Lba lba_of(const image::Imported& session, const std::string& path) {
    return std::get<image::OldExtents>(session.tree.find_file(path)->content).extents.at(0).lba;
  }
  std::string extracted(const std::string& image, const std::string& path) {
    const std::string to = folder().path("extracted");
    std::filesystem::remove(to);
    told_by({"xorriso", "-osirrox", "on", "-indev", image, "-extract", path, to});
    std::stringstream content;
    content << std::ifstream(to, std::ios::binary).rdbuf();
    return content.str();
  }
};

const std::vector<std::string> kBoth{"--boot-bios", "/boot/bios.bin", "--boot-info-table",
                                     "--boot-efi", "/boot/efi.img"};

TEST_F(Judges, XorrisoFindsTheCatalogAndTheFilesBehindIt) {
  const std::string image = image_with(kBoth);
  const auto session = imported(image);
  const std::string told = told_by({"xorriso", "-indev", image, "-report_el_torito", "plain"});
  EXPECT_THAT(told, ContainsRegex("El Torito catalog  : [0-9]+  1\n"));
  EXPECT_THAT(told,
              ContainsRegex(fmt::format("boot img :   1  BIOS  y   none  0x0000  0x00 +4 +{}\n",
                                        lba_of(session, "/boot/bios.bin").value)));
  EXPECT_THAT(told,
              ContainsRegex(fmt::format("boot img :   2  UEFI  y   none  0x0000  0x00 +2880 +{}\n",
                                        lba_of(session, "/boot/efi.img").value)));
  EXPECT_THAT(told, ContainsRegex("img path :   1  /boot/bios.bin"));
  EXPECT_THAT(told, ContainsRegex("img opts :   1  boot-info-table"));
  EXPECT_THAT(told, ContainsRegex("img path :   2  /boot/efi.img"));
}

TEST_F(Judges, IsoinfoFindsTheDefaultEntry) {
  const std::string image = image_with(kBoth);
  const std::string told = told_by({"isoinfo", "-d", "-i", image});
  EXPECT_THAT(told, HasSubstr("El Torito VD version 1 found"));
  EXPECT_THAT(told, HasSubstr("Key 55 AA"));
  EXPECT_THAT(told, HasSubstr("Bootid 88 (bootable)"));
  EXPECT_THAT(told, HasSubstr("No Emulation Boot"));
  EXPECT_THAT(told, ContainsRegex(fmt::format("Bootoff [0-9A-F]+ {}\n",
                                              lba_of(imported(image), "/boot/bios.bin").value)));
}

// Only the address of the file itself may differ.
TEST_F(Judges, XorrisoWritesTheSameBootInfoTable) {
  for (const std::size_t size : {64U, 2047U, 40'001U}) {
    std::string content;
    for (std::size_t i = 0; i < size; ++i) content += static_cast<char>(i * 11 + i / 99);
    folder().write("tree/boot/bios.bin", content);
    const std::string theirs = folder().path("theirs.iso");
    std::filesystem::remove(theirs);
    told_by({"xorriso", "-as", "mkisofs", "-o", theirs, "-b", "boot/bios.bin", "-no-emul-boot",
             "-boot-info-table", folder().path("tree")});
    std::string ours = extracted(image_with(kBoth), "/boot/bios.bin");
    const std::string wanted = extracted(theirs, "/boot/bios.bin");
    ASSERT_EQ(ours.size(), wanted.size());
    ours.replace(12, 4, wanted, 12, 4);
    EXPECT_TRUE(ours == wanted) << size;
  }
}

TEST_F(Judges, TheImportFindsTheBootFilesOfXorrisoAndGenisoimage) {
  const std::string tree = folder().path("tree");
  for (const char* program : {"xorriso", "genisoimage"}) {
    const std::string theirs = folder().path(std::string(program) + ".iso");
    std::vector<std::string> command{program};
    if (command.front() == "xorriso") command.insert(command.end(), {"-as", "mkisofs"});
    command.insert(command.end(),
                   {"-R", "-o", theirs, "-b", "boot/bios.bin", "-no-emul-boot", "-boot-load-size",
                    "4", "-eltorito-alt-boot", "-e", "boot/efi.img", "-no-emul-boot", tree});
    told_by(command);
    const auto session = imported(theirs);
    ASSERT_TRUE(session.boot.has_value()) << program;
    ASSERT_EQ(session.boot->entries.size(), 2U) << program;
    EXPECT_EQ(session.boot->entries[0],
              (image::BootEntry{.load_sectors = 4, .start = lba_of(session, "/boot/bios.bin")}));
    EXPECT_EQ(session.boot->entries[1].platform, image::BootPlatform::kEfi);
    EXPECT_EQ(session.boot->entries[1].start, lba_of(session, "/boot/efi.img"));
  }
}

TEST_F(Judges, SfdiskReadsTheMbr) {
  PREGROOVE_NEEDS_PROGRAM("sfdisk");
  std::vector<std::string> options = kBoth;
  options.insert(options.end(), {"--mbr", boot_code()});
  const std::string image = image_with(options);
  const auto table = nlohmann::json::parse(told_by({"sfdisk", "--json", image}))["partitiontable"];
  EXPECT_EQ(table["label"], "dos");
  ASSERT_EQ(table["partitions"].size(), 2U);
  EXPECT_EQ(table["partitions"][0]["start"], 0);
  EXPECT_EQ(table["partitions"][0]["size"], std::filesystem::file_size(image) / 512);
  EXPECT_EQ(table["partitions"][0]["bootable"], true);
  EXPECT_EQ(table["partitions"][1]["type"], "ef");
  EXPECT_EQ(table["partitions"][1]["start"], lba_of(imported(image), "/boot/efi.img").value * 4);
  EXPECT_EQ(table["partitions"][1]["size"], 2880);
  EXPECT_THAT(told_by({"xorriso", "-indev", image, "-report_system_area", "plain"}),
              AllOf(HasSubstr("MBR cyl-align-on"),
                    ContainsRegex("MBR partition path :   2  /boot/efi.img")));
}

TEST_F(Judges, SgdiskSfdiskAndXorrisoFindNoFaultInTheGpt) {
  PREGROOVE_NEEDS_PROGRAM("sgdisk");
  PREGROOVE_NEEDS_PROGRAM("sfdisk");
  std::vector<std::string> options = kBoth;
  options.insert(options.end(), {"--mbr", boot_code(), "--gpt"});
  const std::string image = image_with(options);
  const std::int32_t start = lba_of(imported(image), "/boot/efi.img").value * 4;
  EXPECT_THAT(told_by({"sgdisk", "--verify", image}), HasSubstr("No problems found."));
  EXPECT_THAT(told_by({"sgdisk", "--info=1", image}),
              AllOf(HasSubstr("C12A7328-F81F-11D2-BA4B-00A0C93EC93B (EFI system partition)"),
                    HasSubstr(fmt::format("First sector: {} ", start)),
                    HasSubstr("Partition size: 2880 sectors")));
  EXPECT_THAT(told_by({"sfdisk", "--verify", image}), HasSubstr("No errors detected."));
  EXPECT_THAT(
      told_by({"xorriso", "-indev", image, "-report_system_area", "plain"}),
      AllOf(ContainsRegex("GPT partition path :   1  /boot/efi.img"), Not(HasSubstr("problem"))));
}

}  // namespace
}  // namespace pregroove::interop
