// Which descriptors and paths are the simulated devices.
//
// A descriptor is recognised by the file that it refers to, so that it remains what it is through
// dup, fork and exec, and through programs that pass it on. Everything here asks the kernel itself
// and leaves errno alone.
#pragma once

#include <sys/stat.h>

#include "simdrive/hosts/preload/protocol.h"

namespace simdrive::hosts::preload {

enum class Device { kNone, kBlock, kGeneric };

// False when the program was not started by simdrive: then nothing is taken over.
[[nodiscard]] bool is_active();
[[nodiscard]] const char* socket_path();

[[nodiscard]] Device device_of(int descriptor);
[[nodiscard]] Device device_of(const struct stat& status);
// By name, or by a path of the kernel to an open descriptor ("/dev/fd/3").
[[nodiscard]] Device device_at(const char* path);

// "/dev/sr0" or "/dev/sg0".
[[nodiscard]] const char* name_of(Device device);
// The file that is opened in its place.
[[nodiscard]] const char* file_of(Device device);
// For a text of the kernel about the drive: the file that stands for it; nullptr for other paths.
[[nodiscard]] const char* stand_in_for(const char* path);

// Makes the status of a file that of the device which it stands for.
void describe_as(Device device, struct stat& status);

// The result of a raw system call, which leaves errno alone: negative for an error.
long quietly(long number, long first, long second = 0, long third = 0, long fourth = 0);

}  // namespace simdrive::hosts::preload
