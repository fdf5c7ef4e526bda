#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "command.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/scenario.h"

namespace volstorm {
namespace {

template <class Number>
std::optional<Number> all_of(const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> whole(const std::string& text) {
    if (const auto value = all_of<std::uint64_t>(text)) return value;
    const auto number = all_of<double>(text);
    constexpr double kLargestExact = 9007199254740992.0;  // 2^53
    if (!number || !(*number >= 0.0 && *number <= kLargestExact) || *number != std::floor(*number)) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

}  // namespace

Scenario ScenarioOptions::read() const {
    Scenario scenario = read_scenario(file, set);
    if (!paths && !seed) return scenario;
    std::vector<std::string> all = set;  // read again: what an option replaces must be right too
    if (paths) all.push_back("sampling.paths=" + std::to_string(*paths));
    if (seed) all.push_back("sampling.seed=" + std::to_string(*seed));
    return read_scenario(file, all);
}

std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t low, std::uint64_t high) {
    const std::optional<std::uint64_t> value = whole(text);
    if (value && *value >= low && *value <= high) return *value;
    throw InputError({option + " " + printable(text)},
                     fmt::format("must be a whole number from {} to {}, such as 1000 or 1e3", low, high));
}

std::string shell_word(const std::string& word) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_-./=:,+@%").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, plain)) return word;
    std::string quoted = "'";
    for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

std::string toml_string(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += (c == '"' || c == '\\') ? std::string{'\\', c} : std::string(1, c);
    return out + "\"";
}

void refuse_method(const ScenarioOptions& options, const std::string& reason) {
    for (const std::string& set : options.set) {
        if (set.starts_with("sampling.method=") && set != "sampling.method=")
            throw InputError({"--set " + printable(set)}, reason + "; leave it out");
    }
}

std::string budget_warnings(const Scenario& scenario) {
    constexpr std::array kBases{"max_risk", "credit", "equity", "margin"};
    std::string lines;
    for (const LayerSpec& layer : scenario.layers) {
        if (layer.contracts || layer.budget <= 1.0) continue;
        lines += fmt::format("Warning  layer {}: a budget is a share: {} is {} % of {}\n", layer.name,
                             shortest(layer.budget), shortest(std::round(1e6 * layer.budget) / 1e4),
                             kBases[static_cast<std::size_t>(layer.base)]);
    }
    return lines;
}

}  // namespace volstorm
