#pragma once
#include <span>
#include <vector>

#include "volstorm/market/expiry_quotes.h"
#include "volstorm/pricing/spx_option.h"

namespace volstorm {

struct PricingDay;

/// What the quotes of one expiry show beyond the model at the entry: the forward over the model's, and an implied vol
/// to add, by the moneyness of the strike in units of the model's own deviation to the expiry, ln(K / F) / scale:
/// smooth and monotone between quotes (Fritsch, Butland 1984), flat beyond the last ones. Both are carried along the
/// paths, at the moneyness reached there.
class SmileResidual {
 public:
    /// A strike's moneyness, and the vol that it adds: 0.01 is one point.
    struct Node {
        double moneyness = 0.0, vol = 0.0;
    };

    SmileResidual() = default;  // none
    /// `nodes` by rising moneyness, at least one; `basis` above 0.
    SmileResidual(double basis, std::vector<Node> nodes);

    bool is_none() const { return nodes_.empty(); }
    /// Quoted forward over the model's.
    double basis() const { return basis_; }
    double vol(double moneyness) const;
    /// With nodes at least `spacing` apart: what neighbouring quotes differ by is rounding, which paths should not ride
    /// over. The vols at the moneyness of `keep` stay as they are.
    SmileResidual thinned(double spacing, std::span<const double> keep) const;

 private:
    static double slope(const Node& a, const Node& b);
    double basis_ = 1.0;
    std::vector<Node> nodes_;
    std::vector<double> slopes_;  // at the nodes
};

/// A model's smile of SPX with the residual on it. An out-of-the-money price P becomes
/// P + B(s + r sqrt(T)) - B(s), with B Black's price, s the model's implied stdev, from P but from 1e-8 of the forward
/// where P is less, and r the residual vol.
class MarkedSmile {
 public:
    /// `years` of session time to the expiry, `scale` of moneyness; `residual` must outlive the smile.
    MarkedSmile(SpxSmile model, const SmileResidual& residual, double years, double scale);
    /// Undiscounted, on the forward as quoted.
    double put(double forward, double strike) const;
    double price(OptionType type, double forward, double strike) const;
    double implied_stdev(double forward, double strike) const;

 private:
    double raised(OptionType side, double log_strike, double price) const;
    SpxSmile model_;
    const SmileResidual* residual_;
    double root_years_, scale_;
};

/// The residual of an SPX expiry, or of a VIX expiry, at the entry, with which the marks there are the mids of the
/// quotes; these discounted with the day's rate. Throws std::domain_error where the model has no prices of the expiry.
SmileResidual spx_residual(const PricingDay& day, const ExpiryQuotes& quotes);
SmileResidual vix_residual(const PricingDay& day, const ExpiryQuotes& quotes);

}  // namespace volstorm
