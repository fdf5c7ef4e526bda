#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "volstorm/risk/book.h"
#include "volstorm/risk/weights.h"
#include "volstorm/signal/condition.h"

namespace volstorm {

/// How often a claim was given and held: on all paths, and on those below and above zero SPX return.
struct ClaimCounts {
    struct Counts {
        std::uint64_t given = 0, holds = 0;                           // paths
        std::vector<std::uint64_t> given_mass = {}, holds_mass = {};  // of a sample in strata, by replicate
        std::uint64_t coarse = 0, coarse_square = 0;                  // of the given paths: PathWeights::coarse()
        double effective() const;                                     // what they are worth (Kish 1965)
    };
    Counts all, down, up;
    std::uint64_t mass = 0;  // of all paths tested
    void add(const ClaimCounts& more);
    ClaimRisk judged(const ClaimSpec& claim) const;
};

/// Tests one claim on pieces of the paths.
class ClaimTest {
 public:
    ClaimTest(const ClaimSpec& claim, const Experiment& experiment);
    void count(const PathColumns& columns, const PathWeights& weights);
    const ClaimCounts& counts() const { return counts_; }
    /// What was tested last, by path: 0 or 1; `held` is of no concern where nothing was given.
    std::span<const std::uint8_t> given() const { return given_.out(); }
    std::span<const std::uint8_t> held() const { return expect_.out(); }

 private:
    // A condition with the columns that it needs.
    class Tester {
     public:
        Tester(const std::string& text, const TextPlace& place);
        const std::vector<std::uint8_t>& test(const Experiment& experiment, const PathColumns& columns);
        const std::vector<std::uint8_t>& out() const { return out_; }

     private:
        Condition condition_;
        std::vector<std::size_t> variables_;
        std::vector<std::vector<float>> made_;  // by variable: columns that are computed
        std::vector<std::uint8_t> out_;
    };
    const Experiment& experiment_;
    Tester given_, expect_;
    ClaimCounts counts_;
};

}  // namespace volstorm
