#include "volstorm/risk/replicates.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <numeric>

#include "risk/samples.h"
#include "volstorm/math/threefry.h"
#include "volstorm/risk/pnl_statistics.h"

namespace volstorm {
namespace {

constexpr std::size_t kReplicates = 16;

// Losses in strata of their uniform: bounds of these, and the paths of each in every replicate.
struct Design {
    std::vector<double> bounds{0.0, 0.002, 0.02, 0.1, 0.4, 1.0};
    std::vector<std::size_t> paths{16, 24, 24, 24, 40};
};

PathWeights weights_of(const Design& design) {
    PathWeights weights{{}, kReplicates, 0.0};
    for (std::size_t s = 0; s < design.paths.size(); ++s) {
        const double probability = design.bounds[s + 1] - design.bounds[s];
        weights.mass.push_back(
            static_cast<std::uint64_t>(std::ldexp(probability / static_cast<double>(design.paths[s]), 40)));
    }
    return weights;
}

PnlPiece sample(const Design& design, std::uint64_t seed, double (*loss)(double)) {
    PnlPiece piece{0, {}, {{}, {}}};
    ThreefryEngine random(RandomKey(seed, Stream::strata), 0);
    for (std::size_t r = 0; r < kReplicates; ++r) {
        for (std::size_t s = 0; s < design.paths.size(); ++s) {
            for (std::size_t i = 0; i < design.paths[s]; ++i) {
                const double u = design.bounds[s] + (design.bounds[s + 1] - design.bounds[s]) * open_uniform(random);
                const double noise = open_uniform(random);
                piece.pnl[0].push_back(static_cast<float>(-loss(u)));
                piece.pnl[1].push_back(static_cast<float>(-0.5 * loss(u) + noise - 0.5));
                piece.cell.push_back(static_cast<std::uint8_t>(noise < 0.3 ? 0 : noise < 0.8 ? 1 : 2));
                piece.stratum.push_back(static_cast<std::uint8_t>(s));
                piece.replicate.push_back(static_cast<std::uint8_t>(r));
            }
        }
    }
    return piece;
}

double capped(double u) { return std::min(exponential_loss(u), std::log(200.0)); }

double holds(const Estimate& e, double truth) {
    const double rounding = 1e-6 * std::abs(truth);
    return e.low <= truth + rounding && truth - rounding <= e.high ? 1.0 : 0.0;
}

}  // namespace

TEST_CASE("a ratio of replicates has the error of its linear part, and Student's limits") {
    const std::vector<double> over{1.0, 2.0, 3.0, 4.0, 5.0, 1.0, 2.0, 3.0, 4.0, 5.0}, under(10, 10.0);
    const ReplicateRatio ratio(over, under);
    CHECK(ratio.value() == Approx(0.3));
    CHECK(ratio.standard_error() == Approx(std::sqrt(20.0 * 10.0 / 9.0) / 100.0));
    const Estimate estimate = ratio.of(7.0, 2.0);
    CHECK(estimate.high - 7.0 == Approx(2.262157 * 2.0 * ratio.standard_error()).epsilon(1e-6));
    CHECK(ratio.effective_paths(1e9) ==
          Approx(0.21 / std::pow(ratio.standard_error() * 2.262157 / 1.959964, 2)).epsilon(1e-6));
    CHECK(ReplicateRatio(under, under).share(500.0).low == Approx(500.0 / (500.0 + 3.841459)).epsilon(1e-6));
    CHECK(std::isinf(ReplicateRatio(std::vector{1.0, 0.0}, std::vector{2.0, 0.0}).of(1.0).high));
}

TEST_CASE("figures of a weighted sample are those of sorting with weights") {
    const Design design;
    const PathWeights weights = weights_of(design);
    const PnlPiece piece = sample(design, 4, exponential_loss);
    const PnlFigures figures = pnl_figures(piece, kTailLevels, weights);
    for (std::size_t book = 0; book < 2; ++book) {
        const std::vector<float>& pnl = piece.pnl[book];
        std::vector<std::size_t> order(pnl.size());
        std::iota(order.begin(), order.end(), 0u);
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return pnl[i]; });
        const auto mass = [&](std::size_t i) { return static_cast<double>(weights.mass[piece.stratum[i]]); };
        double all = 0.0, squares = 0.0, mean = 0.0, losing = 0.0;
        for (const std::size_t i : order) {
            squares += mass(i) * mass(i);
            all += mass(i), mean += mass(i) * static_cast<double>(pnl[i]);
            losing += pnl[i] < 0.0f ? mass(i) : 0.0;
        }
        const Summary& s = *figures.books[book].summary[kWhole];
        CHECK(s.n == pnl.size());
        CHECK(s.mean.value == Approx(mean / all).epsilon(1e-12));
        // No path wins: the limit is that of as many paths as the weights are worth.
        if (book == 0) CHECK(s.win_share.high == Approx(3.841459 / (all * all / squares + 3.841459)).epsilon(1e-6));
        CHECK(s.p_loss.value == Approx(losing / all).epsilon(1e-12));
        for (const Tail& tail : s.tails) {
            const double size = (1.0 - tail.level) * all;
            double passed = 0.0, sum = 0.0;
            std::size_t at = 0;
            for (; passed + mass(order[at]) < size; ++at) {
                passed += mass(order[at]);
                sum += mass(order[at]) * -static_cast<double>(pnl[order[at]]);
            }
            const double value_at_risk = -static_cast<double>(pnl[order[at]]);
            CHECK(tail.value_at_risk.value == Approx(value_at_risk).epsilon(1e-12));
            CHECK(tail.expected_shortfall.value ==
                  Approx((sum + (size - passed) * value_at_risk) / size).epsilon(1e-9));
        }
    }
    for (std::size_t k = 0; k < 2; ++k) CHECK(figures.worst[k].pnl <= figures.worst[k + 1].pnl);
    CHECK(figures.worst.size() == 1'000);
}

TEST_CASE("intervals of a sample in strata cover in 93 to 97 % of repetitions") {
    const Design design;
    const PathWeights weights = weights_of(design);
    struct Law {
        const char* name;
        double (*loss)(double);
        double mean, shortfall;  // at 99.9 %
    };
    // Capped at a probability c beyond: the mean is 1 - c, and the shortfall at 99.9 % the cap itself.
    for (const Law& law : {Law{"exponential", exponential_loss, 1.0, std::log(1'000.0) + 1.0},
                           Law{"capped", capped, 1.0 - 0.005, std::log(200.0)}}) {
        constexpr int kRepetitions = 2'000;
        double mean = 0.0, losing = 0.0, at_risk = 0.0, shortfall = 0.0, far = 0.0;
        for (int i = 0; i < kRepetitions; ++i) {
            const PnlPiece piece = sample(design, 1'000 + static_cast<std::uint64_t>(i), law.loss);
            const PnlFigures figures = pnl_figures(piece, kTailLevels, weights);
            const Summary& s = *figures.books[0].summary[kWhole];
            mean += holds(s.mean, -law.mean) / kRepetitions;
            at_risk += holds(s.tails[2].value_at_risk, std::log(100.0)) / kRepetitions;
            const bool is_capped = law.loss == capped;
            shortfall += holds(s.tails[2].expected_shortfall, std::log(100.0) + (is_capped ? 0.5 : 1.0)) / kRepetitions;
            far += holds(s.tails[4].expected_shortfall, law.shortfall) / kRepetitions;
            losing += holds(figures.books[0].share[kNoBreach], 0.8) / kRepetitions;
        }
        std::cout << "95 % intervals in strata, " << law.name << ": mean " << mean << ", VaR 99 " << at_risk
                  << ", ES 99 " << shortfall << ", ES 99.9 " << far << ", share " << losing << '\n';
        CHECK((mean >= 0.93 && mean <= 0.97));
        CHECK((at_risk >= 0.93 && at_risk <= 0.97));
        CHECK((shortfall >= 0.93 && shortfall <= 0.97));
        // All of the capped tail is the cap: every interval is that point.
        if (law.loss == capped) CHECK(far == Approx(1.0).epsilon(1e-9));
        if (law.loss != capped) CHECK((far >= 0.93 && far <= 0.97));
        CHECK((losing >= 0.93 && losing <= 0.97));
    }
}

}  // namespace volstorm
