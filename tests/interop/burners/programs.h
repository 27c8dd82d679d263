// How the programs of the matrix add a session: each finds out from the drive how the disc is, and
// leaves it open for another one.
#pragma once

#include "tests/interop/burners/burner_test.h"

namespace pregroove::interop {

enum class Session : std::uint8_t { kFirst, kLater };

[[nodiscard]] Command wodim_command(const Command& arguments);
[[nodiscard]] Command cdrdao_command(const std::string& action, const Command& arguments);

// An image of a tree made by genisoimage; of a later session, for these addresses ("0,11702"), with
// the files of the disc so far.
[[nodiscard]] std::string image_of(const BurnerTest& test, const SourceTree& tree,
                                   const std::string& addresses = {});

// What wodim says that the next session's image must be made for.
[[nodiscard]] std::string session_addresses(const BurnerTest& test);

[[nodiscard]] testing::AssertionResult xorriso_adds(const BurnerTest& test, const SourceTree& tree,
                                                    Session session);
// The same, but a first session reaches beyond 512 MiB.
[[nodiscard]] testing::AssertionResult xorriso_fills_up(const BurnerTest& test,
                                                        const SourceTree& tree, Session session);
[[nodiscard]] testing::AssertionResult wodim_adds(const BurnerTest& test, const SourceTree& tree,
                                                  Session session);
// A track with an image, in a session that is closed and leaves the disc open.
[[nodiscard]] testing::AssertionResult cdrdao_adds(const BurnerTest& test, const SourceTree& tree,
                                                   Session session);
// REQUIRES: BurnerTest::can_have_private_mounts().
[[nodiscard]] testing::AssertionResult growisofs_adds(const BurnerTest& test,
                                                      const SourceTree& tree, Session session);

// Our program, with the disc in its own process, and over the ioctls of a device.
[[nodiscard]] Command pregroove_on_file(const BurnerTest& test, const SourceTree& tree);
[[nodiscard]] Command pregroove_on_device(const SourceTree& tree);

}  // namespace pregroove::interop
