// POSIX names, owners, permissions, links and devices: what we write is told by other programs as
// they tell the source itself, and what they write is imported as the source is scanned.
//
// Devices and other people's files need root; without it those entries are left out of the source.

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "engine/image/scan.h"
#include "tests/interop/image_readers.h"
#include "tests/support/image_files.h"

namespace pregroove::interop {
namespace {

using image::Image;
using image::SpecialFiles;
using testing_support::ScratchFolder;

void make_link(const ScratchFolder& scratch, const std::string& target, const std::string& path) {
  std::filesystem::create_symlink(target, scratch.path(path));
}

// A folder with one of everything that a Linux file system can hold.
void fill(const ScratchFolder& scratch) {
  scratch.write("src/plain.txt", "plain\n");
  scratch.write("src/sub/deep/program", "#!/bin/sh\n");
  scratch.write("src/sub/" + std::string(240, 'n') + ".txt", "long name\n");
  scratch.write("src/colon:star*question?.txt", "not for Joliet\n");
  scratch.write("src/Grüße.txt", "umlaut\n");
  scratch.write("src/empty", "");
  std::filesystem::create_hard_link(scratch.path("src/plain.txt"),
                                    scratch.path("src/sub/another-name"));
  make_link(scratch, "plain.txt", "src/link");
  make_link(scratch, "../../nowhere/./else", "src/sub/dangling");
  ASSERT_EQ(::mkfifo(scratch.path("src/pipe").c_str(), 0600), 0);
  ASSERT_EQ(::chmod(scratch.path("src/sub/deep/program").c_str(), 04755), 0);
  ASSERT_EQ(::chmod(scratch.path("src/sub").c_str(), 01777), 0);
  if (::geteuid() != 0) return;
  constexpr uid_t kUser = 70001;
  constexpr gid_t kGroup = 70002;
  ASSERT_EQ(::chown(scratch.path("src/empty").c_str(), kUser, kGroup), 0);
  ASSERT_EQ(::mknod(scratch.path("src/tty").c_str(), S_IFCHR | 0620, makedev(5, 1)), 0);
  ASSERT_EQ(::mknod(scratch.path("src/disk").c_str(), S_IFBLK | 0660, makedev(8, 17)), 0);
}

void run(const std::string& command) { static_cast<void>(output_of(command)); }

// One line for each entry, sorted: type, mode, owner, size, link, time, contents' hash.
std::string told_by_bsdtar(const std::string& what) {
  return output_of(
      "LC_ALL=C.UTF-8 bsdtar -cf - --format=mtree "
      "--options='mtree:!all,mtree:type,mtree:mode,mtree:uid,mtree:gid,mtree:link,mtree:size,"
      "mtree:sha256,mtree:time,mtree:device' " +
      what +
      R"( | sed -e 's/time=\([0-9]*\)[.0-9]*/time=\1/' -e '/^#/d' -e '/^\. /d' | LC_ALL=C sort)");
}

std::string image_of_source(const ScratchFolder& scratch) {
  // genisoimage loses the end of such a link, so that it is in none of the foreign images.
  make_link(scratch, "/" + std::string(200, 'a') + "/" + std::string(200, 'b'), "src/sub/far");
  auto scanned = image::scan({{.source = scratch.path("src"), .target = "/"}},
                             {.special_files = SpecialFiles::kKeep});
  EXPECT_TRUE(scanned.has_value());
  EXPECT_TRUE(scanned->warnings.empty());
  const auto image = Image::create(std::move(scanned->tree), {.formats = {.rock_ridge = true}});
  EXPECT_TRUE(image.has_value());
  std::string path = scratch.path("image.iso");
  testing_support::write_blocks(path, 0, testing_support::blocks_of(*image));
  return path;
}

TEST(RockRidgeImage, IsExtractedByBsdtarAsItsSource) {
  if (!have_program("bsdtar")) return;
  const ScratchFolder scratch;
  fill(scratch);
  const std::string target = scratch.path("extracted");
  std::filesystem::create_directory(target);
  run(fmt::format("LC_ALL=C.UTF-8 bsdtar -xpf {} -C {}", quoted(image_of_source(scratch)),
                  quoted(target)));
  EXPECT_EQ(told_by_bsdtar("-C " + quoted(target) + " ."),
            told_by_bsdtar("-C " + quoted(scratch.path("src")) + " ."));
}

TEST(RockRidgeImage, IsExtractedByXorrisoAsItsSource) {
  if (!have_program("xorriso") || !have_program("bsdtar")) return;
  const ScratchFolder scratch;
  fill(scratch);
  const std::string path = image_of_source(scratch);
  const std::string target = scratch.path("extracted");
  run(fmt::format("xorriso -osirrox on:device_files -indev {} -extract / {} 2>&1", quoted(path),
                  quoted(target)));
  EXPECT_EQ(told_by_bsdtar("-C " + quoted(target) + " ."),
            told_by_bsdtar("-C " + quoted(scratch.path("src")) + " ."));
  // Extracted as one file with two names, because both have one serial number.
  struct stat first {};
  struct stat second {};
  ASSERT_EQ(::stat((target + "/plain.txt").c_str(), &first), 0);
  ASSERT_EQ(::stat((target + "/sub/another-name").c_str(), &second), 0);
  EXPECT_EQ(first.st_size, second.st_size);
}

// isoinfo prints names, modes and links.
TEST(RockRidgeImage, IsListedByIsoinfo) {
  if (!have_program("isoinfo")) return;
  const ScratchFolder scratch;
  fill(scratch);
  const std::string listing = output_of("isoinfo -R -l -i " + quoted(image_of_source(scratch)));
  EXPECT_NE(listing.find("link -> plain.txt"), std::string::npos) << listing;
  EXPECT_NE(listing.find("dangling -> ../../nowhere/./else"), std::string::npos);
  EXPECT_NE(listing.find(std::string(240, 'n') + ".txt"), std::string::npos);
  EXPECT_NE(listing.find("-rwxr-xr-x   1"), std::string::npos);
  EXPECT_NE(listing.find("colon:star*question?.txt"), std::string::npos);
}

struct Entry {
  std::string what;
  image::Attributes attributes;
  system::FileTime modified;
  bool operator==(const Entry&) const = default;
};

void PrintTo(const Entry& entry, std::ostream* out) {
  *out << entry.what << " mode " << std::oct << entry.attributes.permissions << std::dec << " of "
       << entry.attributes.user << ":" << entry.attributes.group << " at "
       << entry.modified.time_since_epoch().count();
}

std::map<std::string, Entry> entries_of(const image::Tree& tree) {
  std::map<std::string, Entry> entries;
  tree.walk(
      [&](std::string_view path, const image::File& file) {
        std::string what = fmt::format("{} bytes", file.size());
        if (const auto* link = std::get_if<image::SymbolicLink>(&file.content))
          what = "link to " + link->target;
        if (const auto* special = std::get_if<image::SpecialFile>(&file.content))
          what = fmt::format("kind {} {}:{}", static_cast<int>(special->kind),
                             special->device.major, special->device.minor);
        entries[std::string(path)] = {what, file.attributes, file.modified};
      },
      [&](std::string_view path, const image::Directory& folder) {
        entries[std::string(path)] = {"folder", folder.attributes, folder.modified};
      });
  return entries;
}

struct Writer {
  const char* name;
  const char* program;
  const char* command;  // {0}: image, {1}: source
};

class ForeignPosixImage : public testing::TestWithParam<Writer> {};

TEST_P(ForeignPosixImage, IsImportedAsItsSourceIsScanned) {
  if (!have_program(GetParam().program)) return;
  const ScratchFolder scratch;
  fill(scratch);
  scratch.write("src/1/2/3/4/5/6/7/8/9/deep file", "below eight levels\n");
  const std::string path = scratch.path("image.iso");
  run(fmt::format(fmt::runtime(GetParam().command), quoted(path), quoted(scratch.path("src"))));
  auto blocks = image::FileBlockReader::open(path);
  ASSERT_TRUE(blocks.has_value());
  const auto imported = image::import_session(*blocks, {});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, image::NameTree::kRockRidge);
  const auto scanned = image::scan({{.source = scratch.path("src"), .target = "/"}},
                                   {.special_files = SpecialFiles::kKeep});
  ASSERT_TRUE(scanned.has_value());
  EXPECT_EQ(entries_of(imported->tree), entries_of(scanned->tree));
  EXPECT_EQ(testing_support::contents_of(*blocks, imported->tree).at("/sub/another-name"),
            "plain\n");
}

INSTANTIATE_TEST_SUITE_P(
    Writers, ForeignPosixImage,
    testing::Values(
        // With its deep folders relocated, which is how Rock Ridge began.
        Writer{"genisoimage", "genisoimage",
               "genisoimage -quiet -input-charset utf-8 -R -J -joliet-long -o {0} {1} 2>&1"},
        Writer{"xorriso", "xorriso",
               "xorriso -outdev {0} -disk_dev_ino off -map {1} / -commit 2>&1"},
        Writer{"bsdtar", "bsdtar",
               "bsdtar -cf {0} --format=iso9660 --options 'iso9660:!joliet,rockridge=strict' -C "
               "{1} . 2>&1"}),
    [](const testing::TestParamInfo<Writer>& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace pregroove::interop
