#pragma once
#include "volstorm/io/h5.h"
#include "volstorm/risk/book.h"

namespace volstorm {

/// Writes every figure of a run: /summary, /groups, /layers, /realised, /convergence, /claims.
void write_figures(const BookRisk& risk, h5::File& file);

}  // namespace volstorm
