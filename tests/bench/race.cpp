// One program of the race: prints one JSON object, nanoseconds of processor time per path-step and the means of what
// the paths come to, with their standard errors. tests/bench/run starts it.
//   race PROGRAM [paths, default 102400] [seed, default 1]
#include "race.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <string>

#ifdef VOLSTORM_QUANTLIB
#include <ql/version.hpp>
#endif
#include <boost/version.hpp>

using namespace volstorm;
using namespace volstorm::bench;

namespace {

using Program = std::function<Totals(std::uint64_t paths, std::uint64_t seed)>;

std::map<std::string, Program> programs() {
    std::map<std::string, Program> list;
    list["volstorm"] = [](auto paths, auto seed) { return run_volstorm(session_plan(seed), paths); };
    list["volstorm_heston"] = [](auto paths, auto seed) { return run_volstorm(heston_plan(seed), paths); };
    list["volstorm_bates"] = [](auto paths, auto seed) { return run_volstorm(bates_plan(seed), paths); };
    list["boost"] = [](auto paths, auto seed) { return run_boost(session_plan(seed), paths); };
#ifdef VOLSTORM_QUANTLIB
    list["quantlib_heston"] = [](auto paths, auto seed) {
        return run_quantlib(QuantLibProcess::heston, heston_plan(seed), paths);
    };
    list["quantlib_qe"] = [](auto paths, auto seed) {
        return run_quantlib(QuantLibProcess::heston_qe, heston_plan(seed), paths);
    };
    list["quantlib_bates"] = [](auto paths, auto seed) {
        return run_quantlib(QuantLibProcess::bates, bates_plan(seed), paths);
    };
#endif
    return list;
}

void print_versions() {
#ifdef VOLSTORM_QUANTLIB
    std::printf("{\"Boost\": \"%s\", \"QuantLib\": \"%s\"}\n", BOOST_LIB_VERSION, QL_VERSION);
#else
    std::printf("{\"Boost\": \"%s\"}\n", BOOST_LIB_VERSION);
#endif
}

}  // namespace

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    if (name == "versions") {
        print_versions();
        return 0;
    }
    const auto list = programs();
    const auto program = list.find(name);
    if (program == list.end()) {
        std::fputs("race PROGRAM [paths] [seed], where PROGRAM is versions", stderr);
        for (const auto& [other, unused] : list) std::fprintf(stderr, " %s", other.c_str());
        std::fputs("\n", stderr);
        return 2;
    }
    const std::uint64_t paths = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 102'400;
    const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    program->second(4'096, seed);  // caches and clocks are warm
    const std::clock_t start = std::clock();
    const Totals totals = program->second(paths, seed);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("{\"ns\": %.6g, \"paths\": %llu", 1e9 * seconds / (78.0 * static_cast<double>(totals.paths)),
                static_cast<unsigned long long>(totals.paths));
    for (std::size_t q = 0; q < kQuantityNames.size(); ++q)
        std::printf(", \"%s\": [%.12g, %.6g]", kQuantityNames[q], totals.mean(q), totals.error(q));
    std::puts("}");
}
