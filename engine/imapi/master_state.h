// What a DiscMaster holds between calls.
//
// Invariants: closed means no format, no recorder, no selection, an empty stage and default
// properties; without a recorder there is no selection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/imapi/disc_master.h"
#include "engine/imapi/event_hub.h"
#include "engine/imapi/order_rules.h"
#include "engine/imapi/recording.h"
#include "engine/imapi/selection.h"
#include "engine/imapi/staging.h"

namespace pregroove::imapi {

struct DiscMaster::State {
  State(DiscMaster& master, RecorderProvider& recorders, TimeSource time_source)
      : provider(recorders), now(time_source), joliet(master) {}

  RecorderProvider& provider;
  TimeSource now;
  JolietDiscMaster joliet;
  EventHub events;

  bool open = false;
  bool busy = false;  // inside RecordDisc or AddData, which call back
  std::optional<DiscMasterFormat> format;
  std::shared_ptr<DiscRecorder> recorder;
  std::vector<std::weak_ptr<DiscRecorder>> handed_out;
  Selection selection;
  bool spent = false;  // the last image was recorded, and the disc not read again since
  Stage stage;
  std::vector<Stage> change_points;
  std::string volume_name;  // empty: the disc's, or the date
  image::ImageFormats formats;
  std::optional<bool> rock_ridge;  // unless set: as the disc has it
  std::vector<image::BootFile> boot_files;
  bool checksums = true;

  [[nodiscard]] Facts facts() const;
  void clear_content(std::string reason);
  void select(std::shared_ptr<DiscRecorder> next, Selection found);
  void forget_recorder();
  // As it is after a selection.
  void start_stage();
  [[nodiscard]] image::ImageOptions image_options() const;
  // As the image that will be recorded is named.
  [[nodiscard]] std::string effective_volume_name() const;
};

// Marks the time in which callbacks may come.
class BusyMark {
 public:
  explicit BusyMark(bool& busy) : busy_(busy) { busy_ = true; }
  BusyMark(const BusyMark&) = delete;
  BusyMark& operator=(const BusyMark&) = delete;
  ~BusyMark() { busy_ = false; }

 private:
  bool& busy_;
};

}  // namespace pregroove::imapi
