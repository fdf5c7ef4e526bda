#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/engine/executor.h"
#include "volstorm/engine/simulate.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/io/h5.h"
#include "volstorm/risk/book.h"

namespace volstorm {

inline constexpr int kFormatVersion = 1;  // of the result file: results/README.md

/// Bytes of disk that a run needs beside its result while it lasts: P&L that neither the result keeps nor memory.
/// `draws`: sessions of history on each path.
double scratch_bytes(const Scenario& scenario, std::size_t draws);

class PathTable;
class ScratchPnl;

/// Who made a result: stands in the root attributes.
struct Provenance {
    std::string version, commit, compiler, instruction_set, flags, command, libraries;
    std::string started, ended;  // UTC, ISO 8601
    std::int64_t threads = 0;
};

/// Writes the result of one run: columns as they come, where they are to be stored, then the figures. The file appears
/// under its name whole or not at all. IoError where the system refuses.
class ResultWriter {
 public:
    ResultWriter(const std::filesystem::path& target, const Experiment& experiment, const Provenance& provenance);
    ~ResultWriter();
    void append(const PathColumns& columns);
    /// To be called after the last append(): lets the disk begin with the paths, and gives their P&L.
    const PnlSource& end_paths();
    /// Writes the figures and the worst paths.
    void write(const BookRisk& risk, Executor& executor);
    /// Seals and checks the file, syncs it to disk and gives it its name.
    void finish(const std::string& ended);

 private:
    void describe(const Provenance& provenance);
    void write_accuracy();
    std::string intervals_of(const BookRisk& risk) const;

    const Experiment& experiment_;
    AtomicFile place_;
    h5::File file_;
    std::unique_ptr<PathTable> paths_;     // where every path is stored
    std::unique_ptr<ScratchPnl> scratch_;  // where none is, and memory does not hold their P&L
    std::unique_ptr<const PnlSource> pnl_;
    std::uint64_t exact_marks_ = 0;
};

/// A result file opened for reading; throws DamagedFile where its digest does not hold.
class ResultFile {
 public:
    explicit ResultFile(const std::filesystem::path& path);
    /// P&L of the whole book on one path, dollars; nothing where the file does not hold the path.
    std::optional<float> total_pnl(std::uint64_t path) const;
    /// The scenario as it ran: effective TOML and the file it came from.
    std::string scenario_text() const;
    std::string scenario_path() const;
    std::vector<std::int64_t> tail_paths() const;

 private:
    h5::File file_;
};

}  // namespace volstorm
