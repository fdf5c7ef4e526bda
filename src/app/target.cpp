#include "target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

#include "room.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/io/h5.h"

namespace volstorm {
namespace {

namespace fs = std::filesystem;

constexpr double kBytesForTable = 1e6;  // some 10 times what a table of figures has

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

}  // namespace volstorm
