#include <fmt/format.h>

#include <array>
#include <vector>

#include "command.h"
#include "print.h"
#include "volstorm/core/text.h"
#include "volstorm/instrument/layer_instrument.h"
#include "volstorm/report/days_text.h"
#include "volstorm/risk/book.h"
#include "volstorm/signal/registry.h"
#include "volstorm/signal/rule.h"

namespace volstorm {
namespace {

void list_instruments() {
    say("instruments (layer.instrument.type)\n");
    for (const InstrumentEntry& entry : instrument_entries()) say("  {:<18} {}\n", entry.name, entry.summary);
}

void list_signals() {
    say("signals (in rules)\n");
    for (const SignalEntry& entry : signal_entries()) say("  {:<18} {}\n", entry.name, entry.summary);
}

void list_rules() {
    say("words of rules (layer.open, layer.close)\n");
    for (const Word& word : rule_vocabulary({.events = {"NAME"}}).words) say("  {:<18} {}\n", word.name, word.help);
}

void list_claims() {
    say("variables of claims (claim.given, claim.expect)\n");
    for (const auto& [name, help] : claim_variables()) say("  {:<18} {}\n", name, help);
}

void list_generators() {
    say("generators of paths (model.generator)\n");
    for (const GeneratorEntry& entry : generator_entries()) say("  {:<18} {}\n", entry.name, entry.summary);
}

void list_days() { say("{}", day_list_text(named_days())); }

struct Topic {
    const char* name;
    void (*print)();
};
constexpr std::array<Topic, 6> kTopics{{{"instruments", list_instruments},
                                        {"signals", list_signals},
                                        {"rules", list_rules},
                                        {"claims", list_claims},
                                        {"generators", list_generators},
                                        {"days", list_days}}};

}  // namespace

Exit list_command(const std::string& what) {
    bool found = false;
    std::vector<std::string> names;
    for (const Topic& topic : kTopics) {
        names.emplace_back(topic.name);
        if (!what.empty() && what != topic.name) continue;
        if (found) say("\n");
        topic.print();
        found = true;
    }
    if (found) return Exit::ok;
    const std::string nearest = nearest_word(what, names);
    note("volstorm list: no list '{}'{}\n", printable(what),
         nearest.empty() ? ": instruments, signals, rules, claims, generators, days"
                         : fmt::format(" (did you mean {}?)", nearest));
    return Exit::usage;
}

}  // namespace volstorm
