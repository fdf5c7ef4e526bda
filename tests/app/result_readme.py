#!/usr/bin/python3
"""results/README.md names exactly the datasets and attributes that a result file has, with type, dimensions and units;
and the file opens in xarray, every dimension named."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from program import FOMC, PLAIN, SCENARIOS, SOURCE, require, run

require("h5py", "numpy", "xarray", "netCDF4", "h5netcdf")
import h5py

LENGTH_ONLY = "This is a netCDF dimension but not a netCDF variable"
OF_HISTORY = {"/draw", "/paths/session"}  # only where paths draw sessions of history: see generators.py
OF_TAIL = {"/worst_path"}  # only with output.store = "tail": see store.py
OF_STRATA = {"/stratum", "/strata/probability", "/strata/weight", "/paths/stratum", "/paths/replicate"}
TYPES = {"float32": "float32", "float64": "float64", "int32": "int32", "int64": "int64", "uint8": "uint8", "object": "text"}


def rows(text):
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def documented(text):
    """Datasets with (type, dims, units), and attributes with their type."""
    datasets, attributes = {}, {}
    for cells in rows(text):
        if len(cells) == 5 and cells[0].startswith("`/"):
            name, more = re.fullmatch(r"`(/[\w/]+)(?:\[(.*)\])?`", cells[0]).groups()
            for suffix in ["", *(more.split(", ") if more else [])]:
                in_strata = cells[4].startswith("in strata")  # has a row of its own beside that of plain sampling
                datasets[(name + suffix, in_strata) if name == "/paths/weight" else name + suffix] = tuple(cells[1:4])
        elif len(cells) == 3 and cells[1] in ("text", "int64", "float64"):
            attributes.update({name: cells[1] for name in re.findall(r"`(\w+)`", cells[0])})
    return datasets, attributes


def dimension_name(scale):
    return Path(scale.name).name


def found(file):
    datasets = {}

    def note(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        if bytes(item.attrs.get("NAME", b"")).decode().startswith(LENGTH_ONLY):
            datasets["/" + name] = ("", "", "")
            return
        dims = [dimension_name(d[0]) for d in item.dims] if not h5py.h5ds.is_scale(item.id) else [name]
        units = item.attrs.get("units", "")
        datasets["/" + name] = (TYPES[item.dtype.name], ", ".join(dims), units)
        assert item.attrs["long_name"], name
    file.visititems(note)
    kind = {"str": "text"}
    attributes = {name: kind.get(type(value).__name__) or value.dtype.name for name, value in file.attrs.items()}
    return datasets, attributes


def difference(a, b):
    return {name: (a.get(name), b.get(name)) for name in a.keys() | b.keys() if a.get(name) != b.get(name)}


def check(folder):
    full, strata, plain = folder / "full.h5", folder / "strata.h5", folder / "plain.h5"
    run("run", FOMC, "-o", full, "-q", "--paths", 2_000, *PLAIN)
    run("run", FOMC, "-o", strata, "-q", "--paths", 2_000)
    run("run", SCENARIOS / "condor-only.toml", "-o", plain, "-q", "--paths", 2_000, *PLAIN)
    datasets, attributes = documented((SOURCE / "results/README.md").read_text())
    weights = {in_strata: datasets.pop(("/paths/weight", in_strata)) for in_strata in (False, True)}
    assert OF_HISTORY | OF_STRATA <= datasets.keys()
    for result in (full, strata):
        with h5py.File(result) as file:
            datasets_found, attributes_found = found(file)
        in_strata = result == strata
        left_out = OF_HISTORY | OF_TAIL | (set() if in_strata else OF_STRATA)
        expected = {name: datasets[name] for name in datasets.keys() - left_out} | {"/paths/weight": weights[in_strata]}
        assert not difference(expected, datasets_found), difference(expected, datasets_found)
        assert not difference(attributes, attributes_found), difference(attributes, attributes_found)
    datasets["/paths/weight"] = weights[False]
    with h5py.File(plain) as file:  # without layers and claims there is less, and nothing else
        datasets_found, attributes_found = found(file)
    assert datasets_found.items() <= datasets.items() and attributes_found == attributes
    assert not [name for name in datasets_found if "layer" in datasets[name][1] or "claim" in name]
    done = subprocess.run([sys.executable, SOURCE / "tests/io/open_with_xarray.py", full, strata, plain])
    assert done.returncode == 0
    print(f"{len(datasets)} datasets, {len(attributes)} attributes")


with tempfile.TemporaryDirectory() as name:
    check(Path(name))
