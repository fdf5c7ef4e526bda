#include "volstorm/model/transform.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

constexpr int kLanes = 8;   // arguments solved side by side, one in each lane of a vector
constexpr int kOrder = 22;  // of the Taylor series
// The remainder of a series of order p after a step of `kStepShare` radii is about kStepShare^p = 1e-16.
constexpr double kStepShare = 0.19;
constexpr int kMaxSteps = 20000;

struct Lane {
    double re[kLanes] = {}, im[kLanes] = {};
};
using Series = std::array<Lane, kOrder + 1>;

void add(Lane& sum, double factor, const Lane& x) {
    for (int i = 0; i < kLanes; ++i) sum.re[i] += factor * x.re[i];
    for (int i = 0; i < kLanes; ++i) sum.im[i] += factor * x.im[i];
}

void multiply_add(Lane& sum, const Lane& x, const Lane& y) {
    for (int i = 0; i < kLanes; ++i) {
        sum.re[i] += x.re[i] * y.re[i] - x.im[i] * y.im[i];
        sum.im[i] += x.re[i] * y.im[i] + x.im[i] * y.re[i];
    }
}

// sum over k = first..last of p[k] q[n - k]
VOLSTORM_CLONES
void convolve(const Lane* p, const Lane* q, int first, int last, int n, Lane& sum) {
    Lane total{};
    for (int k = first; k <= last; ++k) multiply_add(total, p[k], q[n - k]);
    sum = total;
}

// Coefficient n of the square of p.
void square(const Lane* p, int n, Lane& sum) {
    convolve(p, p, 0, (n - 1) / 2, n, sum);
    if (n == 0) sum = Lane{};
    for (int i = 0; i < kLanes; ++i) sum.re[i] *= 2.0;
    for (int i = 0; i < kLanes; ++i) sum.im[i] *= 2.0;
    if (n % 2 == 0) multiply_add(sum, p[n / 2], p[n / 2]);
}

void set(Lane& lane, int i, Complex value) {
    lane.re[i] = value.real();
    lane.im[i] = value.imag();
}
Complex get(const Lane& lane, int i) { return {lane.re[i], lane.im[i]}; }

// One group of kLanes arguments on its way from the end of the period to its beginning.
class Group {
 public:
    Group(const Parameters& p, double years, std::span<const Complex> u, std::span<const Exponents> start)
        : p_(p), jumps_(p.jumps), years_(years) {
        ratio_.resize(jumps_.size());
        for (int i = 0; i < kLanes; ++i) {
            const std::size_t k = std::min<std::size_t>(static_cast<std::size_t>(i), u.size() - 1);
            u_[i] = u[k];
            set(a_[0], i, start[k].a);
            set(b_[0], i, start[k].b);
            set(c_[0], i, start[k].c);
            set(constant_, i, 0.5 * u_[i] * (u_[i] - 1.0));
            set(slope_, i, p.rho * p.sigma_v * u_[i] - p.kappa_v);
        }
    }

    void run() {
        double left = years_, last = 0.0;
        for (int steps = 0; left > 0.0; ++steps) {
            expand();
            double step = std::min(kStepShare * radius() * unit_, left);
            if (left - step < 1e-3 * step) step = left;
            // Steps that shrink to nothing run into a pole; after a huge start they are small too, but grow.
            const bool at_pole = !(step > 1e-13 * years_) && !(step > last);
            if (at_pole || steps > kMaxSteps) throw MomentExplosion("the moment is infinite");
            advance(step / unit_);
            left -= step;
            last = step;
        }
    }

    void result(std::span<Exponents> out) const {
        for (std::size_t i = 0; i < out.size(); ++i) {
            const int k = static_cast<int>(i);
            out[i] = {get(a_[0], k), get(b_[0], k), get(c_[0], k)};
        }
    }

 private:
    // Taylor coefficients of a, b, c at the present place, in the time unit in which they neither grow nor vanish fast.
    void expand() {
        double rate = 1.0 / years_;
        for (int i = 0; i < kLanes; ++i) {
            rate = std::max({rate, p_.sigma_v * p_.sigma_v * size(b_[0], i), p_.sigma_m * p_.sigma_m * size(c_[0], i)});
        }
        unit_ = 1.0 / rate;
        std::vector<Lane> inverse(jumps_.size());  // 1 / (1 - nu (b + rho_j u))
        std::vector<Lane> first(jumps_.size());    // K_j at order 0
        for (std::size_t j = 0; j < jumps_.size(); ++j) start_jump(j, inverse[j], first[j]);
        for (int n = 0; n < kOrder; ++n) {
            for (std::size_t j = 0; n > 0 && j < jumps_.size(); ++j) continue_jump(j, n, inverse[j]);
            next_coefficients(n, first);
        }
    }

    // T_j and K_j = T_j - 1 - u mbar_j, without cancellation for small arguments.
    void start_jump(std::size_t j, Lane& inverse, Lane& first) {
        const JumpFamily& jump = jumps_[j];
        for (int i = 0; i < kLanes; ++i) {
            const Complex u = u_[i];
            const Complex exponent = u * jump.mean_log_jump + 0.5 * u * u * jump.log_jump_sd * jump.log_jump_sd;
            const Complex tilt = jump.mean_variance_jump * (get(b_[0], i) + jump.variance_jump_slope * u);
            const Complex one_over = 1.0 / (1.0 - tilt);
            // The real transform exists only left of the pole of the exponential law.
            if (u.imag() == 0.0 && tilt.imag() == 0.0 && tilt.real() >= 1.0) {
                throw MomentExplosion("the moment of a jump is infinite");
            }
            set(inverse, i, one_over);
            set(ratio_[j][0], i, std::exp(exponent) * one_over);
            const Complex excess = std::abs(exponent) < 1e-3 ? expm1(exponent) : std::exp(exponent) - 1.0;
            set(first, i, (excess + tilt) * one_over - u * jump.mean_relative_jump());
        }
    }

    static Complex expm1(Complex x) {
        return x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x / 720.0)))));
    }

    void continue_jump(std::size_t j, int n, const Lane& inverse) {
        Lane sum;
        convolve(b_.data(), ratio_[j].data(), 1, n, n, sum);
        Lane scaled{};
        add(scaled, jumps_[j].mean_variance_jump, sum);
        ratio_[j][static_cast<std::size_t>(n)] = Lane{};
        multiply_add(ratio_[j][static_cast<std::size_t>(n)], scaled, inverse);
    }

    void next_coefficients(int n, const std::vector<Lane>& first) {
        const auto k = static_cast<std::size_t>(n);
        Lane a{}, b{}, c{}, squared;
        if (n == 0) add(b, 1.0, constant_);
        multiply_add(b, slope_, b_[k]);
        add(b, p_.pull_m, c_[k]);
        if (p_.sigma_v != 0.0) {
            square(b_.data(), n, squared);
            add(b, 0.5 * p_.sigma_v * p_.sigma_v, squared);
        }
        add(c, p_.kappa_v, b_[k]);
        add(c, -(p_.kappa_m + p_.pull_m), c_[k]);
        if (p_.sigma_m != 0.0) {
            square(c_.data(), n, squared);
            add(c, 0.5 * p_.sigma_m * p_.sigma_m, squared);
        }
        add(a, p_.kappa_m * p_.theta_m, c_[k]);
        for (std::size_t j = 0; j < jumps_.size(); ++j) {
            const Lane& term = n == 0 ? first[j] : ratio_[j][k];
            add(b, jumps_[j].intensity_per_variance, term);
            add(a, jumps_[j].intensity, term);
        }
        const double scale = unit_ / (n + 1);
        a_[k + 1] = b_[k + 1] = c_[k + 1] = Lane{};
        add(a_[k + 1], scale, a);
        add(b_[k + 1], scale, b);
        add(c_[k + 1], scale, c);
    }

    // Radius of convergence in units, from the last two coefficients against the size of the solution (where b and c
    // begin at 0: against what they grow to; a is needed to an absolute error only, once it is large).
    double radius() const {
        double smallest = std::numeric_limits<double>::infinity();
        for (int i = 0; i < kLanes; ++i) {
            const double size_b = own_size(b_, i, 1e-300);
            const double size_c = own_size(c_, i, size_b);
            const double growth_a = std::min(years_ / unit_ * size(a_[1], i), 1.0);
            const double size_a = std::max({size(a_[0], i), growth_a, 1e-6 * std::min(size_b, 1.0)});
            for (const int n : {kOrder - 1, kOrder}) {
                const auto k = static_cast<std::size_t>(n);
                const double relative =
                    std::max({size(b_[k], i) / size_b, size(c_[k], i) / size_c, size(a_[k], i) / size_a});
                if (relative > 0.0) smallest = std::min(smallest, std::pow(relative, -1.0 / n));
            }
        }
        return smallest;
    }

    static double size(const Lane& lane, int i) { return std::sqrt(lane.re[i] * lane.re[i] + lane.im[i] * lane.im[i]); }
    double own_size(const Series& series, int i, double least) const {
        if (size(series[0], i) > 0.0) return size(series[0], i);
        return std::max(years_ / unit_ * size(series[1], i), least);
    }

    void advance(double step) {
        for (Series* series : {&a_, &b_, &c_}) {
            Lane sum = (*series)[kOrder];
            for (int n = kOrder - 1; n >= 0; --n) {
                const Lane& term = (*series)[static_cast<std::size_t>(n)];
                for (int i = 0; i < kLanes; ++i) sum.re[i] = sum.re[i] * step + term.re[i];
                for (int i = 0; i < kLanes; ++i) sum.im[i] = sum.im[i] * step + term.im[i];
            }
            (*series)[0] = sum;
        }
    }

    const Parameters& p_;
    std::span<const JumpFamily> jumps_;
    double years_;
    double unit_ = 1.0;  // years of one unit of the series
    Complex u_[kLanes];
    Lane constant_, slope_;
    Series a_, b_, c_;
    std::vector<Series> ratio_;  // T_j of the README
};

}  // namespace

void carry_back(const Parameters& parameters, double years, std::span<const Complex> u,
                std::span<Exponents> exponents) {
    if (!(years > 0.0)) return;
    for (std::size_t i = 0; i < u.size(); i += kLanes) {
        const std::size_t count = std::min<std::size_t>(kLanes, u.size() - i);
        Group group(parameters, years, u.subspan(i, count), exponents.subspan(i, count));
        group.run();
        group.result(exponents.subspan(i, count));
    }
}

}  // namespace volstorm
