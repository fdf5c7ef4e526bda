#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/market/daily_history.h"

namespace volstorm {

/// Sessions from close to close, of the market or simulated: one entry each.
struct OneDaySample {
    std::vector<double> vix_before;  // close before, points
    std::vector<double> spx_return;  // log, %
    std::vector<double> vix_change;  // points
    std::vector<double> low, high;   // of SPX between open and close, log over the close before, %; NaN: not known
    std::vector<double> gap;         // log of open over the close before, %; NaN: not known

    std::size_t size() const { return vix_before.size(); }
    void append(const OneDaySample& other, std::size_t first, std::size_t count);
};

/// Places in the history of the whole sessions in [from, to]; each follows the close at the place before.
std::vector<std::size_t> session_places(const DailyHistory& history, Date from, Date to);
/// These sessions, in the same order.
OneDaySample sessions_of(const DailyHistory& history, Date from, Date to);

/// Groups of sessions by the VIX close before them.
enum class Regime { all, below_15, from_15_to_20, from_20_to_30, above_30 };
inline constexpr std::array kRegimes{Regime::all, Regime::below_15, Regime::from_15_to_20, Regime::from_20_to_30,
                                     Regime::above_30};
std::string_view name_of(Regime regime);  // all, <15, 15-20, 20-30, >30
/// The group apart from `all`.
Regime regime_of(double vix_before);
OneDaySample sessions_in(const OneDaySample& sample, Regime regime);

/// The quantile of values in ascending order, by linear interpolation between them; NaN where there are none.
double quantile_of_sorted(std::span<const double> sorted, double level);

/// A sample with what the statistics share: sorted columns.
class OneDayLaw {
 public:
    explicit OneDayLaw(OneDaySample sample);
    const OneDaySample& sample() const { return sample_; }
    std::size_t size() const { return sample_.size(); }
    /// As quantile_of_sorted.
    double return_quantile(double level) const;
    double vix_change_quantile(double level) const;

 private:
    OneDaySample sample_;
    std::vector<double> sorted_return_, sorted_vix_change_;
};

/// A statistic of the one-day law. Shares are in %, returns in %, VIX in points. NaN where the sample has none.
struct OneDayStatistic {
    std::string_view id;       // std_r
    std::string_view meaning;  // standard deviation of the SPX return, %
    double (*value)(const OneDayLaw& law);
    bool of_all_only = false;  // too rare to be asked of a regime
    /// Of a share, which may be 0 in the history: of how many sessions it is one. Else null.
    double (*base)(const OneDayLaw& law) = nullptr;
    double tail = 1.0;  // of a quantile: share of the sessions beyond it
};
std::span<const OneDayStatistic> one_day_statistics();

}  // namespace volstorm
