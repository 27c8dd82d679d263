#include "engine/passthrough/linux_sg.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <system_error>
#include <utility>

#include "engine/base/bytes.h"
#include "engine/passthrough/linux_devices.h"
#include "engine/passthrough/sg_completion.h"
#include "engine/passthrough/system_tables.h"

namespace pregroove::passthrough {
namespace {

constexpr std::size_t kSenseSize = 64;
// Every host adapter takes 64 KiB; 128 KiB failed on some (libburn).
constexpr std::size_t kWantedTransfer = std::size_t{64} * 1024;

std::unexpected<Error> mounted(const std::string& path, const std::string& mount_point) {
  return fail(ErrorCode::kBusy,
              fmt::format(R"(the disc in "{}" is mounted at "{}")", path, mount_point),
              fmt::format(R"(Unmount it first: umount "{}")", mount_point));
}

std::unexpected<Error> open_failure(const std::string& path, int error_number) {
  const std::string what =
      fmt::format("cannot open \"{}\": {}", path, std::generic_category().message(error_number));
  switch (error_number) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return fail(ErrorCode::kNotFound, what, "See what is there with: pregroove drives");
    case EACCES:
    case EPERM:
      return fail(ErrorCode::kAccessDenied, what,
                  "Ask for membership in the group that owns the device (often cdrom).");
    case EBUSY:
      if (const auto device = block_device_of(path))
        if (const auto mount_point = mount_point_of(*device)) return mounted(path, *mount_point);
      return fail(ErrorCode::kBusy, what, "Close the programs that use the drive.");
    default:
      return fail(ErrorCode::kIo, what);
  }
}

// Keeps signals away from this thread. The kernel's sg driver stops waiting for a command when a
// signal arrives and leaves it running; the call that is then restarted would send it twice.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

class LinuxSgTransport final : public scsi::Transport {
 public:
  LinuxSgTransport(int descriptor, std::string path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  LinuxSgTransport(const LinuxSgTransport&) = delete;
  LinuxSgTransport& operator=(const LinuxSgTransport&) = delete;
  ~LinuxSgTransport() override { ::close(descriptor_); }

  [[nodiscard]] Result<scsi::Completion> execute(const scsi::Command& command) override;
  [[nodiscard]] std::size_t max_transfer_bytes() const override { return max_transfer_; }
  void set_max_transfer(std::size_t bytes) { max_transfer_ = bytes; }

 private:
  // 0, or why the call failed.
  int send(sg_io_hdr& request) const {
    const SignalsHeld held;
    return ::ioctl(descriptor_, SG_IO, &request) == 0 ? 0 : errno;
  }

  int descriptor_;
  std::string path_;
  std::size_t max_transfer_ = kBlockSize;
};

void set_data_phase(sg_io_hdr& request, const scsi::DataPhase& phase) {
  request.dxfer_direction = SG_DXFER_NONE;
  if (const auto* in = std::get_if<scsi::DataIn>(&phase)) {
    request.dxfer_direction = SG_DXFER_FROM_DEV;
    request.dxferp = in->buffer.data();
    request.dxfer_len = static_cast<unsigned>(in->buffer.size());
  } else if (const auto* out = std::get_if<scsi::DataOut>(&phase)) {
    request.dxfer_direction = SG_DXFER_TO_DEV;
    // The kernel only reads from it; the interface has no const.
    request.dxferp = const_cast<std::byte*>(out->buffer.data());  // NOLINT(*-const-cast)
    request.dxfer_len = static_cast<unsigned>(out->buffer.size());
  }
}

Result<scsi::Completion> LinuxSgTransport::execute(const scsi::Command& command) {
  std::array<std::byte, kSenseSize> sense{};
  std::array<std::byte, 16> cdb{};
  if (command.cdb.size() > cdb.size())
    return fail(ErrorCode::kInvalidArgument, "a command descriptor block of more than 16 bytes");
  std::ranges::copy(command.cdb.first(std::min(command.cdb.size(), cdb.size())), cdb.begin());
  sg_io_hdr request{};
  request.interface_id = 'S';
  request.cmd_len = static_cast<unsigned char>(command.cdb.size());
  request.cmdp = reinterpret_cast<unsigned char*>(cdb.data());  // NOLINT(*-reinterpret-cast)
  request.mx_sb_len = kSenseSize;
  request.sbp = reinterpret_cast<unsigned char*>(sense.data());  // NOLINT(*-reinterpret-cast)
  request.timeout = static_cast<unsigned>(std::clamp<std::chrono::milliseconds::rep>(
      command.timeout.count(), 1, std::numeric_limits<int>::max()));
  set_data_phase(request, command.data);

  if (const int error_number = send(request))
    return std::unexpected(exchange_error(error_number, path_));
  return completion_of(
      {.status = request.status,
       .host_status = request.host_status,
       .driver_status = request.driver_status,
       .residual = request.resid,
       .requested = request.dxfer_len,
       .sense = std::span(sense).first(std::min<std::size_t>(request.sb_len_wr, sense.size()))},
      path_);
}

std::size_t reserved_size(int descriptor) {
  int size = kWantedTransfer;
  ::ioctl(descriptor, SG_SET_RESERVED_SIZE, &size);  // a wish: what came of it is asked for
  return ::ioctl(descriptor, SG_GET_RESERVED_SIZE, &size) == 0 && size > 0
             ? static_cast<std::size_t>(size)
             : 0;
}

bool takes_scsi_commands(int descriptor) {
  constexpr int kSgVersion3 = 30000;
  int version = 0;
  return ::ioctl(descriptor, SG_GET_VERSION_NUM, &version) == 0 && version >= kSgVersion3;
}

}  // namespace

Result<std::unique_ptr<scsi::Transport>> open_linux_device(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_EXCL | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return open_failure(path, errno);
  auto transport = std::make_unique<LinuxSgTransport>(descriptor, path);
  if (!takes_scsi_commands(descriptor))
    return fail(ErrorCode::kUnsupported, fmt::format("\"{}\" is not a SCSI device", path),
                "Name an optical drive such as /dev/sr0, or a simulated one: sim:FILE");
  const auto device = block_device_of(descriptor);
  // A mount keeps /dev/sr0 from being opened for oneself, but not /dev/sg0.
  if (device)
    if (const auto mount_point = mount_point_of(*device)) return mounted(path, *mount_point);
  transport->set_max_transfer(transfer_limit({.wanted = kWantedTransfer,
                                              .reserved = reserved_size(descriptor),
                                              .queue = device ? queue_limit_of(*device) : 0}));
  return transport;
}

}  // namespace pregroove::passthrough
