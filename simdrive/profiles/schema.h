// The schema: which key holds which member, and what it may say. Reader and writer both walk it, so
// that neither can forget a key.
//
// A visitor has group(key, function), and operator()(key, member, rule) for each type of member.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "simdrive/profiles/personality.h"

namespace simdrive::profiles {

enum class TextForm : std::uint8_t {
  kPrintable,  // ASCII 20h to 7Eh
  kName,       // lower-case letters, digits, hyphens
  kDate,       // YYYY-MM-DD, or nothing
};
struct TextRule {
  std::size_t min = 0;
  std::size_t max = 0;
  TextForm form = TextForm::kPrintable;
};
struct NumberRule {
  std::uint32_t min = 0;
  std::uint32_t max = 0;
};
// The sense keys that make sense there, as hexadecimal digits.
struct SenseRule {
  std::string_view keys;
};
// Which kinds may have an entry, and why others may not.
struct KindsRule {
  EnumSet<MediumKind> kinds;
  std::string_view listed_in;
};
struct AnyRule {};

// REQUEST SENSE, INQUIRY and TEST UNIT READY are what every host starts with; WRITE (10) and READ
// (10) are what the drive is for.
inline constexpr std::array<std::uint8_t, 5> kIndispensableCommands{0x00, 0x03, 0x12, 0x28, 0x2A};

inline constexpr NumberRule kMillisecondsRule{0, 600'000};

template <typename Identity, typename Visitor>
void visit_identity(Identity& identity, Visitor& visit) {
  visit("vendor", identity.vendor, TextRule{1, 8});
  visit("product", identity.product, TextRule{1, 16});
  visit("revision", identity.revision, TextRule{1, 4});
  visit("serial_number", identity.serial_number, TextRule{0, 32});
  visit("firmware_date", identity.firmware_date, TextRule{0, 10, TextForm::kDate});
  visit("interface", identity.interface, AnyRule{});
  visit("mechanism", identity.mechanism, AnyRule{});
}

// BLANK exists for CD-RW and sequential DVD-RW only (MMC-6, BLANK).
inline EnumSet<MediumKind> kinds_that_blank(const EnumSet<MediumKind>& writes) {
  EnumSet<MediumKind> kinds;
  for (const MediumKind kind : {MediumKind::kCdRw, MediumKind::kDvdRw})
    if (writes.contains(kind)) kinds.insert(kind);
  return kinds;
}

template <typename Features, typename Visitor>
void visit_features(Features& features, Visitor& visit) {
  visit("reads", features.reads, AnyRule{});
  visit("writes", features.writes, AnyRule{});
  visit("cd_write_types", features.cd_write_types, AnyRule{});
  visit("raw_block_types", features.raw_block_types, AnyRule{});
  visit("cd_text_read", features.cd_text_read, AnyRule{});
  visit("cd_text_write", features.cd_text_write, AnyRule{});
  visit("c2_pointers", features.c2_pointers, AnyRule{});
  visit("digital_audio_read", features.digital_audio_read, AnyRule{});
  visit("test_write", features.test_write, AnyRule{});
  visit("buffer_underrun_protection", features.buffer_underrun_protection, AnyRule{});
  visit("blank_types", features.blank_types,
        KindsRule{kinds_that_blank(features.writes), "features.writes, and only cd-rw and dvd-rw"});
  visit("dvd_r_dl_layer_jump", features.dvd_r_dl_layer_jump, AnyRule{});
  visit("bd_r_random_recording", features.bd_r_random_recording, AnyRule{});
  visit("bd_r_pseudo_overwrite", features.bd_r_pseudo_overwrite, AnyRule{});
  visit("stream_recording", features.stream_recording, AnyRule{});
  visit("real_time_streaming", features.real_time_streaming, AnyRule{});
  visit("event_classes", features.event_classes, AnyRule{});
  visit("write_parameters_length", features.write_parameters_length, NumberRule{50, 54});
  visit("fixed_packet_sizes", features.fixed_packet_sizes, NumberRule{1, 65'535});
  visit("cd_link_size", features.cd_link_size, NumberRule{0, 255});
  visit("dvd_link_size", features.dvd_link_size, NumberRule{0, 255});
  visit("audio_pause_min", features.audio_pause_min, NumberRule{0, 65'535});
  visit("audio_pause_max", features.audio_pause_max, NumberRule{0, 65'535});
}

template <typename Limits, typename Visitor>
void visit_limits(Limits& limits, const Features& features, Visitor& visit) {
  const KindsRule read{features.reads, "features.reads"};
  const KindsRule written{features.writes, "features.writes"};
  visit("buffer_bytes", limits.buffer_bytes, NumberRule{65'536, 67'108'864});
  visit("read_speeds", limits.read_speeds, read);
  visit("write_speeds", limits.write_speeds, written);
  visit("read_rotation", limits.read_rotation, read);
  visit("write_rotation", limits.write_rotation, written);
  visit("cav_inner_percent", limits.cav_inner_percent, NumberRule{10, 100});
  visit("command_us", limits.command_time, NumberRule{1, 1'000'000});
  visit("spin_up_ms", limits.spin_up_time, kMillisecondsRule);
  visit("tray_ms", limits.tray_time, kMillisecondsRule);
  visit("seek_ms", limits.seek_time, kMillisecondsRule);
  visit("calibration_ms", limits.calibration_time, kMillisecondsRule);
  visit("session_close_ms", limits.session_close_time, kMillisecondsRule);
  visit("track_close_ms", limits.track_close_time, kMillisecondsRule);
  visit("cd_power_calibrations", limits.cd_power_calibrations, NumberRule{1, 10'000});
  visit("cd_power_calibrations_warning", limits.cd_power_calibrations_warning,
        NumberRule{0, 10'000});
  visit("dvd_plus_r_open_fragments", limits.dvd_plus_r_open_fragments, NumberRule{1, 16});
  visit("dvd_plus_r_sessions", limits.dvd_plus_r_sessions, NumberRule{1, 153});
  visit("dvd_plus_r_dl_sessions", limits.dvd_plus_r_dl_sessions, NumberRule{1, 127});
}

template <typename SenseAnswers, typename Visitor>
void visit_sense(SenseAnswers& sense, Visitor& visit) {
  constexpr SenseRule kNotReady{"2"};
  constexpr SenseRule kFailure{"3578"};
  visit("tray_closed_empty", sense.tray_closed_empty, kNotReady);
  visit("tray_open", sense.tray_open, kNotReady);
  visit("spinning_up", sense.spinning_up, kNotReady);
  visit("write_to_finalised", sense.write_to_finalised, kFailure);
  visit("write_to_rom", sense.write_to_rom, kFailure);
  visit("write_to_unformatted", sense.write_to_unformatted, kFailure);
  visit("write_beyond_track", sense.write_beyond_track, kFailure);
  visit("read_blank_disc", sense.read_blank_disc, kFailure);
  visit("read_unwritten", sense.read_unwritten, kFailure);
  visit("read_run_out", sense.read_run_out, kFailure);
  visit("blank_write_once", sense.blank_write_once, kFailure);
  visit("blank_type_unsupported", sense.blank_type_unsupported, kFailure);
  visit("format_type_of_another_medium", sense.format_type_of_another_medium, kFailure);
  visit("unload_while_prevented", sense.unload_while_prevented, SenseRule{"25"});
  visit("opc", sense.opc, SenseRule{"13456"});
  visit("close_answers_early", sense.close_answers_early, SenseRule{"26"});
  visit("close_track_after_tao", sense.close_track_after_tao, SenseRule{"345"});
}

template <typename Quirks, typename Visitor>
void visit_quirks_of_waiting(Quirks& quirks, Visitor& visit) {
  visit("tur_while_closing", quirks.tur_while_closing, AnyRule{});
  visit("information_while_writing", quirks.information_while_writing, AnyRule{});
  visit("full_buffer_sequential", quirks.full_buffer_sequential, AnyRule{});
  visit("full_buffer_rewritable", quirks.full_buffer_rewritable, AnyRule{});
  visit("spurious_long_write_every", quirks.spurious_long_write_every, NumberRule{0, 1'000'000});
  visit("progress", quirks.progress, AnyRule{});
  visit("implies_immediate", quirks.implies_immediate, AnyRule{});
  visit("power_on_attention", quirks.power_on_attention, AnyRule{});
  visit("medium_change_attentions", quirks.medium_change_attentions, NumberRule{0, 5});
  visit("get_configuration_attention", quirks.get_configuration_attention, AnyRule{});
}

template <typename Quirks, typename Visitor>
void visit_quirks_of_reports(Quirks& quirks, Visitor& visit) {
  visit("complete_disc_profile", quirks.complete_disc_profile, AnyRule{});
  visit("blank_nwa_minus_150", quirks.blank_nwa_minus_150, AnyRule{});
  visit("track_ff_on_dvd", quirks.track_ff_on_dvd, AnyRule{});
  visit("dvd_toc", quirks.dvd_toc, AnyRule{});
  visit("cd_text_absent", quirks.cd_text_absent, AnyRule{});
  visit("read_capacity_includes_run_out", quirks.read_capacity_includes_run_out, AnyRule{});
  visit("current_format_capacity_zero", quirks.current_format_capacity_zero, AnyRule{});
  visit("random_readable_only_when_readable", quirks.random_readable_only_when_readable, AnyRule{});
  visit("mastering_current_on_appendable", quirks.mastering_current_on_appendable, AnyRule{});
  visit("dvd_rw_random_writable", quirks.dvd_rw_random_writable, AnyRule{});
  visit("opc_entries", quirks.opc_entries, NumberRule{0, 8});
  visit("refused_disc_structures", quirks.refused_disc_structures, AnyRule{});
  visit("page_2a_speeds", quirks.page_2a_speeds, AnyRule{});
  visit("get_performance_first_claims_one", quirks.get_performance_first_claims_one, AnyRule{});
  visit("set_streaming_refuses_end_beyond_disc", quirks.set_streaming_refuses_end_beyond_disc,
        AnyRule{});
  visit("set_streaming_survives_medium_change", quirks.set_streaming_survives_medium_change,
        AnyRule{});
  visit("set_cd_speed_scope", quirks.set_cd_speed_scope, AnyRule{});
  visit("buffer_capacity", quirks.buffer_capacity, AnyRule{});
}

template <typename Quirks, typename Visitor>
void visit_quirks_of_writing(Quirks& quirks, Visitor& visit) {
  visit("mode_sense_block_descriptor", quirks.mode_sense_block_descriptor, AnyRule{});
  visit("mode_select_accepts_anything", quirks.mode_select_accepts_anything, AnyRule{});
  visit("default_write_parameters_refused", quirks.default_write_parameters_refused, AnyRule{});
  visit("default_bufe", quirks.default_bufe, AnyRule{});
  visit("default_link_size_valid", quirks.default_link_size_valid, AnyRule{});
  visit("sao_on_appendable", quirks.sao_on_appendable, AnyRule{});
  visit("minimal_blank", quirks.minimal_blank, AnyRule{});
  visit("synchronize_closes_tao_track", quirks.synchronize_closes_tao_track, AnyRule{});
  visit("unaligned_write_dvd_rw", quirks.unaligned_write_dvd_rw, AnyRule{});
  visit("partial_ecc_block", quirks.partial_ecc_block, AnyRule{});
  visit("streaming_needs_whole_ecc_blocks", quirks.streaming_needs_whole_ecc_blocks, AnyRule{});
  visit("dvd_ram_resize_ignored", quirks.dvd_ram_resize_ignored, AnyRule{});
  visit("bd_r_format_ignores_size", quirks.bd_r_format_ignores_size, AnyRule{});
  visit("unsupported_commands", quirks.unsupported_commands, AnyRule{});
}

template <typename Personality, typename Visitor>
void visit_personality(Personality&& drive, Visitor& visit) {
  visit("name", drive.name, TextRule{1, 64, TextForm::kName});
  visit("description", drive.description, TextRule{0, 200});
  visit.group("identity", [&] { visit_identity(drive.identity, visit); });
  visit.group("features", [&] { visit_features(drive.features, visit); });
  visit.group("limits", [&] { visit_limits(drive.limits, drive.features, visit); });
  visit.group("quirks", [&] {
    visit.group("sense", [&] { visit_sense(drive.quirks.sense, visit); });
    visit_quirks_of_waiting(drive.quirks, visit);
    visit_quirks_of_reports(drive.quirks, visit);
    visit_quirks_of_writing(drive.quirks, visit);
  });
}

}  // namespace simdrive::profiles
