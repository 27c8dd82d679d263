#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "engine/cli/say.h"
#include "engine/cli/session_checks.h"
#include "engine/cli/session_view.h"
#include "engine/cli/text.h"
#include "engine/image/digest.h"
#include "engine/image/extract.h"
#include "engine/image/scan.h"
#include "engine/system/file.h"
#include "engine/system/interrupt.h"

namespace pregroove::cli {
namespace {

struct VerifyCommand {
  SessionOptions session;
  std::string compare_with;  // a folder with the originals; empty: only read
};

// Compares what is read from the disc with the original, piece by piece.
class Comparison {
 public:
  static Result<Comparison> open(const std::string& path, std::uint64_t size_on_disc) {
    PREGROOVE_ASSIGN_OR_RETURN(auto file, system::File::open_for_reading(path));
    PREGROOVE_ASSIGN_OR_RETURN(const auto status, file.status());
    if (status.size != size_on_disc)
      return fail(ErrorCode::kVerification, fmt::format("\"{}\" has {} bytes, and {} on the disc",
                                                        path, status.size, size_on_disc));
    return Comparison(std::move(file));
  }
  Status check(std::span<const std::byte> data) {
    buffer_.resize(data.size());
    PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, original_.read_at(position_, buffer_));
    const auto [on_disc, here] = std::ranges::mismatch(data, std::span(buffer_).first(count));
    if (on_disc != data.end())
      return fail(
          ErrorCode::kVerification,
          fmt::format("\"{}\" differs from the disc at byte {}, counted from 0", original_.path(),
                      position_ + static_cast<std::uint64_t>(on_disc - data.begin())));
    position_ += data.size();
    return {};
  }

 private:
  explicit Comparison(system::File original) : original_(std::move(original)) {}
  system::File original_;
  std::vector<std::byte> buffer_;
  std::uint64_t position_ = 0;
};

system::FileKind kind_of(const image::SpecialFile& file) {
  switch (file.kind) {
    case image::SpecialKind::kCharacterDevice:
      return system::FileKind::kCharacterDevice;
    case image::SpecialKind::kBlockDevice:
      return system::FileKind::kBlockDevice;
    case image::SpecialKind::kPipe:
      return system::FileKind::kPipe;
    case image::SpecialKind::kSocket:
      return system::FileKind::kSocket;
  }
  return system::FileKind::kOther;
}

// What has no bytes is the same when it is the same kind of thing, and a link leads to the same.
Status verify_special(const ListedFile& listed, const std::string& original) {
  const auto differs = [&](std::string_view how) {
    return fail(ErrorCode::kVerification, fmt::format("\"{}\" {}", original, how));
  };
  if (const auto* link = std::get_if<image::SymbolicLink>(&listed.file->content)) {
    const auto target = system::link_target(original);
    if (!target) return differs("is no symbolic link, and is one on the disc");
    // Double slashes and one at the end are not kept.
    const bool same = std::filesystem::path(*target).lexically_normal() ==
                      std::filesystem::path(link->target).lexically_normal();
    return same ? Status{} : differs("leads elsewhere on the disc");
  }
  PREGROOVE_ASSIGN_OR_RETURN(const auto status,
                             system::status_of(original, system::FollowLinks::kNo));
  const auto& special = std::get<image::SpecialFile>(listed.file->content);
  return status.kind == kind_of(special) ? Status{} : differs("is something else on the disc");
}

Status verify_file(SessionView& view, const ListedFile& listed,
                   const image::StoredChecksum* checksum, const VerifyCommand& command) {
  if (listed.file->is_special())
    return command.compare_with.empty()
               ? Status{}
               : verify_special(listed, command.compare_with + listed.path);
  std::optional<Comparison> comparison;
  if (!command.compare_with.empty()) {
    PREGROOVE_ASSIGN_OR_RETURN(
        comparison, Comparison::open(command.compare_with + listed.path, listed.file->size()));
  }
  image::Digest<image::Sha256Sum> digest;
  PREGROOVE_RETURN_IF_ERROR(
      image::read_file(view.reader(), *listed.file, [&](std::span<const std::byte> data) {
        if (system::interrupt_requested()) return Status(fail(ErrorCode::kCancelled, "cancelled"));
        if (checksum != nullptr) digest.update(data);
        return comparison ? comparison->check(data) : Status{};
      }));
  return checksum == nullptr ? Status{} : check_sum(digest.finish(), *checksum);
}

// As the burn that made the session read its files, most likely.
image::SpecialFiles special_files_like(const SessionView& view) {
  return view.session().content.names == image::NameTree::kRockRidge
             ? image::SpecialFiles::kKeep
             : image::SpecialFiles::kFollowLinks;
}

// Originals that are not in the session at all.
Result<std::vector<std::string>> missing_files(const SessionView& view, const std::string& folder) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto originals,
                             image::scan({{.source = folder, .target = "/"}},
                                         {.special_files = special_files_like(view)}));
  std::vector<std::string> missing;
  originals.tree.walk([&](std::string_view path, const image::File&) {
    // A link to a folder may have been followed.
    if (view.tree().find_file(path) == nullptr && view.tree().find_directory(path) == nullptr)
      missing.emplace_back(path);
  });
  return missing;
}

// What was found out about a session.
struct Findings {
  std::size_t files = 0;
  std::size_t with_content = 0;
  std::size_t checked = 0;  // of these, with a checksum that was stored for them
  std::size_t matching = 0;
  std::uint64_t bytes = 0;
  nlohmann::json failures = nlohmann::json::array();
};

void add_failure(Findings& findings, const std::string& path, const Error& error, bool json) {
  if (!json) say_aside("pregroove: {}: {}\n", path, describe(error));
  findings.failures.push_back({{"path", path}, {"error", to_json(error)}});
}

// Fails only when it is cancelled.
Status verify_contents(SessionView& view, const VerifyCommand& command, Findings& findings) {
  const bool json = command.session.drive.json;
  PREGROOVE_ASSIGN_OR_RETURN(const auto checks, SessionChecks::make(view));
  for (const auto& [of, error] : checks.failures()) add_failure(findings, of, error, json);
  const auto files = files_by_address(view.tree());
  findings.files = files.size();
  for (const ListedFile& file : files) {
    findings.bytes += file.file->size();
    if (file.file->size() > 0) ++findings.with_content;
    const auto* const checksum = checks.find(*file.file);
    const bool proven = checks.is_proven(*file.file);
    if (checksum != nullptr || proven) ++findings.checked;
    // Nothing is read twice.
    const bool known = proven && command.compare_with.empty();
    const auto good = known ? Status{} : verify_file(view, file, checksum, command);
    if (good && (checksum != nullptr || proven)) ++findings.matching;
    if (good) continue;
    if (good.error().code == ErrorCode::kCancelled) return good;
    add_failure(findings, file.path, good.error(), json);
  }
  return {};
}

std::string about_checksums(const Findings& findings) {
  if (findings.checked == 0) return "no checksums were stored with them";
  return fmt::format("{} of {} with content match the checksums taken when they were burned",
                     findings.matching, findings.with_content);
}

void tell(const Findings& findings, const VerifyCommand& command, const SessionView& view) {
  const std::size_t failed = findings.failures.size();
  const std::size_t good = findings.files - std::min(findings.files, failed);
  const int session = view.session().number;
  if (command.session.drive.json) {
    print_json({{"session", session},
                {"good", good},
                {"checked", findings.checked},
                {"failures", findings.failures}});
    return;
  }
  say("session {}: {} of {} file(s) {} ({}); {}\n", session, good, findings.files,
      command.compare_with.empty() ? "can be read" : "are equal to the originals",
      mebibytes(blocks_for_bytes(findings.bytes)), about_checksums(findings));
}

int run_verify(const VerifyCommand& command) {
  const bool json = command.session.drive.json;
  auto view = SessionView::open(command.session);
  if (!view) return report(view.error(), json);
  if (!command.compare_with.empty()) {
    const auto originals = system::list_directory(command.compare_with);
    if (!originals) return report(originals.error(), json);
  }
  system::catch_interrupts();
  Findings findings;
  if (const auto done = verify_contents(**view, command, findings); !done)
    return report_as_failed(done.error(), json);
  if (!command.compare_with.empty()) {
    const auto missing = missing_files(**view, command.compare_with);
    if (!missing) return report(missing.error(), json);
    for (const std::string& path : *missing) {
      if (!json) say_aside("pregroove: {}: not on the disc\n", path);
      findings.failures.push_back({{"path", path}, {"missing", true}});
    }
  }
  tell(findings, command, **view);
  return findings.failures.empty() ? kDone : kFailed;
}

}  // namespace

void add_verify(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand(
      "verify",
      "read every file of a session, and compare it with the checksum that was stored with "
      "it");
  auto options = std::make_shared<VerifyCommand>();
  add_session_options(*command, options->session);
  command->add_option("--compare", options->compare_with,
                      "a folder with the originals, laid out as on the disc");
  command->callback([options, &chosen] { chosen = [options] { return run_verify(*options); }; });
}

}  // namespace pregroove::cli
