#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "rule_variable.h"
#include "volstorm/core/clones.h"
#include "volstorm/signal/registry.h"
#include "volstorm/signal/rule.h"

namespace volstorm {
namespace {

/// The earliest time of the events of this name.
DateTime event_time(const std::string& name, std::span<const Event> events) {
    DateTime time = DateTime::max();
    for (const Event& event : events) {
        if (event.name == name) time = std::min(time, event.time);
    }
    if (time == DateTime::max()) throw std::invalid_argument("no event is named " + name);
    return time;
}

std::unique_ptr<const Signal> make_signal(const Node& node) {
    std::vector<int> periods;
    for (const Argument& argument : std::span(node.arguments).subspan(1)) periods.push_back(argument.number);
    for (const SignalEntry& entry : signal_entries()) {
        if (entry.name == node.word) return entry.kind().make(periods);
    }
    throw std::invalid_argument("no signal is named " + node.word);
}

/// The state after all closes of `history`, on one path.
std::vector<double> state_after(const Signal& signal, std::span<const double> history) {
    std::vector<double> state(signal.columns(), 0.0);
    for (std::size_t day = 0; day < history.size(); ++day) signal.advance(1, day, &history[day], state.data());
    return state;
}

const RuleVariable* find_variable(const std::string& name) {
    const auto variables = rule_variables();
    const auto found = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.name == name; });
    return found == variables.end() ? nullptr : &*found;
}

VOLSTORM_CLONES
void true_flags(const std::uint8_t* __restrict flags, std::uint8_t* __restrict fires, std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) fires[i] = flags[i] == kTrue ? 1 : 0;
}

// Bars for which a condition has held, at most `bars`.
inline std::uint16_t next_run(std::uint16_t run, bool goes_on, std::uint16_t bars) {
    const auto longer = static_cast<std::uint16_t>(run < bars ? run + 1 : bars);
    return goes_on ? longer : std::uint16_t{0};
}

VOLSTORM_CLONES
void count_bars(std::uint16_t bars, std::uint16_t* __restrict run, std::uint16_t* __restrict possible,
                std::uint8_t* __restrict value, std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) {
        run[i] = next_run(run[i], value[i] == kTrue, bars);
        possible[i] = next_run(possible[i], value[i] != kFalse, bars);
        value[i] = run[i] == bars ? kTrue : possible[i] == bars ? kUndefined : kFalse;
    }
}

}  // namespace

PreparedRule::PreparedRule(const Rule& rule, const EntryQuotes& entry, const History& history,
                           std::span<const Event> events)
    : expression_(rule.expression),
      entry_(entry),
      day_spx_(history.empty() ? entry.spx : history.spx.back()),
      day_vix_(history.empty() ? entry.vix : history.vix.back()),
      history_closes_(history.dates.size()) {
    for (const Node& node : expression_.nodes) {
        Instruction instruction{.node = node};
        if (node.op == Op::variable) {
            const RuleVariable& variable = *find_variable(node.word);
            instruction.kernel = variable.kernel, instruction.rises_with_price = variable.rises_with_price;
        }
        if (node.op == Op::call) instruction = prepare_call(node, rule, history, events);
        if (node.op == Op::hold) instruction.index = holds_++;
        if (is_comparison(node.op) && program_.back().node.op == Op::number) {
            instruction.with_literal = true;
            instruction.literal = program_.back().node.number;
            program_.pop_back();
        }
        if (node.op == Op::negate && program_.back().node.op == Op::number) {
            program_.back().node.number *= -1.0;
            continue;
        }
        program_.push_back(std::move(instruction));
    }
    note_what_is_read();
}

void PreparedRule::note_what_is_read() {
    for (const Instruction& instruction : program_) {
        has_not_ = has_not_ || instruction.node.op == Op::logical_not;
        reads_spx_ = reads_spx_ || is_series(instruction, "spx");
        reads_vix_ = reads_vix_ || is_series(instruction, "vix");
    }
    for (const PreparedSignal& signal : signals_) has_bar_series_ = has_bar_series_ || !signal.series.is_daily;
}

// Whether a leaf is a number made of this price.
bool PreparedRule::is_series(const Instruction& leaf, std::string_view price) const {
    const Node& node = leaf.node;
    if (node.op == Op::variable) return node.word.starts_with(price);
    return node.op == Op::call && !node.arguments.empty() && node.arguments[0].word.starts_with(price) &&
           node.word != "event" && node.word != "profit";
}

PreparedRule::Instruction PreparedRule::prepare_call(const Node& node, const Rule& rule, const History& history,
                                                     std::span<const Event> events) {
    Instruction call{.node = node};
    if (const RuleVariable* variable = find_variable(node.word)) {
        call.kernel = variable->kernel;
    } else if (node.word == "event") {
        call.event_time = event_time(node.arguments[0].word, events);
    } else if (node.word == "profit") {
        const auto& layers = rule.names.layers;
        const auto layer = std::find(layers.begin(), layers.end(), node.arguments[0].word);
        call.index = static_cast<std::size_t>(layer - layers.begin());
    } else {
        call.index = prepare_signal(node, rule, history);
    }
    return call;
}

std::size_t PreparedRule::prepare_signal(const Node& node, const Rule& rule, const History& history) {
    const std::string& series = node.arguments[0].word;
    PreparedSignal prepared;
    prepared.signal = make_signal(node);
    prepared.series = {.is_vix = series.starts_with("vix"), .is_daily = !series.ends_with(".bar")};
    const std::size_t needed = prepared.signal->closes_needed() - 1;  // the running value is the last
    if (prepared.series.is_daily && history_closes_ < needed) {
        fail_at(rule.place, node.offset,
                fmt::format("{} needs {} closes before the entry day, and the history has {}", to_text(node), needed,
                            history_closes_));
    }
    const std::vector<double>& closes = prepared.series.is_vix ? history.vix : history.spx;
    prepared.start = state_after(*prepared.signal, prepared.series.is_daily ? closes : std::vector<double>{});
    prepared.first_column = columns_;
    columns_ += prepared.signal->columns();
    signals_.push_back(std::move(prepared));
    return signals_.size() - 1;
}

void PreparedRule::reset(std::size_t paths, RuleState& state) const {
    state.values_.reset(expression_, paths);
    state.day_spx_.assign(paths, day_spx_);
    state.day_vix_.assign(paths, day_vix_);
    state.signals_.resize(columns_ * paths);
    double* column = state.signals_.data();
    for (const PreparedSignal& prepared : signals_) {
        for (const double start : prepared.start) column = std::fill_n(column, paths, start);
    }
    state.true_bars_.assign(holds_ * paths, 0);
    state.not_false_bars_.assign(holds_ * paths, 0);
    state.bars_ = state.sessions_ = 0;
    state.any_run_ = false;
}

void PreparedRule::evaluate(const Bar& bar, RuleState& state, std::uint8_t* fires) const {
    read(bar, state, fires, Carry::bar_signals);
    end_bar(bar, state, false);
}

void PreparedRule::read(const Bar& bar, RuleState& state, std::uint8_t* fires, Carry carry) const {
    const RuleView view{bar, entry_, state.day_spx_.data(), state.day_vix_.data()};
    for (const Instruction& instruction : program_) {
        switch (instruction.node.op) {
            case Op::variable:
                instruction.kernel(view, state.values_.push_number());
                break;
            case Op::call:
                push_call(instruction, view, state, carry);
                break;
            case Op::hold:
                hold(instruction, state);
                break;
            default:
                if (instruction.with_literal) {
                    compare_with(instruction.node.op, instruction.literal, state.values_);
                } else {
                    apply_operator(instruction.node, state.values_);
                }
        }
    }
    true_flags(state.values_.pop_flag(), fires, bar.paths);
}

void PreparedRule::push_call(const Instruction& call, const RuleView& view, RuleState& state, Carry carry) const {
    const Bar& bar = view.bar;
    if (call.kernel != nullptr) {
        call.kernel(view, state.values_.push_number());
    } else if (call.node.word == "event") {
        std::fill_n(state.values_.push_flag(), bar.paths, bar.time >= call.event_time ? kTrue : kFalse);
    } else if (call.node.word == "profit") {
        std::copy_n(bar.profit[call.index], bar.paths, state.values_.push_number());
    } else {
        push_signal(signals_[call.index], bar, state, carry, state.values_.push_number());
    }
}

void PreparedRule::push_signal(const PreparedSignal& prepared, const Bar& bar, RuleState& state, Carry carry,
                               double* out) const {
    const Signal& signal = *prepared.signal;
    const std::size_t seen = prepared.series.is_daily ? history_closes_ + state.sessions_ : state.bars_;
    const bool defined = seen + 1 >= signal.closes_needed();
    const bool carries = carry == Carry::bar_signals && !prepared.series.is_daily;
    const double* price = prepared.series.is_vix ? bar.vix : bar.spx;
    double* columns = state.signals_.data() + prepared.first_column * bar.paths;
    if (!defined) std::fill_n(out, bar.paths, std::numeric_limits<double>::quiet_NaN());
    if (defined && carries) {
        signal.value_and_advance(bar.paths, seen, price, columns, out);
    } else if (defined) {
        signal.value(bar.paths, seen, price, columns, out);
    } else if (carries) {
        signal.advance(bar.paths, seen, price, columns);
    }
}

void PreparedRule::hold(const Instruction& instruction, RuleState& state) const {
    const auto bars = static_cast<std::uint16_t>(instruction.node.number);
    const std::size_t paths = state.values_.paths();
    state.any_run_ = true;
    count_bars(bars, state.true_bars_.data() + instruction.index * paths,
               state.not_false_bars_.data() + instruction.index * paths, state.values_.top_flag(), paths);
}

void PreparedRule::end_bar(const Bar& bar, RuleState& state, bool with_bar_signals) const {
    for (const PreparedSignal& prepared : signals_) {
        const bool due = prepared.series.is_daily ? bar.is_close : with_bar_signals;
        if (!due) continue;
        const std::size_t seen = prepared.series.is_daily ? history_closes_ + state.sessions_ : state.bars_;
        const double* price = prepared.series.is_vix ? bar.vix : bar.spx;
        prepared.signal->advance(bar.paths, seen, price, state.signals_.data() + prepared.first_column * bar.paths);
    }
    if (bar.is_close) {
        std::copy_n(bar.spx, bar.paths, state.day_spx_.begin());
        std::copy_n(bar.vix, bar.paths, state.day_vix_.begin());
    }
    ++state.bars_;
    state.sessions_ += bar.is_close ? 1 : 0;
}

}  // namespace volstorm
