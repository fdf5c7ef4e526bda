#include "objective.h"

#include <algorithm>
#include <cmath>

#include "loss.h"

namespace volstorm {

Objective::Objective(const LeastSquaresProblem& problem, const LeastSquaresOptions& options,
                     std::span<const double> from, std::size_t start, std::size_t budget)
    : problem_(problem),
      options_(options),
      from_(from.begin(), from.end()),
      start_(start),
      budget_(budget),
      parameters_(from_),
      raw_(problem.residuals, std::numeric_limits<double>::quiet_NaN()) {
    for (std::size_t i = 0; i < from_.size(); ++i) {
        if (problem.parameters[i].fixed) continue;
        free_.push_back(i);
        bounded_.emplace_back(problem.parameters[i]);
    }
}

std::vector<double> Objective::start(double off) const {
    std::vector<double> y(free_.size());
    for (std::size_t j = 0; j < y.size(); ++j) y[j] = bounded_[j].variable(from_[free_[j]], off);
    return y;
}

std::vector<double> Objective::values(std::span<const double> y) const {
    std::vector<double> x = from_;
    for (std::size_t j = 0; j < y.size(); ++j) x[free_[j]] = bounded_[j].value(y[j]);
    return x;
}

bool Objective::may_evaluate(std::size_t count) {
    if (options_.stop && options_.stop({start_, evaluations_, cost_}))
        ended_ = FitStop::stopped;
    else if (evaluations_ + count > budget_)
        ended_ = FitStop::budget;
    if (ended_) return false;
    evaluations_ += count;
    return true;
}

bool Objective::residuals(std::span<const double> y, std::span<double> out) {
    if (!may_evaluate(1)) return false;
    const std::vector<double> x = values(y);
    problem_.evaluate(x, out);
    const std::vector<double> raw(out.begin(), out.end());
    double cost = 0.0;
    for (double& r : out) {
        r = weighted(options_.loss, options_.loss_scale, r);
        cost += r * r;
    }
    if (cost < cost_) cost_ = cost, parameters_ = x, raw_ = raw;
    return true;
}

/// Raw residuals at y + step of each variable in turn, each followed by those at y - step, or, on one side, at y.
std::vector<double> Objective::differences(std::span<const double> y, bool one_sided) const {
    const std::size_t height = problem_.residuals;
    std::vector<double> sets, moved(y.begin(), y.end());
    const auto add = [&] {
        const std::vector<double> x = values(moved);
        sets.insert(sets.end(), x.begin(), x.end());
    };
    if (one_sided) add();
    for (std::size_t j = 0; j < y.size(); ++j) {
        moved[j] = y[j] + bounded_[j].step(y[j]);
        add();
        moved[j] = y[j] - bounded_[j].step(y[j]);
        if (!one_sided) add();
        moved[j] = y[j];
    }
    const std::size_t width = from_.size(), count = sets.size() / width;
    std::vector<double> residuals(count * height);
    if (problem_.batch) problem_.batch(count, sets, residuals);
    for (std::size_t k = 0; !problem_.batch && k < count; ++k) {
        problem_.evaluate(std::span(sets).subspan(k * width, width), std::span(residuals).subspan(k * height, height));
    }
    if (!one_sided) return residuals;
    std::vector<double> pairs;
    for (std::size_t j = 1; j < count; ++j) {
        const auto above = residuals.begin() + static_cast<std::ptrdiff_t>(j * height);
        pairs.insert(pairs.end(), above, above + static_cast<std::ptrdiff_t>(height));
        pairs.insert(pairs.end(), residuals.begin(), residuals.begin() + static_cast<std::ptrdiff_t>(height));
    }
    return pairs;
}

bool Objective::jacobian(std::span<const double> y, std::span<double> columns) {
    const bool one_sided = options_.one_sided;
    if (!may_evaluate(one_sided ? y.size() + 1 : 2 * y.size())) return false;
    std::vector<double> around = differences(y, one_sided);
    for (double& r : around) r = weighted(options_.loss, options_.loss_scale, r);
    const std::size_t height = problem_.residuals;
    for (std::size_t j = 0; j < y.size(); ++j) {
        const double *above = &around[2 * j * height], *below = above + height;
        const double step = bounded_[j].step(y[j]), width = (y[j] + step) - (one_sided ? y[j] : y[j] - step);
        for (std::size_t i = 0; i < height; ++i) columns[j * height + i] = (above[i] - below[i]) / width;
    }
    if (std::ranges::all_of(columns, [](double d) { return std::isfinite(d); })) return true;
    ended_ = FitStop::not_finite;
    return false;
}

void Objective::raw_jacobian(std::span<const double> y, std::span<double> columns) const {
    const std::vector<double> around = differences(y, false);
    const std::size_t height = problem_.residuals;
    for (std::size_t j = 0; j < y.size(); ++j) {
        const double *above = &around[2 * j * height], *below = above + height, step = bounded_[j].step(y[j]);
        const double width = ((y[j] + step) - (y[j] - step)) * bounded_[j].slope(y[j]);
        for (std::size_t i = 0; i < height; ++i) columns[j * height + i] = (above[i] - below[i]) / width;
    }
}

}  // namespace volstorm
