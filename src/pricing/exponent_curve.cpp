#include "exponent_curve.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

constexpr std::size_t kGroup = 64;  // frequencies evaluated side by side

// The polynomial's numbers: real and imaginary parts of a, b and c.
constexpr std::size_t kParts = 6;
std::array<double, kParts> parts_of(const Exponents& e) {
    return {e.a.real(), e.a.imag(), e.b.real(), e.b.imag(), e.c.real(), e.c.imag()};
}

// The places of a piece at which it is solved, in (-1, 1), and the weights with which the values there make the
// coefficients.
struct Nodes {
    static constexpr std::size_t count = ExponentCurve::kNodes;
    double place[count], weight[count][count];
    Nodes() {
        for (std::size_t j = 0; j < count; ++j) {
            const double angle = std::numbers::pi * (static_cast<double>(count - 1 - j) + 0.5) / count;
            place[j] = std::cos(angle);
            for (std::size_t n = 0; n < count; ++n)
                weight[n][j] = (n == 0 ? 1.0 : 2.0) / count * std::cos(static_cast<double>(n) * angle);
        }
    }
};

// The sums of coefficients times Chebyshev polynomials at kGroup places x in [-1, 1].
VOLSTORM_CLONES
void chebyshev_sums(const double (*coefficients)[kParts], std::size_t order, const double* x, double (*sums)[kGroup]) {
    double before[kGroup], now[kGroup];
    for (std::size_t i = 0; i < kGroup; ++i) before[i] = 1.0, now[i] = x[i];
    for (std::size_t part = 0; part < kParts; ++part) {
        for (std::size_t i = 0; i < kGroup; ++i) sums[part][i] = coefficients[0][part];
    }
    for (std::size_t n = 1; n < order; ++n) {
        for (std::size_t part = 0; part < kParts; ++part) {
            const double coefficient = coefficients[n][part];
            for (std::size_t i = 0; i < kGroup; ++i) sums[part][i] += coefficient * now[i];
        }
        for (std::size_t i = 0; i < kGroup; ++i) {
            const double next = 2.0 * x[i] * now[i] - before[i];
            before[i] = now[i], now[i] = next;
        }
    }
}

}  // namespace

ExponentCurve::ExponentCurve(Solve solve, double unit, const VarianceState& smallest, const VarianceState& largest,
                             double tolerance)
    : solve_(std::move(solve)), unit_(unit), smallest_(smallest), largest_(largest), tolerance_(tolerance) {}

void ExponentCurve::next(std::span<Exponents> out) {
    while (!out.empty()) {
        if (at_ == first_ + length_) begin_piece();
        const std::size_t count = std::min(out.size(), first_ + length_ - at_);
        evaluate(at_ - first_, out.first(count));
        at_ += count;
        out = out.subspan(count);
    }
}

// Twice as long as the one before, unless that had to be cut.
void ExponentCurve::begin_piece() {
    first_ = at_;
    length_ = length_ == 0 ? kNodes : shorter_ ? length_ : 2 * length_;
    shorter_ = false;
    while (!fit()) {
        length_ /= 2;
        shorter_ = true;
    }
}

bool ExponentCurve::fit() {
    static const Nodes nodes;
    const bool each = length_ == kNodes;
    const double half = 0.5 * static_cast<double>(length_ - 1);
    std::array<Complex, kNodes> u;
    for (std::size_t j = 0; j < kNodes; ++j) {
        const double offset = each ? static_cast<double>(j) : half * (1.0 + nodes.place[j]);
        u[j] = Complex(0.0, unit_ * (static_cast<double>(first_) + offset));
    }
    std::array<Exponents, kNodes> at_nodes{};
    solve_(u, at_nodes);
    if (each) return piece_ = at_nodes, true;
    double size = 0.0;
    for (const Exponents& e : at_nodes) size = std::max(size, std::abs(volstorm::evaluate(e, smallest_)));
    for (std::size_t n = 0; n < kNodes; ++n) {
        Exponents& sum = piece_[n] = {};
        for (std::size_t j = 0; j < kNodes; ++j) {
            const double weight = nodes.weight[n][j];
            sum.a += weight * at_nodes[j].a;
            sum.b += weight * at_nodes[j].b;
            sum.c += weight * at_nodes[j].c;
        }
    }
    double tail = 0.0;
    for (const std::size_t n : {kNodes - 2, kNodes - 1}) {
        const Exponents& e = piece_[n];
        tail += std::abs(e.a) + std::abs(e.b) * largest_.v + std::abs(e.c) * largest_.m;
    }
    return tail * size <= tolerance_ * std::max(u[0].imag(), 1.0);
}

void ExponentCurve::evaluate(std::size_t offset, std::span<Exponents> out) const {
    if (length_ == kNodes) {
        std::copy_n(piece_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
        return;
    }
    double coefficients[kNodes][kParts], x[kGroup], sums[kParts][kGroup];
    for (std::size_t n = 0; n < kNodes; ++n) {
        const auto parts = parts_of(piece_[n]);
        std::copy(parts.begin(), parts.end(), coefficients[n]);
    }
    const double step = 2.0 / static_cast<double>(length_ - 1);
    for (std::size_t begin = 0; begin < out.size(); begin += kGroup) {
        const std::size_t count = std::min(kGroup, out.size() - begin);
        for (std::size_t i = 0; i < kGroup; ++i) {
            x[i] = std::min(step * static_cast<double>(offset + begin + i) - 1.0, 1.0);
        }
        chebyshev_sums(coefficients, kNodes, x, sums);
        for (std::size_t i = 0; i < count; ++i) {
            out[begin + i] = {{sums[0][i], sums[1][i]}, {sums[2][i], sums[3][i]}, {sums[4][i], sums[5][i]}};
        }
    }
}

}  // namespace volstorm
