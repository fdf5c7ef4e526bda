#include "session_figures.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "pnl_passes.h"
#include "volstorm/risk/session_sums.h"

namespace volstorm {
namespace {

using ConstRow = SessionSums::ConstRow;

constexpr auto kPaths = [](ConstRow row) { return SessionSums::paths(row); };

auto column(std::size_t index) {
    return [index](ConstRow row) { return row[index]; };
}

// A sum over the cells of a group, which stand side by side.
auto in_group(std::size_t first, CellSet group) {
    return [first, group](ConstRow row) {
        double sum = 0.0;
        for (std::size_t cell = 0; cell < kCells; ++cell) sum += contains(group, cell) ? row[first + cell] : 0.0;
        return sum;
    };
}

// Columns of one book, after the paths by cell that stand before all books; the tails follow, by level.
enum BookColumn : std::size_t {
    kGain,  // P&L by cell
    kLosing = kCells,
    kWinning,
    kLossSum,
    kWinSum,
    kSquare,  // of the distance from the mean
    kAtWorst,
    kChange,  // of the P&L from that of the first book
    kBetter,  // paths on which it is above 0, below 0
    kWorse,
    kTails
};

// A mean with its interval; without limits where too few sessions tell it.
Estimate limited(double value, double error, bool enough) {
    return enough ? normal_estimate(value, error) : estimate_without_limits(value);
}

/// Hands every piece to `use`, in the order of the paths.
template <class Use>
void for_each_in_order(const PnlSource& source, Executor& executor, const Use& use) {
    std::vector<PnlPiece> pieces(executor.slots());
    executor.for_each_ordered(
        pieces_of(source),
        [&](std::size_t, std::size_t slot, std::size_t number) { source.read(number, pieces[slot]); },
        [&](std::size_t slot, std::size_t) { use(pieces[slot]); });
}

/// Hands every path of a piece to `add` (path, row) once for each session that it drew.
template <class Add>
void add_paths(const PnlPiece& piece, SessionSums& sums, const Add& add) {
    for (std::size_t i = 0; i < piece.cell.size(); ++i) {
        for (const std::vector<std::int32_t>& drawn : piece.drawn) add(i, sums.row(drawn[i]));
    }
}

class SessionFigures {
 public:
    SessionFigures(PnlFigures& figures, const PnlSource& source, std::span<const double> levels, Executor& executor)
        : figures_(figures),
          source_(source),
          levels_(levels),
          executor_(executor),
          books_(figures.books.size()),
          width_(kTails + 2 * levels.size()),
          sums_(source.draws(), kCells + books_ * width_),
          starts_(1, 0) {}

    void set(std::span<const CellCounts> upper) {
        count_tails();
        find_limits(upper);
        sum_up();
        figures_.effective_sessions = starts_.effective_sessions(kPaths);
        for (std::size_t book = 0; book < books_; ++book) {
            set_whole(book);
            set_tails(book);
            set_groups(book);
            if (book > 0) set_change(book);
        }
    }

 private:
    Summary& whole(std::size_t book) { return *figures_.books[book].summary[kWhole]; }
    std::size_t at(std::size_t book, std::size_t index) const { return kCells + book * width_ + index; }
    std::size_t excess_at(std::size_t book, std::size_t level) const { return at(book, kTails + level); }
    std::size_t change_at(std::size_t book, std::size_t level) const { return excess_at(book, levels_.size() + level); }

    // As how many independent paths the share beyond each value at risk is as uncertain.
    void count_tails() {
        SessionSums beyond(source_.draws(), books_ * levels_.size());
        for_each_in_order(source_, executor_, [&](const PnlPiece& piece) {
            add_paths(piece, beyond, [&](std::size_t i, SessionSums::Row row) {
                std::size_t next = 0;
                for (std::size_t book = 0; book < books_; ++book) {
                    for (const Tail& tail : whole(book).tails)
                        row[next++] += loss_of(piece.pnl[book][i]) >= tail.value_at_risk.value ? 1.0 : 0.0;
                }
            });
        });
        effective_.assign(books_, {});
        const double most = static_cast<double>(source_.paths());
        for (std::size_t k = 0; k < books_ * levels_.size(); ++k) {
            const double paths = std::clamp(beyond.effective_paths(column(k), kPaths), 1.0, most);
            effective_[k / levels_.size()].push_back(static_cast<std::uint64_t>(std::llround(paths)));
        }
    }

    void find_limits(std::span<const CellCounts> upper) {
        std::vector<OrderStatistics> orders;
        for (std::size_t book = 0; book < books_; ++book) {
            std::vector<RankQuery> queries;
            for (const std::uint64_t rank : landmark_ranks(source_.paths(), levels_, effective_[book]))
                queries.push_back({kGroups[kWhole], rank});
            orders.emplace_back(upper[book], queries);
        }
        refine(orders, source_, executor_);
        refine(orders, source_, executor_);
        for (std::size_t book = 0; book < books_; ++book) {
            std::vector<float> pnl;
            for (const OrderStatistics::Entry& entry : orders[book].entries()) pnl.push_back(entry.value);
            landmarks_.push_back(landmarks_of(source_.paths(), levels_, pnl, effective_[book]));
        }
    }

    void sum_up() {
        for_each_in_order(source_, executor_, [&](const PnlPiece& piece) {
            for (const std::int32_t session : piece.drawn[0]) starts_.row(session);
            add_paths(piece, sums_, [&](std::size_t i, SessionSums::Row row) { add_path(piece, i, row); });
        });
    }

    void add_path(const PnlPiece& piece, std::size_t i, SessionSums::Row row) {
        row[piece.cell[i]] += 1.0;
        for (std::size_t book = 0; book < books_; ++book) {
            add_pnl(book, piece.pnl[book][i], piece.cell[i], row.subspan(at(book, 0), width_));
            if (book == 0) continue;
            const double change = static_cast<double>(piece.pnl[book][i]) - piece.pnl[0][i];
            row[at(book, kChange)] += change;
            row[at(book, kBetter)] += change > 0.0 ? 1.0 : 0.0;
            row[at(book, kWorse)] += change < 0.0 ? 1.0 : 0.0;
            for (std::size_t k = 0; k < levels_.size(); ++k)
                row[change_at(book, k)] += excess_of(book, k, piece, i) - excess_of(0, k, piece, i);
        }
    }

    double excess_of(std::size_t book, std::size_t level, const PnlPiece& piece, std::size_t i) const {
        return excess(loss_of(piece.pnl[book][i]), landmarks_[book].tails[level].spread_from);
    }

    void add_pnl(std::size_t book, float pnl, std::size_t cell, SessionSums::Row row) {
        const double gain = static_cast<double>(pnl), loss = loss_of(pnl);
        row[kGain + cell] += gain;
        row[kSquare] += std::pow(gain - whole(book).mean.value, 2);
        row[kAtWorst] += loss == whole(book).worst ? 1.0 : 0.0;
        if (gain < 0.0) row[kLosing] += 1.0, row[kLossSum] += gain;
        if (gain > 0.0) row[kWinning] += 1.0, row[kWinSum] += gain;
        for (std::size_t k = 0; k < levels_.size(); ++k)
            row[kTails + k] += excess(loss, landmarks_[book].tails[k].spread_from);
    }

    void set_whole(std::size_t book) {
        Summary& s = whole(book);
        const auto number = [&](BookColumn index) { return column(at(book, index)); };
        const auto mean = in_group(at(book, kGain), kGroups[kWhole]);
        const bool enough = sums_.tell_mean(number(kWinning), number(kLosing));
        s.mean = limited(s.mean.value, sums_.ratio_error(mean, kPaths), enough);
        s.sd = limited(s.sd.value, sums_.ratio_error(number(kSquare), kPaths) / (2.0 * s.sd.value), enough);
        s.p_loss = sums_.share(number(kLosing), kPaths);
        s.win_share = sums_.share(number(kWinning), kPaths);
        s.atom_share = sums_.share(number(kAtWorst), kPaths);
        s.mean_win = within(s.mean_win.value, number(kWinSum), number(kWinning));
        s.mean_loss = within(s.mean_loss.value, number(kLossSum), number(kLosing));
    }

    // A mean over the paths that `of` counts.
    template <class Sum, class Of>
    Estimate within(double value, const Sum& sum, const Of& of) const {
        return limited(value, sums_.ratio_error(sum, of), sums_.tell_mean(of, of));
    }

    // Independent paths in the tail.
    double tail_paths(std::size_t book, std::size_t level) const {
        return static_cast<double>(effective_[book][level]) * (1.0 - levels_[level]);
    }

    void set_tails(std::size_t book) {
        for (std::size_t k = 0; k < levels_.size(); ++k) {
            Tail& tail = whole(book).tails[k];
            const double error = sums_.ratio_error(column(excess_at(book, k)), kPaths) / (1.0 - levels_[k]);
            tail.value_at_risk = landmarks_[book].tails[k].value_at_risk;
            tail.atom = landmarks_[book].tails[k].atom;
            tail.expected_shortfall =
                shortfall_estimate(tail.expected_shortfall.value, error, tail_paths(book, k), tail.value_at_risk);
        }
    }

    void set_change(std::size_t book) {
        PairedDifference& change = figures_.books[book].against_first;
        change.mean = limited(change.mean.value, sums_.ratio_error(column(at(book, kChange)), kPaths),
                              sums_.tell_mean(column(at(book, kBetter)), column(at(book, kWorse))));
        for (std::size_t k = 0; k < levels_.size(); ++k) {
            const double error = sums_.ratio_error(column(change_at(book, k)), kPaths) / (1.0 - levels_[k]);
            const double paths = std::min(tail_paths(book, k), tail_paths(0, k));
            const Estimate var{.standard_error = landmarks_[book].tails[k].value_at_risk.standard_error +
                                                 landmarks_[0].tails[k].value_at_risk.standard_error};
            Estimate& es = change.expected_shortfall[k].value;
            es = shortfall_estimate(es.value, error, paths, var);
        }
    }

    void set_groups(std::size_t book) {
        for (std::size_t group = kWhole + 1; group < kGroups.size(); ++group) {
            const auto of_group = in_group(0, kGroups[group]), gain = in_group(at(book, kGain), kGroups[group]);
            figures_.books[book].share[group] = sums_.share(of_group, kPaths);
            std::optional<Summary>& summary = figures_.books[book].summary[group];
            if (!summary) continue;
            summary->mean = within(summary->mean.value, gain, of_group);
            for (Estimate Summary::*member : {&Summary::sd, &Summary::p_loss, &Summary::win_share, &Summary::mean_win,
                                              &Summary::mean_loss, &Summary::atom_share}) {
                (*summary).*member = {.value = ((*summary).*member).value};
            }
            for (Tail& tail : summary->tails) {
                tail.value_at_risk = {.value = tail.value_at_risk.value};
                tail.expected_shortfall = {.value = tail.expected_shortfall.value};
            }
        }
    }

    PnlFigures& figures_;
    const PnlSource& source_;
    std::span<const double> levels_;
    Executor& executor_;
    std::size_t books_, width_;
    SessionSums sums_;
    SessionSums starts_;  // of the first draw: those that follow it in a block are no others
    std::vector<std::vector<std::uint64_t>> effective_;  // by book and level
    std::vector<Landmarks> landmarks_;                   // by book
};

}  // namespace

void set_session_intervals(PnlFigures& figures, const PnlSource& source, std::span<const CellCounts> upper,
                           std::span<const double> levels, Executor& executor) {
    SessionFigures(figures, source, levels, executor).set(upper);
}

}  // namespace volstorm
