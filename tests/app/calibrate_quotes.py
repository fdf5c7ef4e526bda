#!/usr/bin/python3
"""`calibrate SCENARIO` on made-up tables of vols: the same bytes on any number of threads, a model file that the program
reads, residuals and summary that agree with each other, slips refused with no file left, and options as README.md lists
them. With --long also the processor time of a price, and how near it comes to quotes of 2023-10-04, where the folder
VOLSTORM_MARKET_DATA has them (Cboe's: they are not in this repository)."""
import csv
import math
import os
import re
import tempfile
from pathlib import Path

from program import LONG, SCENARIOS, SOURCE, files_in, processor_seconds, run

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
# 2023-10-04: what another program reached, root mean squares in vol points (VIX futures within 0.15 points, VIX 0.3);
# what is allowed here, where the monthly VIX options and the weekly future do not come as near. 2022-07-15: likewise.
AIMS = [0.51, 0.46, 0.46, 10.0, 2.5]
MOST_OFF, MOST_FUTURE_OFF, MOST_VIX_OFF = [0.51, 0.46, 0.46, 10.0, 3.5], 0.25, 0.4
OLDER_AIMS = [0.64, 0.68, 9.7, 7.7]
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


def check_options():
    """The options of calibrate in README.md are those of --help, each with its default."""
    told = run("calibrate", "--help").stdout
    text = (SOURCE / "README.md").read_text()
    table = text.split("<!-- calibrate options -->")[1]
    listed = dict(re.findall(r"^\| `(--[\w-]+)[^`]*` \|.*\| ([^|]*) \|$", table, re.M))
    quotes = told.split("--physical")[0]  # those of a history come after
    shared = {"--seed", "--threads", "--output"}
    assert set(listed) - shared == set(re.findall(r"(--[\w-]+)", quotes)) - {"--help"} - shared, listed
    for option, default in listed.items():
        said = re.search(rf"{option}\b.*?(?=\n +-|\Z)", told, re.S)[0]
        if number := re.search(r"default:? (\d+)", re.sub(r"\s+", " ", said)):
            assert default.startswith(number[1]), (option, default, said)


PRICE = re.compile(r"^(\d+) quotes of .*?(\d+) sets of parameters", re.S | re.M)


def time_a_price(what, arguments):
    done, seconds = processor_seconds(lambda: run("calibrate", *arguments))
    quotes, sets = map(int, PRICE.search(done.stdout).groups())
    print(f"{what}: {seconds:.1f} s of processor time, {sets} sets of {quotes} quotes, "
          f"{1e6 * seconds / sets / quotes:.1f} microseconds a price")
    return done.stdout


def check_long(folder):
    scenario = folder / "long.toml"
    scenario.write_text(SCENARIO)
    files = ["--spx-quotes", folder / "spx.csv", "--vix-quotes", folder / "vix.csv", "--time", "2025-06-17T15:45:00"]
    time_a_price("made-up quotes", [scenario, *files, "-o", folder / "long_one.toml"])
    data = Path(os.environ.get("VOLSTORM_MARKET_DATA", "/nowhere"))
    data = data / "chains" if (data / "chains").is_dir() else data
    files = [data / "spx_2023-10-04_preopen.csv", data / "vix_2023-10-04_preopen.csv"]
    if not all(file.is_file() for file in files):
        print("2023-10-04 skipped: VOLSTORM_MARKET_DATA names no folder of option chains")
        return
    scenario.write_text(SCENARIO.replace("2025-06-17T15:45:00", "2023-10-03T16:00:00").replace(
        "6000.0", "4229.45").replace("vix = 20.0", "vix = 19.78").replace("FOMC", "NFP").replace(
        "2025-06-18T14:00:00", "2023-10-06T08:30:00"))
    text = time_a_price("2023-10-04", [
        scenario, "--spx-quotes", files[0], "--vix-quotes", files[1], "--time", "2023-10-04T09:00:00", "--vix-level", 19.78,
        "--spx-dates", "2023-10-04,2023-10-11,2023-10-31", "--vix-dates", "2023-10-11,2023-10-18", "--reach", 2.5,
        "-o", folder / "long_two.toml"])
    rows = re.findall(r"^(\w+ 2023-\S+ \S+) +\d+ +\S+ +\S+ +(\S+) +(\d+) %(?: +\S+ +(\S+))?$", text, re.M)
    for (name, off, inside, future), most, aim in zip(rows, MOST_OFF, AIMS, strict=True):
        print(f"  {name}: {off} vol points (aim {aim}), {inside} % inside" + (f", future off by {future}" if future else ""))
        assert float(off) <= most, (name, off, most)
        assert not future or abs(float(future)) <= MOST_FUTURE_OFF, (name, future)
    vix = re.search(r"VIX (\S+): model \S+ before, (\S+) after", text)
    print(f"  {vix[0]} (aim 0.3)")
    assert abs(float(vix[1]) - float(vix[2])) < MOST_VIX_OFF, vix[0]
    check_older(folder, data)


def check_older(folder, data):
    scenario = folder / "older.toml"
    scenario.write_text(SCENARIO.replace("2025-06-17T15:45:00", "2022-07-15T15:45:00").replace(
        "6000.0", "3863.16").replace("vix = 20.0", "vix = 24.23").replace("2025-06-18", "2022-07-27"))
    text = time_a_price("2022-07-15", [
        scenario, "--spx-quotes", data / "spy_2022-07-15_bid_ask_iv.csv", "--vix-quotes",
        data / "vix_2022-07-15_bid_ask_iv.csv", "--time", "2022-07-15T15:45:00", "--spx-error", 0.2,
        "-o", folder / "older_model.toml"])
    rows = re.findall(r"^((?:2w|1m) \d\S+ \S+) +\d+ +\S+ +\S+ +(\S+) +\d+ %", text, re.M)
    for (name, off), aim in zip(rows, OLDER_AIMS, strict=True):
        print(f"  {name}: {off} vol points (aim {aim})")
        assert float(off) <= aim, (name, off, aim)


with tempfile.TemporaryDirectory() as name:
    check(Path(name))
    check_options()
    if LONG:
        check_long(Path(name))
