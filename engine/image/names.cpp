#include "engine/image/names.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

namespace pregroove::image {
namespace {

struct PlainRules {
  std::size_t name_max;  // the "." of a file identifier among them
  std::size_t stem_max;  // of a file
  std::size_t folder_max;
  std::size_t extension_max;  // so much of it is kept that the stem stays recognisable
  std::size_t suffix_max;     // room for "_" and a number when names collide
};

// ECMA-119 10.1 and 10.2, and ISO 9660:1999.
constexpr PlainRules rules_of(IsoLevel level) {
  if (level == IsoLevel::k1)
    return {.name_max = 12, .stem_max = 8, .folder_max = 8, .extension_max = 3, .suffix_max = 5};
  if (level == IsoLevel::k1999)
    return {.name_max = kName1999BytesMax,
            .stem_max = kName1999BytesMax,
            .folder_max = kName1999BytesMax,
            .extension_max = 16,
            .suffix_max = 9};
  return {.name_max = 31, .stem_max = 30, .folder_max = 31, .extension_max = 10, .suffix_max = 9};
}

constexpr char32_t kLastBmpCharacter = 0xFFFF;

std::string printable(std::string_view name) {
  std::string text;
  const bool valid = utf8::is_valid(name.begin(), name.end());
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (!valid && byte >= 0x80))
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
  return text;
}

std::unexpected<Error> bad_name(std::string_view path, std::string_view rule) {
  return fail(ErrorCode::kBadName,
              fmt::format("\"{}\" cannot be stored on a Joliet disc: {}", printable(path), rule),
              "Rename the file or folder, or leave it out.");
}

bool is_control(char32_t c) { return c < 0x20 || c == 0x7F; }

// Joliet specification, "allowed character set": these six and 00 to 1F are not allowed. 7F would
// be, but no import takes it from a disc.
bool forbidden_in_joliet(char32_t c) {
  return is_control(c) || c == U'*' || c == U'/' || c == U':' || c == U';' || c == U'?' ||
         c == U'\\';
}

Status check_new_characters(std::string_view name, std::string_view path) {
  for (const char* at = name.data(); at != name.data() + name.size();) {
    const char32_t c = utf8::unchecked::next(at);
    if (c > kLastBmpCharacter) {
      return bad_name(path, fmt::format("it contains U+{:X}, and Joliet knows only the characters "
                                        "up to U+FFFF (no emoji, for instance)",
                                        static_cast<std::uint32_t>(c)));
    }
    if (is_control(c)) {
      return bad_name(path, fmt::format("it contains the control character \\x{:02x}",
                                        static_cast<std::uint32_t>(c)));
    }
    if (forbidden_in_joliet(c)) {
      return bad_name(path,
                      fmt::format(R"(it contains "{}", one of * / : ; ? \)", static_cast<char>(c)));
    }
  }
  return {};
}

// The first bytes, no more than these, and no part of a character.
std::string_view whole_characters(std::string_view text, std::size_t bytes) {
  constexpr unsigned kContinuationMask = 0xC0;
  constexpr unsigned kContinuation = 0x80;
  if (bytes >= text.size()) return text;
  while (bytes > 0 &&
         (static_cast<unsigned char>(text[bytes]) & kContinuationMask) == kContinuation)
    --bytes;
  return text.substr(0, bytes);
}

// How many characters a stem may have before this extension.
std::size_t stem_room(const PlainRules& rules, std::string_view extension) {
  const std::size_t left = rules.name_max - (extension.empty() ? 0 : extension.size() + 1);
  return std::min(left, rules.stem_max);
}

// A decimal number's digits go up fast enough that a stem that leaves kNumberSuffixMax free is
// never outgrown by the entries of one folder.
std::string numbered(std::string_view stem, std::string_view extension, std::uint64_t number,
                     std::size_t stem_room) {
  const std::string suffix = fmt::format("_{}", number);
  std::string name = fmt::format("{}{}", whole_characters(stem, stem_room - suffix.size()), suffix);
  if (!extension.empty()) name += fmt::format(".{}", extension);
  return name;
}

void append_plain_characters(std::string_view name, std::string& out) {
  const bool valid = utf8::is_valid(name.begin(), name.end());
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c >= 'a' && c <= 'z') {
      out += static_cast<char>(c - 'a' + 'A');
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      out += c;
    } else if (!valid || (byte & 0xC0U) != 0x80U) {  // one "_" for a whole character
      out += '_';
    }
  }
}

// Gives names of `first_come` that occur again a number. `names` holds one plain name per entry.
class Disambiguator {
 public:
  Disambiguator(std::vector<std::string>& names, const PlainRules& rules)
      : names_(names), rules_(rules) {
    taken_.reserve(names.size());
    for (const std::string& name : names) taken_.insert(name);
  }

  void run() {
    std::unordered_set<std::string> first_come;
    first_come.reserve(names_.size());
    for (std::string& name : names_) {
      if (!first_come.insert(name).second) name = next_free(name);
    }
  }

 private:
  // One counter per shortened stem, so that a folder of n names takes about n steps: a number is
  // only skipped when an entry's own name looks like it.
  std::string next_free(const std::string& name) {
    std::size_t dot = name.rfind('.');
    if (dot != std::string::npos && name.size() - dot - 1 > rules_.extension_max)
      dot = std::string::npos;
    const std::string_view whole = name;
    const std::string_view extension =
        dot == std::string::npos ? std::string_view{} : whole.substr(dot + 1);
    const std::size_t room = stem_room(rules_, extension);
    const std::string_view stem = whole_characters(whole.substr(0, dot), room - rules_.suffix_max);
    std::uint64_t& counter = counters_[fmt::format("{}.{}", stem, extension)];
    for (;;) {
      std::string candidate = numbered(stem, extension, ++counter, room);
      if (taken_.insert(candidate).second) return candidate;
    }
  }

  std::vector<std::string>& names_;
  PlainRules rules_;
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::uint64_t> counters_;
};

bool has_duplicates(const std::vector<std::string>& names) {
  std::vector<std::string_view> sorted(names.begin(), names.end());
  if (!std::ranges::is_sorted(sorted)) std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted) != sorted.end();
}

// Quicker than check_joliet_name, which makes a message.
bool is_joliet_name(const NameToCheck& entry, std::size_t units_max) {
  const bool imported = entry.origin == NameOrigin::kImported;
  const std::size_t units = joliet_units(entry.name);
  if (units == 0 || units > (imported ? kJolietImportedUnitsMax : units_max)) return false;
  if (imported)
    return std::ranges::none_of(entry.name,
                                [](char c) { return is_control(static_cast<unsigned char>(c)); });
  for (const char* at = entry.name.data(); at != entry.name.data() + entry.name.size();) {
    const char32_t c = utf8::unchecked::next(at);
    if (c > kLastBmpCharacter || forbidden_in_joliet(c)) return false;
  }
  return true;
}

// The name with "_" for every character, or byte, that Joliet cannot hold.
std::string joliet_characters(std::string_view name) {
  std::string result;
  const char* at = name.data();
  const char* const end = at + name.size();
  while (at != end) {
    const char* const begin = at;
    char32_t c = 0;
    try {
      c = utf8::next(at, end);
    } catch (const utf8::exception&) {
      at = begin + 1;
    }
    if (c == 0 || c > kLastBmpCharacter || forbidden_in_joliet(c))
      result += '_';
    else
      result.append(begin, at);
  }
  return result;
}

// The first characters, so many that a suffix and the extension have room.
std::string cut_for_joliet(std::string_view name, std::string_view suffix, std::size_t units_max) {
  constexpr std::size_t kExtensionMax = 16;  // a longer one is no extension
  std::size_t dot = name.rfind('.');
  if (dot == 0 || dot == std::string_view::npos || name.size() - dot > kExtensionMax)
    dot = name.size();
  const std::string_view extension = name.substr(dot);
  const std::size_t room = units_max - suffix.size() - joliet_units(extension);
  const char* end = name.data();
  for (std::size_t units = 0; units < room && end < name.data() + dot; ++units)
    utf8::unchecked::next(end);
  return fmt::format("{}{}{}", std::string_view(name.data(), end), suffix, extension);
}

}  // namespace

Status check_posix_name(std::string_view name, std::string_view path) {
  constexpr std::size_t kBytesMax = 255;  // POSIX NAME_MAX of every common file system
  const auto bad = [&](std::string_view rule) {
    return fail(ErrorCode::kBadName,
                fmt::format("\"{}\" cannot be stored: {}", printable(path), rule),
                "Rename the file or folder, or leave it out.");
  };
  if (name.empty() || name == "." || name == "..") return bad("it has no name");
  if (name.size() > kBytesMax)
    return bad(
        fmt::format("the name has {} bytes, and 255 are the most that are allowed", name.size()));
  if (name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos)
    return bad("it contains \"/\" or a zero byte");
  return {};
}

Status check_joliet_name(std::string_view name, std::string_view path, NameOrigin origin,
                         std::size_t units_max_of_new) {
  if (name.empty() || name == "." || name == "..") return bad_name(path, "it has no name");
  if (!utf8::is_valid(name.begin(), name.end()))
    return bad_name(path, "its name is not valid UTF-8");
  const bool imported = origin == NameOrigin::kImported;
  const std::size_t units_max = imported ? kJolietImportedUnitsMax : units_max_of_new;
  if (const std::size_t units = joliet_units(name); units > units_max) {
    return bad_name(path, fmt::format("the name has {} characters, and {} are the most that are "
                                      "allowed",
                                      units, units_max));
  }
  if (!imported) return check_new_characters(name, path);
  if (name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos)
    return bad_name(path, "it contains \"/\" or a zero byte");
  return {};
}

std::vector<MappedName> map_joliet_names_of(std::span<const NameToCheck> entries,
                                            std::size_t units_max) {
  std::vector<MappedName> mapped;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!is_joliet_name(entries[i], units_max)) mapped.push_back({.entry = i});
  }
  if (mapped.empty()) return mapped;
  std::unordered_set<std::string> taken;
  std::size_t next = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (next < mapped.size() && mapped[next].entry == i)
      ++next;
    else
      taken.emplace(entries[i].name);
  }
  std::uint64_t number = 0;
  for (MappedName& name : mapped) {
    const std::string characters = joliet_characters(entries[name.entry].name);
    name.name = cut_for_joliet(characters, "", units_max);
    while (!taken.insert(name.name).second)
      name.name = cut_for_joliet(characters, fmt::format("_{}", ++number), units_max);
  }
  return mapped;
}

void append_joliet_bytes(std::string_view name, std::vector<std::byte>& out) {
  const auto append = [&out](char32_t unit) {
    out.push_back(static_cast<std::byte>(unit >> 8U));
    out.push_back(static_cast<std::byte>(unit));
  };
  for (const char* at = name.data(); at != name.data() + name.size();) {
    const char32_t c = utf8::unchecked::next(at);
    if (c <= kLastBmpCharacter) {
      append(c);
    } else {  // only in imported names: some writers store UTF-16
      append(0xD800U + ((c - 0x10000U) >> 10U));
      append(0xDC00U + ((c - 0x10000U) & 0x3FFU));
    }
  }
}

std::vector<std::byte> joliet_bytes(std::string_view name) {
  std::vector<std::byte> bytes;
  bytes.reserve(2 * name.size());
  append_joliet_bytes(name, bytes);
  return bytes;
}

std::size_t joliet_units(std::string_view name) {
  if (!utf8::is_valid(name.begin(), name.end())) return 0;
  std::size_t units = 0;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) ++units;
    if (byte >= 0xF0) ++units;  // a surrogate pair
  }
  return units;
}

std::string name_from_joliet(std::span<const std::byte> bytes) {
  std::u16string units;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    units += static_cast<char16_t>((std::to_integer<unsigned>(bytes[i]) << 8U) |
                                   std::to_integer<unsigned>(bytes[i + 1]));
  }
  constexpr char16_t kReplacement = 0xFFFD;
  const auto is_high = [](char16_t u) { return u >= 0xD800 && u < 0xDC00; };
  const auto is_low = [](char16_t u) { return u >= 0xDC00 && u < 0xE000; };
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (is_high(units[i]) && i + 1 < units.size() && is_low(units[i + 1]))
      ++i;
    else if (is_high(units[i]) || is_low(units[i]))
      units[i] = kReplacement;
  }
  std::string name;
  utf8::unchecked::utf16to8(units.begin(), units.end(), std::back_inserter(name));
  return name;
}

bool joliet_record_less(std::string_view left, std::string_view right) {
  // UTF-8 sorts like UCS-2 does: both by code point.
  const auto rank = [](char c) {
    return c == '.' ? 0 : static_cast<int>(static_cast<unsigned char>(c));
  };
  return std::ranges::lexicographical_compare(left, right, {}, rank, rank);
}

namespace {

// npos: none.
std::size_t extension_dot(std::string_view name, EntryKind kind) {
  if (kind != EntryKind::kFile) return std::string_view::npos;
  const std::size_t dot = name.rfind('.');
  return dot == 0 || dot + 1 == name.size() ? std::string_view::npos : dot;
}

std::string name_of_1999(std::string_view name, EntryKind kind) {
  const PlainRules rules = rules_of(IsoLevel::k1999);
  if (name.size() <= rules.name_max) return std::string(name);
  const std::size_t dot = extension_dot(name, kind);
  const bool keeps = dot != std::string_view::npos && name.size() - dot - 1 <= rules.extension_max;
  const std::string_view extension = keeps ? name.substr(dot) : std::string_view{};
  return fmt::format("{}{}", whole_characters(name, rules.name_max - extension.size()), extension);
}

}  // namespace

std::string plain_name(std::string_view name, EntryKind kind, IsoLevel level) {
  if (level == IsoLevel::k1999) return name_of_1999(name, kind);
  const PlainRules rules = rules_of(level);
  const std::size_t dot = extension_dot(name, kind);
  std::string extension;
  if (dot != std::string_view::npos) append_plain_characters(name.substr(dot + 1), extension);
  if (extension.size() > rules.extension_max) extension.resize(rules.extension_max);

  std::string plain;
  append_plain_characters(name.substr(0, dot), plain);
  // A file without extension has its "." too, though not in what this function returns.
  const std::size_t room =
      kind == EntryKind::kDirectory ? rules.folder_max : stem_room(rules, extension);
  plain.resize(std::min(plain.size(), room));
  if (!extension.empty()) plain.append(1, '.').append(extension);
  return plain;
}

std::vector<std::string> map_plain_names(std::span<const NameToMap> entries, IsoLevel level) {
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const NameToMap& entry : entries) names.push_back(plain_name(entry.name, entry.kind, level));
  if (has_duplicates(names)) Disambiguator(names, rules_of(level)).run();
  return names;
}

std::string plain_volume_id(std::string_view volume_id) {
  std::string plain;
  append_plain_characters(volume_id, plain);
  return plain;
}

}  // namespace pregroove::image
