// The checksum of a file on disk. Private to engine/image.
#pragma once

#include <functional>

#include "engine/base/error.h"
#include "engine/image/digest.h"
#include "engine/image/tree.h"

namespace pregroove::image {

// kSourceChanged when the file is no longer as long as it was.
[[nodiscard]] Result<Sha256Sum> sum_of_source(const SourceFile& source,
                                              const std::function<bool()>& cancelled = nullptr);

}  // namespace pregroove::image
