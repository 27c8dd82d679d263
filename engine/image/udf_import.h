// Reads the file tree of a UDF volume that is on a disc already, for whoever wants its files: no
// session of ours carries on from it.
#pragma once

#include <cstdint>
#include <string>

#include "engine/image/import.h"

namespace pregroove::image {

// UDF 1.02 to 2.60: partitions that are physical, sparable or virtual, with a metadata partition.
// Every file of the tree has OldExtents, holes (kHole) among them, or Memory where the volume keeps
// its few bytes beside its attributes. What cannot be kept is told in left_out, and that metadata
// had to be read from its mirror. As untrusted as in
// import_session. options.medium_end is needed: it is where UDF begins to look.
// kNotFound: no UDF volume there.
[[nodiscard]] Result<Imported> import_udf(BlockReader& reader, Lba session_start,
                                          const ImportOptions& options);

// What the volume says of itself; its tree is not read. Fails as import_udf().
struct UdfIdentity {
  std::uint16_t revision = 0;  // as 0x0250 for 2.50
  std::string volume_id;       // UTF-8
};
[[nodiscard]] Result<UdfIdentity> identify_udf(BlockReader& reader, Lba session_start,
                                               const ImportOptions& options);
// "2.50"
[[nodiscard]] std::string udf_revision_in_words(std::uint16_t revision);

}  // namespace pregroove::image
