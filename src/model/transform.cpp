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
constexpr int kOrder = 22;  // of the Taylor series, at most
constexpr int kLeastOrder = 6;
// The remainder of a series of order p after a step of a share of its radius is about that share to the power of p;
// this one gives 1e-16.
constexpr double kLeastStepShare = 0.19;
constexpr double kLeastStep = 1e-13;  // of the period; shorter steps that shrink run into a pole. Rough: the precision
constexpr int kMaxSteps = 20000, kMaxRoughSteps = 400;  // beyond: taken for a pole

// Coefficients of p orders cost p^2 a step, of which a precision takes precision^(-1/p): least at ln(1 / precision) /
// 2, a little higher with what each step costs besides.
int order_for(double precision) {
    return std::clamp(static_cast<int>(std::lround(-0.6 * std::log(precision))), kLeastOrder, kOrder);
}

// The compiler's own vectors: plain loops over eight lanes it unrolls before it can vectorise them.
using Vector = double __attribute__((vector_size(kLanes * sizeof(double)), aligned(kLanes * sizeof(double))));
struct Lane {
    Vector re = {}, im = {};
};
using Series = std::array<Lane, kOrder + 1>;

// Inlined into each clone of the functions below: a call would take the plain version along.
#define VOLSTORM_INLINE [[gnu::always_inline]] inline

VOLSTORM_INLINE void add(Lane& sum, double factor, const Lane& x) {
    sum.re += factor * x.re;
    sum.im += factor * x.im;
}

VOLSTORM_INLINE void multiply_add(Lane& sum, const Lane& x, const Lane& y) {
    sum.re += x.re * y.re - x.im * y.im;
    sum.im += x.re * y.im + x.im * y.re;
}

// sum += p[k] q[n - k] over k = first..last
VOLSTORM_INLINE void convolve(Lane& sum, const Series& p, const Series& q, int first, int last, int n) {
    Lane total{};
    for (int k = first; k <= last; ++k) {
        multiply_add(total, p[static_cast<std::size_t>(k)], q[static_cast<std::size_t>(n - k)]);
    }
    add(sum, 1.0, total);
}

// sum += factor times coefficient n of the square of p
VOLSTORM_INLINE void add_square(Lane& sum, double factor, const Series& p, int n) {
    Lane half{};
    convolve(half, p, p, 0, (n + 1) / 2 - 1, n);
    add(sum, 2.0 * factor, half);
    if (n % 2 != 0) return;
    Lane middle{};
    multiply_add(middle, p[static_cast<std::size_t>(n / 2)], p[static_cast<std::size_t>(n / 2)]);
    add(sum, factor, middle);
}

VOLSTORM_INLINE void square_size(const Lane& lane, Vector& square) { square = lane.re * lane.re + lane.im * lane.im; }
VOLSTORM_INLINE void raise_to(Vector& x, const Vector& y) { x = x > y ? x : y; }

void set(Lane& lane, int i, Complex value) {
    lane.re[i] = value.real();
    lane.im[i] = value.imag();
}
Complex get(const Lane& lane, int i) { return {lane.re[i], lane.im[i]}; }

Complex expm1(Complex x) {
    if (std::abs(x) >= 1e-3) return std::exp(x) - 1.0;
    return x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x / 720.0)))));
}

// A jump family in a group: T = factor / (1 - nu (b + rho_j u)) and K = T - 1 - u mbar of src/README.md, equation 2.
struct Family {
    double intensity = 0.0, per_variance = 0.0, nu = 0.0;
    Lane factor, excess;     // exp(u mu + u^2 s^2 / 2), and that less 1
    Lane tilt, compensator;  // nu rho_j u; u mbar
    Lane inverse, first;     // 1 / (1 - nu (b + rho_j u)), and K, at the present place
    Series ratio;            // T
};

// A group of kLanes arguments: the solution with its Taylor coefficients at the present place.
struct Solution {
    Complex u[kLanes];
    Vector real;  // 1 where u is real
    Lane constant, slope;
    Series a, b, c;
    std::vector<Family> families;
};

// T and K at order 0, without cancellation for small arguments. `beyond` gets 1 in the lanes that lie at or beyond the
// pole of the exponential law, where a real moment is infinite.
VOLSTORM_INLINE void start_jump(Family& f, const Lane& b, const Vector& real, Vector& beyond) {
    Lane tilt = f.tilt;
    add(tilt, f.nu, b);
    const Vector to_pole = 1.0 - tilt.re;
    const Vector size = to_pole * to_pole + tilt.im * tilt.im;
    f.inverse.re = to_pole / size;
    f.inverse.im = tilt.im / size;
    const Vector nothing = {};
    beyond = ((real != 0.0) & (tilt.im == 0.0) & (tilt.re >= 1.0)) ? nothing + 1.0 : beyond;
    f.ratio[0] = Lane{};
    multiply_add(f.ratio[0], f.factor, f.inverse);
    add(tilt, 1.0, f.excess);
    f.first = Lane{};
    multiply_add(f.first, tilt, f.inverse);
    add(f.first, -1.0, f.compensator);
}

// The numbers of the Riccati equations.
struct Rates {
    double half_square_v, half_square_m;  // sigma^2 / 2
    double kappa_v, pull_m, reversion_m, drift_m;
};

// Taylor coefficients of a, b, c and T to `order` at the present place, in time units of `unit` years. `beyond` as in
// start_jump.
VOLSTORM_CLONES
void expand(const Rates& p, double unit, int order, Solution& s, Family* families, std::size_t count, Vector& beyond) {
    for (std::size_t j = 0; j < count; ++j) start_jump(families[j], s.b[0], s.real, beyond);
    for (int n = 0; n < order; ++n) {
        const auto k = static_cast<std::size_t>(n);
        Lane a{}, b{}, c{};
        if (n == 0) b = s.constant;
        for (std::size_t j = 0; j < count; ++j) {
            Family& f = families[j];
            if (n > 0) {
                Lane sum{}, next{};
                convolve(sum, s.b, f.ratio, 1, n, n);
                multiply_add(next, sum, f.inverse);
                f.ratio[k] = Lane{};
                add(f.ratio[k], f.nu, next);
            }
            const Lane& term = n == 0 ? f.first : f.ratio[k];
            add(b, f.per_variance, term);
            add(a, f.intensity, term);
        }
        multiply_add(b, s.slope, s.b[k]);
        add(b, p.pull_m, s.c[k]);
        if (p.half_square_v != 0.0) add_square(b, p.half_square_v, s.b, n);
        add(c, p.kappa_v, s.b[k]);
        add(c, -p.reversion_m, s.c[k]);
        if (p.half_square_m != 0.0) add_square(c, p.half_square_m, s.c, n);
        add(a, p.drift_m, s.c[k]);
        const double scale = unit / (n + 1);
        s.a[k + 1] = s.b[k + 1] = s.c[k + 1] = Lane{};
        add(s.a[k + 1], scale, a);
        add(s.b[k + 1], scale, b);
        add(s.c[k + 1], scale, c);
    }
}

// Squares of the size of coefficient `order` over the size of the solution, the largest of a, b and c. Where b and c
// begin at 0 their size is what they grow to in `units`; a is needed to an absolute error only, once it is large.
VOLSTORM_CLONES
void term_sizes(const Solution& s, double units, std::size_t order, Vector& relative) {
    const Vector nothing = {}, one = nothing + 1.0;
    Vector size_a, size_b, size_c, growth_a, growth_b, growth_c, last_a, last_b, last_c;
    square_size(s.a[0], size_a), square_size(s.b[0], size_b), square_size(s.c[0], size_c);
    square_size(s.a[1], growth_a), square_size(s.b[1], growth_b), square_size(s.c[1], growth_c);
    square_size(s.a[order], last_a), square_size(s.b[order], last_b), square_size(s.c[order], last_c);
    const double square = units * units;
    growth_b *= square;
    raise_to(growth_b, nothing + 1e-300);
    size_b = size_b > 0.0 ? size_b : growth_b;
    growth_c *= square;
    raise_to(growth_c, size_b);
    size_c = size_c > 0.0 ? size_c : growth_c;
    growth_a *= square;
    raise_to(size_a, growth_a < 1.0 ? growth_a : one);
    raise_to(size_a, 1e-12 * (size_b < 1.0 ? size_b : one));
    relative = last_a / size_a;
    raise_to(relative, last_b / size_b);
    raise_to(relative, last_c / size_c);
}

VOLSTORM_CLONES
void advance(double step, int order, Solution& s) {
    for (Series* series : {&s.a, &s.b, &s.c}) {
        Lane sum = (*series)[static_cast<std::size_t>(order)];
        for (int n = order - 1; n >= 0; --n) {
            const Lane& term = (*series)[static_cast<std::size_t>(n)];
            sum.re = sum.re * step + term.re;
            sum.im = sum.im * step + term.im;
        }
        (*series)[0] = sum;
    }
}

// Carries groups of arguments from the end of the period to its beginning.
class Solver {
 public:
    Solver(const Parameters& p, double years, double precision)
        : rates_{0.5 * p.sigma_v * p.sigma_v, 0.5 * p.sigma_m * p.sigma_m, p.kappa_v, p.pull_m,
                 p.kappa_m + p.pull_m,        p.kappa_m * p.theta_m},
          rho_sigma_(p.rho * p.sigma_v),
          years_(years),
          order_(order_for(precision)),
          most_steps_(order_ < kOrder ? kMaxRoughSteps : kMaxSteps),
          step_share_(std::max(kLeastStepShare, std::pow(precision, 1.0 / order_))),
          least_step_(std::max(kLeastStep, precision) * years) {
        for (const JumpFamily& jump : p.jumps) {
            if (jump.intensity != 0.0 || jump.intensity_per_variance != 0.0) jumps_.push_back(jump);
        }
        s_.families.resize(jumps_.size());
    }

    // Returns the lanes, as bits, whose moment is infinite; their exponents are nothing.
    unsigned run(std::span<const Complex> u, std::span<Exponents> exponents) {
        start(u, exponents);
        infinite_ = 0;
        double left = years_, last = 0.0;
        for (int steps = 0; left > 0.0; ++steps) {
            const double unit = unit_of_time();
            Vector beyond = {};
            expand(rates_, unit, order_, s_, s_.families.data(), s_.families.size(), beyond);
            if (const unsigned lanes = lanes_of(beyond)) {
                give_up(lanes);
                if (infinite_ == kAll) break;
                continue;
            }
            double step = std::min(step_share_ * radius(years_ / unit) * unit, left);
            if (left - step < 1e-3 * step) step = left;
            // Steps that shrink to nothing run into a pole; after a huge start they are small too, but grow.
            const bool at_pole = !(step > least_step_) && !(step > last);
            if (at_pole || steps > most_steps_) {
                give_up(nearest_to_pole());
                if (infinite_ == kAll) break;
                last = 0.0;
                continue;
            }
            advance(step / unit, order_, s_);
            left -= step;
            last = step;
        }
        for (std::size_t i = 0; i < exponents.size(); ++i) {
            const int k = static_cast<int>(i);
            exponents[i] = {get(s_.a[0], k), get(s_.b[0], k), get(s_.c[0], k)};
        }
        return infinite_;
    }

 private:
    static constexpr unsigned kAll = (1u << kLanes) - 1;
    static unsigned lanes_of(const Vector& chosen) {
        unsigned lanes = 0;
        for (int i = 0; i < kLanes; ++i) lanes |= chosen[i] != 0.0 ? 1u << i : 0u;
        return lanes;
    }

    void start(std::span<const Complex> u, std::span<const Exponents> exponents) {
        for (int i = 0; i < kLanes; ++i) {
            const std::size_t k = std::min<std::size_t>(static_cast<std::size_t>(i), u.size() - 1);
            start_lane(i, u[k], exponents[k]);
        }
    }

    void start_lane(int i, Complex u, const Exponents& e) {
        s_.u[i] = u;
        s_.real[i] = u.imag() == 0.0 ? 1.0 : 0.0;
        set(s_.a[0], i, e.a);
        set(s_.b[0], i, e.b);
        set(s_.c[0], i, e.c);
        set(s_.constant, i, 0.5 * u * (u - 1.0));
        set(s_.slope, i, rho_sigma_ * u - rates_.kappa_v);
        for (std::size_t j = 0; j < jumps_.size(); ++j) {
            const JumpFamily& jump = jumps_[j];
            Family& f = s_.families[j];
            f.intensity = jump.intensity;
            f.per_variance = jump.intensity_per_variance;
            f.nu = jump.mean_variance_jump;
            const Complex exponent = u * jump.mean_log_jump + 0.5 * u * u * jump.log_jump_sd * jump.log_jump_sd;
            set(f.factor, i, std::exp(exponent));
            set(f.excess, i, expm1(exponent));
            set(f.tilt, i, jump.mean_variance_jump * jump.variance_jump_slope * u);
            set(f.compensator, i, u * jump.mean_relative_jump());
        }
    }

    // A lane without a finite result must not hold up the others: it goes on with the moment of nothing.
    void give_up(unsigned lanes) {
        infinite_ |= lanes;
        for (int i = 0; i < kLanes; ++i) {
            if ((lanes >> i & 1u) != 0) start_lane(i, 0.0, {});
        }
    }

    // The unit in which the coefficients neither grow nor vanish fast.
    double unit_of_time() const {
        Vector b, c;
        square_size(s_.b[0], b);
        square_size(s_.c[0], c);
        return 1.0 / std::max({1.0 / years_, 2.0 * rates_.half_square_v * std::sqrt(largest(b)),
                               2.0 * rates_.half_square_m * std::sqrt(largest(c))});
    }

    // Radius of convergence in units, from the last two coefficients.
    double radius(double units) const {
        double smallest = std::numeric_limits<double>::infinity();
        for (const int last : {order_ - 1, order_}) {
            const auto order = static_cast<std::size_t>(last);
            Vector relative;
            term_sizes(s_, units, order, relative);
            const double square = largest(relative);
            if (square > 0.0) smallest = std::min(smallest, std::pow(square, -0.5 / static_cast<double>(order)));
        }
        return smallest;
    }

    static double largest(const Vector& x) {
        double most = 0.0;
        for (int i = 0; i < kLanes; ++i) most = std::max(most, x[i]);
        return most;
    }

    // The lane with the largest solution, and those that are nearly as large.
    unsigned nearest_to_pole() const {
        const Vector nothing = {};
        Vector b, c;
        square_size(s_.b[0], b);
        square_size(s_.c[0], c);
        const Vector size = b + c, chosen = size < 0.25 * largest(size) ? nothing : nothing + 1.0;
        return lanes_of(chosen);
    }

    Rates rates_;
    double rho_sigma_, years_;
    int order_, most_steps_;
    double step_share_, least_step_;
    std::vector<JumpFamily> jumps_;  // those that strike
    Solution s_;
    unsigned infinite_ = 0;
};

}  // namespace

void carry_back_moments(const Parameters& parameters, double years, std::span<const Complex> u,
                        std::span<Exponents> exponents, double precision) {
    if (!(years > 0.0)) return;
    Solver solver(parameters, years, precision);
    for (std::size_t i = 0; i < u.size(); i += kLanes) {
        const std::size_t count = std::min<std::size_t>(kLanes, u.size() - i);
        const unsigned infinite = solver.run(u.subspan(i, count), exponents.subspan(i, count));
        for (std::size_t k = 0; k < count; ++k) {
            if ((infinite >> k & 1u) != 0) exponents[i + k] = {std::numeric_limits<double>::infinity(), 0.0, 0.0};
        }
    }
}

void carry_back(const Parameters& parameters, double years, std::span<const Complex> u, std::span<Exponents> exponents,
                double precision) {
    carry_back_moments(parameters, years, u, exponents, precision);
    for (const Exponents& e : exponents) {
        if (std::isinf(e.a.real()) && e.a.real() > 0.0) throw MomentExplosion("the moment is infinite");
    }
}

}  // namespace volstorm
