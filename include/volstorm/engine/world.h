#pragma once
#include <array>
#include <string>
#include <string_view>

#include "volstorm/engine/scenario.h"

namespace volstorm {

/// Physical worlds around one book: each changes how SPX and VIX move, or how VIX options are marked on the way, and
/// nothing of the pricing measure, the state at the entry or the seed, so strikes, contracts and entry prices stay.
enum class World { model, calm, stressed, heston, svj, frozen, vvix };

inline constexpr std::array kWorlds{World::model, World::calm,   World::stressed, World::heston,
                                    World::svj,   World::frozen, World::vvix};

std::string_view name_of(World world);
/// What differs in it, in a few words.
std::string_view meaning_of(World world);

/// Whether the world is the mark that the scenario has anyway.
bool is_own_mark(const Scenario& scenario, World world);
/// Why a scenario has no such world, in words, or empty: nothing to build it from, or it would be the model once more.
std::string why_left_out(const Scenario& scenario, World world);

/// The scenario in a world that is not left out.
/// - calm, stressed: the physical parameters of the anchor with the lowest, the highest reference_vix, carried to the
///   day's VIX; sigma_v, sigma_m and rho stay those of the day, for both measures share them.
/// - heston: no physical jumps. What they added on average comes evenly instead: their compensated variance,
///   sum (l0 + l1 v) E[Js^2], as a diffusion of x independent of v; their mean, sum (l0 + l1 v) nu, as a drift of v.
///   So E[v], E[m] and the expected quadratic variation of x are kept at all times, that of one day among them.
/// - svj: variance jumps of size zero with that drift of v in their place; the SPX jumps keep intensity, law and draws.
/// - frozen, vvix: the model's paths with the other mark.
Scenario in_world(const Scenario& scenario, World world);

}  // namespace volstorm
