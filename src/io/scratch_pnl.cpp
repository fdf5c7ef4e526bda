#include "scratch_pnl.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "volstorm/core/error.h"
#include "volstorm/engine/experiment.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/io/digest.h"
#include "volstorm/io/result_file.h"
#include "volstorm/risk/book.h"
#include "volstorm/risk/cells.h"

namespace volstorm {
namespace {

static_assert(kPieceOfPnl == kChunkPaths, "a piece of a run is a piece of its statistics");

/// Opens a new file beside another and takes its name away at once.
int open_nameless(const std::filesystem::path& beside) {
    const std::string name = beside.string() + ".scratch-" + std::to_string(::getpid());
    ::unlink(name.c_str());  // left by a process that was killed between the next two calls and had this number
    const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) throw IoError(write_error(beside, errno));
    ::unlink(name.c_str());
    return file;
}

std::size_t row_bytes(std::size_t books, std::size_t draws, bool in_strata) {
    return sizeof(float) * books + 1 + sizeof(std::int32_t) * draws + (in_strata ? 2 : 0);
}

}  // namespace

ScratchPnl::ScratchPnl(const Experiment& e, const std::filesystem::path& beside)
    : beside_(beside),
      weights_(path_weights(e)),
      books_(e.layers.size() + 1),
      draws_(e.generator->draws()),
      paths_(e.scenario.sampling.paths),
      stride_(kChunkPaths * row_bytes(books_, draws_, !weights_.is_plain())),
      file_(open_nameless(beside)),
      digests_((paths_ + kChunkPaths - 1) / kChunkPaths) {}

ScratchPnl::~ScratchPnl() { ::close(file_); }

double scratch_bytes(const Scenario& s, std::size_t draws) {
    if (s.output.store == Store::all || keeps_pnl(s, draws)) return 0.0;
    const std::size_t row = row_bytes(s.layers.size() + 1, draws, s.sampling.method != SamplingMethod::plain);
    return static_cast<double>(s.sampling.paths) * static_cast<double>(row);
}

void ScratchPnl::append(const PathColumns& c) {
    std::vector<std::uint8_t> cell(c.count);
    for (std::size_t i = 0; i < c.count; ++i) cell[i] = cell_of(c.breach[i], c.spx_return[i]);
    const std::uint64_t piece = c.first / kChunkPaths;
    std::uint64_t place = piece * stride_;
    Digest digest;
    const auto put = [&](const auto& column) {
        const auto bytes = std::as_bytes(std::span(column));
        write_all(place, bytes);
        digest.bytes(bytes);
        place += bytes.size();
    };
    put(cell);
    for (const std::vector<float>& pnl : c.pnl) put(pnl);
    for (const std::vector<std::int32_t>& drawn : c.drawn) put(drawn);
    if (!weights_.is_plain()) put(c.stratum), put(c.replicate);
    digests_[piece] = digest.low_half();
}

void ScratchPnl::read(std::size_t piece, PnlPiece& out) const {
    out.first = piece * kChunkPaths;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kChunkPaths, paths_ - out.first));
    std::uint64_t place = piece * stride_;
    Digest digest;
    const auto get = [&](auto& column) {
        column.resize(count);
        const auto bytes = std::as_writable_bytes(std::span(column));
        read_all(place, bytes);
        digest.bytes(bytes);
        place += bytes.size();
    };
    get(out.cell);
    out.pnl.resize(books_);
    for (std::vector<float>& pnl : out.pnl) get(pnl);
    out.drawn.resize(draws_);
    for (std::vector<std::int32_t>& drawn : out.drawn) get(drawn);
    if (!weights_.is_plain()) get(out.stratum), get(out.replicate);
    if (digest.low_half() != digests_[piece])
        throw IoError(fmt::format("the P&L kept beside {} has changed on its disk; run again", beside_.string()));
}

void ScratchPnl::write_all(std::uint64_t place, std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(place));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(errno, digests_.size() * stride_);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        place += static_cast<std::uint64_t>(written);
    }
}

void ScratchPnl::read_all(std::uint64_t place, std::span<std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t count = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(place));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw IoError(fmt::format("cannot read the P&L kept beside {} again", beside_.string()));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        place += static_cast<std::uint64_t>(count);
    }
}

void ScratchPnl::fail(int error, std::uint64_t needed_bytes) const {
    throw IoError(write_error(beside_, error, needed_bytes));
}

}  // namespace volstorm
