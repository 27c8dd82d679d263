#include "tests/unit/imapi/desk.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/check.h"
#include "engine/image/block_reader.h"
#include "engine/image/extract.h"
#include "engine/image/import.h"
#include "engine/medium/kind.h"
#include "simdrive/disc/medium.h"

namespace pregroove::imapi {
namespace {

// 2026-01-02 03:04:05 UTC: any fixed time.
system::FileTime fixed_time() { return system::FileTime{std::chrono::seconds{1'767'323'045}}; }

class BackDoor final : public image::BlockReader {
 public:
  explicit BackDoor(const simdrive::Disc& disc) : disc_(disc) {}
  [[nodiscard]] pregroove::Status read(Lba first, std::span<std::byte> blocks) override {
    return disc_.read_recorded(first, blocks);
  }

 private:
  const simdrive::Disc& disc_;
};

std::string text_of(image::BlockReader& reader, const image::File& file) {
  std::string text;
  const auto done =
      image::read_file(reader, file, [&](std::span<const std::byte> piece) -> pregroove::Status {
        for (const std::byte byte : piece) text.push_back(static_cast<char>(byte));
        return {};
      });
  EXPECT_TRUE(done) << file.name;
  return text;
}

}  // namespace

TestDevice::TestDevice(simdrive::profiles::Personality personality)
    : personality_(std::move(personality)),
      drive_(std::make_unique<simdrive::Drive>(clock_, personality_)),
      port_(*this) {}

void TestDevice::plug_in_again() {
  auto disc = drive_->remove_disc();
  drive_ = std::make_unique<simdrive::Drive>(clock_, personality_);
  if (disc) drive_->insert(std::move(disc));
}

pregroove::Result<scsi::Completion> TestDevice::Port::execute(const scsi::Command& command) {
  if (device_.before) device_.before(command);
  auto completion = device_.drive_->execute(command);
  if (device_.after) device_.after(command);
  return completion;
}

void EventLog::say(std::string line) {
  lines.push_back(std::move(line));
  if (on_line) on_line(lines.back());
}

bool EventLog::QueryCancel() { return questions++ == cancel_at; }

void EventLog::NotifyAddProgress(std::int64_t completed, std::int64_t total) {
  say(fmt::format("AddProgress {}/{}", completed, total));
}

void EventLog::NotifyBlockProgress(std::int64_t completed, std::int64_t total) {
  blocks.emplace_back(completed, total);
  say("BlockProgress");
}

void EventLog::NotifyTrackProgress(std::int64_t /*current*/, std::int64_t /*total*/) {
  say("TrackProgress");
}

void EventLog::NotifyPreparingBurn(std::int64_t seconds) {
  EXPECT_GT(seconds, 0);
  say("PreparingBurn");
}

void EventLog::NotifyClosingDisc(std::int64_t seconds) {
  EXPECT_GT(seconds, 0);
  say("ClosingDisc");
}

void EventLog::NotifyBurnComplete(ResultCode status) {
  say(fmt::format("BurnComplete {}", name_of(status)));
}

void EventLog::NotifyEraseComplete(ResultCode status) {
  say(fmt::format("EraseComplete {}", name_of(status)));
}

Desk::Desk(simdrive::profiles::Personality personality)
    : device(std::make_shared<TestDevice>(std::move(personality))), master(provider, fixed_time) {
  provider.list.push_back(device);
}

void Desk::insert_blank(std::string_view medium) {
  const simdrive::Medium* kind = simdrive::find_medium(medium);
  PREGROOVE_CHECK(kind != nullptr);
  device->drive().insert(simdrive::Disc::blank(*kind));
}

void Desk::open() {
  EXPECT_TRUE(master.Open());
  EXPECT_TRUE(master.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet));
  EXPECT_TRUE(master.ProgressAdvise(log));
}

Status Desk::select() {
  if (!master.GetActiveDiscMasterFormat()) open();
  return master.SetActiveDiscRecorder(recorder);
}

Status Desk::add(const std::string& path, const std::string& text, bool overwrite) {
  return joliet.AddData(tree_of({{path, text}}), overwrite);
}

void Desk::burn_session(const Files& files, RecordOptions options) {
  DiscMaster client(provider, fixed_time);
  ASSERT_TRUE(client.Open());
  const auto stage = client.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet);
  ASSERT_TRUE(stage);
  const auto selected = client.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(device));
  ASSERT_TRUE(selected) << describe(selected.error().cause);
  ASSERT_TRUE((*stage)->AddData(tree_of(files), true));
  const auto recorded = client.RecordDisc(false, false, options);
  ASSERT_TRUE(recorded) << describe(recorded.error().cause);
}

image::Tree tree_of(const Files& files) {
  image::Tree tree;
  for (const auto& [path, text] : files) {
    image::Memory content;
    for (const char character : text) content.bytes.push_back(static_cast<std::byte>(character));
    const auto added =
        tree.add_file(path, {.modified = fixed_time(), .content = std::move(content)});
    EXPECT_TRUE(added) << path;
  }
  return tree;
}

namespace {

// Of a disc that is overwritten readers find the newest session at LBA 0, and only programs that
// know where the first one is find that.
std::optional<Lba> start_of(const simdrive::Disc& disc, int session) {
  const auto sessions = disc.sessions();
  if (disc.medium().family() != simdrive::MediumFamily::kCd && sessions.empty()) {
    if (session == 0) return Lba{0};
    return session == 1 ? std::optional(medium::kFirstEmulatedSession) : std::nullopt;
  }
  const auto number = session == 0 ? sessions.size() : static_cast<std::size_t>(session);
  if (number == 0 || sessions.size() < number) return std::nullopt;
  return sessions.at(number - 1).start;
}

}  // namespace

Files files_on(const simdrive::Disc& disc, int session) {
  const auto start = start_of(disc, session);
  if (!start) {
    ADD_FAILURE() << "there is no session " << session;
    return {};
  }
  BackDoor reader(disc);
  const auto imported = image::import_session(reader, *start);
  if (!imported) {
    ADD_FAILURE() << describe(imported.error());
    return {};
  }
  Files files;
  imported->tree.walk([&](std::string_view path, const image::File& file) {
    files.emplace(path, text_of(reader, file));
  });
  return files;
}

}  // namespace pregroove::imapi
