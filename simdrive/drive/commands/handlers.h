// The command handlers, by chapter of MMC-6. Each runs with the conditions of its row fulfilled.
#pragma once

#include "simdrive/drive/command_table.h"

namespace simdrive {

// unit.cpp: the unit, its tray and its lock.
Outcome test_unit_ready(DriveState& state, const Request& request);
Outcome request_sense(DriveState& state, const Request& request);
Outcome start_stop_unit(DriveState& state, const Request& request);
Outcome prevent_allow_medium_removal(DriveState& state, const Request& request);
Outcome load_unload_medium(DriveState& state, const Request& request);
Outcome mechanism_status(DriveState& state, const Request& request);
Outcome report_luns(DriveState& state, const Request& request);
Outcome seek(DriveState& state, const Request& request);
Outcome set_read_ahead(DriveState& state, const Request& request);
// data_buffer.cpp, keys.cpp, logs.cpp
Outcome read_buffer(DriveState& state, const Request& request);
Outcome write_buffer(DriveState& state, const Request& request);
Outcome report_key(DriveState& state, const Request& request);
Outcome send_key(DriveState& state, const Request& request);
Outcome log_sense(DriveState& state, const Request& request);
Outcome log_select(DriveState& state, const Request& request);
// inquiry.cpp, configuration.cpp, events.cpp: what the drive is and what happened to it.
Outcome inquiry(DriveState& state, const Request& request);
Outcome get_configuration(DriveState& state, const Request& request);
Outcome get_event_status_notification(DriveState& state, const Request& request);
Outcome send_event(DriveState& state, const Request& request);
// mode_parameters.cpp
Outcome mode_sense(DriveState& state, const Request& request);
Outcome mode_sense_6(DriveState& state, const Request& request);
Outcome mode_select(DriveState& state, const Request& request);
Outcome mode_select_6(DriveState& state, const Request& request);
// disc_information.cpp, toc.cpp: what is on the disc.
Outcome read_disc_information(DriveState& state, const Request& request);
Outcome read_track_information(DriveState& state, const Request& request);
Outcome read_toc_pma_atip(DriveState& state, const Request& request);
// disc_structure.cpp
Outcome read_disc_structure(DriveState& state, const Request& request);
Outcome send_disc_structure(DriveState& state, const Request& request);
// reading.cpp, read_cd.cpp
Outcome read_capacity(DriveState& state, const Request& request);
Outcome read_10(DriveState& state, const Request& request);
Outcome read_12(DriveState& state, const Request& request);
Outcome verify_10(DriveState& state, const Request& request);
Outcome write_and_verify_10(DriveState& state, const Request& request);
Outcome read_cd(DriveState& state, const Request& request);
Outcome read_cd_msf(DriveState& state, const Request& request);
// writing.cpp
Outcome write_10(DriveState& state, const Request& request);
Outcome write_12(DriveState& state, const Request& request);
Outcome read_buffer_capacity(DriveState& state, const Request& request);
Outcome send_opc_information(DriveState& state, const Request& request);
// closing.cpp
Outcome synchronize_cache(DriveState& state, const Request& request);
Outcome reserve_track(DriveState& state, const Request& request);
Outcome repair_track(DriveState& state, const Request& request);
Outcome close_track_session(DriveState& state, const Request& request);
Outcome blank(DriveState& state, const Request& request);
// formatting.cpp
Outcome format_unit(DriveState& state, const Request& request);
Outcome read_format_capacities(DriveState& state, const Request& request);
// cue_sheet.cpp, sub_channel.cpp
Outcome send_cue_sheet(DriveState& state, const Request& request);
Outcome read_sub_channel(DriveState& state, const Request& request);
// performance.cpp
Outcome set_cd_speed(DriveState& state, const Request& request);
Outcome set_streaming(DriveState& state, const Request& request);
Outcome get_performance(DriveState& state, const Request& request);

}  // namespace simdrive
