#include "rule_variable.h"

#include <algorithm>
#include <array>

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

void vix(const RuleView& view, double* out) { std::copy_n(view.bar.vix, view.bar.paths, out); }
void spx(const RuleView& view, double* out) { std::copy_n(view.bar.spx, view.bar.paths, out); }

// Loops over a block, compiled for every processor.
VOLSTORM_CLONES
void less_one(const double* __restrict price, double from, double* __restrict out, std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) out[i] = price[i] - from;
}
VOLSTORM_CLONES
void less_each(const double* __restrict price, const double* __restrict from, double* __restrict out,
               std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) out[i] = price[i] - from[i];
}
VOLSTORM_CLONES
void return_on_one(const double* __restrict price, double from, double* __restrict out, std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) out[i] = price[i] / from - 1.0;
}
VOLSTORM_CLONES
void return_on_each(const double* __restrict price, const double* __restrict from, double* __restrict out,
                    std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) out[i] = price[i] / from[i] - 1.0;
}

void vix_change(const RuleView& view, double* out) { less_one(view.bar.vix, view.entry.vix, out, view.bar.paths); }

void vix_day_change(const RuleView& view, double* out) { less_each(view.bar.vix, view.day_vix, out, view.bar.paths); }

void spx_return(const RuleView& view, double* out) { return_on_one(view.bar.spx, view.entry.spx, out, view.bar.paths); }

void spx_day_return(const RuleView& view, double* out) {
    return_on_each(view.bar.spx, view.day_spx, out, view.bar.paths);
}

void short_delta(const RuleView& view, double* out) { std::copy_n(view.bar.short_delta, view.bar.paths, out); }

void minutes(const RuleView& view, double* out) {
    const double seconds = static_cast<double>((view.bar.time - view.entry.time).count());
    std::fill_n(out, view.bar.paths, seconds / 60.0);
}

}  // namespace

std::span<const RuleVariable> rule_variables() {
    static constexpr auto kVariables = std::to_array<RuleVariable>({
        {.name = "vix", .help = "VIX, points", .kernel = vix, .rises_with_price = true},
        {.name = "spx", .help = "SPX, index points", .kernel = spx, .rises_with_price = true},
        {.name = "vix_change", .help = "VIX less VIX at entry, points", .kernel = vix_change, .rises_with_price = true},
        {.name = "vix_day_change",
         .help = "VIX less its previous 16:00 close, points",
         .kernel = vix_day_change,
         .rises_with_price = true},
        {.name = "spx_return",
         .help = "simple return of SPX since entry, -0.01 is -1 %",
         .kernel = spx_return,
         .rises_with_price = true},
        {.name = "spx_day_return",
         .help = "simple return of SPX since its previous 16:00 close",
         .kernel = spx_day_return,
         .rises_with_price = true},
        {.name = "short_delta",
         .help = "the larger absolute delta of the condor's short legs",
         .kernel = short_delta,
         .of_condor = true},
        {.name = "minutes", .help = "minutes since entry, nights included", .kernel = minutes, .is_function = true},
    });
    return kVariables;
}

}  // namespace volstorm
