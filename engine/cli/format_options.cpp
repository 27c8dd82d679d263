#include "engine/cli/format_options.h"

#include <map>

#include "engine/image/names.h"

namespace pregroove::cli {
namespace {

const std::map<std::string, image::UdfAlone> kUdfRevisions = {{"2.01", image::UdfAlone::k201},
                                                              {"2.50", image::UdfAlone::k250}};

}  // namespace

void add_format_options(CLI::App& command, FormatOptions& options) {
  command.add_flag("--no-rock-ridge", options.no_rock_ridge,
                   "no POSIX names, owners, permissions and links; links are then followed");
  command.add_flag("--no-joliet", options.no_joliet, "no names for Windows");
  command.add_flag("--joliet-long", options.long_joliet_names,
                   "Joliet names of up to 103 characters instead of 64");
  auto* udf =
      command.add_flag("--udf", options.udf,
                       "UDF 1.02 beside it, in the first session of a disc: files of any size for "
                       "every system");
  command
      .add_option("--udf-only", options.udf_alone,
                  "2.01 or 2.50 (with a metadata partition): UDF of this revision on a blank disc, "
                  "and nothing beside it; no session can be added to such a disc")
      ->transform(CLI::CheckedTransformer(kUdfRevisions))
      ->option_text("REVISION")
      ->excludes(udf);
  command
      .add_option(
          "--iso-level", options.iso_level,
          "of the plain names: 1 (as DOS had them), 2, 3 (files of any size; the default) or "
          "4 (ISO 9660:1999: as they are)")
      ->check(CLI::Range(1, 4));
  command.add_flag("--follow-links", options.follow_links,
                   "store what symbolic links lead to instead of the links");
}

image::ImageFormats FormatOptions::formats() const {
  return {.joliet = !no_joliet,
          .rock_ridge = !no_rock_ridge,
          .udf = udf,
          .udf_alone = udf_alone,
          .iso_level = static_cast<image::IsoLevel>(iso_level),
          .joliet_units_max =
              long_joliet_names ? image::kJolietLongNameUnitsMax : image::kJolietNameUnitsMax};
}

image::SpecialFiles FormatOptions::special_files() const {
  if (no_rock_ridge) return image::SpecialFiles::kFollowLinks;
  return follow_links ? image::SpecialFiles::kKeepAndFollowLinks : image::SpecialFiles::kKeep;
}

}  // namespace pregroove::cli
