#include "engine/image/directory_parser.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "engine/image/names.h"
#include "engine/image/susp.h"

namespace pregroove::image {
namespace {

// Cuts ";1" off; the version of a name that has none is 1.
void strip_version(std::string& name) {
  const std::size_t semicolon = name.rfind(';');
  if (semicolon == std::string::npos || semicolon + 1 == name.size()) return;
  if (name.find_first_not_of("0123456789", semicolon + 1) == std::string::npos)
    name.resize(semicolon);
}

// Of a Linux disc: any byte is fine but those that no file name can have.
bool acceptable_to_posix(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

template <typename Entry>
bool has_duplicates(const std::vector<Entry>& sorted) {
  return std::ranges::adjacent_find(sorted, {}, &Entry::name) != sorted.end();
}

template <typename Entry>
void sort_by_name(std::vector<Entry>& entries) {
  if (!std::ranges::is_sorted(entries, {}, &Entry::name))
    std::ranges::stable_sort(entries, {}, &Entry::name);
}

std::string lower_case(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

// True when no two names of the folder would become one.
bool lower_case_is_unambiguous(const ParsedDirectory& directory) {
  std::vector<std::string> names;
  names.reserve(directory.files.size() + directory.subfolders.size());
  for (const File& file : directory.files) names.push_back(lower_case(file.name));
  for (const SubfolderRecord& folder : directory.subfolders)
    names.push_back(lower_case(folder.name));
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) == names.end();
}

std::optional<SpecialKind> special_kind(std::uint32_t mode) {
  switch (mode & kModeTypeMask) {
    case kModeCharacterDevice:
      return SpecialKind::kCharacterDevice;
    case kModeBlockDevice:
      return SpecialKind::kBlockDevice;
    case kModePipe:
      return SpecialKind::kPipe;
    case kModeSocket:
      return SpecialKind::kSocket;
    default:
      return std::nullopt;
  }
}

class Parser {
 public:
  Parser(std::span<const std::byte> bytes, const NameReading& reading, std::string_view path)
      : bytes_(bytes), reading_(reading), path_(path) {}

  Result<ParsedDirectory> run() {
    for (std::size_t at = 0; at < bytes_.size();) {
      const auto length = std::to_integer<std::size_t>(bytes_[at]);
      if (length == 0) {  // the rest of the block is unused
        at = (at / kBlockSize + 1) * kBlockSize;
        continue;
      }
      PREGROOVE_RETURN_IF_ERROR(read_record(at, length));
      at += length;
    }
    if (unfinished_) return corrupt_image(path_, "a file in it lacks its last section");
    return finish();
  }

 private:
  Status read_record(std::size_t at, std::size_t length) {
    const auto header = read_struct<RecordHeader>(bytes_, at);
    const bool crosses = at % kBlockSize + length > kBlockSize || at + length > bytes_.size();
    if (!header || crosses)
      return corrupt_image(path_, "a directory record reaches over the end of its block");
    if (header->identifier_length == 0 || sizeof(RecordHeader) + header->identifier_length > length)
      return corrupt_image(path_, "a directory record is shorter than the name in it");
    const auto identifier = bytes_.subspan(at + sizeof(RecordHeader), header->identifier_length);
    const bool is_self_or_parent = identifier.size() == 1 && identifier[0] <= std::byte{1};
    if (at == 0 && (!is_self_or_parent || identifier[0] != std::byte{0}))
      return corrupt_image(path_, "it does not begin with a record of itself");
    if (is_self_or_parent || (header->flags & kFlagAssociatedFile) != 0) return {};
    if (header->file_unit_size != 0 || header->interleave_gap != 0)
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("\"{}\" holds an interleaved file, which this program cannot read", path_));
    PREGROOVE_ASSIGN_OR_RETURN(std::string name, name_of(identifier));
    RockRidgeEntry fields;
    if (reading_.tree == NameTree::kRockRidge) {
      PREGROOVE_ASSIGN_OR_RETURN(fields, fields_of(bytes_.subspan(at, length)));
      name = fields.name.empty() ? lower_case(std::move(name)) : std::move(fields.name);
      if (!acceptable_to_posix(name)) return corrupt_image(path_, "a name in it is unsafe");
    }
    if (fields.relocated) {
      ++directory_.relocated;
      return {};
    }
    PREGROOVE_ASSIGN_OR_RETURN(const RecordPlace place, place_of(*header, path_));
    if (fields.child)
      return add_subfolder(*header, std::move(name), {.lba = *fields.child}, fields);
    if ((header->flags & kFlagDirectory) != 0)
      return add_subfolder(*header, std::move(name), place, fields);
    if (const auto special = special_content(fields))
      return add_special(*header, std::move(name), fields, *special);
    return add_section(*header, std::move(name), place, fields);
  }

  Result<RockRidgeEntry> fields_of(std::span<const std::byte> record) const {
    const auto use = system_use_of(record);
    return parse_fields(use.subspan(std::min(reading_.skipped, use.size())), reading_.continuation,
                        path_);
  }

  static std::optional<Content> special_content(const RockRidgeEntry& fields) {
    if (!fields.posix) return std::nullopt;
    if ((fields.posix->mode & kModeTypeMask) == kModeLink)
      return SymbolicLink{.target = fields.link_target};
    const auto kind = special_kind(fields.posix->mode);
    if (!kind) return std::nullopt;
    return SpecialFile{.kind = *kind, .device = fields.device.value_or(DeviceNumber{})};
  }

  Status add_special(const RecordHeader& header, std::string name, const RockRidgeEntry& fields,
                     Content content) {
    if (unfinished_) return corrupt_image(path_, "a file in it lacks its last section");
    const auto* link = std::get_if<SymbolicLink>(&content);
    if (link != nullptr && link->target.empty())
      return corrupt_image(path_, "a symbolic link in it leads nowhere");
    directory_.files.push_back({.name = std::move(name),
                                .modified = fields.modified.value_or(time_of(header.recorded)),
                                .content = std::move(content),
                                .attributes = attributes_from(fields, kFileAttributes)});
    return {};
  }

  Result<std::string> name_of(std::span<const std::byte> identifier) const {
    const bool joliet = reading_.tree == NameTree::kJoliet;
    if (joliet && identifier.size() % 2 != 0)
      return corrupt_image(path_, "a Joliet name in it has half a character");
    std::string name = joliet ? name_from_joliet(identifier) : text_from_plain(identifier);
    strip_version(name);
    if (!joliet && name.ends_with('.')) name.pop_back();
    if (!is_acceptable_name(name)) return corrupt_image(path_, "a name in it is empty or unsafe");
    return name;
  }

  Status add_subfolder(const RecordHeader& header, std::string name, RecordPlace place,
                       const RockRidgeEntry& fields) {
    if (unfinished_) return corrupt_image(path_, "a file in it lacks its last section");
    directory_.subfolders.push_back({.name = std::move(name),
                                     .modified = fields.modified.value_or(time_of(header.recorded)),
                                     .attributes = attributes_from(fields, kDirectoryAttributes),
                                     .place = place,
                                     .elsewhere = fields.child.has_value()});
    return {};
  }

  // ECMA-119 9.1.6: all sections of a file but the last have the multi-extent flag, and follow one
  // another.
  Status add_section(const RecordHeader& header, std::string name, RecordPlace place,
                     const RockRidgeEntry& fields) {
    if (unfinished_) {
      if (directory_.files.back().name != name)
        return corrupt_image(path_, "a file in it lacks its last section");
    } else {
      directory_.files.push_back(
          {.name = std::move(name),
           .modified = fields.modified.value_or(time_of(header.recorded)),
           .content = OldExtents{.links = fields.posix ? fields.posix->links : 1},
           .attributes = attributes_from(fields, kFileAttributes)});
    }
    unfinished_ = (header.flags & kFlagMultiExtent) != 0;
    if (unfinished_ && place.bytes % kBlockSize != 0)
      return corrupt_image(path_, "a section of a file in it ends within a block");
    if (place.bytes > 0)
      std::get<OldExtents>(directory_.files.back().content)
          .extents.push_back({.lba = place.lba, .bytes = place.bytes});
    return {};
  }

  Result<ParsedDirectory> finish() {
    sort_by_name(directory_.files);
    sort_by_name(directory_.subfolders);
    if (reading_.tree == NameTree::kPlain) {
      // Of several versions of a file the newest comes first (ECMA-119 9.3 c).
      const auto older = std::ranges::unique(directory_.files, {}, &File::name);
      directory_.files.erase(older.begin(), older.end());
      if (reading_.lower_case_plain_names && lower_case_is_unambiguous(directory_))
        use_lower_case();
    }
    if (has_duplicates(directory_.files) || has_duplicates(directory_.subfolders) ||
        file_and_folder_share_a_name())
      return corrupt_image(path_, "it holds the same name twice");
    directory_.files.shrink_to_fit();
    return std::move(directory_);
  }

  void use_lower_case() {
    for (File& file : directory_.files) file.name = lower_case(std::move(file.name));
    for (SubfolderRecord& folder : directory_.subfolders)
      folder.name = lower_case(std::move(folder.name));
    sort_by_name(directory_.files);
    sort_by_name(directory_.subfolders);
  }

  [[nodiscard]] bool file_and_folder_share_a_name() const {
    return std::ranges::any_of(directory_.subfolders, [&](const SubfolderRecord& folder) {
      return std::ranges::binary_search(directory_.files, folder.name, {}, &File::name);
    });
  }

  std::span<const std::byte> bytes_;
  NameReading reading_;
  std::string_view path_;
  ParsedDirectory directory_;
  bool unfinished_ = false;  // the last section announced another one
};

}  // namespace

bool is_acceptable_name(std::string_view name) {
  if (name.empty() || name == "." || name == "..") return false;
  return std::ranges::all_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F && c != '/';
  });
}

std::unexpected<Error> corrupt_image(std::string_view path, std::string_view reason) {
  return fail(ErrorCode::kCorruptImage,
              fmt::format("the file system on the disc is damaged at \"{}\": {}", path, reason),
              "Read the disc in another drive, or an earlier session of it.");
}

std::span<const std::byte> system_use_of(std::span<const std::byte> record) {
  const auto header = read_struct<RecordHeader>(record);
  if (!header || header->length > record.size()) return {};
  const std::size_t begin = record_length(header->identifier_length);
  return begin < header->length ? record.first(header->length).subspan(begin)
                                : std::span<const std::byte>{};
}

Attributes attributes_from(const RockRidgeEntry& entry, Attributes otherwise) {
  if (!entry.posix) return otherwise;
  constexpr std::uint32_t kPermissions = 07777;
  return {.permissions = static_cast<std::uint16_t>(entry.posix->mode & kPermissions),
          .user = entry.posix->user,
          .group = entry.posix->group};
}

Result<RecordPlace> place_of(const RecordHeader& header, std::string_view path) {
  if (!header.extent.consistent() || !header.data_length.consistent())
    return corrupt_image(path, "the two copies of an address or length differ");
  // An empty file is nowhere; bsdtar numbers them downwards from FFFFFFFFh.
  if (header.data_length.value() == 0) return RecordPlace{};
  const std::int64_t lba = std::int64_t{header.extent.value()} + header.extended_attribute_blocks;
  if (lba > std::numeric_limits<std::int32_t>::max())
    return corrupt_image(path, "an address is beyond the end of any disc");
  return RecordPlace{.lba = {static_cast<std::int32_t>(lba)}, .bytes = header.data_length.value()};
}

Result<ParsedDirectory> parse_directory(std::span<const std::byte> bytes,
                                        const NameReading& reading, std::string_view path) {
  return Parser(bytes, reading, path).run();
}

std::string text_from_plain(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  if (utf8::is_valid(text.begin(), text.end())) return text;
  std::string converted;
  for (const char c : text)
    utf8::unchecked::append(static_cast<unsigned char>(c), std::back_inserter(converted));
  return converted;
}

}  // namespace pregroove::image
