#!/usr/bin/python3
"""Tail sampling is unbiased and its intervals hold: the figures of many runs in strata against those of one large plain run,
for condors with wide wings and their hedges. In the long tier the plain run has a thousand million paths; with
VOLSTORM_PLAIN_RUNS these are looked for in a folder, and left there."""
import os
import sys
import tempfile
from pathlib import Path

from program import FOMC, LONG, SCENARIOS, TARIFF, require, run

require("h5py", "numpy")
import h5py
import numpy

BOOKS = [(FOMC, 300), (FOMC, 25), (SCENARIOS / "2024-01-05-calm.toml", 250), (TARIFF, 600)]  # and width of the wings
SE = "_standard_error"
OF_THE_SAMPLE = "atom_share"  # of the worst loss seen: smaller, the more paths there are
PLAIN_PATHS = 1_000_000_000 if LONG else 2_000_000
SIZES = {131_072: 60, 16_384: 200} if LONG else {16_384: 12}  # seeds by paths of a run
MOST_SE = 4.0


def figures(file):
    """Each figure that has an interval, with its standard error and limits; NaN where the run says none."""
    found = {}
    with h5py.File(file) as opened:
        for group in ("summary", "groups", "layers", "claims"):
            for name in (n.removesuffix(SE) for n in opened.get(group, ()) if n.endswith(SE)):
                if name == OF_THE_SAMPLE:
                    continue
                rows = [opened[group][name + suffix][()] for suffix in ("", SE, "_low", "_high")]
                found[f"{group}/{name}"] = numpy.stack(rows)
    return found


def result(folder, scenario, wings, method, paths, seed):
    file = folder / f"{scenario.stem}-{wings}-{method}-{paths}-{seed}.h5"
    if not file.exists():
        run("run", scenario, "-q", "-o", file, "--paths", paths, "--seed", seed, "--set", f"condor.wing_width={wings}",
            "--set", f"sampling.method={method}", "--set", "output.store=summary", timeout=7200)
    return file


def bias(runs, plain):
    """Distance of the means of the runs from the plain figures in combined standard errors."""
    spread = runs[:, 0].std(0, ddof=1) / numpy.sqrt(len(runs))
    error = numpy.sqrt(spread**2 + plain[1]**2 + (1e-9 * plain[0])**2)
    is_seen = (runs[:, 0] != 0.0).mean(0) > 0.5  # of what most runs do not see at all they do not know the error either
    return numpy.where(is_seen, (runs[:, 0].mean(0) - plain[0]) / numpy.where(error > 0.0, error, 1.0), 0.0)


def cover(runs, plain):
    """Shares of the runs whose interval holds the plain figure."""
    return ((runs[:, 2] <= plain[0]) & (plain[0] <= runs[:, 3])).mean(0)


def check(folder, keep, scenario, wings, method, paths, seeds):
    plain = figures(result(keep, scenario, wings, "plain", PLAIN_PATHS, 1))
    lists = {}
    for seed in range(100, 100 + seeds):
        file = result(folder, scenario, wings, method, paths, seed)
        for name, figure in figures(file).items():
            lists.setdefault(name, []).append(figure)
        file.unlink()
    most, least, shares = (0.0, ""), (2.0, ""), []
    for name, list_of_runs in lists.items():
        runs = numpy.stack(list_of_runs)
        z, held = bias(runs, plain[name]), cover(runs, plain[name])
        # Where a run shows no limits it says itself that too few paths stand behind the figure.
        for place in zip(*numpy.nonzero(numpy.isfinite(runs).all(axis=(0, 1)))):
            figure = f"{name}{[int(i) for i in place]}"
            most, least = max(most, (abs(z[place]), figure)), min(least, (held[place], figure))
            shares.append(held[place])
            if "-v" in sys.argv:
                print(f"  {figure:48s} plain {plain[name][0][place]:12.6g} z {z[place]:6.2f} cover {held[place]:.3f}")
    print(f"{scenario.stem}, wings {wings}, {method}, {seeds} runs of {paths:,} paths: {len(shares)} figures at most "
          f"{most[0]:.1f} standard errors off ({most[1]}); intervals cover {numpy.mean(shares):.3f}, at least "
          f"{least[0]:.3f} ({least[1]})", flush=True)
    assert most[0] < MOST_SE, most
    assert numpy.mean(shares) > 0.9, numpy.mean(shares)


with tempfile.TemporaryDirectory() as made:
    folder = Path(made)
    for scenario, wings in BOOKS if LONG else BOOKS[:1]:
        for method in ("hybrid", "stratified"):
            for paths, seeds in SIZES.items():
                check(folder, Path(os.environ.get("VOLSTORM_PLAIN_RUNS", folder)), scenario, wings, method, paths, seeds)
