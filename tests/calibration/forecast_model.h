#pragma once
#include <vector>

#include "volstorm/calibration/one_day_law.h"

/// A model for tests of forecasts, its numbers apart from those of the shipped one, and histories that it makes.
namespace forecasts {

inline volstorm::ModelInput model() {
    using volstorm::JumpFamily, volstorm::Parameters;
    const Parameters pricing{15.0, 0.4, -0.75, 1.0, 0.003, 0.12, 1.0, {{"jump", 0.6, 70.0, -0.008, 0.007, -0.6, 0.04}}};
    Parameters physical = pricing;
    physical.jumps[0].intensity_per_variance = 40.0;
    volstorm::ModelInput input;
    input.anchors = {{"only", 20.0, pricing, physical, true}};
    input.section = volstorm::Table::parse("", "the model of the test");
    return input;
}

/// VIX closes from 11 to 44, none of them on a level of the forecasts.
inline std::vector<double> closes() {
    std::vector<double> vix;
    for (int i = 0; i < 24; ++i) vix.push_back(11.03 + 1.433 * i);
    return vix;
}

/// Histories that the model itself makes, independent of each other: day d of each begins at the VIX close d % 24.
class Histories {
 public:
    Histories(const volstorm::ModelInput& input, std::size_t sessions_a_close, std::uint64_t seed)
        : paths_(sessions_a_close) {
        const auto executor = volstorm::make_thread_executor(2);
        sessions_ = simulate_sessions(input, closes(), paths_, seed, *executor);
    }
    volstorm::OneDaySample history(std::size_t number, std::size_t days) const {
        volstorm::OneDaySample sample;
        const std::size_t closes_each = 24, of_close = days / closes_each + 1;
        for (std::size_t day = 0; day < days; ++day) {
            const std::size_t path = number * of_close + day / closes_each;
            sample.append(sessions_, (day % closes_each) * paths_ + path, 1);
        }
        return sample;
    }

 private:
    std::size_t paths_;
    volstorm::OneDaySample sessions_;
};

}  // namespace forecasts
