#include <fmt/format.h>

#include "engine/plan/plan.h"

namespace pregroove::plan {
namespace {

struct Describer {
  std::string operator()(const CheckDisc&) const {
    return "lock the tray, and check that this disc is still in the drive";
  }
  std::string operator()(const SetSpeed& step) const {
    return step.kilobytes_per_second == kFastestSpeed
               ? "SET CD SPEED to the fastest"
               : fmt::format("SET CD SPEED to {} kB/s", step.kilobytes_per_second);
  }
  std::string operator()(const SelectTrackAtOnce& step) const {
    return fmt::format("MODE SELECT page 05h: track at once, data mode 1{}{}, {}",
                       step.test_write ? ", test write" : "",
                       step.buffer_underrun_free ? ", buffer underrun free" : "",
                       step.next_session_allowed ? "next session allowed" : "no next session");
  }
  std::string operator()(const CheckNextWritable& step) const {
    return fmt::format("READ TRACK INFORMATION: the next writable address must be {}",
                       step.expected.value);
  }
  std::string operator()(const WriteImage& step) const {
    return fmt::format("WRITE {} blocks from LBA {}", step.blocks.value, step.start.value);
  }
  std::string operator()(const Synchronize&) const { return "SYNCHRONIZE CACHE, the track ends"; }
  std::string operator()(const CloseSession& step) const {
    return fmt::format("CLOSE SESSION {}, {} blocks of lead-out", step.session_number,
                       step.lead_out.value);
  }
  std::string operator()(const CheckResult& step) const {
    return fmt::format(
        "check: disc {}, {} session(s), last track at LBA {} with at least {} blocks",
        name_of(step.status), step.sessions, step.track_start.value, step.track_blocks.value);
  }
  std::string operator()(const CheckRecovered& step) const {
    return fmt::format("check: {} session(s), all closed", step.sessions);
  }
  std::string operator()(const ReadBack& step) const {
    return fmt::format("READ {} blocks from LBA {} and compare checksums", step.blocks.value,
                       step.start.value);
  }
  std::string operator()(const Eject&) const { return "eject"; }
};

}  // namespace

std::string describe(const Step& step) { return std::visit(Describer{}, step); }

}  // namespace pregroove::plan
