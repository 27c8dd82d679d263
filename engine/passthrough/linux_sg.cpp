#include "engine/passthrough/linux_sg.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/base/bytes.h"
#include "engine/system/file.h"

namespace pregroove::passthrough {
namespace {

constexpr std::size_t kSenseSize = 64;
// The driver status that only says "sense data is there" (Linux, SG_IO v3).
constexpr unsigned kDriverSense = 0x08;
constexpr unsigned kDriverStatusMask = 0x0F;

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
      return fail(ErrorCode::kBusy, what,
                  "Unmount the disc, and close the programs that use the drive.");
    default:
      return fail(ErrorCode::kIo, what);
  }
}

class LinuxSgTransport final : public scsi::Transport {
 public:
  LinuxSgTransport(int descriptor, std::string path, std::size_t max_transfer)
      : descriptor_(descriptor), path_(std::move(path)), max_transfer_(max_transfer) {}
  LinuxSgTransport(const LinuxSgTransport&) = delete;
  LinuxSgTransport& operator=(const LinuxSgTransport&) = delete;
  ~LinuxSgTransport() override { ::close(descriptor_); }

  [[nodiscard]] Result<scsi::Completion> execute(const scsi::Command& command) override;
  [[nodiscard]] std::size_t max_transfer_bytes() const override { return max_transfer_; }

 private:
  int descriptor_;
  std::string path_;
  std::size_t max_transfer_;
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
  request.timeout = static_cast<unsigned>(command.timeout.count());
  set_data_phase(request, command.data);

  if (::ioctl(descriptor_, SG_IO, &request) != 0) {
    const int error_number = errno;
    return fail(ErrorCode::kTransport, fmt::format("the exchange with \"{}\" failed: {}", path_,
                                                   std::generic_category().message(error_number)));
  }
  const unsigned driver_status = request.driver_status & kDriverStatusMask;
  if (request.host_status != 0 || (driver_status != 0 && driver_status != kDriverSense))
    return fail(
        ErrorCode::kTransport,
        fmt::format("the exchange with \"{}\" failed (host status {:02X}h, driver status {:02X}h)",
                    path_, request.host_status, request.driver_status));
  scsi::Completion completion;
  completion.status = static_cast<scsi::ScsiStatus>(request.status);
  const auto residual = static_cast<unsigned>(std::max(request.resid, 0));
  completion.bytes_transferred = request.dxfer_len - std::min(residual, request.dxfer_len);
  if (completion.status == scsi::ScsiStatus::kCheckCondition) {
    const auto length = std::min<std::size_t>(request.sb_len_wr, sense.size());
    completion.sense = scsi::decode_sense(std::span(sense).first(length));
    if (!completion.sense)
      return fail(ErrorCode::kTransport, fmt::format("\"{}\" gave no readable sense data", path_));
  }
  return completion;
}

}  // namespace

Result<std::unique_ptr<scsi::Transport>> open_linux_device(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_EXCL | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return open_failure(path, errno);
  int version = 0;
  constexpr int kSgVersion3 = 30000;
  if (::ioctl(descriptor, SG_GET_VERSION_NUM, &version) != 0 || version < kSgVersion3) {
    ::close(descriptor);
    return fail(ErrorCode::kUnsupported, fmt::format("\"{}\" is not a SCSI device", path),
                "Name an optical drive such as /dev/sr0, or a simulated one: sim:FILE");
  }
  // What a single command may carry is the kernel's to say; 64 KiB is what every host adapter
  // takes.
  constexpr int kWantedTransfer = 64 * 1024;
  int reserved = 0;
  if (::ioctl(descriptor, SG_GET_RESERVED_SIZE, &reserved) != 0 || reserved <= 0)
    reserved = kWantedTransfer;
  const int transfer = std::clamp(reserved, static_cast<int>(kBlockSize), kWantedTransfer);
  return std::make_unique<LinuxSgTransport>(descriptor, path, static_cast<std::size_t>(transfer));
}

std::vector<std::string> list_linux_devices() {
  std::vector<std::string> devices;
  const auto names = system::list_directory("/sys/block");
  if (!names) return devices;
  for (const std::string& name : *names)
    if (name.starts_with("sr")) devices.push_back("/dev/" + name);
  return devices;
}

}  // namespace pregroove::passthrough
