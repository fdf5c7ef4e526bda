#include "room.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cmath>

#include "duration.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/io/result_file.h"
#include "volstorm/market/timeline.h"
#include "volstorm/risk/summary.h"

namespace volstorm {
namespace {

namespace fs = std::filesystem;

constexpr double kChunkOfPaths = 65'536.0;  // a column is stored in whole chunks
constexpr double kBytesOfChunk = 48.0;      // checksum and index of a chunk
constexpr double kBytesOfFrame = 160'000;   // groups, attributes, summary, claims

/// What the size of a path follows from: known before anything is prepared.
struct Shape {
    double layers = 0.0, jumps = 0.0, steps = 0.0;
    std::size_t draws = 0;  // of sessions of history
    bool in_strata = false;
};

Shape shape_of(const Scenario& s) {
    Shape shape;
    shape.layers = static_cast<double>(s.layers.size());
    const Model model = model_of_the_day(s.model, std::nullopt);  // families of jumps: as many at every level of VIX
    shape.jumps = static_cast<double>(std::max(model.pricing.jumps.size(), model.physical.jumps.size()));
    const SessionClock clock(s.model.overnight_share);
    const auto steps = make_timeline(s.market.time, s.condor->expiry, clock, s.events, s.sampling.bars);
    shape.steps = static_cast<double>(steps.size());
    if (s.generator.is_sample() && !s.generator.is_model())
        shape.draws = static_cast<std::size_t>(std::ranges::count_if(steps, &Step::is_close));
    shape.in_strata = s.sampling.method != SamplingMethod::plain;
    return shape;
}

/// Columns with one entry for each path.
double bytes_of_columns(const Shape& s, double paths) {
    const double legs = static_cast<double>(kCondorLegs) + s.layers + 1.0, draws = static_cast<double>(s.draws);
    const double of_path =
        4.0 * (s.layers + 1.0 + legs + 3.0 + 5.0 * s.layers + draws) + 1.0 + s.jumps + (s.in_strata ? 6.0 : 0.0);
    const double chunks = std::ceil(paths / kChunkOfPaths);
    const double stored = chunks > 1.0 ? chunks * kChunkOfPaths : paths;
    return of_path * (stored + chunks * kBytesOfChunk);
}

/// The worst paths, bar by bar.
double bytes_of_traces(const Shape& s, double paths) {
    const double rows = std::min(static_cast<double>(kWorstPaths), paths), columns = 4.0 + 2.0 * s.layers;
    return rows * columns * (4.0 * (s.steps + 1.0) + kBytesOfChunk);
}

/// Bytes of disk that the run needs.
double bytes_of(const Scenario& s, const Shape& shape) {
    const auto paths = static_cast<double>(s.sampling.paths);
    double bytes = kBytesOfFrame + 2.0 * static_cast<double>(s.text.size()) + scratch_bytes(s, shape.draws);
    if (s.output.store != Store::summary) bytes += bytes_of_traces(shape, paths);
    if (s.output.store == Store::all) bytes += bytes_of_columns(shape, paths);
    if (s.output.store == Store::tail)
        bytes += bytes_of_columns(shape, std::min(paths, static_cast<double>(kTailPaths)));
    return bytes;
}

/// The largest number of paths, of two digits, that fits into `free` bytes; 0 where none does.
std::uint64_t paths_that_fit(Scenario s, const Shape& shape, double free) {
    const std::uint64_t wanted = s.sampling.paths;
    std::uint64_t most = 0;
    for (std::uint64_t unit = 1; unit < wanted; unit *= 10) {
        for (std::uint64_t digits = 1; digits < 100; ++digits) {
            s.sampling.paths = digits * unit;
            if (bytes_of(s, shape) <= free) most = std::max(most, s.sampling.paths);
        }
    }
    return most;
}

/// What would make the run fit.
std::string advice(Scenario s, const Shape& shape, double free) {
    const std::uint64_t fit = paths_that_fit(s, shape, free);
    std::string text =
        fit > 0 ? fmt::format("at most {} {} fit", grouped(static_cast<std::int64_t>(fit)), fit == 1 ? "path" : "paths")
                : std::string("no result fits there");
    if (s.output.store != Store::all) return text;
    s.output.store = Store::tail;
    const double bytes = bytes_of(s, shape);
    if (bytes <= free) text += fmt::format("; with --set output.store=tail it needs {}", bytes_text(bytes));
    return text;
}

/// The folder, or the nearest one above it that is there: on the same disk.
fs::path nearest_folder(const fs::path& folder) {
    const std::vector<fs::path> missing = missing_folders(folder);
    return missing.empty() ? folder : missing.back().parent_path();
}

}  // namespace

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

std::vector<fs::path> missing_folders(const fs::path& folder) {
    std::vector<fs::path> missing;
    std::error_code error;
    for (fs::path at = fs::absolute(folder); at.has_relative_path() && !fs::exists(at, error); at = at.parent_path())
        missing.push_back(at);
    return missing;
}

std::optional<double> free_bytes_for(const fs::path& file) {
    struct statvfs disk {};
    if (statvfs(nearest_folder(folder_of(file)).c_str(), &disk) != 0 || disk.f_blocks == 0) return std::nullopt;
    return static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
}

std::string bytes_text(double bytes) {
    constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    std::size_t unit = 0;
    for (; bytes >= 999.5 && unit + 1 < std::size(units); ++unit) bytes /= 1000.0;
    return fmt::format("{:.{}f} {}", bytes, unit == 0 || bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2, units[unit]);
}

std::optional<std::string> lack_of_room(const Scenario& scenario, const fs::path& target, std::size_t threads) {
    if (!scenario.condor) return std::nullopt;  // no run: preparing it says so
    const Shape shape = shape_of(scenario);
    const auto free = free_bytes_for(target);
    const double needed = bytes_of(scenario, shape);
    if (!free || needed <= *free) return std::nullopt;
    return fmt::format(
        "sampling.paths is {}: the run would need {} of disk and about {}, and {} has {} free; {}",
        grouped(static_cast<std::int64_t>(scenario.sampling.asked)), bytes_text(needed),
        duration_text(seconds_for(run_size(scenario), static_cast<double>(scenario.sampling.paths), threads)),
        folder_of(target).string(), bytes_text(*free), advice(scenario, shape, *free));
}

void check_room(const Scenario& scenario, const fs::path& target, std::size_t threads) {
    if (const auto lack = lack_of_room(scenario, target, threads)) throw InputError({scenario.path}, *lack);
}

}  // namespace volstorm
