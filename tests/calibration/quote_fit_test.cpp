#include "volstorm/calibration/quote_fit.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "calibration/quoted_world.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

const std::vector<Event> kEvents{{"FOMC", at(make_date(2025, 6, 18), 14, 0), 0.006, 0.006, 0.0, 0.0}};
const std::vector<std::string> kReduced{
    "variance", "variance_mean", "sigma_v", "rho", "crash.mean_variance_jump", "FOMC.spx_move_sd"};

QuotedWorld truth() {
    const ModelInput input = quoted::model();
    const PricingDay day = make_day(days::market(20.0), input, kEvents);
    QuotedWorld world{day.model.pricing, day.state, kEvents};
    world.state.v *= 1.15;
    world.pricing.sigma_v *= 0.9;
    world.pricing.rho = -0.6;
    world.pricing.jumps[0].mean_variance_jump *= 1.3;
    world.events[0].spx_move_sd = 0.0085;
    return world;
}

double number(const QuotedWorld& w, const std::string& name) {
    if (name == "variance") return w.state.v;
    if (name == "variance_mean") return w.state.m;
    if (name == "sigma_v") return w.pricing.sigma_v;
    if (name == "rho") return w.pricing.rho;
    if (name == "crash.mean_variance_jump") return w.pricing.jumps[0].mean_variance_jump;
    return w.events[0].spx_move_sd;
}

QuoteSet reduced_quotes() {
    return quoted::quotes_of(truth(), kEvents, {make_date(2025, 6, 27)}, {make_date(2025, 7, 16)});
}

QuoteFitOptions reduced() {
    QuoteFitOptions options;
    options.free = kReduced;
    options.loss_scale = 0.0;
    options.ridge = 0.0;
    options.residual_variance = 1.0;
    options.least_vol = 0.0;
    return options;
}

// Mean and sd of (estimate - truth) / standard error, all parameters together and each by itself.
void study(int draws) {
    const auto executor = make_tbb_executor(0);
    const QuoteSet exact = reduced_quotes();
    std::vector<double> sum(kReduced.size()), squares(kReduced.size());
    for (int draw = 0; draw < draws; ++draw) {
        const QuoteSet noisy = quoted::with_noise(exact, reduced(), 100u + static_cast<unsigned>(draw));
        const QuoteFit fit = fit_quotes(noisy, quoted::model(), reduced(), *executor);
        for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
            const FittedParameter& p = fit.parameters[i];
            const double true_value = number(truth(), p.name);
            const bool is_log = p.name != "rho";
            const auto scale = [&](double x) { return is_log ? std::log(x) : x; };
            const double error = 0.5 * (scale(p.high) - scale(p.low));
            const double z = (scale(p.value) - scale(true_value)) / error;
            sum[i] += z, squares[i] += z * z;
        }
    }
    for (std::size_t i = 0; i < sum.size(); ++i) {
        const double mean = sum[i] / draws, sd = std::sqrt(squares[i] / draws - mean * mean);
        CAPTURE(i, mean, sd);
        CHECK(std::abs(mean) < 4.0 / std::sqrt(draws));
        if (draws >= 100) {
            CHECK(sd > 0.8);
            CHECK(sd < 1.25);
        }
    }
}

}  // namespace

TEST_CASE("the numbers behind exact quotes are found again") {
    const auto executor = make_tbb_executor(0);
    const QuoteSet quotes = reduced_quotes();
    const QuoteFit fit = fit_quotes(quotes, quoted::model(), reduced(), *executor);
    CHECK(fit.fit.cost < 0.05);  // the search prices to a fiftieth of a half-spread
    for (const FittedParameter& p : fit.parameters) {
        INFO(p.name << " from " << p.start);
        CHECK(std::abs(p.value - number(truth(), p.name)) < 0.1 * (p.high - p.low));  // half of that is one error
        CHECK(p.low < p.value);
        CHECK(p.value < p.high);
        CHECK(p.at_bound == AtBound::no);
    }
    CHECK(std::abs(fit.quotes.vix - quotes.vix) < 0.01);
    for (std::size_t k = 0; k < quotes.expiries.size(); ++k) {
        for (std::size_t i = 0; i < quotes.expiries[k].quotes.size(); ++i) {
            const OptionQuote& q = quotes.expiries[k].quotes[i];
            CHECK(std::abs(fit.quotes.expiries[k].price[i] - q.mid()) < 0.1 * q.half_spread());
        }
    }
}

TEST_CASE("errors of a fit to noisy quotes are those that it states: 12 draws") { study(12); }
TEST_CASE("errors of a fit to noisy quotes are those that it states: 100 draws", "[.long]") { study(100); }

TEST_CASE("one thread or two, a fit to quotes is the same") {
    QuoteFitOptions options;
    options.evaluations = 200;
    const auto one = make_thread_executor(1), two = make_thread_executor(2);
    const QuoteFit a = fit_quotes(reduced_quotes(), quoted::model(), options, *one);
    const QuoteFit b = fit_quotes(reduced_quotes(), quoted::model(), options, *two);
    CHECK(a.fit.parameters == b.fit.parameters);
    CHECK(a.fit.cost == b.fit.cost);
}

TEST_CASE("a calibrated model is the fitted one at the level of its quotes, with the physical jumps of its start") {
    const auto executor = make_tbb_executor(0);
    const ModelInput input = days::shipped();
    QuoteFitOptions options;
    options.evaluations = 150;
    for (const double vix : {11.0, 14.32, 20.0, 35.0}) {
        CAPTURE(vix);
        const PricingDay day = make_day(days::market(vix), input, {});
        QuotedWorld world{day.model.pricing, day.state, {}};
        world.state.v *= 1.1;
        world.pricing.sigma_v *= 0.9;
        const QuoteSet quotes = quoted::quotes_of(world, {}, {make_date(2025, 6, 27)}, {make_date(2025, 7, 16)});
        const QuoteFit fit = fit_quotes(quotes, input, options, *executor);
        const Model fitted = model_of_the_day(calibrated_model(input, fit), fit.event_free_vix);
        CHECK(std::abs(fitted.pricing.kappa_v / fit.world.pricing.kappa_v - 1.0) < 1e-12);
        CHECK(fitted.pricing.sigma_v == fitted.physical.sigma_v);
        CHECK(instability(fitted.physical).empty());
        const Model start = model_of_the_day(input, quotes.vix);
        for (std::size_t j = 0; j < start.physical.jumps.size(); ++j) {
            const JumpFamily &was = start.physical.jumps[j], &is = fitted.physical.jumps[j];
            CHECK(std::abs(is.mean_total_log_jump() - was.mean_total_log_jump()) < 1e-12);
            CHECK(is.intensity == Approx(was.intensity));
        }
    }
}

TEST_CASE("what a model does not have is not fitted") {
    const auto executor = make_tbb_executor(0);
    ModelInput input = quoted::model();
    for (Parameters* p : {&input.anchors[0].pricing, &input.anchors[0].physical}) {
        p->jumps.resize(1);
        p->jumps[0].mean_variance_jump = 0.0;  // Bates
        p->rho = -0.999;
    }
    QuoteFitOptions options;
    options.evaluations = 200;
    options.starts = 2;
    const QuoteFit fit = fit_quotes(reduced_quotes(), input, options, *executor);
    for (const FittedParameter& p : fit.parameters) {
        CHECK(p.name != "crash.mean_variance_jump");
        CHECK(p.name != "crash.variance_jump_slope");
    }
    CHECK(std::isfinite(fit.fit.cost));
}

TEST_CASE("a name that cannot be fitted is refused with those that can") {
    const auto executor = make_tbb_executor(1);
    QuoteFitOptions options;
    options.free = {"crash.size"};
    CHECK_THROWS_WITH(fit_quotes(reduced_quotes(), quoted::model(), options, *executor),
                      Contains("crash.size") && Contains("crash.mean_variance_jump"));
}

TEST_CASE("the error of kappa_v is that of all the numbers it is made of") {
    // kappa_v = k + sum of l1 nu (1 + pull_m / kappa_m), of which ln k, ln kappa_m and ln nu of one family are fitted.
    const auto executor = make_tbb_executor(0);
    QuoteFitOptions options = reduced();
    options.free = {"variance", "crash.mean_variance_jump", "kappa_m", "kappa_v"};
    const QuoteFit fit = fit_quotes(reduced_quotes(), quoted::model(), options, *executor);
    REQUIRE(fit.parameters.size() == 4);
    std::size_t nu = 0, level = 0, kappa = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        if (fit.parameters[i].name == "crash.mean_variance_jump") nu = i;
        if (fit.parameters[i].name == "kappa_m") level = i;
        if (fit.parameters[i].name == "kappa_v") kappa = i;
    }
    const Parameters& p = fit.world.pricing;
    const double feedback = p.jump_feedback(), least = feedback * (1.0 + p.pull_m / p.kappa_m);
    const auto& crash = p.jumps[0];
    std::vector<double> slope(4, 0.0);
    slope[kappa] = p.kappa_v - least;
    slope[level] = -feedback * p.pull_m / p.kappa_m;
    slope[nu] = crash.intensity_per_variance * crash.mean_variance_jump * (1.0 + p.pull_m / p.kappa_m);
    double variance = 0.0;
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t k = 0; k < 4; ++k) {
            REQUIRE(std::isfinite(fit.fit.covariance[i][k]));
            variance += slope[i] * slope[k] * fit.fit.covariance[i][k];
        }
    }
    const FittedParameter& found = fit.parameters[kappa];
    CHECK(found.value == Approx(p.kappa_v));
    CHECK(std::log(found.high / found.value) == Approx(std::sqrt(variance) / p.kappa_v).epsilon(1e-4));
    CHECK(std::log(found.value / found.low) == Approx(std::sqrt(variance) / p.kappa_v).epsilon(1e-4));
    CHECK(slope[kappa] * slope[kappa] * fit.fit.covariance[kappa][kappa] != Approx(variance).epsilon(0.01));
}

TEST_CASE("a fit weighs and starts as src/README.md says") {
    const QuoteFitOptions options;
    CHECK(options.loss_scale == 3.0);
    CHECK(options.least_vol == 0.006);
    CHECK(options.least_vix_vol == 0.01);
    CHECK(options.most_vix_vol == 0.04);
    CHECK(options.vix_error == 0.07);
    CHECK(options.future_error == 0.05);
    CHECK(options.forward_share == 0.12);
    CHECK(options.ridge == 0.3);
    CHECK(options.seed == 1);
}
