#include "stored_results.h"

#include <algorithm>

namespace volstorm {

StoredPnl::StoredPnl(const h5::File& file, PathWeights weights) : file_(file), weights_(std::move(weights)) {
    const std::vector<h5::Size> shape = file.object("/paths/pnl").shape;
    strategies_ = static_cast<std::size_t>(shape[0]);
    paths_ = shape[1];
    if (file.has("/paths/session")) draws_ = static_cast<std::size_t>(file.object("/paths/session").shape[0]);
}

void StoredPnl::read(std::size_t piece, PnlPiece& out) const {
    out.first = piece * kPieceOfPnl;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceOfPnl, paths_ - out.first));
    std::vector<float> spx_return(count);
    out.cell.resize(count);
    out.pnl.resize(strategies_);
    out.drawn.resize(draws_);
    {
        const std::lock_guard lock(mutex_);
        const h5::Slab all{{out.first}, {count}};
        file_.read("/paths/spx_return", all, spx_return);
        file_.read("/paths/breach", all, out.cell);
        for (std::size_t k = 0; k < strategies_; ++k) {
            out.pnl[k].resize(count);
            file_.read("/paths/pnl", h5::Slab{{k, out.first}, {1, count}}, out.pnl[k]);
        }
        for (const auto& [name, column] :
             {std::pair{"/paths/stratum", &out.stratum}, std::pair{"/paths/replicate", &out.replicate}}) {
            if (weights_.is_plain()) break;
            column->resize(count);
            file_.read(name, all, *column);
        }
        for (std::size_t k = 0; k < draws_; ++k) {
            out.drawn[k].resize(count);
            file_.read("/paths/session", h5::Slab{{k, out.first}, {1, count}}, out.drawn[k]);
        }
    }
    for (std::size_t i = 0; i < count; ++i) out.cell[i] = cell_of(out.cell[i], spx_return[i]);
}

}  // namespace volstorm
