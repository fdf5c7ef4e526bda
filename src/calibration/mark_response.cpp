#include "volstorm/calibration/mark_response.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "volstorm/calibration/one_day_law.h"
#include "volstorm/market/calendar.h"
#include "volstorm/math/strike.h"
#include "volstorm/pricing/vix_surface.h"

namespace volstorm {
namespace {

struct Contract {
    const char* id;
    const char* meaning;
    int days;  // to its end, on average
};
constexpr std::array kContracts{
    Contract{"future_beta_m1", "first VIX future, points for a point of VIX", 15},
    Contract{"future_beta_m2", "second VIX future, points for a point of VIX", 44},
    Contract{"future_beta_m3", "third VIX future, points for a point of VIX", 74},
    Contract{"future_beta_m4", "fourth VIX future, points for a point of VIX", 104},
    Contract{"future_beta_m6", "sixth VIX future, points for a point of VIX", 165},
};
constexpr std::array kAround{-10, 0, 10};  // days
constexpr int kVvixDays = 30;
constexpr std::size_t kFigures = kContracts.size() + 1;
constexpr std::size_t kEvery = 8;     // of the closes of a mix
constexpr std::size_t kStates = 128;  // from each close
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

DateTime settlement_after(const PricingDay& day, int days) {
    return session_open(next_session(date_of(day.market.time) + std::chrono::days(days - 1)));
}

VarianceState largest_of(const SessionStates& s) {
    VarianceState largest = s.day.state;
    for (const VarianceState& state : s.end) largest = {std::max(largest.v, state.v), std::max(largest.m, state.m)};
    return largest;
}

// Weighted sums of a regression with a constant.
struct Regression {
    double weight = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    void add(double w, double a, double b) { weight += w, x += w * a, y += w * b, xx += w * a * a, xy += w * a * b; }
    void add(const Regression& r, double w) {
        weight += w * r.weight, x += w * r.x, y += w * r.y, xx += w * r.xx, xy += w * r.xy;
    }
    double slope() const { return weight == 0.0 ? kNone : (xy - x * y / weight) / (xx - x * x / weight); }
};
using Regressions = std::array<Regression, kFigures>;

Regressions from_close(const ModelInput& model, double vix, std::uint64_t seed) {
    const SessionStates s = simulate_states(model, vix, kStates, seed);
    const VarianceState largest = largest_of(s);
    const LinearInState squared = s.day.vix_squared_at(s.close);
    Regressions found;
    for (std::size_t k = 0; k < kContracts.size(); ++k) {
        for (const int around : kAround) {
            const DateTime end = settlement_after(s.day, kContracts[k].days + around);
            const double before = VixMarker(s.day, s.day.market.time, end, largest).future(s.day.state);
            const VixMarker after(s.day, s.close, end, largest);
            for (const VarianceState& state : s.end)
                found[k].add(1.0, vix_level(squared, state) - vix, after.future(state) - before);
        }
    }
    const DateTime now = settlement_after(s.day, kVvixDays), then = settlement_after(s.day, kVvixDays + 1);
    const VixMarker before(s.day, s.day.market.time, now, largest), after(s.day, s.close, then, largest);
    const double vol = before.implied_vol(before.future(s.day.state), s.day.state);
    for (const VarianceState& state : s.end) {
        const double change = after.implied_vol(after.future(state), state) - vol;
        found.back().add(1.0, vix_level(squared, state) - vix, 100.0 * change);
    }
    return found;
}

std::vector<ModelFigure> empty_figures() {
    std::vector<ModelFigure> figures;
    figures.reserve(kFigures);
    for (const Contract& contract : kContracts) figures.push_back({contract.id, contract.meaning, {}});
    figures.push_back({"vvix_per_vix", "30-day implied vol of VIX, vol points for a point of VIX", {}});
    for (ModelFigure& figure : figures) figure.value.fill(kNone);
    return figures;
}

}  // namespace

std::vector<ModelFigure> mark_response(const ModelInput& model, const MarketBars& bars, std::uint64_t seed,
                                       Executor& executor) {
    struct Close {
        std::size_t regime;
        double vix, weight;
        Regressions found;
    };
    std::vector<Close> closes;
    for (std::size_t r = 1; r < kRegimes.size(); ++r) {
        const std::vector<double>& mix = bars.vix_mix[r];
        for (std::size_t i = kEvery / 2; i < mix.size(); i += kEvery)
            closes.push_back({r, mix[i], static_cast<double>(bars.sessions[r]), {}});
    }
    const auto work = [&](std::size_t, std::size_t, std::size_t i) {
        closes[i].found = from_close(model, closes[i].vix, seed + i);
    };
    executor.for_each_ordered(closes.size(), work, [](std::size_t, std::size_t) {});
    std::vector<ModelFigure> figures = empty_figures();
    for (std::size_t k = 0; k < kFigures; ++k) {
        std::array<Regression, kRegimes.size()> sums;
        for (const Close& close : closes) {
            sums[close.regime].add(close.found[k], 1.0);
            sums[0].add(close.found[k], close.weight);
        }
        for (std::size_t r = 0; r < kRegimes.size(); ++r) figures[k].value[r] = sums[r].slope();
    }
    return figures;
}

namespace {

constexpr std::array kPremiumVix{12.0, 14.0, 16.0, 18.0, 20.0, 24.0, 27.0, 30.0, 34.0, 38.0, 42.0, 45.0};
constexpr std::size_t kPremiumPaths = 32'768;

struct Product {
    const char* name;
    int days;
    double moneyness;  // strike over future; 0: the future itself
};
constexpr std::array kProducts{Product{"30-day future", 30, 0.0}, Product{"90-day future", 90, 0.0},
                               Product{"30-day call at the future", 30, 1.0},
                               Product{"30-day call 25 % above it", 30, 1.25}};

StateBox box_of(const SessionStates& s) {
    double most_v = s.day.state.v, least_m = s.day.state.m, most_m = s.day.state.m;
    for (const VarianceState& state : s.end) {
        most_v = std::max(most_v, state.v);
        least_m = std::min(least_m, state.m);
        most_m = std::max(most_m, state.m);
    }
    return StateBox::around(most_v, least_m, most_m + 1e-6);
}

VixPremium premium_of(const SessionStates& s, const StateBox& box, const Product& product) {
    const DateTime end = settlement_after(s.day, product.days);
    const VixMarker before(s.day, s.day.market.time, end, largest_of(s));
    const bool is_call = product.moneyness > 0.0;
    const double strike = is_call ? product.moneyness * before.future(s.day.state) : 0.0;
    const VixProduct held{is_call ? VixProduct::Kind::call : VixProduct::Kind::future, strike};
    VixSurface surface(s.day, end, make_mark_times(s.day, {s.close}), box);
    surface.add(held);
    std::vector<double> root_v, m, marks(s.end.size());
    for (const VarianceState& state : s.end) {
        root_v.push_back(std::sqrt(state.v + box.shift));
        m.push_back(state.m);
    }
    surface.mark(held, 0, {root_v, m}, marks.data());
    const double price = before.mark(held, s.day.state), n = static_cast<double>(marks.size());
    double sum = 0.0, squares = 0.0;
    for (const double mark : marks) {
        const double gain = 100.0 * (mark / price - 1.0);
        sum += gain;
        squares += gain * gain;
    }
    const double mean = sum / n;
    return {*s.day.market.vix, product.name, mean, std::sqrt((squares / n - mean * mean) / n)};
}

}  // namespace

std::vector<VixPremium> vix_premia(const ModelInput& model, std::uint64_t seed, Executor& executor) {
    std::vector<VixPremium> premia(kPremiumVix.size() * kProducts.size());
    const auto work = [&](std::size_t, std::size_t, std::size_t i) {
        const SessionStates s = simulate_states(model, kPremiumVix[i], kPremiumPaths, seed);
        const StateBox box = box_of(s);
        for (std::size_t k = 0; k < kProducts.size(); ++k)
            premia[i * kProducts.size() + k] = premium_of(s, box, kProducts[k]);
    };
    executor.for_each_ordered(kPremiumVix.size(), work, [](std::size_t, std::size_t) {});
    return premia;
}

}  // namespace volstorm
