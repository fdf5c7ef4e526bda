#include "volstorm/market/market.h"

#include <array>
#include <string>

#include "volstorm/core/table.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr Bounds kSpx{.low = 0.0, .high = 1e6, .low_open = true, .high_open = true};
constexpr Bounds kVix{.low = 5.0, .high = 200.0};
constexpr Bounds kVol{.low = 0.01, .high = 5.0};
constexpr Bounds kVariance{.low = 0.0, .high = 25.0};  // a vol of 500 %
constexpr Bounds kRate{.low = -0.05, .high = 0.25};

DateTime read_entry(const Table& table) {
    const DateTime time = table.date_time("time");
    const Date day = date_of(time);
    if (!in_calendar(day)) table.fail("time", "is outside the calendar of 2015 to 2027");
    if (!is_session(day))
        table.fail("time", "is on " + to_string(day) + ", when there is no session; the next is on " +
                               to_string(next_session(day)));
    if (time < session_open(day) || time > session_close(day))
        table.fail("time", "is " + to_string(time) + ", outside the session from " + to_string(session_open(day)) +
                               " to " + to_string(session_close(day)));
    return time;
}

/// The state is given by quotes (vix, perhaps atm_vol_1d) or by itself (variance and variance_mean).
void check_state(const Table& table, const Market& market) {
    if (market.variance.has_value() != market.variance_mean.has_value()) {
        table.refuse_slip_of({"variance", "variance_mean"});
        table.fail(market.variance ? "variance" : "variance_mean", "needs both variance and variance_mean");
    }
    for (const char* quote : {"vix", "atm_vol_1d"}) {
        if (market.variance && table.has(quote))
            table.fail(quote, "says the same as variance and variance_mean: give one or the other");
    }
    if (market.variance || market.vix) return;
    table.refuse_slip_of({"vix", "variance", "variance_mean"});
    table.fail("vix", "is missing: give vix, or variance and variance_mean");
}

VolClock read_clock(const Table& table) {
    constexpr std::array<std::string_view, 2> kClocks = {"session", "calendar"};
    return table.choice("iv_clock", kClocks, "session") == "session" ? VolClock::session : VolClock::calendar;
}

std::shared_ptr<const OptionChain> read_quotes_of(const Table& files, const char* key, ChainFamily family,
                                                  DateTime entry) {
    if (!files.has(key)) return nullptr;
    auto chain = std::make_shared<const OptionChain>(read_chain(files.file(key)));
    if (chain->family != family)
        files.fail(key, family == ChainFamily::spx ? "holds options of VIX; those of SPX belong here"
                                                   : "holds options of SPX; those of VIX belong here");
    if (chain->quote_time && std::chrono::abs(*chain->quote_time - entry) > std::chrono::days(1))
        files.fail(key, "holds quotes of " + to_string(*chain->quote_time) + ", but the entry is " + to_string(entry) +
                            ": quotes of that moment belong here");
    return chain;
}

void read_snapshot(const Table& table, Market& market) {
    const auto files = table.table_if("snapshot");
    if (!files) return;
    if (!market.has_time) table.fail("snapshot", "needs market.time: its quotes are those of the entry");
    market.spx_quotes = read_quotes_of(*files, "spx", ChainFamily::spx, market.time);
    market.vix_quotes = read_quotes_of(*files, "vix", ChainFamily::vix, market.time);
    if (!market.spx_quotes && !market.vix_quotes) files->fail_needs_one_of({"spx", "vix"});
}

}  // namespace

Market read_market(const Table& scenario) {
    const Table table = scenario.table("market");
    Market market;
    market.has_time = table.has("time");
    if (market.has_time) market.time = read_entry(table);
    market.spx = table.number("spx", kSpx);
    market.vix = table.number_if("vix", kVix);
    market.atm_vol_1d = table.number_if("atm_vol_1d", kVol);
    market.variance = table.number_if("variance", kVariance);
    market.variance_mean = table.number_if("variance_mean", kVariance);
    market.rate = table.number("rate", kRate, 0.0);
    market.dividend_yield = table.number("dividend_yield", kRate, 0.0);
    market.iv_clock = read_clock(table);
    market.vix_source = table.source("vix");
    market.atm_vol_source = table.source("atm_vol_1d");
    check_state(table, market);
    if (table.has("history")) {
        if (!market.has_time) table.fail("history", "needs market.time: its last row is the session before");
        market.history = read_history(table.file("history"), date_of(market.time));
    }
    read_snapshot(table, market);
    return market;
}

}  // namespace volstorm
