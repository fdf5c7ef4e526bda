#pragma once
#include <span>
#include <vector>

#include "volstorm/market/expiry_quotes.h"
#include "volstorm/pricing/spx_option.h"

namespace volstorm {

struct PricingDay;

/// What the quotes of one expiry show beyond the model at the entry: the forward over the model's, and the logarithm of
/// the quoted implied vol over the model's, by the moneyness of the strike, ln(K / F) in units of the model's deviation
/// to the expiry: smooth and monotone between quotes (Fritsch, Butland 1984), flat beyond the last ones. Along the
/// paths the vol ratio is that of the moneyness reached there, and the basis dies out towards the settlement, where the
/// forward is what it settles to.
class SmileResidual {
 public:
    /// A strike's moneyness, and ln(quoted vol / model's vol) there.
    struct Node {
        double moneyness = 0.0, ratio = 0.0;
    };

    SmileResidual() = default;  // none
    /// `basis`, above 0: quoted forward over the model's, `years` of session time before the settlement. `nodes` by
    /// rising moneyness, at least one.
    SmileResidual(double basis, double years, std::vector<Node> nodes);

    bool is_none() const { return nodes_.empty(); }
    /// Marked forward over the model's with `years_left` to the settlement.
    double basis(double years_left) const;
    double ratio(double moneyness) const;
    /// The factor of the model's implied vol.
    double factor(double moneyness) const;
    /// With nodes at least `spacing` apart: what neighbouring quotes differ by is rounding, which paths should not ride
    /// over. The ratios at the moneyness of `keep`, at both ends and nearest to the money stay as they are.
    SmileResidual thinned(double spacing, std::span<const double> keep) const;

 private:
    static double slope(const Node& a, const Node& b);
    double log_basis_ = 0.0, years_ = 1.0;
    std::vector<Node> nodes_;
    std::vector<double> slopes_;  // at the nodes
};

/// A model's smile of SPX with the residual on it. An out-of-the-money price P becomes P + B(f s) - B(s), with B
/// Black's price, s the model's implied stdev, read from P or from 1e-8 of the forward where P is less, and f the
/// factor of its vol.
class MarkedSmile {
 public:
    /// `scale` of moneyness; `residual` must outlive the smile.
    MarkedSmile(SpxSmile model, const SmileResidual& residual, double scale);
    /// Undiscounted, on the forward as quoted.
    double put(double forward, double strike) const;
    double price(OptionType type, double forward, double strike) const;
    double implied_stdev(double forward, double strike) const;

 private:
    double raised(OptionType side, double log_strike, double price) const;
    SpxSmile model_;
    const SmileResidual* residual_;
    double scale_;
};

/// The residual of an SPX expiry, or of a VIX expiry, at the entry, with which the marks there are the mids of the
/// quotes; these discounted with the day's rate. Throws std::domain_error where the model has no prices of the expiry.
SmileResidual spx_residual(const PricingDay& day, const ExpiryQuotes& quotes);
SmileResidual vix_residual(const PricingDay& day, const ExpiryQuotes& quotes);

}  // namespace volstorm
