#!/usr/bin/python3
"""The work of the race in numpy: 78 bars of two factors and two jump families with hazard clocks and the end of each
path, vectorised over chunks of paths, in place, in single precision (double is no faster). Prints one JSON object.
    peer_numpy.py [paths of a chunk, default 4096] [paths, default 122880] [seed, default 1]"""
import math
import sys

import numpy as np

from peer_work import *

COEFFICIENTS = call_coefficients()


def jump(random, family, clock, x, v, jumps):
    """The paths whose clock has run out jump, perhaps more than once."""
    mean, sd, slope, mean_variance, _, _ = family
    hit = np.flatnonzero(clock < 0.0)
    while hit.size:
        variance_jump = mean_variance * random.standard_exponential(hit.size, dtype=np.float32)
        x[hit] += mean + slope * variance_jump + sd * random.standard_normal(hit.size, dtype=np.float32)
        v[hit] += variance_jump
        clock[hit] += random.standard_exponential(hit.size, dtype=np.float32)
        jumps[hit] += 1
        hit = hit[clock[hit] < 0.0]


def chebyshev(x, terms):
    """T_0 ... of x, one row each."""
    rows = np.empty((terms, x.size))
    rows[0], rows[1] = 1.0, x
    for k in range(2, terms):
        np.multiply(rows[k - 1], 2.0 * x, out=rows[k])
        rows[k] -= rows[k - 2]
    return rows


def end(x, v, m):
    """What the condor pays, VIX and the mark of the call."""
    spot = SPOT * np.exp(x.astype(np.float64))
    condor = -(np.clip(SHORT_PUT - spot, 0.0, WING) + np.clip(spot - SHORT_CALL, 0.0, WING))
    v, m = np.maximum(v, 0.0, dtype=np.float64), np.maximum(m, 0.0, dtype=np.float64)
    vix = 100.0 * np.sqrt(VIX_CONSTANT + VIX_PER_V * v + VIX_PER_M * m)
    in_root = chebyshev(2.0 / MOST_ROOT * np.minimum(np.sqrt(v), MOST_ROOT) - 1.0, ROOT_TERMS)
    in_mean = chebyshev(2.0 / MOST_MEAN * np.minimum(m, MOST_MEAN) - 1.0, MEAN_TERMS)
    call = np.einsum("bi,bi->i", COEFFICIENTS.T @ in_root, in_mean)
    return condor, vix, call


def simulate_chunk(random, paths, dtype=np.float32):
    """Values of QUANTITIES on the paths of one chunk."""
    def number(value):  # quicker in operations than a Python float or a numpy scalar
        return np.array(value, dtype)

    zero, root_dt, quarter_dt = number(0.0), number(math.sqrt(DT)), number(0.25 * DT)
    x_drift_per_v, kappa_v, rest, rho = map(number, (X_DRIFT_PER_V, KAPPA_V, SIGMA_V_REST, SIGMA_V_RHO))
    kappa_m_theta, reversion_m, pull_m = map(number, (KAPPA_M_THETA, REVERSION_M, PULL_M))
    sigma_m_root_dt = number(SIGMA_M * math.sqrt(DT))
    vix_constant, vix_per_v, vix_per_m = map(number, (VIX_CONSTANT, VIX_PER_V, VIX_PER_M))
    hazards = [(number(family[4] * DT), number(family[5] * DT)) for family in JUMPS]
    x, v, m = np.zeros(paths, dtype), np.full(paths, V0, dtype), np.full(paths, M0, dtype)
    clocks = [random.standard_exponential(paths, dtype=dtype) for _ in JUMPS]
    most = np.zeros(paths, dtype)
    vp, mp, root, step, z, noise = (np.empty(paths, dtype) for _ in range(6))
    jumps = np.zeros(paths, np.int32)
    for _ in range(BARS):
        np.maximum(v, zero, out=vp)
        np.maximum(m, zero, out=mp)
        np.sqrt(mp, out=root)
        random.standard_normal(out=z, dtype=dtype)
        m += kappa_m_theta
        m -= np.multiply(mp, reversion_m, out=step)
        m += np.multiply(vp, pull_m, out=step)
        root *= z
        root *= sigma_m_root_dt
        m += root
        np.sqrt(vp, out=root)
        root *= root_dt
        random.standard_normal(out=z, dtype=dtype)
        random.standard_normal(out=noise, dtype=dtype)
        noise *= rest
        noise += np.multiply(z, rho, out=step)
        x += np.multiply(vp, x_drift_per_v, out=step)
        x += np.multiply(root, z, out=step)
        z *= noise
        z -= rho
        z *= np.sign(vp, out=step)
        z *= quarter_dt
        x += z
        noise *= root
        v += noise
        mp -= vp
        mp *= kappa_v
        v += mp
        for family, (hazard, hazard_per_v), clock in zip(JUMPS, hazards, clocks):
            np.multiply(vp, hazard_per_v, out=step)
            step += hazard
            clock -= step
            if clock.min() < 0.0:
                jump(random, family, clock, x, v, jumps)
        np.maximum(v, zero, out=step)
        step *= vix_per_v
        np.maximum(m, zero, out=mp)
        mp *= vix_per_m
        step += mp
        step += vix_constant
        np.maximum(most, step, out=most)
    x += number(BARS * X_DRIFT)
    return v, jumps, *end(x, v, m)


def main(chunk=4096, paths=122880, seed=1):
    def simulate(seed, paths):
        random = np.random.Generator(np.random.SFC64(seed))  # the fastest of numpy's generators
        sums, squares = np.zeros(len(QUANTITIES)), np.zeros(len(QUANTITIES))
        chunks = -(-paths // chunk)
        for _ in range(chunks):
            for k, values in enumerate(simulate_chunk(random, chunk)):
                values = values.astype(np.float64, copy=False)
                sums[k] += values.sum()
                squares[k] += values @ values
        return chunks * chunk, sums, squares

    report(simulate, paths, seed)


main(*map(int, sys.argv[1:]))
