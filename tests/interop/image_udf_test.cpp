// UDF beside ISO 9660, read by libudfread, by 7z and by udfinfo: each shows the source.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <udfread/udfread.h>

#include <fstream>
#include <memory>

#include "engine/image/scan.h"
#include "engine/image/udf_import.h"
#include "tests/interop/image_readers.h"

namespace pregroove::interop {
namespace {

using image::Image;
using testing::HasSubstr;
using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

class Udfread {
 public:
  explicit Udfread(const std::string& path) : volume_(udfread_init(), udfread_close) {
    opened_ = udfread_open(volume_.get(), path.c_str()) == 0;
    EXPECT_TRUE(opened_) << path;
  }
  [[nodiscard]] std::string label() const {
    const char* label = opened_ ? udfread_get_volume_id(volume_.get()) : nullptr;
    return label == nullptr ? "" : label;
  }
  [[nodiscard]] PathsAndContents files() const {
    PathsAndContents found;
    if (opened_) walk("", found);
    return found;
  }
  using File = std::unique_ptr<UDFFILE, decltype(&udfread_file_close)>;
  [[nodiscard]] File open(const std::string& path) const {
    return {udfread_file_open(volume_.get(), path.c_str()), udfread_file_close};
  }

 private:
  void walk(const std::string& folder, PathsAndContents& found) const {
    const std::unique_ptr<UDFDIR, decltype(&udfread_closedir)> directory(
        udfread_opendir(volume_.get(), folder.empty() ? "/" : folder.c_str()), udfread_closedir);
    ASSERT_NE(directory, nullptr) << folder;
    udfread_dirent entry{};
    while (udfread_readdir(directory.get(), &entry) != nullptr) {
      const std::string name = entry.d_name;
      if (name == "." || name == "..") continue;
      EXPECT_NE(entry.d_type, UDF_DT_UNKNOWN) << name;
      if (entry.d_type == UDF_DT_DIR)
        walk(folder + "/" + name, found);
      else if (entry.d_type == UDF_DT_REG)
        found[shown(folder + "/" + name)] = content_of(folder + "/" + name);
    }
  }
  // It writes each half of a surrogate pair by itself ("MUTF-8").
  static std::string shown(std::string path) {
    const std::string halves = "\xED\xA0\xB4\xED\xB4\x9E";
    if (const auto at = path.find(halves); at != std::string::npos)
      path.replace(at, halves.size(), "𝄞");
    return path;
  }
  [[nodiscard]] std::string content_of(const std::string& path) const {
    const File file = open(path);
    if (file == nullptr) return "(cannot be opened)";
    std::string content(static_cast<std::size_t>(udfread_file_size(file.get())), '\0');
    const auto got = udfread_file_read(file.get(), content.data(), content.size());
    EXPECT_EQ(got, static_cast<ssize_t>(content.size())) << path;
    return content;
  }

  std::unique_ptr<udfread, decltype(&udfread_close)> volume_;
  bool opened_ = false;
};

class UdfImage : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto& [path, content] : files_) folder_.write("src" + path, content);
    std::filesystem::create_directories(folder_.path("src/empty folder"));
    std::filesystem::create_hard_link(folder_.path("src/plain.txt"), folder_.path("src/linked"));
    std::filesystem::create_symlink("folder/größe", folder_.path("src/left out"));
    files_["/linked"] = files_["/plain.txt"];
  }
  // The image of the folder; its path.
  std::string make_image(const image::ImageOptions& options = {}) {
    auto scanned = image::scan({{.source = folder_.path("src"), .target = "/"}},
                               {.special_files = image::SpecialFiles::kKeep});
    EXPECT_TRUE(scanned.has_value());
    image::ImageOptions with = options;
    with.formats.rock_ridge = true;
    with.formats.udf = alone_ == image::UdfAlone::kNo;
    with.formats.udf_alone = alone_;
    with.volume_id = "Grüße";
    with.created = system::FileTime(std::chrono::seconds(1'700'000'000));
    const auto image = Image::create(std::move(scanned->tree), with);
    EXPECT_TRUE(image.has_value()) << image.error().message;
    if (!image) return {};
    write_out(*image);
    return path();
  }
  // Without the zeros: a large file of them stays sparse.
  void write_out(const Image& image) const {
    image::ImageReader reader(image);
    auto file = system::File::create_or_truncate(path());
    ASSERT_TRUE(file.has_value());
    std::vector<std::byte> piece(std::size_t{1} << 20U);
    for (std::uint64_t at = 0;;) {
      const auto count = reader.read(piece);
      ASSERT_TRUE(count.has_value());
      if (*count == 0) break;
      const auto read = std::span(piece).first(*count);
      if (!std::ranges::all_of(read, [](std::byte byte) { return byte == std::byte{0}; })) {
        ASSERT_TRUE(file->write_at(at, read));
      }
      at += *count;
    }
    std::filesystem::resize_file(path(), image.size().bytes());
  }
  [[nodiscard]] std::string path() const { return folder_.path("image.iso"); }
  [[nodiscard]] const ScratchFolder& folder() const { return folder_; }

  image::UdfAlone alone_ = image::UdfAlone::kNo;
  PathsAndContents files_{
      {"/plain.txt", "plain"},
      {"/empty.txt", ""},
      {"/two-blocks-and-more.bin", std::string(5000, 'b')},
      {"/folder/größe", "Latin"},
      {"/folder/漢字/日本語", "wide"},
      {"/folder/𝄞 clef", "beyond the basic plane"},
      {"/" + std::string(120, 'l') + "字", "121 characters"},
      {"/a/b/c/d/e/f/g/h/i/j/deep", "eleven levels"},
  };

 private:
  ScratchFolder folder_;
};

// UDF 1.02 beside ISO 9660, and later revisions alone.
class UdfOfEachKind : public UdfImage, public testing::WithParamInterface<image::UdfAlone> {
 protected:
  void SetUp() override {
    alone_ = GetParam();
    UdfImage::SetUp();
  }
};

TEST_P(UdfOfEachKind, IsReadByLibudfread) {
  const Udfread volume(make_image());
  EXPECT_EQ(volume.files(), files_);
  EXPECT_EQ(volume.label(), "Grüße");
}

TEST_P(UdfOfEachKind, IsReadBy7z) {
  ASSERT_TRUE(have_program("7z"));
  const std::string image =
      make_image({.checksums = {.stored = GetParam() == image::UdfAlone::kNo}});
  EXPECT_THAT(
      output_of(fmt::format("7z x -tUdf -y -o{} {}", quoted(folder().path("back")), quoted(image))),
      testing::AllOf(HasSubstr("Everything is Ok"), testing::Not(HasSubstr("Headers Error"))));
  for (const auto& [path, content] : files_) {
    std::ifstream file(folder().path("back" + path), std::ios::binary);
    ASSERT_TRUE(file.is_open()) << path;
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content) << path;
  }
  EXPECT_TRUE(std::filesystem::is_directory(folder().path("back/empty folder")));
}

// What it finds, it checks; every complaint is a line with "warning" or "error".
TEST_P(UdfOfEachKind, IsAcceptedByUdfinfo) {
  ASSERT_TRUE(have_program("udfinfo"));
  const std::string image = make_image();
  const std::string info = output_of(fmt::format("udfinfo {} 2>&1", quoted(image)));
  for (const char* line : {"label=Grüße", "lvid=Grüße", "blocksize=2048", "integrity=closed",
                           "accesstype=readonly", "numdirs=14"})
    EXPECT_THAT(info, HasSubstr(line));
  const char* const revision = GetParam() == image::UdfAlone::kNo    ? "udfrev=1.02"
                               : GetParam() == image::UdfAlone::k201 ? "udfrev=2.01"
                                                                     : "udfrev=2.50";
  EXPECT_THAT(info, HasSubstr(revision));
  EXPECT_THAT(info, HasSubstr(fmt::format("numfiles={}", files_.size())));
  EXPECT_THAT(info, testing::Not(testing::AnyOf(HasSubstr("arning"), HasSubstr("rror"))));
}

// And the trees of ISO 9660 are there as without it.
TEST_F(UdfImage, IsReadAsIso9660ByOthers) {
  const std::string image = make_image();
  EXPECT_EQ(output_of(fmt::format("isoinfo -R -x /folder/größe -i {}", quoted(image))), "Latin");
  EXPECT_THAT(output_of(fmt::format("bsdtar -tf {}", quoted(image))), HasSubstr("plain.txt"));
  EXPECT_THAT(output_of(fmt::format("xorriso -indev {} -find / 2>&1", quoted(image))),
              HasSubstr("two-blocks-and-more.bin"));
}

TEST_F(UdfImage, HasChecksumsAndBootFilesBesideIt) {
  const Udfread volume(
      make_image({.boot = {.files = {{.path = "/plain.txt"}}}, .checksums = {.stored = true}}));
  EXPECT_EQ(volume.files(), files_);
  EXPECT_THAT(
      output_of(fmt::format("xorriso -indev {} -report_el_torito plain 2>&1", quoted(path()))),
      HasSubstr("El Torito"));
}

// Extents have 30 bits, and sections of ISO 9660 32: more than one of both.
TEST_P(UdfOfEachKind, HoldsAFileOfMoreThanFourGibibytes) {
  constexpr std::uint64_t kSize = (std::uint64_t{4} << 30U) + 5000;
  const std::string large = folder().path("src/large");
  {
    std::ofstream file(large);
    for (const std::uint64_t at :
         {std::uint64_t{0}, std::uint64_t{0x3FFFF800}, std::uint64_t{0xFFFFF800}, kSize - 4}) {
      file.seekp(static_cast<std::streamoff>(at));
      file << "mark";
    }
  }
  const Udfread volume(make_image());
  const auto file = volume.open("/large");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(udfread_file_size(file.get()), static_cast<std::int64_t>(kSize));
  for (const std::uint64_t at :
       {std::uint64_t{0}, std::uint64_t{0x3FFFF800}, std::uint64_t{0xFFFFF800}, kSize - 4}) {
    std::array<char, 4> mark{};
    ASSERT_EQ(udfread_file_seek(file.get(), static_cast<std::int64_t>(at), UDF_SEEK_SET),
              static_cast<std::int64_t>(at));
    ASSERT_EQ(udfread_file_read(file.get(), mark.data(), mark.size()), 4);
    EXPECT_EQ(std::string(mark.data(), mark.size()), "mark") << at;
  }
}

TEST_P(UdfOfEachKind, HoldsAFolderOfThousands) {
  for (int i = 0; i < 5000; ++i) {
    const std::string name = fmt::format("/many/file {:05}", i);
    folder().write("src" + name, "x");
    files_[name] = "x";
  }
  const Udfread volume(make_image());
  EXPECT_EQ(volume.files(), files_);
}

TEST_P(UdfOfEachKind, IsReadByTheEngine) {
  const std::string image = make_image();
  auto reader = image::FileBlockReader::open(image);
  ASSERT_TRUE(reader);
  const auto imported = image::import_udf(*reader, {}, {.medium_end = reader->end()});
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(testing_support::contents_of(*reader, imported->tree), files_);
  EXPECT_NE(imported->tree.find_directory("/empty folder"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Revisions, UdfOfEachKind,
                         testing::Values(image::UdfAlone::kNo, image::UdfAlone::k201,
                                         image::UdfAlone::k250));

}  // namespace
}  // namespace pregroove::interop
