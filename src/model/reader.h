#pragma once
#include "volstorm/core/table.h"
#include "volstorm/model/parameters.h"

namespace volstorm {

/// Reads the keys of a `[pricing]` or `[physical]` table into `parameters`: a key that is absent leaves the value as it
/// is, a jump family is matched by its name, and a new family needs all its keys.
void read_parameters(const Table& table, Parameters& parameters);

/// Refuses parameters that are unstable or whose measures do not share sigma_v, sigma_m and rho; `place` is where the
/// error is put.
void check_measures(const Parameters& pricing, const Parameters& physical, const Table& place);

}  // namespace volstorm
