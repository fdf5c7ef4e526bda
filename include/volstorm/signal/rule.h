#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
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

struct PriceRange {
    double low = 0.0, high = std::numeric_limits<double>::infinity();
};
/// Prices of one moment: index points and points.
struct PriceBox {
    PriceRange spx{}, vix{};
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
    bool any_run_ = false;                       // some `for` may have counted a bar
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
    void skip(const Bar& bar, RuleState& state) const { end_bar(bar, state, true); }
    bool may_skip() const { return holds_ == 0; }

    /// What it says at a bar depends on the prices there and on closed sessions alone: no `for`, no series of bars.
    bool reads_one_bar() const { return holds_ == 0 && !has_bar_series_; }
    /// Which prices it reads between closes: the other may be missing in a bar. A close has both.
    bool reads_spx() const { return reads_spx_; }
    bool reads_vix() const { return reads_vix_; }

    /// Whether bars may be left out at which bounds() exclude every path: no series of bars, no `not` around a `for`.
    bool may_screen() const { return !has_bar_series_ && (holds_ == 0 || !has_not_); }
    /// Prices, until the next close, outside of which the rule and what stands before each `for` are not true on the
    /// first path, and so on no path that has the same closed sessions. A few boxes, perhaps none.
    std::vector<PriceBox> bounds(const RuleState& state) const;
    /// Takes a bar, which is no close, that has every path outside the bounds; those inside are asked about by
    /// ask_few(). What `for` counted before goes to `before`.
    void pass_outside(RuleState& state, RuleState& before) const;
    /// Asks about `few.size()` paths inside the bounds at a bar that was passed so: sets fires[j] as evaluate does.
    /// `bar` and `columns` are of as many paths or more, these first.
    void ask_few(const Bar& bar, std::span<const std::size_t> few, const RuleState& before, RuleState& columns,
                 RuleState& state, std::uint8_t* fires) const;

 private:
    enum class Carry { nothing, bar_signals };  // what takes a bar as it is read
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
        bool rises_with_price = false;  // a variable
        std::size_t index = 0;          // of a signal, a layer or a `for`
        DateTime event_time{};
        bool with_literal = false;  // a comparison with a number, which is then no instruction of its own
        double literal = 0.0;
    };
    Instruction prepare_call(const Node& node, const Rule& rule, const History& history, std::span<const Event> events);
    std::size_t prepare_signal(const Node& node, const Rule& rule, const History& history);
    void read(const Bar& bar, RuleState& state, std::uint8_t* fires, Carry carry) const;
    void push_call(const Instruction& instruction, const RuleView& view, RuleState& state, Carry carry) const;
    void push_signal(const PreparedSignal& signal, const Bar& bar, RuleState& state, Carry carry, double* out) const;
    void hold(const Instruction& instruction, RuleState& state) const;
    void note_what_is_read();
    std::vector<PriceBox> bounds_of(const Instruction& leaf, Op comparison, double literal,
                                    const RuleState& state) const;
    double value_at(const Instruction& leaf, double price, const RuleState& state) const;
    bool is_series(const Instruction& leaf, std::string_view price) const;
    void end_bar(const Bar& bar, RuleState& state, bool with_bar_signals) const;

    Expression expression_;
    EntryQuotes entry_;
    double day_spx_, day_vix_;  // at the start
    std::size_t history_closes_;
    std::vector<Instruction> program_;
    std::vector<PreparedSignal> signals_;
    std::size_t columns_ = 0, holds_ = 0;
    bool has_bar_series_ = false, has_not_ = false, reads_spx_ = false, reads_vix_ = false;
};

}  // namespace volstorm
