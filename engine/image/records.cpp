#include "engine/image/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/check.h"
#include "engine/image/el_torito.h"
#include "engine/image/end_mark.h"
#include "engine/image/iso9660.h"
#include "engine/image/names.h"
#include "engine/image/udf_records.h"

namespace pregroove::image {
namespace {

constexpr std::size_t kJolietIdentifierUnitsMax = 64;  // 128 bytes, ECMA-119 8.4.20 and following

// ECMA-119 7.4.1, a-characters besides letters and digits.
constexpr std::string_view kACharacterMarks = " !\"%&'()*+,-./:;<=>?_";

std::string a_characters(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z')
      result += static_cast<char>(c - 'a' + 'A');
    else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             kACharacterMarks.find(c) != std::string_view::npos)
      result += c;
    else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U)
      result += '_';
  }
  return result;
}

template <std::size_t N>
void put_plain(Text<N>& field, std::string_view text) {
  field.fill(' ');
  std::ranges::copy(text.substr(0, N), field.begin());
}

// Padded with UCS-2 blanks; the odd last byte of a 37-byte field stays zero.
template <std::size_t N>
void put_joliet(Text<N>& field, std::string_view text) {
  for (std::size_t i = 1; i < N; i += 2) field[i] = ' ';
  const std::vector<std::byte> bytes = joliet_bytes(text);
  std::ranges::copy(std::span(bytes).first(std::min(bytes.size(), N - N % 2)),
                    std::as_writable_bytes(std::span(field)).begin());
}

RecordHeader folder_header(const Layout& layout, const FolderLayout& folder, Hierarchy hierarchy,
                           system::FileTime root_time) {
  const FolderPlace& place = folder.places[static_cast<std::size_t>(hierarchy)];
  const bool is_root = folder.directory == layout.folders().front().directory;
  RecordHeader header;
  header.extent = Both32(static_cast<std::uint32_t>(layout.address(place.offset).value));
  header.data_length = Both32(place.bytes);
  header.recorded = record_time(is_root ? root_time : folder.directory->modified);
  header.flags = kFlagDirectory;
  return header;
}

// Appends records to a directory, none across a block boundary, and fills the last block up. Rock
// Ridge fields that have no room in their record follow behind the last block.
class DirectoryWriter {
 public:
  DirectoryWriter(Lba continuation_start, std::vector<std::byte>& out)
      : out_(out), begin_(out.size()), continuation_start_(continuation_start) {}

  // The system use of the records that are added next.
  void set_fields(std::span<const std::byte> fields, std::size_t identifier_length) {
    distribute_fields(fields, kRecordBytesMax - record_length(identifier_length),
                      continuation_start_, continued_, system_use_);
  }

  void add(RecordHeader header, std::span<const std::byte> identifier) {
    const std::size_t own = record_length(identifier.size());
    header.length = static_cast<std::uint8_t>(record_length_with(own, system_use_.size()));
    header.identifier_length = static_cast<std::uint8_t>(identifier.size());
    const std::size_t used = (out_.size() - begin_) % kBlockSize;
    if (used + header.length > kBlockSize) out_.resize(out_.size() + kBlockSize - used);
    const auto at = static_cast<std::ptrdiff_t>(out_.size());
    out_.resize(out_.size() + header.length);
    write_struct(out_, static_cast<std::size_t>(at), header);
    std::ranges::copy(identifier,
                      out_.begin() + at + static_cast<std::ptrdiff_t>(sizeof(RecordHeader)));
    std::ranges::copy(system_use_, out_.begin() + at + static_cast<std::ptrdiff_t>(own));
  }

  void finish() {
    fill_block();
    out_.insert(out_.end(), continued_.begin(), continued_.end());
    fill_block();
  }

 private:
  void fill_block() {
    const std::size_t used = (out_.size() - begin_) % kBlockSize;
    if (used != 0) out_.resize(out_.size() + kBlockSize - used);
  }

  std::vector<std::byte>& out_;
  std::size_t begin_;
  Lba continuation_start_;
  std::vector<std::byte> continued_;
  std::vector<std::byte> system_use_;
};

void append_bytes(std::span<const std::byte> bytes, std::vector<std::byte>& out) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_text(std::string_view text, std::vector<std::byte>& out) {
  append_bytes(std::as_bytes(std::span(text)), out);
}

void identifier_of_file(const Layout& layout, const FolderLayout& folder, std::size_t file,
                        Hierarchy hierarchy, std::vector<std::byte>& out) {
  out.clear();
  if (hierarchy == Hierarchy::kJoliet) {
    // Without version: no writer that is in use adds one to Joliet names.
    append_joliet_bytes(layout.joliet_name_of(folder, file), out);
    return;
  }
  const std::string_view name = layout.plain_name_of(folder, file);
  append_text(name, out);
  if (layout.has_enhanced_descriptor()) return;
  append_text(name.find('.') == std::string_view::npos ? ".;1" : ";1", out);
}

void identifier_of_folder(const Layout& layout, std::size_t folder, Hierarchy hierarchy,
                          std::vector<std::byte>& out) {
  out.clear();
  if (hierarchy == Hierarchy::kJoliet)
    append_joliet_bytes(layout.joliet_name_of_folder(folder), out);
  else
    append_text(layout.plain_name_of_folder(folder), out);
}

void add_file_records(const Layout& layout, const FolderLayout& folder, std::size_t file,
                      std::span<const std::byte> identifier, std::vector<Extent>& sections,
                      DirectoryWriter& writer) {
  layout.sections_of(folder, file, sections);
  RecordHeader header;
  header.recorded = record_time(folder.directory->files[file].modified);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    header.extent = Both32(static_cast<std::uint32_t>(sections[i].lba.value));
    header.data_length = Both32(static_cast<std::uint32_t>(sections[i].bytes));
    header.flags = std::uint8_t{0};
    if (i + 1 < sections.size()) header.flags = kFlagMultiExtent;
    writer.add(header, identifier);
  }
}

Status check_identifier(std::string_view what, const std::string& text, std::size_t units_max,
                        bool as_name) {
  if (text.empty()) return {};
  const auto bad = [&](std::string_view rule) {
    return fail(ErrorCode::kBadName,
                fmt::format("the {} \"{}\" cannot be stored: {}", what, text, rule),
                fmt::format("Use at most {} characters, none of them an emoji{}.", units_max,
                            as_name ? " or one of * / : ; ? \\" : ""));
  };
  const std::size_t units = joliet_units(text);
  if (units == 0) return bad("it is not valid UTF-8");
  if (units > units_max) return bad(fmt::format("it has {} characters", units));
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xF0) return bad("it has a character above U+FFFF");
    if (byte < 0x20) return bad("it has a control character");
    if (as_name && std::string_view("*/:;?\\").find(c) != std::string_view::npos)
      return bad(fmt::format("it contains \"{}\"", c));
  }
  return {};
}

template <typename Header, typename Extent32, typename Number16>
void append_path_record(std::uint32_t extent, std::uint32_t parent,
                        std::span<const std::byte> identifier, std::vector<std::byte>& out) {
  Header header;
  header.identifier_length = static_cast<std::uint8_t>(identifier.size());
  header.extent = Extent32(extent);
  header.parent = Number16(static_cast<std::uint16_t>(parent));
  const std::size_t at = out.size();
  out.resize(at + path_record_length(identifier.size()));
  write_struct(out, at, header);
  std::ranges::copy(identifier, out.begin() + static_cast<std::ptrdiff_t>(at + sizeof header));
}

VolumeDescriptor common_descriptor(const Layout& layout, const ImageOptions& options,
                                   Hierarchy hierarchy) {
  const PathTableLayout& table = layout.path_table(hierarchy);
  const auto address = [&](std::uint32_t offset) {
    return static_cast<std::uint32_t>(layout.address(offset).value);
  };
  VolumeDescriptor descriptor;
  // Relative to the session, as other writers do: the blocks of this image.
  descriptor.volume_space_size = Both32(static_cast<std::uint32_t>(layout.volume_size().value));
  descriptor.path_table_size = Both32(table.bytes);
  descriptor.path_table_l = Le32(address(table.offset_l));
  descriptor.path_table_m = Be32(address(table.offset_m));
  descriptor.root.header =
      folder_header(layout, layout.folders().front(), hierarchy, options.created);
  descriptor.root.header.length = sizeof(ShortRecord);
  descriptor.root.header.identifier_length = 1;
  descriptor.created = descriptor.modified = descriptor_time(options.created);
  descriptor.expires = descriptor.effective = no_descriptor_time();
  return descriptor;
}

void append_block(const VolumeDescriptor& descriptor, std::vector<std::byte>& out) {
  out.resize(out.size() + sizeof descriptor);
  write_struct(out, out.size() - sizeof descriptor, descriptor);
}

VolumeDescriptor primary_descriptor(const Layout& layout, const ImageOptions& options) {
  VolumeDescriptor primary = common_descriptor(layout, options, Hierarchy::kPlain);
  primary.type = kDescriptorPrimary;
  put_plain(primary.system_id, "");
  put_plain(primary.volume_id, plain_volume_id(options.volume_id));
  put_plain(primary.volume_set_id, "");
  put_plain(primary.publisher_id, a_characters(options.publisher_id));
  put_plain(primary.data_preparer_id, "");
  put_plain(primary.application_id, a_characters(options.application_id));
  write_start_mark(primary.application_use, options.session_start, layout.volume_size());
  for (auto* field : {&primary.copyright_file, &primary.abstract_file, &primary.bibliographic_file})
    put_plain(*field, "");
  return primary;
}

VolumeDescriptor joliet_descriptor(const Layout& layout, const ImageOptions& options) {
  VolumeDescriptor joliet = common_descriptor(layout, options, Hierarchy::kJoliet);
  joliet.type = kDescriptorSupplementary;
  std::ranges::copy(kEscapeUcs2Level3, joliet.escape_sequences.begin());
  put_joliet(joliet.system_id, "");
  put_joliet(joliet.volume_id, options.volume_id);
  put_joliet(joliet.volume_set_id, "");
  put_joliet(joliet.publisher_id, options.publisher_id);
  put_joliet(joliet.data_preparer_id, "");
  put_joliet(joliet.application_id, options.application_id);
  for (auto* field : {&joliet.copyright_file, &joliet.abstract_file, &joliet.bibliographic_file})
    put_joliet(*field, "");
  return joliet;
}

// ISO 9660:1999, 8.5: as the primary one, and for the same tree, by another version.
VolumeDescriptor enhanced_descriptor(const Layout& layout, const ImageOptions& options) {
  constexpr std::uint8_t kEnhanced = 2;
  VolumeDescriptor enhanced = primary_descriptor(layout, options);
  enhanced.type = kDescriptorSupplementary;
  enhanced.version = kEnhanced;
  enhanced.file_structure_version = kEnhanced;
  enhanced.application_use = {};
  return enhanced;
}

}  // namespace

Status check_identifiers(const ImageOptions& options) {
  PREGROOVE_RETURN_IF_ERROR(
      check_identifier("volume name", options.volume_id, kJolietVolumeUnitsMax, true));
  PREGROOVE_RETURN_IF_ERROR(
      check_identifier("publisher", options.publisher_id, kJolietIdentifierUnitsMax, false));
  return check_identifier("application", options.application_id, kJolietIdentifierUnitsMax, false);
}

void append_descriptors(const Layout& layout, const ImageOptions& options,
                        std::vector<std::byte>& out) {
  out.resize(out.size() + kSystemAreaBlocks * kBlockSize);
  if (!layout.has_iso9660()) return append_udf_recognition(*layout.udf(), out);
  append_block(primary_descriptor(layout, options), out);
  // El Torito specification 2.0: the boot record is the second of them.
  if (layout.has_boot_record())
    append_bytes(make_boot_record(layout.has_boot_catalog() ? layout.boot_catalog()
                                                            : options.boot.kept->lba),
                 out);
  if (layout.has_joliet()) append_block(joliet_descriptor(layout, options), out);
  if (layout.has_enhanced_descriptor()) append_block(enhanced_descriptor(layout, options), out);
  const std::size_t terminator = out.size();
  out.resize(terminator + kBlockSize);
  // ECMA-119 8.3: type, identifier, version; the rest is zero.
  out[terminator] = std::byte{kDescriptorTerminator};
  std::ranges::copy(std::as_bytes(std::span(kStandardIdentifier)),
                    out.begin() + static_cast<std::ptrdiff_t>(terminator + 1));
  out[terminator + 1 + kStandardIdentifier.size()] = std::byte{1};
  if (layout.udf()) append_udf_recognition(*layout.udf(), out);
  if (layout.has_boot_catalog()) out.resize(out.size() + kBlockSize);
}

void append_path_table(const Layout& layout, Hierarchy hierarchy, PathTableKind kind,
                       std::vector<std::byte>& out) {
  const std::size_t begin = out.size();
  const auto h = static_cast<std::size_t>(hierarchy);
  std::vector<std::byte> identifier;
  for (const std::uint32_t index : layout.path_table(hierarchy).folders) {
    const FolderLayout& folder = layout.folders()[index];
    if (index == 0)
      identifier.assign(1, std::byte{0});
    else
      identifier_of_folder(layout, index, hierarchy, identifier);
    const auto extent = static_cast<std::uint32_t>(layout.address(folder.places[h].offset).value);
    const std::uint32_t parent = layout.folders()[folder.parent].places[h].number;
    if (kind == PathTableKind::kL)
      append_path_record<PathTableHeaderL, Le32, Le16>(extent, parent, identifier, out);
    else
      append_path_record<PathTableHeaderM, Be32, Be16>(extent, parent, identifier, out);
  }
  PREGROOVE_CHECK(out.size() - begin == layout.path_table(hierarchy).bytes);
  out.resize(begin + blocks_for_bytes(out.size() - begin).bytes());
}

void append_directory(const Layout& layout, Hierarchy hierarchy, std::size_t folder_index,
                      system::FileTime root_time, std::vector<std::byte>& out) {
  const std::size_t begin = out.size();
  const bool plain = hierarchy == Hierarchy::kPlain;
  const FolderLayout& folder = layout.folders()[folder_index];
  const FolderPlace& place = folder.places[static_cast<std::size_t>(hierarchy)];
  DirectoryWriter writer(layout.address(place.offset + blocks_for_bytes(place.bytes).value), out);
  std::vector<std::byte> fields;
  const auto add_dot_record = [&](std::size_t shown, Layout::Role role) {
    const std::byte identifier{static_cast<std::uint8_t>(role)};
    if (plain) layout.fields_of_dot_record(shown, role, fields);
    writer.set_fields(fields, 1);
    writer.add(folder_header(layout, layout.folders()[shown], hierarchy, root_time),
               {&identifier, 1});
  };
  add_dot_record(folder_index, Layout::Role::kSelf);
  add_dot_record(folder.parent, Layout::Role::kParent);
  const std::size_t files = folder.directory->files.size();
  std::vector<std::byte> identifier;
  std::vector<Extent> sections;
  for (const std::uint32_t entry : folder.order[static_cast<std::size_t>(hierarchy)]) {
    if (entry < files) {
      identifier_of_file(layout, folder, entry, hierarchy, identifier);
      if (plain) layout.fields_of_file(folder, entry, fields);
      writer.set_fields(fields, identifier.size());
      add_file_records(layout, folder, entry, identifier, sections, writer);
    } else {
      const std::size_t child = folder.first_child + entry - files;
      identifier_of_folder(layout, child, hierarchy, identifier);
      if (plain) layout.fields_of_folder(child, fields);
      writer.set_fields(fields, identifier.size());
      writer.add(folder_header(layout, layout.folders()[child], hierarchy, root_time), identifier);
    }
  }
  writer.finish();
  PREGROOVE_CHECK(out.size() - begin == place.bytes + BlockCount{place.more}.bytes());
}

}  // namespace pregroove::image
