#pragma once
#include <optional>
#include <string>
#include <vector>

#include "volstorm/core/table.h"
#include "volstorm/instrument/layer_instrument.h"
#include "volstorm/market/event.h"
#include "volstorm/signal/rule.h"

namespace volstorm {

enum class StrikeRule { none, delta, points, moneyness, fixed };
enum class BudgetBase { max_risk, credit, equity, margin };
enum class CloseRule { horizon, hold, rule };

/// One `[[layer]]`: what it holds, how much of it, when it opens and closes.
struct LayerSpec {
    explicit LayerSpec(Table table) : section(std::move(table)) {}

    std::string name;
    std::string instrument;  // name of its kind
    InstrumentKind kind;
    int days = 0;                // calendar days from the fill to the expiry wanted
    std::optional<Date> expiry;  // or the expiry itself
    bool weekly = false;
    StrikeRule strike_rule = StrikeRule::none;
    double strike_value = 0.0;  // delta, points, moneyness or the strike itself
    double width = 0.0;         // of a spread, points

    std::optional<double> contracts;  // or a budget:
    double budget = 0.0;              // share of `base`
    BudgetBase base = BudgetBase::max_risk;
    bool whole = true;  // contracts are rounded down to whole ones

    std::optional<Rule> open;  // none: at the entry
    CloseRule close = CloseRule::horizon;
    std::optional<Rule> close_rule;
    int delay = 0;  // bars between the decision and the fill

    std::optional<double> paid;  // points paid when a position already held was opened
    bool held = false;
    Table section;

    bool needs_bars() const { return open.has_value() || close == CloseRule::rule; }
};

/// Reads every `[[layer]]`, rules included. Errors are InputError with the place of the key, or of the column in a
/// rule.
std::vector<LayerSpec> read_layers(const Table& scenario, const std::vector<Event>& events);

}  // namespace volstorm
