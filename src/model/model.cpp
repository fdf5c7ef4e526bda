#include "volstorm/model/model.h"

#include <fmt/format.h>

#include <algorithm>

#include "reader.h"
#include "volstorm/model/scaling.h"

namespace volstorm {
namespace {

constexpr Bounds kVvixBeta{.low = -2.0, .high = 3.0};
constexpr Bounds kOvernightShare{.low = 0.0, .high = 0.9};

// A physical table says what differs from the pricing one; without it both are the same.
Anchor read_anchor(const Table& table, const std::string& name) {
    Anchor anchor;
    anchor.name = name;
    anchor.reference_vix = table.number_if("reference_vix", {.low = 5.0, .high = 200.0});
    read_parameters(table.table("pricing"), anchor.pricing);
    anchor.physical = anchor.pricing;
    if (const auto physical = table.table_if("physical")) {
        anchor.has_own_physical = true;
        read_parameters(*physical, anchor.physical);
    }
    check_measures(anchor.pricing, anchor.physical, table);
    return anchor;
}

bool same_families(const Anchor& a, const Anchor& b) {
    const auto names = [](const Parameters& p) {
        std::vector<std::string> list;
        for (const JumpFamily& jump : p.jumps) list.push_back(jump.name);
        return list;
    };
    return names(a.pricing) == names(b.pricing) && names(a.physical) == names(b.physical);
}

std::vector<Anchor> read_anchors(const Table& file) {
    std::vector<Anchor> anchors;
    for (const Table& table : file.tables("anchor")) {
        anchors.push_back(read_anchor(table, table.text("name")));
        if (!anchors.back().reference_vix)
            table.fail("", "has no reference_vix: an anchor needs the VIX it was fitted at");
    }
    if (anchors.empty()) return {read_anchor(file, "model")};
    if (anchors.size() == 1) return anchors;
    std::sort(anchors.begin(), anchors.end(),
              [](const auto& a, const auto& b) { return *a.reference_vix < *b.reference_vix; });
    for (std::size_t i = 1; i < anchors.size(); ++i) {
        if (!same_families(anchors[i - 1], anchors[i]))
            file.fail("anchor", "the anchors must have jump families of the same names, in the same order");
        if (*anchors[i - 1].reference_vix == *anchors[i].reference_vix)
            file.fail("anchor", "two anchors have the same reference_vix");
    }
    return anchors;
}

void read_file(const Table& table, ModelInput& input) {
    const Table file = Table::load(table.file("file"));
    if (file.has("market") || file.has("condor")) file.fail("", "is a scenario; its model file belongs here");
    file.text("title", "");
    input.anchors = read_anchors(file);
    input.equity_premium = file.number("equity_premium", {.low = -0.5, .high = 0.5}, input.equity_premium);
    input.vvix_beta = file.number("vvix_beta", kVvixBeta, input.vvix_beta);
    input.state_rule.ratio = file.number("state_ratio", {.low = 0.1, .high = 2.0}, input.state_rule.ratio);
    input.state_rule.dispersion = file.number("state_dispersion", {.low = 0.0, .high = 1.0}, 0.0);
    input.state_rule.exponent = file.number("state_exponent", {.low = -2.0, .high = 2.0}, input.state_rule.exponent);
    input.overnight_share = file.number("overnight_share", kOvernightShare, input.overnight_share);
    file.finish();
}

bool pricing_serves_both(const ModelInput& input) {
    return std::ranges::none_of(input.anchors, &Anchor::has_own_physical);
}

void read_overrides(const Table& table, ModelInput& input) {
    Parameters pricing = input.anchors[0].pricing;  // every anchor has families of the same names
    if (const auto set = table.table_if("pricing")) {
        input.set_pricing = read_overrides(*set, pricing.jumps);
        input.set_pricing->apply_to(pricing);
    }
    const auto& known = pricing_serves_both(input) ? pricing.jumps : input.anchors[0].physical.jumps;
    if (const auto set = table.table_if("physical")) input.set_physical = read_overrides(*set, known);
}

}  // namespace

ModelInput read_model(const Table& scenario) {
    const Table table = scenario.table("model");
    constexpr std::string_view marks[] = {"vvix", "frozen"};
    ModelInput input;
    input.section = table;
    if (table.has("file")) {
        read_file(table, input);
    } else {
        if (!table.has("pricing")) {
            table.refuse_slip_of({"file", "pricing"});
            table.fail("", "needs `file`, or parameters under `pricing`");
        }
        for (const std::string_view key : {"reference_vix", "level_scaling"}) {
            if (table.has(key)) table.fail(key, "needs `file`: parameters written inline are never scaled");
        }
        input.anchors = {read_anchor(table, "inline")};
    }
    input.mark = table.choice("mark", marks, "vvix") == "vvix" ? VixMark::vvix : VixMark::frozen;
    if (input.mark == VixMark::frozen && table.has("vvix_beta")) {
        table.fail("vvix_beta", "changes nothing with mark = \"frozen\"; leave one of the two out");
    }
    input.vvix_beta = table.number("vvix_beta", kVvixBeta, input.vvix_beta);
    input.level_scaling = table.boolean("level_scaling", input.level_scaling);
    input.overnight_share = table.number("overnight_share", kOvernightShare, input.overnight_share);
    input.equity_premium = table.number("equity_premium", {.low = -0.5, .high = 0.5}, input.equity_premium);
    read_overrides(table, input);
    model_of_the_day(input, std::nullopt);  // for its checks
    return input;
}

Model model_of_the_day(const ModelInput& input, std::optional<double> vix) {
    Model model;
    model.equity_premium = input.equity_premium;
    model.mark = input.mark;
    model.vvix_beta = input.vvix_beta;
    model.state_rule = input.state_rule;
    if (vix && input.level_scaling) {
        model.pricing = at_level(input.anchors, &Anchor::pricing, *vix);
        model.physical = at_level(input.anchors, &Anchor::physical, *vix);
    } else {
        model.pricing = input.anchors[0].pricing;
        model.physical = input.anchors[0].physical;
    }
    if (input.set_pricing) {
        input.set_pricing->apply_to(model.pricing);
        if (pricing_serves_both(input)) model.physical = model.pricing;
        for (const auto shared : {&Parameters::sigma_v, &Parameters::sigma_m, &Parameters::rho}) {
            model.physical.*shared = model.pricing.*shared;
        }
    }
    if (input.set_physical) input.set_physical->apply_to(model.physical);
    if (input.physical) model.physical = *input.physical;
    check_measures(model.pricing, model.physical, *input.section);
    return model;
}

}  // namespace volstorm
