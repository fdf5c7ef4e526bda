#!/usr/bin/env python3
"""Fits the polynomials of include/volstorm/math/portable.h: minimax, by reweighted least squares
(Lawson 1961), in double precision. Prints the coefficients from the highest power down, and the error."""
import numpy as np


def minimax(function, weight, low, high, degree):
    nodes = 0.5 * (low + high) + 0.5 * (high - low) * np.cos((np.arange(4001) + 0.5) * np.pi / 4001)
    powers, values, weights = np.vander(nodes, degree + 1), function(nodes), weight(nodes)
    lawson = np.ones_like(nodes)
    for _ in range(200):
        scale = np.sqrt(lawson) * weights
        coefficients, *_ = np.linalg.lstsq(powers * scale[:, None], values * scale, rcond=None)
        errors = np.abs((powers @ coefficients - values) * weights)
        lawson = lawson * (errors + 1e-30)
        lawson /= lawson.sum()
    return coefficients, errors.max()


def near_zero(x, series, direct, limit=1e-2):
    """`direct` loses digits near 0: there the series is used."""
    return np.where(np.abs(x) < limit, series(x), direct(np.where(np.abs(x) < limit, 1.0, x)))


# -2 log(1 + f) = f (-2 + f P(f)) for 1 + f in [sqrt(1/2), sqrt(2)), relative error
def log_part(f):
    return near_zero(f, lambda x: sum(2 * (-1) ** k * x**k / (k + 2) for k in range(14)),
                     lambda x: (-2 * np.log1p(x) / x + 2) / x)


# sin(pi t / 2) = t S(t^2), cos(pi t / 2) = C(t^2) for |t| <= 1, as functions of z = t^2, absolute error
def quarter_turns(z):
    return np.pi / 2 * np.sqrt(z)


for name, fit in {
    "log": minimax(log_part, lambda f: np.abs(f * f / (2 * np.log1p(f))), np.sqrt(0.5) - 1, np.sqrt(2) - 1, 7),
    "sine": minimax(lambda z: np.sin(quarter_turns(z)) / np.sqrt(z), np.sqrt, 1e-12, 1, 4),
    "cosine": minimax(lambda z: np.cos(quarter_turns(z)), np.ones_like, 1e-12, 1, 4),
}.items():
    print(name, " ".join(f"{c:.9e}" for c in fit[0]), f"error {fit[1]:.1e}")
