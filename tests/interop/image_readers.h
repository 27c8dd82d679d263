// Four programs and libraries that we did not write, each as a function from an image file to the
// files in it with their contents.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/image_files.h"

namespace pregroove::interop {

// Runs a shell command; its standard output. A command that fails, or a program that is not
// installed, fails the running test.
[[nodiscard]] std::string output_of(const std::string& command);
// Fails the running test, and is false, when the program is not installed.
[[nodiscard]] bool have_program(const std::string& name);
[[nodiscard]] std::string quoted(const std::string& argument);

enum class Names : std::uint8_t { kJoliet, kPlain };

// Stands for the content of a file that was listed only: isoinfo is started anew for every file, so
// of a folder of thousands it extracts a sample.
inline constexpr const char* kListedOnly = "(listed only)";

// What a program makes of a Joliet path that it cannot show as it is.
// isoinfo writes ISO 8859-1, with "_" for all else.
[[nodiscard]] std::string as_isoinfo_shows(const std::string& path);
// libcdio 2.1.0 cuts a name's UTF-8 off after as many bytes as the UCS-2 name on the disc has.
[[nodiscard]] std::string as_libcdio_shows(const std::string& path);

// Plain names are given as they are recorded, without "." at the end and ";1".
using Reader = testing_support::PathsAndContents (*)(const std::string& image, Names names);

[[nodiscard]] testing_support::PathsAndContents read_with_xorriso(const std::string& image,
                                                                  Names names);
[[nodiscard]] testing_support::PathsAndContents read_with_isoinfo(const std::string& image,
                                                                  Names names);
[[nodiscard]] testing_support::PathsAndContents read_with_bsdtar(const std::string& image,
                                                                 Names names);
[[nodiscard]] testing_support::PathsAndContents read_with_libcdio(const std::string& image,
                                                                  Names names);

// The session at this block of an image of a whole disc.
[[nodiscard]] testing_support::PathsAndContents read_session_with_xorriso(const std::string& image,
                                                                          Names names,
                                                                          std::int32_t start);
[[nodiscard]] testing_support::PathsAndContents read_session_with_isoinfo(const std::string& image,
                                                                          Names names,
                                                                          std::int32_t start);

}  // namespace pregroove::interop
