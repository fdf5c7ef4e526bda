#pragma once
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// One session of the horizon, or what is left of the entry's.
struct SessionPiece {
    double day_scale = 1.0;  // root of its share of the variance of a whole session from open to close
    bool is_rest = false;    // of the entry's session, without a gap; else the gap is a whole one
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
