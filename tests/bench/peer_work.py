"""The work of the race, for the peers in Python: the numbers of bench_plan.h and race.h, and how a program reports."""
import json
import math
import time

import numpy as np

BARS = 78
DT = 1.0 / 252.0 / BARS
V0, M0 = 0.0121, 0.0087
X_DRIFT, X_DRIFT_PER_V = 1e-7, -0.5 * DT
KAPPA_V, KAPPA_M_THETA, REVERSION_M, PULL_M = 15.0 * DT, 0.003 * DT, 2.3 * DT, 1.0 * DT
SIGMA_V_RHO, SIGMA_V_REST, SIGMA_M = -0.236, 0.19, 0.118
VIX_CONSTANT, VIX_PER_V, VIX_PER_M = 0.001, 0.7, 0.2
# mean log jump, its sd, slope on the variance jump, mean variance jump, intensity, intensity per variance
JUMPS = [(-0.009, 0.0068, -0.83, 0.056, 0.31, 84.0), (-0.0017, 0.00089, -1.03, 0.004, 12.2, 845.0)]

SPOT, SHORT_PUT, SHORT_CALL, WING = 6000.0, 5955.0, 6045.0, 25.0
ROOT_TERMS, MEAN_TERMS = 20, 6
MOST_ROOT, MOST_MEAN = 0.8, 0.03
QUANTITIES = ["variance", "jumps", "condor", "vix", "call"]


def call_value(root_v, m):
    vix = 100.0 * math.sqrt(VIX_CONSTANT + VIX_PER_V * root_v**2 + VIX_PER_M * m)
    above, sd = 17.0 + 0.5 * (vix - 17.0) - 20.0, 4.0
    d = above / sd
    return above * 0.5 * math.erfc(-d / math.sqrt(2.0)) + sd * math.exp(-0.5 * d * d) / math.sqrt(2.0 * math.pi)


def call_coefficients():
    """Of T_a(root_v) T_b(m): row a, column b."""
    def transform(n):  # from values at the Chebyshev points
        angle = math.pi * (np.arange(n) + 0.5) / n
        weights = 2.0 / n * np.cos(np.outer(np.arange(n), angle))
        weights[0] /= 2.0
        return np.cos(angle), weights

    (y, root_weights), (z, mean_weights) = transform(ROOT_TERMS), transform(MEAN_TERMS)
    values = [[call_value(0.5 * MOST_ROOT * (1.0 + a), 0.5 * MOST_MEAN * (1.0 + b)) for b in z] for a in y]
    return root_weights @ np.array(values) @ mean_weights.T


def report(simulate, paths, seed):
    """Runs simulate(seed, paths), which gives the paths done and for each quantity its sum and its sum of squares;
    prints nanoseconds of processor time per path-step, and the means with their standard errors."""
    simulate(seed, min(paths, 20000))  # caches, clocks and compilers are warm
    start = time.process_time()
    done, sums, squares = simulate(seed, paths)
    result = {"ns": 1e9 * (time.process_time() - start) / (done * BARS), "paths": done}
    for name, total, square in zip(QUANTITIES, sums, squares):
        mean = total / done
        result[name] = [mean, math.sqrt(max(square / done - mean * mean, 0.0) / done)]
    print(json.dumps(result))
