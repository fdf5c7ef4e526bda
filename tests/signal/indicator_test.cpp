// Known answers for the signals, from an independent calculation in Python: textbook averages for RSI, explicit weights
// a (1 - a)^k in exact fractions for the exponential averages.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "volstorm/signal/registry.h"

using namespace volstorm;

namespace {

std::unique_ptr<const Signal> make(std::string_view name, std::vector<int> periods) {
    for (const SignalEntry& entry : signal_entries()) {
        if (entry.name == name) return entry.kind().make(periods);
    }
    throw std::invalid_argument("no such signal");
}

/// The value after each close; NaN while undefined.
std::vector<double> values(const Signal& signal, const std::vector<double>& closes) {
    std::vector<double> state(signal.columns(), 0.0), out(closes.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t day = 0; day < closes.size(); ++day) {
        if (day + 1 >= signal.closes_needed()) signal.value(1, day, &closes[day], state.data(), &out[day]);
        signal.advance(1, day, &closes[day], state.data());
    }
    return out;
}

/// 20 + (37 t mod 11) / 4 + t / 8: exact in binary.
std::vector<double> saw(int count) {
    std::vector<double> closes;
    for (int t = 0; t < count; ++t) closes.push_back(20.0 + ((t * 37) % 11) / 4.0 + t / 8.0);
    return closes;
}

}  // namespace

TEST_CASE("RSI of the common textbook series") {
    // Closes and RSI as on StockCharts' RSI page (ChartSchool), confirmed in Python.
    const std::vector<double> closes{44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433,
                                     46.0826, 45.8931, 46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116,
                                     46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548, 44.0288,
                                     44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314};
    const std::vector<double> expected{70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38,
                                       54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.30, 33.08, 37.77};
    const std::vector<double> rsi = values(*make("rsi", {14}), closes);
    for (std::size_t i = 0; i < 14; ++i) CHECK(std::isnan(rsi[i]));
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(rsi[14 + i] - expected[i]) < 0.005);
    CHECK(rsi[14] == Approx(70.53278948369497).epsilon(1e-12));
    CHECK(rsi[32] == Approx(37.77295211443486).epsilon(1e-12));
}

TEST_CASE("RSI is 50 where nothing moved, 100 where all rose, 0 where all fell") {
    CHECK(values(*make("rsi", {2}), {20.0, 20.0, 20.0}).back() == 50.0);
    CHECK(values(*make("rsi", {2}), {20.0, 21.0, 21.5}).back() == 100.0);
    CHECK(values(*make("rsi", {2}), {20.0, 19.0, 18.5}).back() == 0.0);
}

TEST_CASE("MACD, its signal and its histogram") {
    const auto last = [](const char* name, std::vector<int> periods, int closes) {
        return values(*make(name, std::move(periods)), saw(closes)).back();
    };
    CHECK(last("macd", {12, 26, 9}, 40) == Approx(0.8285341840569659).epsilon(1e-12));
    CHECK(last("macd_signal", {12, 26, 9}, 40) == Approx(0.8348590916383394).epsilon(1e-12));
    CHECK(last("macd_histogram", {12, 26, 9}, 40) == Approx(-0.006324907581373502).epsilon(1e-10));
    CHECK(last("macd", {3, 7, 4}, 11) == Approx(0.3704468011856079).epsilon(1e-12));
    CHECK(last("macd_histogram", {3, 7, 4}, 11) == Approx(-0.02026594873560791).epsilon(1e-10));
}

TEST_CASE("MACD is defined from slow + signal closes") {
    const std::vector<double> macd = values(*make("macd", {3, 7, 4}), saw(12));
    for (std::size_t i = 0; i < 10; ++i) CHECK(std::isnan(macd[i]));
    CHECK(!std::isnan(macd[10]));
}

TEST_CASE("moving averages") {
    const std::vector<double> simple = values(*make("sma", {10}), saw(40));
    CHECK(std::isnan(simple[8]));
    CHECK(simple[9] == (20.0 * 10 + 48.0 / 4.0 + 45.0 / 8.0) / 10.0);  // 37 t mod 11: 0 4 8 1 5 9 2 6 10 3
    CHECK(simple[22] == 23.4625);
    CHECK(simple[39] == 25.5375);
    const std::vector<double> exponential = values(*make("ema", {10}), saw(40));
    CHECK(std::isnan(exponential[8]));
    CHECK(exponential[39] == Approx(25.491013172915423).epsilon(1e-12));
}

TEST_CASE("every signal says what it is and is made with its own number of periods") {
    CHECK(signal_entries().size() == 6);
    for (const SignalEntry& entry : signal_entries()) {
        CHECK(!entry.summary.empty());
        CHECK(values(*make(entry.name, {3, 5, 4}), std::vector<double>(20, 7.0)).back() >= 0.0);
    }
}
