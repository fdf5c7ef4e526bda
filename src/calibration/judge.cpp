#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "volstorm/calibration/out_of_sample.h"
#include "volstorm/risk/sum.h"

namespace volstorm {
namespace {

constexpr std::size_t kBins = 10;

using Rows = std::vector<BacktestRow>;

BacktestRow row_of(std::string_view id, std::string meaning, double expected, double observed, const TestResult& test) {
    BacktestRow row;
    row.id = id, row.meaning = std::move(meaning);
    row.expected = expected, row.observed = observed;
    row.statistic = test.statistic, row.p_value = test.p_value;
    row.reason = test.unknown_because;
    return row;
}

void explain(BacktestRow& row, const std::string& why) {
    if (row.rejected()) row.reason = why;
}

std::string percent_off(double observed, double expected) {
    return fmt::format("{:.0f} % {}", 100.0 * std::abs(observed / expected - 1.0),
                       observed > expected ? "above" : "below");
}

// What the inverse normals of the transforms say, where it is beyond two standard errors.
std::string shape_of(const BerkowitzResult& z, std::size_t days) {
    const double root = std::sqrt(static_cast<double>(days));
    std::string text;
    const auto add = [&](double errors, std::string_view low, std::string_view high, const std::string& figure) {
        if (!(std::abs(errors) > 2.0)) return;
        text += fmt::format("{}{} ({})", text.empty() ? "" : "; ", errors < 0.0 ? low : high, figure);
    };
    add((z.sd - 1.0) * root * std::numbers::sqrt2, "law too wide", "law too narrow",
        fmt::format("sd of z {:.2f}", z.sd));
    add(z.mean * root, "outcomes lower than foretold", "outcomes higher than foretold",
        fmt::format("mean of z {:+.2f}", z.mean));
    add(z.autocorrelation * root, "a day turns from the one before", "a day follows the one before",
        fmt::format("autocorrelation {:+.2f}", z.autocorrelation));
    return text;
}

// The tenths of the law that hold most and least.
std::string tenths_of(const std::vector<std::uint64_t>& counts, double expected) {
    const auto most = std::ranges::max_element(counts), least = std::ranges::min_element(counts);
    return fmt::format("tenth {} {}, tenth {} {}", most - counts.begin() + 1,
                       percent_off(static_cast<double>(*most), expected), least - counts.begin() + 1,
                       percent_off(static_cast<double>(*least), expected));
}

Rows law_rows(const ForecastSeries& series) {
    const auto n = static_cast<double>(series.pit.size());
    const std::vector<std::uint64_t> counts = pit_histogram(series.pit, kBins);
    const BerkowitzResult z = berkowitz_test(series.pit);
    const TestResult distance = kolmogorov_smirnov_test(series.pit);
    constexpr double kMeanDistance = 0.8687;  // of Kolmogorov's law, over sqrt(n)
    Rows rows{row_of("tenths", "spread over the tenths of its law, chi-square", kBins - 1.0, kUnknown,
                     uniformity_test(counts)),
              row_of("distance", "largest distance from its law, Kolmogorov-Smirnov", kMeanDistance / std::sqrt(n),
                     distance.statistic, distance),
              row_of("normal", "sd of z; z independent and normal, Berkowitz", 1.0, z.sd, z.ratio)};
    rows[0].observed = rows[0].statistic;
    const std::string shape = shape_of(z, series.pit.size()), tenths = tenths_of(counts, n / kBins);
    explain(rows[0], tenths);
    explain(rows[1], shape.empty() ? tenths : shape);
    explain(rows[2], shape.empty() ? tenths : shape);
    return rows;
}

// Days on which the outcome lay beyond a share of its law, at either end.
struct Tail {
    std::string_view id, meaning;
    double share;
    bool upper;
};

std::vector<std::uint8_t> failures_of(const std::vector<double>& pit, const Tail& tail) {
    std::vector<std::uint8_t> failures(pit.size());
    std::ranges::transform(pit, failures.begin(),
                           [&](double u) { return tail.upper ? u > 1.0 - tail.share : u < tail.share; });
    return failures;
}

Rows tail_rows(const ForecastSeries& series, const Tail& tail) {
    const std::vector<std::uint8_t> failures = failures_of(series.pit, tail);
    const FailureShareResult share = kupiec_test(failures, tail.share);
    const auto count = static_cast<double>(share.failures), expected = tail.share * static_cast<double>(share.days);
    TestResult exact = share.ratio;
    exact.p_value = share.exact_p_value;
    const FailurePairs pairs = failure_pairs(failures);
    const double followed = static_cast<double>(pairs.failure_calm + pairs.failure_failure);
    const auto both = static_cast<double>(pairs.failure_failure);
    Rows rows{row_of(tail.id, fmt::format("{}, Kupiec", tail.meaning), expected, count, exact),
              row_of(fmt::format("{}_pairs", tail.id), "  twice running, Christoffersen", followed * tail.share, both,
                     christoffersen_independence_test(failures))};
    explain(rows[0], fmt::format("too {}: {:.0f} for {:.1f}", count > expected ? "many" : "few", count, expected));
    const double by_chance = followed * count / static_cast<double>(share.days);
    explain(rows[1], fmt::format("they {}: {:.0f} running for {:.1f}",
                                 both > by_chance ? "cluster" : "avoid each other", both, by_chance));
    return rows;
}

bool are_losses(const ShortfallSeries& series) {
    return std::ranges::all_of(series.forecasts, [](const auto& f) { return f.expected_shortfall > 0.0; });
}

// Where VaR is an atom, such as the greatest loss of the condor, losses above it have another mean than ES: `expected`
// is not known, and the p-value says all.
Rows shortfall_rows(const ForecastSeries& series, const ShortfallSeries& shortfall, std::string_view what,
                    std::uint64_t repetitions, std::uint64_t seed, double expected = 1.0) {
    const double percent = 100.0 * shortfall.level;
    const std::string size_id = fmt::format("shortfall_{:g}", percent), sum_id = size_id + "_sum";
    const std::string size = fmt::format("{} beyond VaR {:g}: mean share of ES, Acerbi-Szekely Z1", what, percent);
    const std::string sum = "  their sum over the expected one, Acerbi-Szekely Z2";
    ShortfallResult result{no_result("the forecast of the shortfall is no loss"), {}, 0};
    result.z2 = result.z1;
    if (are_losses(shortfall)) {
        result = acerbi_szekely_test(series.loss, shortfall.forecasts, shortfall.level, series.law, repetitions, seed);
    }
    Rows rows{row_of(size_id, size, expected, 1.0 - result.z1.statistic, result.z1),
              row_of(sum_id, sum, expected, 1.0 - result.z2.statistic, result.z2)};
    const std::string size_found = fmt::format("of {:.2f} ES on average", rows[0].observed);
    explain(rows[0], "the losses are larger than the law's: " + size_found);
    explain(rows[1], fmt::format("{} losses beyond VaR, {}", result.failures, size_found));
    return rows;
}

// The mean loss of the days beyond the value at risk (of its atom, the share that is), with no test of its own.
BacktestRow beyond_row(const ForecastSeries& series, const ShortfallSeries& shortfall) {
    CompensatedSum foretold, came;
    double days = 0.0;
    for (std::size_t day = 0; day < series.loss.size(); ++day) {
        if (series.pit[day] >= 1.0 - shortfall.level) continue;
        foretold.add(shortfall.forecasts[day].expected_shortfall);
        came.add(series.loss[day]);
        days += 1.0;
    }
    const double percent = 100.0 * shortfall.level;
    return row_of(fmt::format("beyond_{:g}", percent), fmt::format("mean loss beyond VaR {:g}, % of max risk", percent),
                  foretold.value() / days, came.value() / days, no_result("shown only"));
}

BacktestRow mean_row(const Forecasts& f) {
    CompensatedSum foretold, came, variance;
    for (std::size_t day = 0; day < f.size(); ++day) {
        foretold.add(f.pnl[day].mean);
        came.add(-f.book.loss[day]);
        variance.add(f.pnl[day].sd * f.pnl[day].sd);
    }
    const auto n = static_cast<double>(f.size());
    const double z = (came.value() - foretold.value()) / std::sqrt(variance.value());
    const TestResult test{z, std::erfc(std::abs(z) / std::numbers::sqrt2), n > 0.0 ? "" : "there are no days"};
    BacktestRow row = row_of("mean", "mean P&L, % of max risk, normal", foretold.value() / n, came.value() / n, test);
    explain(row, fmt::format("it made {} than foretold ({:+.1f} standard errors)", z > 0.0 ? "more" : "less", z));
    return row;
}

// A share of the days, of which each has its own probability.
BacktestRow share_row(std::string_view id, const std::string& meaning, std::span<const double> probabilities,
                      std::size_t count) {
    const double expected = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    const auto days = static_cast<double>(probabilities.size()), observed = static_cast<double>(count);
    TestResult test{observed, count_p_value(probabilities, count), {}};
    if (probabilities.empty()) test = no_result("there are no days");
    BacktestRow row = row_of(id, meaning, 100.0 * expected / days, 100.0 * observed / days, test);
    explain(row, fmt::format("too {} days: {} for {:.1f}", observed > expected ? "many" : "few", count, expected));
    return row;
}

Rows pnl_rows(const Forecasts& f) {
    std::vector<double> winning, losing_most;
    std::size_t won = 0, lost_most = 0;
    for (std::size_t day = 0; day < f.size(); ++day) {
        winning.push_back(1.0 - f.pnl[day].losing);
        losing_most.push_back(f.pnl[day].losing_most);
        won += f.book.loss[day] > 0.0 ? 0 : 1;
        lost_most += f.book.loss[day] >= f.worst_loss[day] ? 1 : 0;
    }
    return {mean_row(f), share_row("win_rate", "win rate, % of the days", winning, won),
            share_row("greatest_loss", "greatest loss, % of the days", losing_most, lost_most)};
}

void append(Rows& rows, const Rows& more, std::string_view subject) {
    for (const BacktestRow& row : more) {
        rows.push_back(row);
        rows.back().subject = subject;
    }
}

constexpr Tail kSpxTails[] = {{"fall_1", "falls beyond the 1 % point", 0.01, false},
                              {"fall_5", "falls beyond the 5 % point", 0.05, false},
                              {"rise_1", "rises beyond the 1 % point", 0.01, true},
                              {"rise_5", "rises beyond the 5 % point", 0.05, true}};
constexpr Tail kVixTails[] = {{"rise_1", "rises beyond the 1 % point", 0.01, true},
                              {"rise_5", "rises beyond the 5 % point", 0.05, true}};
// Of the greatest loss, where it is an atom, the share that lies beyond.
constexpr Tail kBookTails[] = {{"var_97.5", "losses beyond VaR 97.5", 0.025, false},
                               {"var_90", "losses beyond VaR 90", 0.10, false}};

Rows rows_of(const Forecasts& f, Regime regime, std::uint64_t repetitions, std::uint64_t seed) {
    Rows rows;
    append(rows, law_rows(f.spx), "spx");
    for (const Tail& tail : kSpxTails) append(rows, tail_rows(f.spx, tail), "spx");
    append(rows, shortfall_rows(f.spx, f.spx.shortfalls[0], "falls", repetitions, seed), "spx");
    append(rows, law_rows(f.vix), "vix");
    for (const Tail& tail : kVixTails) append(rows, tail_rows(f.vix, tail), "vix");
    append(rows, shortfall_rows(f.vix, f.vix.shortfalls[0], "rises", repetitions, seed), "vix");
    append(rows, pnl_rows(f), "book");
    append(rows, law_rows(f.book), "book");
    for (const Tail& tail : kBookTails) append(rows, tail_rows(f.book, tail), "book");
    for (const ShortfallSeries& shortfall : f.book.shortfalls) {
        append(rows, {beyond_row(f.book, shortfall)}, "book");
        append(rows, shortfall_rows(f.book, shortfall, "losses", repetitions, seed, kUnknown), "book");
    }
    for (BacktestRow& row : rows) {
        row.regime = regime;
        row.sessions = f.size();
    }
    return rows;
}

}  // namespace

BacktestTable judge(const Forecasts& forecasts, std::uint64_t repetitions, std::uint64_t seed, Executor& executor) {
    std::array<Rows, kRegimes.size()> rows;
    std::array<Forecasts, kRegimes.size()> parts;
    const auto judge_regime = [&](std::size_t, std::size_t, std::size_t piece) {
        parts[piece] = forecasts_in(forecasts, kRegimes[piece]);
        rows[piece] = rows_of(parts[piece], kRegimes[piece], repetitions, seed);
    };
    executor.for_each_ordered(kRegimes.size(), judge_regime, [](std::size_t, std::size_t) {});
    BacktestTable table;
    for (std::size_t r = 0; r < kRegimes.size(); ++r) {
        table.rows.insert(table.rows.end(), rows[r].begin(), rows[r].end());
        for (const auto& [subject, series] :
             {std::pair("spx", &parts[r].spx), std::pair("vix", &parts[r].vix), std::pair("book", &parts[r].book)})
            table.histograms.push_back({subject, kRegimes[r], pit_histogram(series->pit, kBins)});
    }
    return table;
}

double count_p_value(std::span<const double> probabilities, std::uint64_t count) {
    std::vector<double> law{1.0};  // of the count over the days so far
    for (const double p : probabilities) {
        law.push_back(0.0);
        for (std::size_t k = law.size() - 1; k > 0; --k) law[k] = law[k] * (1.0 - p) + law[k - 1] * p;
        law[0] *= 1.0 - p;
    }
    double at_most = 0.0, at_least = 0.0;
    for (std::size_t k = 0; k < law.size(); ++k) {
        if (k <= count) at_most += law[k];
        if (k >= count) at_least += law[k];
    }
    return std::min(1.0, 2.0 * std::min(at_most, at_least));
}

}  // namespace volstorm
