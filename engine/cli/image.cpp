#include "engine/image/image.h"
#include "engine/cli/say.h"

#include <fmt/format.h>

#include "engine/cli/boot_options.h"
#include "engine/cli/command.h"
#include "engine/cli/format_options.h"
#include "engine/cli/share_option.h"
#include "engine/cli/sources.h"
#include "engine/cli/text.h"
#include "engine/system/file.h"
#include "engine/system/interrupt.h"
#include "engine/system/output_file.h"
#include "engine/system/system_clock.h"

namespace pregroove::cli {
namespace {

struct ImageCommand {
  std::string file;
  SourceOptions sources;
  FormatOptions formats;
  BootCommandOptions boot;
  std::string volume;
  bool checksums = false;
  bool share = false;
  bool force = false;
  bool json = false;
};

Result<image::Image> lay_out(ImageCommand& command) {
  PREGROOVE_ASSIGN_OR_RETURN(auto scanned,
                             scan_sources(command.sources, command.formats.special_files()));
  print_warnings(scanned.warnings);
  if (command.share) {
    PREGROOVE_ASSIGN_OR_RETURN(
        const auto counts, image::share_contents(scanned.tree, {}, share_options(command.boot)));
    print_warnings({in_words(counts)});
  }
  PREGROOVE_ASSIGN_OR_RETURN(auto partitions, command.boot.partitions());
  return image::Image::create(std::move(scanned.tree),
                              {.formats = command.formats.formats(),
                               .volume_id = command.volume,
                               .created = system::current_time_or_source_date_epoch(),
                               .boot = {.files = command.boot.files()},
                               .partitions = std::move(partitions),
                               .checksums = {.stored = command.checksums}});
}

Status copy_blocks(image::ImageReader& reader, system::File& output) {
  constexpr std::size_t kBufferSize = std::size_t{1} << 17U;  // stays in the processor's cache
  std::vector<std::byte> buffer(kBufferSize);
  for (;;) {
    if (system::interrupt_requested())
      return fail(ErrorCode::kCancelled, "cancelled; the image was not kept");
    PREGROOVE_ASSIGN_OR_RETURN(const std::size_t count, reader.read(buffer));
    if (count == 0) return {};
    PREGROOVE_RETURN_IF_ERROR(output.append(std::span(buffer).first(count)));
  }
}

int tell_result(const ImageCommand& command, const image::Image& image,
                const std::vector<Error>& problems) {
  print_warnings(image.warnings());
  for (const Error& problem : problems) say_aside("pregroove: {}\n", describe(problem));
  if (command.json) {
    nlohmann::json result = {{"file", command.file},
                             {"blocks", image.size().value},
                             {"volume", image.volume_id()},
                             {"problems", nlohmann::json::array()}};
    for (const Error& problem : problems) result["problems"].push_back(to_json(problem));
    print_json(result);
  } else if (command.file != "-") {
    say("{}: volume {}, {} blocks ({})\n", command.file, image.volume_id(), image.size().value,
        mebibytes(image.size()));
  }
  return problems.empty() ? kDone : kFailed;
}

int run_image(ImageCommand& command) {
  if (command.file == "-" && command.json)
    return report({.code = ErrorCode::kInvalidArgument,
                   .message = "the image and JSON cannot both go to standard output",
                   .advice = "Leave out --json, or name a file."},
                  false);
  system::catch_interrupts();
  const auto image = lay_out(command);
  if (!image) return report(image.error(), command.json);
  image::ImageReader reader(*image);
  if (command.file == "-") {
    auto output = system::File::standard_output();
    if (!output) return report(output.error(), command.json);
    if (const auto copied = copy_blocks(reader, *output); !copied)
      return report_as_failed(copied.error(), command.json);
  } else {
    auto output = system::OutputFile::create(
        command.file, command.force ? system::Replace::kYes : system::Replace::kNo);
    if (!output) return report(output.error(), command.json);
    auto done = copy_blocks(reader, output->file());
    if (done) done = output->complete();
    if (!done) return report_as_failed(done.error(), command.json);
  }
  return tell_result(command, *image, reader.problems());
}

}  // namespace

void add_image(CLI::App& app, Run& chosen) {
  auto* command =
      app.add_subcommand("image", "write the image of a disc's first session to a file");
  auto options = std::make_shared<ImageCommand>();
  command->add_option("FILE", options->file, "the image; - is standard output")->required();
  add_source_options(*command, options->sources);
  add_format_options(*command, options->formats);
  add_boot_options(*command, options->boot);
  add_partition_options(*command, options->boot);
  command->add_option("--volume", options->volume, "name of the disc, at most 16 characters");
  command->add_flag("--checksums", options->checksums,
                    "store the SHA-256 of every file, by which verify checks them later");
  add_share_option(*command, options->share);
  command->add_flag("--force", options->force, "replace an existing file");
  add_json_option(*command, options->json);
  command->callback([options, &chosen] { chosen = [options] { return run_image(*options); }; });
}

}  // namespace pregroove::cli
