#include <fmt/format.h>

#include "engine/plan/plan.h"
#include "engine/plan/speed.h"

namespace pregroove::plan {
namespace {

struct Describer {
  std::string operator()(const CheckDisc&) const {
    return "lock the tray, and check that this disc is still in the drive";
  }
  std::string operator()(const SetSpeed& step) const {
    return step.kilobytes_per_second ? fmt::format("set the speed to {} ({:.0f} kB/s)",
                                                   in_times(step.times), *step.kilobytes_per_second)
                                     : "set the speed to the fastest";
  }
  std::string operator()(const SelectWriteType& step) const {
    return fmt::format("MODE SELECT page 05h: {}{}{}, {}", name_of(step.type),
                       step.test_write ? ", test write" : "",
                       step.buffer_underrun_free ? ", buffer underrun free" : "",
                       step.next_session_allowed ? "next session allowed" : "no next session");
  }
  std::string operator()(const CheckNextWritable& step) const {
    return fmt::format("READ TRACK INFORMATION: the next writable address must be {}",
                       step.expected.value);
  }
  std::string operator()(const ReadAhead&) const { return "read the first files ahead"; }
  std::string operator()(const CalibratePower&) const {
    return "SEND OPC INFORMATION: calibrate the laser's power";
  }
  std::string operator()(const SetLayerBreak& step) const {
    return fmt::format("SEND DISC STRUCTURE: {} blocks on layer 0", step.layer_0.value);
  }
  std::string operator()(const SendCueSheet& step) const {
    return fmt::format("SEND CUE SHEET: track {} from LBA {}, lead-out at {}", step.track,
                       step.start.value, (step.start + step.blocks).value);
  }
  std::string operator()(const ReserveTrack& step) const {
    return fmt::format("RESERVE TRACK of {} blocks", step.blocks.value);
  }
  std::string operator()(const WriteImage& step) const {
    if (step.pregap.value > 0)
      return fmt::format("WRITE {} blocks of pregap and {} blocks from LBA {}", step.pregap.value,
                         step.blocks.value, step.start.value);
    return fmt::format("WRITE {} blocks from LBA {}", step.blocks.value, step.start.value);
  }
  std::string operator()(const Synchronize&) const { return "SYNCHRONIZE CACHE"; }
  std::string operator()(const Format& step) const {
    return step.resume ? "FORMAT UNIT, go on with it" : "FORMAT UNIT";
  }
  std::string operator()(const Blank& step) const {
    return step.whole_disc ? "BLANK, the whole disc" : "BLANK, minimally";
  }
  std::string operator()(const FormatAs& step) const {
    return fmt::format("FORMAT UNIT, type {:02X}h, sub-type {}, {} blocks{}",
                       static_cast<int>(step.offer.type), step.offer.sub_type,
                       step.offer.blocks.value, step.certify ? "" : ", without certification");
  }
  std::string operator()(const Overwrite& step) const {
    return fmt::format("WRITE {} blocks of zeros from LBA {}", step.blocks.value, step.start.value);
  }
  std::string operator()(const SwitchToSession& step) const {
    return fmt::format("WRITE a copy of the head of the session at LBA {} to LBA 0",
                       step.start.value);
  }
  std::string operator()(const CheckRecorded& step) const {
    return fmt::format("check: {} blocks are recorded from LBA {}", step.blocks.value,
                       step.start.value);
  }
  std::string operator()(const ReadEnd&) const { return "READ the last blocks, and compare"; }
  std::string operator()(const CloseTrack& step) const {
    return step.number ? fmt::format("CLOSE TRACK {}", *step.number) : "CLOSE TRACK, the last one";
  }
  std::string operator()(const CloseSession& step) const {
    return fmt::format("CLOSE SESSION {}{}, the drive writes {} blocks{}", step.session_number,
                       step.finalize ? " and finalize the disc" : "", step.closing.value,
                       step.end_track_if_open ? "; CLOSE TRACK before, if the drive wants it" : "");
  }
  std::string operator()(const CheckResult& step) const {
    return fmt::format(
        "check: disc {}{}, {} session(s), last track at LBA {} with at least {} blocks",
        name_of(step.status), step.may_be_complete ? " or closed" : "", step.sessions,
        step.track_start.value, step.track_blocks.value);
  }
  std::string operator()(const CheckRecovered& step) const {
    return fmt::format("check: {} session(s), all closed", step.sessions);
  }
  std::string operator()(const CheckStatus& step) const {
    return step.sessions
               ? fmt::format("check: disc {}, {} session(s)", name_of(step.status), *step.sessions)
               : fmt::format("check: disc {}", name_of(step.status));
  }
  std::string operator()(const ReadBack& step) const {
    return fmt::format("READ {} blocks from LBA {} and compare checksums", step.blocks.value,
                       step.start.value);
  }
  std::string operator()(const FillUp& step) const {
    return fmt::format("WRITE {} blocks of zeros from LBA {}, behind what was left open",
                       step.blocks.value, step.start.value);
  }
  std::string operator()(const Eject&) const { return "eject"; }
};

}  // namespace

std::string describe(const Step& step) { return std::visit(Describer{}, step); }

}  // namespace pregroove::plan
