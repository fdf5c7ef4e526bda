#pragma once
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// One session of the horizon, or what is left of the entry's.
struct SessionPiece {
    double scale = 1.0;        // root of its share of a whole session's variance; 1 from one close to the next
    double day_scale = 1.0;    // the same of its time from open to close, over that of a whole session
    double night_share = 0.0;  // of its variance: from close to open; 0 where it begins after the open
    bool is_rest = false;      // of the entry's session
};

/// Where a step of the timeline stands.
struct StepPlace {
    std::size_t piece = 0;
    bool begins = false;    // the first step of its piece
    bool is_night = false;  // ends at the open, or before it
    bool is_close = false;
    double share = 0.0;         // of the night, or of the time from open to close, that has passed at its end
    double share_before = 0.0;  // at its start
    double bars = 0.0;          // five-minute bars of a whole session passed at its end; 78 at the close
};

struct SessionPlaces {
    std::vector<SessionPiece> pieces;
    std::vector<StepPlace> steps;
};
SessionPlaces session_places(const Experiment& experiment);

}  // namespace volstorm
