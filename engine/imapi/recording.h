// RecordDisc behind its checks: from the stage to the disc (imapi.md 3.1.1, 7).
#pragma once

#include <optional>

#include "engine/burn/observer.h"
#include "engine/drive/drive.h"
#include "engine/image/image.h"
#include "engine/imapi/disc_master.h"
#include "engine/imapi/selection.h"
#include "engine/imapi/staging.h"
#include "engine/plan/plan.h"

namespace pregroove::imapi {

struct RecordSettings {
  bool simulate = false;
  bool eject = false;
  RecordOptions options;
  image::ImageOptions image;  // where it begins is decided when the disc was looked at
  std::optional<plan::SpeedWish> speed;
  bool buffer_underrun_free = true;
};

// One recording of a stage. Nothing is written while the disc is not the right one.
class Recording {
 public:
  // REQUIRES: all outlive the recording.
  Recording(drive::Drive& drive, Selection& selection, const Stage& stage, RecordSettings settings)
      : drive_(drive), selection_(selection), stage_(stage), settings_(std::move(settings)) {}

  [[nodiscard]] Result<RecordPreview> preview();
  [[nodiscard]] Result<RecordReport> record(burn::Observer& observer);

 private:
  struct Prepared {
    image::Image image;
    plan::BurnPlan plan;
  };
  [[nodiscard]] Result<medium::MediumSnapshot> look_at_disc();
  [[nodiscard]] Status check_recoverable(const medium::MediumSnapshot& disc) const;
  [[nodiscard]] Status check_bootable(const medium::MediumSnapshot& disc) const;
  [[nodiscard]] Status check_udf_alone(const medium::MediumSnapshot& disc) const;
  [[nodiscard]] bool is_udf_alone() const {
    return settings_.image.formats.udf_alone != image::UdfAlone::kNo;
  }
  [[nodiscard]] Result<Prepared> prepare(medium::MediumSnapshot disc) const;
  [[nodiscard]] Result<medium::MediumSnapshot> recover(const medium::MediumSnapshot& disc,
                                                       burn::Observer& observer);
  [[nodiscard]] std::unexpected<Failure> burn_failed(Error error);

  drive::Drive& drive_;
  Selection& selection_;
  const Stage& stage_;
  RecordSettings settings_;
};

}  // namespace pregroove::imapi
