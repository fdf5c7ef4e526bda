// QuantLib's own processes and path generator, as its Monte Carlo engines set them up (pseudo-random: Mersenne twister
// and the inverse normal), and the same end of every path.
#include <ql/math/randomnumbers/rngtraits.hpp>
#include <ql/methods/montecarlo/multipathgenerator.hpp>
#include <ql/processes/batesprocess.hpp>
#include <ql/processes/hestonprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include <cmath>

#include "race.h"

namespace volstorm::bench {
namespace {

namespace ql = QuantLib;

ql::ext::shared_ptr<ql::StochasticProcess> make_process(QuantLibProcess kind, const PathPlan& plan) {
    const ql::Date today(17, ql::June, 2025);
    const ql::Handle<ql::YieldTermStructure> no_rate(
        ql::ext::make_shared<ql::FlatForward>(today, 0.0, ql::Actual365Fixed()));
    const ql::Handle<ql::Quote> spot(ql::ext::make_shared<ql::SimpleQuote>(kSpot));
    const StepConstants& c = plan.steps.front();
    const double sigma = std::hypot(c.sigma_v_rho, c.sigma_v_rest), rho = c.sigma_v_rho / sigma;
    const double kappa = c.kappa_v_dt / c.dt;
    if (kind == QuantLibProcess::bates) {
        const JumpConstants& jump = plan.jumps.front();
        return ql::ext::make_shared<ql::BatesProcess>(no_rate, no_rate, spot, plan.v0, kappa, plan.m0, sigma, rho,
                                                      jump.intensity, jump.mean_log_jump, jump.log_jump_sd);
    }
    const auto scheme = kind == QuantLibProcess::heston_qe ? ql::HestonProcess::QuadraticExponentialMartingale
                                                           : ql::HestonProcess::FullTruncation;
    return ql::ext::make_shared<ql::HestonProcess>(no_rate, no_rate, spot, plan.v0, kappa, plan.m0, sigma, rho, scheme);
}

}  // namespace

Totals run_quantlib(QuantLibProcess kind, const PathPlan& plan, std::uint64_t paths) {
    const auto process = make_process(kind, plan);
    const ql::TimeGrid grid(static_cast<double>(plan.steps.front().dt) * static_cast<double>(plan.steps.size()),
                            plan.steps.size());
    using Numbers = ql::PseudoRandom;
    ql::MultiPathGenerator<Numbers::rsg_type> generator(
        process, grid, Numbers::make_sequence_generator(process->factors() * plan.steps.size(), plan.seed));
    const CallCoefficients call = call_coefficients();
    Totals totals;
    for (std::uint64_t i = 0; i < paths; ++i) {
        const ql::MultiPath& path = generator.next().value;
        add_end(path[0].back(), path[1].back(), plan.m0, plan.steps.back(), call, totals);
    }
    totals.paths = paths;
    return totals;
}

}  // namespace volstorm::bench
