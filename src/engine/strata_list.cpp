// Which strata there are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "volstorm/engine/path_kernel.h"
#include "volstorm/engine/strata.h"

namespace volstorm {
namespace {

constexpr double kEarly = 1.6;        // times the hazard of a path: later clocks hardly ever jump,
constexpr double kDoubtful = 1.2;     // from here on those before them seldom do
constexpr double kRare = 0.05;        // hazard of a path below which a second jump of the family makes no stratum
constexpr double kNegligible = 1e-4;  // below it no tail that is reported knows of the family: it is left free
constexpr double kFrequent = 2.0;     // above it the family is none of rare jumps, and is left free
constexpr std::size_t kMostFamilies = 2;
constexpr double kShareUnits = 0x1p24;  // a share of the paths is a whole number of so many parts
constexpr std::uint32_t kSlotsForAll =
    2'048;  // with fewer the strata are coarse, so that one slot each is no large part,
constexpr std::uint32_t kSlotsForJumps = 256;  // and of the SPX move alone

using Edges = std::vector<double>;  // of bins of probability

/// How finely each class of paths is divided.
struct Grid {
    Edges quiet, doubtful;        // the move, where no family jumps, and where one may
    Edges one, one_size;          // the move and the size, where a frequent family jumps once
    Edges several, several_size;  // where it jumps more often
    Edges rare, rare_size;        // where a rare family may jump
};

const Grid kFine{.quiet = {0.0002, 0.001, 0.004, 0.015, 0.05, 0.16},
                 .doubtful = {0.001, 0.01, 0.05, 0.16},
                 .one = {0.001, 0.01, 0.05, 0.16},
                 .one_size = {0.01, 0.05, 0.2, 0.5, 0.8},
                 .several = {0.001, 0.01, 0.05, 0.16},
                 .several_size = {0.02, 0.1, 0.3, 0.7},
                 .rare = {0.01, 0.05, 0.2},
                 .rare_size = {0.01, 0.05, 0.2, 0.5}};
const Grid kCoarse{.quiet = {0.005, 0.05},
                   .doubtful = {0.05},
                   .one = {0.05},
                   .one_size = {0.2},
                   .several = {},
                   .several_size = {},
                   .rare = {},
                   .rare_size = {0.1}};

/// What a family may do in a stratum.
struct FamilyClass {
    std::string name;
    ClockRange clock;
    double probability;
};

/// A family whose first clock makes strata. One that is rare is told late or early; of another its jumps are counted.
/// Other families stay free where it may jump.
struct Family {
    std::size_t index;
    double hazard;  // of a path whose v stays what it is
    bool is_rare;
};

using Kind = ClockRange::Kind;

FamilyClass late_class(const std::string& name, double hazard) {
    return {name + " late, ",
            {.kind = Kind::late, .from = static_cast<float>(kEarly * hazard)},
            std::exp(-kEarly * hazard)};
}

// The first clock runs out between two values.
FamilyClass early_class(const std::string& name, double from, double to) {
    const double within = -std::expm1(from - to);
    return {name,
            {.kind = Kind::early, .from = static_cast<float>(from), .probability = static_cast<float>(within)},
            std::exp(-from) * within};
}

FamilyClass one_class(const std::string& name, double hazard) {
    return {name + " once, ", {.kind = Kind::one, .window = static_cast<float>(hazard)}, hazard * std::exp(-hazard)};
}

FamilyClass several_class(const std::string& name, double hazard) {
    const double none_or_one = (1.0 + hazard) * std::exp(-hazard);
    return {name + " more often, ", {.kind = Kind::several, .window = static_cast<float>(hazard)}, 1.0 - none_or_one};
}

// The rarest families first. Of two only the more frequent one is counted.
std::vector<Family> families_of(const PathPlan& plan) {
    double years = 0.0;
    for (const StepConstants& step : plan.steps) years += step.dt;
    std::vector<Family> list;
    for (std::size_t j = 0; j < plan.jumps.size(); ++j) {
        const JumpConstants& family = plan.jumps[j];
        const double v0 = std::max(plan.v0, 0.0f);
        const double hazard = (family.intensity + family.intensity_per_variance * v0) * years;
        if (hazard > kNegligible && hazard < kFrequent) list.push_back({j, hazard, hazard < kRare});
    }
    std::ranges::sort(list, {}, [](const Family& family) { return std::pair(family.hazard, family.index); });
    if (list.size() > kMostFamilies) list.resize(kMostFamilies);
    if (list.size() == kMostFamilies) list.front().is_rare = true;
    return list;
}

class Divider {
 public:
    explicit Divider(const Grid& grid) : grid_(grid) {}
    const std::vector<Stratum>& strata() const { return strata_; }

    /// Divides paths of which the families from `k` on are still free.
    void divide(const Stratum& part, const PathPlan& plan, std::span<const Family> families, std::size_t k = 0) {
        if (k == families.size()) return add(part, grid_.quiet, {});
        const Family& family = families[k];
        const std::string& name = plan.jumps[family.index].name;
        const double hazard = family.hazard;
        divide(with(part, family, late_class(name, hazard)), plan, families, k + 1);
        add(with(part, family, early_class(name + " hardly, ", kDoubtful * hazard, kEarly * hazard)), grid_.doubtful,
            {});
        add(with(part, family, early_class(name + " at the end, ", hazard, kDoubtful * hazard)), grid_.doubtful, {});
        if (family.is_rare) {
            add(jumping(part, family, early_class(name + " early, ", 0.0, hazard)), grid_.rare, grid_.rare_size);
        } else {
            add(jumping(part, family, one_class(name, hazard)), grid_.one, grid_.one_size);
            add(jumping(part, family, several_class(name, hazard)), grid_.several, grid_.several_size);
        }
    }

 private:
    static Stratum with(Stratum part, const Family& family, const FamilyClass& what) {
        part.clocks[family.index] = what.clock;
        part.probability *= what.probability;
        part.name += what.name;
        return part;
    }
    static Stratum jumping(const Stratum& part, const Family& family, const FamilyClass& what) {
        Stratum stratum = with(part, family, what);
        stratum.jumping = static_cast<int>(family.index);
        return stratum;
    }

    void add(const Stratum& part, const Edges& move, const Edges& size) {
        Edges sizes = size;
        sizes.insert(sizes.begin(), 0.0), sizes.push_back(1.0);
        for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
            Stratum of_size = part;
            of_size.size = {static_cast<float>(sizes[i]), static_cast<float>(sizes[i + 1] - sizes[i])};
            of_size.probability *= sizes[i + 1] - sizes[i];
            if (!size.empty())
                of_size.name += fmt::format("size {:g} to {:g} %, ", 100.0 * sizes[i], 100.0 * sizes[i + 1]);
            add_moves(of_size, move);
        }
    }

    void add_moves(const Stratum& part, Edges edges) {
        edges.insert(edges.begin(), 0.0), edges.push_back(0.5);
        for (const bool upper : {false, true}) {
            for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
                Stratum& stratum = strata_.emplace_back(part);
                stratum.move = {static_cast<float>(edges[i]), static_cast<float>(edges[i + 1] - edges[i]), upper};
                stratum.probability *= edges[i + 1] - edges[i];
                stratum.name +=
                    fmt::format("SPX {} {:g} to {:g} %", upper ? "up" : "down", 100.0 * edges[i], 100.0 * edges[i + 1]);
            }
        }
    }

    const Grid& grid_;
    std::vector<Stratum> strata_;
};

}  // namespace

std::vector<Stratum> strata_of(const PathPlan& plan, std::uint32_t slots) {
    Divider divider(slots < kSlotsForAll ? kCoarse : kFine);
    Stratum whole;
    whole.clocks.resize(plan.jumps.size());
    divider.divide(whole, plan, slots < kSlotsForJumps ? std::vector<Family>() : families_of(plan));
    return divider.strata();
}

void divide_slots(std::span<const double> weight, std::uint32_t slots, std::vector<Stratum>& strata) {
    const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
    // Rounded, so that the last bits of another machine's library change no share, and so no path.
    std::vector<double> units(strata.size());
    for (std::size_t s = 0; s < strata.size(); ++s) units[s] = std::round(kShareUnits * (weight[s] / all));
    const double all_units = std::accumulate(units.begin(), units.end(), 0.0);
    std::vector<double> owed(strata.size());
    std::uint32_t given = 0;
    for (std::size_t s = 0; s < strata.size(); ++s) {
        const double fair = units[s] / all_units * slots;
        strata[s].share = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(fair));
        owed[s] = fair - strata[s].share;
        given += strata[s].share;
    }
    const auto change = [&](bool more) {
        std::size_t best = strata.size();
        for (std::size_t s = 0; s < strata.size(); ++s) {
            if (!more && strata[s].share == 1) continue;
            if (best == strata.size() || (more ? owed[s] > owed[best] : owed[s] < owed[best])) best = s;
        }
        strata[best].share += more ? 1u : ~0u;
        owed[best] += more ? -1.0 : 1.0;
        given += more ? 1u : ~0u;
    };
    while (given != slots) change(given < slots);
}

}  // namespace volstorm
