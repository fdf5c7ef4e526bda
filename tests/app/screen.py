#!/usr/bin/python3
"""`screen` reads chains made from Black's prices, finds what is planted in them, and refuses what is no chain."""
import json
import math
import tempfile
from pathlib import Path

from program import run

HEADER = ("Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,Puts,Last Sale,Net,"
          "Bid,Ask,Volume,IV,Delta,Gamma,Open Interest\n")
DATE = '\nStandard & Poors 500 Index,Last: 4000.25,Change:  1\n"Date: 14 de junio de 2023, 16:31 GMT-4",Bid: 3999,Ask: 4001\n'
EXPIRIES = (("Thu Jun 15 2023", "230615", 1), ("Fri Jun 16 2023", "230616", 2), ("Fri Jul 21 2023", "230721", 37))
VOL, RATE, FORWARD = 0.2, 0.05, 4001.0
TIME = ("--time", "2023-06-14T16:00:00")


def normal(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def prices(strike, years):
    stdev, discount = VOL * math.sqrt(years), math.exp(-RATE * years)
    d1 = math.log(FORWARD / strike) / stdev + 0.5 * stdev
    call = discount * (FORWARD * normal(d1) - strike * normal(d1 - stdev))
    return call, call - discount * (FORWARD - strike)


def quotes(price):
    return max(math.floor(price / 0.05 - 1), 0) * 0.05, math.ceil(price / 0.05 + 1) * 0.05


def chain(root="SPXW", date=DATE, planted=0.0):
    """The text of a chain; the call at 4050 of the second expiry is dearer by what is planted."""
    rows = []
    for date_text, day, days in EXPIRIES:
        for strike in range(3700, 4305, 5):
            call, put = prices(strike, days / 365.0)
            call += planted if (days, strike) == (2, 4050) else 0.0
            symbols = [f"{root}{day}{side}{1000 * strike:08d}" for side in "CP"]
            fields = ["{0},0,0,{1:.2f},{2:.2f},0,0,0,0,0".format(symbol, *quotes(price))
                      for symbol, price in zip(symbols, (call, put))]
            rows.append(f"{date_text},{fields[0]},{strike}.00,{fields[1]}\n")
    return date + HEADER + "".join(rows)


def check_clean(folder):
    (folder / "chain.csv").write_text(chain())
    text = run("screen", "chain.csv", cwd=folder).stdout
    assert "quotes of 2023-06-14 16:00 New York" in text and "saved 2023-06-14 16:31" in text, text
    assert "No violation" in text and "last value of the index 4000.25" in text, text
    (file,) = json.loads(run("screen", "chain.csv", "--json", cwd=folder).stdout)["files"]
    assert file["violations"] == [] and file["family"] == "spx" and len(file["expiries"]) == 3
    for expiry, (_, _, days) in zip(file["expiries"], EXPIRIES):
        assert abs(expiry["years"] - days / 365.0) < 1e-12
        assert abs(expiry["forward"] - FORWARD) < 0.06 and expiry["quoted"] == expiry["listed"] == 242
        assert abs(expiry["atm_vol_calendar"] - VOL) < 0.002 / math.sqrt(days), expiry
    assert abs(file["rate"] - RATE) < 0.005
    assert 0.13 < file["condor"]["short_put"]["delta"] < 0.17
    return text


def check_planted(folder):
    (folder / "planted.csv").write_text(chain(planted=4.0))
    text = run("screen", "planted.csv", cwd=folder).stdout
    (file,) = json.loads(run("screen", "planted.csv", "--json", cwd=folder).stdout)["files"]
    kinds = {violation["kind"] for violation in file["violations"]}
    assert kinds == {"parity", "box", "vertical", "butterfly"} or kinds == {"parity", "box", "butterfly"}, kinds
    butterfly = next(v for v in file["violations"] if v["kind"] == "butterfly")
    assert butterfly["strikes"] == [4045, 4050, 4055] and butterfly["date"] == "2023-06-16", butterfly
    assert 3.5 < butterfly["points"] < 4.0 and "call 4045 4050 4055" in text
    return text


def refused(folder, text, *words, options=(), code=2):
    (folder / "wrong.csv").write_text(text)
    done = run("screen", "wrong.csv", *options, code=code, cwd=folder)
    assert done.stdout == "" and all(word in done.stderr for word in words), (words, done.stderr)


def check_wrong(folder):
    whole = chain()
    refused(folder, chain(date=""), "wrong.csv: has no date line", "--time 2023-10-04T09:00:00")
    refused(folder, whole.replace("junio", "brumaire"), "wrong.csv:3:8: ", "not known here: brumaire")
    refused(folder, whole, "--time tomorrow: is not a date", options=("--time", "tomorrow"))
    refused(folder, whole, "--time 2044-01-01T10:00: is outside", options=("--time", "2044-01-01T10:00"))
    refused(folder, chain(date=""), "every expiry has settled by 2024-06-03 10:00", options=("--time", "2024-06-03T10:00"))
    refused(folder, whole, "saved 2023-06-14 16:31: not with quotes of 2024-06-03 10:00", options=("--time", "2024-06-03T10:00"))
    refused(folder, whole.replace("3700.00", "3701.00", 1), "wrong.csv:5:", "is not the strike of SPXW230615C03700000")
    refused(folder, whole.replace(",", ";"), "wrong.csv:", "with commas and decimal points")
    refused(folder, "", "wrong.csv: holds no options")
    assert "cannot read none.csv" in run("screen", "none.csv", code=5, cwd=folder).stderr
    run("screen", code=2, cwd=folder)


def check_times(folder):
    """A time given serves a file without a date, and one whose date cannot be read."""
    for date in ("", DATE.replace("junio", "brumaire")):
        (folder / "undated.csv").write_text(chain(date=date))
        assert "2023-06-14 16:00 New York (--time)" in run("screen", "undated.csv", *TIME, cwd=folder).stdout
    (folder / "vix.csv").write_text(chain(root="VIXW"))
    both = run("screen", "chain.csv", "vix.csv", *TIME, cwd=folder).stdout
    assert "SPX options" in both and "VIX options" in both and both.count("No violation") == 2
    (folder / "undated.csv").write_text(chain(date=""))
    late = run("screen", "undated.csv", "--time", "2023-07-03T10:00", cwd=folder).stdout
    assert late.count("has settled") == 2, late


with tempfile.TemporaryDirectory() as name:
    texts = [check(Path(name)) for check in (check_clean, check_planted)]
    assert all(len(line) <= 100 and line == line.rstrip() for text in texts for line in text.splitlines())
    check_wrong(Path(name))
    check_times(Path(name))
