#include "tests/unit/imapi/violations.h"

#include <gtest/gtest.h>

#include <array>

#include "simdrive/disc/medium.h"

namespace pregroove::imapi {
namespace {

using enum ResultCode;
using enum Basis;

// What was done before.

void blank_disc(Desk& desk) { desk.insert_blank(); }
void blank_cd_rw(Desk& desk) { desk.insert_blank("cd-rw-80"); }
void open_only(Desk& desk) { EXPECT_TRUE(desk.master.Open()); }
void open_joliet(Desk& desk) { desk.open(); }
void reopened(Desk& desk) {
  EXPECT_TRUE(desk.master.Close());
  EXPECT_TRUE(desk.master.Open());
}
void selected(Desk& desk) { EXPECT_TRUE(desk.select()); }
void staged(Desk& desk) { EXPECT_TRUE(desk.add("/a.txt", "a")); }
void boot_file(Desk& desk) { EXPECT_TRUE(desk.joliet.SetBootFiles({{.path = "/a.txt"}})); }
void cleared(Desk& desk) { EXPECT_TRUE(desk.master.ClearFormatContent()); }
void recorded(Desk& desk) { EXPECT_TRUE(desk.record()); }
void empty_tray(Desk& desk) { desk.device->drive().remove_disc(); }
void unplugged(Desk& desk) { desk.device->drive().unplug(); }
void held_by_this_client(Desk& desk) { EXPECT_TRUE(desk.recorder->OpenExclusive()); }
void one_session(Desk& desk) { desk.burn_session({{"/old.txt", "old"}}); }
void closed(Desk& desk) { desk.burn_session({{"/old.txt", "old"}}, {.close_disc = true}); }
void cancel_now(Desk& desk) { desk.log.cancel_at = desk.log.questions; }

// A disc whose one session leaves less than a smallest further one needs.
void full(Desk& desk) {
  const simdrive::Medium& medium = *simdrive::find_medium("cd-r-21");
  const BlockCount rest = BlockCount{11'400} + BlockCount{100};
  simdrive::Track track{.number = 1, .session = 1, .state = simdrive::TrackState::kComplete};
  track.recorded = medium.capacity() - rest;
  auto layout = simdrive::Layout::restored(
      medium, {.tracks = {track}, .closed_sessions = {simdrive::ClosedSession{}}});
  ASSERT_TRUE(layout);
  desk.device->drive().insert(simdrive::Disc::in_memory(*std::move(layout)));
}

// The same files on another disc of the same make.
void another_disc_with_a_session(Desk& desk) {
  blank_disc(desk);
  desk.burn_session({{"/old.txt", "old"}, {"/other.txt", "other"}});
}

// Hides from the engine that the drive writes CD-RW: the CD-RW bit of feature 002Dh (MMC-6).
void drive_without_cd_rw(Desk& desk) {
  desk.device->after = [](const scsi::Command& command) {
    constexpr std::byte kGetConfiguration{0x46};
    const auto* in = std::get_if<scsi::DataIn>(&command.data);
    if (command.cdb.front() != kGetConfiguration || in == nullptr) return;
    constexpr std::byte kCdRwBit{0x02};
    for (std::size_t at = 8; at + 4 < in->buffer.size();) {
      const auto descriptor = in->buffer.subspan(at);
      if (descriptor[0] == std::byte{0x00} && descriptor[1] == std::byte{0x2D})
        descriptor[4] &= ~kCdRwBit;
      at += 4 + static_cast<std::size_t>(descriptor[3]);
    }
  };
}

// What is called.

ResultCode call_open(Desk& desk) { return code_of(desk.master.Open()); }
ResultCode enum_formats(Desk& desk) { return code_of(desk.master.EnumDiscMasterFormats()); }
ResultCode get_format(Desk& desk) { return code_of(desk.master.GetActiveDiscMasterFormat()); }
ResultCode set_format(Desk& desk) {
  return code_of(desk.master.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet));
}
ResultCode set_red_book(Desk& desk) {
  return code_of(desk.master.SetActiveDiscMasterFormat(DiscMasterFormat::kRedbook));
}
ResultCode enum_recorders(Desk& desk) { return code_of(desk.master.EnumDiscRecorders()); }
ResultCode get_recorder(Desk& desk) { return code_of(desk.master.GetActiveDiscRecorder()); }
ResultCode set_recorder(Desk& desk) {
  return code_of(desk.master.SetActiveDiscRecorder(desk.recorder));
}
ResultCode set_no_recorder(Desk& desk) {
  return code_of(desk.master.SetActiveDiscRecorder(nullptr));
}
ResultCode set_unbound_recorder(Desk& desk) {
  return code_of(desk.master.SetActiveDiscRecorder(std::make_shared<DiscRecorder>()));
}
ResultCode clear(Desk& desk) { return code_of(desk.master.ClearFormatContent()); }
ResultCode advise(Desk& desk) { return code_of(desk.master.ProgressAdvise(desk.log)); }
ResultCode unadvise(Desk& desk) { return code_of(desk.master.ProgressUnadvise(4711)); }
ResultCode record(Desk& desk) { return code_of(desk.record()); }
ResultCode preview(Desk& desk) { return code_of(desk.master.PreviewRecordDisc(false, false)); }
ResultCode call_close(Desk& desk) { return code_of(desk.master.Close()); }

ResultCode total_blocks(Desk& desk) { return code_of(desk.joliet.GetTotalDataBlocks()); }
ResultCode used_blocks(Desk& desk) { return code_of(desk.joliet.GetUsedDataBlocks()); }
ResultCode block_size(Desk& desk) { return code_of(desk.joliet.GetDataBlockSize()); }
ResultCode add(Desk& desk) { return code_of(desk.add("/a.txt", "a")); }
ResultCode add_old_name(Desk& desk) { return code_of(desk.add("/old.txt", "new")); }
ResultCode add_bad_name(Desk& desk) { return code_of(desk.add("/a:b", "a")); }
ResultCode add_too_much(Desk& desk) {
  image::File file{.content = image::SourceFile{
                       .folder = std::make_shared<const std::string>("/nowhere"),
                       .leaf = "huge",
                       .size = std::uint64_t{800} << 20U}};  // a CD-R of 80 minutes holds 703 MiB
  image::Tree tree;
  EXPECT_TRUE(tree.add_file("/huge", std::move(file)));
  return code_of(desk.joliet.AddData(std::move(tree), false));
}
ResultCode get_properties(Desk& desk) { return code_of(desk.joliet.GetJolietProperties()); }
ResultCode set_unknown_property(Desk& desk) {
  return desk.joliet.SetJolietProperties({{"Colour", std::int32_t{1}}}).value_or(E_NOTIMPL);
}
ResultCode set_unknown_recorder_property(Desk& desk) {
  return desk.recorder->SetRecorderProperties({{"Colour", std::int32_t{1}}}).value_or(E_NOTIMPL);
}
ResultCode set_read_only_property(Desk& desk) {
  return desk.recorder->SetRecorderProperties({{kMaxWriteSpeed, std::int32_t{1}}})
      .value_or(E_NOTIMPL);
}

ResultCode open_exclusive(Desk& desk) { return code_of(desk.recorder->OpenExclusive()); }
ResultCode open_exclusive_elsewhere(Desk& desk) {
  return code_of(DiscRecorder(desk.device).OpenExclusive());
}
ResultCode query_type(Desk& desk) { return code_of(desk.recorder->QueryMediaType()); }
ResultCode query_info(Desk& desk) { return code_of(desk.recorder->QueryMediaInfo()); }
ResultCode eject(Desk& desk) { return code_of(desk.recorder->Eject()); }
ResultCode erase(Desk& desk) { return code_of(desk.recorder->Erase(false)); }
ResultCode close_recorder(Desk& desk) { return code_of(desk.recorder->Close()); }
ResultCode display_names(Desk& desk) { return code_of(desk.recorder->GetDisplayNames()); }
ResultCode unbound_path(Desk& /*desk*/) { return code_of(DiscRecorder().GetPath()); }
ResultCode unbound_erase(Desk& /*desk*/) { return code_of(DiscRecorder().Erase(true)); }

constexpr auto kMatrix = std::to_array<Violation>({
    {1, "EnumFormatsBeforeOpen", {}, enum_formats, IMAPI_E_NOTOPENED, kDocumented},
    {1, "GetFormatBeforeOpen", {}, get_format, IMAPI_E_NOTOPENED, kDocumented},
    {1, "SetFormatBeforeOpen", {}, set_format, IMAPI_E_NOTOPENED, kDocumented},
    {1, "EnumRecordersBeforeOpen", {}, enum_recorders, IMAPI_E_NOTOPENED, kDocumented},
    {1, "GetRecorderBeforeOpen", {}, get_recorder, IMAPI_E_NOTOPENED, kDocumented},
    {1, "SetRecorderBeforeOpen", {}, set_recorder, IMAPI_E_NOTOPENED, kDocumented},
    {1, "ClearBeforeOpen", {}, clear, IMAPI_E_NOTOPENED, kDocumented},
    {1, "AdviseBeforeOpen", {}, advise, IMAPI_E_NOTOPENED, kDocumented},
    {1, "UnadviseBeforeOpen", {}, unadvise, IMAPI_E_NOTOPENED, kDocumented},
    {1, "RecordBeforeOpen", {}, record, IMAPI_E_NOTOPENED, kDocumented},
    {1, "CloseBeforeOpen", {}, call_close, IMAPI_E_NOTOPENED, kDocumented},
    {1, "TotalBeforeOpen", {}, total_blocks, IMAPI_E_NOTOPENED, kDocumented},
    {1, "UsedBeforeOpen", {}, used_blocks, IMAPI_E_NOTOPENED, kDocumented},
    {1, "BlockSizeBeforeOpen", {}, block_size, IMAPI_E_NOTOPENED, kDocumented},
    {1, "AddBeforeOpen", {}, add, IMAPI_E_NOTOPENED, kDocumented},
    {1, "PropertiesBeforeOpen", {}, get_properties, IMAPI_E_NOTOPENED, kDocumented},
    {2, "OpenTwice", {open_only}, call_open, IMAPI_E_ALREADYOPEN, kDocumented},
    {4, "GetFormatWithoutOne", {open_only}, get_format, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {4, "EnumWithoutFormat", {open_only}, enum_recorders, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {4, "GetWithoutFormat", {open_only}, get_recorder, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {4, "SetWithoutFormat", {open_only}, set_recorder, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {4, "RecordWithoutFormat", {open_only}, record, IMAPI_E_NOACTIVEFORMAT, kDocumented},
    {5, "GetWithoutRecorder", {open_joliet}, get_recorder, IMAPI_E_NOACTIVERECORDER, kDocumented},
    {5, "RecordWithoutRecorder", {open_joliet}, record, IMAPI_E_NOACTIVERECORDER, kDocumented},
    {6, "AddUnderNoFormat", {open_joliet, reopened}, add, IMAPI_E_WRONGFORMAT, kDecided},
    {6, "TotalUnderNoFormat", {open_joliet, reopened}, total_blocks, IMAPI_E_WRONGFORMAT, kDecided},
    {6,
     "PropertiesUnderNoFormat",
     {open_joliet, reopened},
     get_properties,
     IMAPI_E_NOACTIVEFORMAT,
     kDocumented},
    {6, "RedBookHasNoInterface", {open_only}, set_red_book, E_NOINTERFACE, kInferred},
    {7, "SelectWithEmptyTray", {open_joliet}, set_recorder, IMAPI_E_MEDIUM_NOTPRESENT, kDocumented},
    {8, "SelectFullDisc", {full, open_joliet}, set_recorder, IMAPI_E_DISCFULL, kDocumented},
    {8,
     "SelectClosedDisc",
     {blank_disc, closed, open_joliet},
     set_recorder,
     IMAPI_E_DISCFULL,
     kDecided},
    {9, "AddBeforeSelect", {open_joliet}, add, IMAPI_E_NOACTIVERECORDER, kDecided},
    {9, "TotalBeforeSelect", {open_joliet}, total_blocks, IMAPI_E_NOACTIVERECORDER, kDecided},
    {9, "UsedBeforeSelect", {open_joliet}, used_blocks, IMAPI_E_NOACTIVERECORDER, kDecided},
    {10,
     "SecondImageWithoutSelecting",
     {blank_disc, selected, staged, recorded},
     add,
     IMAPI_E_INVALIDIMAGE,
     kDecided},
    {10,
     "SecondImageAfterClearing",
     {blank_disc, selected, staged, recorded, cleared},
     add,
     IMAPI_E_INVALIDIMAGE,
     kDecided},
    {10,
     "TotalAfterRecording",
     {blank_disc, selected, staged, recorded},
     total_blocks,
     IMAPI_E_INVALIDIMAGE,
     kDecided},
    {10,
     "SecondImageAfterSelecting",
     {blank_disc, selected, staged, recorded, selected},
     add,
     IMAPI_E_FILEEXISTS,
     kDecided},
    {11, "AddSameNameTwice", {blank_disc, selected, staged}, add, IMAPI_E_FILEEXISTS, kDocumented},
    {11,
     "AddNameOfEarlierSession",
     {blank_disc, one_session, selected},
     add_old_name,
     IMAPI_E_FILEEXISTS,
     kDecided},
    {12, "AddTooMuch", {blank_disc, selected}, add_too_much, IMAPI_E_DISCFULL, kDocumented},
    {13, "AddBadName", {blank_disc, selected}, add_bad_name, IMAPI_E_BADJOLIETNAME, kDocumented},
    {14,
     "BootFileOnAUsedDisc",
     {blank_disc, one_session, selected, staged, boot_file},
     record,
     IMAPI_E_BOOTIMAGE_AND_NONBLANK_DISC,
     kInferred},
    {20, "RecordNothing", {blank_disc, selected}, record, IMAPI_E_INVALIDIMAGE, kDocumented},
    {20,
     "RecordNothingNew",
     {blank_disc, one_session, selected},
     record,
     IMAPI_E_INVALIDIMAGE,
     kDecided},
    {20,
     "RecordAfterClearing",
     {blank_disc, selected, staged, cleared},
     record,
     IMAPI_E_INVALIDIMAGE,
     kDocumented},
    {20,
     "RecordTwice",
     {blank_disc, selected, staged, recorded},
     record,
     IMAPI_E_INVALIDIMAGE,
     kDocumented},
    {21,
     "RecordWhileHeld",
     {blank_disc, selected, staged, held_by_this_client},
     record,
     IMAPI_E_DEVICE_NOTACCESSIBLE,
     kDocumented},
    {22,
     "RecordOnAnotherDisc",
     {blank_disc, one_session, selected, staged, another_disc_with_a_session},
     record,
     IMAPI_E_WRONGDISC,
     kDocumented},
    {22,
     "PreviewOnAnotherDisc",
     {blank_disc, one_session, selected, staged, another_disc_with_a_session},
     preview,
     IMAPI_E_WRONGDISC,
     kDocumented},
    {22,
     "RecordOnBlankDiscInMultiMode",
     {blank_disc, one_session, selected, staged, blank_disc},
     record,
     IMAPI_E_WRONGDISC,
     kDocumented},
    {23,
     "RecordWithEmptyTrayInMultiMode",
     {blank_disc, one_session, selected, staged, empty_tray},
     record,
     IMAPI_E_MEDIUM_NOTPRESENT,
     kDecided},
    {23,
     "RecordWithEmptyTrayInSingleMode",
     {blank_disc, selected, staged, empty_tray},
     record,
     IMAPI_E_MEDIUM_NOTPRESENT,
     kDocumented},
    {24,
     "RecordSingleOnUsedDisc",
     {blank_disc, one_session, selected, cleared, staged},
     record,
     IMAPI_E_MEDIUM_INVALIDTYPE,
     kDecided},
    {24,
     "RecordSingleOnDiscSwappedForUsedOne",
     {blank_disc, selected, staged, another_disc_with_a_session},
     record,
     IMAPI_E_MEDIUM_INVALIDTYPE,
     kDecided},
    {26,
     "EraseCdR",
     {blank_disc, held_by_this_client},
     erase,
     IMAPI_E_MEDIUM_INVALIDTYPE,
     kDocumented},
    {26,
     "EraseInCdROnlyDrive",
     {blank_cd_rw, drive_without_cd_rw, held_by_this_client},
     erase,
     IMAPI_E_DEVICE_INVALIDTYPE,
     kDocumented},
    {26,
     "EraseWithEmptyTray",
     {held_by_this_client},
     erase,
     IMAPI_E_MEDIUM_NOTPRESENT,
     kDocumented},
    {27, "QueryTypeUnheld", {blank_disc}, query_type, IMAPI_E_NOTOPENED, kDocumented},
    {27, "EjectUnheld", {blank_disc}, eject, IMAPI_E_NOTOPENED, kDocumented},
    {27, "EraseUnheld", {blank_cd_rw}, erase, IMAPI_E_NOTOPENED, kDocumented},
    {27, "CloseUnheld", {}, close_recorder, IMAPI_E_NOTOPENED, kDocumented},
    {27, "QueryInfoUnheldAndInactive", {blank_disc}, query_info, IMAPI_E_NOTOPENED, kDecided},
    {27, "QueryInfoOnActiveRecorder", {blank_disc, selected}, query_info, S_OK, kDecided},
    {28,
     "OpenExclusiveElsewhere",
     {held_by_this_client},
     open_exclusive_elsewhere,
     IMAPI_E_DEVICE_NOTACCESSIBLE,
     kDocumented},
    {28,
     "OpenExclusiveTwice",
     {held_by_this_client},
     open_exclusive,
     IMAPI_E_DEVICE_NOTACCESSIBLE,
     kDecided},
    {29,
     "SelectUnplugged",
     {blank_disc, open_joliet, unplugged},
     set_recorder,
     IMAPI_E_DEVICE_NOTPRESENT,
     kDocumented},
    {29,
     "GetRecorderUnplugged",
     {blank_disc, selected, unplugged},
     get_recorder,
     IMAPI_E_DEVICE_NOTPRESENT,
     kDocumented},
    {29,
     "RecordUnplugged",
     {blank_disc, selected, staged, unplugged},
     record,
     IMAPI_E_DEVICE_NOTPRESENT,
     kDocumented},
    {29,
     "OpenExclusiveUnplugged",
     {unplugged},
     open_exclusive,
     IMAPI_E_DEVICE_NOTPRESENT,
     kDocumented},
    {29,
     "QueryTypeUnplugged",
     {held_by_this_client, unplugged},
     query_type,
     IMAPI_E_DEVICE_NOTPRESENT,
     kDocumented},
    {29,
     "EjectUnplugged",
     {held_by_this_client, unplugged},
     eject,
     IMAPI_E_DEVICE_NOTPRESENT,
     kDocumented},
    {29,
     "EraseUnplugged",
     {held_by_this_client, unplugged},
     erase,
     IMAPI_E_DEVICE_NOTPRESENT,
     kDocumented},
    {29, "NamesUnplugged", {unplugged}, display_names, IMAPI_E_DEVICE_NOTPRESENT, kDocumented},
    {30,
     "UnknownJolietProperty",
     {open_joliet},
     set_unknown_property,
     IMAPI_S_PROPERTIESIGNORED,
     kDocumented},
    {30,
     "UnknownRecorderProperty",
     {},
     set_unknown_recorder_property,
     IMAPI_S_PROPERTIESIGNORED,
     kDocumented},
    {30,
     "ReadOnlyRecorderProperty",
     {},
     set_read_only_property,
     IMAPI_S_PROPERTIESIGNORED,
     kDocumented},
    {31,
     "CancelWhileAdding",
     {blank_disc, selected, cancel_now},
     add,
     IMAPI_E_USERABORT,
     kInferred},
    {31,
     "CancelWhileRecording",
     {blank_disc, selected, staged, cancel_now},
     record,
     IMAPI_E_USERABORT,
     kDocumented},
    {0, "UnboundGetPath", {}, unbound_path, IMAPI_E_NOTINITIALIZED, kDocumented},
    {0, "UnboundErase", {}, unbound_erase, IMAPI_E_NOTINITIALIZED, kDocumented},
    {0, "SelectNothing", {open_joliet}, set_no_recorder, E_INVALIDARG, kDecided},
    {0, "SelectUnbound", {open_joliet}, set_unbound_recorder, IMAPI_E_NOTINITIALIZED, kInferred},
    {0, "UnadviseUnknownCookie", {open_joliet}, unadvise, E_INVALIDARG, kDecided},
});

constexpr auto kNotApplicable = std::to_array<NotApplicable>({
    {3, "there is no stash that clients share: every disc master stages for itself"},
    {15, "audio: the Red Book format has no interface here yet"},
    {16, "audio: the Red Book format has no interface here yet"},
    {17, "audio: the Red Book format has no interface here yet"},
    {18, "audio: the Red Book format has no interface here yet"},
    {19, "audio: the Red Book format has no interface here yet"},
    {25, "audio: the Red Book format has no interface here yet"},
    {32, "there is no stash, so that no volume can be unsuitable for it"},
});

}  // namespace

std::span<const Violation> violations() { return kMatrix; }
std::span<const NotApplicable> not_applicable() { return kNotApplicable; }

}  // namespace pregroove::imapi
