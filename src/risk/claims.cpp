#include "volstorm/risk/claims.h"

#include <stdexcept>
#include <string>

namespace volstorm {

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::supported:
            return "supported";
        case Verdict::not_supported:
            return "not supported";
        case Verdict::undecided:
            break;
    }
    return "undecided";
}

ClaimResult judge_claim(std::uint64_t given, std::uint64_t holds, double required) {
    return judge_claim(given, holds, required, share_estimate(holds, given), static_cast<double>(given));
}

ClaimResult judge_claim(std::uint64_t given, std::uint64_t holds, double required, const Estimate& share,
                        double effective) {
    if (holds > given) {
        throw std::invalid_argument("a claim holds on " + std::to_string(holds) + " of " + std::to_string(given) +
                                    " paths");
    }
    if (!(required >= 0.0 && required <= 1.0)) {
        throw std::invalid_argument("required share is " + std::to_string(required) + ", outside [0, 1]");
    }
    ClaimResult result{given, holds, share, Verdict::undecided};
    if (effective < kFewestPathsForVerdict) return result;
    if (result.share.low >= required) result.verdict = Verdict::supported;
    if (result.share.high < required) result.verdict = Verdict::not_supported;
    return result;
}

}  // namespace volstorm
