#include "volstorm/report/physical_fit_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "format.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr int kNameWidth = 44;

template <class Cell>
std::string regime_line(std::string_view name, Cell cell) {
    std::string text = fmt::format("{:<{}}", name, kNameWidth);
    for (const Regime regime : kRegimes) text += fmt::format("{:>10}", cell(regime));
    return text + '\n';
}

std::string count_text(const RealismTable& table, Regime regime) {
    const RealismTable::Count count = table.count(regime);
    return count.rows == 0 ? "-" : fmt::format("{}/{}", count.inside, count.rows);
}

std::string table_text(const PhysicalFitReport& report) {
    const PhysicalFit& fit = report.fit;
    const auto cost = [](const RealismTable& table) {
        return [&table](Regime regime) {
            return table.count(regime).rows == 0 ? "-" : fmt::format("{:.1f}", cost_of(table, regime));
        };
    };
    std::string text = '\n' + regime_line("VIX before", [](Regime regime) { return name_of(regime); });
    text += regime_line("effective sessions", [&](Regime regime) {
        return fmt::format("{:.0f}", report.effective[static_cast<std::size_t>(regime)]);
    });
    text += regime_line("rows inside the market's 90 % interval",
                        [&](Regime regime) { return count_text(fit.before, regime); });
    text += regime_line("  after the fit", [&](Regime regime) { return count_text(fit.after, regime); });
    text += regime_line("cost", cost(fit.before)) + regime_line("  after the fit", cost(fit.after));
    const auto all = [](const RealismTable& table) {
        return fmt::format("{} of {} ({:.0f} %)", table.count().inside, table.count().rows,
                           100.0 * table.count().share());
    };
    text += fmt::format("Inside in all: {} before, {} after, on random numbers of their own\n", all(fit.before),
                        all(fit.after));
    return text + fmt::format("Cost of the fit: {:.1f} before, {:.1f} after\n", fit.cost_before, fit.cost_after);
}

// Parameters span nine orders of magnitude.
std::string parameter_text(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4g}", value); }

std::string error_text(const PhysicalParameter& parameter) {
    if (parameter.at_bound != AtBound::no)
        return parameter.at_bound == AtBound::low ? "at the lower bound" : "at the upper bound";
    if (!(parameter.error > 0.0)) return "-";  // nothing in the history tells it
    return fmt::format("{:.3g} ({:.0f} %)", parameter.error, 100.0 * std::abs(parameter.error / parameter.after));
}

std::string full_name(const PhysicalParameter& p) {
    return p.anchor + "." + (p.family.empty() ? "" : p.family + ".") + p.key;
}

std::string parameters_text(const PhysicalFit& fit) {
    std::string text = fmt::format("\n{:<{}}{:>12}{:>12}  {}\n", "Physical parameters", kNameWidth, "before", "after",
                                   "standard error");
    for (const PhysicalParameter& p : fit.parameters)
        text += fmt::format("{:<{}}{:>12}{:>12}  {}\n", "  " + printable(full_name(p)), kNameWidth,
                            parameter_text(p.before), parameter_text(p.after), error_text(p));
    for (const std::string& anchor : fit.unstable)
        text +=
            fmt::format("  {}: the jumps feed variance back as much as they may; the line of stability binds them\n",
                        printable(anchor));
    return text;
}

// The two parameters that make up most of the direction that is determined least.
std::string weakest_text(const PhysicalFit& fit) {
    const std::vector<double>& direction = fit.search.weakest_direction;
    std::vector<std::size_t> order(direction.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return std::abs(direction[i]); });
    if (order.size() < 2) return {};
    return fmt::format("  least determined: {} and {}\n", printable(full_name(fit.parameters[order[0]])),
                       printable(full_name(fit.parameters[order[1]])));
}

std::string search_text(const PhysicalFit& fit) {
    return fmt::format(
        "\nThe search: {} sets of parameters, {} steps; {}\n  condition number {} (from 30 on some "
        "parameters stand in for others)\n{}",
        fit.search.evaluations, fit.search.iterations, to_string(fit.search.stop), figure(fit.search.condition_number),
        weakest_text(fit));
}

std::string premium_text(const std::vector<VixPremium>& premia) {
    const auto most = std::ranges::max_element(premia, {}, &VixPremium::gain);
    return most == premia.end() ? "-" : fmt::format("{:+.2f} % ({} at VIX {:g})", most->gain, most->product, most->vix);
}

std::string warning_text(const std::vector<VixPremium>& premia) {
    const bool earns = std::ranges::any_of(premia, [](const VixPremium& p) { return p.gain > 2.0 * p.error; });
    return earns ? "  warning: this model pays for holding long VIX, which flatters a hedge\n" : "";
}

std::string remarks_text(const std::vector<std::string>& remarks) {
    std::string text = remarks.empty() ? "" : "\nOf the history\n";
    for (const std::string& remark : remarks) text += fmt::format("  {}\n", printable(remark));
    return text;
}

}  // namespace

std::string physical_fit_text(const PhysicalFitReport& report) {
    std::string text = fmt::format("Physical parameters fitted to {} sessions, {}, seed {}; the model\n{}\n",
                                   report.sessions, report.period, report.seed, printable(report.model));
    if (report.analog) text += analog_text(*report.analog, report.sessions);
    text += table_text(report) + parameters_text(report.fit) + search_text(report.fit);
    text += fmt::format(
        "\nThe most that long VIX earns in a session, of its price (should not be above 0)\n  before  {}\n  after   "
        "{}\n",
        premium_text(report.fit.premia_before), premium_text(report.fit.premia_after));
    text += warning_text(report.fit.premia_after);
    return without_end_blanks(text + remarks_text(report.remarks));
}

}  // namespace volstorm
