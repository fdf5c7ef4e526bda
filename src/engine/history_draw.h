#pragma once
#include <memory>
#include <vector>

#include "history_sample.h"
#include "volstorm/core/table.h"
#include "volstorm/engine/experiment.h"
#include "weighted_draw.h"

namespace volstorm {

/// `[bootstrap]`, read: the sessions to draw from and how.
struct BootstrapInput {
    HistorySample sample;
    std::vector<std::size_t> starts;  // sessions with which a draw may begin: `block` of them follow in a row
    std::size_t block = 1;            // sessions drawn in a row
    bool near = true;                 // only those near today count
    double effective_sessions = 100.0;
    bool by_realised_vol = false;
    double log_realised = 0.0;  // today's
    std::string period;         // what it is, for people
};
BootstrapInput read_bootstrap(const Table& scenario, const Market& market);

/// A session as a path draws it: what history does not know of it is another's. In sigma, as HistorySession.
struct DrawnDay {
    double z, log_vix_change, gap, log_vix_gap, range_sd;
    int shape;  // -1: none is known
};

/// Draws sessions for an entry: the kernel's weights, and how VIX goes with SPX within them.
class HistoryDraw {
 public:
    HistoryDraw(std::shared_ptr<const BootstrapInput> input, const Experiment& experiment);

    /// A session at a quantile in [0, 1).
    std::size_t session(double u) const { return input_->starts[starts_(u)]; }
    std::int32_t days_since_1970(std::size_t session) const {
        return static_cast<std::int32_t>(at(session).date.time_since_epoch().count());
    }
    /// The session with what it lacks from others, by quantiles of their own and a normal.
    DrawnDay day(std::size_t session, double gap_u, double shape_u, double range_u, double normal) const;
    const SessionShape& shape(std::size_t index) const { return input_->sample.shapes[index]; }
    /// How many sessions were drawn in a row before that of a piece; 0: it is drawn anew.
    std::size_t place_in_block(std::size_t piece, bool first_is_rest) const;
    /// Change of ln VIX for one sigma of SPX, and its sd around that in a session's time from open to close.
    double vix_slope() const { return vix_slope_; }
    double vix_spread() const { return vix_spread_; }
    /// The largest fall of ln VIX in a session that may be drawn.
    double least_vix_change() const;
    std::vector<std::string> origin() const;

 private:
    const HistorySession& at(std::size_t session) const { return input_->sample.sessions[session]; }
    void weigh(double log_vix);
    void find_donors(const std::vector<double>& weights);
    void regress(const std::vector<double>& weights);

    std::shared_ptr<const BootstrapInput> input_;
    double overnight_share_;
    WeightedDraw starts_, gaps_, ranges_;  // the latter two over all sessions
    std::size_t known_gaps_ = 0, known_ranges_ = 0;
    double vix_slope_ = 0.0, vix_spread_ = 0.0, gap_slope_ = 0.0;
};

}  // namespace volstorm
