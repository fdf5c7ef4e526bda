#include "pnl_passes.h"

namespace volstorm {

void refine(std::vector<OrderStatistics>& books, const PnlSource& source, Executor& executor) {
    const PathWeights weights = source.weights();
    std::vector<std::vector<OrderStatistics::ByteCounts>> counts(executor.threads());
    for (auto& of_worker : counts) {
        for (const OrderStatistics& book : books) of_worker.push_back(book.no_counts());
    }
    for_each_piece(
        source, executor,
        [&](std::size_t worker, std::size_t, const PnlPiece& piece) {
            for (std::size_t k = 0; k < books.size(); ++k) {
                books[k].count_bytes(piece.pnl[k], piece.cell, counts[worker][k], PathMasses(weights, piece.stratum));
            }
        },
        [](std::size_t) {});
    for (std::size_t k = 0; k < books.size(); ++k) {
        for (std::size_t worker = 1; worker < counts.size(); ++worker)
            OrderStatistics::add(counts[0][k], counts[worker][k]);
        books[k].refine(counts[0][k]);
    }
}

}  // namespace volstorm
