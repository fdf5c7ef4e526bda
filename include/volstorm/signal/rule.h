#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/market/event.h"
#include "volstorm/market/history.h"
#include "volstorm/signal/expression.h"
#include "volstorm/signal/signal.h"
#include "volstorm/signal/value_stack.h"

namespace volstorm {

/// What the scenario adds to the words of a rule.
struct RuleNames {
    std::vector<std::string> events{};  // for event(NAME)
    std::vector<std::string> layers{};  // for profit(NAME); bars then bring Bar::profit in this order
    bool short_delta = false;           // bars bring Bar::short_delta
};

/// The words of rules, with a line of help each: what `volstorm list rules` prints.
Vocabulary rule_vocabulary(const RuleNames& names);

/// A rule as written and checked: when a layer opens, closes or rolls.
struct Rule {
    Expression expression;
    TextPlace place;
    RuleNames names;
};

/// Reads a rule; throws InputError with the column of the mistake.
Rule parse_rule(std::string_view text, const TextPlace& place, const RuleNames& names);

/// The market at the moment a rule is first read.
struct EntryQuotes {
    DateTime time;
    double spx = 0.0;  // index points
    double vix = 0.0;  // points
};

/// A block of paths at the end of a bar. At the entry, every path stands at the entry quotes.
struct Bar {
    DateTime time;
    bool is_close = false;  // the session's close: daily signals take this bar's values as the day's
    std::size_t paths = 0;
    const double* spx = nullptr;                 // index points
    const double* vix = nullptr;                 // points
    const double* short_delta = nullptr;         // larger absolute delta of the short legs, if the rule may ask
    std::span<const double* const> profit = {};  // by layer: P&L over premium paid; NaN where nothing was bought
};

/// What a rule remembers of a block of paths; one for each thread and rule.
class RuleState {
    friend class PreparedRule;
    ValueStack values_;
    std::vector<double> day_spx_, day_vix_;      // the previous 16:00 close, or the entry
    std::vector<double> signals_;                // columns of every signal, one value a path
    std::vector<std::uint16_t> true_bars_;       // for each `for`: bars the condition has held without a break
    std::vector<std::uint16_t> not_false_bars_;  // the same, undefined bars included
    std::size_t bars_ = 0, sessions_ = 0;        // bars seen, closes among them
};

struct RuleView;

/// A rule made ready for a run: immutable, shared by all threads.
class PreparedRule {
 public:
    /// Throws InputError at the call whose daily signal needs more closes than `history` has.
    PreparedRule(const Rule& rule, const EntryQuotes& entry, const History& history, std::span<const Event> events);

    /// Forgets everything and begins a block; allocates only while blocks grow.
    void reset(std::size_t paths, RuleState& state) const;

    /// Reads the next bar, and sets fires[i] to 1 where the rule is true on path i, else to 0. Bars come in order of
    /// time, each once, the entry first, whether or not the layer is waiting: signals and `for` count them.
    void evaluate(const Bar& bar, RuleState& state, std::uint8_t* fires) const;
    /// Takes a bar without asking whether the rule is true there; only where may_skip(): `for` must ask at every bar.
    void skip(const Bar& bar, RuleState& state) const { end_bar(bar, state); }
    bool may_skip() const { return holds_ == 0; }

 private:
    using NumberKernel = void (*)(const RuleView&, double* out);
    struct Series {
        bool is_vix = false, is_daily = true;
    };
    struct PreparedSignal {
        std::shared_ptr<const Signal> signal;
        Series series;
        std::size_t first_column = 0;
        std::vector<double> start;  // the state after the history, the same on every path
    };
    struct Instruction {
        Node node;
        NumberKernel kernel = nullptr;  // of a variable or minutes()
        std::size_t index = 0;          // of a signal, a layer or a `for`
        DateTime event_time{};
        bool with_literal = false;  // a comparison with a number, which is then no instruction of its own
        double literal = 0.0;
    };
    Instruction prepare_call(const Node& node, const Rule& rule, const History& history, std::span<const Event> events);
    std::size_t prepare_signal(const Node& node, const Rule& rule, const History& history);
    void push_call(const Instruction& instruction, const RuleView& view, RuleState& state) const;
    void push_signal(const PreparedSignal& signal, const Bar& bar, const RuleState& state, double* out) const;
    void hold(const Instruction& instruction, RuleState& state) const;
    void end_bar(const Bar& bar, RuleState& state) const;

    Expression expression_;
    EntryQuotes entry_;
    double day_spx_, day_vix_;  // at the start
    std::size_t history_closes_;
    std::vector<Instruction> program_;
    std::vector<PreparedSignal> signals_;
    std::size_t columns_ = 0, holds_ = 0;
};

}  // namespace volstorm
