#include "volstorm/math/interpolant.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

constexpr std::size_t kChunk = 64, kSmallChunk = 16;  // points evaluated side by side
constexpr std::size_t kMostPowers = 16;               // terms of a line that powers keep precise: to about 1e-11

// cos(pi j / (2 count)) for j < 4 count: the cosines of a transform of `count` values.
std::vector<double> cosines(int count) {
    std::vector<double> table(4 * static_cast<std::size_t>(count));
    for (std::size_t j = 0; j < table.size(); ++j) {
        table[j] = std::cos(std::numbers::pi * static_cast<double>(j) / (2.0 * count));
    }
    return table;
}

// Chebyshev coefficients from values at the nodes, along one line of `count` values with the given stride.
void transform_line(double* values, int count, std::size_t stride, const std::vector<double>& cosine) {
    std::array<double, Interpolant::kMostNodes> line, result;
    const auto n = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < n; ++i) line[i] = values[i * stride];
    for (std::size_t k = 0; k < n; ++k) {
        double sum = 0.0;
        for (std::size_t i = 0, j = k; i < n; ++i) {  // j = k (2 i + 1), modulo the period
            sum += line[i] * cosine[j];
            j += 2 * k;
            if (j >= 4 * n) j -= 4 * n;
        }
        result[k] = sum * (k == 0 ? 1.0 : 2.0) / count;
    }
    for (std::size_t k = 0; k < n; ++k) values[k * stride] = result[k];
}

#if defined(__GNUC__) && !defined(__clang__)
#define VOLSTORM_INLINE inline __attribute__((always_inline))
#else
#define VOLSTORM_INLINE inline
#endif

// Clenshaw's rule for one line of coefficients; written out from the top so that nothing has to be set to zero first.
template <std::size_t N>
VOLSTORM_INLINE void clenshaw(const double* c, int n, const double* __restrict t, double* __restrict value) {
    if (n <= 1) {
        for (std::size_t i = 0; i < N; ++i) value[i] = n == 0 ? 0.0 : c[0];
        return;
    }
    if (n == 2) {
        for (std::size_t i = 0; i < N; ++i) value[i] = c[0] + t[i] * c[1];
        return;
    }
    double b1[N], b2[N];
    for (std::size_t i = 0; i < N; ++i) b2[i] = c[n - 1], b1[i] = c[n - 2] + 2.0 * t[i] * c[n - 1];
    for (int k = n - 3; k > 0; --k) {
        for (std::size_t i = 0; i < N; ++i) {
            const double next = c[k] + 2.0 * t[i] * b1[i] - b2[i];
            b2[i] = b1[i];
            b1[i] = next;
        }
    }
    for (std::size_t i = 0; i < N; ++i) value[i] = c[0] + t[i] * b1[i] - b2[i];
}

// The value at N points given by t in [-1, 1] on each axis: Clenshaw's rule on the last axis, the recurrence
// T_{k+1} = 2 t T_k - T_{k-1} on the others.
template <std::size_t N>
VOLSTORM_INLINE void evaluate_points(const double* coefficients, const int* rows, const int* rows_end, const int* terms,
                                     const double* __restrict tx, const double* __restrict ty,
                                     const double* __restrict tz, double* __restrict out) {
    double x0[N], x1[N], y0[N], y1[N], row[N], value[N];
    for (std::size_t i = 0; i < N; ++i) out[i] = 0.0, x0[i] = 1.0, x1[i] = tx[i];
    for (; rows != rows_end; ++rows) {
        for (std::size_t i = 0; i < N; ++i) row[i] = 0.0, y0[i] = 1.0, y1[i] = ty[i];
        for (const int* end = terms + *rows; terms != end; ++terms) {
            clenshaw<N>(coefficients, *terms, tz, value);
            for (std::size_t i = 0; i < N; ++i) {
                row[i] += y0[i] * value[i];
                const double next = 2.0 * ty[i] * y1[i] - y0[i];
                y0[i] = y1[i];
                y1[i] = next;
            }
            coefficients += *terms;
        }
        for (std::size_t i = 0; i < N; ++i) {
            out[i] += x0[i] * row[i];
            const double next = 2.0 * tx[i] * x1[i] - x0[i];
            x0[i] = x1[i];
            x1[i] = next;
        }
    }
}

VOLSTORM_CLONES
void evaluate_chunk(const double* coefficients, const int* rows, const int* rows_end, const int* terms,
                    const double* tx, const double* ty, const double* tz, double* out) {
    evaluate_points<kChunk>(coefficients, rows, rows_end, terms, tx, ty, tz, out);
}

VOLSTORM_CLONES
void evaluate_small_chunk(const double* coefficients, const int* rows, const int* rows_end, const int* terms,
                          const double* tx, const double* ty, const double* tz, double* out) {
    evaluate_points<kSmallChunk>(coefficients, rows, rows_end, terms, tx, ty, tz, out);
}

// The compiler's own vectors: arrays it would store and load again at each coefficient.
constexpr std::size_t kLanes = 8;
using Vector = double __attribute__((vector_size(kLanes * sizeof(double))));

VOLSTORM_INLINE void load(const double* from, Vector& v) { std::memcpy(&v, from, sizeof(v)); }

// The same of W vectors of points, where lines are sums of powers: Horner's rule.
template <std::size_t W>
VOLSTORM_INLINE void evaluate_powers(const double* coefficients, const int* rows, const int* rows_end, const int* terms,
                                     const double* tx, const double* ty, const double* tz, double* out) {
    Vector x[W], y[W], z[W], x0[W], x1[W], y0[W], y1[W], row[W], value[W], sum[W];
    const Vector zero = {}, one = zero + 1.0;
    for (std::size_t i = 0; i < W; ++i) {
        load(tx + i * kLanes, x[i]), load(ty + i * kLanes, y[i]), load(tz + i * kLanes, z[i]);
        sum[i] = zero, x0[i] = one, x1[i] = x[i];
    }
    for (; rows != rows_end; ++rows) {
        for (std::size_t i = 0; i < W; ++i) row[i] = zero, y0[i] = one, y1[i] = y[i];
        for (const int* end = terms + *rows; terms != end; ++terms) {
            for (std::size_t i = 0; i < W; ++i) value[i] = zero;
            for (int k = 0; k < *terms; ++k) {
                const double c = *coefficients++;
                for (std::size_t i = 0; i < W; ++i) value[i] = value[i] * z[i] + c;
            }
            for (std::size_t i = 0; i < W; ++i) {
                row[i] += y0[i] * value[i];
                const Vector next = 2.0 * y[i] * y1[i] - y0[i];
                y0[i] = y1[i], y1[i] = next;
            }
        }
        for (std::size_t i = 0; i < W; ++i) {
            sum[i] += x0[i] * row[i];
            const Vector next = 2.0 * x[i] * x1[i] - x0[i];
            x0[i] = x1[i], x1[i] = next;
        }
    }
    for (std::size_t i = 0; i < W; ++i) std::memcpy(out + i * kLanes, &sum[i], sizeof(Vector));
}

VOLSTORM_CLONES
void evaluate_powers_chunk(const double* coefficients, const int* rows, const int* rows_end, const int* terms,
                           const double* tx, const double* ty, const double* tz, double* out) {
    evaluate_powers<kChunk / kLanes>(coefficients, rows, rows_end, terms, tx, ty, tz, out);
}

VOLSTORM_CLONES
void evaluate_small_powers_chunk(const double* coefficients, const int* rows, const int* rows_end, const int* terms,
                                 const double* tx, const double* ty, const double* tz, double* out) {
    evaluate_powers<kSmallChunk / kLanes>(coefficients, rows, rows_end, terms, tx, ty, tz, out);
}

// The powers, the highest first, of which a line of Chebyshev coefficients is the sum.
void append_powers(std::span<const double> line, std::vector<double>& powers) {
    std::array<double, kMostPowers> sum{}, before{}, now{};  // T_{k-1} and T_k, the lowest power first
    before[0] = now[1] = 1.0;
    for (std::size_t k = 0; k < line.size(); ++k) {
        for (std::size_t p = 0; p < line.size(); ++p) sum[p] += line[k] * before[p];
        std::array<double, kMostPowers> next{};
        for (std::size_t p = 0; p < kMostPowers; ++p) next[p] = (p > 0 ? 2.0 * now[p - 1] : 0.0) - before[p];
        before = now, now = next;
    }
    powers.insert(powers.end(), sum.rend() - static_cast<std::ptrdiff_t>(line.size()), sum.rend());
}

}  // namespace

double Interpolant::node(const Interval& interval, int i, int n) {
    if (n == 1) return 0.5 * (interval.low + interval.high);
    const double t = std::cos(std::numbers::pi * (i + 0.5) / n);
    return 0.5 * (interval.low + interval.high) + 0.5 * (interval.high - interval.low) * t;
}

// The polynomial that is 1 at node i and 0 at the others: (1 + 2 sum_k T_k(t_i) T_k(t)) / n.
std::vector<double> Interpolant::weights(const Interval& interval, int n, double x) {
    std::vector<double> result(static_cast<std::size_t>(n), 1.0 / n);
    if (n == 1) return result;
    const double t = (x - 0.5 * (interval.low + interval.high)) * 2.0 / (interval.high - interval.low);
    double before = 1.0, present = t;
    for (int k = 1; k < n; ++k) {
        for (int i = 0; i < n; ++i) {
            result[static_cast<std::size_t>(i)] += 2.0 / n * present * std::cos(std::numbers::pi * k * (i + 0.5) / n);
        }
        const double next = 2.0 * t * present - before;
        before = present;
        present = next;
    }
    return result;
}

Interpolant Interpolant::blend(std::span<const Interpolant> parts, std::span<const double> weights) {
    Interpolant result = parts.front();
    std::ranges::fill(result.coefficients_, 0.0);
    for (std::size_t k = 0; k < parts.size(); ++k) {
        if (weights[k] == 0.0) continue;
        for (std::size_t i = 0; i < result.coefficients_.size(); ++i) {
            result.coefficients_[i] += weights[k] * parts[k].coefficients_[i];
        }
    }
    return result;
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
    for (const int size : sizes_) {
        if (size < 1 || size > kMostNodes) throw std::invalid_argument("an interpolant of so many nodes");
    }
    const auto ny = static_cast<std::size_t>(sizes_[1]), nz = static_cast<std::size_t>(sizes_[2]);
    const auto nx = static_cast<std::size_t>(sizes_[0]);
    const std::vector<double> on_x = cosines(sizes_[0]), on_y = cosines(sizes_[1]), on_z = cosines(sizes_[2]);
    for (std::size_t line = 0; line < nx * ny; ++line) transform_line(&values[line * nz], sizes_[2], 1, on_z);
    for (std::size_t a = 0; a < nx; ++a) {
        for (std::size_t c = 0; c < nz; ++c) transform_line(&values[a * ny * nz + c], sizes_[1], nz, on_y);
    }
    for (std::size_t line = 0; line < ny * nz; ++line) transform_line(&values[line], sizes_[0], ny * nz, on_x);
    coefficients_ = std::move(values);
    fill_rows();
}

void Interpolant::fill_rows() {
    rows_.assign(static_cast<std::size_t>(sizes_[0]), sizes_[1]);
    terms_.assign(static_cast<std::size_t>(sizes_[0]) * static_cast<std::size_t>(sizes_[1]), sizes_[2]);
}

namespace {

// The size below which coefficients can all be left out, so that together they make up at most `tolerance`.
double negligible_size(const std::vector<double>& coefficients, double tolerance) {
    const double tiny = tolerance / static_cast<double>(coefficients.size());  // all of these together do not
    std::vector<double> larger;
    double sum = 0.0;
    for (const double c : coefficients) {
        const double size = std::abs(c);
        if (size <= tiny) sum += size;
        if (size > tiny && size <= tolerance) larger.push_back(size);
    }
    std::ranges::sort(larger);
    for (const double one : larger) {
        sum += one;
        if (sum > tolerance) return one;
    }
    return std::nextafter(std::max(tolerance, tiny), std::numeric_limits<double>::infinity());
}

}  // namespace

Interpolant Interpolant::trimmed(double tolerance) const {
    const double least = negligible_size(coefficients_, tolerance);
    Interpolant result;
    result.in_powers_ = sizes_[2] <= static_cast<int>(kMostPowers);
    result.box_ = box_;
    result.sizes_ = sizes_;
    const auto nz = static_cast<std::size_t>(sizes_[2]);
    auto line = coefficients_.begin();
    for (int a = 0; a < sizes_[0]; ++a) {
        int rows = 0;
        for (int b = 0; b < sizes_[1]; ++b, line += static_cast<std::ptrdiff_t>(nz)) {
            std::size_t terms = nz;
            while (terms > 0 && std::abs(line[static_cast<std::ptrdiff_t>(terms) - 1]) < least) --terms;
            result.terms_.push_back(static_cast<int>(terms));
            const std::span<const double> kept(&*line, terms);
            if (result.in_powers_)
                append_powers(kept, result.coefficients_);
            else
                result.coefficients_.insert(result.coefficients_.end(), kept.begin(), kept.end());
            if (terms > 0) rows = b + 1;
        }
        result.terms_.resize(result.terms_.size() - static_cast<std::size_t>(sizes_[1] - rows));
        result.rows_.push_back(rows);
    }
    while (result.rows_.size() > 1 && result.rows_.back() == 0) result.rows_.pop_back();
    return result;
}

namespace {

// T_k(t) for k < count at the Chebyshev points of `part`, where t goes from -1 to 1 over `whole`: [point * count + k].
std::vector<double> orders_at_nodes(const Interval& whole, int count, const Interval& part, int nodes) {
    std::vector<double> table;
    for (int i = 0; i < nodes; ++i) {
        const double x = Interpolant::node(part, i, nodes);
        const double t = (x - 0.5 * (whole.low + whole.high)) * 2.0 / (whole.high - whole.low);
        double before = 1.0, present = t;
        for (int k = 0; k < count; ++k) {
            table.push_back(before);
            const double next = 2.0 * t * present - before;
            before = present;
            present = next;
        }
    }
    return table;
}

// Sums values[outer][k][inner] with the weights of table[point][k] over k: result[outer][point][inner].
std::vector<double> contract(const std::vector<double>& values, std::size_t outer, std::size_t count, std::size_t inner,
                             const std::vector<double>& table) {
    const std::size_t points = table.size() / count;
    std::vector<double> result(outer * points * inner, 0.0);
    for (std::size_t o = 0; o < outer; ++o) {
        for (std::size_t p = 0; p < points; ++p) {
            double* to = &result[(o * points + p) * inner];
            for (std::size_t k = 0; k < count; ++k) {
                const double weight = table[p * count + k], *from = &values[(o * count + k) * inner];
                for (std::size_t i = 0; i < inner; ++i) to[i] += weight * from[i];
            }
        }
    }
    return result;
}

}  // namespace

Interpolant Interpolant::on(const std::array<Interval, 3>& part, const Sizes& sizes) const {
    std::vector<double> values = coefficients_;
    std::size_t outer = 1, inner = values.size();
    for (std::size_t d = 0; d < 3; ++d) {
        const auto count = static_cast<std::size_t>(sizes_[d]);
        inner /= count;
        values = contract(values, outer, count, inner, orders_at_nodes(box_[d], sizes_[d], part[d], sizes[d]));
        outer *= static_cast<std::size_t>(sizes[d]);
    }
    return {part, sizes, std::move(values)};
}

double Interpolant::operator()(const Point& x) const {
    double value;
    evaluate(&x[0], &x[1], &x[2], &value, 1);
    return value;
}

Interpolant Interpolant::at_first(double x) const {
    const double t = (x - 0.5 * (box_[0].low + box_[0].high)) * 2.0 / (box_[0].high - box_[0].low);
    const std::size_t plane = static_cast<std::size_t>(sizes_[1]) * static_cast<std::size_t>(sizes_[2]);
    Interpolant result;
    result.box_ = box_;
    result.sizes_ = {1, sizes_[1], sizes_[2]};
    result.fill_rows();
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
    for (std::size_t first = 0, size = 0; first < count; first += size) {
        const bool few = count - first <= kSmallChunk;
        size = std::min(few ? kSmallChunk : kChunk, count - first);
        for (std::size_t d = 0; d < 3; ++d) {
            if (sizes_[d] == 1 || points[d] == nullptr) continue;
            const double centre = 0.5 * (box_[d].low + box_[d].high), scale = 2.0 / (box_[d].high - box_[d].low);
            for (std::size_t i = 0; i < size; ++i) t[d][i] = (points[d][first + i] - centre) * scale;
        }
        const auto evaluate_some = in_powers_ ? few ? evaluate_small_powers_chunk : evaluate_powers_chunk
                                   : few      ? evaluate_small_chunk
                                              : evaluate_chunk;
        evaluate_some(coefficients_.data(), rows_.data(), rows_.data() + rows_.size(), terms_.data(), t[0], t[1], t[2],
                      values);
        std::copy_n(values, size, out + first);
    }
}

}  // namespace volstorm
