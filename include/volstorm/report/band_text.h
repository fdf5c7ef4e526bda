#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "volstorm/risk/band.h"

namespace volstorm {

/// What `band` says of one book.
struct BandReport {
    Sampling sampling;                                          // of the worlds of the model
    std::vector<BandWorld> worlds;                              // the first is the model
    std::vector<std::pair<std::string, std::string>> left_out;  // a world's name, and why
};

/// What holds in which worlds, then the figures, one line a world: at most 100 columns, but for claims and reasons.
std::string band_text(const BandReport& report);
/// Every figure: world,subject,figure,value,low,high,verdict; dollars, or shares of paths (p_loss, claims). The
/// subjects are unhedged, book, effect (book less unhedged), claim, claim given, conclusion and left out; the world
/// `range` has the lowest and the highest value among the worlds as low and high, `all` the verdict on all of them.
std::string band_csv(const BandReport& report);
/// The same in tables.
std::string band_markdown(const BandReport& report);

}  // namespace volstorm
