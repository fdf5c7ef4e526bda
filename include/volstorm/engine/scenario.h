#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "volstorm/core/table.h"
#include "volstorm/engine/generator.h"
#include "volstorm/engine/sample_layout.h"
#include "volstorm/hedge/account.h"
#include "volstorm/hedge/layer.h"
#include "volstorm/instrument/condor.h"
#include "volstorm/market/market.h"
#include "volstorm/model/model.h"

namespace volstorm {

enum class Measure { physical, pricing };

inline constexpr std::uint64_t kPathLimit = 1'000'000'000'000;

/// The `[sampling]` section.
struct Sampling {
    std::uint64_t paths = 100'000;  // in strata: as many as the layout needs for those asked for
    std::uint64_t asked = paths;    // by the scenario
    std::uint64_t seed = 0;         // an ordinary seed
    SamplingMethod method = SamplingMethod::plain;
    Measure measure = Measure::physical;
    int bars = 78;  // a session
};

/// What a result keeps besides its figures: every path; the worst ones (kTailPaths), each with all its columns; none.
enum class Store { all, tail, summary };
std::string_view to_string(Store store);  // as in a scenario

/// The `[output]` section.
struct Output {
    bool archive = false;
    Store store = Store::all;
};

/// The `[realised]` section: what the next session really did.
struct Realised {
    double spx = 0.0;  // index points at the settlement
    double vix = 0.0;  // points
};

/// One `[[claim]]`: on the paths where `given` holds, `expect` should hold on at least `share` of them.
struct ClaimSpec {
    std::string text, given, expect;
    double share = 0.5;
    TextPlace given_place, expect_place;
};

enum class PriceType { spx_call, spx_put, vix_call, vix_put, vix_future, vix };
/// One `[[price]]` row: a contract to price at the entry.
struct PriceRow {
    std::string name;
    PriceType type = PriceType::vix;
    double strike = 0.0;
    double years = 0.0;  // to expiry, on both clocks
};

/// A scenario, read and checked: what `run` simulates.
struct Scenario {
    std::string path;  // of the file
    std::string title;
    Market market;
    std::vector<Event> events;
    ModelInput model;
    GeneratorSpec generator;
    std::optional<CondorSpec> condor;
    std::vector<LayerSpec> layers;
    Costs costs;
    Account account;
    Sampling sampling;
    Output output;
    std::optional<Realised> realised;
    std::vector<ClaimSpec> claims;
    std::vector<PriceRow> prices;
    std::string text;               // the effective TOML, which reads back to the same scenario
    std::vector<Setting> settings;  // every setting with its origin, for `check --explain`

    /// Of the books with the first layers: unhedged, +first, +first+second ...
    std::vector<std::string> strategy_names() const;
};

/// Reads a scenario file strictly; throws InputError with file, line, column, what is wrong and what would be right.
/// `overrides` are `key=value` of --set.
Scenario read_scenario(const std::filesystem::path& file, std::span<const std::string> overrides = {});

/// The same from text that is stored in a result; `path` names the file that the text came from.
Scenario parse_scenario(const std::string& text, const std::string& path);

}  // namespace volstorm
