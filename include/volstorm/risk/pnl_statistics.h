#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "volstorm/engine/executor.h"
#include "volstorm/risk/cells.h"
#include "volstorm/risk/order_statistics.h"
#include "volstorm/risk/session_sums.h"
#include "volstorm/risk/summary.h"
#include "volstorm/risk/weights.h"

namespace volstorm {

inline constexpr std::size_t kPieceOfPnl = 65'536;  // paths read at a time: a chunk of the result file

/// Consecutive paths: the cell of each, the P&L of each book on it in dollars, and what it was drawn from: sessions of
/// history, or a stratum and a replicate.
struct PnlPiece {
    std::uint64_t first = 0;
    std::vector<std::uint8_t> cell;
    std::vector<std::vector<float>> pnl;
    Draws drawn = {};
    std::vector<std::uint8_t> stratum = {}, replicate = {};
};

/// The P&L of a run, wherever it is kept, in pieces of kPieceOfPnl paths (the last may be shorter). It may have more
/// paths than memory holds, and is read several times by several threads.
class PnlSource {
 public:
    virtual ~PnlSource() = default;
    virtual std::uint64_t paths() const = 0;
    virtual std::size_t draws() const = 0;  // of sessions of history on each path
    virtual PathWeights weights() const = 0;
    virtual void read(std::size_t piece, PnlPiece& out) const = 0;
    /// A piece that lies in memory, as read() would give it: then it need not be copied. Else null.
    virtual const PnlPiece* kept(std::size_t piece) const;
};

/// The first paths of a source, as if there were no more.
class FirstPaths final : public PnlSource {
 public:
    FirstPaths(const PnlSource& source, std::uint64_t paths) : source_(source), paths_(paths) {}
    std::uint64_t paths() const override { return paths_; }
    std::size_t draws() const override { return source_.draws(); }
    PathWeights weights() const override { return source_.weights(); }
    void read(std::size_t piece, PnlPiece& out) const override;
    const PnlPiece* kept(std::size_t piece) const override;

 private:
    const PnlSource& source_;
    std::uint64_t paths_;
};

/// What is said of one book.
struct BookFigures {
    std::array<Estimate, kGroups.size()> share;                  // of all paths that lie in the group
    std::array<std::optional<Summary>, kGroups.size()> summary;  // within it; nothing where no path lies in it
    PairedDifference against_first;                              // less the first book; empty for that one
};
struct PnlFigures {
    std::vector<BookFigures> books;
    double effective_sessions = kUnknown;  // where the paths draw them; the intervals are then of other sessions
    std::vector<RankedPath> worst;         // the paths with the lowest P&L of the last book: equal ones by number
};

/// What is asked of the P&L.
struct PnlRequest {
    std::span<const double> levels = kTailLevels;
    std::size_t worst = kWorstPaths;  // how many of the worst paths are listed
    bool compares = true;             // also the differences from the first book; always where sessions are drawn
};

/// Every figure of the P&L of several books on the same paths, from four passes: exact order statistics by counting,
/// then sums. Bounded memory. No figure depends on the number of threads.
class PnlStatistics {
 public:
    PnlStatistics(std::size_t books, std::size_t workers, PathWeights weights = {}, const PnlRequest& request = {});

    /// First pass: pieces in any order, each worker for itself. Throws std::invalid_argument for a number that is not
    /// finite, naming its path.
    void count(std::size_t worker, std::uint64_t first, std::span<const std::uint8_t> cell,
               std::span<const std::vector<float>> pnl, std::span<const std::uint8_t> stratum = {});
    /// The other passes; the source holds the same paths, at least one.
    PnlFigures finish(const PnlSource& source, Executor& executor);

 private:
    PathWeights weights_;
    std::vector<double> levels_;
    std::size_t worst_;
    bool compares_;
    std::vector<std::vector<CellCounts>> counts_;  // by worker and book
};

/// All passes over a source.
PnlFigures pnl_figures(const PnlSource& source, std::size_t books, const PnlRequest& request, Executor& executor);

/// The same of numbers in memory, in this thread.
PnlFigures pnl_figures(const PnlPiece& paths, std::span<const double> levels = kTailLevels,
                       const PathWeights& weights = {});

/// Of one book, without groups.
Summary summarise(std::span<const float> pnl, std::span<const double> levels = kTailLevels);

/// Throws std::invalid_argument naming the path with the first entry that is infinite or not a number.
void require_finite(std::uint64_t first, std::span<const float> values);

}  // namespace volstorm
