#include "volstorm/market/parity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "volstorm/market/clock.h"

namespace volstorm {
namespace {

constexpr double kNearDeviations = 4.0;
constexpr int kFewestStrikes = 4;
constexpr double kHuber = 1.345;        // in deviations: 95 % efficient where the errors are normal
constexpr double kMadToSigma = 1.4826;  // of normal errors
constexpr double kSmallestScale = 1e-6;
constexpr double kRounding = 0.0125;  // points: a quarter of a tick of 0.05, which neighbouring quotes share
constexpr int kIterations = 30;
constexpr double kLargestRateError = 0.005, kSmallestRateError = 0.001;

/// A strike on the line: x = K - K0, y = C - P, and the width of its quotes.
struct Point {
    double x, y, width;
};

/// y = a - b x, and its errors.
struct Line {
    double a = 0.0, b = 0.0;
    double variance_a = 0.0, covariance = 0.0, variance_b = 0.0;
};

/// Deviation of the forward to the settlement, points, from the straddle: C + P = F stdev sqrt(2 / pi), about.
double deviation(const ChainExpiry& expiry, double strike) {
    const auto row = std::ranges::find(expiry.rows, strike, &ChainRow::strike);
    return (row->call.mid() + row->put.mid()) * std::sqrt(std::acos(-1.0) / 2.0);
}

std::vector<Point> near_points(const ChainExpiry& expiry, const ParityForward& at_the_money) {
    const double reach = kNearDeviations * deviation(expiry, at_the_money.strike);
    std::vector<Point> points;
    for (const ChainRow& row : expiry.rows) {
        const bool two_sided = row.call.is_quoted() && row.put.is_quoted() && row.call.bid > 0.0 && row.put.bid > 0.0;
        const double width = row.call.ask - row.call.bid + row.put.ask - row.put.bid;
        if (!two_sided || width <= 0.0 || std::abs(row.strike - at_the_money.forward) > reach) continue;
        points.push_back({row.strike - at_the_money.strike, row.call.mid() - row.put.mid(), width});
    }
    return points;
}

Line least_squares(const std::vector<Point>& points, const std::vector<double>& weights) {
    double s = 0.0, sx = 0.0, sxx = 0.0, sy = 0.0, sxy = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto& [x, y, width] = points[i];
        const double w = weights[i];
        s += w, sx += w * x, sxx += w * x * x, sy += w * y, sxy += w * x * y;
    }
    const double det = s * sxx - sx * sx;
    Line line{(sxx * sy - sx * sxy) / det, (sx * sy - s * sxy) / det, sxx / det, sx / det, s / det};
    double chi2 = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double residual = points[i].y - line.a + line.b * points[i].x;
        chi2 += weights[i] * residual * residual;
    }
    const double scale = chi2 / static_cast<double>(points.size() - 2);
    line.variance_a *= scale, line.covariance *= scale, line.variance_b *= scale;
    return line;
}

/// Huber's weights for the residuals about a line, times those of the widths.
std::vector<double> robust_weights(const std::vector<Point>& points, const Line& line) {
    std::vector<double> residuals;
    residuals.reserve(points.size());
    for (const Point& p : points) residuals.push_back(std::abs(p.y - line.a + line.b * p.x) / p.width);
    std::vector<double> sorted = residuals;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double bound = kHuber * std::max(kMadToSigma * *middle, kSmallestScale);
    std::vector<double> weights;
    weights.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double huber = residuals[i] <= bound ? 1.0 : bound / residuals[i];
        weights.push_back(huber / (points[i].width * points[i].width));
    }
    return weights;
}

Line robust_line(const std::vector<Point>& points) {
    std::vector<double> weights;
    weights.reserve(points.size());
    for (const Point& p : points) weights.push_back(1.0 / (p.width * p.width));
    Line line = least_squares(points, weights);
    for (int i = 0; i < kIterations; ++i) line = least_squares(points, robust_weights(points, line));
    return line;
}

}  // namespace

std::optional<ParityForward> parity_forward(const ChainExpiry& expiry) {
    std::optional<ParityForward> best;
    double least = std::numeric_limits<double>::infinity();
    for (const ChainRow& row : expiry.rows) {
        if (!row.call.is_quoted() || !row.put.is_quoted() || row.call.bid <= 0.0 || row.put.bid <= 0.0) continue;
        const double difference = row.call.mid() - row.put.mid();
        if (std::abs(difference) >= least) continue;
        least = std::abs(difference);
        best = {row.strike + difference, row.strike, row.strike + row.call.bid - row.put.ask,
                row.strike + row.call.ask - row.put.bid};
    }
    return best;
}

double ParityFit::rate(CalendarYears years) const { return -std::log(discount) / years.value; }

double ParityFit::rate_error(CalendarYears years) const { return discount_error / discount / years.value; }

std::optional<ParityFit> fit_parity(const ChainExpiry& expiry) {
    const std::optional<ParityForward> start = parity_forward(expiry);
    if (!start) return std::nullopt;
    const std::vector<Point> points = near_points(expiry, *start);
    if (static_cast<int>(points.size()) < kFewestStrikes) return std::nullopt;

    const Line line = robust_line(points);
    if (!(line.b > 0.0)) return std::nullopt;
    const double offset = line.a / line.b;  // F - K0; its error by the delta method
    const double variance = line.variance_a - 2.0 * offset * line.covariance + offset * offset * line.variance_b;
    const double reach = 0.5 * (points.back().x - points.front().x);
    return ParityFit{start->strike + offset, std::hypot(std::sqrt(std::max(variance, 0.0)), kRounding) / line.b, line.b,
                     std::hypot(std::sqrt(line.variance_b), kRounding / reach), static_cast<int>(points.size())};
}

std::optional<double> implied_rate(const OptionChain& chain, DateTime quote_time) {
    double sum = 0.0, weights = 0.0;
    for (const ChainExpiry& expiry : chain.expiries) {
        const CalendarYears years = calendar_time(quote_time, settlement_time(expiry));
        const std::optional<ParityFit> fit = years.value > 0.0 ? fit_parity(expiry) : std::nullopt;
        if (!fit) continue;
        const double rate = fit->rate(years), error = std::max(fit->rate_error(years), kSmallestRateError);
        if (!(error <= kLargestRateError && rate >= kLowestRate && rate <= kHighestRate)) continue;
        sum += rate / (error * error);
        weights += 1.0 / (error * error);
    }
    return weights > 0.0 ? std::optional(sum / weights) : std::nullopt;
}

}  // namespace volstorm
