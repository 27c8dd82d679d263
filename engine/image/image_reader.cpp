#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "engine/base/check.h"
#include "engine/image/checksum_writer.h"
#include "engine/image/end_mark.h"
#include "engine/image/image.h"
#include "engine/image/image_state.h"
#include "engine/image/records.h"
#include "engine/image/udf_records.h"

namespace pregroove::image {

// Three stages in turn: descriptors, path tables and directories are written into a small buffer
// and copied from there; file contents are read straight into the caller's buffer; zeros and the
// end mark fill the rest.
class ImageReader::Worker {
 public:
  explicit Worker(std::shared_ptr<const ImageState> state) : state_(std::move(state)) {
    const auto& options = state_->options.checksums;
    if (options.stored) checksums_.emplace(state_->layout.content_files() + 1, options.previous);
  }

  std::size_t read(std::span<std::byte> buffer) {
    const std::uint64_t left = state_->layout.size().bytes() - position_;
    if (buffer.size() > left) buffer = buffer.first(static_cast<std::size_t>(left));
    const std::size_t total = buffer.size();
    while (!buffer.empty()) {
      summed_ = 0;
      const std::size_t count = produce(buffer);
      state_->boot.overlays.apply(position_, buffer.first(count));
      if (checksums_) take_checksum(buffer.first(summed_));
      position_ += count;
      buffer = buffer.subspan(count);
    }
    return total;
  }

  [[nodiscard]] BlockCount position() const { return blocks_for_bytes(position_); }
  [[nodiscard]] const std::vector<Error>& problems() const { return problems_; }
  [[nodiscard]] std::string current_file() const {
    if (file_done_ == 0 || folder_ >= state_->layout.folders().size()) return {};
    const std::string folder = state_->layout.path_of(folder_);
    return (folder == "/" ? "" : folder) + "/" + current().name;
  }

 private:
  // The next bytes of whatever is due; at least one, at most what fits.
  std::size_t produce(std::span<std::byte> buffer) {
    const auto data_start = static_cast<std::uint64_t>(state_->layout.data_offset()) * kBlockSize;
    if (position_ < data_start) return copy_metadata(buffer);
    if (position_ == data_start && state_->layout.has_empty_block())
      return fill_zeros(buffer.first(kBlockSize));
    if (advance_to_content()) return fill_content(buffer);
    return fill_tail(buffer);
  }

  static std::size_t fill_zeros(std::span<std::byte> buffer) {
    std::ranges::fill(buffer, std::byte{0});
    return buffer.size();
  }

  // As the bytes will be on the disc, with what lies over them.
  void take_checksum(std::span<const std::byte> bytes) {
    checksums_->update(bytes);
    if (!summed_range_) return;
    const Lba lba =
        state_->layout.address(static_cast<std::int64_t>(summed_range_->position / kBlockSize));
    checksums_->add_record(lba, summed_range_->bytes, summed_range_->whole);
    summed_range_.reset();
  }

  // Checksums, padding, and in the volume's last block the mark that the image is complete.
  std::size_t fill_tail(std::span<std::byte> buffer) {
    const auto& place = state_->layout.checksums();
    const std::uint64_t end = state_->layout.size().bytes();
    const std::uint64_t mark_at = state_->layout.volume_size().bytes() - kBlockSize;
    const std::uint64_t table_at =
        place ? (place->lba - state_->options.session_start).bytes() : end;
    if (place && position_ >= table_at && position_ < table_at + place->blocks.bytes())
      return copy_checksums(buffer, static_cast<std::size_t>(position_ - table_at));
    if (position_ == mark_at && state_->layout.has_iso9660()) {
      write_end_mark(buffer.first(kBlockSize), state_->options.session_start,
                     state_->layout.volume_size(), place);
      return kBlockSize;
    }
    std::uint64_t zeros = end - position_;
    for (const std::uint64_t next : {table_at, mark_at})
      if (next > position_ && state_->layout.has_iso9660())
        zeros = std::min(zeros, next - position_);
    return fill_zeros(buffer.first(std::min<std::uint64_t>(buffer.size(), zeros)));
  }

  std::size_t copy_checksums(std::span<std::byte> buffer, std::size_t done) {
    const auto left = checksums_->table().subspan(done);
    const std::size_t count = std::min(buffer.size(), left.size());
    std::memcpy(buffer.data(), left.data(), count);
    return count;
  }

  std::size_t copy_metadata(std::span<std::byte> buffer) {
    if (metadata_done_ == metadata_.size()) next_metadata();
    const std::size_t count = std::min(buffer.size(), metadata_.size() - metadata_done_);
    std::memcpy(buffer.data(), metadata_.data() + metadata_done_, count);
    metadata_done_ += count;
    if (next_directory_ > 0) note_summed_folders(count);
    return count;
  }

  // The checksum begins with the first folder; what is before it may be overwritten, on a medium
  // that can be, when the disc grows.
  void note_summed_folders(std::size_t count) {
    const Layout& layout = state_->layout;
    if (!checksums_) return;
    const auto first =
        layout.folders().front().places[static_cast<std::size_t>(Hierarchy::kPlain)].offset;
    const std::uint64_t begin = std::uint64_t{first} * kBlockSize;
    const std::uint64_t end = static_cast<std::uint64_t>(layout.data_offset()) * kBlockSize;
    summed_ = count;
    if (position_ + count == end)
      summed_range_ = SummedRange{.position = begin, .bytes = end - begin};
  }

  void next_metadata() {
    const Layout& layout = state_->layout;
    metadata_.clear();
    metadata_done_ = 0;
    if (position_ == 0) {
      append_descriptors(layout, state_->options, metadata_);
      if (layout.udf()) append_udf_volume(layout, state_->options, metadata_);
      for (const Hierarchy hierarchy : layout.hierarchies()) {
        append_path_table(layout, hierarchy, PathTableKind::kL, metadata_);
        append_path_table(layout, hierarchy, PathTableKind::kM, metadata_);
      }
      return;
    }
    const std::size_t folders = layout.folders().size();
    const std::size_t directories = folders * layout.hierarchies().size();
    if (next_directory_ >= directories)
      append_udf_piece(layout, state_->options, next_directory_ - directories, metadata_);
    else
      append_directory(layout, next_directory_ < folders ? Hierarchy::kPlain : Hierarchy::kJoliet,
                       next_directory_ % folders, state_->options.created, metadata_);
    ++next_directory_;
  }

  [[nodiscard]] const File& current() const {
    return state_->layout.folders()[folder_].directory->files[file_];
  }

  // Moves on to the next file that has bytes to be written; false when there is none.
  bool advance_to_content() {
    if (file_done_ > 0) return true;
    const auto& folders = state_->layout.folders();
    for (; folder_ < folders.size(); ++folder_, file_ = 0) {
      for (; file_ < folders[folder_].directory->files.size(); ++file_) {
        const File& file = current();
        if (!std::holds_alternative<OldExtents>(file.content) && file.size() > 0 &&
            !state_->layout.is_repeated(folders[folder_], file_))
          return true;
      }
    }
    metadata_ = {};
    open_folder_path_ = nullptr;
    open_folder_ = {};
    return false;
  }

  std::size_t fill_content(std::span<std::byte> buffer) {
    const File& file = current();
    const std::uint64_t size = file.size();
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - file_done_));
    if (file_done_ == 0) problems_before_ = problems_.size();
    if (const auto* memory = std::get_if<Memory>(&file.content))
      std::memcpy(buffer.data(), memory->bytes.data() + file_done_, count);
    else
      read_source(std::get<SourceFile>(file.content), buffer.first(count));
    file_done_ += count;
    summed_ = count;
    if (file_done_ < size) return count;
    const auto* source = std::get_if<SourceFile>(&file.content);
    if (source != nullptr) finish_source(*source);
    if (problems_.size() > problems_before_) tell_of_same_content();
    summed_range_ = SummedRange{.position = position_ + count - size,
                                .bytes = size,
                                .whole = problems_.size() == problems_before_};
    ++file_;
    file_done_ = 0;
    const std::size_t padded = static_cast<std::size_t>(blocks_for_bytes(count).bytes());
    fill_zeros(buffer.first(padded).subspan(count));
    return padded;
  }

  // Fills the buffer with the file's next bytes, and with zeros where there are none.
  void read_source(const SourceFile& source, std::span<std::byte> buffer) {
    if (file_done_ == 0) open_source(source);
    std::size_t got = 0;
    if (opened_.is_open()) {
      auto count = opened_.read_at(file_done_, buffer);
      got = count.value_or(0);
      if (!count)
        give_up_on_source(std::move(count).error());
      else if (got < buffer.size())
        give_up_on_source(changed(source, "became shorter while it was read"));
    }
    fill_zeros(buffer.subspan(got));
  }

  void open_source(const SourceFile& source) {
    auto file = open_in_folder(source);
    if (file)
      opened_ = *std::move(file);
    else if (file.error().code == ErrorCode::kNotFound)
      give_up_on_source(changed(source, "is no longer there"));
    else
      give_up_on_source(std::move(file).error());
  }

  // The files of a folder follow one another: it is opened once for all of them.
  Result<system::File> open_in_folder(const SourceFile& source) {
    if (source.folder == nullptr) return system::File::open_for_reading(source.path());
    if (source.folder != open_folder_path_) {
      open_folder_path_ = source.folder;
      // Where that fails, the files' own paths tell why.
      open_folder_ = system::Folder::open(*source.folder).value_or(system::Folder{});
    }
    if (!open_folder_.is_open()) return system::File::open_for_reading(source.path());
    return open_folder_.open_for_reading(source.leaf);
  }

  // One look at the end tells of every change since the tree was made.
  void finish_source(const SourceFile& source) {
    if (!opened_.is_open()) return;
    const auto status = opened_.status();
    if (!status)
      problems_.push_back(status.error());
    else if (status->kind != system::FileKind::kRegular || status->inode != source.inode)
      problems_.push_back(changed(source, "was replaced by another file"));
    else if (status->size != source.size)
      problems_.push_back(
          changed(source, status->size > source.size
                              ? "became longer while it was read; what was added is missing"
                              : "became shorter while it was read"));
    else if (status->modified != source.modified ||
             status->modified_nanoseconds != source.modified_nanoseconds)
      problems_.push_back(changed(source, "was changed while it was read"));
    opened_ = {};
  }

  // What has happened to the current file has happened to all that share its blocks.
  void tell_of_same_content() {
    const std::string why = problems_.back().message;
    const auto& folder = state_->layout.folders()[folder_];
    for (const std::string& path : state_->layout.paths_of_same_content(folder, file_))
      problems_.push_back(
          {.code = ErrorCode::kSourceChanged,
           .message = fmt::format("\"{}\" shares its bytes with a file that failed: {}", path, why),
           .advice = "Burn the file again in another session."});
  }

  // The rest of the file becomes zeros.
  void give_up_on_source(Error error) {
    if (error.advice.empty()) error.advice = "Burn the file again in another session.";
    problems_.push_back(std::move(error));
    opened_ = {};
  }

  static Error changed(const SourceFile& source, std::string_view what) {
    return {.code = ErrorCode::kSourceChanged,
            .message = fmt::format("\"{}\" {}", source.path(), what),
            .advice = "Burn the file again when nothing writes to it."};
  }

  std::shared_ptr<const ImageState> state_;
  std::uint64_t position_ = 0;  // bytes; between calls a whole number of blocks

  std::vector<std::byte> metadata_;
  std::size_t metadata_done_ = 0;
  std::size_t next_directory_ = 0;

  std::size_t folder_ = 0;
  std::size_t file_ = 0;
  std::uint64_t file_done_ = 0;  // bytes of the current file that have been produced
  std::shared_ptr<const std::string> open_folder_path_;
  system::Folder open_folder_;  // of the file that was opened last; not open when that failed
  system::File opened_;         // not open when the file could not be read
  std::vector<Error> problems_;
  std::size_t problems_before_ = 0;  // the current source file

  struct SummedRange {
    std::uint64_t position = 0;  // bytes from the start of the image
    std::uint64_t bytes = 0;
    bool whole = true;
  };
  std::optional<ChecksumWriter> checksums_;
  std::size_t summed_ = 0;  // how many of the bytes that were just produced belong to a checksum
  std::optional<SummedRange> summed_range_;  // set when it ends with them
};

ImageReader::ImageReader(const Image& image) : worker_(std::make_unique<Worker>(image.state_)) {}
ImageReader::ImageReader(ImageReader&&) noexcept = default;
ImageReader& ImageReader::operator=(ImageReader&&) noexcept = default;
ImageReader::~ImageReader() = default;

Result<std::size_t> ImageReader::read(std::span<std::byte> whole_blocks) {
  PREGROOVE_CHECK(whole_blocks.size() % kBlockSize == 0);
  return worker_->read(whole_blocks);
}

BlockCount ImageReader::position() const { return worker_->position(); }
const std::vector<Error>& ImageReader::problems() const { return worker_->problems(); }
std::string ImageReader::current_file() const { return worker_->current_file(); }

}  // namespace pregroove::image
