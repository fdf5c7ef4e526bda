// What the design of scenarios names and this version does not do yet: refused with these words instead of as a typing
// error. A line goes when its feature comes.
#include <algorithm>
#include <array>
#include <string_view>

#include "tree.h"

namespace volstorm::tree {

namespace {

/// Keys by their dotted path; * stands for the name of one element.
constexpr std::array<std::string_view, 11> kKeys{
    "stress",          "hedge",        "limits",       "classifier",        "output.extremes",
    "condor.roll",     "condor.close", "layer.*.roll", "layer.*.size.vega", "layer.*.size.delta",
    "layer.*.size.es",
};

struct Value {
    std::string_view key;
    std::string_view word;
};

constexpr std::array<Value, 8> kValues{{
    {"condor", kSeveral},
    {"layer.*.instrument.type", "vxm_future"},
    {"layer.*.instrument.type", "xsp_put"},
    {"layer.*.instrument.type", "xsp_put_spread"},
    {"layer.*.instrument.type", "vix_etp"},
    {"layer.*.instrument.type", "spy"},
    {"layer.*.instrument.type", "spy_shares"},
    {"layer.*.instrument.type", "correlated_asset"},
}};

/// Whether the path is of the form of the pattern.
bool fits(std::string_view path, std::string_view pattern) {
    while (true) {
        const std::size_t path_end = path.find('.'), pattern_end = pattern.find('.');
        const std::string_view part = pattern.substr(0, pattern_end);
        if (part != "*" && part != path.substr(0, path_end)) return false;
        if (path_end == std::string_view::npos || pattern_end == std::string_view::npos) return path_end == pattern_end;
        path.remove_prefix(path_end + 1);
        pattern.remove_prefix(pattern_end + 1);
    }
}

}  // namespace

bool is_planned(std::string_view path) {
    return std::ranges::any_of(kKeys, [&](std::string_view key) { return fits(path, key); });
}

bool is_planned(std::string_view path, std::string_view word) {
    return std::ranges::any_of(kValues, [&](const Value& v) { return v.word == word && fits(path, v.key); });
}

}  // namespace volstorm::tree
