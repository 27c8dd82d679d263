// Image generation to memory, and import of a tree; no disk is written, sources are in the page
// cache.
//
//   one_big_file     a file of 256 MiB: the cost of a byte. Isolates read calls and copies
//   megabyte_files   1000 files of 1 MiB: the cost of opening amid large reads
//   small_files      100 folders of 200 files of 4 KiB: the cost of a file
//   flat_folder      20,000 empty files in one folder whose plain names collide: the cost of
//                    names and sorting, which must grow linearly
//   scan             the walk over small_files alone
//   import           the tree of small_files read back from memory: decoding of directories
//
// Not measured: cold caches, drives. The counter "hash" is the xxHash of all blocks (of all paths
// for scan and import); it changes only when the image does.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/image/image.h"
#include "engine/image/import.h"
#include "engine/image/scan.h"

namespace pregroove::image {
namespace {

bool is_smoke() {
  return std::getenv("PREGROOVE_BENCH_SMOKE") != nullptr;  // NOLINT(concurrency-mt-unsafe)
}
std::size_t scaled(std::size_t full, std::size_t smoke) { return is_smoke() ? smoke : full; }

// Source files, removed at the end.
class Sources {
 public:
  Sources() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "pregroove_bench_XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;
  ~Sources() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  void add(const std::string& name, std::size_t bytes) {
    const std::filesystem::path path = root_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::string content(bytes, '\0');
    for (char& c : content) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
      c = static_cast<char>(state_ >> 56U);
    }
    std::ofstream(path, std::ios::binary) << content;
    // A fixed time, so that the hash is the same everywhere.
    (void)system::set_modified(path.string(),
                               system::FileTime(std::chrono::seconds(1'600'000'000)));
  }

  [[nodiscard]] Tree scanned() const { return scan({{.source = root_, .target = "/"}})->tree; }

 private:
  std::string root_;
  std::uint64_t state_ = 1;
};

void fill_with_small_files(Sources& sources) {
  for (std::size_t d = 0; d < scaled(100, 5); ++d) {
    for (std::size_t f = 0; f < scaled(200, 10); ++f)
      sources.add(fmt::format("folder {:03}/file number {:03}.dat", d, f), 4096);
  }
}

Tree without_folder_times(Tree tree) {
  for (Directory& child : tree.root().directories) child.modified = {};
  tree.root().modified = {};
  return tree;
}

double hash_of_image(const Image& image, std::vector<std::byte>& buffer) {
  XXH3_state_t* const state = XXH3_createState();
  XXH3_64bits_reset(state);
  ImageReader reader(image);
  for (;;) {
    const std::size_t count = *reader.read(buffer);
    if (count == 0) break;
    XXH3_64bits_update(state, buffer.data(), count);
  }
  const auto hash = XXH3_64bits_digest(state);
  XXH3_freeState(state);
  return static_cast<double>(hash % 1'000'000'007U);
}

// Scan, layout and all blocks, into one buffer again and again.
void generate(benchmark::State& state, const Sources& sources) {
  std::vector<std::byte> buffer(std::size_t{1} << 20U);
  std::uint64_t bytes = 0;
  std::size_t files = 0;
  for (auto _ : state) {
    const auto image = Image::create(sources.scanned(), {});
    ImageReader reader(*image);
    while (*reader.read(buffer) > 0) benchmark::DoNotOptimize(buffer.data());
    if (!reader.problems().empty()) state.SkipWithError("a source could not be read");
    bytes += image->size().bytes();
    files += image->tree().count().files;
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(files));
  const auto image = Image::create(without_folder_times(sources.scanned()), {});
  state.counters["hash"] = hash_of_image(*image, buffer);
}

void one_big_file(benchmark::State& state) {
  Sources sources;
  sources.add("big.bin", scaled(std::size_t{256} << 20U, std::size_t{1} << 20U));
  generate(state, sources);
}
BENCHMARK(one_big_file)->Unit(benchmark::kMillisecond)->UseRealTime();

void megabyte_files(benchmark::State& state) {
  Sources sources;
  for (std::size_t i = 0; i < scaled(1000, 4); ++i)
    sources.add(fmt::format("file {:04}.bin", i), std::size_t{1} << 20U);
  generate(state, sources);
}
BENCHMARK(megabyte_files)->Unit(benchmark::kMillisecond)->UseRealTime();

void small_files(benchmark::State& state) {
  Sources sources;
  fill_with_small_files(sources);
  generate(state, sources);
}
BENCHMARK(small_files)->Unit(benchmark::kMillisecond)->UseRealTime();

void flat_folder(benchmark::State& state) {
  Sources sources;
  const auto count = scaled(static_cast<std::size_t>(state.range(0)), 50);
  for (std::size_t i = 0; i < count; ++i)
    sources.add(fmt::format("all files of this folder share a long stem {:05}.bin", i), 0);
  generate(state, sources);
}
BENCHMARK(flat_folder)->Arg(5000)->Arg(20000)->Unit(benchmark::kMillisecond)->UseRealTime();

double hash_of_paths(const Tree& tree) {
  std::uint64_t hash = 0;
  tree.walk([&](std::string_view path, const File& file) {
    hash = XXH3_64bits_withSeed(path.data(), path.size(), hash + file.size());
  });
  return static_cast<double>(hash % 1'000'000'007U);
}

void scan_small_files(benchmark::State& state) {
  Sources sources;
  fill_with_small_files(sources);
  Tree tree;
  for (auto _ : state) tree = sources.scanned();
  state.SetItemsProcessed(static_cast<std::int64_t>(tree.count().files) *
                          static_cast<std::int64_t>(state.iterations()));
  state.counters["hash"] = hash_of_paths(tree);
}
BENCHMARK(scan_small_files)->Unit(benchmark::kMillisecond)->UseRealTime();

class MemoryBlocks final : public BlockReader {
 public:
  explicit MemoryBlocks(std::vector<std::byte> blocks) : blocks_(std::move(blocks)) {}
  Status read(Lba first, std::span<std::byte> whole_blocks) override {
    const std::size_t at = (first - Lba{}).bytes();
    if (at + whole_blocks.size() > blocks_.size()) return fail(ErrorCode::kIo, "beyond the end");
    std::copy_n(blocks_.begin() + static_cast<std::ptrdiff_t>(at), whole_blocks.size(),
                whole_blocks.begin());
    return {};
  }

 private:
  std::vector<std::byte> blocks_;
};

void import_small_files(benchmark::State& state) {
  Sources sources;
  fill_with_small_files(sources);
  const auto image = Image::create(sources.scanned(), {});
  std::vector<std::byte> blocks(image->size().bytes());
  (void)ImageReader(*image).read(blocks);
  MemoryBlocks disc(std::move(blocks));
  Tree tree;
  for (auto _ : state) tree = import_session(disc, {})->tree;
  state.SetItemsProcessed(static_cast<std::int64_t>(tree.count().files) *
                          static_cast<std::int64_t>(state.iterations()));
  state.counters["hash"] = hash_of_paths(tree);
}
BENCHMARK(import_small_files)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace pregroove::image
