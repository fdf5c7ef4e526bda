#pragma once
#include <memory>
#include <mutex>

#include "volstorm/io/h5.h"
#include "volstorm/risk/pnl_statistics.h"

namespace volstorm {

/// The P&L under /paths of a file, being written or read. HDF5 serves one thread at a time: the others wait.
class StoredPnl final : public PnlSource {
 public:
    StoredPnl(const h5::File& file, PathWeights weights);
    std::uint64_t paths() const override { return paths_; }
    std::size_t draws() const override { return draws_; }
    PathWeights weights() const override { return weights_; }
    void read(std::size_t piece, PnlPiece& out) const override;

 private:
    const h5::File& file_;
    PathWeights weights_;
    std::size_t strategies_ = 0, draws_ = 0;
    std::uint64_t paths_ = 0;
    mutable std::mutex mutex_;
};

}  // namespace volstorm
