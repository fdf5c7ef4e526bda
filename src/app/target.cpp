#include "target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

#include "duration.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/io/h5.h"
#include "volstorm/market/timeline.h"

namespace volstorm {
namespace {

namespace fs = std::filesystem;

constexpr double kChunkOfPaths = 65'536.0;  // a column is stored in whole chunks
constexpr double kTailPaths = 1000.0;
constexpr double kBytesOfChunk = 48.0;     // checksum and index of a chunk
constexpr double kBytesOfFrame = 160'000;  // groups, attributes, summary, claims
constexpr double kBytesForTable = 1e6;     // some 10 times what a table of figures has

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

/// `file` of `file:line:column`.
std::string file_of(const std::string& origin) {
    std::string file = origin;
    for (int i = 0; i < 2; ++i) {
        const std::size_t colon = file.rfind(':');
        if (colon == std::string::npos) return origin;
        file.resize(colon);
    }
    return file;
}

/// The files that the scenario was read from, as far as a setting tells.
std::set<std::string> inputs_of(const Scenario& scenario) {
    std::set<std::string> files{scenario.path};
    for (const Setting& setting : scenario.settings) files.insert(file_of(setting.origin));
    const Table root = Table::parse(scenario.text, scenario.path);
    for (const auto& [section, key] :
         {std::pair{"market", "history"}, std::pair{"model", "file"}, std::pair{"bootstrap", "spx"},
          std::pair{"bootstrap", "vix"}, std::pair{"bootstrap", "spx_intraday"},
          std::pair{"bootstrap", "vix_intraday"}}) {
        const auto table = root.table_if(section);
        if (table && table->has(key)) files.insert(table->text(key));
    }
    const auto market = root.table_if("market"), snapshot = market ? market->table_if("snapshot") : std::nullopt;
    for (const char* key : {"spx", "vix"}) {
        if (snapshot && snapshot->has(key)) files.insert(snapshot->text(key));
    }
    return files;
}

bool is_result(const fs::path& file) {
    try {
        return h5::File::open(file).has_attribute("/", "format_version");
    } catch (const DamagedFile&) {
        return false;
    }
}

// Whether a file begins as the tables do that this program writes; an empty one does too.
bool is_table(const fs::path& file) {
    constexpr std::array<std::string_view, 7> kHeads{
        "world,subject,figure,", "| conclusion | verdict", "regime,subject,test,", "**VIX ", "period,regime,",
        "date,story,",           "| date | story |"};
    std::string line;
    std::getline(std::ifstream(file), line);
    const bool is_realism = line.starts_with("**") && line.find(" inside (") != std::string::npos;
    return line.empty() || is_realism ||
           std::ranges::any_of(kHeads, [&](std::string_view head) { return line.starts_with(head); });
}

// Where a path will lie once the folders that it names are there: `new/../file` is `file`.
fs::path settled(const fs::path& path) {
    std::error_code error;
    const fs::path place = fs::weakly_canonical(fs::absolute(path, error), error);
    return error || path.empty() ? path : place;
}

/// 1.23 MB, 45.6 GB.
std::string bytes_text(double bytes) {
    constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    std::size_t unit = 0;
    for (; bytes >= 999.5 && unit + 1 < std::size(units); ++unit) bytes /= 1000.0;
    return fmt::format("{:.{}f} {}", bytes, unit == 0 || bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2, units[unit]);
}

/// What the size of a result follows from: known before anything is prepared.
struct Shape {
    double paths = 0.0, layers = 0.0, jumps = 0.0, steps = 0.0;
    double draws = 0.0;  // of sessions of history
    bool in_strata = false;
    double text_bytes = 0.0;  // of the scenario
};

Shape shape_of(const Scenario& s) {
    Shape shape;
    shape.paths = static_cast<double>(s.sampling.paths);
    shape.layers = static_cast<double>(s.layers.size());
    const Model model = model_of_the_day(s.model, std::nullopt);  // families of jumps: as many at every level of VIX
    shape.jumps = static_cast<double>(std::max(model.pricing.jumps.size(), model.physical.jumps.size()));
    const SessionClock clock(s.model.overnight_share);
    const auto steps = make_timeline(s.market.time, s.condor->expiry, clock, s.events, s.sampling.bars);
    shape.steps = static_cast<double>(steps.size());
    if (s.generator.is_sample() && !s.generator.is_model())
        shape.draws = static_cast<double>(std::ranges::count_if(steps, &Step::is_close));
    shape.in_strata = s.sampling.method != SamplingMethod::plain;
    shape.text_bytes = static_cast<double>(s.text.size());
    return shape;
}

double bytes_per_path(const Shape& s) {
    const double legs = static_cast<double>(kCondorLegs) + s.layers + 1.0;
    return 4.0 * (s.layers + 1.0 + legs + 3.0 + 5.0 * s.layers + s.draws) + 1.0 + s.jumps + (s.in_strata ? 6.0 : 0.0);
}

/// What does not grow with the paths: the worst of them, whole, and all that stands around the numbers.
double bytes_beside_paths(const Shape& s) {
    const double rows = std::min(kTailPaths, s.paths), columns = 4.0 + 2.0 * s.layers;
    return rows * columns * (4.0 * (s.steps + 1.0) + kBytesOfChunk) + kBytesOfFrame + 2.0 * s.text_bytes;
}

double bytes_of(const Shape& s) {
    const double chunks = std::ceil(s.paths / kChunkOfPaths);
    const double stored = chunks > 1.0 ? chunks * kChunkOfPaths : s.paths;
    return bytes_per_path(s) * (stored + chunks * kBytesOfChunk) + bytes_beside_paths(s);
}

/// The largest number of paths, of two digits, that fits into `free` bytes.
std::int64_t paths_that_fit(const Shape& s, double free) {
    double paths = (free - bytes_beside_paths(s)) / (bytes_per_path(s) * (1.0 + kBytesOfChunk / kChunkOfPaths));
    if (paths > kChunkOfPaths) paths = std::floor(paths / kChunkOfPaths) * kChunkOfPaths;
    if (paths < 10.0) return std::max<std::int64_t>(0, static_cast<std::int64_t>(paths));
    const double unit = std::pow(10.0, std::floor(std::log10(paths)) - 1.0);
    return static_cast<std::int64_t>(std::floor(paths / unit) * unit);
}

/// The folders from `folder` upwards that are not there, the innermost first.
std::vector<fs::path> missing_folders(const fs::path& folder) {
    std::vector<fs::path> missing;
    std::error_code error;
    for (fs::path at = fs::absolute(folder); at.has_relative_path() && !fs::exists(at, error); at = at.parent_path())
        missing.push_back(at);
    return missing;
}

/// The folder, or the nearest one above it that is there: on the same disk.
fs::path nearest_folder(const fs::path& folder) {
    const std::vector<fs::path> missing = missing_folders(folder);
    return missing.empty() ? folder : missing.back().parent_path();
}

/// Bytes free for `file`; nothing where the system does not say: writing then does.
std::optional<double> free_bytes_for(const fs::path& file) {
    struct statvfs disk {};
    if (statvfs(nearest_folder(folder_of(file)).c_str(), &disk) != 0 || disk.f_blocks == 0) return std::nullopt;
    return static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
}

/// Removes, at the end of its life, the folders that were missing at its beginning; what is not empty stays.
class FolderTrial {
 public:
    explicit FolderTrial(const fs::path& folder) : missing_(missing_folders(folder)) {}
    ~FolderTrial() {
        std::error_code ignored;
        for (const fs::path& folder : missing_) fs::remove(folder, ignored);
    }
    FolderTrial(const FolderTrial&) = delete;
    FolderTrial& operator=(const FolderTrial&) = delete;

 private:
    std::vector<fs::path> missing_;
};

}  // namespace

void check_target(const fs::path& named, const Scenario& scenario) {
    const fs::path target = settled(named);
    const auto refuse = [&](std::string_view why) {
        throw InputError({printable(named.string())}, fmt::format("{}; choose another place for the result", why));
    };
    if (!named.has_filename()) refuse("is a folder");
    std::error_code error;
    const fs::file_status status = fs::status(target, error);
    if (!fs::exists(status)) return;
    if (fs::is_directory(status)) refuse("is a folder");
    if (!fs::is_regular_file(status)) refuse("is a device or a pipe, not a file");
    for (const std::string& input : inputs_of(scenario)) {
        if (fs::equivalent(target, input, error)) refuse("is read by this run");
    }
    if (!is_result(target)) refuse("is there already and is no result of volstorm");
}

void make_folder_of(const fs::path& file) {
    std::error_code error;
    fs::create_directories(folder_of(file), error);
    if (error) throw IoError(fmt::format("cannot make the folder {}: {}", folder_of(file).string(), error.message()));
}

void try_target(const fs::path& target) {
    const FolderTrial trial(folder_of(target));
    make_folder_of(target);
    const std::string name = target.string() + ".try-" + std::to_string(::getpid());
    ::unlink(name.c_str());  // left by a killed process that had this number
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) throw IoError(write_error(target, errno));
    ::close(file);
    ::unlink(name.c_str());
}

void check_new_file(const fs::path& file) {
    const auto refuse = [&](std::string_view why) {
        throw InputError({printable(file.string())}, fmt::format("{}; choose another name", why));
    };
    if (!file.has_filename()) refuse("is a folder");
    if (fs::exists(settled(file))) refuse("is there already");
    try_target(file);
}

void check_table(const fs::path& named, const std::vector<std::string>& inputs) {
    const fs::path file = settled(named);
    const auto refuse = [&](std::string_view why) {
        throw InputError({"--output " + printable(named.string())}, std::string(why));
    };
    if (named.extension() != ".csv" && named.extension() != ".md")
        refuse("is no table: its name must end in .csv or .md");
    std::error_code error;
    if (fs::is_directory(file, error)) refuse("is a folder; choose another name");
    for (const std::string& input : inputs) {
        if (fs::equivalent(file, input, error)) refuse("is read by this command; choose another place");
    }
    if (fs::exists(file, error) && !is_table(file))
        refuse("is there already and is no table of volstorm; choose another place");
    if (const auto free = free_bytes_for(file); free && *free < kBytesForTable) {
        refuse(fmt::format("needs a disk with {} free, and {} has {}; choose another place", bytes_text(kBytesForTable),
                           folder_of(file).string(), bytes_text(*free)));
    }
    try_target(file);
}

void check_table(const fs::path& file, const Scenario& scenario) {
    const std::set<std::string> inputs = inputs_of(scenario);
    check_table(file, std::vector<std::string>(inputs.begin(), inputs.end()));
}

void check_room(const Scenario& scenario, const fs::path& target, std::size_t threads) {
    if (!scenario.condor) return;  // no run: preparing it says so
    const Shape shape = shape_of(scenario);
    const auto free = free_bytes_for(target);
    if (!free || bytes_of(shape) <= *free) return;
    const std::int64_t fit = paths_that_fit(shape, *free);
    throw InputError(
        {scenario.path},
        fmt::format(
            "sampling.paths is {}: the result would need {} of disk and the run about {}, and {} has {} free; {}",
            grouped(static_cast<std::int64_t>(scenario.sampling.asked)), bytes_text(bytes_of(shape)),
            duration_text(seconds_for(shape.paths, threads)), folder_of(target).string(), bytes_text(*free),
            fit > 0 ? fmt::format("at most {} {} fit", grouped(fit), fit == 1 ? "path" : "paths")
                    : std::string("no result fits there")));
}

}  // namespace volstorm
