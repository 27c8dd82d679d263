#include "engine/image/rock_ridge.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/image/susp.h"

namespace pregroove::image {
namespace {

void append_text(std::string_view text, std::vector<std::byte>& out) {
  const auto bytes = std::as_bytes(std::span(text));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

template <typename Struct>
void append_struct(const Struct& value, std::vector<std::byte>& out) {
  const std::size_t at = out.size();
  out.resize(at + sizeof value);
  write_struct(out, at, value);
}

void append_announcement(std::vector<std::byte>& out) {
  SuspExtensions extensions;
  extensions.identifier_length = static_cast<std::uint8_t>(kRockRidgeIdentifier.size());
  extensions.descriptor_length = static_cast<std::uint8_t>(kRockRidgeDescriptor.size());
  extensions.source_length = static_cast<std::uint8_t>(kRockRidgeSource.size());
  extensions.header.length =
      static_cast<std::uint8_t>(sizeof extensions + kRockRidgeIdentifier.size() +
                                kRockRidgeDescriptor.size() + kRockRidgeSource.size());
  append_struct(extensions, out);
  append_text(kRockRidgeIdentifier, out);
  append_text(kRockRidgeDescriptor, out);
  append_text(kRockRidgeSource, out);
}

void append_text_field(const std::array<char, 2>& signature, std::uint8_t flags,
                       std::span<const std::byte> content, std::vector<std::byte>& out) {
  const RockRidgeText field{
      .header = {.signature = signature,
                 .length = static_cast<std::uint8_t>(sizeof(RockRidgeText) + content.size())},
      .flags = flags};
  append_struct(field, out);
  out.insert(out.end(), content.begin(), content.end());
}

constexpr std::size_t kTextMax = kSuspFieldBytesMax - sizeof(RockRidgeText);

void append_name(std::string_view name, std::vector<std::byte>& out) {
  while (!name.empty()) {
    const std::string_view piece = name.substr(0, kTextMax);
    name.remove_prefix(piece.size());
    const auto flags = static_cast<std::uint8_t>(name.empty() ? 0 : kTextContinues);
    append_text_field(kSignatureName, flags, std::as_bytes(std::span(piece)), out);
  }
}

// The components of a link, spread over as many SL fields as they need.
class LinkWriter {
 public:
  explicit LinkWriter(std::vector<std::byte>& out) : out_(out) {}

  void add(std::uint8_t flags, std::string_view characters = {}) {
    do {
      // Room for a component's head and at least one character, or for the head alone.
      const std::size_t least = sizeof(LinkComponent) + (characters.empty() ? 0 : 1);
      if (field_.size() + least > kTextMax) flush(kTextContinues);
      const std::size_t room = kTextMax - field_.size() - sizeof(LinkComponent);
      const std::string_view piece = characters.substr(0, room);
      characters.remove_prefix(piece.size());
      const auto continues = static_cast<std::uint8_t>(characters.empty() ? 0 : kTextContinues);
      append_struct(LinkComponent{.flags = static_cast<std::uint8_t>(flags | continues),
                                  .length = static_cast<std::uint8_t>(piece.size())},
                    field_);
      append_text(piece, field_);
    } while (!characters.empty());
  }

  void finish() { flush(0); }

 private:
  void flush(std::uint8_t flags) {
    append_text_field(kSignatureLink, flags, field_, out_);
    field_.clear();
  }

  std::vector<std::byte>& out_;
  std::vector<std::byte> field_;
};

// RRIP 4.1.3.1: "/" at the beginning, "." and ".." have flags of their own. Slashes at the end and
// double ones say nothing and are not kept.
void append_link(std::string_view target, std::vector<std::byte>& out) {
  LinkWriter writer(out);
  if (target.starts_with('/')) writer.add(kTextRoot);
  while (!target.empty()) {
    const std::string_view component = target.substr(0, target.find('/'));
    target.remove_prefix(std::min(component.size() + 1, target.size()));
    if (component == ".")
      writer.add(kTextCurrent);
    else if (component == "..")
      writer.add(kTextParent);
    else if (!component.empty())
      writer.add(0, component);
  }
  writer.finish();
}

// As many whole fields as fit.
std::size_t whole_fields(std::span<const std::byte> fields, std::size_t room) {
  std::size_t taken = 0;
  while (taken < fields.size()) {
    const auto length = std::to_integer<std::size_t>(fields[taken + 2]);
    if (taken + length > room) break;
    taken += length;
  }
  return taken;
}

// A continuation's fields within one block, and those that follow it elsewhere.
struct Piece {
  std::span<const std::byte> fields;
  std::size_t at = 0;  // in the area
  bool continued = false;

  [[nodiscard]] std::size_t size() const {
    return fields.size() + (continued ? sizeof(SuspContinuation) : 0);
  }
};

// What one block cannot hold begins with the next one and fills whole blocks, but for the last.
std::vector<Piece> cut_for_blocks(std::span<const std::byte> fields, std::size_t area_size) {
  std::vector<Piece> pieces;
  std::size_t at = area_size;
  if (fields.size() > kBlockSize - at % kBlockSize) at = (at / kBlockSize + 1) * kBlockSize;
  while (fields.size() > kBlockSize) {
    const std::size_t count = whole_fields(fields, kBlockSize - sizeof(SuspContinuation));
    pieces.push_back({.fields = fields.first(count), .at = at, .continued = true});
    fields = fields.subspan(count);
    at += kBlockSize;
  }
  pieces.push_back({.fields = fields, .at = at});
  return pieces;
}

SuspContinuation pointer_to(const Piece& piece, Lba area_start) {
  SuspContinuation pointer;
  const auto block = area_start.value + static_cast<std::int64_t>(piece.at / kBlockSize);
  pointer.block = Both32(static_cast<std::uint32_t>(block));
  pointer.offset = Both32(static_cast<std::uint32_t>(piece.at % kBlockSize));
  pointer.length = Both32(static_cast<std::uint32_t>(piece.size()));
  return pointer;
}

void append_piece(const Piece& piece, const Piece* next, Lba area_start,
                  std::vector<std::byte>& area) {
  area.resize(piece.at);
  area.insert(area.end(), piece.fields.begin(), piece.fields.end());
  if (next != nullptr) append_struct(pointer_to(*next, area_start), area);
}

}  // namespace

void append_fields(const EntryAttributes& entry, std::vector<std::byte>& out) {
  if (entry.announces) append_struct(SuspIndicator{}, out);
  RockRidgePosix posix;
  posix.mode = Both32(entry.mode);
  posix.links = Both32(entry.links);
  posix.user = Both32(entry.user);
  posix.group = Both32(entry.group);
  posix.serial = Both32(entry.serial);
  append_struct(posix, out);
  RockRidgeModified time;
  time.modified = record_time(entry.modified);
  append_struct(time, out);
  if (entry.device) append_struct(device_field(*entry.device), out);
  append_name(entry.name, out);
  if (!entry.link_target.empty()) append_link(entry.link_target, out);
  if (entry.announces) append_announcement(out);
}

void distribute_fields(std::span<const std::byte> fields, std::size_t room, Lba area_start,
                       std::vector<std::byte>& area, std::vector<std::byte>& in_record) {
  if (fields.size() <= room) {
    in_record.assign(fields.begin(), fields.end());
    return;
  }
  PREGROOVE_CHECK(room >= sizeof(SuspContinuation));
  const std::size_t kept = whole_fields(fields, room - sizeof(SuspContinuation));
  in_record.assign(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(kept));
  const std::vector<Piece> pieces = cut_for_blocks(fields.subspan(kept), area.size());
  append_struct(pointer_to(pieces.front(), area_start), in_record);
  for (std::size_t i = 0; i < pieces.size(); ++i)
    append_piece(pieces[i], i + 1 < pieces.size() ? &pieces[i + 1] : nullptr, area_start, area);
}

}  // namespace pregroove::image
