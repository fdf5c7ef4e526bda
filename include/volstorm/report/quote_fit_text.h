#pragma once
#include <string>
#include <vector>

#include "volstorm/calibration/quote_fit.h"

namespace volstorm {

/// What a fit to quotes is reported from.
struct QuoteFitReport {
    std::string model;               // file or scenario that it started from
    std::vector<std::string> files;  // of the quotes
    QuoteSet quotes;
    QuoteFit fit;
    std::size_t threads = 0;
    double seconds = 0.0;                     // of the fit
    double priced_vol = 0.0, path_vol = 0.0;  // of SPX over the next session, a year: by prices, and on paths
};

/// How the model stands to the quotes of one expiry.
struct ExpiryFit {
    double spread = 0.0;        // mean of ask less bid, vol points
    double rms_before = 0.0;    // root of the mean squared distance from the mid, vol points: of the start
    double rms = 0.0;           // of the fit
    double inside = 0.0;        // share of quotes whose bid and ask hold the model's price, %
    double future_error = 0.0;  // model less market, points; 0 for SPX
};
ExpiryFit expiry_fit(const QuoteFitReport& report, std::size_t expiry);

/// The summary for a terminal, at most 100 columns where paths allow.
std::string quote_fit_text(const QuoteFitReport& report);

/// A row a quote: bid, mid and ask as price and vol, the model's, the residual in vol points and in spreads, and the
/// standardised moneyness ln(K / F) / (at-the-money vol x root of time) at which the residual smile is carried along.
std::string quote_fit_csv(const QuoteFitReport& report);

/// The smiles as SVG: bid to ask of each quote, the model before and after.
std::string quote_fit_svg(const QuoteFitReport& report);

/// Lines to put into a scenario of that moment: the state, the events.
std::string quote_fit_scenario(const QuoteFitReport& report);

}  // namespace volstorm
