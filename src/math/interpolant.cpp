#include "volstorm/math/interpolant.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

constexpr std::size_t kChunk = 64;

// Chebyshev coefficients from values at the nodes, along one line of `count` values with the given stride.
void transform_line(double* values, int count, std::size_t stride) {
    std::array<double, 64> line;
    for (int k = 0; k < count; ++k) {
        double sum = 0.0;
        for (int i = 0; i < count; ++i) {
            sum += values[static_cast<std::size_t>(i) * stride] * std::cos(std::numbers::pi * k * (i + 0.5) / count);
        }
        line[static_cast<std::size_t>(k)] = sum * (k == 0 ? 1.0 : 2.0) / count;
    }
    for (int k = 0; k < count; ++k) values[static_cast<std::size_t>(k) * stride] = line[static_cast<std::size_t>(k)];
}

struct Axis {
    int size;
    double centre, scale;  // t = (x - centre) scale lies in [-1, 1]
};

// The value at kChunk points given by t in [-1, 1] on each axis: Clenshaw's rule on the last axis, the recurrence
// T_{k+1} = 2 t T_k - T_{k-1} on the others.
VOLSTORM_CLONES
void evaluate_chunk(const double* coefficients, int nx, int ny, int nz, const double* __restrict tx,
                    const double* __restrict ty, const double* __restrict tz, double* __restrict out) {
    double x0[kChunk], x1[kChunk], y0[kChunk], y1[kChunk], row[kChunk], b1[kChunk], b2[kChunk];
    for (std::size_t i = 0; i < kChunk; ++i) out[i] = 0.0, x0[i] = 1.0, x1[i] = tx[i];
    for (int a = 0; a < nx; ++a) {
        for (std::size_t i = 0; i < kChunk; ++i) row[i] = 0.0, y0[i] = 1.0, y1[i] = ty[i];
        for (int b = 0; b < ny; ++b) {
            for (std::size_t i = 0; i < kChunk; ++i) b1[i] = 0.0, b2[i] = 0.0;
            for (int k = nz - 1; k > 0; --k) {
                const double c = coefficients[k];
                for (std::size_t i = 0; i < kChunk; ++i) {
                    const double next = c + 2.0 * tz[i] * b1[i] - b2[i];
                    b2[i] = b1[i];
                    b1[i] = next;
                }
            }
            const double c = coefficients[0];
            for (std::size_t i = 0; i < kChunk; ++i) {
                row[i] += y0[i] * (c + tz[i] * b1[i] - b2[i]);
                const double next = 2.0 * ty[i] * y1[i] - y0[i];
                y0[i] = y1[i];
                y1[i] = next;
            }
            coefficients += nz;
        }
        for (std::size_t i = 0; i < kChunk; ++i) {
            out[i] += x0[i] * row[i];
            const double next = 2.0 * tx[i] * x1[i] - x0[i];
            x0[i] = x1[i];
            x1[i] = next;
        }
    }
}

}  // namespace

double Interpolant::node(const Interval& interval, int i, int n) {
    if (n == 1) return 0.5 * (interval.low + interval.high);
    const double t = std::cos(std::numbers::pi * (i + 0.5) / n);
    return 0.5 * (interval.low + interval.high) + 0.5 * (interval.high - interval.low) * t;
}

Interpolant::Interpolant(const std::array<Interval, 3>& box, const Sizes& sizes,
                         const std::function<double(const Point&)>& f)
    : box_(box), sizes_(sizes) {
    std::vector<double> values;
    for (int a = 0; a < sizes[0]; ++a) {
        for (int b = 0; b < sizes[1]; ++b) {
            for (int c = 0; c < sizes[2]; ++c) {
                values.push_back(f({node(box[0], a, sizes[0]), node(box[1], b, sizes[1]), node(box[2], c, sizes[2])}));
            }
        }
    }
    transform(std::move(values));
}

Interpolant::Interpolant(const std::array<Interval, 3>& box, const Sizes& sizes, std::vector<double> values)
    : box_(box), sizes_(sizes) {
    transform(std::move(values));
}

void Interpolant::transform(std::vector<double> values) {
    const auto ny = static_cast<std::size_t>(sizes_[1]), nz = static_cast<std::size_t>(sizes_[2]);
    const auto nx = static_cast<std::size_t>(sizes_[0]);
    for (std::size_t line = 0; line < nx * ny; ++line) transform_line(&values[line * nz], sizes_[2], 1);
    for (std::size_t a = 0; a < nx; ++a) {
        for (std::size_t c = 0; c < nz; ++c) transform_line(&values[a * ny * nz + c], sizes_[1], nz);
    }
    for (std::size_t line = 0; line < ny * nz; ++line) transform_line(&values[line], sizes_[0], ny * nz);
    coefficients_ = std::move(values);
}

bool Interpolant::contains(const Point& x) const {
    for (std::size_t d = 0; d < 3; ++d) {
        if (sizes_[d] > 1 && !box_[d].contains(x[d])) return false;
    }
    return true;
}

double Interpolant::operator()(const Point& x) const {
    double value;
    evaluate(&x[0], &x[1], &x[2], &value, 1);
    return value;
}

Interpolant Interpolant::at_first(double x) const {
    const double t = (x - 0.5 * (box_[0].low + box_[0].high)) * 2.0 / (box_[0].high - box_[0].low);
    const auto plane = static_cast<std::size_t>(sizes_[1] * sizes_[2]);
    Interpolant result;
    result.box_ = box_;
    result.sizes_ = {1, sizes_[1], sizes_[2]};
    result.coefficients_.assign(plane, 0.0);
    double before = 1.0, present = t;
    for (int a = 0; a < sizes_[0]; ++a) {
        const double* line = &coefficients_[static_cast<std::size_t>(a) * plane];
        for (std::size_t i = 0; i < plane; ++i) result.coefficients_[i] += before * line[i];
        const double next = 2.0 * t * present - before;
        before = present;
        present = next;
    }
    return result;
}

void Interpolant::evaluate(const double* x, const double* y, const double* z, double* out, std::size_t count) const {
    const double* points[3] = {x, y, z};
    double t[3][kChunk] = {}, values[kChunk];
    for (std::size_t first = 0; first < count; first += kChunk) {
        const std::size_t size = std::min(kChunk, count - first);
        for (std::size_t d = 0; d < 3; ++d) {
            if (sizes_[d] == 1 || points[d] == nullptr) continue;
            const double centre = 0.5 * (box_[d].low + box_[d].high), scale = 2.0 / (box_[d].high - box_[d].low);
            for (std::size_t i = 0; i < size; ++i) t[d][i] = (points[d][first + i] - centre) * scale;
        }
        evaluate_chunk(coefficients_.data(), sizes_[0], sizes_[1], sizes_[2], t[0], t[1], t[2], values);
        std::copy_n(values, size, out + first);
    }
}

}  // namespace volstorm
