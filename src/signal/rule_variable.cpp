#include "rule_variable.h"

#include <algorithm>
#include <array>

namespace volstorm {
namespace {

void vix(const RuleView& view, double* out) { std::copy_n(view.bar.vix, view.bar.paths, out); }
void spx(const RuleView& view, double* out) { std::copy_n(view.bar.spx, view.bar.paths, out); }

void vix_change(const RuleView& view, double* out) {
    for (std::size_t i = 0; i < view.bar.paths; ++i) out[i] = view.bar.vix[i] - view.entry.vix;
}

void vix_day_change(const RuleView& view, double* out) {
    for (std::size_t i = 0; i < view.bar.paths; ++i) out[i] = view.bar.vix[i] - view.day_vix[i];
}

void spx_return(const RuleView& view, double* out) {
    for (std::size_t i = 0; i < view.bar.paths; ++i) out[i] = view.bar.spx[i] / view.entry.spx - 1.0;
}

void spx_day_return(const RuleView& view, double* out) {
    for (std::size_t i = 0; i < view.bar.paths; ++i) out[i] = view.bar.spx[i] / view.day_spx[i] - 1.0;
}

void short_delta(const RuleView& view, double* out) { std::copy_n(view.bar.short_delta, view.bar.paths, out); }

void minutes(const RuleView& view, double* out) {
    const double seconds = static_cast<double>((view.bar.time - view.entry.time).count());
    std::fill_n(out, view.bar.paths, seconds / 60.0);
}

}  // namespace

std::span<const RuleVariable> rule_variables() {
    static constexpr auto kVariables = std::to_array<RuleVariable>({
        {"vix", "VIX, points", vix},
        {"spx", "SPX, index points", spx},
        {"vix_change", "VIX less VIX at entry, points", vix_change},
        {"vix_day_change", "VIX less its previous 16:00 close, points", vix_day_change},
        {"spx_return", "simple return of SPX since entry, -0.01 is -1 %", spx_return},
        {"spx_day_return", "simple return of SPX since its previous 16:00 close", spx_day_return},
        {"short_delta", "the larger absolute delta of the condor's short legs", short_delta, false, true},
        {"minutes", "minutes since entry, nights included", minutes, true},
    });
    return kVariables;
}

}  // namespace volstorm
