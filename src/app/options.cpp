#include "command.h"

namespace volstorm {

std::vector<std::string> ScenarioOptions::overrides() const {
    std::vector<std::string> all = set;
    if (paths) all.push_back("sampling.paths=" + std::to_string(*paths));
    if (seed) all.push_back("sampling.seed=" + std::to_string(*seed));
    return all;
}

}  // namespace volstorm
