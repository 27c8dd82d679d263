#include "engine/image/el_torito.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "engine/image/iso9660.h"

namespace pregroove::image {
namespace {

constexpr std::string_view kBootSystem = "EL TORITO SPECIFICATION";

// Specification, figure 7.
struct BootRecord {
  std::uint8_t type = kDescriptorBootRecord;
  std::array<char, 5> standard_identifier{'C', 'D', '0', '0', '1'};
  std::uint8_t version = 1;
  Text<32> boot_system_id{};  // filled up with zeros, unlike other identifiers
  Text<32> unused{};
  Le32 catalog;
  std::array<std::uint8_t, 1973> unused_end{};
};
static_assert(wire_struct<BootRecord, kBlockSize>());

// Specification, figure 2.
constexpr std::uint8_t kValidationId = 0x01;
struct ValidationEntry {
  std::uint8_t header_id = kValidationId;
  std::uint8_t platform = 0;
  Le16 reserved;
  Text<24> id{};
  Le16 checksum;
  std::array<std::uint8_t, 2> key{0x55, 0xAA};
};
static_assert(wire_struct<ValidationEntry, 32>());

// Specification, figures 3 and 5.
constexpr std::uint8_t kBootable = 0x88;
constexpr std::uint8_t kNotBootable = 0x00;
constexpr std::uint8_t kEmulationMask = 0x0F;
struct Entry {
  std::uint8_t indicator = kBootable;
  std::uint8_t media_type = 0;
  Le16 load_segment;  // 0: the traditional one, 7C0h
  std::uint8_t system_type = 0;
  std::uint8_t unused = 0;
  Le16 sectors;
  Le32 start;
  std::array<std::uint8_t, 20> selection{};
};
static_assert(wire_struct<Entry, 32>());

// Specification, figure 4; an extension entry (figure 6) says more of the entry before it.
constexpr std::uint8_t kMoreHeaders = 0x90;
constexpr std::uint8_t kLastHeader = 0x91;
constexpr std::uint8_t kExtension = 0x44;
struct SectionHeader {
  std::uint8_t indicator = kLastHeader;
  std::uint8_t platform = 0;
  Le16 entries{1};
  Text<28> id{};
};
static_assert(wire_struct<SectionHeader, 32>());

struct InfoTable {
  Le32 primary_descriptor;
  Le32 file;
  Le32 bytes;
  Le32 checksum;
  std::array<std::uint8_t, 40> reserved{};
};
static_assert(wire_struct<InfoTable, kInfoTableEnd - kInfoTableOffset>());

template <typename Struct>
std::uint16_t sum_of_words(const Struct& value) {
  const auto bytes = bytes_of(value);
  unsigned sum = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 2) sum += read_struct<Le16>(bytes, at)->value();
  return static_cast<std::uint16_t>(sum);
}

// All words of the entry add up to zero, modulo 65536.
ValidationEntry validation_for(BootPlatform platform) {
  ValidationEntry entry{.platform = static_cast<std::uint8_t>(platform)};
  entry.checksum = Le16(static_cast<std::uint16_t>(-sum_of_words(entry)));
  return entry;
}

Entry as_written(const BootEntry& entry) {
  return {.indicator = entry.bootable ? kBootable : kNotBootable,
          .media_type = entry.emulation,
          .sectors = Le16(entry.load_sectors),
          .start = Le32(static_cast<std::uint32_t>(entry.start.value))};
}

BootEntry as_read(const Entry& entry, std::uint8_t platform) {
  return {.platform = BootPlatform{platform},
          .bootable = entry.indicator == kBootable,
          .emulation = static_cast<std::uint8_t>(entry.media_type & kEmulationMask),
          .load_sectors = entry.sectors.value(),
          .start = Lba{static_cast<std::int32_t>(entry.start.value())}};
}

// Walks a catalog entry by entry.
class CatalogParser {
 public:
  explicit CatalogParser(std::span<const std::byte> block) : block_(block) {}

  std::vector<BootEntry> parse() {
    const auto validation = next<ValidationEntry>();
    if (!validation || validation->header_id != kValidationId ||
        validation->key != ValidationEntry{}.key || sum_of_words(*validation) != 0)
      return {};
    if (!add_entry(validation->platform)) return {};
    while (add_section()) {
    }
    return std::move(entries_);
  }

 private:
  template <typename Struct>
  std::optional<Struct> next() {
    const auto value = read_struct<Struct>(block_, at_);
    at_ += sizeof(Struct);
    return value;
  }

  bool add_entry(std::uint8_t platform) {
    const auto entry = next<Entry>();
    if (!entry || (entry->indicator != kBootable && entry->indicator != kNotBootable)) return false;
    entries_.push_back(as_read(*entry, platform));
    return true;
  }

  // False when no section follows.
  bool add_section() {
    const auto header = next<SectionHeader>();
    if (!header || (header->indicator != kMoreHeaders && header->indicator != kLastHeader))
      return false;
    for (int i = 0; i < header->entries.value(); ++i) {
      if (!add_entry(header->platform)) return false;
      while (at_ < block_.size() && block_[at_] == std::byte{kExtension}) at_ += sizeof(Entry);
    }
    return header->indicator == kMoreHeaders;
  }

  std::span<const std::byte> block_;
  std::size_t at_ = 0;
  std::vector<BootEntry> entries_;
};

template <typename Struct>
void append(const Struct& value, std::vector<std::byte>& out) {
  const auto bytes = bytes_of(value);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

std::string name_of(BootPlatform platform) {
  switch (platform) {
    case BootPlatform::kBios:
      return "BIOS";
    case BootPlatform::kPowerPc:
      return "PowerPC";
    case BootPlatform::kMac:
      return "Mac";
    case BootPlatform::kEfi:
      return "EFI";
  }
  return fmt::format("platform {:02X}h", static_cast<unsigned>(platform));
}

std::string platforms_of(const BootCatalog& catalog) {
  std::vector<std::string> names;
  for (const BootEntry& entry : catalog.entries) {
    std::string name = name_of(entry.platform);
    if (entry.bootable && std::ranges::find(names, name) == names.end())
      names.push_back(std::move(name));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::byte> make_boot_record(Lba catalog) {
  BootRecord record{.catalog = Le32(static_cast<std::uint32_t>(catalog.value))};
  std::ranges::copy(kBootSystem, record.boot_system_id.begin());
  std::vector<std::byte> block;
  append(record, block);
  return block;
}

std::vector<std::byte> make_boot_catalog(std::span<const BootEntry> entries) {
  PREGROOVE_CHECK(!entries.empty() && entries.size() <= kBootFilesMax);
  std::vector<std::byte> block;
  append(validation_for(entries.front().platform), block);
  append(as_written(entries.front()), block);
  for (const BootEntry& entry : entries.subspan(1)) {
    append(SectionHeader{.indicator = &entry == &entries.back() ? kLastHeader : kMoreHeaders,
                         .platform = static_cast<std::uint8_t>(entry.platform)},
           block);
    append(as_written(entry), block);
  }
  block.resize(kBlockSize);
  return block;
}

std::optional<Lba> catalog_named_by(std::span<const std::byte> boot_record) {
  const auto record = read_struct<BootRecord>(boot_record);
  if (!record || record->type != kDescriptorBootRecord ||
      record->standard_identifier != BootRecord{}.standard_identifier)
    return std::nullopt;
  if (!std::ranges::equal(std::span(record->boot_system_id).first(kBootSystem.size()), kBootSystem))
    return std::nullopt;
  return Lba{static_cast<std::int32_t>(record->catalog.value())};
}

std::vector<BootEntry> parse_boot_catalog(std::span<const std::byte> block) {
  return CatalogParser(block).parse();
}

std::vector<std::byte> make_info_table(Lba primary_descriptor, Lba file, std::uint32_t bytes,
                                       std::uint32_t checksum) {
  std::vector<std::byte> table;
  append(InfoTable{.primary_descriptor = Le32(static_cast<std::uint32_t>(primary_descriptor.value)),
                   .file = Le32(static_cast<std::uint32_t>(file.value)),
                   .bytes = Le32(bytes),
                   .checksum = Le32(checksum)},
         table);
  return table;
}

void InfoTableChecksum::add(std::span<const std::byte> piece) {
  constexpr unsigned kBitsOfByte = 8;
  for (const std::byte byte : piece) {
    const auto shift = static_cast<unsigned>(position_ % sizeof(std::uint32_t)) * kBitsOfByte;
    if (position_ >= kInfoTableEnd) sum_ += std::to_integer<std::uint32_t>(byte) << shift;
    ++position_;
  }
}

}  // namespace pregroove::image
