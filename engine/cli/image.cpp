#include "engine/image/image.h"

#include <fmt/format.h>

#include "engine/cli/command.h"
#include "engine/cli/sources.h"
#include "engine/cli/text.h"
#include "engine/system/file.h"
#include "engine/system/interrupt.h"
#include "engine/system/system_clock.h"

namespace pregroove::cli {
namespace {

struct ImageCommand {
  std::string file;
  SourceOptions sources;
  std::string volume;
  bool force = false;
  bool json = false;
};

// A file that grows under a name of its own and gets the right one when it is complete.
class OutputFile {
 public:
  static Result<OutputFile> open(const std::string& path, bool force) {
    if (path == "-") {
      PREGROOVE_ASSIGN_OR_RETURN(auto file, system::File::create_or_truncate("/dev/stdout"));
      return OutputFile(std::move(file), {}, {});
    }
    if (!force && system::status_of(path, system::FollowLinks::kNo))
      return fail(ErrorCode::kAlreadyExists, fmt::format("\"{}\" exists already", path),
                  "Choose another name, or use --force.");
    const std::string partial = path + ".partial";
    PREGROOVE_ASSIGN_OR_RETURN(auto file, system::File::create_or_truncate(partial));
    return OutputFile(std::move(file), partial, path);
  }
  OutputFile(OutputFile&&) = default;
  OutputFile& operator=(OutputFile&&) = delete;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  // What is not complete does not stay; that it cannot be removed is not worth a second error.
  ~OutputFile() {
    if (file_.is_open() && !partial_.empty()) (void)system::remove_file(partial_);
  }

  Status append(std::span<const std::byte> data) { return file_.append(data); }
  Status complete() {
    if (!partial_.empty()) PREGROOVE_RETURN_IF_ERROR(system::rename_file(partial_, path_));
    file_ = {};
    return {};
  }

 private:
  OutputFile(system::File file, std::string partial, std::string path)
      : file_(std::move(file)), partial_(std::move(partial)), path_(std::move(path)) {}
  system::File file_;
  std::string partial_;
  std::string path_;
};

Result<image::Image> lay_out(ImageCommand& command) {
  PREGROOVE_ASSIGN_OR_RETURN(auto scanned, scan_sources(command.sources));
  print_warnings(scanned.warnings);
  return image::Image::create(
      std::move(scanned.tree),
      {.volume_id = command.volume, .created = system::current_time_or_source_date_epoch()});
}

Status copy_blocks(image::ImageReader& reader, OutputFile& output) {
  constexpr std::size_t kBufferSize = std::size_t{1} << 20U;
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
  for (const Error& problem : problems) fmt::print(stderr, "pregroove: {}\n", describe(problem));
  if (command.json) {
    nlohmann::json result = {{"file", command.file},
                             {"blocks", image.size().value},
                             {"volume", image.volume_id()},
                             {"problems", nlohmann::json::array()}};
    for (const Error& problem : problems) result["problems"].push_back(to_json(problem));
    print_json(result);
  } else if (command.file != "-") {
    fmt::print("{}: volume {}, {} blocks ({})\n", command.file, image.volume_id(),
               image.size().value, mebibytes(image.size()));
  }
  return problems.empty() ? kDone : kFailed;
}

int run_image(ImageCommand& command) {
  system::catch_interrupts();
  const auto image = lay_out(command);
  if (!image) return report(image.error(), command.json);
  auto output = OutputFile::open(command.file, command.force);
  if (!output) return report(output.error(), command.json);
  image::ImageReader reader(*image);
  if (const auto copied = copy_blocks(reader, *output); !copied)
    return report_as_failed(copied.error(), command.json);
  if (const auto done = output->complete(); !done)
    return report_as_failed(done.error(), command.json);
  return tell_result(command, *image, reader.problems());
}

}  // namespace

void add_image(CLI::App& app, Run& chosen) {
  auto* command =
      app.add_subcommand("image", "write the image of a disc's first session to a file");
  auto options = std::make_shared<ImageCommand>();
  command->add_option("FILE", options->file, "the image; - is standard output")->required();
  add_source_options(*command, options->sources);
  command->add_option("--volume", options->volume, "name of the disc, at most 16 characters");
  command->add_flag("--force", options->force, "replace an existing file");
  add_json_option(*command, options->json);
  command->callback([options, &chosen] { chosen = [options] { return run_image(*options); }; });
}

}  // namespace pregroove::cli
