#!/usr/bin/env python3
"""Fits the polynomials of include/volstorm/math/portable.h: minimax in relative error, by Lawson's reweighted least
squares (Lawson 1961), in double precision. Prints the coefficients from the highest power down, and the error."""
import math

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


# log(1 + f) = f - f^2/2 + f^3 P(f) for 1 + f in [sqrt(1/2), sqrt(2))
def log_part(f):
    return near_zero(f, lambda x: sum((-1) ** k * x**k / (k + 3) for k in range(12)),
                     lambda x: (np.log1p(x) - x + x * x / 2) / x**3)


# sin(t) = t + t^3 S(t^2), cos(t) = 1 - t^2/2 + t^4 C(t^2) for |t| <= pi/4, as functions of z = t^2
def sine_part(z):
    return near_zero(z, lambda x: sum((-1) ** (k + 1) * x**k / math.factorial(2 * k + 3) for k in range(6)),
                     lambda x: (np.sin(np.sqrt(x)) - np.sqrt(x)) / np.sqrt(x) ** 3)


def cosine_part(z):
    return near_zero(z, lambda x: sum((-1) ** k * x**k / math.factorial(2 * k + 4) for k in range(6)),
                     lambda x: (np.cos(np.sqrt(x)) - 1 + x / 2) / x**2)


quarter = (np.pi / 4) ** 2
for name, fit in {
    "log": minimax(log_part, lambda f: np.abs(f**3 / np.log1p(f)), np.sqrt(0.5) - 1, np.sqrt(2) - 1, 8),
    "sine": minimax(sine_part, lambda z: z, 1e-9, quarter, 2),
    "cosine": minimax(cosine_part, lambda z: z * z, 1e-9, quarter, 2),
}.items():
    print(name, " ".join(f"{c:.9e}" for c in fit[0]), f"error {fit[1]:.1e}")
