#include "engine/image/boot_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <unordered_set>

#include "engine/image/el_torito.h"
#include "engine/image/iso9660.h"
#include "engine/image/partition_table.h"
#include "engine/system/file.h"

namespace pregroove::image {
namespace {

std::unexpected<Error> refuse(const BootFile& wish, std::string_view rule, std::string advice) {
  return fail(
      ErrorCode::kUnsupported,
      fmt::format("\"{}\" cannot be the {} boot file: {}", wish.path, name_of(wish.platform), rule),
      std::move(advice));
}

// What the catalog and the boot info table can say of a file.
Status check_boot_file(const BootFile& wish, const File& file) {
  if (file.is_special())
    return refuse(wish, "it is a link or a device and has no bytes of its own",
                  "Name the file itself.");
  if (file.size() == 0) return refuse(wish, "it is empty", "Name a file that holds a program.");
  if (file.size() > std::numeric_limits<std::uint32_t>::max())
    return refuse(wish, "it is 4 GiB or larger, and firmware counts its bytes in 32 bits",
                  "Name a smaller file.");
  if (wish.info_table && file.size() < kInfoTableEnd)
    return refuse(wish,
                  fmt::format("it has {} bytes, and a boot info table takes the first {}",
                              file.size(), kInfoTableEnd),
                  "Leave out the boot info table.");
  const auto* old = std::get_if<OldExtents>(&file.content);
  if (old != nullptr && wish.info_table)
    return refuse(wish, "it is on the disc already, and a boot info table would have to change it",
                  "Add the file again, or leave out the boot info table.");
  if (old != nullptr && old->extents.size() != 1)
    return refuse(wish, "it lies in several parts", "Add the file again.");
  return {};
}

Result<const File*> find_boot_file(const Tree& tree, const BootFile& wish) {
  if (const File* file = tree.find_file(wish.path)) {
    PREGROOVE_RETURN_IF_ERROR(check_boot_file(wish, *file));
    return file;
  }
  if (tree.find_directory(wish.path) != nullptr)
    return refuse(wish, "it is a folder", "Name a file in it.");
  return fail(
      ErrorCode::kNotFound,
      fmt::format("\"{}\" is to be the {} boot file, and is not among the files of the image",
                  wish.path, name_of(wish.platform)),
      "Give its path as it is on the disc, such as /boot/efi.img, and add the file.");
}

Lba start_of(const Layout& layout, const File& file) {
  const auto holds = [&file](const FolderLayout& folder) {
    const auto& files = folder.directory->files;
    return !files.empty() && !std::less<>{}(&file, &files.front()) &&
           !std::less<>{}(&files.back(), &file);
  };
  const auto folder = std::ranges::find_if(layout.folders(), holds);
  std::vector<Extent> sections;
  layout.sections_of(*folder, static_cast<std::size_t>(&file - &folder->directory->files.front()),
                     sections);
  return sections.front().lba;
}

// A file that changes later is noticed when its blocks are written, as any other.
Result<std::uint32_t> checksum_of(const SourceFile& source) {
  constexpr std::size_t kPiece = std::size_t{1} << 16U;
  PREGROOVE_ASSIGN_OR_RETURN(const auto file, system::File::open_for_reading(source.path()));
  InfoTableChecksum checksum;
  std::vector<std::byte> piece(kPiece);
  for (std::uint64_t done = 0; done < source.size;) {
    const auto wanted = std::span(piece).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), source.size - done)));
    PREGROOVE_ASSIGN_OR_RETURN(const std::size_t got, file.read_at(done, wanted));
    if (got < wanted.size())
      return fail(ErrorCode::kSourceChanged,
                  fmt::format("\"{}\" became shorter while it was read", source.path()),
                  "Try again when nothing writes to it.");
    checksum.add(wanted);
    done += got;
  }
  return checksum.value();
}

Result<std::uint32_t> checksum_of(const File& file) {
  if (const auto* source = std::get_if<SourceFile>(&file.content)) return checksum_of(*source);
  InfoTableChecksum checksum;
  checksum.add(std::get<Memory>(file.content).bytes);
  return checksum.value();
}

class Planner {
 public:
  Planner(const Tree& tree, const Layout& layout, const ImageOptions& options)
      : tree_(tree), layout_(layout), options_(options) {}

  Result<BootPlan> plan() {
    PREGROOVE_RETURN_IF_ERROR(add_catalog());
    PREGROOVE_RETURN_IF_ERROR(add_partitions());
    note_replaced_files();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] std::uint64_t offset_of(Lba lba) const {
    return (lba - options_.session_start).bytes();
  }

  Status add_catalog() {
    const auto& wishes = options_.boot.files;
    if (wishes.empty()) return {};
    if (wishes.size() > kBootFilesMax)
      return fail(ErrorCode::kUnsupported,
                  fmt::format("there are {} boot files, and a boot catalog of one block holds {}",
                              wishes.size(), kBootFilesMax),
                  "Name fewer of them.");
    std::vector<BootEntry> entries;
    for (const BootFile& wish : wishes) {
      PREGROOVE_ASSIGN_OR_RETURN(const File* const file, find_boot_file(tree_, wish));
      const Lba start = start_of(layout_, *file);
      entries.push_back({.platform = wish.platform,
                         .load_sectors = load_sectors(wish, file->size()),
                         .start = start});
      if (wish.info_table) PREGROOVE_RETURN_IF_ERROR(add_info_table(*file, start));
      remember(wish.platform, *file, start);
    }
    plan_.overlays.add(offset_of(layout_.boot_catalog()), make_boot_catalog(entries));
    return {};
  }

  std::uint16_t load_sectors(const BootFile& wish, std::uint64_t bytes) {
    if (wish.load_sectors) return *wish.load_sectors;
    if (wish.platform != BootPlatform::kEfi) return kDefaultLoadSectors;
    const std::uint64_t sectors = (bytes + kBootSectorSize - 1) / kBootSectorSize;
    if (sectors <= std::numeric_limits<std::uint16_t>::max())
      return static_cast<std::uint16_t>(sectors);
    // UEFI specification 13.3.2.1: with 0 or 1 the file system goes to the end of the disc.
    plan_.warnings.push_back(
        fmt::format("\"{}\" has more than the 65535 sectors that a boot catalog can count; its "
                    "entry says 0, which EFI firmware takes for the rest of the disc",
                    wish.path));
    return 0;
  }

  // The user's file stays as it is: the table lies over the bytes on their way to the disc.
  Status add_info_table(const File& file, Lba start) {
    PREGROOVE_ASSIGN_OR_RETURN(const std::uint32_t checksum, checksum_of(file));
    plan_.overlays.add(offset_of(start) + kInfoTableOffset,
                       make_info_table(options_.session_start + BlockCount{kSystemAreaBlocks},
                                       start, static_cast<std::uint32_t>(file.size()), checksum));
    return {};
  }

  // The first of each platform is what a partition table speaks of.
  void remember(BootPlatform platform, const File& file, Lba start) {
    const BlockRange range{.first = (start - options_.session_start).value,
                           .count = blocks_for_bytes(file.size())};
    if (platform == BootPlatform::kBios && !bios_file_) bios_file_ = range;
    if (platform == BootPlatform::kEfi && !efi_file_) efi_file_ = range;
  }

  [[nodiscard]] Status check_partitions() const {
    const PartitionOptions& wish = options_.partitions;
    if (options_.session_start != Lba{0})
      return fail(ErrorCode::kUnsupported,
                  fmt::format("a partition table counts from the first block of the disk, and this "
                              "session starts at block {}",
                              options_.session_start.value),
                  "Make an image of a whole disc.");
    if (wish.boot_code.size() > kBootCodeMax)
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("the boot code has {} bytes, and a master boot record has room for {}",
                      wish.boot_code.size(), kBootCodeMax));
    if (!wish.boot_code.empty() && !bios_file_)
      return fail(ErrorCode::kUnsupported,
                  "the code of a master boot record needs a BIOS boot file that it can load",
                  "Name one with --boot-bios.");
    if (wish.scheme == PartitionScheme::kGpt && !efi_file_)
      return fail(ErrorCode::kUnsupported,
                  "a GPT is there for the EFI system partition, and there is no EFI boot file",
                  "Name one with --boot-efi.");
    return {};
  }

  Status add_partitions() {
    if (options_.partitions.scheme == PartitionScheme::kNone) return {};
    PREGROOVE_RETURN_IF_ERROR(check_partitions());
    PartitionPlan table{
        .options = options_.partitions,
        .image = layout_.size(),
        .efi_file = efi_file_,
        .identity = fmt::format("{}\n{}\n{}", options_.volume_id,
                                options_.created.time_since_epoch().count(), layout_.size().value)};
    if (bios_file_) table.bios_file = bios_file_->first;
    add_partition_table(table, plan_.overlays);
    return {};
  }

  // The kept catalog names blocks; a new file of the same name lies in others.
  void note_replaced_files() {
    const auto& kept = options_.boot.kept;
    if (!kept || !options_.boot.files.empty()) return;
    std::unordered_set<std::int32_t> starts;
    tree_.walk([&starts](std::string_view, const File& file) {
      const auto* old = std::get_if<OldExtents>(&file.content);
      if (old != nullptr && !old->extents.empty()) starts.insert(old->extents.front().lba.value);
    });
    const auto gone = std::ranges::count_if(kept->entries, [&starts](const BootEntry& entry) {
      return entry.bootable && !starts.contains(entry.start.value);
    });
    if (gone > 0)
      plan_.warnings.push_back(fmt::format(
          "{} of the disc's boot entries name blocks that no file of this session has: what they "
          "boot stays as it was in the earlier session, whatever has replaced it",
          gone));
  }

  const Tree& tree_;
  const Layout& layout_;
  const ImageOptions& options_;
  BootPlan plan_;
  std::optional<BlockRange> bios_file_;
  std::optional<BlockRange> efi_file_;
};

}  // namespace

Result<BootPlan> plan_boot(const Tree& tree, const Layout& layout, const ImageOptions& options) {
  return Planner(tree, layout, options).plan();
}

}  // namespace pregroove::image
