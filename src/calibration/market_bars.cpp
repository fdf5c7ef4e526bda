#include "volstorm/calibration/market_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "shipped_bars.h"
#include "volstorm/core/csv.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr RegimeFigures kUnknown{MarketFigure{kNone, kNone, kNone}, MarketFigure{kNone, kNone, kNone},
                                 MarketFigure{kNone, kNone, kNone}, MarketFigure{kNone, kNone, kNone},
                                 MarketFigure{kNone, kNone, kNone}};

std::size_t regime_named(const Field& field) {
    for (const Regime regime : kRegimes) {
        if (field.text == name_of(regime)) return static_cast<std::size_t>(regime);
    }
    field.fail(field.quoted() + " is no regime: all, <15, 15-20, 20-30 or >30");
}

double figure_in(const Field& field) {
    const auto value = number_in(field);
    if (!value) field.fail(field.quoted() + " is no number");
    return *value;
}

MarketBars& period_named(std::vector<MarketBars>& periods, const std::string& name) {
    const auto found = std::ranges::find(periods, name, &MarketBars::period);
    if (found != periods.end()) return *found;
    periods.emplace_back().period = name;
    return periods.back();
}

RegimeFigures& row_of(MarketBars& bars, const std::string& id) {
    const auto found = std::ranges::find(bars.ids, id);
    if (found != bars.ids.end()) return bars.bars[static_cast<std::size_t>(found - bars.ids.begin())];
    bars.ids.push_back(id);
    return bars.bars.emplace_back(kUnknown);
}

// `period,regime,sessions,N`, `period,regime,vix_mix,...` or `period,regime,ID,value,low,high`.
void read_line(const std::vector<Field>& line, std::vector<MarketBars>& periods) {
    if (line.size() < 4) line[0].fail("needs period, regime, what it is, and numbers");
    MarketBars& bars = period_named(periods, std::string(line[0].text));
    const std::size_t regime = regime_named(line[1]);
    const std::string what(line[2].text);
    if (what == "sessions") {
        bars.sessions[regime] = static_cast<std::size_t>(figure_in(line[3]));
    } else if (what == "vix_mix") {
        for (std::size_t i = 3; i < line.size(); ++i) bars.vix_mix[regime].push_back(figure_in(line[i]));
    } else if (line.size() != 6) {
        line[2].fail("needs value, low and high");
    } else {
        row_of(bars, what)[regime] = {figure_in(line[3]), figure_in(line[4]), figure_in(line[5])};
    }
}

std::string csv_of(const MarketBars& bars, Regime regime) {
    const auto r = static_cast<std::size_t>(regime);
    if (bars.sessions[r] == 0) return {};
    const std::string head = fmt::format("{},{},", bars.period, name_of(regime));
    std::string text = fmt::format("{}sessions,{}\n{}vix_mix", head, bars.sessions[r], head);
    for (const double vix : bars.vix_mix[r]) text += fmt::format(",{:g}", vix);
    text += '\n';
    for (std::size_t k = 0; k < bars.ids.size(); ++k) {
        const MarketFigure& bar = bars.bars[k][r];
        if (std::isnan(bar.value)) continue;
        text += fmt::format("{}{},{:.6g},{:.6g},{:.6g}\n", head, bars.ids[k], bar.value, bar.low, bar.high);
    }
    return text;
}

}  // namespace

const MarketFigure* MarketBars::find(std::string_view id, Regime regime) const {
    for (std::size_t k = 0; k < ids.size(); ++k) {
        const MarketFigure& bar = bars[k][static_cast<std::size_t>(regime)];
        if (ids[k] == id) return std::isnan(bar.value) ? nullptr : &bar;
    }
    return nullptr;
}

std::string to_csv(const std::vector<MarketBars>& periods) {
    std::string text;
    for (const MarketBars& bars : periods) {
        for (const Regime regime : kRegimes) text += csv_of(bars, regime);
    }
    return text;
}

std::vector<MarketBars> parse_bars(std::string_view text, const std::string& file) {
    std::vector<MarketBars> periods;
    for (const std::vector<Field>& line : read_rows(text, file)) read_line(line, periods);
    return periods;
}

const std::vector<MarketBars>& shipped_bars() {
    static const std::vector<MarketBars> periods = parse_bars(kShippedBars, "market_bars.csv");
    return periods;
}

}  // namespace volstorm
