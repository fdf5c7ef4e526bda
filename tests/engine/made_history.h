#pragma once
#include <array>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "core/temporary_folder.h"
#include "short_run.h"
#include "volstorm/market/calendar.h"
#include "volstorm/math/threefry.h"

/// Made-up daily histories of SPX and VIX, and what was put into them.
namespace made_history {

struct Session {
    volstorm::Date date;
    double z, log_vix_change;        // over VIX before / 100 / sqrt(252)
    double gap, log_vix_gap, range;  // gap in sigma; ln(high / low)
    double vix_before;
};

struct Options {
    bool opens = true, ranges = true;
    int opens_from = 0;  // sessions before it have none
    double vix = 20.0, vix_noise = 0.05, pull = 0.1;
    volstorm::Date first = volstorm::make_date(2023, 1, 4);
};

/// Writes spx.csv and vix.csv with `count` sessions (and the close before them). Prices have 17 digits.
inline std::vector<Session> write(const volstorm::TemporaryFolder& folder, int count, const Options& o = {}) {
    volstorm::ThreefryEngine engine(volstorm::RandomKey(5, volstorm::Stream::resampling), 0);
    const auto normal = [&] {
        const double u = volstorm::open_uniform(engine), w = volstorm::open_uniform(engine);
        return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * w);
    };
    std::ofstream spx_file(folder / "spx.csv"), vix_file(folder / "vix.csv");
    spx_file.precision(17), vix_file.precision(17);
    spx_file << (o.ranges ? "Date,Open,High,Low,Close\n" : "Date,Close\n");
    vix_file << "DATE,OPEN,HIGH,LOW,CLOSE\n";
    double spx = 4000.0, vix = o.vix;
    volstorm::Date date = volstorm::previous_session(o.first);
    const auto row = [&](std::ofstream& file, double open, double high, double low, double close, bool bare) {
        file << volstorm::to_string(date) << ',';
        if (!bare) {
            if (!std::isnan(open)) file << open;
            file << ',' << high << ',' << low << ',';
        }
        file << close << '\n';
    };
    row(spx_file, spx, spx * 1.001, spx * 0.999, spx, !o.ranges);
    row(vix_file, vix, vix * 1.01, vix * 0.99, vix, false);
    std::vector<Session> sessions;
    for (int i = 0; i < count; ++i) {
        date = volstorm::next_session(date);
        Session s{date, 0.8 * normal(), 0.0, 0.0, 0.0, 0.0, vix};
        const double sigma = 0.01 * vix / std::sqrt(252.0);
        s.log_vix_change = -0.05 * s.z + o.vix_noise * normal() - o.pull * std::log(vix / o.vix);
        s.gap = 0.3 * s.z + 0.4 * normal();
        s.log_vix_gap = 0.3 * s.log_vix_change + 0.02 * normal();
        const double open = spx * std::exp(sigma * s.gap), vix_open = vix * std::exp(s.log_vix_gap);
        const double close = spx * std::exp(sigma * s.z), vix_close = vix * std::exp(s.log_vix_change);
        const double high = std::max(open, close) * (1.0 + 0.001 + 0.002 * volstorm::open_uniform(engine));
        const double low = std::min(open, close) * (1.0 - 0.001 - 0.002 * volstorm::open_uniform(engine));
        s.range = std::log(high / low);
        row(spx_file, o.opens && i >= o.opens_from ? open : std::nan(""), high, low, close, !o.ranges);
        row(vix_file, vix_open, 1.02 * std::max(vix_open, vix_close), 0.98 * std::min(vix_open, vix_close), vix_close,
            false);
        sessions.push_back(s);
        spx = close, vix = vix_close;
    }
    return sessions;
}

/// A scenario of 17 June 2025 with the generator `bootstrap` on the files of the folder.
inline short_run::Text scenario(const volstorm::TemporaryFolder& folder, const std::string& bootstrap = "") {
    short_run::Text text;
    text.model += "generator = \"bootstrap\"\n";
    text.rest = "[bootstrap]\nspx = \"" + (folder / "spx.csv").string() + "\"\nvix = \"" +
                (folder / "vix.csv").string() + "\"\n" + bootstrap;
    return text;
}

}  // namespace made_history
