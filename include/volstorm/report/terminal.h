#pragma once
#include <cstdint>
#include <string>

#include "volstorm/engine/experiment.h"
#include "volstorm/risk/book.h"

namespace volstorm {

/// What the run put on: strikes, credit, max risk, margin, premium of each layer with its base. Plain text of at most
/// 100 columns, but for what the scenario itself says (names, rules, claims).
std::string entry_text(const Experiment& experiment);

/// The figures of a run: each strategy, the tail with intervals, the sides apart, layers, claims, what really happened.
std::string risk_text(const Experiment& experiment, const BookRisk& risk);

}  // namespace volstorm
