#!/usr/bin/python3
"""`screen` on real option chains: each file of the folder VOLSTORM_MARKET_DATA is read, and ten give the figures below.

The chains are Cboe's and are not in this repository. The figures were computed apart from this program: parity forward at
the strike with the smallest |call - put|, ACT/365 calendar time to 16:00 New York, Black's inversion of mids, 0.15 forward
delta among the listed strikes, a condor with 25-point wings at bid and ask and at mid."""
import json
import os
import sys
import tempfile
from pathlib import Path

from program import run

# file, rows, dates, quote time, next expiry, forward, ATM vol %, put, its vol %, call, its vol %, credit, credit at mid
FIGURES = """
spx_2022-02-04_close.csv   5954 19 2022-02-04T16:00 2022-02-07 4495.35 14.9 4425 16.8 4550 12.8 4.95 5.42
spx_2022-06-10_close.csv   6758 25 2022-06-10T16:00 2022-06-13 3910.25 20.3 3825 23.7 3980 18.0 4.4 5.12
spx_2022-07-12_1155et.csv  5905 25 2022-07-12T11:55 2022-07-13 3856.9 34.3 3775 37.1 3930 31.3 5.45 5.75
spx_2023-03-15_1155et.csv  2763 13 2023-03-15T11:55 2023-03-16 3860.85 36.2 3765 42.5 3935 31.1 4.8 5.15
spx_2023-07-03_preopen.csv 3660 20 2023-07-03T09:00 2023-07-05 4451.5 8.5 4420 9.1 4485 8.5 3.35 3.5
spx_2023-09-05_preopen.csv 3596 19 2023-09-04T10:00 2023-09-05 4521.45 9.2 4495 10.1 4545 9.0 3.3 3.45
spx_2023-09-14_close.csv   6888 34 2023-09-14T16:00 2023-09-15 4510.45 10.9 4480 12.5 4540 11.3 2.75 2.95
spx_2023-10-04_preopen.csv 3940 20 2023-10-04T09:00 2023-10-05 4229.9 20.3 4175 21.9 4280 18.7 4.85 5.03
spx_2023-10-16_preopen.csv 2563 12 2023-10-16T09:00 2023-10-17 4335.45 21.1 4270 24.4 4385 19.1 5.0 5.38
spx_2024-01-05_close.csv   6907 33 2024-01-05T16:00 2024-01-08 4699.45 6.5 4670 6.8 4725 6.2 3.7 3.88
"""
# The quote times of files without a date line that the table does not name.
TIMES = {"vix_2023-07-03_preopen.csv": "2023-07-03T09:00", "vix_2023-09-05_preopen.csv": "2023-09-04T10:00",
         "vix_2023-10-04_preopen.csv": "2023-10-04T09:00", "vix_2023-10-16_preopen.csv": "2023-10-16T09:00",
         "vix_2025-07-23_24_cboe_small.csv": "2025-07-23T16:00"}
HALF_DIGIT = {"forward": 0.005, "vol": 0.05, "credit": 0.005}  # of the figures as printed


def folder():
    """The folder itself or its subfolder `chains`."""
    name = os.environ.get("VOLSTORM_MARKET_DATA")
    if not name:
        print("skipped: VOLSTORM_MARKET_DATA names no folder of option chains")
        sys.exit(77)
    data = Path(name)
    return data / "chains" if (data / "chains").is_dir() else data


def screen(path, time):
    """The JSON of one file, by its own date line where it has one and no time is forced."""
    own = "Date:" in path.read_text(errors="replace")[:400]
    given = [] if own or time is None else ["--time", time]
    (file,) = json.loads(run("screen", path, *given, "--json").stdout)["files"]
    text = run("screen", path, *given).stdout
    assert all(len(line) <= max(100, len(str(path))) for line in text.splitlines()), text
    return file


def deviations(file, figures):
    """Distances from the figures, in halves of their last digit."""
    condor, put, call = file["condor"], file["condor"]["short_put"], file["condor"]["short_call"]
    expiry = next(e for e in file["expiries"] if (e["date"], e["root"]) == (condor["date"], "SPXW"))
    assert condor["date"] == figures[4]
    assert [put["strike"], call["strike"]] == [float(figures[7]), float(figures[9])], condor
    pairs = [("forward", expiry["forward"], 5), ("vol", 100 * expiry["atm_vol_calendar"], 6),
             ("vol", 100 * put["vol_calendar"], 8), ("vol", 100 * call["vol_calendar"], 10),
             ("credit", condor["credit_at_quotes"], 11), ("credit", condor["credit_at_mid"], 12)]
    return {f"{kind} {i}": abs(value - float(figures[i])) / HALF_DIGIT[kind] for kind, value, i in pairs}


def check_figures(file, figures):
    assert sum(e["listed"] for e in file["expiries"]) == 2 * int(figures[1])
    assert len({e["date"] for e in file["expiries"]}) == int(figures[2])
    assert file["quote_time"] == figures[3].replace("T", " "), file["quote_time"]
    assert not any(v["kind"] == "crossed" for v in file["violations"])
    found = deviations(file, figures)
    assert max(found.values()) <= 1.0 + 1e-9, found  # a mid of 5.425 is printed as 5.42: exactly half a digit
    return max(found.values())


def check_plant(path, time):
    """One dear option in a real chain is found where it is."""
    lines = path.read_text().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if "SPXW231005C04230000" in line)
    fields = lines[at].split(",")
    fields[4], fields[5] = (str(float(fields[i]) + 5.0) for i in (4, 5))
    lines[at] = ",".join(fields)
    with tempfile.TemporaryDirectory() as name:
        planted = Path(name) / "planted.csv"
        planted.write_text("".join(lines))
        file = screen(planted, time)
    worst = next(v for v in file["violations"] if v["kind"] == "butterfly")
    assert worst["date"] == "2023-10-05" and worst["strikes"][1] == 4230 and 4.0 < worst["points"] < 5.0, worst


rows = {row.split()[0]: row.split() for row in FIGURES.strip().splitlines()}
data, worst = folder(), 0.0
files = sorted(data.glob("*.csv"))
assert files, f"no option chains in {data}"
for path in files:
    figures = rows.get(path.name)
    file = screen(path, figures[3] if figures else TIMES.get(path.name))
    if figures:
        worst = max(worst, check_figures(file, figures))
    kinds = [v["kind"] for v in file.get("violations", [])]
    print(path.name, file.get("quote_time", "vols"), {kind: kinds.count(kind) for kind in set(kinds)})
    if path.name == "spx_2023-10-04_preopen.csv":
        check_plant(path, figures[3])
print(f"{sum(path.name in rows for path in files)} files of {len(rows)} with figures, the farthest {worst:.3f} of half its last digit")
