#pragma once
#include <optional>
#include <string>
#include <vector>

#include "volstorm/core/table.h"
#include "volstorm/model/overrides.h"
#include "volstorm/model/parameters.h"

namespace volstorm {

/// How a VIX option is marked after VIX has moved: with the day's parameters as they are, or with its implied vol
/// raised by vvix_beta ln(VIX_t / what the entry expects of VIX_t), as VVIX rises in the market.
enum class VixMark { frozen, vvix };

/// Parameters of both measures, fitted at one level of VIX (none: they are not scaled).
struct Anchor {
    std::string name;
    std::optional<double> reference_vix;
    Parameters pricing;  // risk-neutral
    Parameters physical;
    bool has_own_physical = false;  // else the pricing parameters serve for both
};

/// The state where VIX alone is quoted: sqrt(v) = ratio (VIX / 20)^exponent VIX / 100, m from VIX.
struct StateRule {
    double ratio = 0.74;
    double exponent = 0.32;
    double dispersion = 0.0;  // sd of ln sqrt(v) around it from one day to another: for mixtures of days
};

/// The `[model]` section with the file that it names.
struct ModelInput {
    std::vector<Anchor> anchors;   // at least one, in order of reference_vix
    std::optional<Table> section;  // `[model]`, where errors are put; not to be read, for days are made on many threads
    std::optional<ParameterOverrides> set_pricing, set_physical;  // `pricing` and `physical` of it: after scaling
    double equity_premium = 0.045;  // physical drift of SPX over the pricing drift, a year of calendar time
    VixMark mark = VixMark::vvix;
    double vvix_beta = 0.50;
    bool level_scaling = true;
    double overnight_share = 0.34;
    StateRule state_rule;
    /// The physical law of the day, where it is not that of the anchors and the section: for other worlds
    /// (engine/world).
    std::optional<Parameters> physical;
};

/// The model of one day: parameters at the day's level of VIX.
struct Model {
    Parameters pricing;
    Parameters physical;
    double equity_premium = 0.0;
    VixMark mark = VixMark::vvix;
    double vvix_beta = 0.0;
    StateRule state_rule;
};

/// Reads `[model]` but for `generator`: file, mark, vvix_beta, level_scaling, overnight_share, equity_premium, and
/// parameters written inline. Refuses a file whose anchors do not share sigma_v, sigma_m and rho between the measures.
ModelInput read_model(const Table& scenario);

/// The parameters at the day's level: scaled from the anchors to `vix` (free of events) where one is given, then
/// overridden by the inline keys. Checks stability of both measures, and that they share sigma_v, sigma_m and rho.
/// Every error is an InputError at the place of the parameter or of `[model]`.
Model model_of_the_day(const ModelInput& input, std::optional<double> vix);

}  // namespace volstorm
