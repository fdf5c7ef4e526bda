#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "pnl_sums.h"
#include "volstorm/risk/pnl_statistics.h"
#include "volstorm/risk/replicates.h"

namespace volstorm {

/// Of one book, by group and level: as how many independent paths the share beyond the value at risk is as uncertain.
using EffectivePaths = std::array<std::vector<std::uint64_t>, kGroups.size()>;

/// The same for a sample in strata, from one pass: by book.
std::vector<EffectivePaths> effective_paths(const std::vector<BookPlan>& plans, const PnlSource& source,
                                            const PathWeights& weights, Executor& executor);

/// Sums of one book by replicate, for the intervals of every figure. Pieces are added in the order of the paths.
class ReplicateSums {
 public:
    ReplicateSums(const BookPlan& plan, const BookPlan* reference, std::size_t replicates);
    void add_paths(const PnlPiece& piece, std::size_t book, const PathMasses& masses);
    void add(const ReplicateSums& later);
    /// Sets the limits and standard errors of figures whose values are there, and counts of paths.
    void set_intervals(std::span<const double> levels, BookFigures& figures) const;

 private:
    enum Sign : std::size_t { kLosing, kZero, kWinning, kSigns };
    struct Part {
        double mass = 0.0, gain = 0.0, square = 0.0;  // the square is of the distance from the origin
    };
    /// Of one replicate.
    struct Row {
        std::array<std::array<Part, kSigns>, kCells> parts{};
        std::array<double, kGroups.size()> at_worst{};
        std::vector<double> excess;  // by group and level
        double change = 0.0;         // less the reference
        std::vector<double> excess_change;
    };
    template <class Number>
    std::vector<double> by_replicate(const Number& number) const;
    template <class Number>
    static double in_group(const Row& row, std::size_t group, const Number& number);
    template <class Number>
    ReplicateRatio ratio(std::size_t group, const Number& over, std::span<const double> under) const;
    void set_group(std::size_t group, std::span<const double> levels, Summary& summary) const;
    void set_change(std::span<const double> levels, PairedDifference& change) const;
    void add_tail(double loss, std::size_t cell, double mass, Row& row);
    std::uint64_t paths_of(std::size_t group) const;
    double effective_of(std::size_t group) const;

    const BookPlan* plan_;
    const BookPlan* reference_;
    std::size_t levels_;
    std::vector<Row> rows_;
    std::array<std::uint64_t, kCells> paths_{};
    std::array<double, kCells> squares_{};  // of masses
    /// What the paths beyond a threshold add to an expected shortfall.
    std::vector<WeightedTerms> tails_, changes_;  // by group and level; by level
};

}  // namespace volstorm
