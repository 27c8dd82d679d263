// IJolietDiscMaster: what will be on a data disc (imapi.md 3.3).
//
// The stage is a file tree, not a copy of the files: they are read when the disc is recorded. In
// multi-session mode the tree of the last session is part of the stage from the start.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/image/el_torito.h"
#include "engine/image/tree.h"
#include "engine/image/update.h"
#include "engine/imapi/properties.h"
#include "engine/imapi/result_codes.h"

namespace pregroove::imapi {

class DiscMaster;

class JolietDiscMaster {
 public:
  explicit JolietDiscMaster(DiscMaster& master) : master_(master) {}
  JolietDiscMaster(const JolietDiscMaster&) = delete;
  JolietDiscMaster& operator=(const JolietDiscMaster&) = delete;

  // Blocks that the image may have at the most, by the real costs of the disc.
  [[nodiscard]] Result<BlockCount> GetTotalDataBlocks();
  // Blocks that the image has now: descriptors, folders (also imported ones), new files, padding.
  [[nodiscard]] Result<BlockCount> GetUsedDataBlocks();
  [[nodiscard]] Result<std::uint32_t> GetDataBlockSize();
  // Merges the tree into the root of the image: all or nothing.
  [[nodiscard]] Status AddData(image::Tree root, bool overwrite);
  // Ours: a file or folder of the stage, one of an earlier session, too, is not in the next one.
  // May be called where AddData may, as all that follow.
  [[nodiscard]] Status Remove(std::string_view path);
  // Ours: it is there under another path, and costs no data.
  [[nodiscard]] Status Rename(std::string_view from, std::string_view to);
  // Ours: the next session carries on from this one, and not from the newest. Takes everything else
  // out of the stage.
  [[nodiscard]] Status TakeOverSession(int number);
  // Ours, by the names of IMAPI v2's IFileSystemImage: the stage can come back to what it is now. A
  // change point is known by its number, from 1 on, until another session or recorder is selected,
  // or an earlier change point was gone back to. E_INVALIDARG.
  [[nodiscard]] Result<int> LockInChangePoint();
  [[nodiscard]] Status RollbackToChangePoint(int change_point);
  // Ours, before AddData: what of the tree is on the disc already, and still in the stage, will
  // cost no data (image/update.h). mirrored: folders of the stage in which only what the tree has
  // shall stay; the rest is taken out at once. May be called where AddData may.
  [[nodiscard]] Result<image::UpdateCounts> KeepUnchanged(
      image::Tree& root, const std::vector<std::string>& mirrored = {});
  // Ours, before AddData: files with the same bytes, in the tree and on the disc, will share them.
  [[nodiscard]] Result<image::ShareCounts> ShareContents(image::Tree& root,
                                                         const image::ShareOptions& options = {});
  [[nodiscard]] Result<PropertySet> GetJolietProperties();
  [[nodiscard]] Result<ResultCode> SetJolietProperties(const PropertySet& properties);
  // Ours: files of the stage that the disc shall boot; none again with an empty list. They are
  // looked for at RecordDisc, which refuses them on a disc that is not blank
  // (IMAPI_E_BOOTIMAGE_AND_NONBLANK_DISC). May be called where SetJolietProperties may.
  [[nodiscard]] Status SetBootFiles(std::vector<image::BootFile> files);

 private:
  // Of all sessions that the disc's next one carries on from.
  [[nodiscard]] image::StoredChecksums stored_checksums();
  DiscMaster& master_;
};

}  // namespace pregroove::imapi
