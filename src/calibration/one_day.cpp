#include "volstorm/calibration/one_day.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace volstorm {

void OneDaySample::append(const OneDaySample& other, std::size_t first, std::size_t count) {
    const auto add = [&](std::vector<double>& to, const std::vector<double>& from) {
        const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
        to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
    };
    add(vix_before, other.vix_before);
    add(spx_return, other.spx_return);
    add(vix_change, other.vix_change);
    add(low, other.low);
    add(high, other.high);
    add(gap, other.gap);
}

std::vector<std::size_t> session_places(const DailyHistory& history, Date from, Date to) {
    std::vector<std::size_t> places;
    for (std::size_t i = 1; i < history.sessions(); ++i) {
        const Date date = history.spx[i].date;
        if (date >= from && date <= to && is_whole_session(history, i)) places.push_back(i);
    }
    return places;
}

OneDaySample sessions_of(const DailyHistory& history, Date from, Date to) {
    OneDaySample sample;
    for (const std::size_t i : session_places(history, from, to)) {
        const DailyBar& spx = history.spx[i];
        const double close_before = history.spx[i - 1].close, vix_before = history.vix[i - 1].close;
        const auto percent = [&](double price) { return 100.0 * std::log(price / close_before); };
        sample.vix_before.push_back(vix_before);
        sample.spx_return.push_back(percent(spx.close));
        sample.vix_change.push_back(history.vix[i].close - vix_before);
        sample.low.push_back(percent(spx.low));
        sample.high.push_back(percent(spx.high));
        sample.gap.push_back(percent(spx.open));
    }
    return sample;
}

std::string_view name_of(Regime regime) {
    constexpr std::array<std::string_view, kRegimes.size()> kNames{"all", "<15", "15-20", "20-30", ">30"};
    return kNames[static_cast<std::size_t>(regime)];
}

Regime regime_of(double vix_before) {
    if (vix_before < 15.0) return Regime::below_15;
    if (vix_before < 20.0) return Regime::from_15_to_20;
    return vix_before < 30.0 ? Regime::from_20_to_30 : Regime::above_30;
}

OneDaySample sessions_in(const OneDaySample& sample, Regime regime) {
    if (regime == Regime::all) return sample;
    OneDaySample part;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        if (regime_of(sample.vix_before[i]) == regime) part.append(sample, i, 1);
    }
    return part;
}

namespace {

std::vector<double> in_order(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values;
}

}  // namespace

double quantile_of_sorted(std::span<const double> sorted, double level) {
    if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
    const double place = level * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

OneDayLaw::OneDayLaw(OneDaySample sample)
    : sample_(std::move(sample)),
      sorted_return_(in_order(sample_.spx_return)),
      sorted_vix_change_(in_order(sample_.vix_change)) {}

double OneDayLaw::return_quantile(double level) const { return quantile_of_sorted(sorted_return_, level); }
double OneDayLaw::vix_change_quantile(double level) const { return quantile_of_sorted(sorted_vix_change_, level); }

}  // namespace volstorm
