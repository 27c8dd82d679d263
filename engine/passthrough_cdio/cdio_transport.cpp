// The port over libcdio, which carries commands on Linux, the BSDs, macOS and Windows.
#include <cdio/cdio.h>
#include <cdio/logging.h>
#include <cdio/mmc.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <system_error>
#include <utility>

#include "engine/passthrough/host_drives.h"
#include "engine/passthrough_cdio/cdio_completion.h"

namespace pregroove::passthrough {
namespace {

struct CloseDrive {
  void operator()(CdIo_t* drive) const { cdio_destroy(drive); }
};
using OpenedDrive = std::unique_ptr<CdIo_t, CloseDrive>;

struct FreeSense {
  void operator()(cdio_mmc_request_sense_t* sense) const { std::free(sense); }
};

// The engine prints nothing, and neither do its libraries.
void be_quiet(cdio_log_level_t /*level*/, const char* /*message*/) {}

struct Phase {
  cdio_mmc_direction_t direction = SCSI_MMC_DATA_NONE;
  void* data = nullptr;
  std::size_t size = 0;  // bytes
};

Phase phase_of(const scsi::DataPhase& phase) {
  if (const auto* in = std::get_if<scsi::DataIn>(&phase)) {
    std::ranges::fill(in->buffer, std::byte{0});
    return {SCSI_MMC_DATA_READ, in->buffer.data(), in->buffer.size()};
  }
  if (const auto* out = std::get_if<scsi::DataOut>(&phase))
    // libcdio only reads from it; its interface has no const.
    return {SCSI_MMC_DATA_WRITE,
            const_cast<std::byte*>(out->buffer.data()),  // NOLINT(*-const-cast)
            out->buffer.size()};
  return {};
}

class CdioTransport final : public scsi::Transport {
 public:
  CdioTransport(OpenedDrive drive, std::string path)
      : drive_(std::move(drive)), path_(std::move(path)) {}

  [[nodiscard]] Result<scsi::Completion> execute(const scsi::Command& command) override {
    mmc_cdb_t cdb{};
    if (command.cdb.size() > std::size(cdb.field))
      return fail(ErrorCode::kUnsupported, "libcdio carries no command of more than 12 bytes");
    std::ranges::copy(std::as_bytes(command.cdb),
                      std::as_writable_bytes(std::span(cdb.field)).begin());
    const Phase phase = phase_of(command.data);
    const auto timeout = static_cast<unsigned>(std::clamp<std::chrono::milliseconds::rep>(
        command.timeout.count(), 1, std::numeric_limits<int>::max()));
    const int return_code =
        mmc_run_cmd_len(drive_.get(), timeout, &cdb, static_cast<unsigned>(command.cdb.size()),
                        phase.direction, static_cast<unsigned>(phase.size), phase.data);
    cdio_mmc_request_sense_t* taken = nullptr;
    const int sense_size =
        return_code == DRIVER_OP_SUCCESS ? 0 : mmc_last_cmd_sense(drive_.get(), &taken);
    const std::unique_ptr<cdio_mmc_request_sense_t, FreeSense> sense(taken);
    CdioOutcome outcome{.return_code = return_code, .requested = phase.size};
    if (sense && sense_size > 0)
      outcome.sense =
          std::as_bytes(std::span(sense.get(), 1))
              .first(std::min<std::size_t>(static_cast<std::size_t>(sense_size), sizeof(*sense)));
    return completion_of(outcome, path_);
  }

 private:
  OpenedDrive drive_;
  std::string path_;
};

std::unexpected<Error> open_failure(const std::string& path, int error_number) {
  const std::string what = error_number == 0
                               ? fmt::format("libcdio finds no drive at \"{}\"", path)
                               : fmt::format("libcdio cannot open \"{}\": {}", path,
                                             std::generic_category().message(error_number));
  switch (error_number) {
    case EACCES:
    case EPERM:
      return fail(ErrorCode::kAccessDenied, what, "Ask for permission to write to the device.");
    case EBUSY:
      return fail(ErrorCode::kBusy, what,
                  "Unmount the disc, and close the programs that use the drive.");
    default:
      return fail(ErrorCode::kNotFound, what, "See what is there with: pregroove drives");
  }
}

}  // namespace

Result<std::unique_ptr<scsi::Transport>> open_host_drive(const std::string& path) {
  cdio_log_set_handler(be_quiet);
  errno = 0;
  OpenedDrive drive(cdio_open_am(path.c_str(), DRIVER_DEVICE, "MMC_RDWR_EXCL"));
  if (!drive) return open_failure(path, errno);
  return std::make_unique<CdioTransport>(std::move(drive), path);
}

std::vector<std::string> list_host_drives() {
  cdio_log_set_handler(be_quiet);
  std::vector<std::string> drives;
  char** const list = cdio_get_devices(DRIVER_DEVICE);
  for (char** name = list; name != nullptr && *name != nullptr; ++name) drives.emplace_back(*name);
  cdio_free_device_list(list);
  return drives;
}

}  // namespace pregroove::passthrough
