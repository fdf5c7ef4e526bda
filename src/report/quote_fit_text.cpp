#include "volstorm/report/quote_fit_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "format.h"
#include "outside_text.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr double kPoor = 30.0;  // a condition number from which parameters stand in for each other
constexpr double kFlat = 0.25;  // of the rise of the cost that a parabola would have
constexpr double kSteep = 4.0;

// 2023-10-06T08:30:00
std::string iso_text(DateTime time) {
    std::string text = to_string(time);
    text[10] = 'T';
    return text.size() == 16 ? text + ":00" : text;
}

double rms(const ExpiryQuotes& expiry, const ModelQuotes::Expiry& model) {
    double sum = 0.0;
    for (std::size_t i = 0; i < expiry.quotes.size(); ++i) {
        const double off = model.vol[i] - expiry.quotes[i].mid_vol;
        sum += off * off;
    }
    return 100.0 * std::sqrt(sum / static_cast<double>(expiry.quotes.size()));
}

std::string expiry_lines(const QuoteFitReport& report) {
    std::string text = fmt::format("{:<26}{:>7}{:>9}{:>9}{:>9}{:>9}{:>10}{:>10}\n", "expiry", "quotes", "spread",
                                   "before", "after", "inside", "future", "off by");
    for (std::size_t k = 0; k < report.quotes.expiries.size(); ++k) {
        const ExpiryQuotes& expiry = report.quotes.expiries[k];
        const ExpiryFit fit = expiry_fit(report, k);
        text += fmt::format("{:<26}{:>7}", printable(expiry.name), expiry.quotes.size());
        text += expiry.quotes.empty() ? fmt::format("{:>9}{:>9}{:>9}{:>9}", "-", "-", "-", "-")
                                      : fmt::format("{:>9.2f}{:>9.2f}{:>9.2f}{:>7.0f} %", fit.spread, fit.rms_before,
                                                    fit.rms, fit.inside);
        if (expiry.family == ChainFamily::vix)
            text += fmt::format("{:>10.2f}{:>+10.2f}", expiry.forward, fit.future_error);
        text += '\n';
    }
    return text +
           "  spread, before, after: vol points on the session clock, root mean square off the mids; inside:\n"
           "  quotes whose bid and ask hold the fitted price; future: points, by parity where it was not given\n";
}

// The fit in one sentence: how far off all expiries of a family are.
std::string verdict(const QuoteFitReport& report) {
    std::string text;
    double worst_future = 0.0;
    for (const ChainFamily family : {ChainFamily::spx, ChainFamily::vix}) {
        double squares = 0.0, inside = 0.0, quotes = 0.0;
        for (std::size_t k = 0; k < report.quotes.expiries.size(); ++k) {
            const ExpiryQuotes& expiry = report.quotes.expiries[k];
            if (expiry.family != family) continue;
            const ExpiryFit fit = expiry_fit(report, k);
            const auto n = static_cast<double>(expiry.quotes.size());
            if (family == ChainFamily::vix) worst_future = std::max(worst_future, std::abs(fit.future_error));
            if (n == 0.0) continue;
            squares += n * fit.rms * fit.rms, inside += n * fit.inside, quotes += n;
        }
        text += fmt::format("{} {:.2f} vol points ({:.0f} % inside), ",
                            family == ChainFamily::spx ? "Off the mids: SPX" : "VIX options",
                            quotes > 0.0 ? std::sqrt(squares / quotes) : 0.0, quotes > 0.0 ? inside / quotes : 0.0);
    }
    return text +
           fmt::format(
               "futures\nof VIX at most {:.2f}, VIX {:.2f}. A run takes up what is left where market.snapshot of "
               "its\nscenario names these quotes.\n\n",
               worst_future, std::abs(report.fit.quotes.vix - report.quotes.vix));
}

std::string flag_of(const FittedParameter& p, double variance) {
    if (p.at_bound != AtBound::no) return p.at_bound == AtBound::low ? "low bound" : "high bound";
    if (std::isnan(p.rise_below)) return std::isfinite(p.low) ? "" : "not determined";
    const double expected = 4.0 * variance, least = std::min(p.rise_below, p.rise_above);
    if (least < kFlat * expected) return "wider";
    return least > kSteep * expected ? "narrower" : "";
}

std::string parameter_lines(const QuoteFit& fit) {
    std::string text =
        fmt::format("\n{:<30}{:<18}{:>10}{:>10}   {}\n", "parameter", "unit", "start", "fitted", "one standard error");
    for (const FittedParameter& p : fit.parameters) {
        std::string range = std::isfinite(p.low) ? fmt::format("{:.4g} to {:.4g}", p.low, p.high) : "-";
        const std::string flag = flag_of(p, fit.fit.residual_variance);
        text += fmt::format("{:<30}{:<18}{:>10.4g}{:>10.4g}   {:<19}{}\n", printable(p.name), p.unit, p.start, p.value,
                            range, flag);
    }
    text += "  less and more one standard error; variance: of ln SPX, a year of session time\n";
    const auto is_profiled = [](const FittedParameter& p) { return std::isfinite(p.rise_below + p.rise_above); };
    if (std::ranges::any_of(fit.parameters, is_profiled))
        text += "  wider, narrower: than the standard error says, by the cost with the other parameters fitted again\n";
    return text;
}

std::string diagnosis(const QuoteFitReport& report) {
    const Fit& fit = report.fit.fit;
    std::string text =
        fmt::format("\nThe search ended: {}; {} sets of parameters from {} start{}, cost {:.1f}", to_string(fit.stop),
                    fit.evaluations, fit.starts.size(), fit.starts.size() == 1 ? "" : "s", fit.cost);
    std::string others;
    for (const StartResult& start : fit.starts)
        others += std::isfinite(start.cost) ? fmt::format(" {:.1f}", start.cost) : " none";
    if (fit.starts.size() > 1) text += fmt::format("\n  by start:{}", others);
    if (std::isfinite(fit.condition_number)) {
        text += fmt::format(
            "\n  condition number {:.0f}{}", fit.condition_number,
            fit.condition_number > kPoor ? ": some parameters stand in for each other, most of all\n  " : "");
        std::vector<std::pair<double, std::string>> weak;
        for (std::size_t i = 0; i < fit.weakest_direction.size(); ++i)
            weak.emplace_back(-std::abs(fit.weakest_direction[i]), report.fit.parameters[i].name);
        std::ranges::sort(weak);
        for (std::size_t i = 0; fit.condition_number > kPoor && i < 3 && i < weak.size(); ++i)
            text += fmt::format("{}{}", i == 0 ? "" : ", ", printable(weak[i].second));
    }
    const double prices = static_cast<double>(fit.evaluations * report.quotes.quotes());
    return text + fmt::format("\n  {:.1f} s, {:.1f} microseconds of one thread a price\n", report.seconds,
                              1e6 * report.seconds * static_cast<double>(report.threads) / prices);
}

}  // namespace

ExpiryFit expiry_fit(const QuoteFitReport& report, std::size_t k) {
    const ExpiryQuotes& expiry = report.quotes.expiries[k];
    const ModelQuotes::Expiry& model = report.fit.quotes.expiries[k];
    ExpiryFit result;
    result.future_error = model.future - expiry.forward;
    if (expiry.quotes.empty()) return result;
    double inside = 0.0;
    for (std::size_t i = 0; i < expiry.quotes.size(); ++i) {
        const OptionQuote& q = expiry.quotes[i];
        result.spread += 100.0 * (q.ask_vol - q.bid_vol);
        inside += model.price[i] >= q.bid && model.price[i] <= q.ask ? 100.0 : 0.0;
    }
    const auto n = static_cast<double>(expiry.quotes.size());
    result.spread /= n;
    result.inside = inside / n;
    result.rms_before = rms(expiry, report.fit.start_quotes.expiries[k]);
    result.rms = rms(expiry, model);
    return result;
}

std::string quote_fit_scenario(const QuoteFitReport& report) {
    std::string text = fmt::format("[market]\nvariance = {:.6g}\nvariance_mean = {:.6g}\n", report.fit.world.state.v,
                                   report.fit.world.state.m);
    for (const Event& event : report.fit.world.events) {
        text += fmt::format("[[event]]\nname = {}\ntime = {}\nspx_move_sd = {:.4g}\n", toml_string(event.name),
                            iso_text(event.time), event.spx_move_sd);
        if (event.variance_drop > 0.0) text += fmt::format("variance_drop = {:g}\n", event.variance_drop);
        if (event.physical_sd != event.spx_move_sd) text += fmt::format("physical_sd = {:g}\n", event.physical_sd);
        if (event.physical_mean != -0.5 * event.physical_sd * event.physical_sd)
            text += fmt::format("physical_mean = {:g}\n", event.physical_mean);
    }
    return text;
}

// Physical jumps are kept while all that both measures share is fitted: paths may then move more than prices say.
std::string path_lines(const QuoteFitReport& report) {
    const std::string text =
        fmt::format("\nSPX over the next session, without events: vol {:.1f} % by prices, {:.1f} % on paths\n",
                    100.0 * report.priced_vol, 100.0 * report.path_vol);
    if (!(report.path_vol > 1.02 * report.priced_vol)) return text;
    return text +
           "  paths move more than they are priced for: whatever sells options loses on them; before a run\n"
           "  fit the physical jumps too (volstorm calibrate --physical)\n";
}

std::string quote_fit_text(const QuoteFitReport& report) {
    std::string text = fmt::format("{} quotes of {} New York\n", report.quotes.quotes(), to_string(report.quotes.time));
    for (const std::string& file : report.files) text += printable(file) + '\n';
    text += fmt::format("from the model of {}\n\n", printable(report.model)) + verdict(report);
    text += expiry_lines(report);
    text += fmt::format("  VIX {:.2f}: model {:.2f} before, {:.2f} after\n", report.quotes.vix,
                        report.fit.start_quotes.vix, report.fit.quotes.vix);
    for (const std::string& line : report.quotes.left_out) text += "  left out: " + printable(line) + '\n';
    text += parameter_lines(report.fit) + diagnosis(report);
    text += path_lines(report);
    text +=
        "\nThe state (instead of vix) and the events of that moment, for a scenario:\n" + quote_fit_scenario(report);
    return without_end_blanks(text);
}

std::string quote_fit_csv(const QuoteFitReport& report) {
    std::string text =
        "expiry,settlement,years,forward,type,strike,moneyness,bid,ask,model,bid_vol,mid_vol,ask_vol,model_vol,"
        "residual_vol,residual_spreads,inside\n";
    for (std::size_t k = 0; k < report.quotes.expiries.size(); ++k) {
        const ExpiryQuotes& e = report.quotes.expiries[k];
        const ModelQuotes::Expiry& model = report.fit.quotes.expiries[k];
        if (e.quotes.empty()) continue;
        const OptionQuote& money = *std::ranges::min_element(
            e.quotes, {}, [&](const OptionQuote& q) { return std::abs(std::log(q.strike / e.forward)); });
        const double stdev = money.mid_vol * std::sqrt(e.years);
        for (std::size_t i = 0; i < e.quotes.size(); ++i) {
            const OptionQuote& q = e.quotes[i];
            const bool inside = model.price[i] >= q.bid && model.price[i] <= q.ask;
            text += fmt::format("{},{},{:.6g},{:.4f},{},{:g},{:.4f},{:.4f},{:.4f},{:.4f},{:.5f},{:.5f},{:.5f},{:.5f},",
                                csv_cell(e.name), iso_text(e.settlement), e.years, e.forward,
                                q.type == OptionType::call ? "call" : "put", q.strike,
                                std::log(q.strike / e.forward) / stdev, q.bid, q.ask, model.price[i], q.bid_vol,
                                q.mid_vol, q.ask_vol, model.vol[i]);
            text += fmt::format("{:.5f},{:.3f},{}\n", q.mid_vol - model.vol[i],
                                (q.mid() - model.price[i]) / (q.ask - q.bid), inside ? "yes" : "no");
        }
    }
    return text;
}

}  // namespace volstorm
