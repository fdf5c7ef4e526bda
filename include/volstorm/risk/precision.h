#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "volstorm/risk/book.h"

namespace volstorm {

/// A figure of a book by its name: mean, sd, p_loss, var99, es97.5 ...
struct FigureName {
    enum class Kind { mean, sd, p_loss, value_at_risk, expected_shortfall };
    Kind kind = Kind::mean;
    std::size_t level = 0;  // of kTailLevels
    std::size_t book = 0;   // of the strategies
};

/// How narrow the 95 % interval of a figure should be.
struct Precision {
    std::string text;  // es99.9(total) < 0.5 %
    FigureName figure;
    double limit = 0.0;     // on half the width of the interval: dollars, or a share of the estimate
    bool relative = false;  // a share
};

/// Reads goals joined by `and`: "es99.9 < 0.5 %", "es99(unhedged) < 50 and p_loss < 0.001". A book is a strategy's name
/// or `total`, the default. InputError, which begins with `where`, says what is wrong and what there is.
std::vector<Precision> read_precision(const std::string& text, const std::string& where,
                                      std::span<const std::string> strategies);

/// What a goal came to: half the width of the interval in the unit of its limit, infinite where the sample is too small
/// to say.
double half_width(const Precision& goal, const BookRisk& risk);

/// By how much more paths every goal should be reached, as errors fall with their square root: 1 or less where all are;
/// infinite where one has no interval yet.
double paths_factor(std::span<const Precision> goals, const BookRisk& risk);

}  // namespace volstorm
