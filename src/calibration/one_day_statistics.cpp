#include <cmath>
#include <limits>

#include "volstorm/calibration/one_day.h"
#include "volstorm/core/units.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The move that VIX announces for one session, %.
double expected_move(const OneDaySample& s, std::size_t i) { return s.vix_before[i] / std::sqrt(kSessionsPerYear); }
double z_of(const OneDaySample& s, std::size_t i) { return s.spx_return[i] / expected_move(s, i); }

double mean(const std::vector<double>& x) {
    double sum = 0.0;
    for (const double value : x) sum += value;
    return x.empty() ? kNone : sum / static_cast<double>(x.size());
}

template <class Of>
double mean_square(const OneDaySample& s, Of of) {
    double sum = 0.0;
    for (std::size_t i = 0; i < s.size(); ++i) sum += of(i) * of(i);
    return sum / static_cast<double>(s.size());
}

// Standard deviation with n - 1.
template <class Of>
double deviation(std::size_t n, Of of) {
    if (n < 2) return kNone;
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += of(i);
    const double centre = sum / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) squares += (of(i) - centre) * (of(i) - centre);
    return std::sqrt(squares / static_cast<double>(n - 1));
}

// Share in % of the sessions of `given` on which `holds`.
template <class Given, class Holds>
double share_given(const OneDaySample& s, Given given, Holds holds) {
    std::size_t count = 0, hits = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (!given(i)) continue;
        ++count;
        hits += holds(i) ? 1 : 0;
    }
    return count == 0 ? kNone : 100.0 * static_cast<double>(hits) / static_cast<double>(count);
}
template <class Holds>
double share(const OneDaySample& s, Holds holds) {
    return share_given(
        s, [](std::size_t) { return true; }, holds);
}

double spx_deviation(const OneDayLaw& law) {
    return deviation(law.size(), [&](std::size_t i) { return law.sample().spx_return[i]; });
}
double z_deviation(const OneDayLaw& law) {
    return deviation(law.size(), [&](std::size_t i) { return z_of(law.sample(), i); });
}
double one_day_rms(const OneDayLaw& law) {
    const OneDaySample& s = law.sample();
    return std::sqrt(kSessionsPerYear * mean_square(s, [&](std::size_t i) { return s.spx_return[i]; }) /
                     mean_square(s, [&](std::size_t i) { return s.vix_before[i]; }));
}

template <int kPerMille10>
double return_quantile(const OneDayLaw& law) {
    return law.return_quantile(kPerMille10 * 1e-4);
}
template <int kPerMille10>
double vix_quantile(const OneDayLaw& law) {
    return law.vix_change_quantile(kPerMille10 * 1e-4);
}
template <int kPercent>
double falls(const OneDayLaw& law) {
    return share(law.sample(), [&](std::size_t i) { return law.sample().spx_return[i] < -kPercent; });
}
template <int kPercent>
double rises(const OneDayLaw& law) {
    return share(law.sample(), [&](std::size_t i) { return law.sample().spx_return[i] > kPercent; });
}
template <int kPoints>
double vix_rises(const OneDayLaw& law) {
    // Closes have two digits: a change of 2.00 must not fall short of 2 by rounding.
    return share(law.sample(), [&](std::size_t i) { return law.sample().vix_change[i] >= kPoints - 1e-9; });
}
template <int kSigmas>
double falls_by(const OneDayLaw& law) {
    return share(law.sample(), [&](std::size_t i) { return z_of(law.sample(), i) < -kSigmas; });
}
double rises_by_one(const OneDayLaw& law) {
    return share(law.sample(), [&](std::size_t i) { return z_of(law.sample(), i) > 1.0; });
}

// Least squares of the VIX change on 1, min(r, 0) and max(r, 0).
struct Response {
    double per_fall = kNone, per_rise = kNone, residual_deviation = kNone;
};

using Row = std::array<double, 4>;

// Gaussian elimination of three normal equations, the right side in the last column.
std::array<double, 3> solve(std::array<Row, 3> a) {
    for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = 0; i < 3; ++i) {
            if (i == k) continue;
            const double factor = a[i][k] / a[k][k];
            for (std::size_t j = k; j < 4; ++j) a[i][j] -= factor * a[k][j];
        }
    }
    return {a[0][3] / a[0][0], a[1][3] / a[1][1], a[2][3] / a[2][2]};
}

Response vix_response(const OneDayLaw& law) {
    const OneDaySample& s = law.sample();
    std::array<Row, 3> normal{};
    double squares = 0.0;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const double r = s.spx_return[i], y = s.vix_change[i];
        const Row x{1.0, r < 0.0 ? r : 0.0, r > 0.0 ? r : 0.0, y};
        for (std::size_t k = 0; k < 3; ++k) {
            for (std::size_t j = 0; j < 4; ++j) normal[k][j] += x[k] * x[j];
        }
        squares += y * y;
    }
    if (s.size() < 4) return {};
    const auto b = solve(normal);
    const double residual = squares - b[0] * normal[0][3] - b[1] * normal[1][3] - b[2] * normal[2][3];
    return {b[1], b[2], std::sqrt(std::max(residual, 0.0) / static_cast<double>(s.size()))};
}

double per_fall(const OneDayLaw& law) { return vix_response(law).per_fall; }
double per_rise(const OneDayLaw& law) { return vix_response(law).per_rise; }
double residual_deviation(const OneDayLaw& law) { return vix_response(law).residual_deviation; }

double correlation(const OneDayLaw& law) {
    const OneDaySample& s = law.sample();
    const double r0 = mean(s.spx_return), v0 = mean(s.vix_change);
    double rr = 0.0, vv = 0.0, rv = 0.0;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const double r = s.spx_return[i] - r0, v = s.vix_change[i] - v0;
        rr += r * r;
        vv += v * v;
        rv += r * v;
    }
    return rv / std::sqrt(rr * vv);
}

// Share of the worst 5 % of SPX sessions that are among the largest 5 % of VIX rises.
double tail_dependence(const OneDayLaw& law) {
    const double loss = law.return_quantile(0.05), rise = law.vix_change_quantile(0.95);
    const OneDaySample& s = law.sample();
    return 0.01 * share_given(
                      s, [&](std::size_t i) { return s.spx_return[i] <= loss; },
                      [&](std::size_t i) { return s.vix_change[i] >= rise; });
}

// How many sessions touch one expected move, for each that closes beyond it.
double touch_ratio_down(const OneDayLaw& law) {
    const OneDaySample& s = law.sample();
    return share_given(
               s, [&](std::size_t i) { return !std::isnan(s.low[i]); },
               [&](std::size_t i) { return s.low[i] < -expected_move(s, i); }) /
           falls_by<1>(law);
}
double touch_ratio_up(const OneDayLaw& law) {
    const OneDaySample& s = law.sample();
    return share_given(
               s, [&](std::size_t i) { return !std::isnan(s.high[i]); },
               [&](std::size_t i) { return s.high[i] > expected_move(s, i); }) /
           rises_by_one(law);
}

// Share of the variance that lies between close and open.
double overnight_share(const OneDayLaw& law) {
    const OneDaySample& s = law.sample();
    std::vector<double> night, day;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (std::isnan(s.gap[i])) continue;
        night.push_back(s.gap[i]);
        day.push_back(s.spx_return[i] - s.gap[i]);
    }
    const double a = deviation(night.size(), [&](std::size_t i) { return night[i]; });
    const double b = deviation(day.size(), [&](std::size_t i) { return day[i]; });
    return a * a / (a * a + b * b);
}

double all_sessions(const OneDayLaw& law) { return static_cast<double>(law.size()); }

template <int kPoints>
bool spikes(const OneDayLaw& law, std::size_t i) {
    return law.sample().vix_change[i] >= kPoints - 1e-9;
}
template <int kPoints>
double spike_days(const OneDayLaw& law) {
    return 0.01 * vix_rises<kPoints>(law) * all_sessions(law);
}
template <int kPoints, int kPercent>
double spike_without_fall(const OneDayLaw& law) {
    return share_given(
        law.sample(), [&](std::size_t i) { return spikes<kPoints>(law, i); },
        [&](std::size_t i) { return law.sample().spx_return[i] > -kPercent; });
}
double fall_days(const OneDayLaw& law) { return 0.01 * falls<3>(law) * all_sessions(law); }
double fall_without_spike(const OneDayLaw& law) {
    return share_given(
        law.sample(), [&](std::size_t i) { return law.sample().spx_return[i] < -3.0; },
        [&](std::size_t i) { return !spikes<3>(law, i); });
}

constexpr OneDayStatistic kStatistics[] = {
    {"std_r", "standard deviation of the SPX return, %", spx_deviation},
    {"q0_1", "0.1 % quantile of the SPX return, %", return_quantile<10>, false, nullptr, 0.001},
    {"q1", "1 % quantile of the SPX return, %", return_quantile<100>, false, nullptr, 0.01},
    {"q99", "99 % quantile of the SPX return, %", return_quantile<9900>, false, nullptr, 0.01},
    {"q99_9", "99.9 % quantile of the SPX return, %", return_quantile<9990>, false, nullptr, 0.001},
    {"p_fall_1", "sessions with SPX below -1 %, %", falls<1>, false, all_sessions},
    {"p_fall_2", "sessions with SPX below -2 %, %", falls<2>, false, all_sessions},
    {"p_fall_3", "sessions with SPX below -3 %, %", falls<3>, false, all_sessions},
    {"p_fall_4", "sessions with SPX below -4 %, %", falls<4>, false, all_sessions},
    {"p_fall_5", "sessions with SPX below -5 %, %", falls<5>, false, all_sessions},
    {"p_rise_2", "sessions with SPX above +2 %, %", rises<2>, false, all_sessions},
    {"b_neg", "VIX points per 1 % of SPX on falls", per_fall},
    {"b_pos", "VIX points per 1 % of SPX on rises", per_rise},
    {"res_std", "deviation of VIX from that, points", residual_deviation},
    {"corr_r_dv", "correlation of the SPX return and the VIX change", correlation},
    {"p_vix_2", "sessions with VIX up 2 points or more, %", vix_rises<2>, false, all_sessions},
    {"p_vix_5", "sessions with VIX up 5 points or more, %", vix_rises<5>, false, all_sessions},
    {"p_vix_10", "sessions with VIX up 10 points or more, %", vix_rises<10>, false, all_sessions},
    {"dv_q99", "99 % quantile of the VIX change, points", vix_quantile<9900>, false, nullptr, 0.01},
    {"dv_q99_9", "99.9 % quantile of the VIX change, points", vix_quantile<9990>, false, nullptr, 0.001},
    {"one_day_rms", "annualised root mean square return over that of VIX", one_day_rms},
    {"std_z", "standard deviation of z = return / (VIX before / sqrt 252)", z_deviation},
    {"p_z_below_1", "sessions with z below -1, %", falls_by<1>, false, all_sessions},
    {"p_z_above_1", "sessions with z above 1, %", rises_by_one, false, all_sessions},
    {"p_z_below_2", "sessions with z below -2, %", falls_by<2>, false, all_sessions},
    {"p_z_below_3", "sessions with z below -3, %", falls_by<3>, false, all_sessions},
    {"touch_down", "sessions that touch z = -1, for each that closes beyond", touch_ratio_down},
    {"touch_up", "sessions that touch z = 1, for each that closes beyond", touch_ratio_up},
    {"dv_q1", "1 % quantile of the VIX change, points", vix_quantile<100>, false, nullptr, 0.01},
    {"dv_q5", "5 % quantile of the VIX change, points", vix_quantile<500>, false, nullptr, 0.05},
    {"dv_q50", "median of the VIX change, points", vix_quantile<5000>, false, nullptr, 0.5},
    {"dv_q95", "95 % quantile of the VIX change, points", vix_quantile<9500>, false, nullptr, 0.05},
    {"tail_dependence", "worst 5 % of SPX among the 5 % largest VIX rises, share", tail_dependence},
    {"overnight_share", "variance of the return from close to open, share", overnight_share},
    {"spike_5_no_fall", "of VIX up 5 or more: SPX above -2 %, %", spike_without_fall<5, 2>, true, spike_days<5>},
    {"spike_10_no_fall", "of VIX up 10 or more: SPX above -3 %, %", spike_without_fall<10, 3>, true, spike_days<10>},
    {"fall_3_no_spike", "of SPX below -3 %: VIX up less than 3, %", fall_without_spike, true, fall_days},
};

}  // namespace

std::span<const OneDayStatistic> one_day_statistics() { return kStatistics; }

}  // namespace volstorm
