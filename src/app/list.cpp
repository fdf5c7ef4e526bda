#include <fmt/format.h>

#include <array>
#include <vector>

#include "command.h"
#include "volstorm/core/text.h"
#include "volstorm/instrument/layer_instrument.h"
#include "volstorm/risk/book.h"
#include "volstorm/signal/registry.h"
#include "volstorm/signal/rule.h"

namespace volstorm {
namespace {

void list_instruments() {
    fmt::print("instruments (layer.instrument.type)\n");
    for (const InstrumentEntry& entry : instrument_entries()) fmt::print("  {:<18} {}\n", entry.name, entry.summary);
}

void list_signals() {
    fmt::print("signals (in rules)\n");
    for (const SignalEntry& entry : signal_entries()) fmt::print("  {:<18} {}\n", entry.name, entry.summary);
}

void list_rules() {
    fmt::print("words of rules (layer.open, layer.close)\n");
    for (const Word& word : rule_vocabulary({.events = {"NAME"}}).words)
        fmt::print("  {:<18} {}\n", word.name, word.help);
}

void list_claims() {
    fmt::print("variables of claims (claim.given, claim.expect)\n");
    for (const auto& [name, help] : claim_variables()) fmt::print("  {:<18} {}\n", name, help);
}

struct Topic {
    const char* name;
    void (*print)();
};
constexpr std::array<Topic, 4> kTopics{
    {{"instruments", list_instruments}, {"signals", list_signals}, {"rules", list_rules}, {"claims", list_claims}}};

}  // namespace

Exit list_command(const std::string& what) {
    bool found = false;
    std::vector<std::string> names;
    for (const Topic& topic : kTopics) {
        names.emplace_back(topic.name);
        if (!what.empty() && what != topic.name) continue;
        if (found) fmt::print("\n");
        topic.print();
        found = true;
    }
    if (found) return Exit::ok;
    const std::string nearest = nearest_word(what, names);
    fmt::print(stderr, "volstorm list: no list '{}'{}\n", printable(what),
               nearest.empty() ? ": instruments, signals, rules, claims" : fmt::format(" (did you mean {}?)", nearest));
    return Exit::usage;
}

}  // namespace volstorm
