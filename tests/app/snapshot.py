#!/usr/bin/python3
"""A run whose scenario names the option chains of its entry begins at their mids, and never writes over them."""
import json
import math
import tempfile
from pathlib import Path

from program import SCENARIOS, run

HEADER = ("Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,Puts,Last Sale,Net,"
          "Bid,Ask,Volume,IV,Delta,Gamma,Open Interest\n")
STAMP = '\n{index},Last: {last},Change:  1\n"Date: June 17, 2025 at {hour}:{minute:02} PM EDT",Bid: 1,Ask: 2\n'
SCENARIO = f"""extends = "{SCENARIOS}/condor-only.toml"
[market]
time = 2025-06-17T15:45:00
snapshot = {{ spx = "spx.csv", vix = "vix.csv" }}
[condor]
contracts = 10
[[layer]]
name = "first"
instrument = {{ type = "vix_call", days = 30, delta = 0.50 }}
size = {{ budget = 0.125, of = "max_risk" }}
open = "vix > 25"
[sampling]
paths = 5000
seed = 1
"""


def normal(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def black(sign, forward, strike, stdev):
    d1 = math.log(forward / strike) / stdev + 0.5 * stdev
    return sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - stdev)))


def chain(root, text, day, forward, strikes, stdev, tick, quoted, last, moment=(3, 45)):
    """A chain on one smile; `quoted` gets the bid and ask of each symbol."""
    rows = []
    for strike in strikes:
        fields = []
        for side, sign in (("C", 1), ("P", -1)):
            price = black(sign, forward, strike, stdev(math.log(strike / forward)))
            bid, ask = max(math.floor(price / tick - 1), 0) * tick, math.ceil(price / tick + 1) * tick
            symbol = f"{root}{day}{side}{1000 * strike:08.0f}"
            quoted[side, strike] = 0.5 * (bid + ask)
            fields.append(f"{symbol},0,0,{bid:.2f},{ask:.2f},0,0,0,0,0")
        rows.append(f"{text},{fields[0]},{strike:.2f},{fields[1]}\n")
    index = "CBOE VOLATILITY INDEX" if root == "VIX" else "S&P 500 INDEX"
    return STAMP.format(index=index, last=last, hour=moment[0], minute=moment[1]) + HEADER + "".join(rows)


def write(folder):
    spx, vix = {}, {}
    (folder / "spx.csv").write_text(chain(
        "SPXW", "Wed Jun 18 2025", "250618", 5984.0, range(5700, 6205, 5), lambda x: 0.012 - 0.15 * x + 2.0 * x * x, 0.05,
        spx, 5982.72))
    (folder / "vix.csv").write_text(chain(
        "VIX", "Wed Jul 16 2025", "250716", 20.9, range(12, 61), lambda x: 0.25 + 0.12 * x, 0.01, vix, 21.60))
    (folder / "own.toml").write_text(SCENARIO)
    return spx, vix


def check(folder):
    spx, vix = write(folder)
    told = json.loads(run("price", "own.toml", "--json", cwd=folder).stdout)
    assert told["warnings"] == [] and [row["expiry"] for row in told["quotes"]] == ["2025-06-18", "2025-07-16"], told
    quotes = {q["name"]: q for q in told["prices"]}
    for leg, side in (("long_put", "P"), ("short_put", "P"), ("short_call", "C"), ("long_call", "C")):
        q = quotes[leg]
        assert abs(q["price"] - spx[side, q["strike"]]) < 1e-4, (leg, q, spx[side, q["strike"]])
    q = quotes["first"]
    assert abs(q["price"] - vix["C", q["strike"]]) < 1e-6 and abs(q["forward"] - 20.9) < 0.006, q
    text = run("run", "own.toml", "-o", "own.h5", cwd=folder).stdout
    assert "Quotes   SPXW 2025-06-18 16:00: " in text and "VIX 2025-07-16 09:30: " in text, text
    # Of the only quotes that differ from the model; and their smile bends more than marks follow in the strata far out.
    warnings = [line for line in text.splitlines() if line.startswith("Warning")]
    assert len(warnings) == 2 and "err by up to 0.004" in warnings[0] and "drifts by" in warnings[1], text
    assert all(len(line) <= 100 for line in text.splitlines()), text
    model = run("price", "own.toml", "--set", "market.snapshot=", cwd=folder).stdout
    assert "Quotes " not in model and model.split("credit")[1][:20] != text.split("credit")[1][:20]


def check_refusals(folder):
    spx, _ = write(folder)
    before = (folder / "spx.csv").read_bytes()
    for target in ("spx.csv", "vix.csv", "new/../spx.csv", "new/deep/../../own.toml"):
        done = run("run", "own.toml", "-o", target, code=2, cwd=folder)
        assert target in done.stderr and "\n" == done.stderr[-1] and done.stderr.count("\n") == 1, done.stderr
    assert (folder / "spx.csv").read_bytes() == before and (folder / "own.toml").read_text() == SCENARIO
    for command in (["band", "own.toml"], ["days", "own.toml"]):
        (folder / "notes.csv").write_text("mine\n")
        run(*command, "-o", "new/../notes.csv", code=2, cwd=folder)
        assert (folder / "notes.csv").read_text() == "mine\n"
    for value, says in [("{spx=\"vix.csv\"}", "holds options of VIX; those of SPX belong here"),
                        ("{spx=\"none.csv\"}", "none.csv"), ("{}", "needs one of spx or vix"),
                        ("{spx=\"spx.csv\",vxi=\"vix.csv\"}", "did you mean"), ("3", "market.snapshot")]:
        done = run("price", "own.toml", "--set", f"market.snapshot={value}", code=2, cwd=folder)
        assert says in done.stderr and done.stderr.count("\n") == 1, (value, done.stderr)
    done = run("price", "own.toml", "--set", "market.time=2025-06-20T15:45:00", "--set", "condor.expiry=2025-06-23", code=2,
               cwd=folder)
    assert "holds quotes of 2025-06-17 15:45, but the entry is 2025-06-20 15:45" in done.stderr, done.stderr
    text = run("price", "own.toml", "--set", "market.time=2025-06-17T15:00:00", cwd=folder).stdout
    assert "holds quotes of 2025-06-17 15:45, taken as those of the entry" in text, text
    run("price", "own.toml", "--set", "market.time=2025-06-17T11:00:00", code=2, cwd=folder)


with tempfile.TemporaryDirectory() as name:
    check(Path(name))
    check_refusals(Path(name))
