#!/usr/bin/python3
"""The generators `bootstrap` and `named_day`, and the command `days`: files are what the text says, the same numbers on any
number of threads, replay shows the stored figure, and slips are refused with their place."""
import csv
import math
import tempfile
from pathlib import Path

from history import write_history
from program import FOMC, files_in, require, run


def days(folder):
    said = run("days", FOMC, "-o", folder / "days.csv").stdout
    assert all(len(line) <= 100 for line in said.splitlines()), said
    again = (folder / "days.csv").read_bytes()
    for name in ("days.csv", "days.md", "days.md"):
        run("days", FOMC, "-o", folder / name)
    assert (folder / "days.csv").read_bytes() == again
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
    assert "no sample of any law" in one and "Tail of the loss" not in one and "[" not in one.split("P&L to the")[1].split("Result")[0], one
    replayed = run("replay", folder / "one.h5", "--path", 0).stdout
    total = float(replayed.splitlines()[-1].split()[-2])  # marks are interpolated over the states of this day alone
    assert abs(total - float(december["total"])) < 2.0, (total, december)


def intervals(file, np):
    """The errors of a run that draws history are those of drawing other sessions: computed here from the columns."""
    drawn, pnl, n = file["paths/session"][()], file["paths/pnl"][()].astype(float), file["paths/pnl"].shape[1]
    assert drawn.dtype == np.int32 and drawn.shape == (1, n) and file["paths/session"].attrs["units"].startswith("days since")
    assert file["paths/session"].dims[0][0].name == "/draw"
    sessions, row = np.unique(drawn.ravel(), return_inverse=True)
    count = np.bincount(row)
    effective = count.sum() ** 2 / (count ** 2.0).sum()
    assert abs(file.attrs["effective_sessions"] / effective - 1) < 1e-12 and 80 < effective < 120, effective
    assert "sessions of history" in file.attrs["intervals"]

    def error(over):
        sums = np.bincount(row, np.tile(over, len(drawn)))
        return math.sqrt(((sums - over.mean() * count) ** 2).sum() * effective / (effective - 1)) / n

    summary = file["summary"]
    for k, of_book in enumerate(pnl):
        assert abs(summary["mean_standard_error"][k] / error(of_book) - 1) < 1e-6
        naive = of_book.std() / math.sqrt(n)
        assert error(of_book) > 5 * naive, (error(of_book), naive)
        share = (of_book < 0).mean()
        paths, z = share * (1 - share) / error((of_book < 0) + 0.0) ** 2, 1.959963984540054
        centre = (share + z * z / 2 / paths) / (1 + z * z / paths)
        half = z * math.sqrt(share * (1 - share) / paths + z * z / 4 / paths ** 2) / (1 + z * z / paths)
        assert abs(summary["p_loss_low"][k] - (centre - half)) < 1e-6 and abs(summary["p_loss_high"][k] - centre - half) < 1e-6
        if k > 0:
            assert abs(summary["mean_change_standard_error"][k] / error(of_book - pnl[0]) - 1) < 1e-6


def bootstrap(folder):
    write_history(folder)
    drawn = ["--set", "model.generator=bootstrap", "--set", f"bootstrap.spx={folder / 'spx.csv'}", "--set",
             f"bootstrap.vix={folder / 'vix.csv'}", "--paths", 70_000, "-q"]
    said = run("run", FOMC, *drawn, "--threads", 1, "-o", folder / "1.h5").stdout
    assert all(len(line) <= 100 for line in said.splitlines() if "csv" not in line and "Again" not in line), said
    assert "drawn from 399 sessions of history, 2022-06-02 to" in said, said
    assert "as many as 100 by weight" in said, said
    assert "Intervals are of drawing other sessions" in said and "pays for holding" not in said, said
    run("run", FOMC, *drawn, "--threads", 2, "-o", folder / "2.h5")
    run("replay", folder / "1.h5", "--worst", 3)  # fails where the stored figure does not come again
    require("h5py", "numpy")
    import h5py
    import numpy as np
    with h5py.File(folder / "1.h5") as one, h5py.File(folder / "2.h5") as two:
        for name in one["paths"]:
            assert np.array_equal(one["paths"][name][()], two["paths"][name][()]), name
        spx = np.log1p(one["paths/spx_return"][()].astype(float))
        intervals(one, np)
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
