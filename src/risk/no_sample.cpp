#include "no_sample.h"

namespace volstorm {
namespace {

void unlimit(Estimate& e) { e = {.value = e.value}; }

void unlimit(Summary& s) {
    for (Estimate* e : {&s.mean, &s.sd, &s.p_loss, &s.win_share, &s.mean_win, &s.mean_loss, &s.atom_share}) unlimit(*e);
    for (Tail& tail : s.tails) tail = {tail.level, {}, {}, false};
}

void unlimit(BookFigures& book) {
    for (Estimate& share : book.share) unlimit(share);
    for (auto& summary : book.summary) {
        if (summary) unlimit(*summary);
    }
    unlimit(book.against_first.mean);
    for (ShortfallDifference& difference : book.against_first.expected_shortfall) difference.value = {};
}

void unlimit(ClaimResult& claim) {
    unlimit(claim.share);
    claim.verdict = Verdict::undecided;
}

}  // namespace

void take_as_no_sample(BookRisk& risk) {
    for (StrategyRisk& strategy : risk.strategies) unlimit(strategy.figures);
    for (LayerRisk& layer : risk.layers) {
        for (Estimate* e :
             {&layer.opened_share, &layer.closed_early_share, &layer.empty_share, &layer.mean_pnl, &layer.mean_cost})
            unlimit(*e);
    }
    for (ClaimRisk& claim : risk.claims) {
        for (ClaimResult* result : {&claim.result, &claim.down, &claim.up}) unlimit(*result);
    }
}

}  // namespace volstorm
