#include "rule_reader.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

constexpr std::size_t kFew = 64;                // paths that are asked about together
constexpr std::size_t kMany = kBlockPaths / 2;  // so many are quicker asked with all others
constexpr double kMargin = 1e-5;                // of ln SPX and of VIX^2 (relative): float has 6e-8
constexpr float kBoundless = 3e38f;

VOLSTORM_CLONES
void both(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b, std::uint8_t* __restrict out) {
    for (std::size_t i = 0; i < kBlockPaths; ++i) out[i] = a[i] & b[i];
}

// Flags the paths on which both numbers lie within their bounds, where they may be flagged.
VOLSTORM_CLONES
void flag_inside(const float* __restrict x, float least_x, float most_x, const float* __restrict y, float least_y,
                 float most_y, const std::uint8_t* __restrict may, std::uint8_t* __restrict flags) {
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const std::int32_t in_x = x[i] >= least_x && x[i] <= most_x ? 1 : 0;
        const std::int32_t in_y = y[i] >= least_y && y[i] <= most_y ? 1 : 0;
        flags[i] = static_cast<std::uint8_t>(flags[i] | (may[i] & static_cast<std::uint8_t>(in_x & in_y)));
    }
}

float bound(double value) {
    return static_cast<float>(std::clamp(value, -static_cast<double>(kBoundless), static_cast<double>(kBoundless)));
}

}  // namespace

void choose_flagged(const PathFlags& flags, std::size_t count, std::vector<std::size_t>& chosen) {
    static_assert(std::endian::native == std::endian::little);
    constexpr std::size_t words = 8, eight = sizeof(std::uint64_t);
    chosen.clear();
    for (std::size_t row = 0; row < count; row += words * eight) {
        std::uint64_t set[words], any = 0;
        std::memcpy(set, &flags[row], sizeof(set));
        for (const std::uint64_t word : set) any |= word;
        for (std::size_t k = 0; any != 0 && k < words; ++k) {
            for (std::uint64_t word = set[k]; word != 0; word &= word - 1) {
                const std::size_t i = row + k * eight + static_cast<std::size_t>(std::countr_zero(word)) / 8;
                if (i < count) chosen.push_back(i);
            }
        }
    }
}

void RuleReader::start(std::size_t paths) {
    paths_ = paths;
    alike_ = true;
    pending_.fill(0);
    rule_->reset(paths, state_);
}

Bar RuleReader::bar_of(const BarEnd& bar, MarketBlock& market) const {
    return {.time = bar.time,
            .is_close = bar.is_close,
            .paths = paths_,
            .spx = bar.is_close || rule_->reads_spx() ? market.spx() : nullptr,
            .vix = bar.is_close || rule_->reads_vix() ? market.vix() : nullptr};
}

// At the entry all paths stand alike, in every block.
void RuleReader::take_entry(const BarEnd& bar, const MarketBlock& market) {
    few_spx_.assign(kFew, market.spx(0));
    few_vix_.assign(kFew, market.vix(0));
    rule_->reset(kFew, few_);
    rule_->skip(
        {.time = bar.time, .is_close = bar.is_close, .paths = kFew, .spx = few_spx_.data(), .vix = few_vix_.data()},
        few_);
    const auto is_all = [](const Screen& s) {
        return s.least_return == -kBoundless && s.most_return == kBoundless && !s.has_vix();
    };
    for (const PriceBox& box : rule_->bounds(few_)) screens_.push_back(screen_of(box, market.spx(0)));
    screened_ = std::ranges::none_of(screens_, is_all);
    knows_entry_ = true;
}

bool RuleReader::Screen::has_vix() const { return least_squared > 0.0f || most_squared < kBoundless; }

RuleReader::Screen RuleReader::screen_of(const PriceBox& box, double spx_at_entry) {
    const auto log_of = [&](double spx) { return std::log(spx / spx_at_entry); };
    const auto squared = [](double vix) { return 1e-4 * vix * vix; };
    return {.least_return = bound(log_of(box.spx.low) - kMargin),
            .most_return = bound(log_of(box.spx.high) + kMargin),
            .least_squared = bound(squared(box.vix.low) * (1.0 - kMargin)),
            .most_squared = bound(squared(box.vix.high) * (1.0 + kMargin))};
}

// Of the paths that may act those at whose prices the rule can be true.
void RuleReader::screen(MarketBlock& market, const PathFlags& may, PathFlags& possible) const {
    possible.fill(0);
    const float* x = market.log_return();
    for (const Screen& s : screens_) {
        const float* y = s.has_vix() ? market.vix_squared() : x;
        const float least = s.has_vix() ? s.least_squared : -kBoundless;
        flag_inside(x, s.least_return, s.most_return, y, least, s.most_squared, may.data(), possible.data());
    }
}

void RuleReader::read(const BarEnd& bar, MarketBlock& market, const PathFlags& may, std::vector<std::size_t>& chosen) {
    if (bar.is_entry && !knows_entry_) take_entry(bar, market);
    const bool by_screen = screened_ && alike_ && !bar.is_entry && !bar.is_close && rule_->may_screen();
    if (!by_screen) return ask_all(bar, market, may, chosen);
    // What the rule says of paths that may not act yet counts as well, unless it forgets it at once.
    const bool forgets = !waits_ && rule_->reads_one_bar();
    PathFlags everyone, possible;
    everyone.fill(1);
    screen(market, forgets ? may : everyone, possible);
    choose_flagged(possible, paths_, chosen);
    if (chosen.size() > kMany) return ask_all(bar, market, may, chosen);
    if (!forgets) rule_->pass_outside(state_, before_);
    ask_few(bar, market, chosen);
    if (!forgets) let_act(may, chosen);
}

// Leaves of the paths on which the rule is true those that may act; with a delay those on which it was.
void RuleReader::let_act(const PathFlags& may, std::vector<std::size_t>& chosen) {
    if (!waits_) {
        std::erase_if(chosen, [&](std::size_t i) { return may[i] == 0; });
        return;
    }
    PathFlags acts;
    both(pending_.data(), may.data(), acts.data());
    pending_.fill(0);
    for (const std::size_t i : chosen) pending_[i] = 1;
    choose_flagged(acts, paths_, chosen);
}

void RuleReader::pass(const BarEnd& bar, MarketBlock& market) {
    if (bar.is_entry && !knows_entry_) take_entry(bar, market);
    if (!bar.is_close && rule_->reads_one_bar()) return;
    rule_->skip(bar_of(bar, market), state_);
    alike_ = alike_ && (bar.is_entry || !bar.is_close);
}

void RuleReader::ask_all(const BarEnd& bar, MarketBlock& market, const PathFlags& may,
                         std::vector<std::size_t>& chosen) {
    rule_->evaluate(bar_of(bar, market), state_, fires_.data());
    alike_ = alike_ && (bar.is_entry || !bar.is_close);
    PathFlags acts;
    both(waits_ ? pending_.data() : fires_.data(), may.data(), acts.data());
    choose_flagged(acts, paths_, chosen);
    if (waits_) pending_ = fires_;
}

// Leaves of the chosen paths those on which the rule is true.
void RuleReader::ask_few(const BarEnd& bar, const MarketBlock& market, std::vector<std::size_t>& chosen) {
    std::size_t kept = 0;
    std::array<std::uint8_t, kFew> fires;
    for (std::size_t from = 0; from < chosen.size(); from += kFew) {
        const std::size_t count = std::min(kFew, chosen.size() - from);
        for (std::size_t j = 0; j < count; ++j) {
            if (rule_->reads_spx()) few_spx_[j] = market.spx(chosen[from + j]);
            if (rule_->reads_vix()) few_vix_[j] = market.vix(chosen[from + j]);
        }
        rule_->ask_few(
            {.time = bar.time, .is_close = bar.is_close, .paths = kFew, .spx = few_spx_.data(), .vix = few_vix_.data()},
            std::span(chosen).subspan(from, count), before_, few_, state_, fires.data());
        for (std::size_t j = 0; j < count; ++j) {
            if (fires[j] != 0) chosen[kept++] = chosen[from + j];
        }
    }
    chosen.resize(kept);
}

}  // namespace volstorm
