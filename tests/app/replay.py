#!/usr/bin/python3
"""A path replayed alone from a result has the P&L that is stored, to the cent."""
import re
import tempfile
from pathlib import Path

from program import FOMC, LONG, TARIFF, require, run

require("h5py", "numpy")
import h5py
import numpy


PATHS = 66_037  # one chunk and a part of the next; the last block is not full


def replayed(file, *which, cwd):
    """Path number, legs and strategies that `replay` prints, and its lines for the bars."""
    text = run("replay", file, *which, cwd=cwd).stdout
    assert not re.search(" $", text, re.M), "blanks at the end of a line"
    number = int(re.search(r"^path (\d+), seed", text, re.M).group(1))
    amounts = dict(re.findall(r"^  (\S.*?) +(-?\d+\.\d\d)(?: dollars)?$", text, re.M))
    return number, amounts, re.findall(r"^\d{4}-\d\d-\d\d .*$", text, re.M)


def check(scenario, folder):
    # The result lies elsewhere than the scenario, and is replayed from a third folder.
    result = folder / f"{scenario.stem}.h5"
    run("run", scenario, "-o", result, "-q", "--paths", PATHS, "--seed", 7)
    with h5py.File(result) as file:
        stored = {"P&L " + name.decode(): row for name, row in zip(file["/strategy"][:], file["/paths/pnl"][:])}
        stored |= {name.decode(): row for name, row in zip(file["/leg"][:], file["/paths/pnl_leg"][:])}
        total, tail, opened = file["/paths/pnl"][-1], file["/tail_path"][:], file["/paths/opened"][:]
    assert total[tail[0]] == total.min()
    # Paths of all kinds: the worst, some that opened a layer by rule, the ends of blocks, of a chunk and of the run.
    ruled = numpy.flatnonzero((opened > 0).any(axis=0))
    assert len(ruled) > 0, f"{scenario.stem}: no rule ever opened a layer"
    chosen = [tail[0], PATHS - 1, 65_536, ruled[0], 0, 511, 512, 65_535, tail[1], *ruled[1:6], *ruled[-3:], *tail[2:5]]
    chosen = chosen[:20 if LONG else 6]
    worst = replayed(result, "--worst", 1, cwd=folder)
    for path in chosen:
        number, amounts, bars = replayed(result, "--path", path, cwd=folder)
        assert number == path and len(bars) > 78
        for name, row in stored.items():
            assert amounts[name] == f"{float(row[path]):.2f}", (path, name, amounts, row[path])
        assert path != tail[0] or (number, amounts, bars) == worst
    assert replayed(result, "--worst", 3, cwd=folder)[0] == tail[2]
    print(f"{scenario.stem}: {len(chosen)} paths of {PATHS:,}, each figure to the cent")


def check_changed_model(folder):
    """A scenario that extends one in another folder is replayed from anywhere; where its model file has changed since
    the run, replay says so."""
    model = folder / "model.toml"
    model.write_text((FOMC.parent / "models/default.toml").read_text())
    scenario = folder / "own.toml"
    scenario.write_text(f"extends = \"{FOMC}\"\n[model]\nfile = \"model.toml\"\n")
    run("run", "own.toml", "-o", "own.h5", "-q", "--paths", 1000, "--set", "layer=[]", cwd=folder)
    replayed(folder / "own.h5", cwd="/")
    model.write_text(model.read_text().replace("sigma_v = 0.", "sigma_v = 0.9"))
    done = run("replay", folder / "own.h5", code=3)
    assert "has changed since the run" in done.stderr


with tempfile.TemporaryDirectory() as name:
    for scenario in (FOMC, TARIFF):
        check(scenario, Path(name))
    check_changed_model(Path(name))
