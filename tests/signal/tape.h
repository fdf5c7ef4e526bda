#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "volstorm/signal/rule.h"

namespace volstorm::test {

inline TextPlace place() { return {{"fomc.toml", 9, 8}, "layer.second.open"}; }
inline const DateTime kEntry = at(make_date(2025, 6, 17), 15, 45);
inline const EntryQuotes kQuotes{kEntry, 6000.0, 20.0};

/// One path of bars, five minutes apart; the first is the entry.
struct Tape {
    std::vector<double> spx;
    std::vector<double> vix;
    std::vector<bool> is_close{};
    std::vector<double> short_delta{};
    std::vector<double> profit{};  // of layer 0
};

inline Tape vix_tape(std::vector<double> vix) { return {std::vector<double>(vix.size(), 6000.0), std::move(vix)}; }

/// Runs `rule` over tapes of one length, as one block; decisions[path][bar]. It is not asked at the first `skipped`
/// bars.
inline std::vector<std::vector<bool>> decide(const PreparedRule& rule, const std::vector<Tape>& paths, RuleState& state,
                                             std::size_t skipped = 0) {
    std::vector<std::vector<bool>> decisions(paths.size());
    std::vector<double> spx(paths.size()), vix(paths.size()), delta(paths.size()), profit(paths.size());
    std::vector<std::uint8_t> fires(paths.size());
    rule.reset(paths.size(), state);
    for (std::size_t bar = 0; bar < paths[0].vix.size(); ++bar) {
        for (std::size_t i = 0; i < paths.size(); ++i) {
            spx[i] = paths[i].spx[bar];
            vix[i] = paths[i].vix[bar];
            if (!paths[i].short_delta.empty()) delta[i] = paths[i].short_delta[bar];
            if (!paths[i].profit.empty()) profit[i] = paths[i].profit[bar];
        }
        const double* const by_layer[] = {profit.data()};
        const Bar now{.time = kEntry + std::chrono::minutes(5 * bar),
                      .is_close = !paths[0].is_close.empty() && paths[0].is_close[bar],
                      .paths = paths.size(),
                      .spx = spx.data(),
                      .vix = vix.data(),
                      .short_delta = delta.data(),
                      .profit = by_layer};
        if (bar < skipped) {
            rule.skip(now, state);
        } else {
            rule.evaluate(now, state, fires.data());
        }
        for (std::size_t i = 0; i < paths.size(); ++i) decisions[i].push_back(fires[i] == 1);
    }
    return decisions;
}

inline const RuleNames kNames{{"FOMC"}, {"first"}, true};
inline const std::vector<Event> kEvents{{"FOMC", kEntry + std::chrono::minutes(10)}};

inline PreparedRule prepare(const std::string& text, const History& history = {}) {
    return PreparedRule(parse_rule(text, place(), kNames), kQuotes, history, kEvents);
}

/// The decisions on one path as text: `.x` is no at the entry, yes at the first bar.
inline std::string decisions(const std::string& text, const Tape& tape, const History& history = {}) {
    RuleState state;
    std::string out;
    const auto found = decide(prepare(text, history), {tape}, state);
    for (const bool fires : found[0]) out += fires ? 'x' : '.';
    return out;
}

/// A history of VIX closes on consecutive days; SPX stands at 6000.
inline History vix_history(std::vector<double> vix) {
    History history{{}, std::vector<double>(vix.size(), 6000.0), vix};
    for (std::size_t i = 0; i < vix.size(); ++i) {
        history.dates.push_back(make_date(2025, 1, 2) + std::chrono::days(i));
    }
    return history;
}

/// Sixty sessions that go up and down in SPX and VIX: enough for every indicator.
inline History long_history() {
    std::vector<double> vix;
    for (int day = 0; day < 60; ++day) vix.push_back(18.0 + (day * 37 % 11) / 4.0);
    History history = vix_history(vix);
    for (std::size_t day = 0; day < 60; ++day) history.spx[day] = 5900.0 + static_cast<double>(day * 53 % 17) * 8.0;
    return history;
}

}  // namespace volstorm::test
