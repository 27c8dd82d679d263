#include "tests/interop/burners/burner_test.h"

#include <unistd.h>

#include <filesystem>

namespace pregroove::interop {

using testing_support::ProcessOptions;

testing::AssertionResult Ended::succeeded() const {
  if (exit_status == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure() << testing::PrintToString(*this);
}

void PrintTo(const Ended& ended, std::ostream* out) {
  *out << ended.command << "\n  ended with exit status " << ended.exit_status;
  if (ended.signal != 0) *out << ", by signal " << ended.signal;
  if (ended.exit_status == 127) *out << " (is it installed?)";
  *out << "\n" << ended.output;
}

void BurnerTest::make_disc(const std::string& medium) const {
  ASSERT_TRUE(run({SIMDRIVE_PROGRAM, "create", disc(), "--medium", medium}).succeeded());
}

Ended BurnerTest::run(const Command& command, const ProcessOptions& options) {
  const auto result = testing_support::run(command, options);
  Ended ended{.command = {},
              .exit_status = result.exit_status,
              .signal = result.signal,
              .output = result.out + result.err};
  for (const std::string& argument : command) ended.command += argument + " ";
  return ended;
}

void BurnerTest::use_drive(const std::string& personality) {
  drive_options_ = {"--personality", folder_.write("drive.json", personality)};
}

Command BurnerTest::on_disc(const Command& command) const {
  Command whole{SIMDRIVE_PROGRAM, "run", "--disc", disc()};
  whole.insert(whole.end(), drive_options_.begin(), drive_options_.end());
  whole.emplace_back("--");
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

Ended BurnerTest::run_on_disc(const Command& command, const ProcessOptions& options) const {
  return run(on_disc(command), options);
}

Ended BurnerTest::run_in_private_mounts(const Command& command) const {
  Command whole = on_disc(command);
  whole.insert(whole.begin(), {"unshare", "-m"});
  return run(whole);
}

bool BurnerTest::can_have_private_mounts() {
  return ::geteuid() == 0 && run({"unshare", "-m", "true"}).exit_status == 0;
}

nlohmann::json BurnerTest::info() const {
  const Ended ended = run({SIMDRIVE_PROGRAM, "info", disc(), "--json"});
  EXPECT_TRUE(ended.succeeded());
  return nlohmann::json::parse(ended.output, nullptr, false);
}

std::size_t BurnerTest::closed_sessions() const {
  std::size_t closed = 0;
  const nlohmann::json disc = info();
  for (const auto& session : disc["sessions"])
    if (session["state"] == "closed") ++closed;
  return closed;
}

std::string BurnerTest::exported(const Command& options) const {
  std::string image = folder_.path("exported.iso");
  Command command{SIMDRIVE_PROGRAM, "export", disc(), image, "--force"};
  command.insert(command.end(), options.begin(), options.end());
  EXPECT_TRUE(run(command).succeeded());
  return image;
}

PathsAndContents BurnerTest::files_in_archive(const Command& bsdtar_options,
                                              const std::string& image) {
  const ScratchFolder out;
  Command command{"bsdtar", "-x", "-f", image, "-C", out.path()};
  command.insert(command.end(), bsdtar_options.begin(), bsdtar_options.end());
  EXPECT_TRUE(run(command).succeeded());
  // Folders may come without the right to look into them.
  (void)run({"chmod", "-R", "u+rwX", out.path()});
  return files_below(out.path());
}

PathsAndContents BurnerTest::files_in_image(const std::string& image) {
  return files_in_archive({}, image);
}

PathsAndContents BurnerTest::recorded_plain_files() const {
  return files_in_archive({"--options", "iso9660:!rockridge,iso9660:!joliet"}, exported());
}

PathsAndContents BurnerTest::recorded_files(int session) const {
  Command options;
  if (session != 0) options = {"--session", std::to_string(session)};
  return files_in_image(exported(options));
}

}  // namespace pregroove::interop
