#include "volstorm/risk/pnl_statistics.h"

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/executors.h"
#include "risk/samples.h"

namespace volstorm {
namespace {

/// Paths of two books, cut into pieces as a result file is.
class Pieces final : public PnlSource {
 public:
    explicit Pieces(const PnlPiece& paths) : paths_(paths) {}
    std::uint64_t paths() const override { return paths_.cell.size(); }
    std::size_t draws() const override { return paths_.drawn.size(); }
    volstorm::PathWeights weights() const override { return {}; }
    void read(std::size_t piece, PnlPiece& out) const override {
        const std::size_t begin = piece * kPieceOfPnl, end = std::min(begin + kPieceOfPnl, paths_.cell.size());
        const auto cut = [&](const auto& all) { return std::vector(all.begin() + begin, all.begin() + end); };
        out = {begin, cut(paths_.cell), {}};
        for (const auto& pnl : paths_.pnl) out.pnl.push_back(cut(pnl));
        for (const auto& drawn : paths_.drawn) out.drawn.push_back(cut(drawn));
    }

 private:
    const PnlPiece& paths_;
};

PnlFigures figures(const PnlPiece& paths, Executor& executor) {
    const Pieces source(paths);
    PnlStatistics statistics(paths.pnl.size(), executor.threads());
    executor.for_each_ordered((paths.cell.size() + kPieceOfPnl - 1) / kPieceOfPnl,
                              [&](std::size_t worker, std::size_t, std::size_t number) {
                                  PnlPiece piece;
                                  source.read(number, piece);
                                  statistics.count(worker, piece.first, piece.cell, piece.pnl);
                              },
                              [](std::size_t, std::size_t) {});
    return statistics.finish(source, executor);
}

/// Every double of a summary, as bits.
void add_bits(const Summary& s, std::vector<std::uint64_t>& bits) {
    const auto add = [&](const Estimate& e) {
        for (const double x : {e.value, e.standard_error, e.low, e.high})
            bits.push_back(std::bit_cast<std::uint64_t>(x));
    };
    for (const Estimate& e : {s.mean, s.sd, s.p_loss, s.win_share, s.mean_win, s.mean_loss, s.atom_share,
                              Estimate{.value = s.best}, Estimate{.value = s.worst}}) {
        add(e);
    }
    for (const Tail& tail : s.tails) add(tail.value_at_risk), add(tail.expected_shortfall);
}

std::vector<std::uint64_t> bits_of(const PnlFigures& figures) {
    std::vector<std::uint64_t> bits;
    for (const BookFigures& book : figures.books) {
        for (const auto& summary : book.summary) {
            if (summary) add_bits(*summary, bits);
        }
        for (const auto& es : book.against_first.expected_shortfall) {
            bits.push_back(std::bit_cast<std::uint64_t>(es.value.value));
            bits.push_back(std::bit_cast<std::uint64_t>(es.value.high));
        }
    }
    for (const RankedPath& path : figures.worst) bits.push_back(path.path);
    return bits;
}

std::vector<float> where(const PnlPiece& paths, std::size_t book, CellSet cells) {
    std::vector<float> kept;
    for (std::size_t i = 0; i < paths.cell.size(); ++i) {
        if (contains(cells, paths.cell[i])) kept.push_back(paths.pnl[book][i]);
    }
    return kept;
}

PnlPiece two_books(std::uint64_t n) {
    PnlPiece paths{
        0, std::vector<std::uint8_t>(n), {sample_pnl(n, 1, exponential_loss), sample_pnl(n, 2, rounded_loss)}};
    for (std::size_t i = 0; i < n; ++i) paths.cell[i] = static_cast<std::uint8_t>(i * 2654435761u % 7 % kCells);
    return paths;
}

}  // namespace

TEST_CASE("each group has the figures of its own paths alone") {
    const PnlPiece paths = two_books(30'000);
    const PnlFigures all = pnl_figures(paths);
    for (std::size_t book = 0; book < 2; ++book) {
        for (std::size_t group = 0; group < kGroups.size(); ++group) {
            CAPTURE(book, group);
            const std::vector<float> kept = where(paths, book, kGroups[group]);
            const Summary alone = summarise(kept), &here = *all.books[book].summary[group];
            CHECK(all.books[book].share[group].value == static_cast<double>(kept.size()) / 30'000.0);
            CHECK(here.n == kept.size());
            CHECK(here.worst == alone.worst);
            CHECK(here.best == alone.best);
            CHECK(here.mean.value == Approx(alone.mean.value).epsilon(1e-14));
            CHECK(here.sd.value == Approx(alone.sd.value).epsilon(1e-14));
            CHECK(here.p_loss.value == alone.p_loss.value);
            CHECK(here.win_share.value == alone.win_share.value);
            CHECK(here.atom_share.value == alone.atom_share.value);
            for (std::size_t i = 0; i < kTailLevels.size(); ++i) {
                CHECK(here.tails[i].value_at_risk.value == alone.tails[i].value_at_risk.value);
                CHECK(here.tails[i].value_at_risk.high == alone.tails[i].value_at_risk.high);
                CHECK(here.tails[i].expected_shortfall.value ==
                      Approx(alone.tails[i].expected_shortfall.value).epsilon(1e-14));
                CHECK(here.tails[i].atom == alone.tails[i].atom);
            }
        }
    }
}

TEST_CASE("P&L by outcome: share and mean within each group by hand") {
    const PnlPiece paths{0,
                         {cell_of(0, 0.01f), cell_of(0, -0.01f), cell_of(1, -0.1f), cell_of(1, -0.1f), cell_of(0, 0.0f),
                          cell_of(2, 0.1f)},
                         {{10, 20, -100, -300, 30, -50}}};
    const BookFigures book = pnl_figures(paths, std::array{0.5}).books[0];
    CHECK(book.share[group_of(Breach::none)].value == 0.5);
    CHECK(book.summary[group_of(Breach::none)]->mean.value == 20.0);
    CHECK(book.share[group_of(Breach::down)].value == Approx(1.0 / 3.0));
    CHECK(book.summary[group_of(Breach::down)]->mean.value == -200.0);
    CHECK(book.summary[group_of(Breach::down)]->tails[0].expected_shortfall.value == 300.0);
    CHECK(book.summary[group_of(Breach::up)]->n == 1);
    CHECK(book.summary[group_of(Breach::up)]->worst == 50.0);
    CHECK(book.share[kSpxDown].value == 0.5);  // unchanged counts as up
    CHECK(book.summary[kSpxUp]->mean.value == Approx(-10.0 / 3.0));
}

TEST_CASE("a group without paths has a share of zero and no summary") {
    const BookFigures book = pnl_figures({0, {0, 0}, {{1.0f, 2.0f}}}).books[0];
    CHECK(book.share[kUpBreach].value == 0.0);
    CHECK(book.share[kUpBreach].high > 0.0);
    CHECK_FALSE(book.summary[kUpBreach].has_value());
    CHECK(book.summary[kNoBreach]->n == 2);
}

TEST_CASE("threads and pieces change not one bit", "[threads]") {
    const PnlPiece paths = two_books(5 * kPieceOfPnl + 17);
    const std::vector<std::uint64_t> expected = bits_of(figures(paths, *make_thread_executor(1)));
    CHECK(bits_of(figures(paths, *make_thread_executor(4))) == expected);
    CHECK(bits_of(figures(paths, *executors::make(executors::Kind::tbb, 3))) == expected);
    CHECK(bits_of(pnl_figures(paths)) == expected);
}

TEST_CASE("the worst paths come worst first, equal ones by their number, over all pieces") {
    const auto loss = GENERATE(exponential_loss, rounded_loss);
    const std::uint64_t n = GENERATE(as<std::uint64_t>{}, 7, 2 * kPieceOfPnl + 5);
    const PnlPiece paths{0, std::vector<std::uint8_t>(n, 0), {sample_pnl(n, 7, loss)}};
    const std::vector<float>& pnl = paths.pnl[0];
    std::vector<std::uint64_t> sorted(n);
    for (std::uint64_t i = 0; i < n; ++i) sorted[i] = i;
    std::ranges::stable_sort(sorted, [&](std::uint64_t a, std::uint64_t b) { return pnl[a] < pnl[b]; });
    sorted.resize(std::min<std::uint64_t>(n, 1'000));
    std::vector<std::uint64_t> found;
    for (const RankedPath& path : figures(paths, *make_thread_executor(3)).worst) found.push_back(path.path);
    CHECK(found == sorted);
}

}  // namespace volstorm
