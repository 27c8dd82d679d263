#include "engine/plan/loss.h"

#include <fmt/format.h>

namespace pregroove::plan {
namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

BlockCount blocks_in(const medium::MediumSnapshot& disc) {
  BlockCount blocks;
  for (const medium::Session& session : disc.sessions)
    for (const medium::Track& track : session.tracks) blocks += track.size;
  return blocks;
}

}  // namespace

std::string loss_of(const medium::MediumSnapshot& disc) {
  if (disc.status == medium::DiscStatus::kOther)
    return "cannot be read, so that nobody knows what it holds";
  if (!disc.foreign_content.empty()) return "holds " + disc.foreign_content;
  if (disc.sessions.empty()) return {};
  const BlockCount blocks = blocks_in(disc);
  return fmt::format("holds {} session(s) with {} blocks ({:.1f} MiB)", disc.sessions.size(),
                     blocks.value, static_cast<double>(blocks.bytes()) / kMebibyte);
}

Status check_loss(const medium::MediumSnapshot& disc, bool consent, std::string_view doing) {
  const std::string loss = loss_of(disc);
  if (consent || loss.empty()) return {};
  return fail(ErrorCode::kWrongMedium,
              fmt::format("the disc {}, and {} would destroy it", loss, doing),
              "Add --yes if it may be lost, or insert another disc.");
}

std::string and_what_is_lost(const medium::MediumSnapshot& disc) {
  const std::string loss = loss_of(disc);
  return loss.empty() ? "" : fmt::format("; the disc {}, which is lost", loss);
}

}  // namespace pregroove::plan
