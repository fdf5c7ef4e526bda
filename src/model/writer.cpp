#include "volstorm/model/writer.h"

#include <fmt/format.h>

#include "keys.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

std::string jump_text(const JumpFamily& jump) {
    std::string text = fmt::format("name = {}\n", toml_string(jump.name));
    for (const JumpKey& key : kJumpKeys) text += fmt::format("{} = {}\n", key.key, shortest(jump.*key.member));
    return text;
}

std::string set_text(const std::string& table, const Parameters& parameters) {
    std::string text = fmt::format("\n[{}]\n", table);
    for (const ParameterKey& key : kParameterKeys)
        text += fmt::format("{} = {}\n", key.key, shortest(parameters.*key.member));
    for (const JumpFamily& jump : parameters.jumps) text += fmt::format("\n[[{}.jump]]\n{}", table, jump_text(jump));
    return text;
}

// Where a file has no [[anchor]], its tables are those of the only one.
std::string anchor_text(const Anchor& anchor, const std::string& prefix) {
    std::string text;
    if (!prefix.empty()) text += fmt::format("\n[[anchor]]\nname = {}\n", toml_string(anchor.name));
    if (anchor.reference_vix) text += fmt::format("reference_vix = {}\n", shortest(*anchor.reference_vix));
    text += set_text(prefix + "pricing", anchor.pricing);
    if (anchor.has_own_physical) text += set_text(prefix + "physical", anchor.physical);
    return text;
}

}  // namespace

std::string model_text(const ModelInput& model, const std::string& title, std::span<const std::string> comments) {
    std::string text = fmt::format("title = {}\n", toml_string(title));
    for (const std::string& comment : comments) text += fmt::format("# {}\n", printable(comment));
    const auto add = [&](const char* key, double value) { text += fmt::format("{} = {}\n", key, shortest(value)); };
    add("equity_premium", model.equity_premium);
    add("vvix_beta", model.vvix_beta);
    add("state_ratio", model.state_rule.ratio);
    add("state_exponent", model.state_rule.exponent);
    add("state_dispersion", model.state_rule.dispersion);
    add("overnight_share", model.overnight_share);
    const bool alone = model.anchors.size() == 1 && !model.anchors[0].reference_vix;
    for (const Anchor& anchor : model.anchors) text += anchor_text(anchor, alone ? "" : "anchor.");
    return text;
}

}  // namespace volstorm
