#include "volstorm/risk/book.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "claim_test.h"
#include "no_sample.h"
#include "volstorm/engine/strata.h"
#include "volstorm/risk/replicates.h"
#include "volstorm/risk/session_sums.h"

namespace volstorm {
namespace {

enum LayerReplicateColumn : std::size_t {
    kAllPaths,
    kOpenedPaths,
    kClosedPaths,
    kEmptyPaths,
    kLayerPnl,
    kLayerCost,
    kLayerReplicateColumns
};
using LayerReplicate = std::array<double, kLayerReplicateColumns>;

}  // namespace

/// What one thread counts: whole numbers, which may be added in any order.
struct BookStatistics::Worker {
    explicit Worker(const Experiment& e) {
        for (const ClaimSpec& claim : e.scenario.claims) claims.emplace_back(claim, e);
    }
    struct Place {
        std::uint64_t below = 0, at = 0, all = 0;
        void count(std::span<const float> values, double value, const PathMasses& masses) {
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double x = static_cast<double>(values[i]);
                below += x < value ? masses[i] : 0;
                at += x == value ? masses[i] : 0;
                all += masses[i];
            }
        }
    };
    std::vector<ClaimTest> claims;
    Place spx, vix;
    std::vector<std::uint8_t> cell;
};

/// What one layer did on a piece of the paths.
struct BookStatistics::LayerSums {
    std::uint64_t opened = 0, closed_early = 0, empty = 0;
    double pnl = 0.0, pnl_square = 0.0, cost = 0.0, cost_square = 0.0;
    std::vector<LayerReplicate> replicates = {};    // of a sample in strata
    WeightedTerms pnl_terms = {}, cost_terms = {};  // the same, of the paths on which it opens

    /// The same of a sample in strata, by replicate.
    void count_replicates(const PathColumns& c, std::size_t layer, std::int32_t last, const PathWeights& weights) {
        const PathMasses masses(weights, c.stratum);
        replicates.assign(weights.replicates, {});
        for (std::size_t i = 0; i < c.count; ++i) {
            LayerReplicate& to = replicates[c.replicate[i]];
            const double mass = static_cast<double>(masses[i]), contracts = c.contracts[layer][i];
            to[kAllPaths] += mass;
            if (c.opened[layer][i] < 0) continue;
            const std::int32_t closed = c.closed[layer][i];
            to[kOpenedPaths] += mass;
            to[kClosedPaths] += closed >= 0 && closed < last ? mass : 0.0;
            to[kEmptyPaths] += contracts == 0.0 ? mass : 0.0;
            const double gain = contracts * c.unit_pnl[layer][i], paid = contracts * c.unit_cost[layer][i];
            to[kLayerPnl] += mass * gain, to[kLayerCost] += mass * paid;
            pnl_terms.add(mass, gain), cost_terms.add(mass, paid);
        }
    }

    void count(const PathColumns& c, std::size_t layer, std::int32_t last) {
        const std::vector<std::int32_t>&at_open = c.opened[layer], &at_close = c.closed[layer];
        const std::vector<float>&contracts = c.contracts[layer], &unit_pnl = c.unit_pnl[layer],
              &unit_cost = c.unit_cost[layer];
        for (std::size_t i = 0; i < c.count; ++i) {
            if (at_open[i] < 0) continue;
            ++opened;
            closed_early += at_close[i] >= 0 && at_close[i] < last ? 1 : 0;
            empty += contracts[i] == 0.0f ? 1 : 0;
            const double gain = static_cast<double>(contracts[i]) * unit_pnl[i];
            const double paid = static_cast<double>(contracts[i]) * unit_cost[i];
            pnl += gain, pnl_square += gain * gain;
            cost += paid, cost_square += paid * paid;
        }
    }
};

/// What layers and claims do by session of history.
struct BookStatistics::Sessions {
    enum LayerColumn : std::size_t { kOpened, kClosedEarly, kEmpty, kPnl, kGaining, kLosing, kCost, kLayerColumns };
    enum ClaimColumn : std::size_t { kGiven, kHolds, kGivenDown, kHoldsDown, kClaimColumns };

    explicit Sessions(const Experiment& e)
        : layers(e.layers.size()),
          last(static_cast<std::int32_t>(e.timeline.size())),
          sums(e.generator->draws(), layers * kLayerColumns + e.scenario.claims.size() * kClaimColumns) {
        for (const ClaimSpec& claim : e.scenario.claims) claims.emplace_back(claim, e);
    }

    void count(const PathColumns& c) {
        for (ClaimTest& claim : claims) claim.count(c, {});
        for (std::size_t i = 0; i < c.count; ++i) {
            for (const std::vector<std::int32_t>& drawn : c.drawn) add(c, i, sums.row(drawn[i]));
        }
    }

    static auto number(std::size_t column) {
        return [column](SessionSums::ConstRow row) { return row[column]; };
    }
    /// Of layer k: the estimate of a share, or the mean that has this value.
    Estimate share(std::size_t k, LayerColumn column) const {
        return sums.share(number(k * kLayerColumns + column), SessionSums::paths);
    }
    Estimate mean(std::size_t k, LayerColumn column, double value) const {
        return normal_estimate(value, sums.ratio_error(number(k * kLayerColumns + column), SessionSums::paths));
    }
    Estimate mean_pnl(std::size_t k, double value) const {
        const std::size_t at = k * kLayerColumns;
        const bool enough = sums.tell_mean(number(at + kGaining), number(at + kLosing));
        return enough ? mean(k, kPnl, value) : estimate_without_limits(value);
    }
    /// Claim k on the paths that two numbers of a row count.
    template <class Given, class Holds>
    void judge(ClaimResult& result, double required, const Given& given, const Holds& holds) const {
        const double given_share = result.given_share;
        result = judge_claim(result.given, result.holds, required, sums.share(holds, given),
                             sums.effective_paths(holds, given));
        result.given_share = given_share;
    }
    void judge(std::size_t k, ClaimRisk& risk) const {
        const std::size_t at = layers * kLayerColumns + k * kClaimColumns;
        const auto less = [](std::size_t all, std::size_t part) {
            return [=](SessionSums::ConstRow row) { return row[all] - row[part]; };
        };
        judge(risk.result, risk.required, number(at + kGiven), number(at + kHolds));
        judge(risk.down, risk.required, number(at + kGivenDown), number(at + kHoldsDown));
        judge(risk.up, risk.required, less(at + kGiven, at + kGivenDown), less(at + kHolds, at + kHoldsDown));
    }

    std::size_t layers;
    std::int32_t last;  // step
    SessionSums sums;
    std::vector<ClaimTest> claims;

 private:
    void add(const PathColumns& c, std::size_t i, SessionSums::Row row) {
        for (std::size_t k = 0; k < layers; ++k) {
            if (c.opened[k][i] < 0) continue;
            const SessionSums::Row to = row.subspan(k * kLayerColumns, kLayerColumns);
            const double contracts = static_cast<double>(c.contracts[k][i]);
            to[kOpened] += 1.0;
            to[kClosedEarly] += c.closed[k][i] >= 0 && c.closed[k][i] < last ? 1.0 : 0.0;
            to[kEmpty] += contracts == 0.0 ? 1.0 : 0.0;
            const double pnl = contracts * c.unit_pnl[k][i];
            to[kPnl] += pnl, to[kGaining] += pnl > 0.0 ? 1.0 : 0.0, to[kLosing] += pnl < 0.0 ? 1.0 : 0.0;
            to[kCost] += contracts * c.unit_cost[k][i];
        }
        for (std::size_t k = 0; k < claims.size(); ++k) {
            if (claims[k].given()[i] == 0) continue;
            const SessionSums::Row to = row.subspan(layers * kLayerColumns + k * kClaimColumns, kClaimColumns);
            const double held = claims[k].held()[i], down = c.spx_return[i] < 0.0f ? 1.0 : 0.0;
            to[kGiven] += 1.0, to[kHolds] += held, to[kGivenDown] += down, to[kHoldsDown] += down * held;
        }
    }
};

namespace {

constexpr double kKeptBytes = 200e6;  // of P&L that is kept in memory: ten million paths of four books

/// The pieces that were counted, in memory.
class KeptPnl final : public PnlSource {
 public:
    KeptPnl(const std::vector<PnlPiece>& pieces, const PathWeights& weights) : pieces_(pieces), weights_(weights) {}
    PathWeights weights() const override { return weights_; }
    std::uint64_t paths() const override { return pieces_.back().first + pieces_.back().cell.size(); }
    std::size_t draws() const override { return pieces_.front().drawn.size(); }
    void read(std::size_t piece, PnlPiece& out) const override { out = pieces_[piece]; }
    const PnlPiece* kept(std::size_t piece) const override { return &pieces_[piece]; }

 private:
    const std::vector<PnlPiece>& pieces_;
    const PathWeights& weights_;
};

Estimate mean_of(const CompensatedSum& sum, const CompensatedSum& squares, std::uint64_t paths) {
    const auto n = static_cast<double>(paths);
    const double mean = sum.value() / n, variance = std::max(squares.value() / n - mean * mean, 0.0);
    return normal_estimate(mean, std::sqrt(variance / n));
}

double spx_return_of(const Experiment& e, const Realised& realised) { return realised.spx / e.day.market.spx - 1.0; }

}  // namespace

bool pays_for_holding(const Experiment& e, const BookRisk& risk, std::size_t k) {
    return e.layers[k].spec->kind.is_vix() && risk.layers[k].mean_pnl.low > 0.0 && e.scenario.generator.is_model() &&
           e.scenario.sampling.measure == Measure::physical;
}

bool keeps_pnl(const Scenario& scenario, std::size_t draws) {
    const double in_strata = scenario.sampling.method == SamplingMethod::plain ? 0.0 : 2.0;
    const auto columns = static_cast<double>(scenario.layers.size() + 1 + draws);
    return static_cast<double>(scenario.sampling.paths) * (4.0 * columns + 1.0 + in_strata) <= kKeptBytes;
}

PathWeights path_weights(const Experiment& e) {
    if (!e.plan.strata) return {};
    const std::span<const std::uint64_t> masses = e.plan.strata->masses();
    double sum = 0.0, squares = 0.0;  // of the weights of one replicate and round
    for (std::size_t s = 0; s < masses.size(); ++s) {
        const double weight = static_cast<double>(masses[s]) * e.plan.strata->weight_unit();
        sum += weight * e.plan.strata->list()[s].share;
        squares += weight * weight * e.plan.strata->list()[s].share;
    }
    const SampleLayout& layout = e.plan.strata->layout();
    const double repeats = static_cast<double>(layout.replicates) * static_cast<double>(layout.rounds);
    return {{masses.begin(), masses.end()}, layout.replicates, repeats * sum * sum / squares};
}

BookStatistics::BookStatistics(const Experiment& experiment, std::size_t workers)
    : experiment_(experiment),
      weights_(path_weights(experiment)),
      pnl_(experiment.layers.size() + 1, workers, weights_,
           {.worst = experiment.scenario.output.store == Store::tail ? kTailPaths : kWorstPaths}),
      layers_((experiment.scenario.sampling.paths + kChunkPaths - 1) / kChunkPaths) {
    if (keeps_pnl(experiment.scenario, experiment.generator->draws())) kept_.resize(layers_.size());
    for (std::size_t i = 0; i < workers; ++i) workers_.push_back(std::make_unique<Worker>(experiment));
    if (experiment.generator->draws() > 0) sessions_ = std::make_unique<Sessions>(experiment);
}

BookStatistics::~BookStatistics() = default;

void BookStatistics::count(std::size_t worker, const PathColumns& c) {
    Worker& w = *workers_[worker];
    w.cell.resize(c.count);
    for (std::size_t i = 0; i < c.count; ++i) w.cell[i] = cell_of(c.breach[i], c.spx_return[i]);
    pnl_.count(worker, c.first, w.cell, c.pnl, c.stratum);
    if (!kept_.empty()) kept_[c.first / kChunkPaths] = {c.first, w.cell, c.pnl, c.drawn, c.stratum, c.replicate};
    for (ClaimTest& claim : w.claims) claim.count(c, weights_);
    const PathMasses masses(weights_, c.stratum);
    if (const auto& realised = experiment_.scenario.realised) {
        w.spx.count(c.spx_return, spx_return_of(experiment_, *realised), masses);
        w.vix.count(c.vix_end, realised->vix, masses);
    }
    std::vector<LayerSums>& sums = layers_[c.first / kChunkPaths];
    sums.resize(experiment_.layers.size());
    const auto last = static_cast<std::int32_t>(experiment_.timeline.size());
    for (std::size_t k = 0; k < sums.size(); ++k) {
        sums[k].count(c, k, last);
        if (!weights_.is_plain()) sums[k].count_replicates(c, k, last, weights_);
    }
}

void BookStatistics::count_sessions(const PathColumns& c) {
    if (sessions_) sessions_->count(c);
}

BookRisk BookStatistics::finish(const PnlSource& pnl, Executor& executor) {
    const bool all_kept =
        !kept_.empty() && std::ranges::none_of(kept_, [](const PnlPiece& p) { return p.cell.empty(); });
    if (all_kept) return finish_from(KeptPnl(kept_, weights_), executor);
    return finish_from(pnl, executor);
}

BookRisk BookStatistics::finish_from(const PnlSource& source, Executor& executor) {
    BookRisk risk;
    PnlFigures figures = pnl_.finish(source, executor);
    risk.worst = std::move(figures.worst);
    risk.effective_sessions = figures.effective_sessions;
    risk.layers = layer_risks(source.paths());
    double cost = condor_costs(experiment_);
    for (std::size_t k = 0; k < figures.books.size(); ++k) {
        if (k > 0) cost += risk.layers[k - 1].mean_cost.value;
        risk.strategies.push_back({experiment_.strategy_names()[k], std::move(figures.books[k]), cost});
    }
    risk.claims = claim_risks();
    if (!experiment_.scenario.generator.is_sample()) take_as_no_sample(risk);
    if (experiment_.scenario.realised) risk.realised = realised_risk();
    risk.convergence = convergence(risk, source, executor);
    return risk;
}

Convergence BookStatistics::convergence(const BookRisk& whole, const PnlSource& source, Executor& executor) const {
    const std::size_t books = whole.strategies.size();
    Convergence result{{}, std::vector<std::vector<Estimate>>(books), std::vector<std::vector<Estimate>>(books)};
    const auto add = [&](std::size_t book, const Summary& summary, std::size_t level) {
        result.mean[book].push_back(summary.mean);
        result.expected_shortfall[book].push_back(summary.tails[level].expected_shortfall);
    };
    std::vector<std::uint64_t> counts;
    // A sample in strata has parts of whole rounds.
    const auto& strata = experiment_.plan.strata;
    const std::uint64_t round = strata ? strata->layout().round_paths() : 1;
    for (std::uint64_t rounds = source.paths() / round / kConvergenceStep; rounds * round >= kFewestToConverge;
         rounds /= kConvergenceStep)
        counts.insert(counts.begin(), rounds * round);
    constexpr std::array levels{kConvergenceLevel};
    const PnlRequest only_converging{.levels = levels, .worst = 0, .compares = false};
    for (const std::uint64_t n : counts) {
        const PnlFigures part = pnl_figures(FirstPaths(source, n), books, only_converging, executor);
        for (std::size_t k = 0; k < books; ++k) add(k, *part.books[k].summary[kWhole], 0);
    }
    const auto level = std::ranges::find(kTailLevels, kConvergenceLevel) - kTailLevels.begin();
    for (std::size_t k = 0; k < books; ++k) add(k, whole.strategies[k].whole(), static_cast<std::size_t>(level));
    result.paths = counts;
    result.paths.push_back(source.paths());
    return result;
}

std::vector<LayerRisk> BookStatistics::layer_risks(std::uint64_t n) const {
    std::vector<LayerRisk> risks;
    for (std::size_t k = 0; k < experiment_.layers.size(); ++k) {
        LayerSums all;
        CompensatedSum pnl, pnl_square, cost, cost_square;
        for (const std::vector<LayerSums>& piece : layers_) {
            if (piece.empty()) continue;  // never counted
            all.opened += piece[k].opened, all.closed_early += piece[k].closed_early, all.empty += piece[k].empty;
            pnl.add(piece[k].pnl), pnl_square.add(piece[k].pnl_square);
            cost.add(piece[k].cost), cost_square.add(piece[k].cost_square);
        }
        LayerRisk& risk = risks.emplace_back();
        risk = {experiment_.layers[k].name,   share_estimate(all.opened, n), share_estimate(all.closed_early, n),
                share_estimate(all.empty, n), mean_of(pnl, pnl_square, n),   mean_of(cost, cost_square, n)};
        if (!weights_.is_plain()) set_from_replicates(k, risk);
        if (!sessions_) continue;
        risk.opened_share = sessions_->share(k, Sessions::kOpened);
        risk.closed_early_share = sessions_->share(k, Sessions::kClosedEarly);
        risk.empty_share = sessions_->share(k, Sessions::kEmpty);
        risk.mean_pnl = sessions_->mean_pnl(k, risk.mean_pnl.value);
        risk.mean_cost = sessions_->mean(k, Sessions::kCost, risk.mean_cost.value);
    }
    return risks;
}

void BookStatistics::set_from_replicates(std::size_t k, LayerRisk& risk) const {
    std::array<std::vector<double>, kLayerReplicateColumns> columns;
    for (std::vector<double>& column : columns) column.resize(weights_.replicates);
    WeightedTerms pnl_terms, cost_terms;
    for (const std::vector<LayerSums>& piece : layers_) {
        if (piece.empty()) continue;
        for (std::size_t r = 0; r < weights_.replicates; ++r)
            for (std::size_t i = 0; i < columns.size(); ++i) columns[i][r] += piece[k].replicates[r][i];
        pnl_terms.add(piece[k].pnl_terms), cost_terms.add(piece[k].cost_terms);
    }
    const auto ratio = [&](std::size_t over) { return ReplicateRatio(columns[over], columns[kAllPaths]); };
    const double paths = weights_.effective;
    risk.opened_share = ratio(kOpenedPaths).share(paths);
    risk.closed_early_share = ratio(kClosedPaths).share(paths);
    risk.empty_share = ratio(kEmptyPaths).share(paths);
    // Where a layer opens on a few paths alone, these make its mean: its errors are skewed.
    const auto mean = [&](std::size_t over, const WeightedTerms& terms) {
        const ReplicateRatio figure = ratio(over);
        const bool too_few = terms.mass > 0.0 && terms.effective() < kFewestTerms;
        return too_few ? estimate_without_limits(figure.value()) : figure.of(figure.value(), 1.0, terms.skewness());
    };
    risk.mean_pnl = mean(kLayerPnl, pnl_terms);
    risk.mean_cost = mean(kLayerCost, cost_terms);
}

std::vector<ClaimRisk> BookStatistics::claim_risks() const {
    std::vector<ClaimRisk> risks;
    for (std::size_t k = 0; k < experiment_.scenario.claims.size(); ++k) {
        ClaimCounts counts;
        for (const auto& worker : workers_) counts.add(worker->claims[k].counts());
        risks.push_back(counts.judged(experiment_.scenario.claims[k]));
        if (sessions_) sessions_->judge(k, risks.back());
    }
    return risks;
}

RealisedRisk BookStatistics::realised_risk() const {
    const Realised& realised = *experiment_.scenario.realised;
    const auto standing = [&](Worker::Place Worker::*place) {
        Worker::Place sum;
        for (const auto& worker : workers_) {
            const Worker::Place& part = (*worker).*place;
            sum.below += part.below, sum.at += part.at, sum.all += part.all;
        }
        const auto share = [&](std::uint64_t mass) { return static_cast<double>(mass) / static_cast<double>(sum.all); };
        return Standing{share(sum.below), share(sum.at), share(sum.all - sum.below - sum.at)};
    };
    return {spx_return_of(experiment_, realised), realised.vix, condor_pnl(experiment_, realised.spx),
            standing(&Worker::spx), standing(&Worker::vix)};
}

}  // namespace volstorm
