#include "volstorm/signal/rule.h"

#include "rule_variable.h"
#include "volstorm/signal/registry.h"

namespace volstorm {
namespace {

Word name_function(std::string name, std::string kind, Type type, std::string help, std::vector<std::string> names) {
    return {.name = std::move(name),
            .type = type,
            .help = std::move(help),
            .is_function = true,
            .parameters = {{.name = std::move(kind), .kind = ParameterKind::word, .words = std::move(names)}}};
}

Word signal_word(const SignalEntry& entry) {
    const SignalKind kind = entry.kind();
    Word word{.name = std::string(entry.name), .help = std::string(entry.summary), .is_function = true};
    word.parameters.push_back(
        {.name = "series", .kind = ParameterKind::word, .words = {"vix", "vix.bar", "spx", "spx.bar"}});
    word.parameters.insert(word.parameters.end(), kind.periods.begin(), kind.periods.end());
    word.check = kind.check;
    return word;
}

}  // namespace

Vocabulary rule_vocabulary(const RuleNames& names) {
    Vocabulary vocabulary;
    for (const RuleVariable& variable : rule_variables()) {
        if (variable.of_condor && !names.short_delta) continue;
        vocabulary.words.push_back({.name = std::string(variable.name),
                                    .help = std::string(variable.help),
                                    .is_function = variable.is_function});
    }
    vocabulary.words.push_back(
        name_function("event", "event", Type::flag, "true at and after the time of this event", names.events));
    if (!names.layers.empty()) {
        vocabulary.words.push_back(name_function("profit", "layer", Type::number,
                                                 "P&L of this layer over the premium paid, 1 is 100 %", names.layers));
    }
    for (const SignalEntry& entry : signal_entries()) vocabulary.words.push_back(signal_word(entry));
    return vocabulary;
}

Rule parse_rule(std::string_view text, const TextPlace& place, const RuleNames& names) {
    return {parse_condition(text, place, rule_vocabulary(names)), place, names};
}

}  // namespace volstorm
