#include "model_file.h"

#include <algorithm>
#include <vector>

#include "volstorm/core/error.h"
#include "volstorm/core/table.h"

namespace volstorm {
namespace {

namespace fs = std::filesystem;

// Folders from `start` up to the root.
std::vector<fs::path> upwards(fs::path start) {
    std::vector<fs::path> folders;
    for (; start.has_relative_path(); start = start.parent_path()) folders.push_back(start);
    return folders;
}

}  // namespace

std::optional<fs::path> shipped_model(const fs::path& folder) {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    const fs::path name = fs::path("models") / "default.toml", source = fs::path("scenarios") / name;
    std::vector<fs::path> places{folder / name};
    for (const fs::path& start : {folder, fs::current_path(error), program.parent_path()})
        for (const fs::path& base : upwards(start))
            places.insert(places.end(), {base / source, base / "share/volstorm" / source});
    const auto found = [&](const fs::path& file) { return fs::is_regular_file(file, error); };
    const auto first = std::ranges::find_if(places, found);
    return first == places.end() ? std::nullopt : std::optional(*first);
}

std::string model_or_shipped(const std::string& file) {
    if (!file.empty()) return file;
    const fs::path here = fs::current_path();
    const auto shipped = shipped_model(here);
    if (!shipped)
        throw InputError({"model"},
                         "no models/default.toml was found above the current folder or the program; name one");
    const fs::path shorter = shipped->lexically_relative(here);
    return !shorter.empty() && *shorter.begin() != ".." ? shorter.string() : shipped->string();
}

ModelInput read_model_file(const std::string& file, const std::vector<std::string>& set, const std::string& command) {
    std::vector<std::string> all{"model.file=" + std::filesystem::absolute(file).string()};
    all.insert(all.end(), set.begin(), set.end());
    const Table scenario = Table::parse("[model]\n", command, all);
    const ModelInput model = read_model(scenario);
    scenario.finish();
    return model;
}

}  // namespace volstorm
