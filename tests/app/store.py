#!/usr/bin/python3
"""[output] store: whatever a result keeps of its paths, its figures are the same bits; what it keeps of the worst paths
is what it would have kept of all."""
import re
import resource
import tempfile
from pathlib import Path

from program import FOMC, LONG, SCENARIOS, require, run

require("h5py", "numpy")
import h5py
import numpy

CONDOR = SCENARIOS / "condor-only.toml"
PATHS = 110_000  # more than are kept of the worst


def refused(arguments, *words, code=2):
    said = run(*arguments, code=code).stderr
    assert all(word in said for word in words) and said.count("\n") == 1, said
    return said


def contents(file):
    found = {}
    with h5py.File(file) as opened:
        opened.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
        return found, dict(opened.attrs)


def same(a, b):
    return (a == b).all() if a.dtype == object else a.shape == b.shape and a.tobytes() == b.tobytes()


def check(folder, method, paths):
    results = {}
    for store in ("all", "tail", "summary"):
        file = folder / f"{store}.h5"
        said = run("run", FOMC, "-q", "-o", file, "--paths", paths, "--set", f"sampling.method={method}",
                   "--set", f"output.store={store}").stdout
        results[store], attributes = contents(file)
        assert attributes["store"] == store and attributes["paths"] >= paths
        results[store + " said"] = said.split("\nResult ")[0]
    whole, tail, summary = results["all"], results["tail"], results["summary"]
    assert results["all said"] == results["tail said"] == results["summary said"]
    for part in (tail, summary):
        assert not [name for name in part if name.startswith("paths/")]
        for name in part.keys() & whole.keys():
            assert same(numpy.asarray(whole[name]), numpy.asarray(part[name])), name
    assert {name for name in whole if not name.startswith("paths/")} == {
        name for name in tail if not name.startswith("worst")}
    assert [name for name in summary if name.startswith("tail/")] == ["tail/pnl"] and "step" not in summary
    worst = tail["worst_path"]
    order = numpy.lexsort((numpy.arange(len(whole["paths/spx_return"])), whole["paths/pnl"][-1]))
    assert len(worst) == 100_000 and (worst == order[:100_000]).all()
    for name in (n for n in whole if n.startswith("paths/")):
        stored = whole[name] if whole[name].shape == () or whole[name].shape == (1,) else whole[name][..., worst]
        assert same(stored, tail["worst" + name.removeprefix("paths")]), name


def replayed(folder):
    """What is not stored cannot be compared, and replay says so; what is stored, is."""
    for store in ("tail", "summary"):
        assert "nothing to compare" not in run("replay", folder / f"{store}.h5", "--worst", 1000).stderr
    kept = set(contents(folder / "summary.h5")[0]["tail_path"].tolist())
    other = next(path for path in range(2_000) if path not in kept)
    assert "nothing to compare" in run("replay", folder / "summary.h5", "--path", other).stderr


def room(folder):
    """A run that does not fit is told what it would need without its paths; a full disk is an error that leaves nothing."""
    message = refused(["run", CONDOR, "--paths", "1e12", "-o", folder / "huge.h5"], "TB of disk")
    assert "paths fit" in message
    less = refused(["run", CONDOR, "--paths", "1e12", "-o", folder / "huge.h5", "--set", "output.store=summary"], "TB of disk")
    needs = [float(re.search(r"need ([\d.]+) TB", text).group(1)) for text in (message, less)]
    assert 4.9 < needs[1] < 5.1 < needs[0], needs  # a float and the group of each path
    empty = folder / "empty"
    empty.mkdir()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, usual[1]))
    refused(["run", CONDOR, "--paths", "5e7", "-q", "-o", empty / "x.h5", "--set", "output.store=summary"],
            "cannot write", "x.h5", code=5)
    resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert not list(empty.iterdir())
    refused(["check", CONDOR, "--set", "output.store=some"], "all", "tail", "summary")


with tempfile.TemporaryDirectory() as name:
    for method in ("plain", "hybrid"):
        check(Path(name), method, PATHS)
    if LONG:  # beyond what memory keeps of the P&L
        check(Path(name), "plain", 20_000_000)
        check(Path(name), "hybrid", 16_000_000)
    check(Path(name), "hybrid", PATHS)
    replayed(Path(name))
    room(Path(name))
