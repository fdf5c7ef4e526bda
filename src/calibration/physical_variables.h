#pragma once
#include <span>
#include <string>
#include <vector>

#include "volstorm/calibration/least_squares.h"
#include "volstorm/model/model.h"

namespace volstorm {

/// A parameter of one anchor's physical set, and the variable x, 0 at the start, by which the search moves it.
class PhysicalVariable {
 public:
    PhysicalVariable(std::size_t anchor, std::string key, double Parameters::*member, const ModelInput& start);
    PhysicalVariable(std::size_t anchor, std::size_t family, std::string key, double JumpFamily::*member,
                     const ModelInput& start);

    double& in(ModelInput& model) const;
    double in(const ModelInput& model) const;
    double value(double x) const;
    double slope(double x) const;  // of the value
    std::size_t anchor() const { return anchor_; }
    std::string family_name(const ModelInput& model) const;
    const std::string& key() const { return key_; }
    FitParameter fit_parameter(const ModelInput& model) const;
    double difference() const { return in_log_ ? 0.1 : 0.05; }  // of x, wide enough for the noise of the paths

 private:
    std::size_t anchor_, family_;
    std::string key_;
    double Parameters::*of_set_ = nullptr;
    double JumpFamily::*of_family_ = nullptr;
    bool in_log_ = true;
    double start_ = 0.0, unit_ = 1.0;
};

/// What fit_physical() says that it moves.
std::vector<PhysicalVariable> physical_variables(const ModelInput& start);

/// The model at a point of the search.
struct PhysicalCandidate {
    ModelInput model;
    std::vector<double> excess;  // by anchor: ln of the feedback of its jumps over what is allowed, at least 0
};
PhysicalCandidate candidate_at(const ModelInput& start, const std::vector<PhysicalVariable>& variables,
                               std::span<const double> x);

/// Does an anchor's physical set stand where the mean of v is all but explosive?
bool is_at_stability_line(const Parameters& physical);

}  // namespace volstorm
