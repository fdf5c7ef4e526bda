#!/usr/bin/python3
"""volstorm realism: its table, its files, and what it refuses. Usage: realism.py VOLSTORM"""
import csv
import datetime
import tempfile
from pathlib import Path

from program import SCENARIOS, run

MODEL = SCENARIOS / "models/default.toml"
# The holidays of the New York Stock Exchange from 2018-10 to 2019-12, and the day of mourning in 2018-12.
HOLIDAYS = """2018-11-22 2018-12-05 2018-12-25 2019-01-01 2019-01-21 2019-02-18 2019-04-19 2019-05-27 2019-07-04
              2019-09-02 2019-11-28 2019-12-25""".split()


def history(folder):
    """A made-up history of 300 sessions from 2018-10-01, SPX and VIX."""
    spx, vix, level, fear = ["Date,High,Low,Close"], ["DATE,CLOSE"], 4000.0, 18.0
    days = (datetime.date(2018, 10, 1) + datetime.timedelta(n) for n in range(450))
    sessions = [d.isoformat() for d in days if d.weekday() < 5 and d.isoformat() not in HOLIDAYS]
    for day, date in enumerate(sessions[:300]):
        move = ((day * 7919) % 101 - 50) / 4000
        level, fear = level * (1 + move), max(10.0, fear - 60 * move + (18 - fear) / 20)
        spx.append(f"{date},{level * 1.012:.2f},{level * 0.987:.2f},{level:.2f}")
        vix.append(f"{date},{fear:.2f}")
    (folder / "spx.csv").write_text("\n".join(spx) + "\n")
    (folder / "vix.csv").write_text("\n".join(vix) + "\n")


def check_table(folder):
    done = run("realism", MODEL, "-o", folder / "r.csv")
    assert all(len(line) <= 100 for line in done.stdout.splitlines() if line != str(MODEL)), "a line of more than 100 columns"
    with open(folder / "r.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        inside = float(row["low"]) <= float(row["model"]) <= float(row["high"])
        assert inside == (row["inside"] == "yes"), row
    for period in ("1990-2019", "2020-2025", "1990-2025"):
        mine = [row for row in rows if row["period"] == period]
        count = f"{sum(row['inside'] == 'yes' for row in mine)} of {len(mine)} inside"
        assert any(line.startswith(period) and count in line for line in done.stdout.splitlines()), (period, count)
    again = run("realism", MODEL, "-o", folder / "again.csv", "--threads", "1")
    assert again.stdout == done.stdout and (folder / "again.csv").read_text() == (folder / "r.csv").read_text()


def check_history(folder):
    history(folder)
    files = ("--spx", folder / "spx.csv", "--vix", folder / "vix.csv")
    for _ in range(2):  # an older table is replaced
        done = run("realism", MODEL, *files, "-o", folder / "own.md")
    assert "2018-2019" in done.stdout and "**2018-2019**" in (folder / "own.md").read_text()
    run("realism", *files, "--write-bars", folder / "bars.csv")
    assert "2018-2019,all,sessions,299" in (folder / "bars.csv").read_text()


def check_refusals(folder):
    for code, arguments, word in [
            (2, ["nowhere.toml"], "no such file"),
            (2, [MODEL, "--spx", folder / "spx.csv"], "both --spx and --vix"),
            (5, [MODEL, "--spx", folder / "none.csv", "--vix", folder / "vix.csv"], "cannot read"),
            (2, [MODEL, "--period", "1999"], "is no period"),
            (2, [MODEL, "--set", "model.vvix_bta=1"], "did you mean vvix_beta"),
            (2, [MODEL, "-o", "r.txt"], ".csv or .md"),
            (2, [MODEL, "-o", ""], ".csv or .md"),
            (5, [MODEL, "-o", "/proc/r.csv"], "/proc/r.csv"),
    ]:
        done = run("realism", *arguments, code=code)
        assert word in done.stderr and not done.stdout, (arguments, done)


with tempfile.TemporaryDirectory() as name:
    check_table(Path(name))
    check_history(Path(name))
    check_refusals(Path(name))
print("realism: tables, files and refusals as stated")
