#include "volstorm/model/scaling.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "model/parameter_sets.h"

using namespace volstorm;

namespace {

std::vector<Anchor> two_anchors() {
    return {{"calm", 16.0, sets::calm(), sets::calm()}, {"stressed", 45.0, sets::stressed(), sets::stressed()}};
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b)); }

bool near(const Parameters& a, const Parameters& b) {
    bool same = near(a.kappa_v, b.kappa_v) && near(a.sigma_v, b.sigma_v) && near(a.rho, b.rho) &&
                near(a.kappa_m, b.kappa_m) && near(a.theta_m, b.theta_m) && near(a.sigma_m, b.sigma_m) &&
                near(a.pull_m, b.pull_m) && a.jumps.size() == b.jumps.size();
    for (std::size_t j = 0; same && j < a.jumps.size(); ++j) {
        const JumpFamily &x = a.jumps[j], &y = b.jumps[j];
        same = x.name == y.name && near(x.intensity, y.intensity) &&
               near(x.intensity_per_variance, y.intensity_per_variance) && near(x.mean_log_jump, y.mean_log_jump) &&
               near(x.log_jump_sd, y.log_jump_sd) && near(x.variance_jump_slope, y.variance_jump_slope) &&
               near(x.mean_variance_jump, y.mean_variance_jump);
    }
    return same;
}

}  // namespace

TEST_CASE("twice the VIX scales each parameter by its power of c = 4") {
    const Parameters base = sets::calm(), p = scaled_to(base, 16.0, 32.0);
    CHECK(near(p.sigma_v, base.sigma_v * std::pow(4.0, 0.65)));
    CHECK(near(p.sigma_m, base.sigma_m * 2.0));
    CHECK(p.kappa_v == base.kappa_v);
    CHECK(p.rho == base.rho);
    CHECK(p.kappa_m == base.kappa_m);
    CHECK(p.theta_m == base.theta_m);
    CHECK(p.pull_m == base.pull_m);
    for (std::size_t j = 0; j < 2; ++j) {
        CHECK(near(p.jumps[j].mean_log_jump, base.jumps[j].mean_log_jump * 2.0));
        CHECK(near(p.jumps[j].log_jump_sd, base.jumps[j].log_jump_sd * 2.0));
        CHECK(near(p.jumps[j].mean_variance_jump, base.jumps[j].mean_variance_jump * 4.0));
        CHECK(near(p.jumps[j].variance_jump_slope, base.jumps[j].variance_jump_slope * 0.5));
        CHECK(near(p.jumps[j].intensity_per_variance, base.jumps[j].intensity_per_variance * 0.25));
        CHECK(p.jumps[j].intensity == base.jumps[j].intensity);
    }
}

TEST_CASE("what scaling keeps: the mean SPX jump in units of VIX, the intensity at a scaled variance, stability") {
    const Parameters base = sets::calm(), p = scaled_to(base, 16.0, 40.0);
    const double ratio = 40.0 / 16.0;
    for (std::size_t j = 0; j < 2; ++j) {
        CHECK(near(p.jumps[j].mean_total_log_jump(), ratio * base.jumps[j].mean_total_log_jump()));
        CHECK(near(p.jumps[j].intensity_per_variance * ratio * ratio * 0.02,
                   base.jumps[j].intensity_per_variance * 0.02));
    }
    CHECK(near(p.jump_feedback(), base.jump_feedback()));
}

TEST_CASE("at its own VIX, and beyond the ends of the two, an anchor stands alone") {
    const auto anchors = two_anchors();
    CHECK(near(at_level(anchors, &Anchor::pricing, 16.0), sets::calm()));
    CHECK(near(at_level(anchors, &Anchor::pricing, 45.0), sets::stressed()));
    CHECK(near(at_level(anchors, &Anchor::pricing, 11.0), scaled_to(sets::calm(), 16.0, 11.0)));
    CHECK(near(at_level(anchors, &Anchor::pricing, 80.0), scaled_to(sets::stressed(), 45.0, 80.0)));
    CHECK(at_level({{"fixed", std::nullopt, sets::calm(), {}}}, &Anchor::pricing, 40.0) == sets::calm());
}

TEST_CASE("between the anchors each parameter is the weighted geometric mean, by absolute value") {
    const double vix = std::sqrt(16.0 * 45.0);  // weight 1/2
    const Parameters a = scaled_to(sets::calm(), 16.0, vix), b = scaled_to(sets::stressed(), 45.0, vix);
    const Parameters p = at_level(two_anchors(), &Anchor::pricing, vix);
    CHECK(near(p.kappa_v, std::sqrt(a.kappa_v * b.kappa_v)));
    CHECK(near(p.sigma_v, std::sqrt(a.sigma_v * b.sigma_v)));
    CHECK(near(p.rho, -std::sqrt(a.rho * b.rho)));
    CHECK(near(p.jumps[0].mean_log_jump, -std::sqrt(a.jumps[0].mean_log_jump * b.jumps[0].mean_log_jump)));
    // The signs of the tremor's mean differ: linear.
    CHECK(near(p.jumps[1].mean_log_jump, 0.5 * (a.jumps[1].mean_log_jump + b.jumps[1].mean_log_jump)));
}

TEST_CASE("families are matched by name, and a zero is interpolated linearly") {
    Parameters a = sets::calm(), b = sets::calm();
    std::swap(b.jumps[0], b.jumps[1]);
    a.pull_m = 0.0;
    const Parameters p = interpolated(a, b, 0.25);
    CHECK(p.jumps == a.jumps);
    CHECK(near(p.pull_m, 0.25 * b.pull_m));
}
