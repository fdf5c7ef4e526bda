#include "volstorm/risk/pnl_statistics.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "pnl_passes.h"
#include "pnl_sums.h"
#include "replicate_sums.h"
#include "session_figures.h"

namespace volstorm {
namespace {

constexpr std::uint32_t kHalfOfZero = 0x8000;  // upper half of the key of 0: below it are the losses

/// The ranks that one book asks for, in the order in which `make_plan` reads the entries: the landmarks of each group
/// that has paths, a middle of the losing and of the other paths of each cell, the median, the last of the worst paths
/// (or a later one), whose mass is at most `worst_mass`. All of them count by mass.
std::vector<RankQuery> queries_of(const CellCounts& counts, std::span<const double> levels,
                                  const EffectivePaths& effective, std::uint64_t worst_mass) {
    std::array<std::uint64_t, kCells> paths{}, losing{};
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        paths[cell] = counts[cell].total();
        losing[cell] = counts[cell].below(kHalfOfZero);
    }
    std::vector<RankQuery> queries;
    std::uint64_t total = 0;
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        std::uint64_t n = 0;
        for (std::size_t cell = 0; cell < kCells; ++cell) n += contains(kGroups[group], cell) ? paths[cell] : 0;
        if (group == kWhole) total = n;
        if (n == 0) continue;
        for (const std::uint64_t rank : landmark_ranks(n, levels, effective[group]))
            queries.push_back({kGroups[group], rank});
    }
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        const auto one = static_cast<CellSet>(1u << cell);
        if (losing[cell] > 0) queries.push_back({one, losing[cell] / 2});
        if (paths[cell] > losing[cell]) queries.push_back({one, (paths[cell] + losing[cell]) / 2});
    }
    queries.push_back({kGroups[kWhole], total / 2});
    if (worst_mass > 0) queries.push_back({kGroups[kWhole], std::min(worst_mass, total) - 1});
    return queries;
}

BookPlan make_plan(const CellCounts& counts, std::span<const double> levels,
                   std::span<const OrderStatistics::Entry> entries, const EffectivePaths& effective, std::size_t ranked,
                   std::uint64_t heaviest) {
    BookPlan plan;
    plan.effective = effective;
    plan.tail_from.fill(kInfinity);
    plan.least_worst.fill(kInfinity);
    auto next = entries.begin();
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            if (contains(kGroups[group], cell)) plan.paths[group] += counts[cell].total();
        }
        if (plan.paths[group] == 0) continue;
        std::vector<float> at_ranks(2 + 3 * levels.size());
        plan.at_worst[group] = next[1].equal;
        for (float& value : at_ranks) value = (next++)->value;
        // No path is heavier, so that a larger mass at the worst loss is of several.
        const bool alone = plan.at_worst[group] <= heaviest;
        plan.landmarks[group] = landmarks_of(plan.paths[group], levels, at_ranks, effective[group], alone);
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            if (contains(kGroups[group], cell))
                plan.least_worst[cell] = std::min(plan.least_worst[cell], plan.landmarks[group]->worst);
        }
        for (const TailStart& tail : plan.landmarks[group]->tails) {
            for (std::size_t cell = 0; cell < kCells; ++cell) {
                if (contains(kGroups[group], cell))
                    plan.tail_from[cell] = std::min(plan.tail_from[cell], tail.spread_from);
            }
        }
    }
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        const std::uint64_t losing = counts[cell].below(kHalfOfZero);
        if (losing > 0) plan.origin[cell][0] = static_cast<double>((next++)->value);
        if (counts[cell].total() > losing) plan.origin[cell][1] = static_cast<double>((next++)->value);
    }
    plan.median = static_cast<double>((next++)->value);
    if (ranked > 0) plan.worst_from = next->value, plan.ranked_paths = ranked;
    return plan;
}

/// What the last pass sums of one book.
struct Totals {
    Totals(const BookPlan& plan, const BookPlan* reference, const PathWeights& weights) : book(plan, reference) {
        if (!weights.is_plain()) replicates.emplace(plan, reference, weights.replicates);
    }
    void add_piece(const PnlPiece& piece, std::size_t k, const PathMasses& masses) {
        book.add_paths(piece.first, piece.pnl[k], piece.cell, masses);
        if (book.is_compared()) book.add_pairs(piece.pnl[k], piece.pnl[0], masses);
        if (replicates) replicates->add_paths(piece, k, masses);
    }
    void add(const Totals& later) {
        book.add(later.book);
        if (replicates) replicates->add(*later.replicates);
    }
    BookSums book;
    std::optional<ReplicateSums> replicates;
};

/// Last pass: the sums of every book.
std::vector<Totals> sum_up(const std::vector<BookPlan>& plans, const PnlSource& source, const PathWeights& weights,
                           bool compares, Executor& executor) {
    std::vector<Totals> nothing;
    for (std::size_t k = 0; k < plans.size(); ++k)
        nothing.emplace_back(plans[k], compares && k > 0 ? &plans[0] : nullptr, weights);
    std::vector<Totals> total = nothing;
    std::vector<std::vector<Totals>> slots(executor.slots());
    for_each_piece(
        source, executor,
        [&](std::size_t, std::size_t slot, const PnlPiece& piece) {
            slots[slot] = nothing;
            const PathMasses masses(weights, piece.stratum);
            for (std::size_t k = 0; k < plans.size(); ++k) slots[slot][k].add_piece(piece, k, masses);
        },
        [&](std::size_t slot) {
            for (std::size_t k = 0; k < plans.size(); ++k) total[k].add(slots[slot][k]);
        });
    return total;
}

// As if the paths of a sample in strata were independent, each of the mean mass; nothing for a plain one.
EffectivePaths as_if_independent(const CellCounts& counts, std::uint64_t paths, std::size_t levels) {
    double all = 0.0;
    for (const HalfCounts& cell : counts) all += static_cast<double>(cell.total());
    EffectivePaths effective;
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        double mass = 0.0;
        for (std::size_t cell = 0; cell < kCells; ++cell)
            mass += contains(kGroups[group], cell) ? static_cast<double>(counts[cell].total()) : 0.0;
        const double count = std::max(1.0, std::round(mass / all * static_cast<double>(paths)));
        effective[group].assign(levels, static_cast<std::uint64_t>(count));
    }
    return effective;
}

/// Second and third pass: where the tails of every book begin.
std::vector<BookPlan> plans_of(std::span<const CellCounts> counts, std::span<const double> levels, std::size_t worst,
                               std::span<const EffectivePaths> effective, const PnlSource& source, Executor& executor) {
    const PathWeights weights = source.weights();
    const std::size_t books = counts.size();
    const std::uint64_t heaviest = weights.is_plain() ? 1 : *std::ranges::max_element(weights.mass);
    const auto ranked = [&](std::size_t k) { return k + 1 == books ? worst : 0; };
    std::vector<OrderStatistics> orders;
    for (std::size_t k = 0; k < books; ++k)
        orders.emplace_back(counts[k], queries_of(counts[k], levels, effective[k], ranked(k) * heaviest));
    refine(orders, source, executor);
    refine(orders, source, executor);
    std::vector<BookPlan> plans;
    for (std::size_t k = 0; k < books; ++k)
        plans.push_back(make_plan(counts[k], levels, orders[k].entries(), effective[k], ranked(k), heaviest));
    return plans;
}

/// Numbers in memory as a source.
class InMemory final : public PnlSource {
 public:
    InMemory(const PnlPiece& paths, PathWeights weights) : paths_(paths), weights_(std::move(weights)) {}
    std::uint64_t paths() const override { return paths_.cell.size(); }
    std::size_t draws() const override { return paths_.drawn.size(); }
    PathWeights weights() const override { return weights_; }
    void read(std::size_t piece, PnlPiece& out) const override {
        const std::size_t from = piece * kPieceOfPnl, to = std::min(from + kPieceOfPnl, paths_.cell.size());
        const auto part = [&](const auto& values) {
            return std::vector(values.begin() + static_cast<std::ptrdiff_t>(from),
                               values.begin() + static_cast<std::ptrdiff_t>(to));
        };
        out.first = paths_.first + from;
        out.cell = part(paths_.cell);
        out.pnl.clear();
        for (const std::vector<float>& pnl : paths_.pnl) out.pnl.push_back(part(pnl));
        out.drawn.clear();
        for (const std::vector<std::int32_t>& drawn : paths_.drawn) out.drawn.push_back(part(drawn));
        if (weights_.is_plain()) return;
        out.stratum = part(paths_.stratum);
        out.replicate = part(paths_.replicate);
    }

 private:
    const PnlPiece& paths_;
    PathWeights weights_;
};

}  // namespace

PnlStatistics::PnlStatistics(std::size_t books, std::size_t workers, PathWeights weights, const PnlRequest& request)
    : weights_(std::move(weights)),
      levels_(request.levels.begin(), request.levels.end()),
      worst_(request.worst),
      compares_(request.compares),
      counts_(workers) {
    for (std::vector<CellCounts>& of_worker : counts_) of_worker.resize(books);
}

void PnlStatistics::count(std::size_t worker, std::uint64_t first, std::span<const std::uint8_t> cell,
                          std::span<const std::vector<float>> pnl, std::span<const std::uint8_t> stratum) {
    for (std::size_t k = 0; k < pnl.size(); ++k) {
        require_finite(first, pnl[k]);
        count_upper_halves(pnl[k], cell, counts_[worker][k], PathMasses(weights_, stratum));
    }
}

PnlFigures PnlStatistics::finish(const PnlSource& source, Executor& executor) {
    if (source.paths() == 0) throw std::invalid_argument("there are no paths to speak of");
    const std::size_t books = counts_[0].size();
    std::vector<EffectivePaths> effective(books);
    for (std::size_t k = 0; k < books; ++k) {
        for (std::size_t worker = 1; worker < counts_.size(); ++worker) add(counts_[0][k], counts_[worker][k]);
        if (!weights_.is_plain()) effective[k] = as_if_independent(counts_[0][k], source.paths(), levels_.size());
    }
    std::vector<BookPlan> plans = plans_of(counts_[0], levels_, worst_, effective, source, executor);
    if (!weights_.is_plain())
        plans =
            plans_of(counts_[0], levels_, worst_, effective_paths(plans, source, weights_, executor), source, executor);
    const bool compares = compares_ || source.draws() > 0;  // sessions give all figures their errors
    const std::vector<Totals> totals = sum_up(plans, source, weights_, compares, executor);
    PnlFigures figures;
    for (std::size_t k = 0; k < books; ++k) {
        const BookPlan& plan = plans[k];
        const BookSums& sums = totals[k].book;
        BookFigures& book = figures.books.emplace_back();
        for (std::size_t group = 0; group < kGroups.size(); ++group) {
            book.share[group] = share_estimate(plan.paths[group], plan.paths[kWhole]);
            if (plan.paths[group] > 0) book.summary[group] = sums.summary(static_cast<Group>(group), levels_);
        }
        if (sums.is_compared()) book.against_first = sums.difference(levels_);
        if (totals[k].replicates) totals[k].replicates->set_intervals(levels_, book);
    }
    figures.worst = totals.back().book.worst();
    if (source.draws() > 0) set_session_intervals(figures, source, counts_[0], levels_, executor);
    return figures;
}

const PnlPiece* PnlSource::kept(std::size_t) const { return nullptr; }

const PnlPiece* FirstPaths::kept(std::size_t piece) const {
    const PnlPiece* all = source_.kept(piece);
    return all != nullptr && all->first + all->cell.size() <= paths_ ? all : nullptr;
}

void FirstPaths::read(std::size_t piece, PnlPiece& out) const {
    source_.read(piece, out);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.cell.size(), paths_ - out.first));
    out.cell.resize(count);
    for (std::vector<float>& pnl : out.pnl) pnl.resize(count);
    for (std::vector<std::int32_t>& drawn : out.drawn) drawn.resize(count);
    for (std::vector<std::uint8_t>* column : {&out.stratum, &out.replicate})
        if (!column->empty()) column->resize(count);
}

PnlFigures pnl_figures(const PnlSource& source, std::size_t books, const PnlRequest& request, Executor& executor) {
    PnlStatistics statistics(books, executor.threads(), source.weights(), request);
    for_each_piece(
        source, executor,
        [&](std::size_t worker, std::size_t, const PnlPiece& piece) {
            statistics.count(worker, piece.first, piece.cell, piece.pnl, piece.stratum);
        },
        [](std::size_t) {});
    return statistics.finish(source, executor);
}

PnlFigures pnl_figures(const PnlPiece& paths, std::span<const double> levels, const PathWeights& weights) {
    return pnl_figures(InMemory(paths, weights), paths.pnl.size(), {.levels = levels}, *make_thread_executor(1));
}

Summary summarise(std::span<const float> pnl, std::span<const double> levels) {
    const PnlPiece paths{0, std::vector<std::uint8_t>(pnl.size(), 0), {{pnl.begin(), pnl.end()}}};
    return *pnl_figures(paths, levels).books[0].summary[kWhole];
}

void require_finite(std::uint64_t first, std::span<const float> values) {
    std::uint32_t bad_exponents = 0;
    for (const float value : values) {
        constexpr std::uint32_t exponent = 0x7f80'0000;
        bad_exponents |= (std::bit_cast<std::uint32_t>(value) & exponent) == exponent ? 1u : 0u;
    }
    if (bad_exponents == 0) return;
    const auto bad = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
    throw std::invalid_argument("entry " + std::to_string(first + static_cast<std::uint64_t>(bad - values.begin())) +
                                " is not a finite number");
}

}  // namespace volstorm
