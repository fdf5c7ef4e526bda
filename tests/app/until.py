#!/usr/bin/python3
"""run --until: ends where the intervals are narrow enough, and the result is that of a run with so many paths."""
import re
import tempfile
from pathlib import Path

from program import FOMC, SCENARIOS, require, run

require("h5py", "numpy")
import h5py


def contents(file):
    found = {}
    with h5py.File(file) as opened:
        opened.visititems(lambda name, item: found.update({name: item[()].tobytes() if item.dtype != object else
                                                           list(item[()])}) if isinstance(item, h5py.Dataset) else None)
    return found


def looks(text):
    """Paths and the rest of each line of --until."""
    return [(int(paths.replace(",", "")), rest) for paths, rest in re.findall(r"^Until    ([\d,]+) paths: (.*)$", text, re.M)]


def half_width(file):
    with h5py.File(file) as opened:
        shortfall = "summary/expected_shortfall"
        low, high, value = (opened[shortfall + end][-1, -1] for end in ("_low", "_high", ""))
    return 0.5 * (high - low) / abs(value)


def narrow_enough(folder, method):
    """The goal holds at the end and not before; each look has a power of two times the paths asked for."""
    here = [FOMC, "-q", "--set", f"sampling.method={method}", "--paths", 16_384]
    goal = 0.004 if method == "plain" else 0.0015
    said = run("run", *here, "--until", f"es99.9 < {100 * goal:g} %", "-o", folder / "until.h5").stdout
    lines = looks(said)
    assert len(lines) > 1 and "reached" in lines[-1][1] and all("next" in rest for _, rest in lines[:-1]), lines
    for paths, _ in lines:
        assert paths % 16_384 == 0 and (paths // 16_384).bit_count() == 1, lines
    assert half_width(folder / "until.h5") <= goal
    again = re.search(r"^Again    volstorm (.*)$", said, re.M).group(1).split()
    assert "--until" not in again and again[again.index("--paths") + 1] == str(lines[-1][0])
    run("run", *here[:-2], "--paths", lines[-1][0], "-o", folder / "once.h5")
    assert contents(folder / "until.h5") == contents(folder / "once.h5")
    run("run", *here[:-2], "--paths", lines[-2][0], "-o", folder / "before.h5")
    assert not half_width(folder / "before.h5") <= goal


def not_reached(folder):
    """What no disk or clock allows ends with exit code 3, and the last result stays."""
    done = run("run", FOMC, "-q", "--paths", 100_000, "--until", "mean < 0.0000001", "-o", folder / "far.h5", code=3)
    assert 100_000 <= looks(done.stdout)[-1][0] <= 106_250 and "NOT reached" in looks(done.stdout)[-1][1]
    assert len(contents(folder / "far.h5")) > 50


def refused(folder):
    for goal, words in [("es98 < 1 %", "there are mean, sd"), ("es99(x) < 1 %", "there are total, unhedged"), ("", "--until")]:
        done = run("run", FOMC, "-q", "--until", goal, "-o", folder / "no.h5", code=2)
        assert words in done.stderr and done.stdout == "", (goal, done.stderr)
    days = ["--set", "model.generator=named_day"]
    done = run("run", SCENARIOS / "condor-only.toml", "-q", *days, "--until", "es99 < 1 %", "-o", folder / "no.h5", code=2)
    assert "named_day" in done.stderr, done.stderr
    assert not (folder / "no.h5").exists()


with tempfile.TemporaryDirectory() as name:
    for method in ("plain", "hybrid"):
        narrow_enough(Path(name), method)
    not_reached(Path(name))
    refused(Path(name))
