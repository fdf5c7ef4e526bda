#!/usr/bin/python3
"""`backtest` on a made-up history: the same bytes on any number of threads, no row changed by what comes after --to, a
table of 100 columns, and slips of the command line refused."""
import csv
import datetime
import math
import random
import tempfile
from pathlib import Path

from program import SCENARIOS, files_in, run

MODEL = SCENARIOS / "models" / "default.toml"
DAYS = 330


def write_history(folder, seed=1):
    """SPX and VIX from 2024-01-01 on, one session a weekday, VIX between 14 and 17."""
    draw, date, spx, vix = random.Random(seed), datetime.date(2024, 1, 1), 5000.0, 15.5
    rows = {"spx.csv": ["Date,High,Low,Close"], "vix.csv": ["Date,Close"]}
    for _ in range(DAYS):
        rows["spx.csv"].append(f"{date},{1.01 * spx:.2f},{0.99 * spx:.2f},{spx:.2f}")
        rows["vix.csv"].append(f"{date},{vix:.2f}")
        z = draw.gauss(0, 1)
        spx *= math.exp(0.0075 * z)
        vix = min(17.0, max(14.0, vix - 0.3 * z))
        date += datetime.timedelta(days=3 if date.weekday() == 4 else 1)
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n")


def check(folder):
    write_history(folder)
    history = ["--spx", folder / "spx.csv", "--vix", folder / "vix.csv", "--from", "2024-01-02"]

    def backtest(name, *more):
        said = run("backtest", MODEL, *history, "-o", folder / name, *more)
        return said.stdout, (folder / name).read_bytes()
    text, one = backtest("1.csv", "--threads", 1)
    assert (text, one) == backtest("2.csv", "--threads", 2)
    assert one != backtest("3.csv", "--seed", 2)[1]
    assert all(len(line) <= 100 for line in text.splitlines() if line != str(MODEL)), text
    assert f"of {DAYS - 1} sessions, 2024-01-02 to" in text, text
    rows = list(csv.DictReader((folder / "1.csv").open()))
    assert {row["regime"] for row in rows} == {"all", "<15", "15-20", "20-30", ">30"}
    assert {row["subject"] for row in rows} == {"spx", "vix", "book"}
    assert all(0.0 <= float(row["p_value"]) <= 1.0 for row in rows if row["p_value"])
    assert all(row["reason"] for row in rows if row["rejected"] == "yes")
    assert "| spx |" in backtest("1.md")[1].decode()

    # What comes after --to does not matter.
    until = ["--to", "2024-09-30"]
    _, before = backtest("until.csv", *until)
    for name in ("spx.csv", "vix.csv"):
        lines = (folder / name).read_text().splitlines()
        kept = [line for line in lines if not line[0].isdigit() or line[:10] <= "2024-09-30"]
        (folder / name).write_text("\n".join(kept) + "\n")
    assert backtest("cut.csv", *until)[1] == before

    left = files_in(folder)
    for arguments, says in [(["--from", "soon"], "must be a date"), (["--from", "2031-01-01"], "leaves 0 sessions"),
                            (["--from", "2025-03-01"], "100 are needed"), (["--short-delta", "0.9"], "short-delta"), (["--set", "model.marc=frozen"], "mark")]:
        refused = run("backtest", MODEL, *history[:4], *arguments, "-o", folder / "none.csv", code=2)
        assert says in refused.stderr, refused.stderr
    for slip in ("nan", "inf"):
        refused = run("backtest", MODEL, *history, "--short-delta", slip, "-o", folder / "none.csv", code=2)
        assert "--short-delta" in refused.stderr, refused.stderr
    (folder / "notes.csv").write_text("my,own,notes\n")
    left = files_in(folder)
    for target, says in [(folder / "spx.csv", "is read by this command"), (folder / "x.pdf", ".csv or .md"),
                         (folder / "notes.csv", "is no table of volstorm")]:
        assert says in run("backtest", MODEL, *history, "-o", target, code=2).stderr
    swapped = ["--spx", folder / "vix.csv", "--vix", folder / "spx.csv"]
    assert "exchanged" in run("backtest", MODEL, *swapped, "-o", folder / "none.csv", code=2).stderr
    assert "--vix" in run("backtest", "--spx", folder / "spx.csv", code=2).stderr
    assert files_in(folder) == left


with tempfile.TemporaryDirectory() as name:
    check(Path(name))
