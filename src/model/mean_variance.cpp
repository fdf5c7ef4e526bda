#include "volstorm/model/mean_variance.h"

#include <array>
#include <cmath>

namespace volstorm {
namespace {

using Matrix = std::array<std::array<double, 4>, 4>;

Matrix multiply(const Matrix& a, const Matrix& b) {
    Matrix c{};
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t k = 0; k < 4; ++k) {
            for (std::size_t j = 0; j < 4; ++j) c[i][j] += a[i][k] * b[k][j];
        }
    }
    return c;
}

// exp(a), by scaling until the norm is below 1/4 and a Taylor polynomial of order 14.
Matrix exponential(Matrix a) {
    double norm = 0.0;
    for (const auto& row : a) {
        double sum = 0.0;
        for (const double x : row) sum += std::abs(x);
        norm = std::max(norm, sum);
    }
    int halvings = 0;
    for (; norm > 0.25; norm *= 0.5) ++halvings;
    for (auto& row : a) {
        for (double& x : row) x = std::ldexp(x, -halvings);
    }
    Matrix sum{};
    for (std::size_t i = 0; i < 4; ++i) sum[i][i] = 1.0;
    Matrix term = sum;
    for (int n = 1; n <= 14; ++n) {
        term = multiply(term, a);
        for (std::size_t i = 0; i < 4; ++i) {
            for (std::size_t j = 0; j < 4; ++j) sum[i][j] += (term[i][j] /= n);
        }
    }
    for (; halvings > 0; --halvings) sum = multiply(sum, sum);
    return sum;
}

}  // namespace

MeanVariance mean_variance(const Parameters& p, double years) {
    double jump_drift = 0.0;
    for (const JumpFamily& jump : p.jumps) jump_drift += jump.intensity * jump.mean_variance_jump;
    enum { kV, kM, kOne, kIntegral };
    Matrix drift{};
    drift[kV] = {-(p.kappa_v - p.jump_feedback()), p.kappa_v, jump_drift, 0.0};
    drift[kM] = {p.pull_m, -(p.kappa_m + p.pull_m), p.kappa_m * p.theta_m, 0.0};
    drift[kIntegral] = {1.0, 0.0, 0.0, 0.0};
    for (auto& row : drift) {
        for (double& x : row) x *= years;
    }
    const Matrix flow = exponential(drift);
    const auto linear = [&](int row) {
        const auto& r = flow[static_cast<std::size_t>(row)];
        return LinearInState{r[kOne], r[kV], r[kM]};
    };
    return {linear(kV), linear(kM), linear(kIntegral)};
}

LinearInState quadratic_variation(const Parameters& p, const LinearInState& integral, double years) {
    double factor = 1.0, constant = 0.0;
    for (const JumpFamily& jump : p.jumps) {
        const double mean = jump.mean_total_log_jump();
        const double spread = jump.variance_jump_slope * jump.mean_variance_jump;
        const double square = mean * mean + spread * spread + jump.log_jump_sd * jump.log_jump_sd;
        factor += jump.intensity_per_variance * square;
        constant += jump.intensity * square * years;
    }
    return {integral.constant * factor + constant, integral.per_v * factor, integral.per_m * factor};
}

LinearInState compose(const LinearInState& outer, const LinearInState& v, const LinearInState& m) {
    return {outer.constant + outer.per_v * v.constant + outer.per_m * m.constant,
            outer.per_v * v.per_v + outer.per_m * m.per_v, outer.per_v * v.per_m + outer.per_m * m.per_m};
}

}  // namespace volstorm
