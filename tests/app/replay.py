#!/usr/bin/python3
"""A path replayed alone from a result has the P&L that is stored, to the cent."""
import re
import tempfile
from pathlib import Path

from program import FOMC, LONG, TARIFF, require, run

require("h5py", "numpy")
import h5py
import numpy


def replayed(file, *which, cwd):
    """Path number, legs and strategies that `replay` prints, and its lines for the bars."""
    text = run("replay", file, *which, cwd=cwd).stdout
    number = int(re.search(r"^path (\d+), seed", text, re.M).group(1))
    amounts = {name: float(value) for name, value in re.findall(r"^  (\S.*?) +(-?[\d.]+)(?: dollars)?$", text, re.M)}
    return number, amounts, re.findall(r"^\d{4}-\d\d-\d\d .*$", text, re.M)


def check(scenario, folder):
    # The result lies elsewhere than the scenario, and is replayed from a third folder.
    result = folder / f"{scenario.stem}.h5"
    run("run", scenario, "-o", result, "-q", "--paths", 20_000, "--seed", 7)
    with h5py.File(result) as file:
        pnl, legs = file["/paths/pnl"][:], file["/paths/pnl_leg"][:]
        strategies = [s.decode() for s in file["/strategy"][:]]
        leg_names = [s.decode() for s in file["/leg"][:]]
        tail = file["/tail_path"][:]
        opened = file["/paths/opened"][:]
    # Paths of all kinds: some opened a layer by rule, some ends of blocks and of the run.
    ruled = numpy.flatnonzero((opened > 0).any(axis=0))
    assert len(ruled) > 0, f"{scenario.stem}: no rule ever opened a layer"
    chosen = [0, 511, 512, 19_999, ruled[0], tail[1], 1, *ruled[1:8], *ruled[-3:], *tail[2:5]]
    chosen = chosen[:20 if LONG else 6]
    for path in chosen:
        number, amounts, bars = replayed(result, "--path", path, cwd=folder)
        assert number == path and len(bars) > 78
        for name, value in zip(strategies, pnl[:, path]):
            assert abs(amounts["P&L " + name] - value) < 0.006, (path, name, amounts, value)
        for name, value in zip(leg_names, legs[:, path]):
            assert abs(amounts[name] - value) < 0.006, (path, name, amounts, value)
    assert pnl[-1][tail[0]] == pnl[-1].min()
    assert replayed(result, "--worst", 3, cwd=folder)[0] == tail[2]
    print(f"{scenario.stem}: {len(chosen)} paths")


def check_changed_model(folder):
    """A scenario that extends one in another folder is replayed from anywhere; where its model file has changed since
    the run, replay says so."""
    model = folder / "model.toml"
    model.write_text((FOMC.parent / "models/default.toml").read_text())
    scenario = folder / "own.toml"
    scenario.write_text(f"extends = \"{FOMC}\"\n[model]\nfile = \"model.toml\"\n")
    run("run", "own.toml", "-o", "own.h5", "-q", "--paths", 1000, "--set", "layer=[]", cwd=folder)
    replayed(folder / "own.h5", cwd="/")
    model.write_text(model.read_text().replace("sigma_v = 0.304", "sigma_v = 0.404"))
    done = run("replay", folder / "own.h5", code=3)
    assert "has changed since the run" in done.stderr


with tempfile.TemporaryDirectory() as name:
    for scenario in (FOMC, TARIFF):
        check(scenario, Path(name))
    check_changed_model(Path(name))
