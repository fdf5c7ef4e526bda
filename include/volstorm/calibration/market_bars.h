#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/calibration/one_day.h"

namespace volstorm {

/// What the market shows of one statistic, and the 90 % interval of a block bootstrap.
struct MarketFigure {
    double value, low, high;  // NaN: not known
    bool contains(double x) const { return x >= low && x <= high; }
};
using RegimeFigures = std::array<MarketFigure, kRegimes.size()>;

/// What a period of the market's history shows of the one-day law.
struct MarketBars {
    std::string period;                                        // 1990-2019
    std::array<std::size_t, kRegimes.size()> sessions{};       // how many
    std::array<std::vector<double>, kRegimes.size()> vix_mix;  // VIX closes that stand for those of the regime
    std::vector<std::string> ids;                              // of the statistics
    std::vector<RegimeFigures> bars;                           // of each
    const MarketFigure* find(std::string_view id, Regime regime) const;  // null where nothing is known
};

inline constexpr int kBootstrapReplications = 600;
inline constexpr int kBootstrapBlock = 21;   // sessions
inline constexpr std::size_t kMixSize = 64;  // VIX closes that stand for a regime

/// Every one-day statistic of the sessions (in order of time) with its interval: blocks of 21 consecutive sessions are
/// drawn with replacement, the sequence closed to a ring (Politis, Romano 1992), and the regimes taken from what was
/// drawn; 5 % and 95 % quantiles of 600 replications. A share that is 0 in all of them has the interval 0 to 3 / n.
MarketBars bars_of(const OneDaySample& sessions, std::string period, std::uint64_t seed = 1);

/// The same figures with what each replication gave, for errors of what is fitted to them.
struct Bootstrap {
    MarketBars bars;
    using ByRegime = std::array<std::vector<double>, kRegimes.size()>;
    std::vector<ByRegime> replications;               // of each statistic; NaN where a replication has none
    std::array<double, kRegimes.size()> effective{};  // sessions that the weights are worth: (sum w)^2 / sum w^2
};

/// As bars_of, of sessions with `weights` (not negative; empty: all alike): blocks are drawn without regard to the
/// weights, and what was drawn is weighted, so that the interval is that of the weighted statistic. A weighted sample
/// is one of as many sessions in which each comes as often as its weight says (weighted_sessions()). With weights, a
/// share reaches to three effective sessions at least, and a quantile with fewer than three beyond it is not known: the
/// extremes of a small sample are not those of its law, and its replications cannot show it.
Bootstrap bootstrap_of(const OneDaySample& sessions, std::span<const double> weights, std::string period,
                       std::uint64_t seed = 1);

/// The periods that volstorm ships, from src/calibration/market_bars.csv: 1990-2019, on which its models were fitted,
/// 2020-2025 and 1990-2025.
const std::vector<MarketBars>& shipped_bars();

/// The text of such a file, and what it says.
std::string to_csv(const std::vector<MarketBars>& periods);
std::vector<MarketBars> parse_bars(std::string_view text, const std::string& file);

}  // namespace volstorm
