#include "engine/image/rock_ridge_parser.h"

#include <algorithm>
#include <vector>

#include "engine/image/directory_parser.h"
#include "engine/image/susp.h"

namespace pregroove::image {
namespace {

// The longest link needs three blocks; more than this is a trick.
constexpr int kContinuationsMax = 32;
constexpr std::size_t kTargetBytesMax = 4095;
constexpr std::size_t kNameBytesMax = 255;

class FieldReader {
 public:
  FieldReader(const ContinuationSource& continuation, std::string_view path)
      : continuation_(continuation), path_(path) {}

  Result<RockRidgeEntry> read(std::span<const std::byte> system_use) {
    PREGROOVE_RETURN_IF_ERROR(read_area(system_use));
    for (int i = 0; next_; ++i) {
      if (i == kContinuationsMax)
        return corrupt_image(path_, "the Rock Ridge fields of an entry lead in circles");
      PREGROOVE_RETURN_IF_ERROR(read_continuation());
    }
    if (in_name_ || in_link_ || in_component_)
      return corrupt_image(path_, "a Rock Ridge name or link has no end");
    return std::move(entry_);
  }

 private:
  Status read_continuation() {
    const SuspContinuation where = *std::exchange(next_, std::nullopt);
    if (!where.block.consistent() || !where.offset.consistent() || !where.length.consistent())
      return corrupt_image(path_, "the two copies of an address or length differ");
    const std::uint64_t end = std::uint64_t{where.offset.value()} + where.length.value();
    constexpr std::uint32_t kBlockMax = 0x7FFFFFFF;
    if (end > kBlockSize || where.block.value() > kBlockMax)
      return corrupt_image(path_, "Rock Ridge fields are said to be where none can be");
    PREGROOVE_ASSIGN_OR_RETURN(const auto block,
                               continuation_(Lba{static_cast<std::int32_t>(where.block.value())}));
    // The next continuation needs the same window.
    const std::vector<std::byte> fields(block.begin() + where.offset.value(),
                                        block.begin() + static_cast<std::ptrdiff_t>(end));
    return read_area(fields);
  }

  Status read_area(std::span<const std::byte> area) {
    while (area.size() >= sizeof(SuspHeader)) {
      const SuspHeader header = *read_struct<SuspHeader>(area);
      // Padding, or the end of what is ours.
      if (header.length < sizeof(SuspHeader) || header.name() == "ST") return {};
      if (header.length > area.size())
        return corrupt_image(path_, "a Rock Ridge field reaches over the end of its record");
      PREGROOVE_RETURN_IF_ERROR(read_field(header, area.first(header.length)));
      area = area.subspan(header.length);
    }
    return {};
  }

  Status read_field(const SuspHeader& header, std::span<const std::byte> field) {
    const std::string_view name = header.name();
    if (name == "CE") next_ = read_struct<SuspContinuation>(field);
    if (name == "PX") return read_posix(field);
    if (name == "PN") return read_device(field);
    if (name == "NM") return read_name(field);
    if (name == "SL") return read_link(field);
    if (name == "TF") read_time(field);
    if (name == "CL") return read_child(field);
    if (name == "RE") entry_.relocated = true;
    return {};
  }

  Status read_posix(std::span<const std::byte> field) {
    if (field.size() < kPosixBytesWithoutSerial)
      return corrupt_image(path_, "a PX field is too short");
    // What is missing of the older form is the serial number, which nobody needs.
    std::array<std::byte, sizeof(RockRidgePosix)> whole{};
    std::copy_n(field.begin(), std::min(field.size(), whole.size()), whole.begin());
    const auto posix = *read_struct<RockRidgePosix>(whole);
    // Some writers fill one of the two byte orders only.
    entry_.posix = RockRidgeEntry::Posix{.mode = posix.mode.value(),
                                         .links = posix.links.value(),
                                         .user = posix.user.value(),
                                         .group = posix.group.value()};
    return {};
  }

  Status read_device(std::span<const std::byte> field) {
    const auto device = read_struct<RockRidgeDevice>(field);
    if (!device) return corrupt_image(path_, "a PN field is too short");
    entry_.device = device_from(device->high.value(), device->low.value());
    return {};
  }

  Status read_name(std::span<const std::byte> field) {
    const auto head = read_struct<RockRidgeText>(field);
    if (!head) return corrupt_image(path_, "an NM field is too short");
    if ((head->flags & (kTextCurrent | kTextParent)) != 0) return {};
    append(field.subspan(sizeof(RockRidgeText)), entry_.name);
    in_name_ = (head->flags & kTextContinues) != 0;
    if (entry_.name.size() > kNameBytesMax)
      return corrupt_image(path_, "a Rock Ridge name has more than 255 bytes");
    return {};
  }

  Status read_link(std::span<const std::byte> field) {
    const auto head = read_struct<RockRidgeText>(field);
    if (!head) return corrupt_image(path_, "an SL field is too short");
    in_link_ = (head->flags & kTextContinues) != 0;
    field = field.subspan(sizeof(RockRidgeText));
    while (!field.empty()) {
      const auto component = read_struct<LinkComponent>(field);
      if (!component) return corrupt_image(path_, "a component of a link has no length");
      // genisoimage writes fields that are too short for their last component; what is there is
      // all that any reader shows.
      const std::size_t length =
          std::min<std::size_t>(component->length, field.size() - sizeof(LinkComponent));
      add_component(component->flags, field.subspan(sizeof(LinkComponent), length));
      field = field.subspan(sizeof(LinkComponent) + length);
    }
    if (entry_.link_target.size() > kTargetBytesMax)
      return corrupt_image(path_, "a link is longer than any system allows");
    return {};
  }

  void add_component(std::uint8_t flags, std::span<const std::byte> characters) {
    std::string& target = entry_.link_target;
    if ((flags & kTextRoot) != 0) {
      target.assign(1, '/');
      return;
    }
    if (!in_component_ && !target.empty() && !target.ends_with('/')) target += '/';
    if ((flags & kTextCurrent) != 0) target += '.';
    if ((flags & kTextParent) != 0) target.append(2, '.');
    append(characters, target);
    in_component_ = (flags & kTextContinues) != 0;
  }

  // RRIP 4.1.6: the times stand in the order of their flags.
  void read_time(std::span<const std::byte> field) {
    if (field.size() < sizeof(RockRidgeText)) return;
    const auto flags = std::to_integer<unsigned>(field[sizeof(SuspHeader)]);
    if ((flags & kTimeModify) == 0) return;
    const bool is_long = (flags & kTimeLongForm) != 0;
    const std::size_t size = is_long ? sizeof(DescriptorTime) : sizeof(RecordTime);
    const std::size_t at = sizeof(RockRidgeText) + ((flags & kTimeCreation) != 0 ? size : 0);
    if (at + size > field.size()) return;
    if (is_long)
      entry_.modified = time_of(*read_struct<DescriptorTime>(field.subspan(at)));
    else
      entry_.modified = time_of(*read_struct<RecordTime>(field.subspan(at)));
  }

  Status read_child(std::span<const std::byte> field) {
    const auto child = read_struct<RockRidgeRelocation>(field);
    constexpr std::uint32_t kBlockMax = 0x7FFFFFFF;
    if (!child || child->block.value() > kBlockMax)
      return corrupt_image(path_, "a relocated folder is said to be where none can be");
    entry_.child = Lba{static_cast<std::int32_t>(child->block.value())};
    return {};
  }

  static void append(std::span<const std::byte> bytes, std::string& text) {
    for (const std::byte byte : bytes) text += static_cast<char>(byte);
  }

  const ContinuationSource& continuation_;
  std::string_view path_;
  RockRidgeEntry entry_;
  std::optional<SuspContinuation> next_;
  bool in_name_ = false;  // the last NM announced another one; the others likewise
  bool in_link_ = false;
  bool in_component_ = false;
};

bool announces_sharing(std::span<const std::byte> area) {
  const auto indicator = read_struct<SuspIndicator>(area);
  return indicator && indicator->header.name() == "SP" && indicator->check == SuspIndicator{}.check;
}

}  // namespace

Result<RockRidgeEntry> parse_fields(std::span<const std::byte> system_use,
                                    const ContinuationSource& continuation, std::string_view path) {
  return FieldReader(continuation, path).read(system_use);
}

std::optional<std::size_t> find_sharing_protocol(std::span<const std::byte> system_use) {
  // SUSP 5.3: behind the 14 bytes of CD-ROM XA, where a disc has them.
  constexpr std::size_t kXaBytes = 14;
  for (const std::size_t skipped : {std::size_t{0}, kXaBytes}) {
    if (skipped > system_use.size()) break;
    const auto area = system_use.subspan(skipped);
    if (announces_sharing(area)) return read_struct<SuspIndicator>(area)->skipped;
  }
  return std::nullopt;
}

}  // namespace pregroove::image
