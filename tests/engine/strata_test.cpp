#include "volstorm/engine/strata.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>

#include "executors.h"
#include "same_paths.h"
#include "short_run.h"
#include "volstorm/engine/path_kernel.h"

using namespace volstorm;
using namespace short_run;

namespace {

// A session of 20 steps with an event, and these jump families: intensity, its slope on v, name.
PathPlan plan_with(const std::vector<JumpConstants>& families, bool event) {
    constexpr float dt = 1.0f / 252.0f / 20.0f;
    PathPlan plan;
    plan.seed = 3;
    plan.v0 = 0.02f, plan.m0 = 0.03f;
    const StepConstants step{.dt = dt,
                             .x_drift = 0.0f,
                             .x_drift_per_v = -0.5f * dt,
                             .kappa_v_dt = 20.0f * dt,
                             .kappa_m_dt_theta = 0.1f * dt,
                             .reversion_m_dt = 3.0f * dt,
                             .pull_m_dt = 1.0f * dt,
                             .sigma_v_rho = -0.5f,
                             .sigma_v_rest = 0.5f,
                             .sigma_m = 0.2f,
                             .vix_constant = 0.001f,
                             .vix_per_v = 0.7f,
                             .vix_per_m = 0.2f};
    plan.steps.assign(20, step);
    plan.event_of_step.assign(plan.steps.size(), kNoEvent);
    plan.is_bar_end.assign(plan.steps.size(), 1);
    if (event) plan.events = {{-0.0001f, 0.01f, 0.8f}}, plan.event_of_step[9] = 0;
    plan.jumps = families;
    return plan;
}

JumpConstants family(const std::string& name, double a_day, double per_v = 0.0) {
    return {-0.01f, 0.006f, -0.5f, 0.02f, 252.0 * a_day, per_v, name};
}

// What is compared of a path at its end.
std::vector<double> figures_of(const PathPlan& plan, const PathBlock& block, std::size_t i) {
    const double x = static_cast<double>(block.x[i]), v = static_cast<double>(block.v[i]);
    std::vector<double> figures{x,
                                x * x,
                                v,
                                v * v,
                                x * v,
                                static_cast<double>(block.m[i]),
                                x < -0.02 ? 1.0 : 0.0,
                                x > 0.02 ? 1.0 : 0.0,
                                v > 0.05 ? 1.0 : 0.0,
                                static_cast<double>(block.vix_squared_max[i])};
    for (std::size_t j = 0; j < plan.jumps.size(); ++j) {
        for (const std::uint32_t n : {1u, 2u, 3u}) figures.push_back(block.jumps[j][i] >= n ? 1.0 : 0.0);
        figures.push_back(static_cast<double>(block.jumps[j][i] > 0 ? block.clocks[j][i] : 0.0f));
    }
    return figures;
}

struct Told {
    double value = 0.0, error = 0.0;
};

// Means by plain sampling.
std::vector<Told> plain_means(const PathPlan& plan, std::uint64_t paths) {
    const auto block = std::make_unique<PathBlock>();
    std::vector<Mean> means;
    for (std::uint64_t first = 0; first < paths; first += kBlockPaths) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const std::vector<double> figures = figures_of(plan, *block, i);
            means.resize(figures.size());
            for (std::size_t k = 0; k < figures.size(); ++k) means[k].add(figures[k]);
        }
    }
    std::vector<Told> told;
    for (const Mean& mean : means) told.push_back({mean.value(), mean.error()});
    return told;
}

// The same by a sample in strata; the error from the replicates.
std::vector<Told> means_in_strata(const PathPlan& plan) {
    const Strata& strata = *plan.strata;
    const auto block = std::make_unique<PathBlock>();
    const std::uint64_t paths = strata.layout().paths();
    std::vector<std::vector<double>> sums(strata.layout().replicates);
    std::vector<double> weights(strata.layout().replicates);
    std::size_t count = 0;
    for (std::uint64_t first = 0; first < paths; first += kBlockPaths) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        for (std::size_t i = 0; i < std::min<std::uint64_t>(kBlockPaths, paths - first); ++i) {
            const PathPlace place = strata.place(first + i);
            const double weight = static_cast<double>(strata.masses()[place.stratum]) * strata.weight_unit();
            const std::vector<double> figures = figures_of(plan, *block, i);
            count = figures.size();
            sums[place.replicate].resize(count);
            weights[place.replicate] += weight;
            for (std::size_t k = 0; k < count; ++k) sums[place.replicate][k] += weight * figures[k];
        }
    }
    std::vector<Told> told;
    for (std::size_t k = 0; k < count; ++k) {
        Mean mean;
        for (std::size_t r = 0; r < sums.size(); ++r) mean.add(sums[r][k] / weights[r]);
        told.push_back({mean.value(), mean.error()});
    }
    return told;
}

std::shared_ptr<const Strata> strata_for(const PathPlan& plan, SamplingMethod method, std::uint64_t paths) {
    const SampleLayout layout = sample_layout(paths);
    std::vector<Stratum> list = strata_of(plan, layout.slots);
    std::vector<double> weight;
    for (const Stratum& stratum : list) weight.push_back(std::sqrt(stratum.probability));
    divide_slots(weight, layout.slots, list);
    return std::make_shared<Strata>(plan, method, layout, std::move(list));
}

}  // namespace

TEST_CASE("a layout has at least the paths asked for, hardly more, and is its own layout") {
    for (const std::uint64_t paths : {1ull, 100ull, 1'024ull, 1'025ull, 2'047ull, 4'095ull, 65'535ull, 65'536ull,
                                      100'000ull, 1'000'000ull, 16'777'215ull, 1'000'000'000ull}) {
        CAPTURE(paths);
        const SampleLayout layout = sample_layout(paths);
        CHECK(layout.paths() >= paths);
        CHECK(static_cast<double>(layout.paths()) <= std::max(1'024.0, static_cast<double>(paths) * (1.0 + 1.0 / 16)));
        CHECK(layout.replicates >= 16);
        CHECK(layout.replicates <= 31);
        const SampleLayout again = sample_layout(layout.paths());
        CHECK(again.replicates == layout.replicates);
        CHECK(again.slots == layout.slots);
        CHECK(again.rounds == layout.rounds);
    }
}

TEST_CASE("strata have probabilities that sum to one, and every replicate of every round its share of each") {
    const PathPlan plan = plan_with({family("rare", 0.01), family("frequent", 0.4)}, true);
    for (const std::uint64_t paths : {1'024ull, 100'000ull}) {
        const auto strata = strata_for(plan, SamplingMethod::stratified, paths);
        double probability = 0.0, weight = 0.0;
        std::uint32_t slots = 0;
        for (std::size_t s = 0; s < strata->list().size(); ++s) {
            probability += strata->list()[s].probability;
            slots += strata->list()[s].share;
            weight += static_cast<double>(strata->masses()[s]) * strata->weight_unit() * strata->list()[s].share;
        }
        CHECK(probability == Approx(1.0).epsilon(1e-12));
        CHECK(slots == strata->layout().slots);
        CHECK(weight == Approx(slots).epsilon(1e-7));
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> points;
        for (std::uint64_t path = 0; path < strata->layout().paths(); ++path) {
            const PathPlace place = strata->place(path);
            points[{place.stratum, place.replicate}].push_back(place.point);
        }
        CHECK(points.size() == strata->list().size() * strata->layout().replicates);
        for (auto& [place, numbers] : points) {
            const std::uint64_t count = strata->list()[place.first].share * strata->layout().rounds;
            REQUIRE(numbers.size() == count);
            std::ranges::sort(numbers);
            for (std::uint32_t n = 0; n < count; ++n) REQUIRE(numbers[n] == n);
        }
    }
}

TEST_CASE("a sample in strata has the law of independent paths, whatever jumps there are") {
    const std::vector<std::vector<JumpConstants>> cases{
        {},
        {family("rare", 0.004), family("negligible", 1e-9)},
        {family("rare", 0.01, 800.0), family("frequent", 0.1, 8'000.0)},
        {family("frequent", 0.5), family("too", 0.3)},
        {family("hectic", 5.0), family("never", 0.0), family("rare", 0.01), family("other", 0.03)}};
    for (const auto& families : cases) {
        for (const bool event : {false, true}) {
            PathPlan plan = plan_with(families, event);
            const std::vector<Told> plain = plain_means(plan, 200'000);
            for (const SamplingMethod method : {SamplingMethod::stratified, SamplingMethod::hybrid}) {
                for (const std::uint64_t paths : {2'048ull, 150'000ull}) {
                    plan.seed = 8;
                    plan.strata = strata_for(plan, method, paths);
                    const std::vector<Told> told = means_in_strata(plan);
                    for (std::size_t k = 0; k < told.size(); ++k) {
                        CAPTURE(families.size(), event, to_string(method), paths, k, plain[k].value, told[k].value);
                        // One path more or less of the plain sample is no evidence; few paths in strata tell the error
                        // of what is rare badly.
                        const double few =
                            paths < 10'000 ? plain[k].error * std::sqrt(200'000.0 / static_cast<double>(paths)) : 0.0;
                        const double error = std::hypot(plain[k].error, std::max(told[k].error, few), 1.0 / 200'000);
                        CHECK(std::abs(told[k].value - plain[k].value) <= 4.5 * error + 1e-12);
                    }
                    plan.strata = nullptr;
                }
            }
        }
    }
}

TEST_CASE("the SPX way of a path ends where its stratum says") {
    PathPlan plan = plan_with({}, true);
    for (StepConstants& step : plan.steps) step.kappa_v_dt = 0.0f, step.sigma_v_rho = step.sigma_v_rest = 0.0f;
    plan.events[0].keep = 1.0f, plan.events[0].mean = 0.0f;
    plan.strata = strata_for(plan, SamplingMethod::hybrid, 4'096);
    const auto block = std::make_unique<PathBlock>();
    const double years = 1.0 / 252.0, spread = std::sqrt(0.02 * years + 0.01 * 0.01), drift = -0.5 * 0.02 * years;
    for (std::uint64_t first = 0; first < 4'096; first += kBlockPaths) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const NormalRange& range = plan.strata->list()[plan.strata->place(first + i).stratum].move;
            const double z = (static_cast<double>(block->x[i]) - drift) / spread;
            const double tail = 0.5 * std::erfc((range.upper ? z : -z) / std::sqrt(2.0));
            REQUIRE(tail >= range.low * (1.0 - 1e-4));
            REQUIRE(tail <= (range.low + range.width) * (1.0 + 1e-4));
        }
    }
}

// The largest distance of numbers from the uniform law on [0, 1], in units of its scale: Kolmogorov and Smirnov's.
double distance_from_uniform(std::vector<double> numbers) {
    std::ranges::sort(numbers);
    const auto n = static_cast<double>(numbers.size());
    double most = 0.0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const double rank = static_cast<double>(i);
        most = std::max({most, numbers[i] - rank / n, (rank + 1.0) / n - numbers[i]});
    }
    return most * (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n));
}

TEST_CASE(
    "within a stratum, clocks, sizes and the move of the first jumps have the law of plain paths given what it says") {
    constexpr double kLargest = 2.6;  // one of 300,000 distances is larger
    PathPlan plan = plan_with({family("rare", 0.01), family("frequent", 0.4)}, true);
    constexpr std::uint32_t share = 2'048;
    std::vector<Stratum> list = strata_of(plan, 4'096);
    for (Stratum& stratum : list) stratum.share = share;
    const SampleLayout layout{.replicates = 1, .slots = share * static_cast<std::uint32_t>(list.size())};
    plan.strata = std::make_shared<Strata>(plan, SamplingMethod::stratified, layout, list);
    double squares = 0.0, v = plan.v0, m = plan.m0;
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
        squares += v * (1.0 / 252.0 / 20.0);
        const double mean = m;
        m += plan.steps[step].kappa_m_dt_theta - plan.steps[step].reversion_m_dt * m + plan.steps[step].pull_m_dt * v;
        v += plan.steps[step].kappa_v_dt * (mean - v);
        if (plan.event_of_step[step] == kNoEvent) continue;
        squares += 0.01 * 0.01;
        v *= 0.8;
    }
    const double spread = std::sqrt(squares), jump_spread = 0.006;
    const auto block = std::make_unique<PathBlock>();
    std::uint64_t path = 0;
    for (const Stratum& stratum : list) {
        CAPTURE(stratum.name);
        std::vector<double> sizes, parts, moves, clocks, fractions;
        for (std::uint32_t done = 0; done < share; done += kBlockPaths, path += kBlockPaths) {
            start_block(plan, path, *block);
            for (std::size_t i = 0; i < kBlockPaths; ++i) {
                double move = static_cast<double>(block->ways[0][i]) * spread, of_all = squares;
                if (stratum.jumping >= 0) {
                    const auto j = static_cast<std::size_t>(stratum.jumping);
                    const FirstJumps& first = block->first_jumps[j];
                    const ClockRange& range = stratum.clocks[j];
                    const double one = first.exponential[i], two = first.second_exponential[i];
                    const bool several = range.kind == ClockRange::Kind::several;
                    const double beyond = several ? (1.0 + one + two) * std::exp(-one - two) : std::exp(-one);
                    sizes.push_back((beyond - stratum.size.low) / stratum.size.width);
                    move += jump_spread * (static_cast<double>(first.normal[i]) +
                                           (several ? static_cast<double>(first.second_normal[i]) : 0.0));
                    of_all += jump_spread * jump_spread * (several ? 2.0 : 1.0);
                    if (several) parts.push_back(one / (one + two));
                    const double clock = block->clocks[j][i];
                    if (range.kind == ClockRange::Kind::one) clocks.push_back(clock / range.window);
                    if (range.kind == ClockRange::Kind::early)
                        clocks.push_back(-std::expm1(range.from - clock) / range.probability);
                    if (several)  // the time left after the first: its law is that of the quantile that drew it
                        clocks.push_back((std::expm1(range.window - clock) - (range.window - clock)) /
                                         (std::expm1(range.window) - range.window));
                }
                const double z = move / std::sqrt(of_all);
                const double tail = 0.5 * std::erfc((stratum.move.upper ? z : -z) / std::sqrt(2.0));
                moves.push_back((tail - stratum.move.low) / stratum.move.width);
            }
        }
        for (const std::vector<double>* numbers : {&sizes, &parts, &moves, &clocks}) {
            if (numbers->empty()) continue;
            CHECK(std::ranges::min(*numbers) > -1e-3);
            CHECK(std::ranges::max(*numbers) < 1.0 + 1e-3);
            CHECK(distance_from_uniform(*numbers) < kLargest);
        }
    }
}

TEST_CASE("the SPX way and the jumps of a path together end where its stratum says") {
    // Jumps of a spread and no mean, intensities that do not move: the number of jumps is what the stratum counts.
    PathPlan plan = plan_with({{0.0f, 0.006f, 0.0f, 0.0f, 252.0 * 0.4, 0.0, "frequent"}}, false);
    for (StepConstants& step : plan.steps) step.kappa_v_dt = 0.0f, step.sigma_v_rho = step.sigma_v_rest = 0.0f;
    plan.strata = strata_for(plan, SamplingMethod::hybrid, 70'000);
    const auto block = std::make_unique<PathBlock>();
    const double years = 1.0 / 252.0, drift = -0.5 * 0.02 * years;
    std::size_t once = 0, twice = 0;
    for (std::uint64_t first = 0; first + kBlockPaths <= plan.strata->layout().paths(); first += kBlockPaths) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const Stratum& stratum = plan.strata->list()[plan.strata->place(first + i).stratum];
            const std::uint32_t jumps = block->jumps[0][i];
            if (stratum.jumping != 0 || jumps == 0 || jumps > 2) continue;
            const bool several = stratum.clocks[0].kind == ClockRange::Kind::several;
            REQUIRE((jumps == 2) == several);
            const double spread = std::sqrt(0.02 * years + jumps * 0.006 * 0.006);
            const double z = (static_cast<double>(block->x[i]) - drift) / spread;
            const double tail = 0.5 * std::erfc((stratum.move.upper ? z : -z) / std::sqrt(2.0));
            REQUIRE(tail >= stratum.move.low * (1.0 - 1e-3));
            REQUIRE(tail <= (stratum.move.low + stratum.move.width) * (1.0 + 1e-3));
            ++(several ? twice : once);
        }
    }
    CHECK(once > 10'000);
    CHECK(twice > 2'000);
}

TEST_CASE("paths in strata are the same bits on any number of threads, in any pieces, and alone", "[threads]") {
    for (const std::string method : {"stratified", "hybrid"}) {
        Text text;
        text.sampling = "seed = 11\npaths = 9000\nmethod = \"" + method + "\"\n";
        text.rest = layer("first", "type = \"vix_call\", days = 30, delta = 0.50",
                          "size = { contracts = 2 }\nopen = \"vix_change > 0.5\"\nclose = \"vix_change < 0\"");
        const auto e = prepare(text);
        const std::size_t paths = e->scenario.sampling.paths;
        const PathColumns whole = run(*e, paths);
        for (const auto kind : {executors::Kind::tbb, executors::Kind::threads}) {
            const auto executor = executors::make(kind, 3);
            std::vector<PathColumns> columns(executor->slots());
            executor->for_each_ordered(
                (paths + 1'535) / 1'536,
                [&](std::size_t, std::size_t slot, std::size_t piece) {
                    const std::size_t first = piece * 1'536;
                    Simulator(*e).run(first, std::min<std::size_t>(1'536, paths - first), columns[slot]);
                },
                [&](std::size_t slot, std::size_t) {
                    const PathColumns& part = columns[slot];
                    CHECK(same_paths::same(part, whole, 0, part.first, part.count));
                    CHECK(same_paths::same_rows(part.stratum, whole.stratum, 0, part.first, part.count));
                    CHECK(same_paths::same_rows(part.replicate, whole.replicate, 0, part.first, part.count));
                });
        }
        const std::vector<std::uint64_t> some{8'191, 5, 4'000};
        PathColumns alone;
        Simulator(*e).trace(some, alone, [](std::size_t, std::size_t, const PathPoint&) {});
        for (std::size_t i = 0; i < some.size(); ++i) CHECK(same_paths::same(alone, whole, i, some[i], 1));
    }
}
