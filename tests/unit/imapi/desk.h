// A desk with a simulated recorder on it, and an IMAPI client that uses it: the vocabulary of the
// tests of engine/imapi.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/imapi/disc_master.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"

namespace pregroove::imapi {

// A simulated drive whose port can be watched and meddled with, and that can be plugged in again.
class TestDevice final : public RecorderDevice {
 public:
  // Called before a command reaches the drive, and after it was answered.
  using Hook = std::function<void(const scsi::Command&)>;

  // The drive "bd-writer" when no personality is given.
  explicit TestDevice(simdrive::profiles::Personality personality = {});
  [[nodiscard]] std::string path() const override { return "sim:test"; }
  [[nodiscard]] std::string unique_id() const override { return "test-drive"; }
  [[nodiscard]] scsi::Transport& transport() override { return port_; }
  [[nodiscard]] Clock& clock() override { return clock_; }

  simdrive::Drive& drive() { return *drive_; }
  simdrive::Disc& disc() { return *drive_->disc(); }
  // The same drive after power came back, with the same disc in it.
  void plug_in_again();

  Hook before;
  Hook after;

 private:
  class Port final : public scsi::Transport {
   public:
    explicit Port(TestDevice& device) : device_(device) {}
    [[nodiscard]] pregroove::Result<scsi::Completion> execute(
        const scsi::Command& command) override;

   private:
    TestDevice& device_;
  };

  simdrive::VirtualClock clock_;
  simdrive::profiles::Personality personality_;
  std::unique_ptr<simdrive::Drive> drive_;
  Port port_;
};

class TestProvider final : public RecorderProvider {
 public:
  [[nodiscard]] std::vector<std::shared_ptr<RecorderDevice>> recorders() override { return list; }
  std::vector<std::shared_ptr<RecorderDevice>> list;
};

// Writes down what it is told, and cancels when it is asked to.
class EventLog final : public DiscMasterProgressEvents {
 public:
  [[nodiscard]] bool QueryCancel() override;
  void NotifyPnPActivity() override { say("PnPActivity"); }
  void NotifyAddProgress(std::int64_t completed, std::int64_t total) override;
  void NotifyBlockProgress(std::int64_t completed, std::int64_t total) override;
  void NotifyTrackProgress(std::int64_t /*current*/, std::int64_t /*total*/) override;
  void NotifyPreparingBurn(std::int64_t seconds) override;
  void NotifyClosingDisc(std::int64_t seconds) override;
  void NotifyBurnComplete(ResultCode status) override;
  void NotifyEraseComplete(ResultCode status) override;

  std::vector<std::string> lines;
  std::vector<std::pair<std::int64_t, std::int64_t>> blocks;
  // The n-th question (counted from 0) is answered with yes; never when negative.
  int cancel_at = -1;
  int questions = 0;
  std::function<void(std::string_view)> on_line;

 private:
  void say(std::string line);
};

using Files = std::map<std::string, std::string>;  // path on the disc -> content

struct Desk {
  explicit Desk(simdrive::profiles::Personality personality = {});
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void insert_blank(std::string_view medium = "cd-r-80");
  // Open, the Joliet format, and the sink.
  void open();
  // As a well-behaved client: open if need be, and select the recorder.
  Status select();
  Status add(const std::string& path, const std::string& text, bool overwrite = false);
  Result<RecordReport> record(RecordOptions options = {}) {
    return master.RecordDisc(false, false, options);
  }
  // One whole session, by a client of its own; fails the test when it does not work.
  void burn_session(const Files& files, RecordOptions options = {});
  simdrive::Disc& disc() { return device->disc(); }

  TestProvider provider;
  std::shared_ptr<TestDevice> device;
  EventLog log;
  DiscMaster master;
  JolietDiscMaster joliet{master};
  std::shared_ptr<DiscRecorder> recorder = std::make_shared<DiscRecorder>(device);
};

[[nodiscard]] image::Tree tree_of(const Files& files);
// The files that a reader of this session sees, through the back door; session 0: the newest.
// Fails the test when the session cannot be read.
[[nodiscard]] Files files_on(const simdrive::Disc& disc, int session = 0);

template <typename T>
[[nodiscard]] ResultCode code_of(const Result<T>& result) {
  return result ? ResultCode::S_OK : result.error().code;
}

}  // namespace pregroove::imapi
