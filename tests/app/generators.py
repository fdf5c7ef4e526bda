#!/usr/bin/python3
"""The generators `bootstrap` and `named_day`, and the command `days`: files are what the text says, the same numbers on any
number of threads, replay shows the stored figure, and slips are refused with their place."""
import csv
import datetime
import math
import random
import tempfile
from pathlib import Path

from program import FOMC, files_in, require, run

SESSIONS = 400


def write_history(folder, seed=1):
    """SPX and VIX on weekdays from 2022-06-01 on."""
    draw, date, spx, vix = random.Random(seed), datetime.date(2022, 6, 1), 4000.0, 16.0
    rows = {"spx.csv": ["Date,Open,High,Low,Close"], "vix.csv": ["Date,Close"]}
    for _ in range(SESSIONS):
        move = 0.008 * draw.gauss(0, 1)
        opens, close = spx * math.exp(0.3 * move + 0.003 * draw.gauss(0, 1)), spx * math.exp(move)
        rows["spx.csv"].append(f"{date},{opens:.2f},{1.003 * max(opens, close):.2f},{0.997 * min(opens, close):.2f},"
                               f"{close:.2f}")
        vix = min(25.0, max(11.0, vix * math.exp(-4.0 * move + 0.03 * draw.gauss(0, 1))))
        rows["vix.csv"].append(f"{date},{vix:.2f}")
        spx = close
        date += datetime.timedelta(days=3 if date.weekday() == 4 else 1)
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n")


def days(folder):
    said = run("days", FOMC, "-o", folder / "days.csv").stdout
    assert all(len(line) <= 100 for line in said.splitlines()), said
    rows = list(csv.DictReader((folder / "days.csv").open()))
    assert len(rows) == 32 and rows == sorted(rows, key=lambda row: float(row["total"]))
    legs = [name for name in rows[0] if name in ("condor", "first", "second", "costs")]
    assert len(legs) == 4
    for row in rows:
        assert abs(sum(float(row[leg]) for leg in legs) - float(row["total"])) < 0.05, row
        assert row["date"] in said
    december = next(row for row in rows if row["date"] == "2024-12-18")  # the day that followed this very entry
    assert abs(float(december["spx_return"]) + 0.0295) < 1e-6
    assert abs(float(december["vix_end"]) - 27.62) < 0.01
    run("days", FOMC, "-o", folder / "days.md")
    assert (folder / "days.md").read_text().count("\n") == 34
    listed = run("list", "days").stdout
    assert all(row["date"] in listed for row in rows)
    assert all(len(line) <= 100 for line in listed.splitlines()), listed
    assert "bootstrap" in run("list", "generators").stdout
    refused = run("days", FOMC, "-o", folder / "days.txt", code=2)
    assert "must end in .csv or .md" in refused.stderr
    # The same day by `run`, from the same book.
    one = run("run", FOMC, "--set", "model.generator=named_day", "--set", "model.named_days=[2024-12-18]", "--set",
              "sampling.paths=1", "-q", "-o", folder / "one.h5").stdout
    assert "1 named day, each once" in one, one
    replayed = run("replay", folder / "one.h5", "--path", 0).stdout
    total = float(replayed.splitlines()[-1].split()[-2])  # marks are interpolated over the states of this day alone
    assert abs(total - float(december["total"])) < 2.0, (total, december)


def bootstrap(folder):
    write_history(folder)
    drawn = ["--set", "model.generator=bootstrap", "--set", f"bootstrap.spx={folder / 'spx.csv'}", "--set",
             f"bootstrap.vix={folder / 'vix.csv'}", "--paths", 70_000, "-q"]
    said = run("run", FOMC, *drawn, "--threads", 1, "-o", folder / "1.h5").stdout
    assert all(len(line) <= 100 for line in said.splitlines() if "csv" not in line and "Again" not in line), said
    assert "drawn from 399 sessions of history, 2022-06-02 to" in said, said
    assert "as many as 100 by weight" in said, said
    run("run", FOMC, *drawn, "--threads", 2, "-o", folder / "2.h5")
    run("replay", folder / "1.h5", "--worst", 3)  # fails where the stored figure does not come again
    require("h5py", "numpy")
    import h5py
    import numpy as np
    with h5py.File(folder / "1.h5") as one, h5py.File(folder / "2.h5") as two:
        for name in one["paths"]:
            assert np.array_equal(one["paths"][name][()], two["paths"][name][()]), name
        spx = np.log1p(one["paths/spx_return"][()].astype(float))
    closes = [float(row["Close"]) for row in csv.DictReader((folder / "spx.csv").open())]
    vix = [float(row["Close"]) for row in csv.DictReader((folder / "vix.csv").open())]
    moves = np.log(np.array(closes[1:]) / closes[:-1]) * 15.87 / np.array(vix[:-1])
    nearest = np.min(np.abs(spx[:2000, None] - moves[None, :]), axis=1)
    assert nearest.max() < 1e-6, nearest.max()

    left = files_in(folder)
    for more, says in [("model.equity_premium=0.05", "changes nothing"), ("sampling.measure=pricing", "measure"),
                       ("bootstrap.effective_sessions=500", "at least 500 are needed"),
                       ("bootstrap.vix=none.csv", "no such file"), ("bootstrap.regime=nearr", "did you mean near?"),
                       ("bootstrap.to=2022-06-10", "sessions"), ("model.generator=named_day", "bootstrap"),
                       ("market.time=2022-06-03T16:00:00", "")]:
        refused = run("run", FOMC, *drawn, "--set", more, "-o", folder / "none.h5", code=2)
        assert says in refused.stderr and refused.stderr.count("\n") == 1, refused.stderr
    (folder / "vix.csv").write_text("Date,Close\nsoon,16\n")
    assert "vix.csv:2:1:" in run("check", FOMC, *drawn[:-1], code=2).stderr
    assert files_in(folder) == left


with tempfile.TemporaryDirectory() as name:
    days(Path(name))
with tempfile.TemporaryDirectory() as name:
    bootstrap(Path(name))
