#pragma once
#include <memory>

#include "volstorm/io/h5.h"
#include "volstorm/risk/book.h"

namespace volstorm {

/// The columns under /paths of a file, being written or read.
std::unique_ptr<PathResults> stored_results(const h5::File& file);

}  // namespace volstorm
