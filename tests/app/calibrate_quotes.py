#!/usr/bin/python3
"""`calibrate SCENARIO` on made-up tables of vols: the same bytes on any number of threads, a model file that the program
reads, residuals and summary that agree with each other, and slips refused with no file left."""
import csv
import math
import re
import tempfile
from pathlib import Path

from program import SCENARIOS, files_in, run

SCENARIO = f"""
[market]
time = 2025-06-17T15:45:00
spx = 6000.0
vix = 20.0
rate = 0.04
dividend_yield = 0.013
[model]
file = "{SCENARIOS}/models/default.toml"
[[event]]
name = "FOMC"
time = 2025-06-18T14:00:00
"""
HEAD = "tenor,ttm_years,forward,discount,strike,type,bid_iv,ask_iv"


def write_vols(file, tenor, days, forward, strikes, smile, width):
    lines = [HEAD]
    for strike in strikes:
        vol = smile(math.log(strike / forward))
        for kind in "CP":
            lines.append(f"{tenor},{days / 365},{forward},0.998,{strike},{kind},{vol - width},{vol + width}")
    file.write_text("\n".join(lines) + "\n")


def check(folder):
    scenario = folder / "own.toml"
    scenario.write_text(SCENARIO)
    write_vols(folder / "spx.csv", "10d", 10, 6005.0, range(5600, 6301, 25), lambda k: 0.16 - 1.2 * k + 4 * k * k, 0.003)
    write_vols(folder / "vix.csv", "1m", 29, 20.5, range(15, 41), lambda k: 0.85 + 0.8 * k, 0.04)
    files = ["--spx-quotes", folder / "spx.csv", "--vix-quotes", folder / "vix.csv", "--time", "2025-06-17T15:45:00"]

    def calibrate(name, *more):
        done = run("calibrate", scenario, *files, "-o", folder / f"{name}.toml", "--table", folder / f"{name}.csv",
                   "--plot", folder / f"{name}.svg", "--most-evaluations", 600, *more)
        return done.stdout, *((folder / f"{name}.{kind}").read_text() for kind in ("toml", "csv", "svg"))
    text, model, table, plot = calibrate("one", "--threads", 1, "--starts", 2)
    assert (model, table, plot) == calibrate("two", "--threads", 2, "--starts", 2)[1:]
    assert all(len(line) <= 100 for line in text.splitlines() if str(folder) not in line), text
    assert not re.search(" $", text, re.M), "blanks at the end of a line"

    # The summary is that of the table, and each residual what it says.
    rows = list(csv.DictReader(table.splitlines()))
    for name in {row["expiry"] for row in rows}:
        mine = [row for row in rows if row["expiry"] == name]
        off = [100 * (float(row["model_vol"]) - float(row["mid_vol"])) for row in mine]
        rms = math.sqrt(sum(x * x for x in off) / len(off))
        inside = 100 * sum(float(row["bid"]) <= float(row["model"]) <= float(row["ask"]) for row in mine) / len(mine)
        line = re.search(rf"^{re.escape(name)} +(\d+) +\S+ +(\S+) +(\S+) +(\d+) %", text, re.M)
        assert int(line[1]) == len(mine) and float(line[3]) < float(line[2]), line[0]
        assert abs(float(line[3]) - rms) < 0.02 and abs(float(line[4]) - inside) < 6, (line[0], rms, inside)
        for row in mine:
            assert abs(float(row["residual_vol"]) - float(row["mid_vol"]) + float(row["model_vol"])) < 3e-5, row
    assert plot.startswith("<svg") and plot.count("class=\"quote\"") == len(rows)

    # The model file serves a run of that moment, with the state that was printed.
    own = folder / "fitted.toml"
    state = dict(re.findall(r"^(variance\w*) = (\S+)$", text, re.M))
    move = re.search(r"^spx_move_sd = \S+$", text, re.M)[0]
    own.write_text(SCENARIO.replace(f"{SCENARIOS}/models/default.toml", "one.toml").replace(
        "vix = 20.0", f"variance = {state['variance']}\nvariance_mean = {state['variance_mean']}") + move + "\n")
    run("price", own)

    few = calibrate("few", "--free", "variance,variance_mean")[0]
    assert re.search(r"^variance_mean ", few, re.M) and not re.search(r"^kappa_v ", few, re.M), few

    left = files_in(folder)
    for arguments, says in [
            (files[:2], "--vix-quotes"), (files[:4], "--time"), ([*files, "--free", "kapa"], "kappa_v"),
            ([*files[:1], folder / "vix.csv", *files[2:], "--spx-dates", "2025-12-19"], "2025-12-19"),
            ([*files, "--table", folder / "t.txt"], ".csv"), ([*files, "--weights", "vix"], "--physical"), ([*files, "--time", "soon"], "--time")]:
        refused = run("calibrate", scenario, *arguments, "-o", folder / "none.toml", code=2)
        assert says in refused.stderr, refused.stderr
    assert "one.toml" in run("calibrate", scenario, *files, "-o", folder / "one.toml", code=2).stderr
    assert "scenario" in run("calibrate", *files, "-o", folder / "none.toml", code=2).stderr.lower()
    assert files_in(folder) == left


with tempfile.TemporaryDirectory() as name:
    check(Path(name))
