#include "pnl_sums.h"

#include <algorithm>

namespace volstorm {
namespace {

double least_spread(const Landmarks& landmarks) {
    double least = kInfinity;
    for (const TailStart& tail : landmarks.tails) least = std::min(least, tail.spread_from);
    return least;
}

}  // namespace

BookSums::BookSums(const BookPlan& plan, const BookPlan* reference) : plan_(&plan), reference_(reference) {
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        moments_[cell] = {Moments(plan.origin[cell][0]), Moments(plan.origin[cell][1])};
    }
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        if (plan.landmarks[group]) tails_[group].resize(plan.landmarks[group]->tails.size());
    }
    if (reference == nullptr) return;
    difference_ = Moments(plan.median - reference->median);
    paired_tails_.resize(plan.landmarks[kWhole]->tails.size());
    tails_from_ = least_spread(*plan.landmarks[kWhole]);
    reference_tails_from_ = least_spread(*reference->landmarks[kWhole]);
}

void BookSums::add_paths(std::uint64_t first, std::span<const float> pnl, std::span<const std::uint8_t> cells,
                         const PathMasses& masses) {
    for (std::size_t i = 0; i < pnl.size(); ++i) {
        const std::size_t cell = cells[i];
        const double gain = static_cast<double>(pnl[i]), loss = loss_of(pnl[i]);
        if (gain == 0.0) {
            zeros_[cell] += masses[i];
        } else {
            moments_[cell][gain < 0.0 ? 0 : 1].add(gain, masses[i]);
        }
        if (loss > plan_->tail_from[cell]) add_to_tails(loss, cell, masses[i]);
    }
    if (!plan_->worst_from) return;
    for (std::size_t i = 0; i < pnl.size(); ++i) {
        if (pnl[i] <= *plan_->worst_from) ranked_.push_back({first + i, pnl[i]});
    }
    if (ranked_.size() > plan_->ranked_paths) ranked_ = worst();
}

// The paths stand in order, so that equal ones stay sorted by number.
std::vector<RankedPath> BookSums::worst() const {
    std::vector<RankedPath> list = ranked_;
    std::ranges::stable_sort(list, {}, &RankedPath::pnl);
    if (list.size() > plan_->ranked_paths) list.resize(plan_->ranked_paths);
    return list;
}

void BookSums::add_to_tails(double loss, std::size_t cell, std::uint64_t mass) {
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        if (!contains(kGroups[group], cell)) continue;
        const std::vector<TailStart>& starts = plan_->landmarks[group]->tails;
        for (std::size_t i = 0; i < starts.size(); ++i) {
            if (loss <= starts[i].spread_from) continue;
            tails_[group][i].add(excess(loss, starts[i].value_at_risk.value), loss - starts[i].spread_from, mass);
        }
    }
}

void BookSums::add_pairs(std::span<const float> pnl, std::span<const float> reference, const PathMasses& masses) {
    const std::vector<TailStart>&a = plan_->landmarks[kWhole]->tails, &b = reference_->landmarks[kWhole]->tails;
    for (std::size_t i = 0; i < pnl.size(); ++i) {
        const double loss_a = loss_of(pnl[i]), loss_b = loss_of(reference[i]);
        difference_.add(loss_b - loss_a, masses[i]);
        if (loss_a <= tails_from_ && loss_b <= reference_tails_from_) continue;
        for (std::size_t k = 0; k < a.size(); ++k) {
            if (loss_a <= a[k].spread_from && loss_b <= b[k].spread_from) continue;
            paired_tails_[k].add(excess(loss_a, a[k].value_at_risk.value) - excess(loss_b, b[k].value_at_risk.value),
                                 excess(loss_a, a[k].spread_from) - excess(loss_b, b[k].spread_from), masses[i]);
        }
    }
}

void BookSums::add(const BookSums& later) {
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        for (std::size_t side = 0; side < 2; ++side) moments_[cell][side].add(later.moments_[cell][side]);
        zeros_[cell] += later.zeros_[cell];
    }
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
        for (std::size_t i = 0; i < tails_[group].size(); ++i) tails_[group][i].add(later.tails_[group][i]);
    }
    difference_.add(later.difference_);
    for (std::size_t i = 0; i < paired_tails_.size(); ++i) paired_tails_[i].add(later.paired_tails_[i]);
    ranked_.insert(ranked_.end(), later.ranked_.begin(), later.ranked_.end());
    if (ranked_.size() > 2 * plan_->ranked_paths) ranked_ = worst();  // seldom: it sorts
}

Summary BookSums::summary(Group group, std::span<const double> levels) const {
    std::vector<Moments> losses, wins, all;
    std::uint64_t zeros = 0;
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        if (!contains(kGroups[group], cell)) continue;
        losses.push_back(moments_[cell][0]);
        wins.push_back(moments_[cell][1]);
        zeros += zeros_[cell];
    }
    all = losses;
    all.insert(all.end(), wins.begin(), wins.end());
    all.emplace_back(0.0, zeros);
    const std::uint64_t n = plan_->paths[group];
    const Landmarks& landmarks = *plan_->landmarks[group];
    const Moments of_all = Moments::together(all), of_wins = Moments::together(wins),
                  of_losses = Moments::together(losses);
    Summary result{.n = n,
                   .mean = of_all.mean(),
                   .sd = of_all.standard_deviation(),
                   .p_loss = share_estimate(of_losses.count(), n),
                   .win_share = share_estimate(of_wins.count(), n),
                   .mean_win = of_wins.mean(),
                   .mean_loss = of_losses.mean(),
                   .best = 0.0 - landmarks.best,
                   .worst = landmarks.worst,
                   .atom_share = share_estimate(plan_->at_worst[group], n),
                   .tails = {}};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const TailStart& tail = landmarks.tails[i];
        result.tails.push_back(
            {tail.level, tail.value_at_risk, tails_[group][i].estimate(tail.value_at_risk, tail.size, n), tail.atom});
    }
    return result;
}

PairedDifference BookSums::difference(std::span<const double> levels) const {
    PairedDifference result{.mean = difference_.mean(), .expected_shortfall = {}};
    const std::vector<TailStart>&a = plan_->landmarks[kWhole]->tails, &b = reference_->landmarks[kWhole]->tails;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const Estimate &var_a = a[i].value_at_risk, &var_b = b[i].value_at_risk;
        const Estimate var{.value = var_a.value - var_b.value,
                           .standard_error = var_a.standard_error + var_b.standard_error};  // only whether it is finite
        result.expected_shortfall.push_back(
            {levels[i], paired_tails_[i].estimate(var, a[i].size, plan_->paths[kWhole])});
    }
    return result;
}

}  // namespace volstorm
