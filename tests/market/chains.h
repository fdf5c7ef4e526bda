#pragma once
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

#include "volstorm/core/civil_time.h"
#include "volstorm/market/chain.h"
#include "volstorm/math/black.h"

/// Chains made up from Black's prices, as text in Cboe's layouts and as values.
namespace volstorm::made {

inline const std::string kCboeHeader =
    "Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,Puts,Last Sale,Net,Bid,Ask,"
    "Volume,IV,Delta,Gamma,Open Interest\n";

/// An expiry whose quotes are Black's prices with a spread around them.
struct Expiry {
    Date date = make_date(2023, 6, 15);
    std::string root = "SPXW";
    double years = 1.0 / 365.0;
    double forward = 4000.0, vol = 0.20, discount = 1.0;
    double low = 3900.0, high = 4100.0, step = 5.0;
    double half_spread = 0.10;
    double tick = 0.05;                                                        // bids are rounded down to it, asks up
    std::function<double(double strike)> vol_at = [](double) { return 0.0; };  // added to vol
};

inline BidAsk quote(const Expiry& e, OptionType type, double strike) {
    const double stdev = (e.vol + e.vol_at(strike)) * std::sqrt(e.years);
    const double price = e.discount * black_price(type, e.forward, strike, stdev);
    const double bid = std::floor((price - e.half_spread) / e.tick + 1e-9) * e.tick;
    const double ask = std::ceil((price + e.half_spread) / e.tick - 1e-9) * e.tick;
    return {std::max(bid, 0.0), std::max(ask, e.tick)};
}

inline ChainExpiry expiry(const Expiry& e) {
    ChainExpiry made;
    made.date = e.date;
    made.root = e.root;
    made.settlement = e.root == "SPXW" ? Settlement::pm : Settlement::am;
    for (double strike = e.low; strike <= e.high; strike += e.step)
        made.rows.push_back({strike, quote(e, OptionType::call, strike), quote(e, OptionType::put, strike), 0});
    return made;
}

/// `230615` and, in the column, `Thu Jun 15 2023`.
inline std::string symbol(const Expiry& e, char type, double strike) {
    const std::string day = to_string(e.date);
    return fmt::format("{}{}{}{}{}{:08.0f}", e.root, day.substr(2, 2), day.substr(5, 2), day.substr(8, 2), type,
                       1000.0 * strike);
}
inline std::string row(const Expiry& e, double strike, BidAsk call, BidAsk put) {
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::chrono::year_month_day day(e.date);
    return fmt::format("Thu {} {:02} {},{},0,0,{:g},{:g},0,0.2,0.5,0.01,1,{:.2f},{},0,0,{:g},{:g},0,0.2,-0.5,0.01,1\n",
                       kMonths[static_cast<unsigned>(day.month()) - 1], static_cast<unsigned>(day.day()),
                       static_cast<int>(day.year()), symbol(e, 'C', strike), call.bid, call.ask, strike,
                       symbol(e, 'P', strike), put.bid, put.ask);
}
inline std::string row(const Expiry& e, double strike) {
    return row(e, strike, quote(e, OptionType::call, strike), quote(e, OptionType::put, strike));
}

/// A file with this text, which goes with it.
class File {
 public:
    explicit File(const std::string& text)
        : path_(std::filesystem::temp_directory_path() / fmt::format("volstorm_chain_{}_{}.csv", getpid(), count()++)) {
        std::ofstream(path_, std::ios::binary) << text;
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { std::filesystem::remove(path_); }
    const std::filesystem::path& path() const { return path_; }

 private:
    static int& count() {
        static int files = 0;
        return files;
    }
    std::filesystem::path path_;
};

}  // namespace volstorm::made
