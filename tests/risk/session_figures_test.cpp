#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <numeric>

#include "risk/samples.h"
#include "volstorm/risk/session_sums.h"

namespace volstorm {
namespace {

constexpr std::array kLevels{0.95, 0.99};

// Paths of two books, one draw each.
struct Paths {
    PnlPiece piece{0, {}, {{}, {}}, {{}}};
    void add(float first, float second, std::int32_t session) {
        piece.cell.push_back(static_cast<std::uint8_t>(first < -1.0f ? 3 : 0));
        piece.pnl[0].push_back(first), piece.pnl[1].push_back(second);
        piece.drawn[0].push_back(session);
    }
    PnlFigures figures() const { return pnl_figures(piece, kLevels); }
    PnlFigures as_independent() const {
        PnlPiece paths = piece;
        paths.drawn.clear();
        return pnl_figures(paths, kLevels);
    }
};

// A session's P&L of two books: the second hedges the first a little.
std::pair<float, float> pnl_of(std::size_t i) {
    const auto u = static_cast<double>(i * 7'919 % 10'007) / 10'007.0 + 1e-4;
    const double first = 1.0 + std::log(u);
    return {static_cast<float>(first), static_cast<float>(0.8 * first + 0.1 * std::cos(37.0 * u))};
}

void check_near(const Estimate& a, const Estimate& b, double tolerance) {
    CHECK(a.value == Approx(b.value).epsilon(tolerance));  // a deviation knows how many there are
    CHECK(a.standard_error == Approx(b.standard_error).epsilon(tolerance));
    CHECK(a.low == Approx(b.low).epsilon(tolerance));
    CHECK(a.high == Approx(b.high).epsilon(tolerance));
}

// Of both books, and of the one against the other.
void check_near(const PnlFigures& a, const PnlFigures& b, double tolerance) {
    for (std::size_t book = 0; book < 2; ++book) {
        CAPTURE(book);
        const Summary &s = *a.books[book].summary[kWhole], &t = *b.books[book].summary[kWhole];
        for (const auto member : {&Summary::mean, &Summary::sd, &Summary::p_loss, &Summary::win_share,
                                  &Summary::mean_win, &Summary::mean_loss}) {
            check_near(s.*member, t.*member, tolerance);
        }
        for (std::size_t k = 0; k < kLevels.size(); ++k) {
            check_near(s.tails[k].value_at_risk, t.tails[k].value_at_risk, 0.05);  // whole ranks
            check_near(s.tails[k].expected_shortfall, t.tails[k].expected_shortfall, tolerance);
        }
        check_near(a.books[book].share[kDownBreach], b.books[book].share[kDownBreach], tolerance);
        check_near(a.books[book].summary[kDownBreach]->mean, b.books[book].summary[kDownBreach]->mean, tolerance);
    }
    check_near(a.books[1].against_first.mean, b.books[1].against_first.mean, tolerance);
    check_near(a.books[1].against_first.expected_shortfall[0].value,
               b.books[1].against_first.expected_shortfall[0].value, tolerance);
}

}  // namespace

TEST_CASE("paths that each drew a session of their own have the errors of independent paths") {
    Paths paths;
    for (std::size_t i = 0; i < 6'000; ++i) {
        const auto [first, second] = pnl_of(i);
        paths.add(first, second, static_cast<std::int32_t>(i) - 700);
    }
    const PnlFigures figures = paths.figures();
    CHECK(figures.effective_sessions == Approx(6'000.0));
    check_near(figures, paths.as_independent(), 2e-3);
    CHECK(std::isnan(paths.as_independent().effective_sessions));
}

TEST_CASE("paths that drew the same session tell no more than one of them") {
    Paths once, often;
    for (std::size_t i = 0; i < 6'000; ++i) {
        const auto [first, second] = pnl_of(i);
        once.add(first, second, static_cast<std::int32_t>(i));
        for (int k = 0; k < 9; ++k) often.add(first, second, static_cast<std::int32_t>(i));
    }
    const PnlFigures figures = often.figures();
    CHECK(figures.effective_sessions == Approx(6'000.0));
    check_near(figures, once.figures(), 2e-3);
    const Estimate naive = often.as_independent().books[0].summary[kWhole]->mean;
    CHECK(figures.books[0].summary[kWhole]->mean.standard_error == Approx(3.0 * naive.standard_error).epsilon(1e-3));
}

TEST_CASE("sessions that were drawn more often count for less than as many") {
    SessionSums sums(1, 0);
    for (int i = 0; i < 30; ++i) sums.row(7);
    for (int i = 0; i < 10; ++i) sums.row(8);
    CHECK(sums.effective_sessions(SessionSums::paths) == Approx(1'600.0 / 1'000.0));
}

TEST_CASE("a path with two draws owes to a session what it owes to either") {
    // Every pair of 40 sessions once; P&L a + b: the error of its mean is twice that of the mean of a.
    PnlPiece paths{0, {}, {{}}, {{}, {}}};
    std::vector<double> a;
    for (std::size_t i = 0; i < 40; ++i) a.push_back(static_cast<double>(pnl_of(i).first));
    for (std::size_t i = 0; i < 40; ++i) {
        for (std::size_t k = 0; k < 40; ++k) {
            paths.cell.push_back(0);
            paths.pnl[0].push_back(static_cast<float>(a[i] + a[k]));
            paths.drawn[0].push_back(static_cast<std::int32_t>(i));
            paths.drawn[1].push_back(static_cast<std::int32_t>(k));
        }
    }
    const double mean = std::accumulate(a.begin(), a.end(), 0.0) / 40.0;
    double squares = 0.0;
    for (const double x : a) squares += (x - mean) * (x - mean);
    const Estimate found = pnl_figures(paths, kLevels).books[0].summary[kWhole]->mean;
    CHECK(found.value == Approx(2.0 * mean));
    CHECK(found.standard_error == Approx(2.0 * std::sqrt(squares / 39.0 / 40.0)));
}

TEST_CASE("few sessions in the tail leave an expected shortfall without limits, however many paths there are") {
    Paths paths;
    for (std::size_t i = 0; i < 100; ++i) {
        const auto [first, second] = pnl_of(i);
        for (int k = 0; k < 200; ++k) paths.add(first, second, static_cast<std::int32_t>(i));
    }
    const Summary s = *paths.figures().books[0].summary[kWhole];
    CHECK(std::isinf(s.tails[0].expected_shortfall.high));
    CHECK(std::isfinite(s.tails[0].value_at_risk.low));
    CHECK(std::isfinite(s.tails[0].value_at_risk.high));  // five sessions lie beyond
    CHECK(std::isinf(s.tails[1].value_at_risk.high));     // one does
    CHECK(std::isfinite(paths.as_independent().books[0].summary[kWhole]->tails[1].expected_shortfall.high));
}

// A kernel draws near sessions more often: the share of a rare loss is then told by few, of which some weigh little.
TEST_CASE("odds of a rare loss are covered where sessions are drawn by a kernel, and its mean is not told") {
    constexpr int kRepetitions = 2'000;
    for (const double p : {0.02, 0.05, 0.15}) {
        double share = 0.0, mean = 0.0, told = 0.0;
        for (int seed = 0; seed < kRepetitions; ++seed) {
            const auto u = sample_pnl(160, static_cast<std::uint64_t>(seed), [](double x) { return x; });
            SessionSums sums(1, 2);
            double gain = 0.0, all = 0.0;
            for (std::size_t i = 0; i < u.size(); ++i) {
                const auto paths = static_cast<int>(60.0 * std::exp(-0.5 * std::pow(static_cast<double>(i) / 55.0, 2)));
                const bool lost = -static_cast<double>(u[i]) < p;
                for (int k = 0; k < paths; ++k) {
                    const SessionSums::Row row = sums.row(static_cast<std::int32_t>(i));
                    row[0] += lost ? 1.0 : 0.0, row[1] += lost ? 0.0 : 1.0;
                    gain += lost ? -4.0 : 1.0, all += 1.0;
                }
            }
            const auto losing = [](SessionSums::ConstRow row) { return row[0]; };
            const auto winning = [](SessionSums::ConstRow row) { return row[1]; };
            const auto pnl = [](SessionSums::ConstRow row) { return row[1] - 4.0 * row[0]; };
            const Estimate odds = sums.share(losing, SessionSums::paths);
            share += odds.low <= p && p <= odds.high ? 1.0 / kRepetitions : 0.0;
            const double off = std::abs(gain / all - (1.0 - 5.0 * p));
            const bool is_told = sums.tell_mean(winning, losing);
            told += is_told ? 1.0 : 0.0;
            mean += is_told && off <= 1.96 * sums.ratio_error(pnl, SessionSums::paths) ? 1.0 : 0.0;
        }
        CAPTURE(p, share, told / kRepetitions, mean / told);
        CHECK((share > 0.93 && share < 0.995));
        if (p < 0.03) CHECK(told / kRepetitions < 0.01);
        if (p > 0.1) CHECK((told / kRepetitions > 0.5 && mean / told > 0.92));
    }
}

TEST_CASE("intervals of drawn sessions cover what other sessions would have shown") {
    struct Shares {
        double mean = 0.0, p_loss = 0.0, value_at_risk = 0.0, expected_shortfall = 0.0;
    };
    // Losses exponential less 1/2; three paths for each session, as a draw of few paths gives or takes some.
    const auto covered = [](std::size_t sessions, int repetitions) {
        Shares shares;
        for (int seed = 0; seed < repetitions; ++seed) {
            const auto pnl = sample_pnl(sessions, static_cast<std::uint64_t>(seed), exponential_loss);
            PnlPiece paths{0, {}, {{}}, {{}}};
            for (std::size_t i = 0; i < sessions; ++i) {
                for (std::size_t k = 0; k < 2 + i % 3; ++k) {
                    paths.cell.push_back(0), paths.pnl[0].push_back(pnl[i] + 0.5f);
                    paths.drawn[0].push_back(static_cast<std::int32_t>(i));
                }
            }
            const Summary s = *pnl_figures(paths, std::array{0.95}).books[0].summary[kWhole];
            const auto holds = [&](const Estimate& e, double truth) {
                return e.low <= truth && truth <= e.high ? 1.0 / repetitions : 0.0;
            };
            shares.mean += holds(s.mean, -0.5), shares.p_loss += holds(s.p_loss, std::exp(-0.5));
            shares.value_at_risk += holds(s.tails[0].value_at_risk, std::log(20.0) - 0.5);
            shares.expected_shortfall += holds(s.tails[0].expected_shortfall, std::log(20.0) + 0.5);
        }
        std::cout << "95 % intervals of " << sessions << " drawn sessions, " << repetitions << " repetitions: mean "
                  << shares.mean << ", P(loss) " << shares.p_loss << ", VaR 95 " << shares.value_at_risk << ", ES 95 "
                  << shares.expected_shortfall << '\n';
        return shares;
    };
    const Shares few = covered(120, 1'500), many = covered(1'500, 600);
    for (const double share : {few.mean, few.p_loss, many.mean, many.p_loss, many.expected_shortfall})
        CHECK((share > 0.92 && share < 0.975));
    for (const double share : {few.value_at_risk, many.value_at_risk}) CHECK((share > 0.93 && share < 0.99));
    CHECK(few.expected_shortfall == Approx(1.0));  // without limits
}

}  // namespace volstorm
