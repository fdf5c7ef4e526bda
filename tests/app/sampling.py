#!/usr/bin/python3
"""Tail sampling is unbiased and its intervals hold: the figures of many runs in strata against those of one large plain run,
for condors with wide wings and their hedges; and how much less they vary than as many plain paths. In the long tier the
plain run has a thousand million paths; with VOLSTORM_PLAIN_RUNS these are looked for in a folder, and left there: made by
the same program, which nobody checks."""
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
NOISE = 1.2  # what 16 seeds leave of a gain


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


def is_seen(runs):
    """Of what most runs do not see at all they do not know the error either."""
    return (runs[:, 0] != 0.0).mean(0) > 0.5


def bias(runs, plain):
    """Distance of the means of the runs from the plain figures in combined standard errors."""
    spread = runs[:, 0].std(0, ddof=1) / numpy.sqrt(len(runs))
    error = numpy.sqrt(spread**2 + plain[1]**2 + (1e-9 * plain[0])**2)
    return numpy.where(is_seen(runs), (runs[:, 0].mean(0) - plain[0]) / numpy.where(error > 0.0, error, 1.0), 0.0)


def cover(runs, plain):
    """Shares of the runs whose interval holds the plain figure."""
    return ((runs[:, 2] <= plain[0]) & (plain[0] <= runs[:, 3])).mean(0)


def runs_of(folder, scenario, wings, method, paths, seeds):
    """The figures of many runs, by name: an array of seed, (value, error, low, high), and the figure's dimensions."""
    lists = {}
    for seed in range(100, 100 + seeds):
        file = result(folder, scenario, wings, method, paths, seed)
        for name, figure in figures(file).items():
            lists.setdefault(name, []).append(figure)
        file.unlink()
    return {name: numpy.stack(runs) for name, runs in lists.items()}


def places(runs):
    """Where every run has limits: elsewhere it says itself that too few paths stand behind the figure."""
    return zip(*numpy.nonzero(numpy.isfinite(runs).all(axis=(0, 1))))


def label(name, place):
    return f"{name}{[int(i) for i in place]}"


def check(keep, book, method, paths, by_name):
    plain = figures(result(keep, *book, "plain", PLAIN_PATHS, 1))
    most, least, shares = (0.0, ""), (2.0, ""), []
    for name, runs in by_name.items():
        z, held = bias(runs, plain[name]), cover(runs, plain[name])
        for place in places(runs):
            assert numpy.isfinite(z[place]), label(name, place)
            most, least = max(most, (abs(z[place]), label(name, place))), min(least, (held[place], label(name, place)))
            shares.append(held[place])
            if "-v" in sys.argv:
                print(f"  {label(name, place):48s} plain {plain[name][0][place]:12.6g} z {z[place]:6.2f} "
                      f"cover {held[place]:.3f}")
    seeds = len(next(iter(by_name.values())))
    print(f"{book[0].stem}, wings {book[1]}, {method}, {seeds} runs of {paths:,} paths: {len(shares)} figures at most "
          f"{most[0]:.1f} standard errors off ({most[1]}); intervals cover {numpy.mean(shares):.3f}, at least "
          f"{least[0]:.3f} ({least[1]})", flush=True)
    assert most[0] < MOST_SE, most
    assert numpy.mean(shares) > 0.93, numpy.mean(shares)
    assert not LONG or least[0] > 0.93 - 4.0 * (0.05 * 0.95 / seeds)**0.5, least


def check_gains(book, method, sampled, plain):
    """The variance of plain runs over that of as many paths in strata, both told by the errors that the runs say."""
    gains = {}
    for name, runs in sampled.items():
        over, under = (plain[name][:, 1]**2).mean(0), (runs[:, 1]**2).mean(0)
        seen = is_seen(plain[name]) & (under > (1e-9 * plain[name][:, 0].mean(0))**2)  # else rounding
        for place in set(places(runs)) & set(places(plain[name])):
            if seen[place]:
                gains[label(name, place)] = over[place] / under[place]
    tails = {name: gain for name, gain in gains.items() if name.startswith("groups/expected_shortfall")}
    rest = {name: gain for name, gain in gains.items() if name not in tails}
    levels = {99: 2, 99.9: 4}
    books = len(plain["summary/mean"][0, 0])
    of_level = {level: [gains.get(f"summary/expected_shortfall[{k}, {i}]", numpy.nan) for k in (0, books - 1)]
                for level, i in levels.items()}
    said = "; ".join(f"ES {level} {a:.0f}, {b:.0f}" for level, (a, b) in of_level.items())
    mean = ", ".join(f"{gains[f'summary/mean[{k}]']:.0f}" for k in (0, books - 1))
    worst = [min(some.items(), key=lambda item: item[1]) for some in (rest, tails)]
    print(f"  gains over plain paths, condor alone and with its hedge: {said}; mean {mean}; least {worst[0][1]:.2f} "
          f"({worst[0][0]}); of tails by side {worst[1][1]:.2f} ({worst[1][0]})", flush=True)
    assert worst[0][1] > 0.9 / NOISE and worst[1][1] > 0.67 / NOISE, worst
    if method == "hybrid" and book[1] >= 250:
        assert min(of_level[99]) > 15 / NOISE and min(of_level[99.9]) > 30 / NOISE, of_level


with tempfile.TemporaryDirectory() as made:
    folder = Path(made)
    keep = Path(os.environ.get("VOLSTORM_PLAIN_RUNS", folder))
    for book in BOOKS if LONG else BOOKS[:1]:
        plain = runs_of(folder, *book, "plain", 131_072, 16) if LONG else {}
        for method in ("hybrid", "stratified"):
            for paths, seeds in SIZES.items():
                sampled = runs_of(folder, *book, method, paths, seeds)
                check(keep, book, method, paths, sampled)
                if LONG and paths == 131_072:
                    check_gains(book, method, sampled, plain)
