#include "simdrive/disc/cue_sheet.h"

#include <algorithm>

#include "simdrive/disc/rules/cd.h"
#include "simdrive/disc/subchannel.h"

namespace simdrive {
namespace {

using pregroove::BlockCount;

constexpr std::size_t kEntrySize = 8;
constexpr std::uint8_t kMaxNumber = 99;
constexpr std::uint8_t kAdrPosition = 1;
constexpr std::uint8_t kAdrCatalogNumber = 2;
constexpr std::uint8_t kAdrIsrc = 3;
constexpr std::uint8_t kAlternateCopy = 0x80;

struct MainForm {
  std::uint8_t code;
  SectorForm form;
  std::size_t bytes;
};
// MMC-6 6.33, table "Data form". 11h, 24h, 31h and 34h are recalled, not read; so is that the drive
// replaces what a host sends around the user data in the forms of 2352 bytes.
constexpr MainForm kMainForms[] = {
    {0x00, SectorForm::kAudio, 2352},         {0x01, SectorForm::kAudio, 0},
    {0x10, SectorForm::kMode1, 2048},         {0x11, SectorForm::kMode1, 2352},
    {0x12, SectorForm::kMode1, 2352},         {0x14, SectorForm::kMode1, 0},
    {0x20, SectorForm::kMode2Form1, 2336},    {0x21, SectorForm::kMode2Form1, 2352},
    {0x24, SectorForm::kMode2Form1, 0},       {0x30, SectorForm::kMode2Formless, 2336},
    {0x31, SectorForm::kMode2Formless, 2352}, {0x34, SectorForm::kMode2Formless, 0},
};
// The two high bits: nothing, raw P to W, reserved, packed R to W. Recalled, not read, but for 01b,
// which real programs use for CD-TEXT.
constexpr std::array<std::optional<std::size_t>, 4> kSubchannelBytes = {0, 96, std::nullopt, 96};

struct Entry {
  std::uint8_t control = 0;
  std::uint8_t adr = 0;
  std::array<std::uint8_t, kEntrySize> bytes{};

  [[nodiscard]] std::uint8_t track() const { return bytes[1]; }
  [[nodiscard]] std::uint8_t index() const { return bytes[2]; }
  [[nodiscard]] std::string text(std::size_t offset, std::size_t size) const {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(bytes[offset + i]);
    return text;
  }
};

std::optional<Lba> address_in(const Entry& entry) {
  const Msf msf{.minute = entry.bytes[5], .second = entry.bytes[6], .frame = entry.bytes[7]};
  if (msf.minute > kMaxNumber || msf.second >= 60 || msf.frame >= pregroove::kFramesPerSecond)
    return std::nullopt;
  return pregroove::lba_from_msf(msf);
}

// Takes the entries in order. Each step returns the rule that is broken, if one is.
class Parser {
 public:
  Parser(std::span<const std::byte> bytes, const CueContext& context)
      : bytes_(bytes), context_(context) {}

  std::expected<CueSheet, CueError> run() {
    if (bytes_.empty() || bytes_.size() % kEntrySize != 0)
      return fail(bytes_.size() / kEntrySize, CueRule::kWholeEntries);
    for (next_ = 0; next_ < count();) {
      const std::size_t entry = next_;
      if (const auto broken = take(); broken) return fail(entry, *broken);
    }
    if (!has_lead_out_) return fail(count(), CueRule::kLeadOutLast);
    return std::move(sheet_);
  }

 private:
  using Broken = std::optional<CueRule>;

  static std::unexpected<CueError> fail(std::size_t entry, CueRule rule) {
    return std::unexpected(CueError{.entry = entry, .rule = rule});
  }

  [[nodiscard]] std::size_t count() const { return bytes_.size() / kEntrySize; }
  [[nodiscard]] Entry entry_at(std::size_t number) const {
    Entry entry;
    for (std::size_t i = 0; i < kEntrySize; ++i)
      entry.bytes[i] = std::to_integer<std::uint8_t>(bytes_[(number * kEntrySize) + i]);
    entry.control = entry.bytes[0] >> 4U;
    entry.adr = entry.bytes[0] & 0xFU;
    return entry;
  }

  Broken take() {
    if (has_lead_out_) return CueRule::kLeadOutLast;
    const Entry entry = entry_at(next_++);
    switch (entry.adr) {
      case kAdrPosition:
        return take_position(entry);
      case kAdrCatalogNumber:
        return take_catalog_number(entry);
      case kAdrIsrc:
        return take_isrc(entry);
      default:
        return CueRule::kAdr;
    }
  }

  // The other half of a number. Nullopt if something else follows.
  std::optional<Entry> take_second(const Entry& first) {
    if (next_ >= count()) return std::nullopt;
    const Entry second = entry_at(next_);
    if (second.bytes[0] != first.bytes[0]) return std::nullopt;
    ++next_;
    return second;
  }

  Broken take_catalog_number(const Entry& first) {
    if (has_lead_in_ || !sheet_.catalog_number.empty()) return CueRule::kCatalogNumber;
    const auto second = take_second(first);
    if (!second) return CueRule::kCatalogNumber;
    const std::string digits = first.text(1, 7) + second->text(1, 6);
    if (!is_catalog_number(digits)) return CueRule::kCatalogNumber;
    sheet_.catalog_number = digits;
    return {};
  }

  Broken take_isrc(const Entry& first) {
    const auto second = take_second(first);
    if (!second || second->track() != first.track()) return CueRule::kIsrc;
    if (!has_lead_in_ || first.track() != next_track() || first.track() > kMaxNumber)
      return CueRule::kIsrc;
    const std::string code = first.text(2, 6) + second->text(2, 6);
    if (!is_isrc(code) || !sheet_.isrc.emplace(first.track(), code).second) return CueRule::kIsrc;
    return {};
  }

  Broken take_position(const Entry& entry) {
    const auto form = data_form(entry.bytes[3]);
    if (!form) return CueRule::kDataForm;
    const bool is_data = (entry.control & control::kData) != 0;
    if (is_data != (form->main != SectorForm::kAudio)) return CueRule::kControl;
    if (!has_lead_in_) return take_lead_in(entry, *form);
    if (entry.track() == 0) return CueRule::kLeadInFirst;
    const auto address = address_in(entry);
    if (!address) return CueRule::kAddress;
    if (entry.track() == kLeadOutTrack) return take_lead_out(entry, *form, *address);
    return take_index(entry, *form, *address);
  }

  Broken take_lead_in(const Entry& entry, const DataForm& form) {
    if (entry.track() != 0 || entry.index() != 0) return CueRule::kLeadInFirst;
    has_lead_in_ = true;
    sheet_.lead_in_control = entry.control;
    sheet_.lead_in = form;
    return {};
  }

  Broken take_index(const Entry& entry, const DataForm& form, Lba address) {
    const bool new_track = sheet_.program.empty() || entry.track() != last().track;
    if (new_track && (entry.track() != next_track() || entry.track() > kMaxNumber))
      return CueRule::kTrackOrder;
    if (const auto broken = check_index(entry, new_track); broken) return broken;
    if (const auto broken = check_address(entry, address); broken) return broken;
    sheet_.program.push_back({.start = address,
                              .track = entry.track(),
                              .index = entry.index(),
                              .control = entry.control,
                              .form = form,
                              .alternate_copy = (entry.bytes[4] & kAlternateCopy) != 0});
    return {};
  }

  Broken check_index(const Entry& entry, bool new_track) const {
    if (entry.index() > kMaxNumber) return CueRule::kIndexOrder;
    if (sheet_.program.empty()) {
      if (entry.index() != 0) return CueRule::kStart;
    } else if (new_track) {
      if (last().index == 0 || entry.index() > 1) return CueRule::kIndexOrder;
    } else if (entry.index() != last().index + 1) {
      return CueRule::kIndexOrder;
    }
    return {};
  }

  // REQUIRES: index and track are in order.
  Broken check_address(const Entry& entry, Lba address) {
    if (sheet_.program.empty())
      return address == context_.session_start ? Broken{} : CueRule::kStart;
    if (address <= last().start) return CueRule::kAddress;
    if (entry.index() != 1) return {};
    if (!last_index_1_ && address - context_.session_start < BlockCount{pregroove::kPregapFrames})
      return CueRule::kFirstPregap;
    return end_track(address);
  }

  // Where the next track or the lead-out begins.
  Broken end_track(Lba next) {
    if (last_index_1_ && next - *last_index_1_ < kShortestTrack) return CueRule::kTrackLength;
    last_index_1_ = next;
    return {};
  }

  Broken take_lead_out(const Entry& entry, const DataForm& form, Lba address) {
    if (entry.index() != 1) return CueRule::kLeadOutLast;
    if (sheet_.program.empty()) return CueRule::kTrackOrder;
    if (last().index == 0) return CueRule::kIndexOrder;
    if (address <= last().start) return CueRule::kAddress;
    has_lead_out_ = true;
    sheet_.lead_out_control = entry.control;
    sheet_.lead_out = form;
    sheet_.lead_out_start = address;
    return end_track(address);
  }

  [[nodiscard]] const CueRegion& last() const { return sheet_.program.back(); }
  [[nodiscard]] int next_track() const {
    return sheet_.program.empty() ? context_.first_track : last().track + 1;
  }

  std::span<const std::byte> bytes_;
  CueContext context_;
  CueSheet sheet_;
  std::size_t next_ = 0;
  bool has_lead_in_ = false;
  bool has_lead_out_ = false;
  std::optional<Lba> last_index_1_;
};

}  // namespace

std::optional<DataForm> data_form(std::uint8_t code) {
  const auto* const main = std::ranges::find(kMainForms, code & 0x3FU, &MainForm::code);
  const auto subchannel = kSubchannelBytes[code >> 6U];
  if (main == std::end(kMainForms) || !subchannel) return std::nullopt;
  return DataForm{
      .code = code, .main = main->form, .main_bytes = main->bytes, .subchannel_bytes = *subchannel};
}

const CueRegion* CueSheet::region_at(Lba lba) const {
  if (lba >= lead_out_start) return nullptr;
  const auto next = std::ranges::upper_bound(program, lba, {}, &CueRegion::start);
  return next == program.begin() ? nullptr : &*std::prev(next);
}

std::optional<std::size_t> CueSheet::block_size_at(Lba lba) const {
  const CueRegion* const region = region_at(lba);
  if (region == nullptr && lba >= lead_out_start) return std::nullopt;
  const std::size_t bytes = region == nullptr ? lead_in.block_bytes() : region->form.block_bytes();
  return bytes == 0 ? std::nullopt : std::optional(bytes);
}

std::expected<CueSheet, CueError> parse_cue_sheet(std::span<const std::byte> bytes,
                                                  const CueContext& context) {
  return Parser(bytes, context).run();
}

std::string_view describe(CueRule rule) {
  switch (rule) {
    case CueRule::kWholeEntries:
      return "a cue sheet consists of entries of 8 bytes";
    case CueRule::kAdr:
      return "ADR is 1, 2 or 3";
    case CueRule::kCatalogNumber:
      return "a catalogue number has 13 digits in two entries, which come first";
    case CueRule::kIsrc:
      return "an ISRC has two entries before the first index of its track";
    case CueRule::kLeadInFirst:
      return "the lead-in comes first, as track 0, index 0";
    case CueRule::kLeadOutLast:
      return "the lead-out comes last, as track AAh, index 1";
    case CueRule::kDataForm:
      return "the data form is not known";
    case CueRule::kControl:
      return "the control field contradicts the data form";
    case CueRule::kTrackOrder:
      return "tracks are numbered without gaps, up to 99";
    case CueRule::kIndexOrder:
      return "indices are numbered without gaps, and include 1";
    case CueRule::kAddress:
      return "an address is not valid or not behind the one before it";
    case CueRule::kStart:
      return "index 0 of the first track is where the session begins";
    case CueRule::kFirstPregap:
      return "the first pregap is at least 2 seconds long";
    case CueRule::kTrackLength:
      return "a track is at least 4 seconds long";
  }
  return "";
}

}  // namespace simdrive
