#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "volstorm/risk/estimate.h"

/// Where paths draw sessions of history, the sessions are the sample and not the paths: those that drew the same one
/// share what it did, however many they are. Errors are then those of drawing other sessions.
namespace volstorm {

/// By draw and path: the session drawn, days since 1970. Empty: the paths are independent.
using Draws = std::vector<std::vector<std::int32_t>>;

inline constexpr double kFewestSessions = 10.0;  // on either side of zero, for the limits of a mean

/// Sums of numbers of the paths over those that drew each session. A path stands in the row of each session that it
/// drew: what a figure owes to a session is the sum over its draws (Hoeffding 1948, the linear part). Sessions that are
/// drawn in a row count as if drawn alone, which makes errors too large rather than too small. All depends on the order
/// in which the paths are added.
class SessionSums {
 public:
    using Row = std::span<double>;
    using ConstRow = std::span<const double>;

    /// `draws` of each path, at least one; `columns` of numbers.
    SessionSums(std::size_t draws, std::size_t columns) : draws_(draws), width_(columns + 1) {}

    /// Counts a path that drew the session and gives its sums, to be added to.
    Row row(std::int32_t session);
    /// Paths of a row.
    static double paths(ConstRow row) { return row.back(); }

    /// (sum n)^2 / sum n^2 of a number n of each row: how many sessions, were all drawn alike (Kish 1965).
    template <class Number>
    double effective_sessions(const Number& number) const;

    /// Standard error of sum over / sum under, numbers of a row: sqrt(sum_j (over_j - ratio under_j)^2) / sum under
    /// (Liang, Zeger 1986) times sqrt(k / (k - 1)), with k effective sessions under. Monte Carlo's error is in it. NaN
    /// where nothing is under, or one session is all there is.
    template <class Over, class Under>
    double ratio_error(const Over& over, const Under& under) const;

    /// As many independent paths would leave the share sum count / sum of as uncertain (Korn, Graubard 1998), but no
    /// more than there are effective sessions over the draws: few sessions tell their own error badly.
    template <class Count, class Of>
    double effective_paths(const Count& count, const Of& of) const;

    /// Are there enough sessions for a mean, of those with more than 0 in `gain` and of those with it in `loss`, or
    /// none of both? Fewer than kFewestSessions leave an interval that holds too seldom.
    template <class Gain, class Loss>
    bool tell_mean(const Gain& gain, const Loss& loss) const;

    /// That share with its error and Wilson's interval for that many paths; all NaN where there are none.
    template <class Count, class Of>
    Estimate share(const Count& count, const Of& of) const;

 private:
    template <class Number>
    double sum(const Number& number) const;
    template <class Use>
    void for_each(const Use& use) const {
        for (std::size_t at = 0; at < sums_.size(); at += width_) use(ConstRow(sums_).subspan(at, width_));
    }
    std::size_t draws_, width_;
    std::unordered_map<std::int32_t, std::size_t> place_;  // of each session's row
    std::vector<double> sums_;                             // by row, in the order in which they were drawn first
};

template <class Number>
double SessionSums::sum(const Number& number) const {
    double all = 0.0;
    for_each([&](ConstRow row) { all += number(row); });
    return all;
}

template <class Number>
double SessionSums::effective_sessions(const Number& number) const {
    const double all = sum(number), squares = sum([&](ConstRow row) { return number(row) * number(row); });
    return squares > 0.0 ? all * all / squares : 0.0;
}

template <class Over, class Under>
double SessionSums::ratio_error(const Over& over, const Under& under) const {
    const double all = sum(under), ratio = sum(over) / all, sessions = effective_sessions(under);
    if (!(all > 0.0) || !(sessions > 1.0)) return kUnknown;
    const double squares = sum([&](ConstRow row) { return std::pow(over(row) - ratio * under(row), 2); });
    return std::sqrt(squares * sessions / (sessions - 1.0)) * static_cast<double>(draws_) / all;
}

template <class Count, class Of>
double SessionSums::effective_paths(const Count& count, const Of& of) const {
    const double share = sum(count) / sum(of), error = ratio_error(count, of), spread = share * (1.0 - share);
    const double sessions = effective_sessions(of) / static_cast<double>(draws_);
    return spread > 0.0 && error > 0.0 ? std::min(spread / (error * error), sessions) : sessions;
}

template <class Gain, class Loss>
bool SessionSums::tell_mean(const Gain& gain, const Loss& loss) const {
    if (sum(gain) == 0.0 && sum(loss) == 0.0) return true;
    const double fewest = std::min(effective_sessions(gain), effective_sessions(loss));
    return fewest / static_cast<double>(draws_) >= kFewestSessions;
}

template <class Count, class Of>
Estimate SessionSums::share(const Count& count, const Of& of) const {
    const double all = sum(of);
    return all > 0.0 ? wilson_estimate(sum(count) / all, effective_paths(count, of)) : Estimate{};
}

}  // namespace volstorm
