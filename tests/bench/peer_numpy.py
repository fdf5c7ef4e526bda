#!/usr/bin/python3
"""The work of the path kernel in numpy: 78 bars of two factors and two jump families with hazard clocks, vectorised
over chunks of paths, in place, in single precision (double is no faster). Prints one JSON object: nanoseconds of
processor time per path-step, and the means of v and of the number of jumps. The numbers are those of bench_plan.h.
    peer_numpy.py [paths of a chunk, default 4096] [paths, default 122880]"""
import json
import sys
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


def jump(random, family, clock, x, v):
    """The paths whose clock has run out jump, perhaps more than once. Returns the number of jumps."""
    mean, sd, slope, mean_variance, _, _ = family
    count = 0
    hit = np.flatnonzero(clock < 0.0)
    while hit.size:
        variance_jump = mean_variance * random.standard_exponential(hit.size, dtype=np.float32)
        x[hit] += mean + slope * variance_jump + sd * random.standard_normal(hit.size, dtype=np.float32)
        v[hit] += variance_jump
        clock[hit] += random.standard_exponential(hit.size, dtype=np.float32)
        count += hit.size
        hit = hit[clock[hit] < 0.0]
    return count


def simulate(random, paths, dtype=np.float32):
    """One chunk. Returns v at the end and the number of jumps."""
    x, v, m = np.zeros(paths, dtype), np.full(paths, V0, dtype), np.full(paths, M0, dtype)
    clocks = [random.standard_exponential(paths, dtype=dtype) for _ in JUMPS]
    most = np.zeros(paths, dtype)
    vp, mp, root, step, z, noise = (np.empty(paths, dtype) for _ in range(6))
    is_positive = np.empty(paths, bool)
    zero, jumps = dtype(0.0), 0
    for _ in range(BARS):
        np.maximum(v, zero, out=vp)
        np.maximum(m, zero, out=mp)
        np.multiply(mp, dtype(DT), out=root)
        np.sqrt(root, out=root)
        random.standard_normal(out=z, dtype=dtype)
        m += dtype(KAPPA_M_THETA)
        m -= np.multiply(mp, dtype(REVERSION_M), out=step)
        m += np.multiply(vp, dtype(PULL_M), out=step)
        root *= z
        root *= dtype(SIGMA_M)
        m += root
        np.multiply(vp, dtype(DT), out=root)
        np.sqrt(root, out=root)
        random.standard_normal(out=z, dtype=dtype)
        random.standard_normal(out=noise, dtype=dtype)
        noise *= dtype(SIGMA_V_REST)
        noise += np.multiply(z, dtype(SIGMA_V_RHO), out=step)
        x += dtype(X_DRIFT)
        x += np.multiply(vp, dtype(X_DRIFT_PER_V), out=step)
        x += np.multiply(root, z, out=step)
        z *= noise
        z -= dtype(SIGMA_V_RHO)
        z *= np.greater(v, zero, out=is_positive)
        z *= dtype(0.25 * DT)
        x += z
        noise *= root
        v += noise
        mp -= vp
        mp *= dtype(KAPPA_V)
        v += mp
        for family, clock in zip(JUMPS, clocks):
            np.multiply(vp, dtype(family[5] * DT), out=step)
            step += dtype(family[4] * DT)
            clock -= step
            if clock.min() < 0.0:
                jumps += jump(random, family, clock, x, v)
        np.maximum(v, zero, out=step)
        step *= dtype(VIX_PER_V)
        np.maximum(m, zero, out=mp)
        mp *= dtype(VIX_PER_M)
        step += mp
        step += dtype(VIX_CONSTANT)
        np.maximum(most, step, out=most)
    return v, jumps


def main(chunk=4096, paths=122880):
    random = np.random.Generator(np.random.SFC64(7))  # the fastest of numpy's generators
    simulate(random, chunk)
    variance, jumps, done, start = 0.0, 0, 0, time.process_time()
    while done < paths:
        v, count = simulate(random, chunk)
        variance += float(v.sum(dtype=np.float64))
        jumps += count
        done += chunk
    seconds = time.process_time() - start
    print(json.dumps({"ns": 1e9 * seconds / (done * BARS), "variance": variance / done, "jumps": jumps / done}))


main(*map(int, sys.argv[1:]))
