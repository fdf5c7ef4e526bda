#!/usr/bin/python3
"""The same scenario gives the same numbers on any number of threads, and fewer plain paths are the first of more."""
import tempfile
from pathlib import Path

from program import FOMC, PLAIN, require, run

require("h5py", "numpy")
import h5py
import numpy

PATHS = 65_536 + 700  # neither a multiple of a block nor of a chunk


def contents(file):
    found = {}
    with h5py.File(file) as opened:
        opened.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return found


def same(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes() if a.dtype != object else (a == b).all()


def check(folder):
    def result(name, paths, threads, *more):
        run("run", FOMC, "-o", folder / name, "-q", "--paths", paths, "--threads", threads, *more)
        return contents(folder / name)
    for more in ([], PLAIN):
        one, two = result("1.h5", PATHS, 1, *more), result("2.h5", PATHS, 2, *more)
        assert one.keys() == two.keys() and len(one) > 50
        for name in one:
            assert same(numpy.asarray(one[name]), numpy.asarray(two[name])), name
    fewer = result("fewer.h5", 10_001, 2, *PLAIN)
    for name in (n for n in one if n.startswith("paths/") and n != "paths/weight"):
        assert same(one[name][..., :10_001], fewer[name]), name
    other = result("other.h5", 10_001, 2, "--seed", 5, *PLAIN)
    assert (other["paths/spx_return"] != fewer["paths/spx_return"]).mean() > 0.99


with tempfile.TemporaryDirectory() as name:
    check(Path(name))
