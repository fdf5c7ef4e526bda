#pragma once
#include <cstdint>
#include <string_view>

#include "volstorm/risk/estimate.h"

namespace volstorm {

enum class Verdict { supported, not_supported, undecided };

std::string_view to_string(Verdict verdict);  // "supported", "not supported", "undecided"

inline constexpr std::uint64_t kFewestPathsForVerdict = 200;

/// A claim tested on the paths where its condition is given.
struct ClaimResult {
    std::uint64_t given, holds;  // paths
    Estimate share;              // holds / given with its 95 % interval; NaN where nothing is given
    Verdict verdict;
    double given_share = kUnknown;  // of all paths, by their weights, are given
};

/// Supported if the lower limit of the share reaches `required`, not supported if the upper limit stays below it, else
/// undecided; always undecided on fewer than kFewestPathsForVerdict paths. Throws std::invalid_argument where more
/// paths hold than are given, or where `required` lies outside [0, 1].
ClaimResult judge_claim(std::uint64_t given, std::uint64_t holds, double required = 0.5);
/// The same of paths that are not independent: the share with its interval, and how many they are worth.
ClaimResult judge_claim(std::uint64_t given, std::uint64_t holds, double required, const Estimate& share,
                        double effective);

}  // namespace volstorm
