#pragma once
#include <span>
#include <string>
#include <vector>

#include "volstorm/calibration/quote_fit.h"
#include "volstorm/pricing/vix_option.h"

namespace volstorm {

/// As model_quotes(), with payoffs kept from call to call and vols where they are wanted.
ModelQuotes price_quotes(const QuoteSet& quotes, const QuotedWorld& world, double precision, VixPayoffs& payoffs,
                         bool with_vols);

/// How one number of a world is searched for: as it is, or in the logarithm of what it has above `least`.
struct FreeNumber {
    std::string name;
    bool is_log = true;
    double low = 0.0, high = 0.0;  // bounds, in what is searched
    double unit = 1.0;             // of the ridge, in what is searched
    std::string unit_name;         // of the number, for people
    /// What kappa_v must be above for the mean of v to return; 0 for the other numbers.
    double least(const QuotedWorld& world) const;
    double to_search(const QuotedWorld& world) const;
    /// Sets the number; kappa_v after all that its least value depends on.
    void set(double y, QuotedWorld& world) const;
};

/// What kappa_v must be above for the means of v and m to return: L (1 + pull_m / kappa_m).
double least_kappa_v(const Parameters& parameters);

/// What can be fitted of a world, by the names of QuoteFitOptions::free; kappa_v last.
std::vector<FreeNumber> free_numbers(const QuotedWorld& start);
/// The number itself.
double& number_of(QuotedWorld& world, const std::string& name);

}  // namespace volstorm
