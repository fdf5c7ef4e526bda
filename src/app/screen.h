#pragma once
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/market/arbitrage.h"
#include "volstorm/market/chain.h"
#include "volstorm/market/chain_smile.h"
#include "volstorm/market/parity.h"
#include "volstorm/market/vol_quotes.h"

namespace volstorm {

/// One expiry of a chain, measured. What is missing could not be measured.
struct ScreenedExpiry {
    const ChainExpiry* expiry = nullptr;
    CalendarYears years;  // not above 0: it has settled, and nothing else is measured
    std::optional<SessionYears> sessions;
    std::size_t listed = 0, quoted = 0;  // options
    std::optional<ParityForward> forward;
    std::optional<ParityFit> fit;
    SmileBasis basis;
    std::optional<SmileStrike> money;

    bool has_settled() const { return years.value <= 0.0; }
};

/// The condor that volstorm is about: SPXW of the next day, 0.15 delta, wings 25 points away.
struct ScreenedCondor {
    const ScreenedExpiry* expiry = nullptr;
    SmileStrike put, call;
    std::optional<CondorCredit> credit;
};

struct ScreenedChain {
    OptionChain chain;
    DateTime quote_time{};
    bool time_was_given = false;  // by --time
    std::optional<double> rate;
    std::vector<ScreenedExpiry> expiries;
    std::optional<ScreenedCondor> condor;
    std::vector<Violation> violations;
};

inline constexpr double kScreenDelta = 0.15;
inline constexpr double kScreenWing = 25.0;  // index points

/// Text for people, 100 columns; and the same as JSON.
std::string screen_text(const ScreenedChain& screen);
std::string screen_text(const VolQuotes& quotes);
nlohmann::ordered_json screen_json(const ScreenedChain& screen);
nlohmann::ordered_json screen_json(const VolQuotes& quotes);

}  // namespace volstorm
