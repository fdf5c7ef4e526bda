#pragma once
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "volstorm/calibration/least_squares.h"

/// Problems of NIST's Statistical Reference Datasets for nonlinear regression, with certified values
/// (https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml; public domain).
namespace volstorm {

struct NistProblem {
    std::string name;
    std::vector<double> y, x;
    std::vector<std::vector<double>> starts;
    std::vector<double> certified, standard_errors;
    double sum_of_squares;
    std::function<double(std::span<const double> b, double x)> model;
};

inline LeastSquaresProblem as_problem(const NistProblem& nist, std::span<const double> start) {
    LeastSquaresProblem problem;
    for (std::size_t i = 0; i < start.size(); ++i) {
        problem.parameters.push_back({.name = "b" + std::to_string(i + 1), .start = start[i]});
    }
    problem.residuals = nist.x.size();
    problem.evaluate = [&nist](std::span<const double> b, std::span<double> residuals) {
        for (std::size_t i = 0; i < residuals.size(); ++i) residuals[i] = nist.model(b, nist.x[i]) - nist.y[i];
    };
    return problem;
}

/// Dental research, monomolecular adsorption.
inline NistProblem misra1a() {
    return {"Misra1a",
            {10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78},
            {77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0},
            {{500.0, 0.0001}, {250.0, 0.0005}},
            {2.3894212918e+02, 5.5015643181e-04},
            {2.7070075241e+00, 7.2668688436e-06},
            1.2455138894e-01,
            [](std::span<const double> b, double x) { return b[0] * (1.0 - std::exp(-b[1] * x)); }};
}

/// Electron mobility in a semiconductor: seven parameters.
inline NistProblem thurber() {
    return {"Thurber",
            {80.574,   84.248,   87.264,   87.195,   89.076,   89.608,   89.868,   90.101,   92.405,   95.854,
             100.696,  101.060,  401.672,  390.724,  567.534,  635.316,  733.054,  759.087,  894.206,  990.785,
             1090.109, 1080.914, 1122.643, 1178.351, 1260.531, 1273.514, 1288.339, 1327.543, 1353.863, 1414.509,
             1425.208, 1421.384, 1442.962, 1464.350, 1468.705, 1447.894, 1457.628},
            {-3.067, -2.981, -2.921, -2.912, -2.840, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363, -2.322, -1.501,
             -1.460, -1.274, -1.212, -1.100, -1.046, -0.915, -0.714, -0.566, -0.545, -0.400, -0.309, -0.109, -0.103,
             0.010,  0.119,  0.377,  0.790,  0.963,  1.006,  1.115,  1.572,  1.841,  2.047,  2.200},
            {{1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03}, {1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05}},
            {1.2881396800e+03, 1.4910792535e+03, 5.8323836877e+02, 7.5416644291e+01, 9.6629502864e-01, 3.9797285797e-01,
             4.9727297349e-02},
            {4.6647963344e+00, 3.9571156086e+01, 2.8698696102e+01, 5.5675370270e+00, 3.1333340687e-02, 1.4984928198e-02,
             6.5842344623e-03},
            5.6427082397e+03,
            [](std::span<const double> b, double x) {
                return (b[0] + x * (b[1] + x * (b[2] + x * b[3]))) / (1.0 + x * (b[4] + x * (b[5] + x * b[6])));
            }};
}

/// Kowalik and Osborne 1978: hard from the first start, with a worse minimum at infinity.
inline NistProblem mgh09() {
    return {"MGH09",
            {0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246},
            {4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625},
            {{25.0, 39.0, 41.5, 39.0}, {0.25, 0.39, 0.415, 0.39}},
            {1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01},
            {1.1435312227e-02, 1.9633220911e-01, 8.0842031232e-02, 9.0025542308e-02},
            3.0750560385e-04,
            [](std::span<const double> b, double x) { return b[0] * (x * x + x * b[1]) / (x * x + x * b[2] + b[3]); }};
}

/// Eckerle, circular interference transmittance: a narrow peak.
inline NistProblem eckerle4() {
    return {"Eckerle4",
            {0.0001575, 0.0001699, 0.0002350, 0.0003102, 0.0004917, 0.0008710, 0.0017418, 0.0046400, 0.0065895,
             0.0097302, 0.0149002, 0.0237310, 0.0401683, 0.0712559, 0.1264458, 0.2073413, 0.2902366, 0.3445623,
             0.3698049, 0.3668534, 0.3106727, 0.2078154, 0.1164354, 0.0616764, 0.0337200, 0.0194023, 0.0117831,
             0.0074357, 0.0022732, 0.0008800, 0.0004579, 0.0002345, 0.0001586, 0.0001143, 0.0000710},
            {400.0, 405.0, 410.0, 415.0, 420.0, 425.0, 430.0, 435.0, 436.5, 438.0, 439.5, 441.0,
             442.5, 444.0, 445.5, 447.0, 448.5, 450.0, 451.5, 453.0, 454.5, 456.0, 457.5, 459.0,
             460.5, 462.0, 463.5, 465.0, 470.0, 475.0, 480.0, 485.0, 490.0, 495.0, 500.0},
            {{1.0, 10.0, 500.0}, {1.5, 5.0, 450.0}},
            {1.5543827178e+00, 4.0888321754e+00, 4.5154121844e+02},
            {1.5408051163e-02, 4.6803020753e-02, 4.6800518816e-02},
            1.4635887487e-03,
            [](std::span<const double> b, double x) {
                const double d = (x - b[2]) / b[1];
                return b[0] / b[1] * std::exp(-0.5 * d * d);
            }};
}

}  // namespace volstorm
