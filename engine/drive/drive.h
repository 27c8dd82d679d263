// A conversation with one recorder over the port: readiness, unit attention, retry by sense, and
// the few requests that looking at a disc and burning it are made of.
//
// What happens after which sense code is a table (reactions.h). All waiting goes through the Clock.
// Every Error names the command in MMC words and carries the sense code.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/error.h"
#include "engine/drive/reactions.h"
#include "engine/medium/format_offer.h"
#include "engine/medium/medium.h"
#include "engine/mmc/close.h"
#include "engine/mmc/command.h"
#include "engine/mmc/format.h"
#include "engine/mmc/write_parameters.h"
#include "engine/scsi/transport.h"

namespace pregroove::drive {

// What a new disc in the drive (6/28/00) or a reset (6/29/00) means to the caller.
enum class UnitAttention : std::uint8_t {
  kAbsorb,  // nothing was assumed about the disc yet: ask again
  kReport,  // the disc was looked at before: fail with kMediumChanged
};

struct BufferFill {
  std::uint32_t total = 0;  // bytes
  std::uint32_t used = 0;
};

// How a data track is written to media that have write parameters.
struct WriteSettings {
  medium::WriteType type = medium::WriteType::kTrackAtOnce;
  bool test_write = false;
  bool buffer_underrun_free = true;
  bool next_session_allowed = true;
};

class Drive {
 public:
  // REQUIRES: both outlive the drive.
  Drive(scsi::Transport& transport, Clock& clock);
  Drive(const Drive&) = delete;
  Drive& operator=(const Drive&) = delete;

  [[nodiscard]] Clock& clock() { return clock_; }
  // Blocks that one READ or WRITE carries at the most.
  [[nodiscard]] BlockCount max_transfer() const;

  void on_unit_attention(UnitAttention policy) { unit_attention_ = policy; }
  // Asked while the drive is busy; true ends the waiting with kCancelled.
  void set_cancel(std::function<bool()> cancel) { cancel_ = std::move(cancel); }
  // Told, while the drive works on its own, how far it says it is: 0 to 1.
  void set_progress(std::function<void(double)> progress) { progress_ = std::move(progress); }

  // Waits while a disc is becoming ready. kMediumNotPresent when there is none.
  [[nodiscard]] Status wait_until_ready();
  // Waits until no long operation (close, blank) is running any more.
  [[nodiscard]] Status wait_until_idle(Duration patience = kBusyPatience);

  [[nodiscard]] Result<medium::DriveIdentity> identify();

  [[nodiscard]] Status read(Lba first, std::span<std::byte> whole_blocks);

  // nullopt: as fast as it can. For CD, and for the other media up to that LBA.
  [[nodiscard]] Status set_cd_speed(std::optional<double> write_kilobytes_per_second);
  [[nodiscard]] Status set_streaming_speed(std::optional<double> write_kilobytes_per_second,
                                           Lba last);
  [[nodiscard]] Status select_write_type(const WriteSettings& settings);
  // Session at once: one track of data, with its pregap before `start`.
  [[nodiscard]] Status send_cue_sheet(int track, Lba start, BlockCount blocks);
  // Tries the laser's power out on the disc.
  [[nodiscard]] Status calibrate_power();
  // Of a dual-layer DVD+R, before anything is written: blocks on layer 0.
  [[nodiscard]] Status set_layer_break(BlockCount layer_0);
  // Disc at once: how much will be written.
  [[nodiscard]] Status reserve_track(BlockCount blocks);
  // The track into which the next WRITE goes: the invisible or incomplete one on a CD, the last one
  // elsewhere; nullopt when the disc has none.
  [[nodiscard]] Result<std::optional<medium::WritableTrack>> writable_track(
      medium::MediumKind kind);
  // Its NWA; kWrongMedium when there is none.
  [[nodiscard]] Result<Lba> next_writable(medium::MediumKind kind);
  // Of a track: up to its next writable address, or where there is none the whole of it; nullopt
  // when the drive does not tell.
  [[nodiscard]] Result<std::optional<BlockCount>> recorded_blocks(int track);
  // Sends at most max_transfer() blocks; waits while the drive's buffer is full, as long as it took
  // the last time before it asks again: a few commands a WRITE, however slow the disc is.
  [[nodiscard]] Status write(Lba first, std::span<const std::byte> whole_blocks);
  [[nodiscard]] Status synchronize_cache();
  [[nodiscard]] Status close_track(int number);
  // The last track of the last session.
  [[nodiscard]] Status close_last_track();
  // finalize: by the function that DVD+R and BD-R have for it.
  [[nodiscard]] Status close_session(bool finalize = false);
  // nullopt when the drive does not know the command, or tells nonsense. An error is about
  // something else than the question: an earlier write that failed, a disc that was changed, a
  // drive that is gone.
  [[nodiscard]] Result<std::optional<BufferFill>> buffer_fill();

  [[nodiscard]] Status blank(bool whole_disc);
  // Only begin it: wait_until_ended() waits for the end.
  [[nodiscard]] Status begin_blank(bool whole_disc);
  [[nodiscard]] Status begin_format(const medium::FormatOffer& offer, bool certify);
  [[nodiscard]] Status wait_until_ended();
  // In the order of the drive; none when the disc cannot be formatted.
  [[nodiscard]] Result<std::vector<medium::FormatOffer>> format_offers();
  // Makes a medium that is overwritten writable; resume: what goes on in the background on a DVD+RW
  // was stopped. Waits as long as the drive lets nobody write.
  [[nodiscard]] Status format(medium::MediumKind kind, bool resume);
  [[nodiscard]] Status prevent_removal(bool prevent);
  [[nodiscard]] Status eject();

  // One command, with the reactions of the table applied; the bytes that were transferred.
  [[nodiscard]] Result<std::size_t> run(const mmc::Cdb& cdb, scsi::DataPhase data = scsi::NoData{},
                                        std::chrono::milliseconds timeout = kDefaultTimeout,
                                        Duration patience = kBusyPatience);

  static constexpr std::chrono::milliseconds kDefaultTimeout{30'000};

 private:
  [[nodiscard]] Result<std::uint16_t> last_track();
  [[nodiscard]] Status check_write_parameters(const mmc::WriteParameters& selected);
  [[nodiscard]] Status begin_format(const mmc::FormatDescriptor& descriptor,
                                    mmc::Certification certification);
  [[nodiscard]] Status start_unit();
  [[nodiscard]] Status close(mmc::CloseFunction function, std::uint16_t track);
  [[nodiscard]] Result<std::size_t> run_once(const mmc::Cdb& cdb, const scsi::DataPhase& data,
                                             std::chrono::milliseconds timeout,
                                             std::optional<scsi::Sense>& sense);
  // Sends all of the data, or fails.
  [[nodiscard]] Status send(const mmc::Cdb& cdb, std::span<const std::byte> data,
                            std::chrono::milliseconds timeout = kDefaultTimeout);
  void pause(const mmc::Cdb& cdb, const scsi::Sense& sense, int repetition);
  void learn_pause(Duration waited, int repetitions);
  [[nodiscard]] Error failure(const mmc::Cdb& cdb, const scsi::Sense& sense) const;
  void tell_progress(const scsi::Sense& sense);

  scsi::Transport& transport_;
  Clock& clock_;
  Duration room_pause_{};  // after which the drive's buffer had room for another WRITE
  UnitAttention unit_attention_ = UnitAttention::kAbsorb;
  std::function<bool()> cancel_;
  std::function<void(double)> progress_;
  bool put_off_ = false;  // the last command was answered with "busy" before its answer
};

}  // namespace pregroove::drive
