#include "simdrive/cli/commands.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <ostream>
#include <system_error>

#include "simdrive/cli/disc_states.h"
#include "simdrive/cli/image_pressing.h"
#include "simdrive/cli/report.h"
#include "simdrive/profiles/built_in.h"
#include "simdrive/profiles/personality_file.h"

namespace simdrive {
namespace {

using pregroove::Error;
using pregroove::ErrorCode;
using pregroove::Result;

Error unknown_medium(const std::string& name) {
  Error error{.code = ErrorCode::kInvalidArgument,
              .message = fmt::format("there is no medium \"{}\"", name)};
  error.advice = "Choose one of:";
  for (const Medium& medium : all_media()) error.advice += fmt::format(" {}", medium.name);
  return error;
}

ExitStatus report(const Console& console, const std::string& path, const Disc& disc) {
  if (console.json)
    console.out << as_text(disc_as_json(disc)) << '\n';
  else
    console.out << fmt::format("{}: {}", path, disc_as_text(disc));
  return ExitStatus::kDone;
}

Result<std::unique_ptr<Disc>> create_recordable(const std::string& path, const Medium& medium,
                                                const CreateOptions& options) {
  const std::string state = options.state.value_or(states_of(medium.kind).front());
  PREGROOVE_ASSIGN_OR_RETURN(Layout layout, layout_in_state(medium, state));
  return Disc::create_file(path, std::move(layout));
}

std::optional<Error> misfit(const Medium& medium, const CreateOptions& options) {
  if (medium.pressed() && options.state)
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = fmt::format("a {} has no states", name_of(medium.kind)),
                 .advice = "Leave --state out."};
  if (medium.pressed() && !options.image)
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = fmt::format("a {} is pressed from an image", name_of(medium.kind)),
                 .advice = "Name one with --image."};
  if (!medium.pressed() && options.image)
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = fmt::format("a {} is not pressed", name_of(medium.kind)),
                 .advice = "Leave --image out, and burn the image onto the disc."};
  return std::nullopt;
}

std::optional<std::int32_t> number_in(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<Extent> extent_in(const std::string& text, const Layout& layout) {
  const auto dash = text.find('-', 1);
  const auto first = number_in(std::string_view(text).substr(0, dash));
  const auto last =
      dash == std::string::npos ? first : number_in(std::string_view(text).substr(dash + 1));
  const Extent all = layout.addresses();
  if (!first || !last || Lba{*first} < all.start || *last < *first || Lba{*last} >= all.end)
    return pregroove::fail(ErrorCode::kInvalidArgument,
                           fmt::format("\"{}\" is no range of blocks of the disc", text),
                           fmt::format("Give one as FIRST or FIRST-LAST, from {} to {}.",
                                       all.start.value, all.end.value - 1));
  return Extent{Lba{*first}, Lba{*last} + BlockCount{1}};
}

Result<Layout> damaged(Layout layout, const DamageOptions& options) {
  if (options.repair) layout.remove_damage();
  for (const std::string& text : options.blocks) {
    PREGROOVE_ASSIGN_OR_RETURN(const Extent blocks, extent_in(text, layout));
    layout.damage_blocks(blocks);
  }
  for (const int number : options.tracks) {
    if (layout.track(number) == nullptr)
      return pregroove::fail(ErrorCode::kNotFound, fmt::format("the disc has no track {}", number),
                             "\"simdrive info\" lists the tracks.");
    layout.damage_track(number);
  }
  return layout;
}

}  // namespace

ExitStatus run_media(const Console& console) {
  if (console.json)
    console.out << as_text(media_as_json()) << '\n';
  else
    console.out << media_as_text();
  return ExitStatus::kDone;
}

ExitStatus run_personality(const Console& console, const std::optional<std::string>& name) {
  if (!name) {
    console.out << (console.json ? as_text(personalities_as_json()) + '\n'
                                 : personalities_as_text());
    return ExitStatus::kDone;
  }
  if (const profiles::Personality* built_in = profiles::find_personality(*name)) {
    console.out << profiles::to_json(*built_in);
    return ExitStatus::kDone;
  }
  const auto loaded = profiles::load_personality(*name);
  if (!loaded) return report(console, loaded.error());
  console.out << profiles::to_json(*loaded);
  return ExitStatus::kDone;
}

ExitStatus run_create(const Console& console, const std::string& path,
                      const CreateOptions& options) {
  const Medium* const medium = find_medium(options.medium);
  if (medium == nullptr) return report_wrong_usage(console, unknown_medium(options.medium));
  if (auto error = misfit(*medium, options)) return report_wrong_usage(console, *std::move(error));
  auto disc = medium->pressed() ? press_image(path, *medium, *options.image)
                                : create_recordable(path, *medium, options);
  if (disc) return report(console, path, **disc);
  Error error = std::move(disc).error();
  if (error.code == ErrorCode::kInvalidArgument)
    return report_wrong_usage(console, std::move(error));
  if (error.code == ErrorCode::kAlreadyExists)
    error.advice = "Choose another name, or remove the file.";
  return report(console, error);
}

ExitStatus run_info(const Console& console, const std::string& path) {
  const auto disc = Disc::open_file(path, Access::kReadOnly);
  if (!disc) return report(console, disc.error());
  return report(console, path, **disc);
}

ExitStatus run_damage(const Console& console, const std::string& path,
                      const DamageOptions& options) {
  if (!options.repair && options.blocks.empty() && options.tracks.empty())
    return report_wrong_usage(console, {.code = ErrorCode::kInvalidArgument,
                                        .message = "nothing to damage was named",
                                        .advice = "Give --blocks, --track or --repair."});
  const auto disc = Disc::open_file(path);
  if (!disc) return report(console, disc.error());
  auto next = damaged((*disc)->layout(), options);
  if (!next) return report(console, next.error());
  if (auto saved = (*disc)->commit(*std::move(next)); !saved) return report(console, saved.error());
  return report(console, path, **disc);
}

ExitStatus run_export(const Console& console, const std::string& path, const std::string& image,
                      const ExportOptions& options) {
  std::error_code ignored;
  if (std::filesystem::equivalent(path, image, ignored))
    return report(console, {.code = ErrorCode::kInvalidArgument,
                            .message = fmt::format("\"{}\" is the disc itself", image),
                            .advice = "Choose another name for the image."});
  const auto disc = Disc::open_file(path, Access::kReadOnly);
  if (!disc) return report(console, disc.error());
  const auto exported = export_image(**disc, image, options);
  if (!exported) return report(console, exported.error());
  if (console.json) {
    const nlohmann::ordered_json json = {{"image", image},
                                         {"session", exported->session},
                                         {"blocks", exported->blocks.value},
                                         {"descriptors_moved", exported->descriptors_moved}};
    console.out << as_text(json) << '\n';
  } else {
    const std::string what =
        exported->session > 0 ? fmt::format("session {}, ", exported->session) : "";
    console.out << fmt::format("{}: {}{} blocks\n", image, what, exported->blocks.value);
  }
  return ExitStatus::kDone;
}

}  // namespace simdrive
