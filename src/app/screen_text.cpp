#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "screen.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostGroups = 20;
constexpr double kShownRateError = 0.02;  // a rate known worse is not shown

/// Blank where there is nothing to show.
std::string cell(double value, int width, int digits) {
    return std::isfinite(value) ? fmt::format("{:>{}.{}f}", value, width, digits) : fmt::format("{:>{}}", "", width);
}

std::string plural(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(static_cast<std::int64_t>(count)), noun, count == 1 ? "" : "s");
}

std::string joined(const std::vector<double>& strikes) {
    std::string text;
    for (const double strike : strikes) text += fmt::format("{}{:.6g}", text.empty() ? "" : " ", strike);
    return text;
}

std::string head(const ScreenedChain& screen) {
    const OptionChain& chain = screen.chain;
    std::size_t strikes = 0;
    for (const ScreenedExpiry& s : screen.expiries) strikes += s.listed / 2;
    std::string text =
        fmt::format("{}\n{} options, {} in {}; quotes of {} New York", printable(chain.file),
                    chain.family == ChainFamily::spx ? "SPX" : "VIX", plural(strikes, "strike"),
                    chain.expiries.size() == 1 ? "one expiry" : fmt::format("{} expiries", chain.expiries.size()),
                    to_string(screen.quote_time));
    if (screen.time_was_given) text += " (--time)";
    if (chain.stamp && *chain.stamp != screen.quote_time)
        text += fmt::format("\nsaved {}, so the quotes are taken as those of the close", to_string(*chain.stamp));
    if (chain.last) text += fmt::format("\nlast value of the index {:.2f}", *chain.last);
    if (screen.rate) text += fmt::format("\nrate from parity {:.2f} % a year", 100.0 * *screen.rate);
    return text + "\n\n";
}

std::string expiry_line(const ScreenedExpiry& s) {
    const double forward = s.forward ? s.forward->forward : kNone, stdev = s.money ? s.money->stdev : kNone;
    const double sessions = s.sessions ? s.sessions->value : kNone;
    const bool has_rate = s.fit && s.fit->rate_error(s.years) <= kShownRateError;
    const double rate = has_rate ? s.fit->rate(s.years) : kNone, error = has_rate ? s.fit->rate_error(s.years) : kNone;
    std::string line = fmt::format(
        "  {:<16} {:<4} {:>7.2f} {:>9} {} {} {} {} {}", to_string(settlement_time(*s.expiry)), s.expiry->root,
        kDaysPerYear * s.years.value, fmt::format("{}/{}", s.quoted, s.listed), cell(forward, 9, 2),
        cell(100.0 * rate, 7, 2), cell(100.0 * error, 5, 2), cell(100.0 * stdev / std::sqrt(s.years.value), 7, 2),
        cell(100.0 * stdev / std::sqrt(sessions), 10, 2));
    return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string expiry_table(const ScreenedChain& screen) {
    std::string text = fmt::format("  {:<16} {:<4} {:>7} {:>9} {:>9} {:>7} {:>5} {:>7} {:>10}\n", "settles", "root",
                                   "days", "quoted", "forward", "rate %", "+-", "ATM %", "session %");
    for (const ScreenedExpiry& s : screen.expiries)
        if (!s.has_settled()) text += expiry_line(s);
    for (const ScreenedExpiry& s : screen.expiries) {
        if (s.has_settled()) {
            text += fmt::format("  {} {} has settled: {} left out\n", to_string(settlement_time(*s.expiry)),
                                s.expiry->root, plural(s.listed / 2, "strike"));
        } else if (s.expiry->unquoted_rows > 0) {
            text += fmt::format("  {} {}: {} without any quote left out\n", to_string(settlement_time(*s.expiry)),
                                s.expiry->root, plural(static_cast<std::size_t>(s.expiry->unquoted_rows), "strike"));
        }
    }
    return text +
           "  ATM: the listed strike nearest to the forward; % on the calendar's clock and on that of sessions.\n";
}

std::string condor_lines(const ScreenedCondor& condor) {
    const double years = condor.expiry->years.value;
    const auto leg = [&](const char* name, const SmileStrike& s) {
        return fmt::format("{} {:.6g} (delta {:.3f}, vol {:.1f} %)", name, s.strike, s.delta,
                           100.0 * s.stdev / std::sqrt(years));
    };
    std::string text =
        fmt::format("\nNext expiry {}, listed strikes nearest to {} delta, vols on the calendar's clock:\n",
                    to_string(condor.expiry->expiry->date), kScreenDelta);
    text += fmt::format("  {}, {}\n", leg("put", condor.put), leg("call", condor.call));
    if (condor.credit) {
        text += fmt::format("  condor with {:g}-point wings: credit {:.2f} at bid and ask, {:.2f} at mid\n",
                            kScreenWing, condor.credit->at_quotes, condor.credit->at_mid);
    } else {
        text += fmt::format("  no condor with {:g}-point wings: a wing is not quoted\n", kScreenWing);
    }
    return text;
}

/// The violations of one kind and expiry, told by the largest.
struct Group {
    const Violation* largest;
    std::size_t count = 0;
};

std::vector<Group> grouped_violations(const std::vector<Violation>& violations) {
    std::vector<Group> groups;
    std::map<std::pair<ViolationKind, std::size_t>, std::size_t> place;
    for (const Violation& v : violations) {
        const auto [at, is_new] = place.insert({{v.kind, v.expiry}, groups.size()});
        if (is_new) groups.push_back({&v});
        ++groups[at->second].count;
    }
    return groups;
}

std::string group_line(const OptionChain& chain, const Group& group) {
    const Violation& v = *group.largest;
    const ChainExpiry& expiry = chain.expiries[v.expiry];
    const bool two_sided = v.kind == ViolationKind::parity || v.kind == ViolationKind::box;
    std::string trade = two_sided ? "" : v.type == OptionType::call ? "call " : "put ";
    trade += joined(v.strikes);
    if (v.kind == ViolationKind::calendar) {
        const ChainExpiry& later = chain.expiries[v.later_expiry];
        trade = fmt::format("{}{:.6g}, against {} {} {:.6g}", v.type == OptionType::call ? "call " : "put ",
                            v.strikes[0], to_string(later.date), later.root, v.strikes[1]);
    }
    return fmt::format("  {:<9} {} {:<4} {:>6} {:>8.3f}  {}\n", name_of(v.kind), to_string(expiry.date), expiry.root,
                       group.count, v.points, trade);
}

std::string violation_lines(const ScreenedChain& screen) {
    if (screen.violations.empty())
        return "\nNo violation of parity, box, vertical, butterfly or calendar bounds can be traded at these quotes\n";
    const std::vector<Group> groups = grouped_violations(screen.violations);
    std::string text =
        fmt::format("\n{} can be traded at these quotes; of each kind and expiry the largest, points a unit\n",
                    plural(screen.violations.size(), "violation"));
    text += fmt::format("  {:<9} {:<15} {:>6} {:>8}  {}\n", "kind", "expiry", "count", "points", "strikes");
    for (std::size_t i = 0; i < std::min(groups.size(), kMostGroups); ++i) text += group_line(screen.chain, groups[i]);
    if (groups.size() > kMostGroups)
        text += fmt::format("  and {} more of a kind and expiry; --json has all\n", groups.size() - kMostGroups);
    return text;
}

/// The quote nearest to the forward.
const VolQuote& at_the_money(const VolTenor& tenor) {
    return *std::ranges::min_element(tenor.quotes, {},
                                     [&](const VolQuote& q) { return std::abs(q.strike - tenor.forward); });
}

}  // namespace

std::string screen_text(const ScreenedChain& screen) {
    std::string condor = screen.condor ? condor_lines(*screen.condor) : "";
    if (screen.chain.family == ChainFamily::spx && condor.empty())
        condor =
            fmt::format("\nNo condor: no later SPXW expiry is quoted around {} delta on both sides\n", kScreenDelta);
    return head(screen) + expiry_table(screen) + condor + violation_lines(screen);
}

std::string screen_text(const VolQuotes& quotes) {
    std::string text = fmt::format("{}\nvols on given forwards, {}\n\n", printable(quotes.file),
                                   plural(quotes.tenors.size(), "tenor"));
    text += fmt::format("  {:<8} {:>8} {:>10} {:>7} {:>7} {:>17} {:>10} {:>8} {:>8}\n", "tenor", "years", "forward",
                        "rate %", "quotes", "strikes", "ATM strike", "bid %", "ask %");
    for (const VolTenor& t : quotes.tenors) {
        const auto [low, high] = std::ranges::minmax(t.quotes, {}, &VolQuote::strike);
        const VolQuote& money = at_the_money(t);
        text += fmt::format("  {:<8} {:>8.4f} {:>10.3f} {:>7.2f} {:>7} {:>17} {:>10.6g} {:>8.2f} {:>8.2f}\n",
                            printable(t.name.substr(0, 8)), t.years, t.forward, -100.0 * std::log(t.discount) / t.years,
                            t.quotes.size(), fmt::format("{:.6g} to {:.6g}", low.strike, high.strike), money.strike,
                            100.0 * money.bid_vol, 100.0 * money.ask_vol);
    }
    return text;
}

}  // namespace volstorm
