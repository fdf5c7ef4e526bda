#!/usr/bin/python3
"""The work of the race in numba: path after path, compiled, in double precision, with numba's own generator (a Mersenne
twister). Prints one JSON object; exit code 77 where the module is missing.
    peer_numba.py [paths, default 122880] [seed, default 1]"""
import sys

import numpy as np

from peer_work import *

try:
    from numba import njit
except ImportError:
    print("peer_numba: left out, there is no module numba (Debian: python3-numba)", file=sys.stderr)
    sys.exit(77)

COEFFICIENTS = call_coefficients()
FAMILIES = np.array(JUMPS)


@njit(fastmath=True)
def call_mark(coefficients, root_v, m):
    y = 2.0 * min(root_v, MOST_ROOT) / MOST_ROOT - 1.0
    z = 2.0 * min(m, MOST_MEAN) / MOST_MEAN - 1.0
    row, row_before = 0.0, 0.0
    for a in range(ROOT_TERMS - 1, -1, -1):
        term, term_before = 0.0, 0.0
        for b in range(MEAN_TERMS - 1, 0, -1):
            term, term_before = coefficients[a, b] + 2.0 * z * term - term_before, term
        value = coefficients[a, 0] + z * term - term_before
        row, row_before = value + (1.0 if a == 0 else 2.0) * y * row - row_before, row
    return row


@njit(fastmath=True)
def run(seed, paths, families, coefficients, sums, squares):
    np.random.seed(seed)
    root_dt = math.sqrt(DT)
    clocks, values = np.empty(len(families)), np.empty(len(sums))
    for _ in range(paths):
        x, v, m, most, jumps = 0.0, V0, M0, 0.0, 0
        for j in range(len(families)):
            clocks[j] = np.random.standard_exponential()
        for _ in range(BARS):
            vp, mp = max(v, 0.0), max(m, 0.0)
            root_v, root_m = math.sqrt(vp) * root_dt, math.sqrt(mp) * root_dt
            z = np.random.standard_normal()
            noise = SIGMA_V_RHO * z + SIGMA_V_REST * np.random.standard_normal()
            x += X_DRIFT + X_DRIFT_PER_V * vp + root_v * z
            if v > 0.0:
                x += 0.25 * DT * (noise * z - SIGMA_V_RHO)
            v += KAPPA_V * (mp - vp) + root_v * noise
            m += KAPPA_M_THETA - REVERSION_M * mp + PULL_M * vp + SIGMA_M * root_m * np.random.standard_normal()
            for j in range(len(families)):
                clocks[j] -= (families[j, 4] + families[j, 5] * vp) * DT
                while clocks[j] < 0.0:
                    variance_jump = families[j, 3] * np.random.standard_exponential()
                    x += families[j, 0] + families[j, 2] * variance_jump + families[j, 1] * np.random.standard_normal()
                    v += variance_jump
                    clocks[j] += np.random.standard_exponential()
                    jumps += 1
            most = max(most, VIX_CONSTANT + VIX_PER_V * max(v, 0.0) + VIX_PER_M * max(m, 0.0))
        spot, vp, mp = SPOT * math.exp(x), max(v, 0.0), max(m, 0.0)
        values[0], values[1] = v, jumps
        values[2] = -(min(max(SHORT_PUT - spot, 0.0), WING) + min(max(spot - SHORT_CALL, 0.0), WING))
        values[3] = 100.0 * math.sqrt(VIX_CONSTANT + VIX_PER_V * vp + VIX_PER_M * mp)
        values[4] = call_mark(coefficients, math.sqrt(vp), mp)
        for k in range(len(sums)):
            sums[k] += values[k]
            squares[k] += values[k] * values[k]
    return most


def main(paths=122880, seed=1):
    def simulate(seed, paths):
        sums, squares = np.zeros(len(QUANTITIES)), np.zeros(len(QUANTITIES))
        run(seed, paths, FAMILIES, COEFFICIENTS, sums, squares)
        return paths, sums, squares

    report(simulate, paths, seed)


main(*map(int, sys.argv[1:]))
