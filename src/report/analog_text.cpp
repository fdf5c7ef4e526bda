#include <fmt/format.h>

#include "format.h"
#include "volstorm/report/physical_fit_text.h"

namespace volstorm {
namespace {

std::string state_text(const AnalogReport& report) {
    std::string text = fmt::format("\n  {:<40}{:>9}{:>9}\n", "", "asked for", "z");
    for (const auto& [variable, quoted, z] : report.state)
        text += fmt::format("  {:<40}{:>9}{:>9.2f}\n", meaning_of(variable), figure(quoted), z);
    return text;
}

std::string nearest_text(const AnalogReport& report) {
    std::string text = fmt::format("\n  {:<14}{:>9}{:>9}{:>9}{:>9}{:>12}\n", "nearest", "distance", "weight %", "VIX",
                                   "SPX, %", "VIX change");
    for (const AnalogReport::Day& day : report.nearest)
        text += fmt::format("  {:<14}{:>9.3f}{:>9.2f}{:>9.2f}{:>9.2f}{:>12.2f}\n", day.date, day.distance,
                            100.0 * day.weight, day.vix_before, day.spx_return, day.vix_change);
    return text;
}

// Which figures a variable moves, or that it moves none.
std::string verdict(const AnalogShare& share) {
    std::string moved;
    for (const AnalogEffect& effect : share.effects) {
        if (effect.is_told()) moved += fmt::format("{}{}", moved.empty() ? "" : ", ", effect.meaning);
    }
    const std::string_view name = meaning_of(share.variable);
    if (moved.empty())
        return fmt::format("  The {} changes none of the four beyond chance: nothing speaks for it.\n", name);
    return fmt::format("  The {} changes, beyond chance:\n    {}.\n", name, moved);
}

std::string share_text(const AnalogShare& share) {
    std::string text = fmt::format("\n  What the {} itself contributes\n  {:<32}{:>9}{:>9}{:>12}   {}\n",
                                   meaning_of(share.variable), "", "with", "without", "difference", "97.5 % interval");
    for (const AnalogEffect& e : share.effects)
        text += fmt::format("  {:<32}{:>9}{:>9}{:>12}   {} to {}{}\n", e.meaning, figure(e.with), figure(e.without),
                            figure(e.with - e.without), figure(e.low), figure(e.high), e.is_told() ? "  x" : "");
    text += fmt::format("  Without it the bandwidth is {}.\n", figure(share.bandwidth_without));
    text += fmt::format(
        "  It makes {:.0f} % of the distance; {:.0f} % of the weight lies on the same sessions without it.\n",
        100.0 * share.of_distance, 100.0 * share.overlap);
    return text + verdict(share);
}

}  // namespace

std::string analog_text(const AnalogReport& report, std::size_t sessions) {
    std::string text = fmt::format(
        "\nSessions weighted by how near the state before them comes to that of {}\n"
        "(Gaussian kernel of distances in z; each z by the closes up to it alone)\n",
        report.date);
    text += state_text(report);
    text += fmt::format("\n  bandwidth {}: {:.1f} effective sessions of {}\n", figure(report.bandwidth),
                        report.effective, sessions);
    text += nearest_text(report);
    return report.reer ? text + share_text(*report.reer) : text;
}

}  // namespace volstorm
