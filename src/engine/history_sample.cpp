#include "history_sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "volstorm/core/units.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using ByDate = std::map<Date, const IntradaySession*>;

ByDate by_date(const std::vector<IntradaySession>& sessions) {
    ByDate found;
    for (const IntradaySession& session : sessions) found[session.date] = &session;
    return found;
}

HistorySession session_of(const DailyHistory& history, std::size_t row) {
    const DailyBar &spx = history.spx[row], &vix = history.vix[row];
    const double before = history.spx[row - 1].close, vix_before = history.vix[row - 1].close;
    const double sigma = 0.01 * vix_before / std::sqrt(kSessionsPerYear);
    HistorySession session;
    session.date = spx.date;
    session.log_vix_before = std::log(vix_before);
    session.z = std::log(spx.close / before) / sigma;
    session.log_vix_change = std::log(vix.close / vix_before);
    session.gap = std::log(spx.open / before) / sigma;
    session.log_vix_gap = std::log(vix.open / vix_before);
    session.range_sd = std::log(spx.high / spx.low) / std::sqrt(4.0 * std::numbers::ln2) / sigma;
    if (!(session.range_sd > 0.0)) session.range_sd = kNone;
    session.log_realised = std::log(realised_vol(history, row - 1));
    session.row = row;
    return session;
}

// The points less the straight line (in variance time) from the first to the last, over `unit`.
std::array<double, kBarsPerSession + 1> bent(const std::array<double, kBarsPerSession + 1>& points, double unit,
                                             const SessionClock& clock) {
    std::array<double, kBarsPerSession + 1> shape{};
    const double whole = std::log(points.back() / points.front());
    double passed = 0.0;
    for (std::size_t bar = 0; bar + 1 < kBarsPerSession; ++bar) {
        passed += clock.bar_shares()[bar] / (1.0 - clock.overnight_share());
        shape[bar + 1] = (std::log(points[bar + 1] / points.front()) - passed * whole) / unit;
    }
    return shape;
}

SessionShape shape_of(const IntradaySession& spx, const IntradaySession* vix, const HistorySession& session,
                      const SessionClock& clock) {
    const double sigma = 0.01 * std::exp(session.log_vix_before) / std::sqrt(kSessionsPerYear);
    SessionShape shape{bent(spx.points, sigma * session.range_sd, clock), {}};
    shape.log_vix.fill(kNone);
    if (vix != nullptr) shape.log_vix = bent(vix->points, session.range_sd, clock);
    return shape;
}

}  // namespace

HistorySample sample_of(const DailyHistory& history, const std::vector<IntradaySession>& spx,
                        const std::vector<IntradaySession>& vix, Date from, Date to, const SessionClock& clock) {
    HistorySample sample;
    sample.remarks = history.remarks;
    const ByDate spx_bars = by_date(spx), vix_bars = by_date(vix);
    for (std::size_t row = 1; row < history.sessions(); ++row) {
        if (history.spx[row].date < from || history.spx[row].date > to || !is_whole_session(history, row)) continue;
        HistorySession session = session_of(history, row);
        const auto bars = spx_bars.find(session.date);
        if (bars != spx_bars.end() && std::isnan(session.gap)) {
            const double sigma = 0.01 * std::exp(session.log_vix_before) / std::sqrt(kSessionsPerYear);
            session.gap = std::log(bars->second->points.front() / history.spx[row - 1].close) / sigma;
        }
        if (bars != spx_bars.end() && !std::isnan(session.range_sd)) {
            const auto vix_of_day = vix_bars.find(session.date);
            session.shape = static_cast<int>(sample.shapes.size());
            sample.shapes.push_back(
                shape_of(*bars->second, vix_of_day == vix_bars.end() ? nullptr : vix_of_day->second, session, clock));
        }
        sample.sessions.push_back(session);
    }
    return sample;
}

double log_realised_at(const DailyHistory& history, Date day, double spx) {
    const auto row =
        static_cast<std::size_t>(std::ranges::lower_bound(history.spx, day, {}, &DailyBar::date) - history.spx.begin());
    if (row < kRealisedSessions || !follows_at_once(day, history.spx[row - 1].date)) return kNone;
    const double sum = squared_returns(history, row + 1 - kRealisedSessions, row) +
                       std::pow(std::log(spx / history.spx[row - 1].close), 2);
    return 0.5 * std::log(sum / static_cast<double>(kRealisedSessions));
}

}  // namespace volstorm
