// UDF by others, read by the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/image/udf_import.h"
#include "tests/support/image_files.h"
#include "tests/support/process.h"

namespace pregroove::interop {
namespace {

using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

// The volume descriptors of ISO 9660 are wiped, so that only UDF is left.
void leave_only_udf(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const std::string zeros(kBlockSize, '\0');
  std::string block(kBlockSize, '\0');
  for (std::int64_t lba = 16;; ++lba) {
    file.seekg(lba * static_cast<std::int64_t>(kBlockSize));
    ASSERT_TRUE(file.read(block.data(), kBlockSize));
    if (block.substr(1, 5) != "CD001") return;
    file.seekp(lba * static_cast<std::int64_t>(kBlockSize));
    file.write(zeros.data(), kBlockSize);
  }
}

Result<image::Imported> import_udf_file(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(auto reader, image::FileBlockReader::open(path));
  return image::import_udf(reader, {}, {.medium_end = reader.end()});
}

TEST(UdfImport, ReadsWhatGenisoimageWrote) {
  const ScratchFolder folder;
  const PathsAndContents files{{"/a.txt", "content"},
                               {"/empty", ""},
                               {"/sub/folder/big", std::string(700'000, 'b')},
                               {"/sub/ünïcödé 漢字", "names"}};
  for (const auto& [path, content] : files) folder.write("tree" + path, content);
  const std::string path = folder.path("image.udf");
  const auto made =
      testing_support::run({"genisoimage", "-quiet", "-udf", "-V", "GENISOIMAGE", "-input-charset",
                            "utf-8", "-o", path, folder.path("tree")});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  leave_only_udf(path);
  auto reader = image::FileBlockReader::open(path);
  ASSERT_TRUE(reader);
  EXPECT_EQ(image::import_session(*reader, {}).error().code, ErrorCode::kNotFound);
  const auto imported = import_udf_file(path);
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(testing_support::contents_of(*reader, imported->tree), files);
  EXPECT_EQ(imported->volume_id, "GENISOIMAGE");
  EXPECT_EQ(imported->udf_revision, 0x0102);
}

// Empty volumes are all that makes a virtual allocation table in Debian.
class EmptyUdf : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(EmptyUdf, IsRead) {
  const ScratchFolder folder;
  const std::string path = folder.path("image.udf");
  std::vector<std::string> command{"mkudffs", "--utf8", "--new-file", "--label=Leer \u00e4",
                                   "--blocksize=2048"};
  command.insert(command.end(), GetParam().begin(), GetParam().end());
  command.insert(command.end(), {path, "3000"});
  const auto made = testing_support::run(command);
  ASSERT_EQ(made.exit_status, 0) << made.err;
  const auto imported = import_udf_file(path);
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->volume_id, "Leer \u00e4");
  EXPECT_TRUE(imported->tree.empty());
}

INSTANTIATE_TEST_SUITE_P(
    ByMkudffs, EmptyUdf,
    testing::Values(std::vector<std::string>{"--media-type=cdr", "--vat", "--udfrev=1.50"},
                    std::vector<std::string>{"--media-type=cdr", "--vat", "--udfrev=2.01"},
                    std::vector<std::string>{"--media-type=bdr", "--vat"},
                    std::vector<std::string>{"--media-type=cdrw"},
                    std::vector<std::string>{"--media-type=dvdrw"}));

}  // namespace
}  // namespace pregroove::interop
