// generator = "named_day": path i is the i-th of `[model] named_days`, dates of src/engine/named_days.csv; without that
// key all of them. SPX makes the day's moves in per cent, VIX its relative moves from today's level, on the last
// session of the horizon; the way through the day is that of path_of(). Each day is one path: no sample of any law.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vix_state.h"
#include "volstorm/engine/named_day.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr double kHeld = 1e-4;  // relative distance from which a VIX counts as one that the model cannot have

// The bars after the open at whose ends the day's extremes and its close lie: at an even pace, each on its own.
std::array<std::size_t, 3> bars_of(const DayPath& path, std::size_t bars) {
    std::array<double, 3> way;
    for (std::size_t k = 0; k < 3; ++k) way[k] = std::abs(path.points[k + 1].spx_return - path.points[k].spx_return);
    const double whole = way[0] + way[1] + way[2];
    const auto bar_at = [&](double part) {
        return static_cast<std::size_t>(std::lround(static_cast<double>(bars) * (whole > 0.0 ? part / whole : 0.5)));
    };
    const std::size_t first = std::clamp<std::size_t>(bar_at(way[0]), 1, bars - 2);
    return {first, std::clamp<std::size_t>(bar_at(way[0] + way[1]), first + 1, bars - 1), bars};
}

// Between two points, at `share` of the way in ln SPX and ln VIX.
DayPoint between(const DayPoint& a, const DayPoint& b, double share) {
    if (share >= 1.0) return b;
    return {(1.0 + a.spx_return) * std::pow((1.0 + b.spx_return) / (1.0 + a.spx_return), share) - 1.0,
            a.vix_ratio * std::pow(b.vix_ratio / a.vix_ratio, share)};
}

// The step that is the open of the session of the settlement.
std::size_t open_step(const Experiment& e) {
    const DateTime open = session_open(date_of(e.horizon()));
    if (e.day.market.time >= open) {
        e.scenario.condor->section.fail("expiry",
                                        "is in the session of the entry; with model.generator = \"named_day\" the day "
                                        "begins at the close before it, so that the condor must settle later");
    }
    const auto step = std::ranges::find_if(e.timeline, [&](const Step& s) { return s.is_open && s.end == open; });
    return static_cast<std::size_t>(step - e.timeline.begin());
}

// The night before the day: even in variance time.
void add_night(const Experiment& e, std::size_t open, const DayPoint& at_open, std::vector<DayPoint>& points) {
    const DateTime close = session_close(previous_session(date_of(e.horizon())));
    const DateTime start = std::max(close, e.day.market.time);
    const double whole = e.day.variance_time(start, e.timeline[open].end).value;
    for (std::size_t step = 0; step <= open; ++step) {
        const double passed = e.day.variance_time(start, e.timeline[step].end).value;
        const bool before = e.timeline[step].end <= start;
        const double share = whole > 0.0 ? passed / whole : 1.0;
        points.push_back(before ? DayPoint{0.0, 1.0} : between({0.0, 1.0}, at_open, step == open ? 1.0 : share));
    }
}

class NamedDayGenerator final : public Generator {
 public:
    NamedDayGenerator(std::vector<NamedDay> days, const Experiment& e, const PathPlan& plan)
        : days_(std::move(days)), plan_(plan), state_(e), log_vix_(std::log(e.vix_at_entry)) {
        for (const NamedDay& day : days_) {
            std::vector<LogPoint> logs;
            for (const DayPoint& point : on_timeline(day, e).points)
                logs.push_back({std::log1p(point.spx_return), log_vix_ + std::log(point.vix_ratio)});
            points_.push_back(std::move(logs));
        }
    }
    void start(std::span<const std::uint64_t> paths, PathBlock& block) const override {
        start_block(plan_, paths, block);
    }
    void advance(std::size_t step, PathBlock& block) const override {
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const LogPoint& point = points_[block.number_low[i] % points_.size()][step];
            state_.put(step, i, point.x, point.log_vix, block);
        }
        if (plan_.is_bar_end[step] != 0) watch_vix(plan_.steps[step], block);
    }
    std::size_t draws() const override { return 0; }
    std::vector<std::string> origin() const override {
        std::vector<std::string> lines{
            fmt::format("{} named day{}, each once: no sample of any law, its shares and intervals are no odds",
                        days_.size(), days_.size() == 1 ? "" : "s")};
        for (std::size_t day = 0; day < days_.size(); ++day) add_remarks(day, lines);
        return lines;
    }

 private:
    struct LogPoint {
        double x, log_vix;
    };
    void add_remarks(std::size_t day, std::vector<std::string>& lines) const {
        const std::string date = to_string(days_[day].date);
        if (days_[day].is_proxy) lines.push_back(date + ": VIX by the VXO, for there was no VIX");
        double most = kHeld;
        std::string held;
        for (std::size_t step = 0; step < plan_.steps.size(); ++step) {
            const double log_vix = points_[day][step].log_vix, vix = std::exp(log_vix);
            const double has = state_.vix_of(step, state_.at(step, log_vix));
            if (std::abs(has / vix - 1.0) <= most) continue;
            most = std::abs(has / vix - 1.0);
            held = fmt::format("{}: VIX {:.2f}, which the model cannot have, is held at {:.2f}", date, vix, has);
        }
        if (!held.empty()) lines.push_back(held);
    }

    std::vector<NamedDay> days_;
    const PathPlan& plan_;
    VixState state_;
    double log_vix_;                             // at the entry
    std::vector<std::vector<LogPoint>> points_;  // by day and step
};

std::vector<NamedDay> chosen_days(const Table& model) {
    const std::vector<NamedDay> all = named_days();
    if (!model.has("named_days")) return all;
    std::vector<NamedDay> chosen;
    for (const Date date : model.dates("named_days")) {
        const auto known = std::ranges::find(all, date, &NamedDay::date);
        if (known == all.end()) {
            model.fail("named_days", fmt::format("holds {}, which is none of the days that `volstorm list days` prints",
                                                 to_string(date)));
        }
        if (std::ranges::find(chosen, date, &NamedDay::date) != chosen.end())
            model.fail("named_days", fmt::format("holds {} twice; each day is one path", to_string(date)));
        chosen.push_back(*known);
    }
    if (chosen.empty()) model.fail("named_days", "is empty; leave it out for all of them");
    return chosen;
}

}  // namespace

DayOnTimeline on_timeline(const NamedDay& day, const Experiment& e) {
    const DayPath path = path_of(day);
    const std::size_t open = open_step(e);
    DayOnTimeline way{{}, 0, 0};
    add_night(e, open, path.points[0], way.points);
    std::vector<std::size_t> bar_ends;  // steps
    for (std::size_t step = open + 1; step < e.timeline.size(); ++step)
        if (e.timeline[step].is_bar_end) bar_ends.push_back(step);
    const auto bars = bars_of(path, bar_ends.size());
    const std::array<std::size_t, 4> ends{open, bar_ends[bars[0] - 1], bar_ends[bars[1] - 1], bar_ends[bars[2] - 1]};
    for (std::size_t k = 0; k + 1 < ends.size(); ++k) {
        const auto since = [&](std::size_t step) {
            return static_cast<double>((e.timeline[step].end - e.timeline[ends[k]].end).count());
        };
        for (std::size_t step = ends[k] + 1; step <= ends[k + 1]; ++step)
            way.points.push_back(between(path.points[k], path.points[k + 1], since(step) / since(ends[k + 1])));
    }
    way.low = ends[path.low], way.high = ends[path.high];
    return way;
}

GeneratorSpec paths_of(std::vector<NamedDay> days) {
    GeneratorSpec spec;
    spec.name = "named_day";
    spec.paths = days.size();
    spec.make = [days = std::move(days)](const Experiment& e, const PathPlan& plan) {
        return std::make_unique<NamedDayGenerator>(days, e, plan);
    };
    return spec;
}

GeneratorSpec named_day_generator(const Table& scenario, const Market&) {
    return paths_of(chosen_days(scenario.table("model")));
}

}  // namespace volstorm
