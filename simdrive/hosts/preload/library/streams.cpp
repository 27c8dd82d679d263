// fopen() and its kin. What a stream reads does not pass through read(), so the file in place of
// the device is brought up to date as a whole when the stream is opened.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "simdrive/hosts/preload/library/connection.h"
#include "simdrive/hosts/preload/library/interpose.h"
#include "simdrive/hosts/preload/library/opening.h"

namespace simdrive::hosts::preload {
namespace {

void bring_up_to_date() { request_of_server({.operation = Operation::kSyncAll}); }

int flags_of(const char* mode) {
  const bool both = std::strchr(mode, '+') != nullptr;
  const int access = both ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
  return access | (std::strchr(mode, 'e') != nullptr ? O_CLOEXEC : 0) |
         (std::strchr(mode, 'x') != nullptr ? O_EXCL : 0);
}

FILE* stream_of(int descriptor, const char* mode) {
  return PREGROOVE_NEXT(FILE * (int, const char*), "fdopen")(descriptor, mode);
}

// False for paths that are no device.
bool opened_stream(const char* path, const char* mode, FILE*& stream) {
  const Device device = device_at(path);
  if (device == Device::kNone) return false;
  stream = nullptr;
  const int descriptor = open_device(device, flags_of(mode));
  if (descriptor < 0) return true;
  if (device == Device::kBlock) bring_up_to_date();
  stream = stream_of(descriptor, mode);
  if (stream == nullptr) ::close(descriptor);
  return true;
}

const char* actual(const char* path) {
  const char* const text = stand_in_for(path);
  return text != nullptr ? text : path;
}

PREGROOVE_INTERPOSE(FILE*, taken_fopen, (const char* path, const char* mode), "fopen") {
  FILE* stream = nullptr;
  if (opened_stream(path, mode, stream)) return stream;
  return PREGROOVE_NEXT(FILE * (const char*, const char*), "fopen")(actual(path), mode);
}
PREGROOVE_INTERPOSE(FILE*, taken_fopen64, (const char* path, const char* mode), "fopen64") {
  FILE* stream = nullptr;
  if (opened_stream(path, mode, stream)) return stream;
  return PREGROOVE_NEXT(FILE * (const char*, const char*), "fopen64")(actual(path), mode);
}

// The stream goes on with the file in place of the device.
FILE* reopened(FILE* (*original)(const char*, const char*, FILE*), const char* path,
               const char* mode, FILE* stream) {
  const Device device = device_at(path);
  if (device == Device::kNone) return original(actual(path), mode, stream);
  const int descriptor = open_device(device, flags_of(mode));
  if (descriptor < 0) {
    std::fclose(stream);
    return nullptr;
  }
  if (device == Device::kBlock) bring_up_to_date();
  // Never in a mode that would make the file empty.
  FILE* const again = original(file_of(device), mode[0] == 'r' ? mode : "r+", stream);
  ::close(descriptor);
  return again;
}
PREGROOVE_INTERPOSE(FILE*, taken_freopen, (const char* path, const char* mode, FILE* stream),
                    "freopen") {
  return reopened(PREGROOVE_NEXT(FILE * (const char*, const char*, FILE*), "freopen"), path, mode,
                  stream);
}
PREGROOVE_INTERPOSE(FILE*, taken_freopen64, (const char* path, const char* mode, FILE* stream),
                    "freopen64") {
  return reopened(PREGROOVE_NEXT(FILE * (const char*, const char*, FILE*), "freopen64"), path, mode,
                  stream);
}
PREGROOVE_INTERPOSE(FILE*, taken_fdopen, (int descriptor, const char* mode), "fdopen") {
  if (device_of(descriptor) == Device::kBlock) bring_up_to_date();
  return stream_of(descriptor, mode);
}

}  // namespace
}  // namespace simdrive::hosts::preload
