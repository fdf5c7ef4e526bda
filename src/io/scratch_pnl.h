#pragma once
#include <filesystem>
#include <vector>

#include "volstorm/engine/simulate.h"
#include "volstorm/risk/pnl_statistics.h"

namespace volstorm {

/// The P&L of a run whose result does not keep it: beside the result, in a file without a name, which the system
/// removes however the program ends. What is read is checked against the digest of what was written. IoError where the
/// system refuses, and for what comes back changed.
class ScratchPnl final : public PnlSource {
 public:
    /// `beside`: the result, which errors name.
    ScratchPnl(const Experiment& experiment, const std::filesystem::path& beside);
    ~ScratchPnl() override;
    ScratchPnl(const ScratchPnl&) = delete;
    ScratchPnl& operator=(const ScratchPnl&) = delete;

    /// Takes in a piece of kChunkPaths paths (the last may be shorter).
    void append(const PathColumns& columns);

    std::uint64_t paths() const override { return paths_; }
    std::size_t draws() const override { return draws_; }
    PathWeights weights() const override { return weights_; }
    void read(std::size_t piece, PnlPiece& out) const override;

 private:
    void write_all(std::uint64_t place, std::span<const std::byte> bytes) const;
    void read_all(std::uint64_t place, std::span<std::byte> bytes) const;
    [[noreturn]] void fail(int error, std::uint64_t needed_bytes) const;

    std::filesystem::path beside_;
    PathWeights weights_;
    std::size_t books_, draws_;
    std::uint64_t paths_;
    std::size_t stride_;  // bytes of a whole piece
    int file_;
    std::vector<std::uint64_t> digests_;  // by piece
};

}  // namespace volstorm
