#include "volstorm/engine/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace volstorm {

#define ENTRY(name, summary) GeneratorSpec name##_generator(const Table& scenario, const Market& market);
#include "registry.def"
#undef ENTRY

std::span<const GeneratorEntry> generator_entries() {
    static constexpr auto kEntries = std::to_array<GeneratorEntry>({
#define ENTRY(name, summary) {#name, summary, name##_generator},
#include "registry.def"
#undef ENTRY
    });
    return kEntries;
}

namespace {

// What only paths of the model take up is refused with other paths, not ignored.
void refuse_settings_of_the_model(const Table& scenario, std::string_view generator) {
    const auto refuse = [&](const Table& table, std::string_view key) {
        if (table.has(key))
            table.fail(key,
                       fmt::format("changes nothing with model.generator = \"{}\", whose paths are not the model's",
                                   generator));
    };
    const Table model = scenario.table("model");
    for (const std::string_view key : {"physical", "equity_premium"}) refuse(model, key);
    for (const Table& event : scenario.tables("event")) {
        for (const std::string_view key : {"physical_sd", "physical_mean"}) refuse(event, key);
    }
    const auto sampling = scenario.table_if("sampling");
    if (sampling && sampling->has("measure") && sampling->text("measure") == "pricing") {
        sampling->fail("measure",
                       fmt::format("is \"pricing\", but model.generator = \"{}\" has paths of what happened: "
                                   "there is no pricing measure of it",
                                   generator));
    }
}

}  // namespace

GeneratorSpec read_generator(const Table& scenario, const Market& market) {
    std::vector<std::string_view> names;
    for (const GeneratorEntry& entry : generator_entries()) names.push_back(entry.name);
    const Table model = scenario.table("model");
    const std::string name = model.choice("generator", names, names.front());
    // A section has the name of the generator that it belongs to.
    for (const std::string_view other : names) {
        if (other == name || other == names.front() || !scenario.has(other)) continue;
        scenario.fail(other, fmt::format("changes nothing with model.generator = \"{}\"; leave one of the two out "
                                         "(--set {}=)",
                                         name, other));
    }
    if (name != names.front()) refuse_settings_of_the_model(scenario, name);
    if (name != "named_day" && model.has("named_days"))
        model.fail("named_days", fmt::format("changes nothing with model.generator = \"{}\"", name));
    const auto entry = std::ranges::find(generator_entries(), name, &GeneratorEntry::name);
    GeneratorSpec spec = entry->read(scenario, market);
    spec.name = entry->name;
    return spec;
}

}  // namespace volstorm
