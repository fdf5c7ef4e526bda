#include "volstorm/risk/selection.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace volstorm {
namespace {

constexpr std::size_t kBins = 65'536;  // one for each value of half a key
constexpr std::uint32_t kHalf = 16, kLowMask = 0xffff;

using Histogram = std::vector<std::uint64_t>;

/// A histogram of low halves, of which most stay empty in a small column: memory comes in pages, where it is needed.
class LowHistogram {
 public:
    void add(std::uint32_t low) {
        Histogram& page = pages_[low / kPage];
        if (page.empty()) page.resize(kPage);
        ++page[low % kPage];
    }

    /// The low half that holds a rank.
    std::uint32_t find(std::uint64_t rank) const {
        for (std::uint32_t low = 0;; ++low) {
            const Histogram& page = pages_[low / kPage];
            if (page.empty()) {
                low += kPage - 1;
            } else if (rank < page[low % kPage]) {
                return low;
            } else {
                rank -= page[low % kPage];
            }
        }
    }

 private:
    static constexpr std::uint32_t kPage = 256;
    std::array<Histogram, kBins / kPage> pages_;
};

/// The high half that holds a rank, and the rank among the entries that share it.
struct Place {
    std::size_t high;
    std::uint64_t rank;
};

Place find_place(const Histogram& high_halves, std::uint64_t rank) {
    std::size_t high = 0;
    for (; rank >= high_halves[high]; ++high) rank -= high_halves[high];
    return {high, rank};
}

Histogram count_high_halves(const Column& column) {
    Histogram histogram(kBins);
    column.for_each_chunk([&](std::uint64_t first, std::span<const float> values) {
        require_finite(first, values);
        for (const float value : values) ++histogram[order_key(value) >> kHalf];
    });
    return histogram;
}

/// One histogram of low halves for each high half in `wanted` (sorted, without repeats).
std::vector<LowHistogram> count_low_halves(const Column& column, const std::vector<std::size_t>& wanted) {
    std::vector<LowHistogram> histograms(wanted.size());
    std::vector<std::uint32_t> slots(kBins, 0);  // from 1; 0: not wanted
    for (std::size_t i = 0; i < wanted.size(); ++i) slots[wanted[i]] = static_cast<std::uint32_t>(i + 1);
    column.for_each_chunk([&](std::uint64_t, std::span<const float> values) {
        for (const float value : values) {
            const std::uint32_t key = order_key(value), slot = slots[key >> kHalf];
            if (slot > 0) histograms[slot - 1].add(key & kLowMask);
        }
    });
    return histograms;
}

}  // namespace

std::vector<float> order_statistics(const Column& column, std::span<const std::uint64_t> ranks) {
    for (const std::uint64_t rank : ranks) {
        if (rank < column.size()) continue;
        throw std::invalid_argument("rank " + std::to_string(rank) + " is outside a column of " +
                                    std::to_string(column.size()) + " entries");
    }
    const Histogram high_halves = count_high_halves(column);
    std::vector<Place> places;
    std::vector<std::size_t> wanted;
    for (const std::uint64_t rank : ranks) {
        places.push_back(find_place(high_halves, rank));
        wanted.push_back(places.back().high);
    }
    std::ranges::sort(wanted);
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());

    const std::vector<LowHistogram> low_halves = count_low_halves(column, wanted);
    std::vector<float> result;
    for (const auto [high, rank] : places) {
        const auto slot = static_cast<std::size_t>(std::ranges::lower_bound(wanted, high) - wanted.begin());
        const auto key = static_cast<std::uint32_t>(high) << kHalf | low_halves[slot].find(rank);
        result.push_back(value_of_key(key));
    }
    return result;
}

}  // namespace volstorm
