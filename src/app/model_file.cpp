#include "model_file.h"

#include <filesystem>

#include "volstorm/core/table.h"

namespace volstorm {

ModelInput read_model_file(const std::string& file, const std::vector<std::string>& set, const std::string& command) {
    std::vector<std::string> all{"model.file=" + std::filesystem::absolute(file).string()};
    all.insert(all.end(), set.begin(), set.end());
    const Table scenario = Table::parse("[model]\n", command, all);
    const ModelInput model = read_model(scenario);
    scenario.finish();
    return model;
}

}  // namespace volstorm
