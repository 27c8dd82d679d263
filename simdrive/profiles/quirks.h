// In what real drives disagree, each as one value. The defaults are what a well-behaved modern
// drive does; where the value comes from is said in README.md, key by key.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/error.h"

namespace simdrive::profiles {

using pregroove::SenseCode;

// Which sense code an attempt is answered with. An optional that is empty means GOOD.
struct SenseAnswers {
  SenseCode tray_closed_empty{0x2, 0x3A, 0x01};
  SenseCode tray_open{0x2, 0x3A, 0x02};
  SenseCode spinning_up{0x2, 0x04, 0x01};
  SenseCode write_to_finalised{0x5, 0x30, 0x05};
  SenseCode write_to_rom{0x5, 0x30, 0x05};
  SenseCode write_to_unformatted{0x5, 0x30, 0x10};
  SenseCode write_beyond_track{0x5, 0x63, 0x00};
  SenseCode read_blank_disc{0x5, 0x21, 0x00};
  SenseCode read_unwritten{0x3, 0x11, 0x05};  // never written, on a disc that is not blank
  SenseCode read_run_out{0x5, 0x64, 0x00};    // run-out blocks behind a track-at-once track
  SenseCode blank_write_once{0x5, 0x30, 0x06};
  SenseCode blank_type_unsupported{0x5, 0x24, 0x00};
  SenseCode format_type_of_another_medium{0x5, 0x30, 0x06};
  SenseCode unload_while_prevented{0x5, 0x53, 0x02};
  std::optional<SenseCode> opc;                    // SEND OPC; 1/73/01 is a warning, not a failure
  std::optional<SenseCode> close_answers_early;    // CLOSE says this and goes on in the background
  std::optional<SenseCode> close_track_after_tao;  // CLOSE TRACK of a good CD track-at-once track
  constexpr bool operator==(const SenseAnswers&) const = default;
};

enum class WhileBusy : std::uint8_t { kGood, kBusy };          // busy: 2/04/07
enum class FullBuffer : std::uint8_t { kLongWrite, kBlocks };  // 2/04/08, or the command waits
enum class CompleteDiscProfile : std::uint8_t { kRecordable, kRom };
enum class TrackFf : std::uint8_t { kAccepted, kRefused };  // refused: 5/24/00
enum class SaoOnAppendable : std::uint8_t {
  kAccepted,
  kRefusedAtModeSelect,  // 5/26/00
  kRefusedAtCueSheet,    // 5/2C/00
};
enum class MinimalBlank : std::uint8_t {
  kDaoOnly,           // feature 0021h is not current; incremental WRITE is answered 5/64/00
  kDaoOnlyUnsaid,     // the same, but 0021h stays current
  kKeepsIncremental,  // as after a full blank
};
enum class Progress : std::uint8_t { kReal, kConstant };  // constant: 1 % until it is done
enum class DvdToc : std::uint8_t { kReal, kTwoSessions };
enum class Page2aSpeeds : std::uint8_t { kRight, kNoCurrent, kZeros, kCdSpeeds };
enum class BufferCapacity : std::uint8_t { kRight, kGarbage };  // garbage: more free than there is
enum class UnalignedWrite : std::uint8_t { kRefused, kReadModifyWrite };  // refused: 5/21/02
enum class PartialEccBlock : std::uint8_t { kRefused, kPadded };          // refused: 5/21/02
enum class SpeedScope : std::uint8_t { kAllMedia, kCdOnly };
enum class CdTextAbsent : std::uint8_t { kEmptyReply, kRefused };  // refused: 5/24/00

struct Quirks {
  SenseAnswers sense;

  // Waiting.
  WhileBusy tur_while_closing = WhileBusy::kBusy;
  WhileBusy information_while_writing = WhileBusy::kBusy;  // READ DISC/TRACK INFORMATION
  FullBuffer full_buffer_sequential = FullBuffer::kLongWrite;
  FullBuffer full_buffer_rewritable = FullBuffer::kBlocks;
  std::uint32_t spurious_long_write_every = 0;  // each Nth WRITE gets 2/04/08 once; 0: never
  Progress progress = Progress::kReal;
  bool implies_immediate = false;  // BLANK, CLOSE and SYNCHRONIZE act as if Immed were set

  // Unit attention.
  bool power_on_attention = true;              // 6/29/00 first of all
  std::uint32_t medium_change_attentions = 1;  // how many commands get 6/28/00 after a change
  bool get_configuration_attention = false;    // GET CONFIGURATION reports it too

  // What the drive says of itself and of the disc.
  CompleteDiscProfile complete_disc_profile = CompleteDiscProfile::kRecordable;
  bool blank_nwa_minus_150 = false;
  TrackFf track_ff_on_dvd = TrackFf::kAccepted;
  DvdToc dvd_toc = DvdToc::kReal;
  CdTextAbsent cd_text_absent = CdTextAbsent::kEmptyReply;
  bool read_capacity_includes_run_out = true;
  bool current_format_capacity_zero = false;
  bool random_readable_only_when_readable = false;    // feature 0010h off where READ would fail
  bool mastering_current_on_appendable = false;       // feature 002Eh
  bool dvd_rw_random_writable = true;                 // feature 0020h in restricted overwrite
  std::uint32_t opc_entries = 0;                      // in READ DISC INFORMATION, 8 bytes each
  std::vector<std::uint8_t> refused_disc_structures;  // formats that ADh answers with 5/24/00

  // Speed and buffer.
  Page2aSpeeds page_2a_speeds = Page2aSpeeds::kRight;
  bool get_performance_first_claims_one = false;
  bool set_streaming_refuses_end_beyond_disc = false;
  bool set_streaming_survives_medium_change = true;
  SpeedScope set_cd_speed_scope = SpeedScope::kAllMedia;
  BufferCapacity buffer_capacity = BufferCapacity::kRight;

  // Mode parameters.
  bool mode_sense_block_descriptor = false;  // 8 bytes of it before the pages
  bool mode_select_accepts_anything = false;
  bool default_write_parameters_refused = false;  // the page as MODE SENSE gave it
  bool default_bufe = true;
  bool default_link_size_valid = true;

  // Writing and erasing.
  SaoOnAppendable sao_on_appendable = SaoOnAppendable::kRefusedAtModeSelect;
  MinimalBlank minimal_blank = MinimalBlank::kDaoOnly;  // of a DVD-RW
  bool synchronize_closes_tao_track = true;
  UnalignedWrite unaligned_write_dvd_rw = UnalignedWrite::kRefused;  // restricted overwrite
  PartialEccBlock partial_ecc_block = PartialEccBlock::kPadded;      // DVD+R and BD-R at the NWA
  bool streaming_needs_whole_ecc_blocks = false;
  bool dvd_ram_resize_ignored = false;  // FORMAT with CmpLst and DCRT changes nothing
  bool bd_r_format_ignores_size = false;

  // Operation codes that are answered 5/20/00 although a drive with these features has them.
  std::vector<std::uint8_t> unsupported_commands;

  bool operator==(const Quirks&) const = default;
};

}  // namespace simdrive::profiles
