#include "engine/drive/foreign_content.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "engine/base/bytes.h"

namespace pregroove::drive {
namespace {

constexpr std::string_view kUdf = "a UDF volume";
constexpr std::string_view kHidden = "data at its start that cannot be read";

// A signature of the first blocks: so many bytes from the start of the disc.
struct Signature {
  std::size_t at;
  std::string_view bytes;
  std::string_view name;
};

using namespace std::string_view_literals;

// The first that fits decides. Boot sectors: Microsoft FAT specification 1.03 (BS_FilSysType,
// Signature_word), exFAT specification 3.1.2; GPT: UEFI 2.10, 5.3.2; ext: s_magic of the super
// block at byte 1024.
constexpr auto kSignatures = std::to_array<Signature>({
    {3, "EXFAT   ", "an exFAT file system"},
    {3, "NTFS    ", "an NTFS file system"},
    {54, "FAT", "a FAT file system"},
    {82, "FAT32", "a FAT file system"},
    {512, "EFI PART", "a disk with partitions"},
    {1080, "\x53\xEF"sv, "a Linux (ext) file system"},
    {510, "\x55\xAA"sv, "a boot sector or a partition table"},
});

// ECMA-119 8.1.2 and ECMA-167 2/9.1.2: the identifiers of the structures from block 16 on.
constexpr std::size_t kDescriptors = 16;
constexpr std::size_t kIdentifierAt = 1;
constexpr std::size_t kIdentifierSize = 5;
constexpr std::string_view kIso = "CD001";
constexpr std::string_view kBlankedByLibisoburn = "CDXX1";  // burning.md 6.4

std::string_view text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view identifier_of(std::span<const std::byte> head, std::size_t block) {
  return text(head.subspan(block * kBlockSize + kIdentifierAt, kIdentifierSize));
}

bool has_udf_sequence(std::span<const std::byte> head) {
  for (std::size_t block = kDescriptors; (block + 1) * kBlockSize <= head.size(); ++block) {
    const std::string_view identifier = identifier_of(head, block);
    if (identifier == "NSR02" || identifier == "NSR03") return true;
  }
  return false;
}

// ECMA-167 3/7.2 (the tag: identifier, version, checksum over its other 15 bytes, ..., location)
// and 3/10.2 (tag identifier 2).
bool is_udf_anchor(std::span<const std::byte> block) {
  constexpr std::size_t kTagSize = 16;
  constexpr std::size_t kChecksumAt = 4;
  constexpr std::size_t kLocationAt = 12;
  constexpr std::uint16_t kAnchorTag = 2;
  if (block.size() < kTagSize) return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < kTagSize; ++i)
    if (i != kChecksumAt) sum += std::to_integer<unsigned>(block[i]);
  const auto tag = read_struct<Le16>(block);
  const auto location = read_struct<Le32>(block.subspan(kLocationAt));
  return tag->value() == kAnchorTag &&
         (sum & 0xFFU) == std::to_integer<unsigned>(block[kChecksumAt]) &&
         location->value() == static_cast<std::uint32_t>(kUdfAnchor.value);
}

bool is_zero(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

enum class Reading : std::uint8_t { kDone, kNeverWritten, kUnreadable };

Result<Reading> read_part(Drive& drive, Lba first, std::span<std::byte> blocks) {
  const auto read = drive.read(first, blocks);
  if (read) return Reading::kDone;
  if (!read.error().sense) return std::unexpected(read.error());
  std::ranges::fill(blocks, std::byte{0});
  switch (static_cast<scsi::SenseKey>(read.error().sense->key)) {
    case scsi::SenseKey::kBlankCheck:
    case scsi::SenseKey::kIllegalRequest:  // the disc ends before
      return Reading::kNeverWritten;
    case scsi::SenseKey::kMediumError:
      return Reading::kUnreadable;
    default:
      return std::unexpected(read.error());
  }
}

}  // namespace

std::string_view recognize_content(std::span<const std::byte> head,
                                   std::span<const std::byte> anchor) {
  if (identifier_of(head, kDescriptors) == kBlankedByLibisoburn) return {};
  if (has_udf_sequence(head) || is_udf_anchor(anchor)) return kUdf;
  if (identifier_of(head, kDescriptors) == kIso)
    return "an ISO 9660 volume that does not fit the disc";
  const std::string_view bytes = text(head);
  for (const Signature& signature : kSignatures)
    if (bytes.substr(signature.at).starts_with(signature.bytes)) return signature.name;
  return is_zero(head) ? "" : "data of a kind that is not known here";
}

Result<std::string_view> find_foreign_content(Drive& drive, bool everywhere) {
  std::vector<std::byte> head(static_cast<std::size_t>(kRecognizedHead.bytes()));
  std::array<std::byte, kBlockSize> anchor{};
  bool unreadable = false;
  // In two parts, since they are written in two.
  const auto half = head.size() / 2;
  for (const std::size_t at : {std::size_t{0}, half}) {
    PREGROOVE_ASSIGN_OR_RETURN(
        const Reading reading,
        read_part(drive, Lba{0} + blocks_for_bytes(at), std::span(head).subspan(at, half)));
    unreadable |= reading == Reading::kUnreadable;
  }
  PREGROOVE_RETURN_IF_ERROR(read_part(drive, kUdfAnchor, anchor));
  const std::string_view found = recognize_content(head, anchor);
  return found.empty() && unreadable && everywhere ? kHidden : found;
}

}  // namespace pregroove::drive
