#include "session_pieces.h"

#include <cmath>

#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

// The piece that begins at `start`, a close or the entry, and ends at `close`.
SessionPiece piece_from(const Experiment& e, DateTime start, DateTime open, DateTime close) {
    SessionPiece piece;
    piece.is_rest = start >= open;
    // A whole day is one, whatever the sums of its bars say in the last digit.
    if (start <= open && !is_half_day(date_of(close))) return piece;
    const double day = e.day.variance_time(std::max(start, open), close).value * kSessionsPerYear;
    piece.day_scale = std::sqrt(day / (1.0 - e.day.clock.overnight_share()));
    return piece;
}

double share_of(const Experiment& e, DateTime from, DateTime now, DateTime to) {
    const double whole = e.day.variance_time(from, to).value;
    return now >= to || whole <= 0.0 ? 1.0 : e.day.variance_time(from, now).value / whole;
}

}  // namespace

SessionPlaces session_places(const Experiment& e) {
    SessionPlaces places;
    DateTime start = e.day.market.time, close{}, open{};
    double share_before = 0.0;
    bool was_night = false;
    for (const Step& step : e.timeline) {
        StepPlace place;
        place.begins = places.steps.empty() || places.steps.back().is_close;
        if (place.begins) {
            const Date today = date_of(start);
            const bool in_session = is_session(today) && start < session_close(today);
            const Date session = in_session ? today : next_session(today);
            open = session_open(session), close = session_close(session);
            places.pieces.push_back(piece_from(e, start, open, close));
            share_before = 0.0;
        }
        place.piece = places.pieces.size() - 1;
        place.is_night = step.end <= open;
        place.is_close = step.is_close;
        const DateTime from = std::max(start, open);
        place.share = place.is_night ? share_of(e, start, step.end, open) : share_of(e, from, step.end, close);
        place.share_before = was_night && !place.is_night ? 0.0 : share_before;
        place.bars = kBarsPerSession * static_cast<double>((step.end - open).count()) /
                     static_cast<double>((close - open).count());
        share_before = place.share;
        was_night = place.is_night;
        places.steps.push_back(place);
        if (place.is_close) start = step.end;
    }
    return places;
}

}  // namespace volstorm
