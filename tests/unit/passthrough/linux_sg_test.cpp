// What is no drive is refused before a command is sent to it. Real exchanges: tests/interop.
#include "engine/passthrough/linux_sg.h"

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace pregroove::passthrough {
namespace {

TEST(OpenLinuxDevice, TellsAMissingDevice) {
  const testing_support::ScratchFolder folder;
  const auto opened = open_linux_device(folder.path("sr0"));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(opened.error().advice.empty());
}

TEST(OpenLinuxDevice, RefusesWhatTakesNoScsiCommands) {
  const testing_support::ScratchFolder folder;
  for (const std::string& path :
       {folder.write("image.iso", "no drive"), std::string("/dev/null")}) {
    const auto opened = open_linux_device(path);
    ASSERT_FALSE(opened.has_value()) << path;
    EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported) << path;
  }
}

}  // namespace
}  // namespace pregroove::passthrough
