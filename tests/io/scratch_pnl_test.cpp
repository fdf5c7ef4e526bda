// The P&L that a result does not keep: on a file without a name beside it while the run lasts.
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "engine/short_run.h"
#include "volstorm/core/error.h"
#include "volstorm/io/result_file.h"

using namespace volstorm;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kPaths = 1'526 * kChunkPaths - 5;  // their P&L has 500 MB: more than memory keeps

struct Folder {
    fs::path path = fs::temp_directory_path() / ("volstorm-scratch-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
};

std::unique_ptr<const Experiment> make_book(const std::string& method) {
    short_run::Text text;
    text.sampling = "seed = 11\nmethod = \"" + method + "\"\npaths = " + std::to_string(kPaths) + "\n";
    text.rest = "[output]\nstore = \"summary\"\n";
    return short_run::prepare(text);
}

/// Flips a byte of the file without a name that this process holds open in the folder.
void damage_nameless(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code error;
        const std::string to = fs::read_symlink(entry.path(), error).string();
        if (!to.starts_with(folder.string()) || !to.ends_with("(deleted)")) continue;
        const int file = ::open(entry.path().c_str(), O_RDWR);
        char byte = 0;
        REQUIRE(::pread(file, &byte, 1, 100'000) == 1);
        byte = static_cast<char>(byte ^ 4);
        REQUIRE(::pwrite(file, &byte, 1, 100'000) == 1);
        ::close(file);
        return;
    }
    FAIL("there is no file without a name");
}

}  // namespace

TEST_CASE("P&L that no result keeps is read back as it was, from a file without a name", "[scratch]") {
    const Folder folder;
    const std::string method = GENERATE("plain", "hybrid");
    CAPTURE(method);
    const auto e = make_book(method);
    const std::uint64_t paths = e->scenario.sampling.paths, last_piece = (paths - 1) / kChunkPaths;
    ResultWriter writer(folder.path / "x.h5", *e, {});
    Simulator simulator(*e);
    PathColumns first, last;
    simulator.run(0, kChunkPaths, first);
    simulator.run(last_piece * kChunkPaths, paths - last_piece * kChunkPaths, last);
    writer.append(first), writer.append(last);
    const PnlSource& source = writer.end_paths();
    CHECK(source.paths() == paths);
    CHECK(source.weights().is_plain() == (method == "plain"));
    PnlPiece piece;
    for (const auto& [number, columns] : {std::pair{std::uint64_t{0}, &first}, std::pair{last_piece, &last}}) {
        source.read(number, piece);
        CHECK(piece.first == columns->first);
        CHECK(piece.pnl == columns->pnl);
        CHECK(piece.stratum == columns->stratum);
        CHECK(piece.replicate == columns->replicate);
        REQUIRE(piece.cell.size() == columns->count);
        for (std::size_t i = 0; i < columns->count; ++i)
            REQUIRE(piece.cell[i] == cell_of(columns->breach[i], columns->spx_return[i]));
    }
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder.path)) files += entry.is_regular_file() ? 1 : 0;
    CHECK(files == 1);  // the result under way
    damage_nameless(folder.path);
    CHECK_THROWS_AS(source.read(0, piece), IoError);
    CHECK_NOTHROW(source.read(last_piece, piece));
    CHECK_THROWS_AS(source.read(1, piece), IoError);  // never written
}
