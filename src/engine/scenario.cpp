#include "volstorm/engine/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr std::uint64_t kFewestInStrata = 1'024;         // by default
constexpr std::uint64_t kMostInStrata = 60'000'000'000;  // the points of a stratum have numbers of 32 bits

std::uint64_t read_paths(const Table& sampling, const GeneratorSpec& generator) {
    const std::uint64_t usual = generator.paths.value_or(Sampling().paths);
    const auto paths = static_cast<std::uint64_t>(
        sampling.integer("paths", 1, static_cast<std::int64_t>(kPathLimit), static_cast<std::int64_t>(usual)));
    if (generator.paths && paths != usual) {
        sampling.fail("paths", fmt::format("is {}, but model.generator = \"{}\" has {}, each once; leave it out (--set "
                                           "sampling.paths=)",
                                           paths, generator.name, usual));
    }
    return paths;
}

// Nothing where the scenario leaves it to the program.
std::optional<SamplingMethod> read_method(const Table& sampling, const GeneratorSpec& generator) {
    if (!sampling.has("method")) return std::nullopt;
    constexpr std::array methods{SamplingMethod::plain, SamplingMethod::stratified, SamplingMethod::hybrid};
    std::array<std::string_view, methods.size()> names;
    std::ranges::transform(methods, names.begin(), [](SamplingMethod method) { return to_string(method); });
    const std::string name = sampling.choice("method", names);
    const SamplingMethod method = methods[static_cast<std::size_t>(std::ranges::find(names, name) - names.begin())];
    if (method != SamplingMethod::plain && !generator.is_model()) {
        sampling.fail("method", fmt::format("is \"{}\", but model.generator = \"{}\" has paths of what happened, which "
                                            "are drawn plainly; leave it out (--set sampling.method=)",
                                            name, generator.name));
    }
    return method;
}

// Few paths are too few for strata in replicates; other paths than the model's have no strata.
SamplingMethod usual_method(std::uint64_t paths, const GeneratorSpec& generator) {
    const bool fit = paths >= kFewestInStrata && paths <= kMostInStrata;
    return generator.is_model() && fit ? SamplingMethod::hybrid : SamplingMethod::plain;
}

Sampling read_sampling(const Table& scenario, const GeneratorSpec& generator) {
    Sampling sampling;
    sampling.asked = generator.paths.value_or(sampling.paths);
    const auto table = scenario.table_if("sampling");
    const auto method = table ? read_method(*table, generator) : std::nullopt;
    if (table) sampling.asked = read_paths(*table, generator);
    sampling.method = method.value_or(usual_method(sampling.asked, generator));
    if (sampling.method != SamplingMethod::plain && sampling.asked > kMostInStrata) {
        table->fail("paths",
                    fmt::format("is {}, but at most {} can be drawn in strata; sampling.method = \"plain\" takes "
                                "more",
                                sampling.asked, kMostInStrata));
    }
    sampling.paths = sampling.method == SamplingMethod::plain ? sampling.asked : sample_layout(sampling.asked).paths();
    if (!table) return sampling;
    constexpr std::array<std::string_view, 2> measures{"physical", "pricing"};
    sampling.seed = static_cast<std::uint64_t>(table->integer("seed", 0, std::numeric_limits<std::int64_t>::max(), 0));
    if (table->choice("measure", measures, "physical") == "pricing") sampling.measure = Measure::pricing;
    constexpr std::array<int, 6> bars{13, 26, 39, 78, 156, 390};
    sampling.bars = static_cast<int>(table->integer("bars", 13, 390, kBarsPerSession));
    if (std::find(bars.begin(), bars.end(), sampling.bars) == bars.end()) {
        table->fail("bars", fmt::format("is {}, not one of 13, 26, 39, 78, 156, 390 bars a session", sampling.bars));
    }
    return sampling;
}

std::optional<Realised> read_realised(const Table& scenario) {
    const auto table = scenario.table_if("realised");
    if (!table) return std::nullopt;
    return Realised{table->number("spx", kPositive), table->number("vix", {.low = 1.0, .high = 300.0})};
}

std::vector<ClaimSpec> read_claims(const Table& scenario) {
    std::vector<ClaimSpec> claims;
    for (const Table& table : scenario.tables("claim")) {
        ClaimSpec claim{table.text("text"),
                        table.text("given"),
                        table.text("expect"),
                        table.number("share", kOpenUnitInterval, 0.5),
                        {},
                        {}};
        claim.given_place = {table.source("given"), fmt::format("{}.given", table.path())};
        claim.expect_place = {table.source("expect"), fmt::format("{}.expect", table.path())};
        claims.push_back(std::move(claim));
    }
    return claims;
}

constexpr std::array<std::string_view, 3> kStores{"all", "tail", "summary"};  // in the order of Store

Output read_output(const Table& scenario) {
    const auto table = scenario.table_if("output");
    if (!table) return {};
    const std::string store = table->choice("store", kStores, "all");
    return {table->boolean("archive", false), static_cast<Store>(std::ranges::find(kStores, store) - kStores.begin())};
}

std::vector<PriceRow> read_prices(const Table& scenario) {
    std::vector<PriceRow> rows;
    constexpr std::array<std::string_view, 6> types{"spx_call", "spx_put", "vix_call", "vix_put", "vix_future", "vix"};
    std::set<std::string> names;
    for (const Table& table : scenario.tables("price")) {
        PriceRow row;
        row.name = table.text("name");
        if (!names.insert(row.name).second) table.fail("name", fmt::format("'{}' is used by another row", row.name));
        const std::string type = table.choice("type", types);
        row.type = static_cast<PriceType>(std::find(types.begin(), types.end(), type) - types.begin());
        const bool has_strike = row.type < PriceType::vix_future;
        if (has_strike) row.strike = table.number("strike", kPositive);
        if (row.type != PriceType::vix) row.years = table.number("years", {.low = 0.0, .high = 30.0, .low_open = true});
        rows.push_back(row);
    }
    return rows;
}

// What must hold between sections.
void check_times(const Scenario& scenario, const Table& root) {
    const Market& market = scenario.market;
    if (!scenario.events.empty() && !market.has_time)
        root.fail("event", "needs market.time: an event is ahead of a moment");
    if (!scenario.condor) {
        if (market.spx_quotes || market.vix_quotes)
            root.table("market").fail("snapshot", "needs a condor: it is for a book");
        if (!scenario.layers.empty()) root.fail("layer", "needs a condor: its settlement is the horizon");
        return;
    }
    const CondorSpec& condor = *scenario.condor;
    if (!market.has_time) root.fail("market", "needs time: the condor is sold at a moment");
    const std::string expiry = to_string(condor.expiry);
    if (!is_session(condor.expiry)) {
        condor.section.fail("expiry", fmt::format("is {}, which is no trading session (the next is {})", expiry,
                                                  to_string(next_session(condor.expiry))));
    }
    if (session_close(condor.expiry) <= market.time) {
        condor.section.fail("expiry",
                            fmt::format("is {}, which is not after market.time {}", expiry, to_string(market.time)));
    }
    if (sessions_between(date_of(market.time), condor.expiry) > 10) {
        condor.section.fail("expiry",
                            fmt::format("is {}, more than 10 sessions after the entry; volstorm looks a day ahead, "
                                        "or a few",
                                        expiry));
    }
}

}  // namespace

namespace {

Scenario read_root(const Table& root, const std::string& path) {
    Scenario scenario;
    scenario.path = path;
    if (!root.has("market") && (root.has("anchor") || root.has("pricing")))
        root.fail("", "is a model file; a scenario belongs here, which names it as model.file");
    scenario.title = root.text("title", std::filesystem::path(path).stem().string());
    scenario.market = read_market(root);
    scenario.events = read_events(root, scenario.market.vix);
    scenario.model = read_model(root);
    scenario.generator = read_generator(root, scenario.market);
    scenario.condor = read_condor(root);
    scenario.layers = read_layers(root, scenario.events);
    scenario.costs = read_costs(root);
    scenario.account = read_account(root);
    scenario.sampling = read_sampling(root, scenario.generator);
    scenario.output = read_output(root);
    scenario.realised = read_realised(root);
    scenario.claims = read_claims(root);
    scenario.prices = read_prices(root);
    root.finish();
    check_times(scenario, root);
    scenario.text = root.effective_text();
    scenario.settings = root.settings();
    return scenario;
}

}  // namespace

std::vector<std::string> Scenario::strategy_names() const {
    std::vector<std::string> names{"unhedged"};
    for (const LayerSpec& layer : layers)
        names.push_back(names.size() == 1 ? "+" + layer.name : names.back() + "+" + layer.name);
    return names;
}

std::string_view to_string(Store store) { return kStores[static_cast<std::size_t>(store)]; }

Scenario read_scenario(const std::filesystem::path& file, std::span<const std::string> overrides) {
    return read_root(Table::load(file, overrides), file.string());
}

Scenario parse_scenario(const std::string& text, const std::string& path) {
    return read_root(Table::parse(text, path), path);
}

}  // namespace volstorm
