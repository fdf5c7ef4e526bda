#include "quote_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "volstorm/pricing/spx_option.h"

namespace volstorm {
namespace {

constexpr double kWidest = 100.0;  // a number lies between 1 / kWidest and kWidest times its start

// Session time from the quotes to each event, once for all worlds; events keep their order.
std::vector<EventAhead> ahead(const QuotedWorld& world, const std::vector<double>& years, DateTime from, DateTime to,
                              double offset) {
    std::vector<EventAhead> events;
    for (std::size_t i = 0; i < world.events.size(); ++i) {
        const Event& event = world.events[i];
        if (event.time <= from || event.time > to) continue;
        events.push_back({years[i] - offset, event.spx_move_sd, event.variance_drop});
    }
    return events;
}

constexpr const char *kPerYear = "a year", *kVariance = "variance", *kLogMove = "ln SPX";
struct NumberKind {
    const char* name;
    double Parameters::*member;
    const char* unit;
};
constexpr std::array kRates{NumberKind{"kappa_v", &Parameters::kappa_v, kPerYear},
                            NumberKind{"sigma_v", &Parameters::sigma_v, kPerYear},
                            NumberKind{"rho", &Parameters::rho, ""},
                            NumberKind{"kappa_m", &Parameters::kappa_m, kPerYear},
                            NumberKind{"theta_m", &Parameters::theta_m, kVariance},
                            NumberKind{"sigma_m", &Parameters::sigma_m, kPerYear},
                            NumberKind{"pull_m", &Parameters::pull_m, kPerYear}};
struct JumpKind {
    const char* name;
    double JumpFamily::*member;
    bool is_log;
    const char* unit;
};
constexpr std::array kJumps{
    JumpKind{"intensity", &JumpFamily::intensity, true, kPerYear},
    JumpKind{"intensity_per_variance", &JumpFamily::intensity_per_variance, true, "a year a variance"},
    JumpKind{"mean_log_jump", &JumpFamily::mean_log_jump, false, kLogMove},
    JumpKind{"log_jump_sd", &JumpFamily::log_jump_sd, true, kLogMove},
    JumpKind{"variance_jump_slope", &JumpFamily::variance_jump_slope, false, "ln SPX a variance"},
    JumpKind{"mean_variance_jump", &JumpFamily::mean_variance_jump, true, kVariance}};

FreeNumber positive(const std::string& name, const QuotedWorld& start, const char* unit) {
    FreeNumber number{name, true, 0.0, 0.0, 1.0, unit};
    const double y = number.to_search(start);
    number.low = y - std::log(kWidest), number.high = y + std::log(kWidest);
    return number;
}

FreeNumber signed_number(const std::string& name, double start, double size, double most, const char* unit) {
    return {name, false, std::min(start, -most), std::max(start, most), size, unit};
}

// A jump's log move is a few of the day's deviations, whichever way it goes.
FreeNumber of_jump(const QuotedWorld& world, const JumpFamily& family, const JumpKind& kind) {
    const std::string name = family.name + "." + kind.name;
    const double start = family.*kind.member;
    if (kind.is_log) return positive(name, world, kind.unit);
    const double move = std::abs(family.mean_log_jump) + family.log_jump_sd +
                        std::abs(family.variance_jump_slope) * family.mean_variance_jump;
    const double size = kind.member == &JumpFamily::mean_log_jump ? move : move / family.mean_variance_jump;
    return signed_number(name, start, size, 5.0 * size, kind.unit);
}

// A number that is zero has no logarithm to search in: its feature is not in the model. Without jumps of variance their
// slope means nothing.
bool can_be_fitted(const JumpFamily& family, const JumpKind& kind) {
    if (kind.is_log) return family.*kind.member > 0.0;
    const bool has_move = family.log_jump_sd > 0.0 || family.mean_log_jump != 0.0;
    return kind.member == &JumpFamily::mean_log_jump ? has_move : family.mean_variance_jump > 0.0 && has_move;
}

double* find_number(QuotedWorld& world, const std::string& name) {
    if (name == "variance") return &world.state.v;
    if (name == "variance_mean") return &world.state.m;
    for (const NumberKind& kind : kRates) {
        if (name == kind.name) return &(world.pricing.*kind.member);
    }
    for (JumpFamily& family : world.pricing.jumps) {
        for (const JumpKind& kind : kJumps) {
            if (name == family.name + "." + kind.name) return &(family.*kind.member);
        }
    }
    for (Event& event : world.events) {
        if (name == event.name + ".spx_move_sd") return &event.spx_move_sd;
    }
    return nullptr;
}

}  // namespace

double least_kappa_v(const Parameters& p) {
    const double feedback = p.jump_feedback();
    return p.kappa_m > 0.0 ? feedback * (1.0 + p.pull_m / p.kappa_m) : feedback;
}

double FreeNumber::least(const QuotedWorld& world) const {
    return name == "kappa_v" ? least_kappa_v(world.pricing) : 0.0;
}

double FreeNumber::to_search(const QuotedWorld& world) const {
    QuotedWorld copy = world;
    const double value = number_of(copy, name);
    return is_log ? std::log(std::max(value - least(world), 1e-8)) : value;
}

void FreeNumber::set(double y, QuotedWorld& world) const {
    number_of(world, name) = is_log ? least(world) + std::exp(y) : y;
}

std::vector<FreeNumber> free_numbers(const QuotedWorld& start) {
    std::vector<FreeNumber> numbers;
    for (const JumpFamily& family : start.pricing.jumps) {
        for (const JumpKind& kind : kJumps) {
            if (can_be_fitted(family, kind)) numbers.push_back(of_jump(start, family, kind));
        }
    }
    numbers.push_back(positive("variance", start, kVariance));
    numbers.push_back(positive("variance_mean", start, kVariance));
    for (const Event& event : start.events) {
        if (event.spx_move_sd > 0.0) numbers.push_back(positive(event.name + ".spx_move_sd", start, kLogMove));
    }
    for (const NumberKind& kind : kRates) {
        if (kind.member == &Parameters::rho) {
            const double rho = start.pricing.rho;
            numbers.push_back({kind.name, false, std::min(-0.995, rho), std::max(0.5, rho), 0.3, kind.unit});
        } else if (kind.member != &Parameters::kappa_v && start.pricing.*kind.member > 0.0) {
            numbers.push_back(positive(kind.name, start, kind.unit));
        }
    }
    if (start.pricing.kappa_v > least_kappa_v(start.pricing)) numbers.push_back(positive("kappa_v", start, kPerYear));
    return numbers;
}

double& number_of(QuotedWorld& world, const std::string& name) {
    double* number = find_number(world, name);
    if (number == nullptr) throw std::invalid_argument("no number of a world: " + name);
    return *number;
}

ModelQuotes price_quotes(const QuoteSet& quotes, const QuotedWorld& world, double precision, VixPayoffs& payoffs,
                         bool with_vols) {
    const Parameters& p = world.pricing;
    const auto month = std::chrono::days(kVixDays);
    ModelQuotes result;
    result.vix =
        vix_level(vix_squared(p, ahead(world, quotes.event_years, quotes.time, quotes.time + month, 0.0)), world.state);
    for (const ExpiryQuotes& expiry : quotes.expiries) {
        ModelQuotes::Expiry& model = result.expiries.emplace_back();
        const auto events = ahead(world, quotes.event_years, quotes.time, expiry.settlement, 0.0);
        if (expiry.family == ChainFamily::spx) {
            model.future = expiry.forward;
            const SpxSmile smile =
                SpxExpiry(p, expiry.years, events, world.state, world.state, precision).smile(world.state);
            for (const OptionQuote& q : expiry.quotes)
                model.price.push_back(smile.price(q.type, expiry.forward, q.strike));
        } else {
            const auto later =
                ahead(world, quotes.event_years, expiry.settlement, expiry.settlement + month, expiry.years);
            const VixExpiry law(p, expiry.years, events, vix_squared(p, later), world.state, precision * 1e-2);
            model.future = law.future(world.state);
            for (const OptionQuote& q : expiry.quotes) {
                const double call = law.call(world.state, model.future, q.strike, payoffs);
                model.price.push_back(q.type == OptionType::call ? call : call - model.future + q.strike);
            }
        }
        for (std::size_t i = 0; with_vols && i < expiry.quotes.size(); ++i) {
            const OptionQuote& q = expiry.quotes[i];
            // On the model's own future: what its price says, not what a wrong future adds.
            model.vol.push_back(black_implied_stdev(q.type, model.future, q.strike, model.price[i]) /
                                std::sqrt(expiry.years));
        }
    }
    return result;
}

ModelQuotes model_quotes(const QuoteSet& quotes, const QuotedWorld& world, double precision) {
    VixPayoffs payoffs;
    return price_quotes(quotes, world, precision, payoffs, true);
}

}  // namespace volstorm
