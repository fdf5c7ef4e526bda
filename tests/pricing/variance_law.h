#pragma once
#include <algorithm>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "volstorm/model/parameters.h"
#include "volstorm/model/vix.h"

/// The law of v_T where m is constant and v has no jumps: a scaled non-central chi-square (Cox, Ingersoll, Ross 1985),
/// and the VIX products that follow from it by quadrature over its distribution function. Points, undiscounted.
class VarianceLaw {
 public:
    VarianceLaw(const volstorm::Parameters& p, double years, const volstorm::VarianceState& state)
        : scale_(p.sigma_v * p.sigma_v * -std::expm1(-p.kappa_v * years) / (4.0 * p.kappa_v)),
          law_(4.0 * p.kappa_v * state.m / (p.sigma_v * p.sigma_v), state.v * std::exp(-p.kappa_v * years) / scale_) {
        const volstorm::LinearInState squared = volstorm::vix_squared(p, {});
        constant_ = squared.constant + squared.per_m * state.m;
        per_v_ = squared.per_v;
    }

    double future() const {
        return 100.0 * std::sqrt(constant_) + integrate(0.0, largest(), [&](double v) { return above(v); });
    }
    double call(double strike) const {
        return integrate(v_at(strike), largest(), [&](double v) { return above(v); });
    }
    double put(double strike) const {
        return integrate(0.0, v_at(strike), [&](double v) { return boost::math::cdf(law_, v / scale_); });
    }
    double floor() const { return 100.0 * std::sqrt(constant_); }

 private:
    double above(double v) const { return boost::math::cdf(boost::math::complement(law_, v / scale_)); }
    double largest() const {
        return scale_ * (20.0 + 3.0 * (law_.degrees_of_freedom() + law_.non_centrality()) + 100.0);
    }
    double v_at(double vix) const { return std::max((1e-4 * vix * vix - constant_) / per_v_, 0.0); }
    // Integral of weight(v) d VIX, with v = x^12: the distribution function has a root at v = 0.
    template <class Weight>
    double integrate(double low, double high, const Weight& weight) const {
        if (!(high > low)) return 0.0;
        const auto f = [&](double x) {
            const double v = std::pow(x, 12);
            return weight(v) * 100.0 * per_v_ / (2.0 * std::sqrt(constant_ + per_v_ * v)) * 12.0 * std::pow(x, 11);
        };
        double sum = 0.0;
        const double from = std::pow(low, 1.0 / 12.0), to = std::pow(high, 1.0 / 12.0);
        constexpr int pieces = 64;
        for (int i = 0; i < pieces; ++i) {
            const double a = from + (to - from) * i / pieces, b = from + (to - from) * (i + 1) / pieces;
            sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(f, a, b, 0);
        }
        return sum;
    }

    double scale_;
    boost::math::non_central_chi_squared law_;
    double constant_ = 0.0, per_v_ = 0.0;  // VIX^2 / 10000 at the settlement
};
