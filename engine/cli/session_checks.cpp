#include "engine/cli/session_checks.h"

#include <algorithm>
#include <array>

#include "engine/image/digest.h"
#include "engine/image/extract.h"
#include "engine/system/interrupt.h"

namespace pregroove::cli {
namespace {

std::unexpected<Error> mismatch() {
  return fail(ErrorCode::kVerification, "it does not match the checksum taken when it was burned",
              "Try another drive; if it says the same, take the file from another copy.");
}

template <typename Sum>
Result<Sum> sum_of(SessionView& view, Lba first, std::uint64_t bytes) {
  image::Digest<Sum> digest;
  const std::array extents{image::Extent{first, bytes}};
  PREGROOVE_RETURN_IF_ERROR(
      image::read_extents(view.reader(), extents, [&](std::span<const std::byte> data) {
        if (system::interrupt_requested()) return Status(fail(ErrorCode::kCancelled, "cancelled"));
        digest.update(data);
        return Status{};
      }));
  return digest.finish();
}

bool is_cancelled(const Status& status) {
  return !status && status.error().code == ErrorCode::kCancelled;
}

const image::OldExtents* content_of(const image::File& file) {
  const auto* old = std::get_if<image::OldExtents>(&file.content);
  return old == nullptr || old->extents.empty() ? nullptr : old;
}

}  // namespace

Status check_sum(const image::Sha256Sum& sum, const image::StoredChecksum& stored) {
  if (sum != stored.sum) return mismatch();
  if (!stored.whole)
    return fail(ErrorCode::kVerification,
                "it was not burned whole: the original changed or failed while it was read",
                "Burn the file again in another session.");
  return {};
}

Result<SessionChecks> SessionChecks::make(SessionView& view) {
  SessionChecks checks;
  const auto place = view.session().content.checksums;
  const Status checked = place ? checks.check_ours(view, *place) : checks.check_libisofs(view);
  if (is_cancelled(checked)) return std::unexpected(checked.error());
  return checks;
}

// What fails is noted; only a cancellation is handed on.
Status SessionChecks::check_ours(SessionView& view, image::ChecksumPlace place) {
  stored_ = image::StoredChecksums::read(view.reader(), place);
  if (stored_.problem()) failures_.push_back({"the stored checksums", *stored_.problem()});
  const image::StoredChecksum* folders = stored_.folders();
  if (folders == nullptr) return {};
  const auto sum = sum_of<image::Sha256Sum>(view, folders->lba, folders->bytes);
  const Status good = sum ? check_sum(*sum, *folders) : Status(std::unexpected(sum.error()));
  if (!good && !is_cancelled(good)) failures_.push_back({"the folders", good.error()});
  return good;
}

Status SessionChecks::check_libisofs(SessionView& view) {
  const auto& content = view.session().content;
  const Lba end = content.session_start + content.volume_size;
  const auto found = image::find_libisofs_sum(view.reader(), content.session_start, end);
  if (!found || !*found) return {};
  const image::LibisofsSum& range = **found;
  const auto sum = sum_of<image::Md5Sum>(view, range.first, range.blocks.bytes());
  if (sum && *sum == range.sum) {
    proven_ = range;
    return {};
  }
  const Status bad = sum ? Status(mismatch()) : Status(std::unexpected(sum.error()));
  if (!is_cancelled(bad)) failures_.push_back({"the session as a whole", bad.error()});
  return bad;
}

const image::StoredChecksum* SessionChecks::find(const image::File& file) const {
  const auto* content = content_of(file);
  return content == nullptr ? nullptr : stored_.find(content->extents.front().lba, file.size());
}

bool SessionChecks::is_proven(const image::File& file) const {
  const auto* content = content_of(file);
  if (content == nullptr || !proven_) return false;
  return std::ranges::all_of(content->extents, [this](const image::Extent& extent) {
    return extent.lba >= proven_->first &&
           extent.lba + blocks_for_bytes(extent.bytes) <= proven_->first + proven_->blocks;
  });
}

}  // namespace pregroove::cli
