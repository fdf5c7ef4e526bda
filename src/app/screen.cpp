#include "screen.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "command.h"
#include "print.h"
#include "quote_time.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/market/calendar.h"
#include "volstorm/market/clock.h"

namespace volstorm {
namespace {

using Json = nlohmann::ordered_json;

ScreenedExpiry screened(const ChainExpiry& expiry, DateTime quote_time, double rate) {
    ScreenedExpiry s;
    s.expiry = &expiry;
    s.years = calendar_time(quote_time, settlement_time(expiry));
    s.listed = 2 * (expiry.rows.size() + static_cast<std::size_t>(expiry.unquoted_rows));
    for (const ChainRow& row : expiry.rows)
        s.quoted += (row.call.is_quoted() ? 1u : 0u) + (row.put.is_quoted() ? 1u : 0u);
    if (s.has_settled()) return s;
    s.sessions = session_time(quote_time, expiry);
    s.forward = parity_forward(expiry);
    s.fit = fit_parity(expiry);
    if (!s.forward) return s;
    s.basis = {s.forward->forward, std::exp(-rate * s.years.value)};
    s.money = at_the_money(expiry, s.basis);
    return s;
}

std::optional<ScreenedCondor> next_condor(const ScreenedChain& screen) {
    if (screen.chain.family != ChainFamily::spx) return std::nullopt;
    const auto is_next = [&](const ScreenedExpiry& s) {
        return s.expiry->settlement == Settlement::pm && s.expiry->date > date_of(screen.quote_time) && s.forward;
    };
    const auto next = std::ranges::find_if(screen.expiries, is_next);
    if (next == screen.expiries.end()) return std::nullopt;
    const auto put = strike_near_delta(*next->expiry, OptionType::put, kScreenDelta, next->basis);
    const auto call = strike_near_delta(*next->expiry, OptionType::call, kScreenDelta, next->basis);
    if (!put || !call) return std::nullopt;
    return ScreenedCondor{&*next, *put, *call, condor_credit(*next->expiry, put->strike, call->strike, kScreenWing)};
}

/// Fills in what is measured of the chain. It holds pointers into its vectors, so it may be moved, not copied.
void measure(ScreenedChain& screen) {
    screen.rate = implied_rate(screen.chain, screen.quote_time);
    for (const ChainExpiry& expiry : screen.chain.expiries)
        screen.expiries.push_back(screened(expiry, screen.quote_time, screen.rate.value_or(0.0)));
    screen.condor = next_condor(screen);
    screen.violations = find_violations(screen.chain, screen.quote_time);
}

ScreenedChain screened(OptionChain chain, bool time_was_given) {
    if (!chain.quote_time)
        throw InputError({chain.file}, "has no date line: say when its quotes stood, as in --time 2023-10-04T09:00:00");
    ScreenedChain screen;
    screen.chain = std::move(chain);
    screen.quote_time = *screen.chain.quote_time;
    screen.time_was_given = time_was_given;
    measure(screen);
    if (!screen.expiries.empty() && std::ranges::all_of(screen.expiries, &ScreenedExpiry::has_settled))
        throw InputError({screen.chain.file}, "every expiry has settled by " + to_string(screen.quote_time) +
                                                  ": when did the quotes stand? (--time)");
    return screen;
}

}  // namespace

Exit screen_command(const ScreenOptions& options) {
    const std::optional<DateTime> time = quote_time(options.time);
    Json files = Json::array();
    for (const std::string& file : options.files) {
        const auto show = [&](const auto& screen) {
            if (options.json) {
                files.push_back(screen_json(screen));
            } else {
                say("{}{}", &file == &options.files.front() ? "" : "\n", screen_text(screen));
            }
        };
        auto quotes = read_quotes(file, time);
        if (auto* vols = std::get_if<VolQuotes>(&quotes)) {
            show(*vols);
        } else {
            show(screened(std::get<OptionChain>(std::move(quotes)), time.has_value()));
        }
    }
    if (options.json) say("{}\n", Json{{"files", files}}.dump(2, ' ', false, Json::error_handler_t::replace));
    return Exit::ok;
}

}  // namespace volstorm
