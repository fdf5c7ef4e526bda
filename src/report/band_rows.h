#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

#include "volstorm/report/band_text.h"

namespace volstorm {

inline constexpr std::array kBandLevels{0.975, 0.99};  // of the tails that a band shows

/// One figure of one world, for CSV and Markdown.
struct BandRow {
    std::string world, subject, figure;
    Estimate estimate;
    std::string verdict = {};  // of claims

    bool is_share() const { return figure == "p_loss" || subject == "claim"; }
};

std::vector<BandRow> rows_of(const BandWorld& world);
/// The lowest and the highest value of each of these figures among the worlds.
std::vector<BandRow> range_rows(std::span<const BandWorld> worlds);

/// The lowest and the highest of these values that are known, as `low` and `high` without a value.
Estimate range_of(std::span<const double> values);

/// `yes in all`, `no in all`, `undecided in all`, `yes where decided`, `no where decided`, `depends`.
std::string survival_name(const Conclusion& conclusion);
/// Which worlds say what where they do not all say the same, the most frequent answer last: `undecided in heston; no in
/// stressed, svj; yes in the other 4`; else empty.
std::string dissent_text(const Conclusion& conclusion, std::span<const BandWorld> worlds);

}  // namespace volstorm
