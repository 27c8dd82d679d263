// Runs the named cases on /dev/sr0 and /dev/sg0; exit status 1 and a line on standard error for
// what is not as a kernel would have it.
#include <cstring>

#include "tests/unit/simdrive_hosts/preload/probe.h"

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "is-device") == 0) {
    probe::expect_device(std::atoi(argv[2]));
    return 0;
  }
  int found = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto* cases : {&probe::identity_cases, &probe::command_cases, &probe::control_cases,
                              &probe::transfer_cases})
      for (const probe::Case& one : *cases)
        if (std::strcmp(one.name, argv[i]) == 0) {
          one.run();
          ++found;
        }
  PROBE(found == argc - 1 && found > 0);
  return 0;
}
