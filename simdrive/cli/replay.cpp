#include "simdrive/hosts/transcripts/replay.h"

#include <fmt/format.h>

#include <ostream>

#include "simdrive/cli/report.h"
#include "simdrive/cli/serve.h"

namespace simdrive {
namespace {

using hosts::transcripts::ReplayReport;
using nlohmann::ordered_json;

ordered_json as_json(const ReplayReport& report) {
  ordered_json json = {{"same", !report.difference},
                       {"commands", report.commands},
                       {"replaced_writes", report.replaced_writes},
                       {"uncompared_reads", report.uncompared_reads},
                       {"cut_off", report.cut_off}};
  if (report.difference)
    json["difference"] = {{"line", report.difference->line},
                          {"command", report.difference->command},
                          {"expected", report.difference->expected},
                          {"actual", report.difference->actual}};
  return json;
}

std::string as_lines(const ReplayReport& report, const std::string& transcript) {
  std::string lines;
  if (report.difference)
    lines = fmt::format("{}:{}: {}\n  expected: {}\n  actual:   {}\n", transcript,
                        report.difference->line, report.difference->command,
                        report.difference->expected, report.difference->actual);
  else
    lines = fmt::format("the same: {} commands\n", report.commands);
  if (report.replaced_writes > 0)
    lines += fmt::format(
        "  {} WRITEs had their data replaced, as the transcript has only hashes; so the data of {} "
        "READs was not compared\n",
        report.replaced_writes, report.uncompared_reads);
  if (report.cut_off) lines += "  the transcript ends in the middle of a line\n";
  return lines;
}

}  // namespace

ExitStatus run_replay(const Console& console, const std::string& transcript,
                      const std::vector<std::string>& discs,
                      const std::optional<std::string>& personality) {
  hosts::transcripts::ReplayOptions options{.discs = discs};
  if (personality) {
    auto found = find_personality(personality);
    if (!found) return report(console, found.error());
    options.personality = *std::move(found);
  }
  const auto replayed = hosts::transcripts::replay(transcript, options);
  if (!replayed)
    return replayed.error().code == pregroove::ErrorCode::kInvalidArgument
               ? report_wrong_usage(console, replayed.error())
               : report(console, replayed.error());
  console.out << (console.json ? as_text(as_json(*replayed)) + '\n'
                               : as_lines(*replayed, transcript));
  return replayed->difference ? ExitStatus::kFailed : ExitStatus::kDone;
}

}  // namespace simdrive
