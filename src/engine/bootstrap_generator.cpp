// generator = "bootstrap": each path draws sessions of history, `[bootstrap]`. A session is drawn as z = ln return over
// sigma (VIX before / 100 / sqrt(252), its own day's), the change of ln VIX, the gap to the open and the way between
// open and close; today it moves SPX by z times today's sigma and ln VIX by its change, so that closes are history's
// own. What is left of the entry's session has no gap; it and half days take, of the way from open to close, the root
// of their share of its variance.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "history_draw.h"
#include "random_words.h"
#include "session_pieces.h"
#include "vix_state.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/experiment.h"
#include "volstorm/market/calendar.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

// Columns of PathBlock::own.
enum Column : std::size_t {
    kSession,  // drawn, index into the sample
    kSigma,    // of the session: VIX at its start / 100 / sqrt(252)
    kXBefore,  // ln SPX over the entry's: at the session's start
    kXOpen,
    kXClose,
    kLBefore,  // ln VIX, likewise
    kLOpen,
    kLClose,
    kSpread,   // sd of ln SPX from open to close, in sigma
    kShape,    // index into the shapes; -1: a Brownian bridge
    kBend,     // bridges of unit sd from open to close: of SPX
    kVixBend,  // and what VIX has of its own
    kColumns
};

// Two uniforms in [0, 1) from four words.
std::array<double, 2> uniforms(const WordBlock& words, std::size_t i) {
    const auto of = [](std::uint32_t high, std::uint32_t low) {
        return static_cast<double>((static_cast<std::uint64_t>(high) << 32 | low) >> 11) * 0x1p-53;
    };
    return {of(words.w0[i], words.w1[i]), of(words.w2[i], words.w3[i])};
}

// A Brownian bridge of unit sd over [0, 1], carried from one share of its time to another.
double bridge(double value, double from, double to, double normal) {
    if (to >= 1.0) return 0.0;
    const double left = (1.0 - to) / (1.0 - from);
    return value * left + std::sqrt((to - from) * left) * normal;
}

// A shape between the ends of two five-minute bars.
double shape_at(const std::array<double, kBarsPerSession + 1>& shape, double bars) {
    const auto bar = std::min(static_cast<std::size_t>(bars), static_cast<std::size_t>(kBarsPerSession - 1));
    const double share = bars - static_cast<double>(bar);
    return shape[bar] + share * (shape[bar + 1] - shape[bar]);
}

class BootstrapGenerator final : public Generator {
 public:
    BootstrapGenerator(std::shared_ptr<const BootstrapInput> input, const Experiment& e, const PathPlan& plan)
        : draw_(std::move(input), e),
          plan_(plan),
          state_(e),
          places_(session_places(e)),
          log_vix_(std::log(e.vix_at_entry)) {}

    void start(std::span<const std::uint64_t> paths, PathBlock& block) const override {
        start_block(plan_, paths, block);
        block.own.resize(kColumns);
        block.own[kXClose].fill(0.0);
        block.own[kLClose].fill(log_vix_);
        block.drawn.resize(draws());
    }

    void advance(std::size_t step, PathBlock& block) const override {
        const StepPlace& place = places_.steps[step];
        if (place.begins) begin_session(place.piece, block);
        if (place.is_night) {
            pass_night(step, place, block);
        } else {
            pass_bar(step, place, block);
        }
        if (plan_.is_bar_end[step] != 0) watch_vix(plan_.steps[step], block);
    }

    std::size_t draws() const override { return places_.pieces.size(); }

    std::vector<std::string> origin() const override {
        std::vector<std::string> lines = draw_.origin();
        const double floor = state_.least_vix(plan_.steps.size() - 1);
        if (log_vix_ + draw_.least_vix_change() < std::log(floor))
            lines.push_back(fmt::format("VIX below {:.2f}, which the model cannot have, is held there", floor));
        return lines;
    }

 private:
    void fill(std::uint32_t draw, std::uint32_t part, const PathBlock& block, WordBlock& words) const {
        const RandomKey key(plan_.seed, Stream::history);
        fill_words(key, block.number_low.data(), block.number_high.data(), draw, part, words);
    }

    // Draws the session of a piece for every path, and where it opens and closes.
    void begin_session(std::size_t piece, PathBlock& block) const {
        WordBlock first, second, third;
        const auto number = static_cast<std::uint32_t>(piece);
        fill(number, kDrawPart, block, first);
        fill(number, kDrawPart + 1, block, second);
        fill(number, kDrawPart + 2, block, third);
        const std::size_t place_in_block = draw_.place_in_block(piece, places_.pieces[0].is_rest);
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const auto [session_u, gap_u] = uniforms(first, i);
            const auto [shape_u, range_u] = uniforms(second, i);
            const double normal = portable::normal_pair(third.w0[i], third.w1[i]).first;
            const auto before = static_cast<std::size_t>(block.own[kSession][i]);
            const std::size_t session = place_in_block > 0 ? before + 1 : draw_.session(session_u);
            block.own[kSession][i] = static_cast<double>(session);
            block.drawn[piece][i] = draw_.days_since_1970(session);
            place_session(places_.pieces[piece], draw_.day(session, gap_u, shape_u, range_u, normal), i, block);
        }
    }

    void place_session(const SessionPiece& piece, const DrawnDay& day, std::size_t i, PathBlock& block) const {
        auto& own = block.own;
        const double x = own[kXClose][i], l = own[kLClose][i];
        const double sigma = 0.01 * portable::exp(l) / std::sqrt(kSessionsPerYear);
        own[kSigma][i] = sigma;
        own[kXBefore][i] = x, own[kLBefore][i] = l;
        own[kXOpen][i] = piece.is_rest ? x : x + sigma * day.gap;
        own[kLOpen][i] = piece.is_rest ? l : l + day.log_vix_gap;
        own[kXClose][i] = own[kXOpen][i] + sigma * (piece.day_scale * (day.z - day.gap));
        own[kLClose][i] = own[kLOpen][i] + piece.day_scale * (day.log_vix_change - day.log_vix_gap);
        own[kSpread][i] = piece.day_scale * day.range_sd;
        own[kShape][i] = piece.is_rest ? -1.0 : static_cast<double>(day.shape);
        own[kBend][i] = own[kVixBend][i] = 0.0;
    }

    // Evenly in variance time from the close before to the open.
    void pass_night(std::size_t step, const StepPlace& place, PathBlock& block) const {
        const auto& own = block.own;
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const double x = own[kXBefore][i] + place.share * (own[kXOpen][i] - own[kXBefore][i]);
            const double l = own[kLBefore][i] + place.share * (own[kLOpen][i] - own[kLBefore][i]);
            state_.put(step, i, x, l, block);
        }
    }

    void pass_bar(std::size_t step, const StepPlace& place, PathBlock& block) const {
        WordBlock words;
        fill(static_cast<std::uint32_t>(step), kBridgePart, block, words);
        auto& own = block.own;
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const portable::NormalPair normals = portable::normal_pair(words.w0[i], words.w1[i]);
            own[kBend][i] = bridge(own[kBend][i], place.share_before, place.share, normals.first);
            own[kVixBend][i] = bridge(own[kVixBend][i], place.share_before, place.share, normals.second);
            if (place.is_close) {
                state_.put(step, i, own[kXClose][i], own[kLClose][i], block);
            } else {
                put_between(step, place, i, block);
            }
        }
    }

    // The straight line from open to close and what the session strays from it.
    void put_between(std::size_t step, const StepPlace& place, std::size_t i, PathBlock& block) const {
        const auto& own = block.own;
        const double day_scale = places_.pieces[place.piece].day_scale;
        const SessionShape* shape =
            own[kShape][i] < 0.0 ? nullptr : &draw_.shape(static_cast<std::size_t>(own[kShape][i]));
        const double bend = own[kSpread][i] * (shape != nullptr ? shape_at(shape->spx, place.bars) : own[kBend][i]);
        double vix_bend = draw_.vix_slope() * bend + draw_.vix_spread() * day_scale * own[kVixBend][i];
        if (shape != nullptr && !std::isnan(shape->log_vix[1]))
            vix_bend = own[kSpread][i] * shape_at(shape->log_vix, place.bars);
        const double x = own[kXOpen][i] + place.share * (own[kXClose][i] - own[kXOpen][i]) + own[kSigma][i] * bend;
        const double l = own[kLOpen][i] + place.share * (own[kLClose][i] - own[kLOpen][i]) + vix_bend;
        state_.put(step, i, x, l, block);
    }

    static constexpr std::uint32_t kBridgePart = 0, kDrawPart = 1;
    HistoryDraw draw_;
    const PathPlan& plan_;
    VixState state_;
    SessionPlaces places_;
    double log_vix_;  // at the entry
};

}  // namespace

GeneratorSpec bootstrap_generator(const Table& scenario, const Market& market) {
    const auto input = std::make_shared<const BootstrapInput>(read_bootstrap(scenario, market));
    GeneratorSpec spec;
    spec.make = [input](const Experiment& e, const PathPlan& plan) {
        return std::make_unique<BootstrapGenerator>(input, e, plan);
    };
    return spec;
}

}  // namespace volstorm
