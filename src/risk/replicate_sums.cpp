#include "replicate_sums.h"

#include <algorithm>
#include <cmath>

#include "pnl_passes.h"

namespace volstorm {
namespace {

constexpr double kMostEffective = 1e11;  // more tell nothing

// Masses of one book by replicate: in each cell, and of each group at or beyond each value at risk.
class Beyond {
 public:
    Beyond(const BookPlan& plan, std::size_t replicates, std::size_t levels)
        : plan_(&plan),
          levels_(levels),
          in_cell_(replicates),
          beyond_(replicates, std::vector<double>(kGroups.size() * levels)) {
        least_.fill(kInfinity);
        for (std::size_t group = 0; group < kGroups.size(); ++group) {
            if (!plan.landmarks[group]) continue;
            for (std::size_t cell = 0; cell < kCells; ++cell) {
                if (contains(kGroups[group], cell))
                    least_[cell] = std::min(least_[cell], plan.landmarks[group]->tails[0].value_at_risk.value);
            }
        }
    }

    void add_paths(const PnlPiece& piece, std::size_t book, const PathMasses& masses) {
        for (std::size_t i = 0; i < piece.cell.size(); ++i) {
            const std::size_t cell = piece.cell[i];
            const double loss = loss_of(piece.pnl[book][i]), mass = static_cast<double>(masses[i]);
            in_cell_[piece.replicate[i]][cell] += mass;
            squares_[cell] += mass * mass;
            if (loss >= least_[cell]) add_tail(loss, cell, mass, beyond_[piece.replicate[i]]);
        }
    }
    void add(const Beyond& later) {
        for (std::size_t cell = 0; cell < kCells; ++cell) squares_[cell] += later.squares_[cell];
        for (std::size_t r = 0; r < in_cell_.size(); ++r) {
            for (std::size_t cell = 0; cell < kCells; ++cell) in_cell_[r][cell] += later.in_cell_[r][cell];
            for (std::size_t k = 0; k < beyond_[r].size(); ++k) beyond_[r][k] += later.beyond_[r][k];
        }
    }
    std::uint64_t effective(std::size_t group, std::size_t level) const {
        std::vector<double> over, under;
        double all = 0.0, squares = 0.0;
        for (std::size_t cell = 0; cell < kCells; ++cell)
            squares += contains(kGroups[group], cell) ? squares_[cell] : 0.0;
        for (std::size_t r = 0; r < in_cell_.size(); ++r) {
            over.push_back(beyond_[r][group * levels_ + level]);
            double mass = 0.0;
            for (std::size_t cell = 0; cell < kCells; ++cell) {
                if (contains(kGroups[group], cell)) mass += in_cell_[r][cell];
            }
            under.push_back(mass);
            all += mass;
        }
        const double paths = squares > 0.0 ? all * all / squares : 1.0;  // Kish (1965)
        const double count = ReplicateRatio(over, under).effective_paths(paths);
        return static_cast<std::uint64_t>(std::llround(std::clamp(count, 1.0, kMostEffective)));
    }

 private:
    void add_tail(double loss, std::size_t cell, double mass, std::vector<double>& row) const {
        for (std::size_t group = 0; group < kGroups.size(); ++group) {
            if (!contains(kGroups[group], cell)) continue;
            const std::vector<TailStart>& tails = plan_->landmarks[group]->tails;
            // The levels rise: what is not beyond one is beyond none of the rest.
            for (std::size_t k = 0; k < levels_ && loss >= tails[k].value_at_risk.value; ++k)
                row[group * levels_ + k] += mass;
        }
    }
    const BookPlan* plan_;
    std::size_t levels_;
    std::array<double, kCells> least_;      // loss in a cell that lies at or beyond some value at risk
    std::array<double, kCells> squares_{};  // of the masses
    std::vector<std::array<double, kCells>> in_cell_;
    std::vector<std::vector<double>> beyond_;
};

}  // namespace

std::vector<EffectivePaths> effective_paths(const std::vector<BookPlan>& plans, const PnlSource& source,
                                            const PathWeights& weights, Executor& executor) {
    const std::size_t levels = plans[0].landmarks[kWhole]->tails.size();
    std::vector<Beyond> nothing;
    nothing.reserve(plans.size());
    for (const BookPlan& plan : plans) nothing.emplace_back(plan, weights.replicates, levels);
    std::vector<Beyond> total = nothing;
    std::vector<std::vector<Beyond>> slots(executor.slots());
    for_each_piece(
        source, executor,
        [&](std::size_t, std::size_t slot, const PnlPiece& piece) {
            slots[slot] = nothing;
            for (std::size_t k = 0; k < plans.size(); ++k)
                slots[slot][k].add_paths(piece, k, PathMasses(weights, piece.stratum));
        },
        [&](std::size_t slot) {
            for (std::size_t k = 0; k < plans.size(); ++k) total[k].add(slots[slot][k]);
        });
    std::vector<EffectivePaths> effective(plans.size());
    for (std::size_t k = 0; k < plans.size(); ++k) {
        for (std::size_t group = 0; group < kGroups.size(); ++group) {
            if (!plans[k].landmarks[group]) continue;
            for (std::size_t level = 0; level < levels; ++level)
                effective[k][group].push_back(total[k].effective(group, level));
        }
    }
    return effective;
}

ReplicateSums::ReplicateSums(const BookPlan& plan, const BookPlan* reference, std::size_t replicates)
    : plan_(&plan), reference_(reference), levels_(plan.landmarks[kWhole]->tails.size()), rows_(replicates) {
    tails_.resize(kGroups.size() * levels_);
    changes_.resize(levels_);
    for (Row& row : rows_) {
        row.excess.resize(kGroups.size() * levels_);
        row.excess_change.resize(levels_);
    }
}

void ReplicateSums::add_paths(const PnlPiece& piece, std::size_t book, const PathMasses& masses) {
    const std::vector<float>&pnl = piece.pnl[book], &reference = piece.pnl[0];
    for (std::size_t i = 0; i < pnl.size(); ++i) {
        Row& row = rows_[piece.replicate[i]];
        const std::size_t cell = piece.cell[i];
        const double gain = static_cast<double>(pnl[i]), loss = loss_of(pnl[i]), mass = static_cast<double>(masses[i]);
        ++paths_[cell];
        squares_[cell] += mass * mass;
        Part& part = row.parts[cell][gain < 0.0 ? kLosing : gain > 0.0 ? kWinning : kZero];
        const double distance = gain - plan_->median;
        part.mass += mass, part.gain += mass * gain, part.square += mass * distance * distance;
        if (loss > plan_->tail_from[cell] || loss >= plan_->least_worst[cell]) add_tail(loss, cell, mass, row);
        if (reference_ == nullptr) continue;
        const double other = loss_of(reference[i]);
        row.change += mass * (other - loss);
        for (std::size_t k = 0; k < levels_; ++k) {
            const double from = plan_->landmarks[kWhole]->tails[k].spread_from,
                         other_from = reference_->landmarks[kWhole]->tails[k].spread_from;
            if (loss <= from && other <= other_from) continue;
            const double change = excess(loss, from) - excess(other, other_from);
            row.excess_change[k] += mass * change;
            changes_[k].add(mass, change);
        }
    }
}

void ReplicateSums::add_tail(double loss, std::size_t cell, double mass, Row& row) {
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        if (!contains(kGroups[group], cell)) continue;
        const Landmarks& landmarks = *plan_->landmarks[group];
        if (loss == landmarks.worst) row.at_worst[group] += mass;
        for (std::size_t k = 0; k < levels_; ++k) {
            const double beyond = loss - landmarks.tails[k].spread_from;
            if (!(beyond > 0.0)) continue;
            row.excess[group * levels_ + k] += mass * beyond;
            tails_[group * levels_ + k].add(mass, beyond);
        }
    }
}

void ReplicateSums::add(const ReplicateSums& later) {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        Row& row = rows_[r];
        const Row& more = later.rows_[r];
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            for (std::size_t sign = 0; sign < kSigns; ++sign) {
                Part& part = row.parts[cell][sign];
                const Part& other = more.parts[cell][sign];
                part.mass += other.mass, part.gain += other.gain, part.square += other.square;
            }
        }
        for (std::size_t group = 0; group < kGroups.size(); ++group) row.at_worst[group] += more.at_worst[group];
        for (std::size_t k = 0; k < row.excess.size(); ++k) row.excess[k] += more.excess[k];
        for (std::size_t k = 0; k < levels_; ++k) row.excess_change[k] += more.excess_change[k];
        row.change += more.change;
    }
    for (std::size_t k = 0; k < tails_.size(); ++k) tails_[k].add(later.tails_[k]);
    for (std::size_t k = 0; k < levels_; ++k) changes_[k].add(later.changes_[k]);
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        paths_[cell] += later.paths_[cell];
        squares_[cell] += later.squares_[cell];
    }
}

template <class Number>
std::vector<double> ReplicateSums::by_replicate(const Number& number) const {
    std::vector<double> values;
    for (const Row& row : rows_) values.push_back(number(row));
    return values;
}

template <class Number>
double ReplicateSums::in_group(const Row& row, std::size_t group, const Number& number) {
    double sum = 0.0;
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        if (!contains(kGroups[group], cell)) continue;
        for (std::size_t sign = 0; sign < kSigns; ++sign) sum += number(row.parts[cell][sign], sign);
    }
    return sum;
}

template <class Number>
ReplicateRatio ReplicateSums::ratio(std::size_t group, const Number& over, std::span<const double> under) const {
    return {by_replicate([&](const Row& row) { return in_group(row, group, over); }), under};
}

std::uint64_t ReplicateSums::paths_of(std::size_t group) const {
    std::uint64_t paths = 0;
    for (std::size_t cell = 0; cell < kCells; ++cell) paths += contains(kGroups[group], cell) ? paths_[cell] : 0;
    return paths;
}

// What the paths of a group are worth by their weights (Kish 1965).
double ReplicateSums::effective_of(std::size_t group) const {
    const auto mass = [](const Part& part, std::size_t) { return part.mass; };
    double all = 0.0, squares = 0.0;
    for (const Row& row : rows_) all += in_group(row, group, mass);
    for (std::size_t cell = 0; cell < kCells; ++cell) squares += contains(kGroups[group], cell) ? squares_[cell] : 0.0;
    return squares > 0.0 ? all * all / squares : 1.0;
}

void ReplicateSums::set_intervals(std::span<const double> levels, BookFigures& figures) const {
    const auto mass = [](const Part& part, std::size_t) { return part.mass; };
    const std::vector<double> all = by_replicate([&](const Row& row) { return in_group(row, kWhole, mass); });
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        figures.share[group] = ratio(group, mass, all).share(effective_of(kWhole));
        if (figures.summary[group]) set_group(group, levels, *figures.summary[group]);
    }
    if (reference_ != nullptr) set_change(levels, figures.against_first);
}

void ReplicateSums::set_group(std::size_t group, std::span<const double> levels, Summary& s) const {
    const auto of_sign = [](Sign wanted, double Part::*member) {
        return [=](const Part& part, std::size_t sign) { return sign == wanted ? part.*member : 0.0; };
    };
    const auto sum_by_replicate = [&](const auto& number) {
        return by_replicate([&](const Row& row) { return in_group(row, group, number); });
    };
    const auto mass = sum_by_replicate([](const Part& part, std::size_t) { return part.mass; });
    const auto losing = sum_by_replicate(of_sign(kLosing, &Part::mass)),
               winning = sum_by_replicate(of_sign(kWinning, &Part::mass));
    const double paths = effective_of(group), shift = s.mean.value - plan_->median;
    const auto from_mean = [&](const Part& part, std::size_t) {
        return part.square - 2.0 * shift * (part.gain - plan_->median * part.mass) + shift * shift * part.mass;
    };
    const double mass_share = static_cast<double>(plan_->paths[group]) / static_cast<double>(plan_->paths[kWhole]);
    s.n = paths_of(group);
    s.mean = ratio(
                 group, [](const Part& part, std::size_t) { return part.gain; }, mass)
                 .of(s.mean.value);
    s.sd = s.sd.value > 0.0 ? ratio(group, from_mean, mass).of(s.sd.value, 0.5 / s.sd.value) : s.sd;
    s.p_loss = ReplicateRatio(losing, mass).share(paths);
    s.win_share = ReplicateRatio(winning, mass).share(paths);
    s.mean_loss = ratio(group, of_sign(kLosing, &Part::gain), losing).of(s.mean_loss.value);
    s.mean_win = ratio(group, of_sign(kWinning, &Part::gain), winning).of(s.mean_win.value);
    s.atom_share = ReplicateRatio(by_replicate([&](const Row& row) { return row.at_worst[group]; }), mass).share(paths);
    for (std::size_t k = 0; k < levels.size(); ++k) {
        Estimate& es = s.tails[k].expected_shortfall;
        const auto excess = by_replicate([&](const Row& row) { return row.excess[group * levels_ + k]; });
        const WeightedTerms& tail = tails_[group * levels_ + k];
        const Estimate limited = ReplicateRatio(excess, mass).of(es.value, 1.0 / (1.0 - levels[k]), tail.skewness());
        const double precision = es.standard_error / limited.standard_error;  // of as many independent paths as mass
        if (std::isfinite(precision) && precision > 0.0)
            s.tails[k].plain_paths = static_cast<double>(plan_->paths[group]) * precision * precision;
        // The shares of the paths are for the tails of all paths, and a group's may hang on a few heavy ones: there as
        // many as plain paths would give it are wanted too.
        const double plain_paths = (1.0 - levels[k]) * mass_share * static_cast<double>(paths_of(kWhole));
        const double tail_paths = group == kWhole ? tail.effective() : std::min(tail.effective(), plain_paths);
        const bool too_few = tail_paths < kFewestTerms && limited.standard_error > 0.0;
        const bool unlimited = too_few || !std::isfinite(s.tails[k].value_at_risk.standard_error);
        es = unlimited ? estimate_without_limits(es.value) : limited;
    }
}

void ReplicateSums::set_change(std::span<const double> levels, PairedDifference& change) const {
    const auto mass = by_replicate(
        [](const Row& row) { return in_group(row, kWhole, [](const Part& part, std::size_t) { return part.mass; }); });
    change.mean = ReplicateRatio(by_replicate([](const Row& row) { return row.change; }), mass).of(change.mean.value);
    for (std::size_t k = 0; k < levels.size(); ++k) {
        Estimate& es = change.expected_shortfall[k].value;
        if (changes_[k].effective() < kFewestTerms || !std::isfinite(es.standard_error)) {
            es = estimate_without_limits(es.value);
            continue;
        }
        const auto excess = by_replicate([&](const Row& row) { return row.excess_change[k]; });
        es = ReplicateRatio(excess, mass).of(es.value, 1.0 / (1.0 - levels[k]), changes_[k].skewness());
    }
}

}  // namespace volstorm
