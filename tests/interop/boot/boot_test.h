// What the tests of bootable images share: a tree with boot files, and images that pregroove makes
// of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/interop/boot/boot_programs.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace pregroove::interop {

inline bool is_installed(const std::string& program) {
  for (const char* folder : {"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"})
    if (std::filesystem::exists(folder + program)) return true;
  return false;
}

// Ends the running test, visibly, where a package of .ci/packages is missing.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
#define PREGROOVE_NEEDS_PROGRAM(program) \
  if (!::pregroove::interop::is_installed(program)) GTEST_SKIP() << (program) << " is not installed"
#define PREGROOVE_NEEDS_FILE(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "there is no " << (path)
// NOLINTEND(cppcoreguidelines-macro-usage)

class BootTest : public testing::Test {
 protected:
  // Standard output of a program that has to succeed.
  static std::string told_by(const std::vector<std::string>& command) {
    const auto result = testing_support::run(command);
    EXPECT_EQ(result.exit_status, 0) << command.front() << ": " << result.out << result.err;
    return result.out;
  }

  // A tree with /boot/bios.bin.
  void write_bios_file() {
    folder().write("tree/boot/bios.bin", bios_boot_file("BIOS file runs"));
    folder().write("tree/a letter.txt", "x");
  }
  // And /boot/efi.img, a FAT file system.
  void write_efi_file() {
    const std::string program = folder().write("BOOTX64.EFI", efi_program("EFI file runs"));
    folder().write("tree/boot/a", "a");
    const std::string image = folder().path("tree/boot/efi.img");
    told_by({"mformat", "-C", "-i", image, "-f", "1440", "::"});
    told_by({"mmd", "-i", image, "::/EFI", "::/EFI/BOOT"});
    told_by({"mcopy", "-i", image, program, "::/EFI/BOOT/"});
  }
  // The image of the tree.
  std::string image_with(std::vector<std::string> options) {
    std::string file = folder().path("boot.iso");
    options.insert(options.begin(), {PREGROOVE_PROGRAM, "image", file, "--force", "--graft",
                                     "/=" + folder().path("tree")});
    told_by(options);
    return file;
  }
  [[nodiscard]] std::string boot_code() const { return folder().write("mbr", mbr_boot_code()); }
  [[nodiscard]] const testing_support::ScratchFolder& folder() const { return folder_; }

 private:
  testing_support::ScratchFolder folder_;
};

}  // namespace pregroove::interop
