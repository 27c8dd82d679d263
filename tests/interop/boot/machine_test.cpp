// Machines boot what we make: QEMU's with SeaBIOS and with OVMF, from a disc and from a stick.
//
// Emulated without KVM. A BIOS takes a tenth of a second to the boot file, OVMF some seconds.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include "tests/interop/boot/boot_test.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kQemu = "qemu-system-x86_64";
constexpr const char* kOvmf = "/usr/share/OVMF/OVMF_CODE_4M.fd";
constexpr const char* kOvmfVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd";
// Far beyond what any of them takes: a machine that hangs is ended.
constexpr auto kLimit = std::chrono::minutes(2);

enum class Firmware : std::uint8_t { kBios, kEfi };
enum class From : std::uint8_t { kDisc, kStick };

class Machine : public BootTest {
 protected:
  struct Run {
    int exit_status = -1;
    std::string serial;
  };

  Run boot(const std::string& image, Firmware firmware, From from) {
    const std::string serial = folder().path("serial");
    std::vector<std::string> command{"qemu-system-x86_64",
                                     "-nodefaults",
                                     "-display",
                                     "none",
                                     "-no-reboot",
                                     "-m",
                                     "256",
                                     "-net",
                                     "none",
                                     "-serial",
                                     "file:" + serial};
    const auto add = [&command](std::initializer_list<std::string> more) {
      command.insert(command.end(), more);
    };
    // What finds nothing to boot starts again, and ends thereby.
    add({"-boot", "reboot-timeout=0", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"});
    if (firmware == Firmware::kEfi) {
      const std::string variables = folder().path("variables");
      std::filesystem::copy_file(kOvmfVariables, variables);
      add({"-drive", std::string("if=pflash,format=raw,readonly=on,file=") + kOvmf});
      add({"-drive", "if=pflash,format=raw,file=" + variables});
    }
    if (from == From::kDisc)
      add({"-cdrom", image});
    else
      add({"-drive", "format=raw,file=" + image});
    const auto ended = testing_support::run(command, {.kill_after = kLimit});
    std::stringstream text;
    text << std::ifstream(serial, std::ios::binary).rdbuf();
    return {.exit_status = ended.exit_status, .serial = text.str() + ended.err};
  }
};

// Firmware that found a boot record on a stick would follow it as on a disc, and no partition table
// would be needed.
void forget_boot_record(const std::string& image) {
  constexpr std::streamoff kBootRecord = 17 * 2048;
  std::fstream file(image, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(kBootRecord);
  file << std::string(2048, '\0');
}

struct Case {
  const char* name;
  Firmware firmware;
  From from;
  bool mbr = false;
  bool gpt = false;
};

class BootsFrom : public Machine, public testing::WithParamInterface<Case> {};

TEST_P(BootsFrom, AnImage) {
  PREGROOVE_NEEDS_PROGRAM(kQemu);
  PREGROOVE_NEEDS_PROGRAM("mformat");
  const Case& tested = GetParam();
  if (tested.firmware == Firmware::kEfi) PREGROOVE_NEEDS_FILE(kOvmf);
  write_bios_file();
  write_efi_file();
  std::vector<std::string> options{"--boot-bios", "/boot/bios.bin", "--boot-info-table",
                                   "--boot-efi", "/boot/efi.img"};
  if (tested.mbr) options.insert(options.end(), {"--mbr", boot_code()});
  if (tested.gpt) options.emplace_back("--gpt");
  const std::string image = image_with(options);
  if (tested.from == From::kStick) forget_boot_record(image);
  const Run run = boot(image, tested.firmware, tested.from);
  EXPECT_EQ(run.exit_status, kExitStatus);
  EXPECT_THAT(run.serial,
              HasSubstr(tested.firmware == Firmware::kBios ? "BIOS file runs" : "EFI file runs"));
}

INSTANTIATE_TEST_SUITE_P(
    Machines, BootsFrom,
    testing::Values(Case{"BiosDisc", Firmware::kBios, From::kDisc},
                    Case{"EfiDisc", Firmware::kEfi, From::kDisc},
                    Case{"BiosStick", Firmware::kBios, From::kStick, true},
                    Case{"EfiStick", Firmware::kEfi, From::kStick, true},
                    Case{"BiosStickWithGpt", Firmware::kBios, From::kStick, true, true},
                    Case{"EfiStickWithGptAlone", Firmware::kEfi, From::kStick, false, true}),
    [](const auto& tested) { return tested.param.name; });

// That the others boot is due to what was asked for.
TEST_F(Machine, BootsNothingUnasked) {
  PREGROOVE_NEEDS_PROGRAM(kQemu);
  write_bios_file();
  const Run disc = boot(image_with({}), Firmware::kBios, From::kDisc);
  EXPECT_NE(disc.exit_status, kExitStatus);
  EXPECT_THAT(disc.serial, Not(HasSubstr("runs")));
  const Run stick =
      boot(image_with({"--boot-bios", "/boot/bios.bin"}), Firmware::kBios, From::kStick);
  EXPECT_NE(stick.exit_status, kExitStatus);
  EXPECT_THAT(stick.serial, Not(HasSubstr("runs")));
}

// A boot program that other people use: it finds the rest of itself by the boot info table, its
// configuration in our folders, and on a stick through isohybrid's code in the master boot record.
TEST_F(Machine, RunsIsolinuxFromDiscAndStick) {
  PREGROOVE_NEEDS_PROGRAM(kQemu);
  constexpr const char* kIsolinux = "/usr/lib/ISOLINUX/isolinux.bin";
  constexpr const char* kHybrid = "/usr/lib/ISOLINUX/isohdpfx.bin";
  const std::string modules = "/usr/lib/syslinux/modules/bios/";
  PREGROOVE_NEEDS_FILE(kIsolinux);
  PREGROOVE_NEEDS_FILE(modules + "reboot.c32");
  folder().write("tree/isolinux/isolinux.cfg", "SERIAL 0 115200\nDEFAULT reboot.c32\n");
  const std::string to = folder().path("tree/isolinux/");
  std::filesystem::copy_file(kIsolinux, to + "isolinux.bin");
  for (const char* module : {"ldlinux.c32", "libcom32.c32", "reboot.c32"})
    std::filesystem::copy_file(modules + module, to + module);
  const std::string image =
      image_with({"--boot-bios", "/isolinux/isolinux.bin", "--boot-info-table", "--mbr", kHybrid});
  for (const From from : {From::kDisc, From::kStick}) {
    const Run run = boot(image, Firmware::kBios, from);
    EXPECT_THAT(run.serial, HasSubstr("ISOLINUX"));
    // Without its configuration it would wait for a word from the user.
    EXPECT_EQ(run.exit_status, 0) << "it did not restart the machine";
  }
}

class BootsAfterASessionMore : public Machine, public testing::WithParamInterface<const char*> {};

TEST_P(BootsAfterASessionMore, ADisc) {
  PREGROOVE_NEEDS_PROGRAM(kQemu);
  write_bios_file();
  const std::string disc = folder().path("test.disc");
  const std::string exported = folder().path("exported.iso");
  told_by({SIMDRIVE_PROGRAM, "create", disc, "--medium", GetParam()});
  told_by({PREGROOVE_PROGRAM, "burn", "-d", "sim:" + disc, "--graft", "/=" + folder().path("tree"),
           "--boot-bios", "/boot/bios.bin", "--boot-info-table"});
  told_by({PREGROOVE_PROGRAM, "burn", "-d", "sim:" + disc, folder().write("more.txt", "more")});
  told_by({SIMDRIVE_PROGRAM, "export", disc, exported});
  const Run run = boot(exported, Firmware::kBios, From::kDisc);
  EXPECT_EQ(run.exit_status, kExitStatus);
  EXPECT_THAT(run.serial, HasSubstr("BIOS file runs"));
}

// On the first a BIOS sees the first session; the other has one head, which is the newest's.
INSTANTIATE_TEST_SUITE_P(Media, BootsAfterASessionMore, testing::Values("cd-r-80", "dvd+rw"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase_if(name, [](char c) { return c == '-' || c == '+'; });
                           return name;
                         });

}  // namespace
}  // namespace pregroove::interop
