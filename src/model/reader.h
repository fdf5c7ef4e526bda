#pragma once
#include "volstorm/core/table.h"
#include "volstorm/model/overrides.h"
#include "volstorm/model/parameters.h"

namespace volstorm {

/// The keys of a `[pricing]` or `[physical]` table. A family that is not among those `known` needs all its keys.
ParameterOverrides read_overrides(const Table& table, const std::vector<JumpFamily>& known);

/// The same, applied to `parameters`: a key that is absent leaves its value as it is.
void read_parameters(const Table& table, Parameters& parameters);

/// Refuses parameters that are unstable or whose measures do not share sigma_v, sigma_m and rho; `place` is where the
/// error is put.
void check_measures(const Parameters& pricing, const Parameters& physical, const Table& place);

}  // namespace volstorm
