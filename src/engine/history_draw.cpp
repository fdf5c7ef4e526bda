#include "history_draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "volstorm/core/text.h"
#include "volstorm/math/kernel_weights.h"

namespace volstorm {
namespace {

constexpr double kFewEffective = 10.0;

// Weighted least squares of y on x: slope and sd of what is left.
struct Line {
    double slope = 0.0, spread = 0.0;
};
Line line_through(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& weights) {
    double sum = 0.0, sx = 0.0, sy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += weights[i], sx += weights[i] * x[i], sy += weights[i] * y[i];
    if (!(sum > 0.0)) return {};
    double xx = 0.0, xy = 0.0, yy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double dx = x[i] - sx / sum, dy = y[i] - sy / sum;
        xx += weights[i] * dx * dx, xy += weights[i] * dx * dy, yy += weights[i] * dy * dy;
    }
    if (!(xx > 0.0)) return {0.0, std::sqrt(yy / sum)};
    return {xy / xx, std::sqrt(std::max(yy - xy * xy / xx, 0.0) / sum)};
}

double sd_of(const std::vector<double>& values) {
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

std::vector<std::size_t> starts_in(const HistorySample& sample, std::size_t block, bool with_realised) {
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i + block <= sample.sessions.size(); ++i) {
        const HistorySession &first = sample.sessions[i], &last = sample.sessions[i + block - 1];
        const bool in_a_row = last.row - first.row == block - 1;
        if (in_a_row && !(with_realised && std::isnan(first.log_realised))) starts.push_back(i);
    }
    return starts;
}

std::vector<IntradaySession> intraday_of(const Table& table, std::string_view key) {
    if (!table.has(key)) return {};
    std::vector<IntradaySession> sessions = read_intraday(table.file(key));
    if (sessions.empty()) table.fail(key, "holds no whole session of five-minute bars");
    return sessions;
}

// Today's realised vol, where the user asks for sessions like it.
void read_analog(const Table& table, const Market& market, const DailyHistory& history, BootstrapInput& input) {
    if (!table.has("analog")) return;
    for (const std::string& word : table.texts("analog")) {
        if (word != "realised_vol")
            table.fail("analog", fmt::format("holds \"{}\"; there is realised_vol", printable(word)));
        input.by_realised_vol = true;
    }
    if (!input.by_realised_vol) return;
    if (!market.has_time) table.fail("analog", "needs market.time");
    input.log_realised = log_realised_at(history, date_of(market.time), market.spx);
    if (!std::isfinite(input.log_realised)) {
        table.fail("analog",
                   fmt::format("needs the {} sessions before the entry in bootstrap.spx, the last of them the "
                               "session before",
                               kRealisedSessions));
    }
}

void read_weights(const Table& table, const Market& market, const DailyHistory& history, BootstrapInput& input) {
    constexpr std::array<std::string_view, 2> regimes{"near", "all"};
    input.near = table.choice("regime", regimes, "near") == "near";
    for (const std::string_view key : {"effective_sessions", "analog"}) {
        if (!input.near && table.has(key)) table.fail(key, "changes nothing with regime = \"all\"");
    }
    if (input.near) input.effective_sessions = table.number("effective_sessions", {.low = 10.0, .high = 1e5}, 100.0);
    read_analog(table, market, history, input);
}

struct Period {
    Date from, to;
};
// Without `to` nothing of the entry's day or later.
Period read_period(const Table& table, const Market& market) {
    const Date entry = market.has_time ? date_of(market.time) : make_date(2200, 1, 1);
    Period period{table.date_if("from").value_or(make_date(1900, 1, 1)),
                  table.date_if("to").value_or(entry - std::chrono::days(1))};
    if (period.to < period.from)
        table.fail(table.has("to") ? "to" : "from", fmt::format("leaves nothing of the history: {} to {}",
                                                                to_string(period.from), to_string(period.to)));
    return period;
}

std::string period_text(const HistorySample& sample, const Market& market) {
    const Date first = sample.sessions.front().date, last = sample.sessions.back().date;
    const bool later = market.has_time && last >= date_of(market.time);
    return fmt::format("{} to {}, {}", to_string(first), to_string(last),
                       later ? "not all before the entry" : "all before the entry's day");
}

void check_size(const Table& table, const BootstrapInput& input, const Period& period) {
    const double least = input.near ? input.effective_sessions : kFewEffective;
    if (static_cast<double>(input.starts.size()) >= least) return;
    const std::string from = table.has("from") ? fmt::format(" from {}", to_string(period.from)) : "";
    table.fail("spx", fmt::format("and bootstrap.vix have {} session{}{} to {} with a close at both ends{}; at least "
                                  "{:g} are needed",
                                  input.starts.size(), input.starts.size() == 1 ? "" : "s", from, to_string(period.to),
                                  input.block > 1 ? fmt::format(", {} in a row", input.block) : "", least));
}

}  // namespace

BootstrapInput read_bootstrap(const Table& scenario, const Market& market) {
    if (!scenario.has("bootstrap")) {
        scenario.refuse_slip_of({"bootstrap"});
        scenario.fail("bootstrap",
                      "is missing: model.generator = \"bootstrap\" draws from a history, for which [bootstrap] "
                      "names daily files as spx and vix");
    }
    const Table table = scenario.table("bootstrap");
    const DailyHistory history = join_daily(read_daily_series(table.file("spx")), read_daily_series(table.file("vix")));
    const Period period = read_period(table, market);
    BootstrapInput input;
    input.block = static_cast<std::size_t>(table.integer("block", 1, 10, 1));
    read_weights(table, market, history, input);
    const auto spx = intraday_of(table, "spx_intraday"), vix = intraday_of(table, "vix_intraday");
    if (!vix.empty() && spx.empty()) table.fail("vix_intraday", "needs spx_intraday");
    input.sample = sample_of(history, spx, vix, period.from, period.to, SessionClock());
    input.starts = starts_in(input.sample, input.block, input.by_realised_vol);
    check_size(table, input, period);
    const auto has_range = [](const HistorySession& s) { return !std::isnan(s.range_sd); };
    if (std::ranges::none_of(input.sample.sessions, has_range))
        table.fail("spx", "has no highs and lows; they say how far a session strays between open and close");
    input.period = period_text(input.sample, market);
    return input;
}

HistoryDraw::HistoryDraw(std::shared_ptr<const BootstrapInput> input, const Experiment& e)
    : input_(std::move(input)), overnight_share_(e.day.clock.overnight_share()) {
    weigh(std::log(e.vix_at_entry));
}

void HistoryDraw::weigh(double log_vix) {
    const auto& starts = input_->starts;
    std::vector<double> vix, realised, squared(starts.size(), 0.0);
    for (const std::size_t i : starts) vix.push_back(at(i).log_vix_before), realised.push_back(at(i).log_realised);
    // Distances in ln VIX; others are brought to its scale.
    const double unit = input_->by_realised_vol ? sd_of(vix) / sd_of(realised) : 0.0;
    for (std::size_t k = 0; k < starts.size(); ++k) {
        squared[k] = std::pow(vix[k] - log_vix, 2);
        if (input_->by_realised_vol) squared[k] += std::pow(unit * (realised[k] - input_->log_realised), 2);
    }
    std::vector<double> weights(input_->sample.sessions.size(), 0.0), of_starts(starts.size(), 1.0);
    if (input_->near) of_starts = kernel_weights(squared, input_->effective_sessions).weight;
    for (std::size_t k = 0; k < starts.size(); ++k) weights[starts[k]] = of_starts[k];
    starts_ = WeightedDraw(std::move(of_starts));
    find_donors(weights);
    regress(weights);
}

// Sessions that lend others what these lack.
void HistoryDraw::find_donors(const std::vector<double>& weights) {
    std::vector<double> gaps(weights), ranges(weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const bool has_gap = !std::isnan(at(i).gap), has_range = !std::isnan(at(i).range_sd);
        known_gaps_ += has_gap ? 1 : 0, known_ranges_ += has_range ? 1 : 0;
        gaps[i] = has_gap ? std::max(weights[i], 1e-300) : 0.0;
        ranges[i] = has_range ? std::max(weights[i], 1e-300) : 0.0;
    }
    gaps_ = WeightedDraw(std::move(gaps));
    ranges_ = WeightedDraw(std::move(ranges));
}

void HistoryDraw::regress(const std::vector<double>& weights) {
    std::vector<double> z, change, z_of_gap, gap, gap_weights;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        z.push_back(at(i).z), change.push_back(at(i).log_vix_change);
        if (std::isnan(at(i).gap)) continue;
        z_of_gap.push_back(at(i).z), gap.push_back(at(i).gap), gap_weights.push_back(weights[i]);
    }
    const Line vix = line_through(z, change, weights);
    vix_slope_ = vix.slope, vix_spread_ = vix.spread * std::sqrt(1.0 - overnight_share_);
    gap_slope_ = line_through(z_of_gap, gap, gap_weights).slope;
}

DrawnDay HistoryDraw::day(std::size_t session, double gap_u, double shape_u, double range_u, double normal) const {
    const HistorySession& s = at(session);
    const auto shapes = static_cast<double>(input_->sample.shapes.size());
    DrawnDay day{s.z, s.log_vix_change, s.gap, s.log_vix_gap, s.range_sd, s.shape};
    if (std::isnan(day.range_sd)) day.range_sd = at(ranges_(range_u)).range_sd;
    if (day.shape < 0) day.shape = shapes > 0.0 ? static_cast<int>(shape_u * shapes) : -1;
    if (std::isnan(day.gap)) {
        day.log_vix_gap = day.gap;
        if (known_gaps_ > 0) {
            const HistorySession& donor = at(gaps_(gap_u));
            day.gap = donor.gap + gap_slope_ * (s.z - donor.z);
        } else {  // nobody knows any: a Brownian bridge from close to close
            day.gap = overnight_share_ * s.z + std::sqrt(overnight_share_) * day.range_sd * normal;
        }
    }
    if (std::isnan(day.log_vix_gap))
        day.log_vix_gap = overnight_share_ * s.log_vix_change + vix_slope_ * (day.gap - overnight_share_ * s.z);
    return day;
}

std::size_t HistoryDraw::place_in_block(std::size_t piece, bool first_is_rest) const {
    if (first_is_rest && piece == 0) return 0;
    return (piece - (first_is_rest ? 1 : 0)) % input_->block;
}

double HistoryDraw::least_vix_change() const {
    double least = 0.0;
    for (std::size_t k = 0; k < starts_.size(); ++k)
        if (starts_.weight(k) > 0.0) least = std::min(least, at(input_->starts[k]).log_vix_change);
    return least;
}

std::vector<std::string> HistoryDraw::origin() const {
    const auto count = [](std::size_t n) { return grouped(static_cast<std::int64_t>(n)); };
    const HistorySample& sample = input_->sample;
    std::vector<std::string> lines{
        fmt::format("drawn from {} sessions of history, {}", count(input_->starts.size()), input_->period)};
    if (input_->near) {
        std::vector<double> vix;
        vix.reserve(1000);
        for (int k = 0; k < 1000; ++k) vix.push_back(std::exp(at(session((k + 0.5) / 1000.0)).log_vix_before));
        std::ranges::sort(vix);
        lines.push_back(fmt::format("as many as {:.0f} by weight: 90 % of it at VIX {:.2f} to {:.2f} before{}",
                                    effective_size(starts_.weights()), vix[50], vix[949],
                                    input_->by_realised_vol ? ", and near today's realised vol" : ""));
    }
    lines.push_back(fmt::format("opens known of {}, highs and lows of {}, five-minute bars of {}; the rest from others",
                                count(known_gaps_), count(known_ranges_), count(sample.shapes.size())));
    if (!input_->near) {
        lines.emplace_back(
            "intervals count sessions as independent; by whole quarters errors of a mean are 1.7 times these");
    }
    lines.insert(lines.end(), sample.remarks.begin(), sample.remarks.end());
    return lines;
}

}  // namespace volstorm
