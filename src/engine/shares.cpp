#include "shares.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "volstorm/engine/simulate.h"

namespace volstorm {
namespace {

constexpr double kProportional = 0.75;  // of the paths
constexpr std::uint32_t kPilotShare = 256;
constexpr std::uint64_t kSharesSeed = 0x736861726573ull;  // mixed into the seed
constexpr std::array kLevels{0.99, 0.999};

struct Loss {
    float loss;
    std::uint32_t stratum;
};

// The loss beyond which the weighted share 1 - level of the paths lies.
double value_at_risk(std::vector<Loss>& worst_first, const std::vector<Stratum>& strata, double level) {
    std::ranges::sort(worst_first, std::ranges::greater(), &Loss::loss);
    double beyond = 0.0;
    for (const Loss& path : worst_first) {
        beyond += strata[path.stratum].probability / kPilotShare;
        if (beyond >= 1.0 - level) return path.loss;
    }
    return worst_first.back().loss;
}

// The standard deviation, within each stratum, of the loss beyond a threshold.
std::vector<double> spreads(const std::vector<Loss>& paths, std::size_t strata, double threshold) {
    std::vector<double> sum(strata), square(strata), spread(strata);
    for (const Loss& path : paths) {
        const double beyond = std::max(path.loss - threshold, 0.0);
        sum[path.stratum] += beyond, square[path.stratum] += beyond * beyond;
    }
    for (std::size_t s = 0; s < strata; ++s) {
        const double mean = sum[s] / kPilotShare;
        spread[s] = std::sqrt(std::max(square[s] / kPilotShare - mean * mean, 0.0));
    }
    return spread;
}

// Adds the square of what each stratum should have for one figure, over the variance that the figure has then.
void want(const std::vector<double>& spread, const std::vector<Stratum>& strata, std::vector<double>& squares) {
    double root = 0.0;
    for (std::size_t s = 0; s < strata.size(); ++s) root += strata[s].probability * spread[s];
    for (std::size_t s = 0; s < strata.size() && root > 0.0; ++s)
        squares[s] += std::pow(strata[s].probability * spread[s] / root, 2);
}

// P&L of the first and of the last book on the pilot's paths.
std::array<std::vector<Loss>, 2> run_pilot(Experiment& e, const std::vector<Stratum>& strata) {
    const PathPlan plan = e.plan;
    e.plan.seed ^= kSharesSeed;
    SampleLayout layout{.replicates = 1, .slots = static_cast<std::uint32_t>(strata.size()) * kPilotShare};
    e.plan.strata = std::make_shared<Strata>(e.plan, SamplingMethod::stratified, layout, strata);
    PathColumns columns;
    Simulator(e).run(0, layout.paths(), columns);
    std::array<std::vector<Loss>, 2> books;
    for (std::size_t i = 0; i < columns.count; ++i) {
        const std::uint32_t stratum = e.plan.strata->place(i).stratum;
        books[0].push_back({-columns.pnl.front()[i], stratum});
        books[1].push_back({-columns.pnl.back()[i], stratum});
    }
    e.plan = plan;
    return books;
}

}  // namespace

std::vector<Stratum> strata_with_shares(Experiment& e, std::uint32_t slots) {
    std::vector<Stratum> strata = strata_of(e.plan, slots);
    for (Stratum& stratum : strata) stratum.share = kPilotShare;
    std::vector<double> squares(strata.size());
    for (std::vector<Loss>& book : run_pilot(e, strata)) {
        for (const double level : kLevels)
            want(spreads(book, strata.size(), value_at_risk(book, strata, level)), strata, squares);
    }
    std::vector<double> weight(strata.size());
    double wanted = 0.0;
    for (const double square : squares) wanted += std::sqrt(square);
    for (std::size_t s = 0; s < strata.size(); ++s) {
        const double sharp = wanted > 0.0 ? std::sqrt(squares[s]) / wanted : strata[s].probability;
        weight[s] = kProportional * strata[s].probability + (1.0 - kProportional) * sharp;
    }
    divide_slots(weight, slots, strata);
    return strata;
}

}  // namespace volstorm
