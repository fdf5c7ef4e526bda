#pragma once
#include <map>
#include <string>
#include <vector>

#include "volstorm/calibration/book_forecast.h"
#include "volstorm/calibration/one_day.h"

/// Were a model's forecasts of sessions right, each made from the VIX close before it and from nothing later?
namespace volstorm {

/// Expected shortfall is judged at 97.5 %, the level of the Basel rules (BCBS 457, 2019): 2.5 % of 1,400 sessions leave
/// 35 beyond it. The condor's greatest loss is likelier than that on most days, so that nothing can lie beyond; 90 %
/// says more of it.
inline constexpr double kShortfallLevel = 0.975, kBookShortfallLevel = 0.90;

/// Forecasts of expected shortfall, one a day.
struct ShortfallSeries {
    double level = kShortfallLevel;
    std::vector<ShortfallForecast> forecasts;
};

/// One quantity: what was foretold, and what came, one entry a day.
struct ForecastSeries {
    std::vector<double> pit;   // where the outcome stood in its law, atoms spread by pit_values()
    std::vector<double> loss;  // that the shortfalls are of
    std::vector<ShortfallSeries> shortfalls;
    LossQuantile law;  // of the loss; refers to the Forecaster
};

struct Forecasts {
    std::vector<double> vix_before;  // points
    ForecastSeries spx;              // log return, its loss in %
    ForecastSeries vix;              // change of ln VIX; the loss is the rise of VIX in points
    ForecastSeries book;             // P&L of the condor, its loss in % of max risk
    std::vector<PnlForecast> pnl;    // of the book
    std::vector<double> worst_loss;  // of the condor, % of max risk
    std::size_t size() const { return vix_before.size(); }
};

/// Those after VIX closes of the regime.
Forecasts forecasts_in(const Forecasts& all, Regime regime);

/// A model with all that its forecasts from some VIX closes need.
class Forecaster {
 public:
    /// InputError where a close gives no state of the model or no condor that could be sold.
    Forecaster(const ModelInput& model, std::span<const double> vix_closes, const BookRule& rule,
               const ForecastSampling& sampling, Executor& executor);
    /// Each from its own vix_before alone. std::out_of_range for a close that was not among the above.
    Forecasts of(const OneDaySample& sessions) const;
    const RelativeCondor& condor(double vix) const { return closes_.at(vix).condor; }

 private:
    struct Close {
        ShortfallForecast spx, vix;
        RelativeCondor condor;
        ShortfallForecast book, book_lower;  // at the two levels
        PnlForecast pnl;
    };
    Close close_of(const ModelInput& model, double vix, const BookRule& rule) const;
    ForecastSeries spx_series(const OneDaySample& sessions) const;
    ForecastSeries vix_series(const OneDaySample& sessions) const;
    ForecastSeries book_series(const OneDaySample& sessions) const;
    std::uint64_t seed_;
    NextDayLaws laws_;
    std::map<double, Close> closes_;  // by VIX
};

inline constexpr double kRejected = 0.01;  // a p-value below it rejects

/// One test on the sessions of one regime. NaN where a number is not known.
struct BacktestRow {
    std::string subject, id, meaning;  // spx, fall_1, ...
    Regime regime = Regime::all;
    std::size_t sessions = 0;
    double expected = kUnknown, observed = kUnknown;  // what `meaning` says; expected if the forecasts are right
    double statistic = kUnknown, p_value = kUnknown;
    std::string reason;  // why it is rejected, or why nothing is known
    bool rejected() const { return p_value < kRejected; }
};

struct BacktestTable {
    std::vector<BacktestRow> rows;  // by regime, subject and test, the same tests in each regime
    /// Sessions in each tenth of their laws, lowest first.
    struct Histogram {
        std::string subject;
        Regime regime = Regime::all;
        std::vector<std::uint64_t> counts;
    };
    std::vector<Histogram> histograms;
};

/// Every test of every regime. In a regime, days that follow one another are the next of that regime. `repetitions`:
/// of the histories drawn for the p-values of expected shortfall.
BacktestTable judge(const Forecasts& forecasts, std::uint64_t repetitions, std::uint64_t seed, Executor& executor);

/// Two-sided exact p-value of a count of days, each with its own probability and independent: twice the smaller tail.
double count_p_value(std::span<const double> probabilities, std::uint64_t count);

}  // namespace volstorm
