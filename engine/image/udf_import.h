// Reads the file tree of a UDF volume that is on a disc already, for whoever wants its files: no
// session of ours carries on from it.
#pragma once

#include "engine/image/import.h"

namespace pregroove::image {

// UDF 1.02 to 2.60: partitions that are physical, sparable or virtual, with a metadata partition.
// Every file of the tree has OldExtents, holes (kHole) among them, or Memory where the volume keeps
// its few bytes beside its attributes. What cannot be kept is told in left_out. As untrusted as in
// import_session. options.medium_end is needed: it is where UDF begins to look.
// kNotFound: no UDF volume there.
[[nodiscard]] Result<Imported> import_udf(BlockReader& reader, Lba session_start,
                                          const ImportOptions& options);

}  // namespace pregroove::image
