#include "simdrive/cli/commands.h"

#include <fmt/format.h>

#include <ostream>

#include "simdrive/cli/report.h"

namespace simdrive {
namespace {

using pregroove::Error;
using pregroove::ErrorCode;

// Refused means that nothing was written; the others say that something broke on the way.
ExitStatus status_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::kIo:
    case ErrorCode::kNoRoom:
      return ExitStatus::kFailed;
    default:
      return ExitStatus::kRefused;
  }
}

ExitStatus report(const Console& console, const Error& error) {
  if (console.json) {
    console.out << error_as_json(error).dump(2) << '\n';
  } else {
    console.err << "simdrive: " << pregroove::describe(error);
    if (!pregroove::describe(error).ends_with('\n')) console.err << '\n';
  }
  return status_for(error.code);
}

Error unknown_medium(const std::string& name) {
  Error error{.code = ErrorCode::kInvalidArgument,
              .message = fmt::format("there is no medium \"{}\"", name)};
  error.advice = "Choose one of:";
  for (const Medium& medium : all_media()) error.advice += fmt::format(" {}", medium.name);
  return error;
}

}  // namespace

ExitStatus run_media(const Console& console) {
  if (console.json)
    console.out << media_as_json().dump(2) << '\n';
  else
    console.out << media_as_text();
  return ExitStatus::kDone;
}

ExitStatus run_create(const Console& console, const std::string& path, const std::string& medium) {
  const Medium* const found = find_medium(medium);
  if (found == nullptr) {
    (void)report(console, unknown_medium(medium));
    return ExitStatus::kWrongUsage;
  }
  auto disc = Disc::create_file(path, *found);
  if (!disc) {
    Error error = std::move(disc).error();
    if (error.code == ErrorCode::kAlreadyExists)
      error.advice = "Choose another name, or remove the file.";
    return report(console, error);
  }
  if (console.json)
    console.out << disc_as_json(**disc).dump(2) << '\n';
  else
    console.out << fmt::format("{}: {}", path, disc_as_text(**disc));
  return ExitStatus::kDone;
}

ExitStatus run_info(const Console& console, const std::string& path) {
  const auto disc = Disc::open_file(path);
  if (!disc) return report(console, disc.error());
  if (console.json)
    console.out << disc_as_json(**disc).dump(2) << '\n';
  else
    console.out << fmt::format("{}: {}", path, disc_as_text(**disc));
  return ExitStatus::kDone;
}

ExitStatus run_export(const Console& console, const std::string& path, const std::string& image,
                      const ExportOptions& options) {
  const auto disc = Disc::open_file(path);
  if (!disc) return report(console, disc.error());
  const auto exported = export_image(**disc, image, options);
  if (!exported) return report(console, exported.error());
  if (console.json) {
    const nlohmann::ordered_json json = {{"image", image},
                                         {"session", exported->session},
                                         {"blocks", exported->blocks.value},
                                         {"descriptors_moved", exported->descriptors_moved}};
    console.out << json.dump(2) << '\n';
  } else {
    console.out << fmt::format("{}: session {}, {} blocks\n", image, exported->session,
                               exported->blocks.value);
  }
  return ExitStatus::kDone;
}

}  // namespace simdrive
