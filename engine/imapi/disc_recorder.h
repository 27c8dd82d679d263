// IDiscRecorder: one recorder (imapi.md 3.2, 4).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/imapi/properties.h"
#include "engine/imapi/recorder_provider.h"
#include "engine/imapi/result_codes.h"
#include "engine/medium/medium.h"

namespace pregroove::imapi {

class DiscMasterProgressEvents;

enum class RecorderType : std::uint32_t { RECORDER_CDR = 1, RECORDER_CDRW = 2 };
enum class RecorderState : std::uint32_t {
  RECORDER_DOING_NOTHING = 0,
  RECORDER_OPENED = 1,
  RECORDER_BURNING = 2,
};
enum class MediaType : std::uint32_t {
  kNoMedia = 0,
  MEDIA_CDDA_CDROM = 1,
  MEDIA_CD_ROM_XA = 2,
  MEDIA_CD_I = 3,
  MEDIA_CD_EXTRA = 4,
  MEDIA_CD_OTHER = 5,
  MEDIA_SPECIAL = 6,
};
// Bits of a mask.
inline constexpr std::uint32_t MEDIA_BLANK = 0x1;
inline constexpr std::uint32_t MEDIA_RW = 0x2;
inline constexpr std::uint32_t MEDIA_WRITABLE = 0x4;
inline constexpr std::uint32_t MEDIA_FORMAT_UNUSABLE_BY_IMAPI = 0x8;

struct MediaTypeAndFlags {
  MediaType type = MediaType::kNoMedia;
  std::uint32_t flags = 0;
};
struct MediaInfo {
  int sessions = 0;        // complete ones
  int last_track = 0;      // of the last complete session
  Lba start_address;       // of that track
  Lba next_writable;       // 0 on a closed disc
  BlockCount free_blocks;  // 0 on a closed disc
};
struct DisplayNames {
  std::string vendor;
  std::string product;
  std::string revision;
};

// A handle on a recorder; several may refer to the same one, and OpenExclusive arbitrates between
// them.
class DiscRecorder {
 public:
  // Not bound to a drive: every method answers IMAPI_E_NOTINITIALIZED.
  DiscRecorder();
  explicit DiscRecorder(std::shared_ptr<RecorderDevice> device);
  DiscRecorder(const DiscRecorder&) = delete;
  DiscRecorder& operator=(const DiscRecorder&) = delete;
  ~DiscRecorder();

  [[nodiscard]] Result<std::string> GetRecorderGUID();
  [[nodiscard]] Result<RecorderType> GetRecorderType();
  [[nodiscard]] Result<DisplayNames> GetDisplayNames();
  [[nodiscard]] Result<std::string> GetBasePnPID();
  [[nodiscard]] Result<std::string> GetPath();
  [[nodiscard]] Result<PropertySet> GetRecorderProperties();
  // S_OK, or IMAPI_S_PROPERTIESIGNORED when an entry was unknown or read-only.
  [[nodiscard]] Result<ResultCode> SetRecorderProperties(const PropertySet& properties);
  [[nodiscard]] Result<RecorderState> GetRecorderState();
  [[nodiscard]] Status OpenExclusive();
  [[nodiscard]] Result<MediaTypeAndFlags> QueryMediaType();
  [[nodiscard]] Result<MediaInfo> QueryMediaInfo();
  [[nodiscard]] Status Eject();
  // events: NotifyEraseComplete is sent when the erase was started; may be null.
  [[nodiscard]] Status Erase(bool full, DiscMasterProgressEvents* events = nullptr);
  [[nodiscard]] Status Close();

  // Beyond IMAPI.
  [[nodiscard]] std::shared_ptr<RecorderDevice> device() const;
  // The whole truth about the drive and the disc in it, as plain values.
  [[nodiscard]] Result<medium::MediumSnapshot> Inspect();

 private:
  friend class DiscMaster;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pregroove::imapi
