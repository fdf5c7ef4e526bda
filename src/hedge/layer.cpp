#include "volstorm/hedge/layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "volstorm/instrument/condor.h"

namespace volstorm {
namespace {

constexpr Bounds kDelta{0.0, 1.0, true, true};
constexpr Bounds kContracts{.low = 0.0, .high = 1e6, .low_open = true};

void read_width(const Table& table, LayerSpec& layer) {
    layer.width = table.number("width", kPositive);
    const double grid = layer.kind.is_vix() ? 0.5 : kSpxStrikeGrid;
    if (std::fmod(layer.width, grid) == 0.0) return;
    table.fail("width", fmt::format("is {:g}, not a multiple of the strike grid of {:g} points", layer.width, grid));
}

void read_strike(const Table& table, LayerSpec& layer) {
    struct Choice {
        const char* key;
        StrikeRule rule;
        Bounds bounds;
    };
    constexpr Choice choices[] = {
        {"delta", StrikeRule::delta, kDelta},
        {"points", StrikeRule::points, {.low = -1e4, .high = 1e4}},
        {"moneyness", StrikeRule::moneyness, {.low = 0.1, .high = 10.0}},
        {"strike", StrikeRule::fixed, kPositive},
    };
    std::string chosen;
    for (const Choice& choice : choices) {
        const auto value = table.number_if(choice.key, choice.bounds);
        if (!value) continue;
        if (!layer.kind.has_strike()) table.fail(choice.key, "does not belong to a future");
        if (!chosen.empty()) table.fail(choice.key, fmt::format("excludes {}: give one of them", chosen));
        chosen = choice.key;
        layer.strike_rule = choice.rule;
        layer.strike_value = *value;
    }
    if (chosen.empty() && layer.kind.has_strike()) table.fail_needs_one_of({"delta", "points", "moneyness", "strike"});
    if (layer.kind.is_spread) read_width(table, layer);
}

void read_expiry(const Table& table, LayerSpec& layer) {
    layer.expiry = table.date_if("expiry");
    if (layer.expiry && table.has("days")) table.fail("days", "excludes expiry: give one of them");
    if (!layer.expiry && !table.has("days")) table.refuse_slip_of({"days", "expiry"});
    if (!layer.expiry) layer.days = static_cast<int>(table.integer("days", 1, 400));
    layer.weekly = table.boolean("weekly", false);
}

/// A position already held says how much in the layer itself.
void check_held(const Table& section) {
    if (section.has("contracts")) return;
    if (!section.has("size")) section.refuse_slip_of({"contracts", "size"});
    if (section.has("paid"))
        section.fail("paid", "belongs to a position already held, which has contracts = N in the layer and no size");
    if (!section.has("size") && (section.has("strike") || section.has("expiry"))) {
        section.fail("",
                     "has terms of a position already held, but not how much: give contracts = N; "
                     "to buy it at the entry instead, size = { contracts = N }");
    }
}

void read_instrument(LayerSpec& layer) {
    check_held(layer.section);
    const Table table = layer.section.table("instrument");
    std::vector<std::string_view> names;
    for (const InstrumentEntry& entry : instrument_entries()) names.push_back(entry.name);
    layer.instrument = table.choice("type", names);
    const auto place = std::find(names.begin(), names.end(), layer.instrument) - names.begin();
    layer.kind = instrument_entries()[static_cast<std::size_t>(place)].kind();
    // A position already held names its strike and expiry at the layer itself.
    const bool held = layer.section.has("paid") || layer.section.has("strike") || layer.section.has("expiry");
    const Table& terms = held ? layer.section : table;
    read_expiry(terms, layer);
    read_strike(terms, layer);
}

void read_size(LayerSpec& layer) {
    const Table& section = layer.section;
    if (section.has("contracts")) {
        layer.contracts = section.number("contracts", kContracts);
        layer.held = true;
        layer.paid = section.number_if("paid", {.low = -1e5, .high = 1e5});
        if (section.has("size")) section.fail("size", "excludes contracts: give one of them");
        return;
    }
    const Table size = section.table("size");
    layer.contracts = size.number_if("contracts", kContracts);
    const auto budget = size.number_if("budget", {.low = 0.0, .high = 100.0, .low_open = true});
    if (layer.contracts.has_value() == budget.has_value()) {
        if (!budget) size.fail_needs_one_of({"contracts", "budget"});
        size.fail("budget", "excludes contracts: give one of them");
    }
    if (budget) {
        layer.budget = *budget;
        constexpr std::array<std::string_view, 4> bases{"max_risk", "credit", "equity", "margin"};
        const std::string base = size.choice("of", bases);
        layer.base = static_cast<BudgetBase>(std::find(bases.begin(), bases.end(), base) - bases.begin());
        layer.whole = size.boolean("whole", true);
    }
}

Rule rule_at(const LayerSpec& layer, const char* key, const std::string& text, const std::vector<Event>& events) {
    RuleNames names;
    for (const Event& event : events) names.events.push_back(event.name);
    return parse_rule(text, {layer.section.source(key), fmt::format("layer.{}.{}", layer.name, key)}, names);
}

void read_times(LayerSpec& layer, const std::vector<Event>& events) {
    const Table& section = layer.section;
    const std::string open = section.text("open", "entry"), close = section.text("close", "horizon");
    if (open != "entry") layer.open = rule_at(layer, "open", open, events);
    if (layer.open && layer.held) section.fail("open", "does not belong to a position that is already held");
    if (close == "hold") {
        layer.close = CloseRule::hold;
    } else if (close != "horizon") {
        layer.close = CloseRule::rule;
        layer.close_rule = rule_at(layer, "close", close, events);
    }
    layer.delay = static_cast<int>(section.integer("delay", 0, 1, 0));
}

}  // namespace

std::vector<LayerSpec> read_layers(const Table& scenario, const std::vector<Event>& events) {
    std::vector<LayerSpec> layers;
    std::set<std::string> names;
    for (const Table& table : scenario.tables("layer")) {
        LayerSpec layer(table);
        layer.name = table.text("name");
        const bool plain = !layer.name.empty() && layer.name.size() <= 32 &&
                           layer.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
        if (!plain) table.fail("name", "must be made of lower-case letters, digits and _, at most 32 of them");
        static constexpr std::array reserved{"costs", "long_put", "short_put", "short_call", "long_call", "unhedged"};
        if (std::find(reserved.begin(), reserved.end(), layer.name) != reserved.end()) {
            table.fail("name", fmt::format("is '{}', which names something else in the results", layer.name));
        }
        if (!names.insert(layer.name).second)
            table.fail("name", fmt::format("'{}' is used by another layer", layer.name));
        read_instrument(layer);
        read_size(layer);
        read_times(layer, events);
        layers.push_back(std::move(layer));
        if (layers.size() > 8) table.fail("", "is a ninth layer; a book has at most 8");
    }
    return layers;
}

}  // namespace volstorm
