#pragma once
#include <vector>

#include "volstorm/risk/pnl_statistics.h"

namespace volstorm {

inline std::size_t pieces_of(const PnlSource& source) {
    return static_cast<std::size_t>((source.paths() + kPieceOfPnl - 1) / kPieceOfPnl);
}

/// Reads every piece once and hands it to `use` (worker, slot, piece), then to `merge` (slot) in order.
template <class Use, class Merge>
void for_each_piece(const PnlSource& source, Executor& executor, const Use& use, const Merge& merge) {
    std::vector<PnlPiece> pieces(executor.threads());
    executor.for_each_ordered(
        pieces_of(source),
        [&](std::size_t worker, std::size_t slot, std::size_t number) {
            const PnlPiece* piece = source.kept(number);
            if (piece == nullptr) source.read(number, pieces[worker]);
            use(worker, slot, piece == nullptr ? pieces[worker] : *piece);
        },
        [&](std::size_t slot, std::size_t) { merge(slot); });
}

/// Carries the order statistics of all books on by a byte: twice, and they are known.
void refine(std::vector<OrderStatistics>& books, const PnlSource& source, Executor& executor);

}  // namespace volstorm
