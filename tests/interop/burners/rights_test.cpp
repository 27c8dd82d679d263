// What pregroove sends needs no rights of root: Linux lets an ordinary user who may open the device
// send these commands and no others.
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

// mmc.md 2.1, from drivers/scsi/scsi_ioctl.c of Linux 6.1; for a device that was opened read-write.
const std::set<int> kForEverybody{
    0x00, 0x03, 0x08, 0x12, 0x1A, 0x1B, 0x1C, 0x23, 0x25, 0x28, 0x2B, 0x2F, 0x37, 0x3C, 0x3E,
    0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4A, 0x4B, 0x4D, 0x4E, 0x51, 0x52, 0x5A, 0x5C,
    0x88, 0x8F, 0x95, 0x9E, 0xA0, 0xA3, 0xA4, 0xA8, 0xAC, 0xAD, 0xB9, 0xBA, 0xBC, 0xBE, 0x04,
    0x0A, 0x15, 0x19, 0x1E, 0x2A, 0x2E, 0x35, 0x3F, 0x41, 0x4C, 0x53, 0x54, 0x55, 0x58, 0x5B,
    0x5D, 0x8A, 0x93, 0x94, 0xA1, 0xA2, 0xA6, 0xA7, 0xAA, 0xAE, 0xB6, 0xBB, 0xBF, 0xEA};

class RightsOfAUser : public MediumTest {
 public:
  // The operation codes that the drive saw.
  [[nodiscard]] std::multiset<int> sent_by(const Command& arguments) const {
    const std::string transcript =
        folder().path("transcript-" + arguments.front() + std::to_string(arguments.size()));
    Command command{SIMDRIVE_PROGRAM, "run",      "--disc", disc(),
                    "--transcript",   transcript, "--",     PREGROOVE_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    EXPECT_TRUE(run(command).succeeded());
    std::multiset<int> codes;
    std::ifstream lines(transcript);
    for (std::string line; std::getline(lines, line);)
      if (const auto entry = nlohmann::json::parse(line); entry.contains("cdb"))
        codes.insert(std::stoi(entry["cdb"].get<std::string>().substr(0, 2), nullptr, 16));
    return codes;
  }
};

TEST_P(RightsOfAUser, AreEnoughForEveryCommandOfPregroove) {
  make_disc();
  const SourceTree files = tree("files");
  const std::vector<Command> commands{
      {"drives"},
      {"info", "-d", kDrive},
      {"burn", "-d", kDrive, files.folder},
      {"burn", "-d", kDrive, "--verify", "--eject", files.folder},
      {"ls", "-d", kDrive},
      {"verify", "-d", kDrive, "--compare", std::filesystem::path(files.folder).parent_path()},
      {"extract", "-d", kDrive, "-o", folder().path("out")},
  };
  for (const Command& command : commands) {
    const auto codes = sent_by(command);
    EXPECT_FALSE(codes.empty()) << command.front();
    for (const int code : codes)
      EXPECT_TRUE(kForEverybody.contains(code)) << std::hex << code << "h by " << command.front();
  }
}

// With a disc that may be lost, too.
TEST_P(RightsOfAUser, AreEnoughForAValidationThatWrites) {
  make_disc();
  const auto looked = run({SIMDRIVE_PROGRAM, "run", "--disc", disc(), "--", PREGROOVE_PROGRAM,
                           "validate", "-d", kDrive});
  const auto name = looked.output.find("disc name    ");
  ASSERT_NE(name, std::string::npos) << looked.output;
  const auto word = name + std::string_view("disc name    ").size();
  const auto codes = sent_by({"validate", "-d", kDrive, "--write", "--expendable",
                              looked.output.substr(word, looked.output.find('\n', word) - word)});
  EXPECT_TRUE(codes.contains(0x2A));
  for (const int code : codes) EXPECT_TRUE(kForEverybody.contains(code)) << std::hex << code;
}

INSTANTIATE_TEST_SUITE_P(Media, RightsOfAUser,
                         testing::Values(kCdR, kCdRw, kDvdR, kDvdRw, kDvdPlusR, kDvdPlusRw, kDvdRam,
                                         kBdR, kBdRe),
                         name_of_medium);

}  // namespace
}  // namespace pregroove::interop
