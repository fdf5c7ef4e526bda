#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "volstorm/risk/cells.h"
#include "volstorm/risk/sum.h"
#include "volstorm/risk/summary.h"
#include "volstorm/risk/weights.h"

namespace volstorm {

/// What the last pass needs of one book: where its tails begin, and origins near the middle of what is summed.
struct BookPlan {
    std::array<std::uint64_t, kGroups.size()> paths{};     // mass of those in each group
    std::array<std::uint64_t, kGroups.size()> at_worst{};  // of them, at exactly the worst loss
    std::array<std::optional<Landmarks>, kGroups.size()> landmarks;
    std::array<std::array<double, 2>, kCells> origin{};  // of the P&L that loses, and of the rest
    std::array<double, kCells> tail_from{};              // least loss in a cell that adds to some tail
    std::array<double, kCells> least_worst{};            // least of the worst losses of the groups that a cell is in
    /// By group and level: as how many independent paths the tail is as uncertain; nothing for a plain sample.
    std::array<std::vector<std::uint64_t>, kGroups.size()> effective{};
    double median = 0.0;              // P&L, roughly: the origin of differences is theirs
    std::optional<float> worst_from;  // P&L at and below which paths are ranked
    std::size_t ranked_paths = 0;     // at most so many of them
};

/// What the last pass sums of one book. Pieces are added in the order of the paths.
class BookSums {
 public:
    /// `reference`: of the book that this one is compared with, or null.
    BookSums(const BookPlan& plan, const BookPlan* reference);
    bool is_compared() const { return reference_ != nullptr; }

    void add_paths(std::uint64_t first, std::span<const float> pnl, std::span<const std::uint8_t> cell,
                   const PathMasses& masses);
    void add_pairs(std::span<const float> pnl, std::span<const float> reference, const PathMasses& masses);
    void add(const BookSums& later);

    Summary summary(Group group, std::span<const double> levels) const;
    PairedDifference difference(std::span<const double> levels) const;
    /// The worst paths, the worst first, equal ones by number.
    std::vector<RankedPath> worst() const;

 private:
    void add_to_tails(double loss, std::size_t cell, std::uint64_t mass);
    const BookPlan* plan_;
    const BookPlan* reference_;
    double tails_from_ = 0.0, reference_tails_from_ = 0.0;  // least loss that adds to a tail of the whole sample
    std::array<std::array<Moments, 2>, kCells> moments_;    // losing, winning
    std::array<std::uint64_t, kCells> zeros_{};
    std::array<std::vector<ShortfallSums>, kGroups.size()> tails_;
    Moments difference_;
    std::vector<ShortfallSums> paired_tails_;
    std::vector<RankedPath> ranked_;
};

}  // namespace volstorm
