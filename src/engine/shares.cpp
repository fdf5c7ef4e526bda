#include "shares.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

#include "volstorm/engine/simulate.h"

namespace volstorm {
namespace {

constexpr double kProportional = 0.35;                    // of the paths
constexpr std::uint32_t kFewest = 128, kMost = 1'024;     // paths of the pilot in each stratum
constexpr std::uint64_t kSharesSeed = 0x736861726573ull;  // mixed into the seed
constexpr std::array kLevels{0.95, 0.99, 0.999};
constexpr std::size_t kFirstTail = 1;  // of the levels that the shares are for; the rest are guarded alone
constexpr double kFirstCare = 0.5, kMoreCare = 1.35;  // how much a figure counts that would suffer, and how that grows
constexpr int kMostRounds = 60;
// The variance of a guarded figure in strata, over that of a plain sample; Sobol points then lower it. Tails of one
// side are let have more: to keep them as well would cost the tail of all paths a third of what it gains.
constexpr double kMostAlone = 1.0, kMostBeforeSobol = 1.1, kMoreOfSides = 1.09;

using StrataList = const std::vector<Stratum>&;

/// What a path adds to a figure, within each stratum: the deviation; and the figure's variance in a plain sample.
struct Figure {
    std::vector<double> deviation;
    double plain_variance = 0.0;
    double most = 1.0;  // of the limit of guarded figures
};

/// The pilot: as many paths of each stratum, one stratum after the other in each round.
class Pilot {
 public:
    Pilot(Experiment& e, StrataList strata, std::uint32_t share) : strata_(strata), share_(share) {
        const PathPlan plan = e.plan;
        e.plan.seed ^= kSharesSeed;
        const SampleLayout layout{.replicates = 1, .slots = static_cast<std::uint32_t>(strata.size()) * share};
        e.plan.strata = std::make_shared<Strata>(e.plan, SamplingMethod::stratified, layout, strata);
        Simulator(e).run(0, layout.paths(), columns_);
        e.plan = plan;
    }
    const PathColumns& columns() const { return columns_; }
    double mass(std::size_t i) const { return strata_[i / share_].probability / share_; }

    Figure figure(const std::function<double(std::size_t)>& of_path) const {
        Figure figure;
        double mean = 0.0, square = 0.0;
        for (std::size_t s = 0; s < strata_.size(); ++s) {
            double sum = 0.0, squares = 0.0;
            for (std::size_t i = s * share_; i < (s + 1) * share_; ++i) {
                const double x = of_path(i);
                sum += x, squares += x * x;
            }
            sum /= share_, squares /= share_;
            figure.deviation.push_back(std::sqrt(std::max(squares - sum * sum, 0.0)));
            mean += strata_[s].probability * sum, square += strata_[s].probability * squares;
        }
        figure.plain_variance = square - mean * mean;
        return figure;
    }
    /// Paths with the largest loss first.
    std::vector<std::uint32_t> worst_first(const std::vector<float>& pnl) const {
        std::vector<std::uint32_t> order(pnl.size());
        std::iota(order.begin(), order.end(), 0u);
        std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair(pnl[i], i); });
        return order;
    }
    /// By level: the loss beyond which the share 1 - level lies, by mass, of the paths that belong to a group.
    template <class Belongs>
    std::array<double, kLevels.size()> values_at_risk(std::span<const std::uint32_t> worst_first,
                                                      const std::vector<float>& pnl, const Belongs& belongs) const {
        double all = 0.0, beyond = 0.0;
        for (std::size_t i = 0; i < pnl.size(); ++i) all += belongs(i) ? mass(i) : 0.0;
        std::array<double, kLevels.size()> values{};
        std::size_t left = kLevels.size();  // the highest level comes first
        for (auto i = worst_first.begin(); i != worst_first.end() && left > 0; ++i) {
            if (!belongs(*i)) continue;
            beyond += mass(*i);
            while (left > 0 && beyond >= (1.0 - kLevels[left - 1]) * all)
                values[--left] = -static_cast<double>(pnl[*i]);
        }
        return values;
    }
    /// The deviation of a number from its mean on the paths where it is given.
    Figure deviation_where(const std::function<double(std::size_t)>& number,
                           const std::function<bool(std::size_t)>& given) const {
        double sum = 0.0, all = 0.0;
        for (std::size_t i = 0; i < columns_.count; ++i) {
            if (!given(i)) continue;
            sum += mass(i) * number(i), all += mass(i);
        }
        const double mean = all > 0.0 ? sum / all : 0.0;
        return figure([&](std::size_t i) { return given(i) ? number(i) - mean : 0.0; });
    }

 private:
    StrataList strata_;
    std::uint32_t share_;
    PathColumns columns_;
};

// What the shares are for: the expected shortfalls of the first and of the last book.
std::vector<Figure> tails_of(const Pilot& pilot) {
    std::vector<Figure> tails;
    for (const std::vector<float>* pnl : {&pilot.columns().pnl.front(), &pilot.columns().pnl.back()}) {
        const auto every = [](std::size_t) { return true; };
        const auto values = pilot.values_at_risk(pilot.worst_first(*pnl), *pnl, every);
        for (const double threshold : std::span(values).subspan(kFirstTail))
            tails.push_back(pilot.figure([&](std::size_t i) { return std::max(-(*pnl)[i] - threshold, 0.0); }));
    }
    return tails;
}

// Whether a path belongs to one of the groups that are reported apart: how the condor settled, which way SPX went.
constexpr std::size_t kSides = 5;
bool belongs(const PathColumns& c, std::size_t side, std::size_t i) {
    return side < 3 ? c.breach[i] == side : (c.spx_return[i] < 0.0f) == (side == 3);
}

// Mean and expected shortfalls of one book on each side.
void add_sides(const Pilot& pilot, const std::vector<float>& pnl, std::vector<Figure>& figures) {
    const std::vector<std::uint32_t> order = pilot.worst_first(pnl);
    for (std::size_t side = 0; side < kSides; ++side) {
        const auto given = [&](std::size_t i) { return belongs(pilot.columns(), side, i); };
        figures.push_back(pilot.deviation_where([&](std::size_t i) { return static_cast<double>(pnl[i]); }, given));
        for (const double threshold : pilot.values_at_risk(order, pnl, given)) {
            const auto excess = [&](std::size_t i) { return std::max(-pnl[i] - threshold, 0.0); };
            figures.push_back(pilot.deviation_where(excess, given));
            figures.back().most = kMoreOfSides;
        }
    }
}

// What must not suffer: the figures that say how the book does on most days, and on each kind of day.
std::vector<Figure> guarded(const Pilot& pilot) {
    const PathColumns& c = pilot.columns();
    std::vector<Figure> figures;
    for (const std::vector<float>& pnl : c.pnl) {
        figures.push_back(pilot.figure([&](std::size_t i) { return static_cast<double>(pnl[i]); }));
        figures.push_back(pilot.figure([&](std::size_t i) { return pnl[i] < 0.0f ? 1.0 : 0.0; }));
        add_sides(pilot, pnl, figures);
    }
    for (std::size_t side = 0; side < kSides; ++side)
        figures.push_back(pilot.figure([&](std::size_t i) { return belongs(c, side, i) ? 1.0 : 0.0; }));
    for (const std::vector<float>* vix : {&c.vix_end, &c.vix_max})
        figures.push_back(pilot.figure([&](std::size_t i) { return static_cast<double>((*vix)[i]); }));
    for (std::size_t k = 0; k < c.opened.size(); ++k) {
        figures.push_back(pilot.figure([&](std::size_t i) { return c.opened[k][i] >= 0 ? 1.0 : 0.0; }));
        figures.push_back(pilot.figure([&](std::size_t i) {
            return static_cast<double>(c.contracts[k][i]) * static_cast<double>(c.unit_pnl[k][i]);
        }));
    }
    return figures;
}

/// Shares of the paths that keep the variances of the tails low (their sum, each over the least that it could have),
/// while no guarded figure has more than `most` times what it has in a plain sample of as many paths.
class Shares {
 public:
    Shares(StrataList strata, const Pilot& pilot, double most) : strata_(strata), most_(most), squares_(strata.size()) {
        for (const Figure& tail : tails_of(pilot)) want(tail);
        for (Figure& figure : guarded(pilot)) {
            if (figure.plain_variance > 0.0) guarded_.push_back({std::move(figure)});
        }
    }
    std::vector<double> find() {
        std::vector<double> shares = now();
        for (int round = 0; round < kMostRounds && care(shares); ++round) shares = now();
        return shares;
    }

 private:
    struct Guarded {
        Figure figure;
        double weight = 0.0;
    };
    double wanted(std::size_t s, const Figure& figure) const { return strata_[s].probability * figure.deviation[s]; }

    // Neyman (1934): the best shares are as P sigma.
    void want(const Figure& tail) {
        double root = 0.0;
        for (std::size_t s = 0; s < strata_.size(); ++s) root += wanted(s, tail);
        for (std::size_t s = 0; s < strata_.size() && root > 0.0; ++s)
            squares_[s] += std::pow(wanted(s, tail) / root, 2);
    }
    std::vector<double> now() const {
        std::vector<double> sharp(strata_.size());
        for (std::size_t s = 0; s < strata_.size(); ++s) {
            double square = squares_[s];
            for (const Guarded& g : guarded_)
                square += g.weight * std::pow(wanted(s, g.figure), 2) / g.figure.plain_variance;
            sharp[s] = std::sqrt(square);
        }
        const double all = std::accumulate(sharp.begin(), sharp.end(), 0.0);
        for (std::size_t s = 0; s < strata_.size(); ++s) {
            const double proportional = strata_[s].probability;
            sharp[s] = all > 0.0 ? kProportional * proportional + (1.0 - kProportional) * sharp[s] / all : proportional;
        }
        return sharp;
    }
    // Cares more for what suffers; false: nothing does.
    bool care(const std::vector<double>& shares) {
        bool any = false;
        for (Guarded& g : guarded_) {
            double variance = 0.0;
            for (std::size_t s = 0; s < strata_.size(); ++s) variance += std::pow(wanted(s, g.figure), 2) / shares[s];
            if (variance <= most_ * g.figure.most * g.figure.plain_variance) continue;
            g.weight = kMoreCare * std::max(g.weight, kFirstCare);
            any = true;
        }
        return any;
    }

    StrataList strata_;
    double most_;
    std::vector<double> squares_;  // of what the tails want, over the least variances that they could have
    std::vector<Guarded> guarded_;
};

}  // namespace

std::vector<Stratum> strata_with_shares(Experiment& e, const SampleLayout& layout) {
    std::vector<Stratum> strata = strata_of(e.plan, layout.slots);
    const auto fair = static_cast<std::uint32_t>(std::min<std::uint64_t>(kMost, layout.paths() / strata.size()));
    const std::uint32_t share = std::max(kFewest, std::bit_floor(fair));
    for (Stratum& stratum : strata) stratum.share = share;
    const Pilot pilot(e, strata, share);
    const bool hybrid = e.scenario.sampling.method == SamplingMethod::hybrid;
    divide_slots(Shares(strata, pilot, hybrid ? kMostBeforeSobol : kMostAlone).find(), layout.slots, strata);
    return strata;
}

}  // namespace volstorm
