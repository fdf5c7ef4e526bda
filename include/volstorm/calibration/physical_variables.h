#pragma once
#include <span>
#include <string>
#include <vector>

#include "volstorm/calibration/least_squares.h"
#include "volstorm/model/model.h"

namespace volstorm {

/// A parameter of one anchor's physical set. The search moves it by a variable x, 0 at the start: the logarithm of its
/// ratio to the start. For mean_log_jump the ratio is that of the whole mean jump mu + rho_j nu, so that a family which
/// takes SPX down goes on doing so.
class PhysicalVariable {
 public:
    PhysicalVariable(std::size_t anchor, std::string key, double Parameters::*member);
    PhysicalVariable(std::size_t anchor, std::size_t family, std::string key, double JumpFamily::*member);

    double value(const ModelInput& model) const;
    /// Puts the parameter where x says; mean_log_jump by the mean_variance_jump that stands there.
    void move(ModelInput& model, const ModelInput& start, double x) const;
    std::size_t anchor() const { return anchor_; }
    std::string family_name(const ModelInput& model) const;
    const std::string& key() const { return key_; }
    FitParameter fit_parameter(const ModelInput& start) const;

 private:
    bool is_mean_jump() const { return of_family_ == &JumpFamily::mean_log_jump; }
    std::size_t anchor_, family_ = 0;
    std::string key_;
    double Parameters::*of_set_ = nullptr;
    double JumpFamily::*of_family_ = nullptr;
};

inline constexpr double kVariableStep = 0.1;  // of x in differences, wide enough for the noise of the paths

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
