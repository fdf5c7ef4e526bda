#pragma once
#include <limits>
#include <string>
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// One priced contract at the entry. Index points for SPX, VIX points for VIX; numbers that do not apply are NaN.
struct Quote {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    std::string name, type;  // type as in [[price]]
    std::string expiry;      // date, or empty where only years are known
    double strike = kNone;
    double years = kNone;  // of variance, to expiry
    double price = kNone;  // option values discounted
    double forward = kNone;
    double implied_vol = kNone;  // on market.iv_clock
    double delta = kNone;        // Black forward delta at that vol
    double gamma = kNone;        // change of delta for one point of the forward
    double vega = kNone;         // points for one vol point (0.01) of implied vol
    double theta = kNone;        // points for one session less, at the same implied vol
};

/// A vol of the session clock on the clock of market.iv_clock, for an expiry.
double on_iv_clock(const Experiment& experiment, double session_vol, DateTime expiry);

/// Every leg of the book, then the [[price]] rows.
std::vector<Quote> quote_all(const Experiment& experiment);

}  // namespace volstorm
