#include "simdrive/hosts/kernel/start_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace simdrive::hosts::kernel {
namespace {

// Everything is written through hostfs at once, so what the machine sees is complete when it is
// switched off.
constexpr std::string_view kBeginning = R"(#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
switch_off() {
  sync
  echo o > /proc/sysrq-trigger
  while :; do sleep 1; done
}
give_up() {
  echo "$1" > /run/simdrive/failure
  switch_off
}
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/simdrive /run/lock /run/modules/lib/modules /dev/shm /dev/pts
)";

// The devices that programs expect in /dev and that the kernel does not make by itself.
constexpr std::string_view kSurroundings = R"(mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t devpts devpts /dev/pts
ln -sf /proc/self/fd /dev/fd
ln -sf /proc/self/fd/0 /dev/stdin
ln -sf /proc/self/fd/1 /dev/stdout
ln -sf /proc/self/fd/2 /dev/stderr
)";

// The drive is there once the bus was scanned and both drivers have found it; that is not before
// the driver of the bus has been loaded, and may be after.
constexpr std::string_view kDrivers = R"(for module in sr_mod sg isofs udf virtio_scsi; do
  modprobe -d /run/modules "$module" || give_up "the module $module cannot be loaded"
done
tries=0
until [ -b /dev/sr0 ] && [ -c /dev/sg0 ]; do
  tries=$((tries + 1))
  [ "$tries" -le 600 ] || give_up "the kernel finds no drive"
  sleep 0.05
done
ln -sf sr0 /dev/cdrom
)";

// The program gets pipes. Its input comes as lines of base64 over a serial line, where a control-D
// at the beginning of a line is the end of it; the line is opened once, since it loses what it
// holds when it is closed. What the program prints goes to files on the machine. A process that it
// left behind may keep the pipes: it is not waited for for long.
constexpr std::string_view kRun = R"(mkfifo /run/stdin /run/stdout /run/stderr
exec 9< /dev/ttyS0
stty -echo <&9
base64 -d <&9 > /run/stdin 2> /dev/null &
exec 9<&-
: > /run/simdrive/listens
cat < /run/stdout > /run/simdrive/stdout &
out=$!
cat < /run/stderr > /run/simdrive/stderr &
err=$!
/bin/sh /run/simdrive/program < /run/stdin > /run/stdout 2> /run/stderr
status=$?
tries=0
while [ "$tries" -lt 40 ] && { [ -d "/proc/$out" ] || [ -d "/proc/$err" ]; }; do
  tries=$((tries + 1))
  sleep 0.05
done
sync
echo "$status" > /run/simdrive/status
switch_off
)";

bool lies_in(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

bool can_be_writable(const std::string& working_folder) {
  constexpr std::array kOfTheKernel{"/proc", "/sys", "/dev"};
  return working_folder != "/" && std::ranges::none_of(kOfTheKernel, [&](const char* folder) {
           return lies_in(working_folder, folder);
         });
}

std::string init_script(const StartOptions& options) {
  std::string script(kBeginning);
  script += fmt::format("mount -t hostfs -o {} hostfs /run/simdrive\n", quoted(options.folder));
  script += kSurroundings;
  script += fmt::format(
      "release=$(uname -r)\n"
      "ln -s {}/\"$release\" \"/run/modules/lib/modules/$release\"\n",
      quoted(options.modules));
  const std::string folder = quoted(options.program.working_folder);
  if (can_be_writable(options.program.working_folder))
    script += fmt::format(
        "mkdir -p {0}\n"
        "mount -t hostfs -o {0} hostfs {0} || give_up 'the working folder cannot be mounted'\n",
        folder);
  script += kDrivers;
  script += kRun;
  return script;
}

std::string program_script(const Program& program) {
  std::string script = fmt::format("cd {}\numask {:04o}\nexec /usr/bin/env -i --",
                                   quoted(program.working_folder), program.file_mode_mask);
  for (const std::string& variable : program.environment)
    if (variable.find('=') != std::string::npos) script += ' ' + quoted(variable);
  // env would take a program with such a name for one more variable.
  if (program.words.front().find('=') != std::string::npos) script += " /usr/bin/nice -n 0 --";
  for (const std::string& word : program.words) script += ' ' + quoted(word);
  return script + '\n';
}

}  // namespace simdrive::hosts::kernel
