#!/usr/bin/python3
"""`calibrate --physical` on a made-up history: a model file that the program reads, the same on any number of threads;
weights and what the exchange rate adds to them; slips refused before anything is written."""
import csv
import datetime
import json
import math
import random
import tempfile
from pathlib import Path

from program import SCENARIOS, files_in, run

DAYS = 1200
QUICK = ["--paths", 512, "--evaluations", 14]  # a step of the search
SET = """kappa_v = 15
sigma_v = 0.4
rho = -0.75
kappa_m = 1
theta_m = 0.003
sigma_m = 0.12
pull_m = 1
"""
JUMP = """name = "jump"
intensity = {}
intensity_per_variance = 70
mean_log_jump = -0.008
log_jump_sd = 0.007
variance_jump_slope = -0.6
mean_variance_jump = 0.03
"""
MODEL_TEXT = ('title = "for the test"\n[[anchor]]\nname = "only"\nreference_vix = 16\n[anchor.pricing]\n' + SET +
              "[[anchor.pricing.jump]]\n" + JUMP.format(1.5) + "[anchor.physical]\nkappa_m = 1.5\n" +
              "[[anchor.physical.jump]]\n" + JUMP.format(0.6))


def write_history(folder, seed=1):
    """SPX, VIX and VIX3M from 2015-01-01 on, one session a weekday, and a monthly rate."""
    draw, date, spx, vix = random.Random(seed), datetime.date(2015, 1, 1), 2000.0, 15.5
    rows = {"spx.csv": ["Date,High,Low,Close"], "vix.csv": ["Date,Close"], "vix3m.csv": ["DATE,CLOSE"]}
    for _ in range(DAYS):
        rows["spx.csv"].append(f"{date},{1.008 * spx:.2f},{0.992 * spx:.2f},{spx:.2f}")
        rows["vix.csv"].append(f"{date},{vix:.2f}")
        rows["vix3m.csv"].append(f"{date},{0.6 * vix + 8 + draw.gauss(0, 0.3):.2f}")
        z = draw.gauss(0, 1) - (2.5 if draw.random() < 0.02 else 0)
        spx *= math.exp(0.8 * vix / 1600 * z)
        vix = min(19.9, max(11.0, vix * math.exp(-0.05 * z + 0.03 * draw.gauss(0, 1)) + 0.05 * (15.0 - vix)))
        date += datetime.timedelta(days=3 if date.weekday() == 4 else 1)
    rows["reer.csv"] = ["Date,RBUSBIS"]
    for month in range(96):
        rows["reer.csv"].append(f"{2014 + month // 12}-{1 + month % 12:02d}-01,{100 + 8 * math.sin(month / 9):.2f}")
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    (folder / "model.toml").write_text(MODEL_TEXT)


def check_fit(folder, model, history):
    state = ["--weights", "vix,realised_vol,term_slope,reer", "--term", folder / "vix3m.csv", "--reer",
             folder / "reer.csv", "--at-vix", 18]
    start = ["calibrate", "--physical", model, *history, *state, *QUICK]
    done = run(*start, "-o", folder / "a.toml", "--threads", 1, "--diagnostics", folder / "a.json")
    again = run(*start, "-o", folder / "b.toml", "--threads", 2)
    assert done.stdout.splitlines()[:-1] == again.stdout.splitlines()[:-1]
    assert (folder / "a.toml").read_text() == (folder / "b.toml").read_text()
    short = [line for line in done.stdout.splitlines() if "/" not in line or " of " in line]
    assert all(len(line) <= 100 for line in short), done.stdout
    for says in (f"fitted to {DAYS - 1} sessions", "condition number", "100.0 effective sessions",
                 "real effective exchange rate itself", "beyond chance"):
        assert says in done.stdout, done.stdout
    found = json.loads((folder / "a.json").read_text())
    assert found["cost"]["after"] < found["cost"]["before"], found["cost"]
    assert len(found["parameters"]) == 4 and found["rows"]
    check_model(folder, (folder / "a.toml").read_text())
    check_weights(folder, found["weights"])


def check_model(folder, fitted):
    head = [line for line in fitted.splitlines() if line.startswith("#")]
    for says in ("volstorm 0.1.0", "seed 1", "weighted by nearness to vix 18", "spx.csv"):
        assert any(says in line for line in head), head
    # The program reads it; what both measures share and the pricing set are as they were.
    run("realism", folder / "a.toml", "--spx", folder / "spx.csv", "--vix", folder / "vix.csv", "--write-bars",
        folder / "bars.csv")
    run("check", "--set", f"model.file={folder / 'a.toml'}", SCENARIOS / "2024-01-05-calm.toml")
    pricing, physical = fitted.split("[anchor.physical]")
    for line in SET.splitlines() + JUMP.format(1.5).splitlines():
        assert line in pricing, (line, pricing)
    assert all(line in physical for line in ("sigma_v = 0.4", "rho = -0.75", "kappa_m = 1.5", "log_jump_sd = 0.007"))
    assert "\nintensity = 0.6\n" not in physical


def column(file):
    """Date and last value of each row."""
    rows = list(csv.reader(file.open()))[1:]
    return {datetime.date.fromisoformat(row[0]): float(row[-1]) for row in rows}


def z_of(x, seen):
    """x less the mean of what was seen, over its deviation."""
    mean = sum(seen) / len(seen)
    return (x - mean) / math.sqrt(sum((y - mean) ** 2 for y in seen) / (len(seen) - 1))


def z_scores(values):
    """By what was seen up to each; from the 252nd on that is known."""
    known = [[y for y in values[:i + 1] if y is not None] for i in range(len(values))]
    return [z_of(x, seen) if x is not None and len(seen) >= 252 else None for x, seen in zip(values, known)]


def states(folder):
    """ln VIX, ln vol, ln slope and rate at each close, and the sessions' z of returns and VIX changes."""
    spx, vix, term, rate = (column(folder / name) for name in ("spx.csv", "vix.csv", "vix3m.csv", "reer.csv"))
    dates = sorted(spx)
    moves = [None] + [math.log(spx[b] / spx[a]) for a, b in zip(dates, dates[1:])]
    vol = [math.log(100 * math.sqrt(sum(m * m for m in moves[i - 20:i + 1]) * 12)) if i > 20 else None
           for i in range(len(dates))]
    lag = datetime.timedelta(days=60)
    known = [max((d, x) for d, x in rate.items() if d <= date - lag)[1] for date in dates]
    law = [(100 * move * math.sqrt(252) / vix[a], vix[b] - vix[a]) for a, b, move in zip(dates, dates[1:], moves[1:])]
    return [[math.log(vix[d]) for d in dates], vol, [math.log(term[d] / vix[d]) for d in dates], known], law


def weights_of(columns, asked, sessions):
    """Kernel weights of the sessions, by the close before: the smallest bandwidth that leaves a hundred."""
    far = {i: sum((c[i] - a) ** 2 for c, a in zip(columns, asked)) for i in sessions}
    near, low, high = min(far.values()), 1e-3, 1e3
    for _ in range(80):
        h = math.sqrt(low * high)
        w = {i: math.exp((near - d) / 2 / h / h) for i, d in far.items()}
        low, high = (h, high) if sum(w.values()) ** 2 < 100 * sum(x * x for x in w.values()) else (low, h)
    return h, {i: x / sum(w.values()) for i, x in w.items()}


def check_recomputed(folder, found):
    """Bandwidths and figures with and without the rate, computed again without the program."""
    values, law = states(folder)
    columns, vix = [z_scores(values_of) for values_of in values], values[0]
    asked = [z_of(math.log(18), vix)] + [c[-1] for c in columns[1:]]
    sessions = [i for i in range(len(law)) if all(c[i] is not None for c in columns)]
    for k, side in ((4, "with"), (3, "without")):
        h, w = weights_of(columns[:k], asked[:k], sessions)
        said = found["bandwidth"] if k == 4 else found["reer"]["bandwidth_without"]
        assert math.isclose(h, said, rel_tol=1e-6), (side, h, said)
        mean = sum(x * law[i][0] for i, x in w.items())
        figures = {"sd_z": math.sqrt(sum(x * (law[i][0] - mean) ** 2 for i, x in w.items())),
                   "vix_change": sum(x * law[i][1] for i, x in w.items())}
        for effect in found["reer"]["effects"]:
            if effect["figure"] in figures:
                assert math.isclose(figures[effect["figure"]], effect[side], rel_tol=1e-5), (effect, figures)


def check_weights(folder, found):
    assert abs(found["effective_sessions"] - 100) < 1e-3 and len(found["nearest"]) == 10
    assert found["state"][0] == {"variable": "vix", "value": 18.0, "z": found["state"][0]["z"]}
    assert {effect["figure"] for effect in found["reer"]["effects"]} == {"sd_z", "z_q1", "z_q5", "vix_change"}
    assert found["nearest"] == sorted(found["nearest"], key=lambda day: -day["weight"])
    check_recomputed(folder, found)


def check_refusals(folder, model, history):
    left = files_in(folder)
    new = folder / "new.toml"
    start = ["calibrate", "--physical", model, *history]
    (folder / "bad.csv").write_text("Date,x\n2015-01-01,one\n")
    for code, arguments, says in [
            (2, ["calibrate", "-o", new], "--physical"),
            (2, ["calibrate", "--physical", model, "-o", new], "--spx"),
            (2, ["calibrate", "--physical", "none.toml", *history, "-o", new], "none.toml"),
            (2, start, "--output"),
            (2, [*start, "-o", folder / "a.toml"], "is there already"),
            (2, [*start, "-o", new, "--diagnostics", new], "is the model file itself"),
            (2, [*start, "-o", new, "--from", "soon"], "must be a date"),
            (2, [*start, "-o", new, "--from", "2019-01-01", "--to", "2019-02-01"], "250 are needed"),
            (2, [*start, "-o", new, "--weights", "vx"], "did you mean vix"),
            (2, [*start, "-o", new, "--weights", "vix,vix"], "comes twice"),
            (2, [*start, "-o", new, "--weights", "term_slope"], "needs --term"),
            (2, [*start, "-o", new, "--at-vix", 20], "changes nothing without"),
            (2, [*start, "-o", new, "--weights", "vix", "--reer", folder / "reer.csv"], "changes nothing without"),
            (2, [*start, "-o", new, "--weights", "reer", "--reer", folder / "bad.csv"], "bad.csv:2:12"),
            (2, [*start, "-o", new, "--paths", 1000], "multiple of 512"),
            (2, [*start, "-o", new, "--weights", "vix", "--at-vix", "nan"], "is not a number"),
            (2, [*start, "-o", new, "--weights", "vix", "--at-vix", 500], "200"),
            (2, [*start, "-o", new, "--evaluations", 0], "whole number from 1"),
            (5, [*start, "-o", "/proc/x/new.toml"], "/proc/x"),
    ]:
        done = run(*arguments, code=code)
        assert says in done.stderr and not done.stdout, (arguments, done)
    (folder / "bad.csv").unlink()
    assert files_in(folder) == left


with tempfile.TemporaryDirectory() as name:
    place = Path(name)
    write_history(place)
    files = ["--spx", place / "spx.csv", "--vix", place / "vix.csv"]
    check_fit(place, place / "model.toml", files)
    check_refusals(place, place / "model.toml", files)
print("calibrate --physical: fits, weights and refusals as stated")
