#!/usr/bin/python3
"""`calibrate --physical` on a made-up history: a model file that the program reads, the same on any number of threads;
weights and what the exchange rate adds to them; slips refused before anything is written."""
import datetime
import json
import math
import random
import tempfile
from pathlib import Path

from program import SCENARIOS, files_in, run

MODEL = SCENARIOS / "models" / "default.toml"
DAYS = 1500
QUICK = ["--paths", 512, "--evaluations", 36]


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
        vix = max(10.0, vix * math.exp(-0.055 * z) + 0.04 * (16.5 - vix))
        date += datetime.timedelta(days=3 if date.weekday() == 4 else 1)
    rows["reer.csv"] = ["Date,RBUSBIS"]
    for month in range(96):
        rows["reer.csv"].append(f"{2014 + month // 12}-{1 + month % 12:02d}-01,{100 + 8 * math.sin(month / 9):.2f}")
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n")


def numbers_of(text):
    """The lines that are no comments: those name files and times."""
    return [line for line in text.splitlines() if not line.startswith("#")]


def check_fit(folder, history):
    done = run("calibrate", "--physical", MODEL, *history, *QUICK, "-o", folder / "a.toml", "--threads", 1,
               "--diagnostics", folder / "a.json")
    again = run("calibrate", "--physical", MODEL, *history, *QUICK, "-o", folder / "b.toml", "--threads", 2)
    assert done.stdout.splitlines()[:-1] == again.stdout.splitlines()[:-1]
    fitted = (folder / "a.toml").read_text()
    assert fitted == (folder / "b.toml").read_text()
    short = [line for line in done.stdout.splitlines() if "/" not in line or " of " in line]
    assert all(len(line) <= 100 for line in short), done.stdout
    assert f"fitted to {DAYS - 1} sessions" in done.stdout and "condition number" in done.stdout
    head = [line for line in fitted.splitlines() if line.startswith("#")]
    assert any("volstorm 0.1.0" in line for line in head) and any("seed 1" in line for line in head), head
    found = json.loads((folder / "a.json").read_text())
    assert found["cost"]["after"] < found["cost"]["before"], found["cost"]
    assert len(found["parameters"]) == 16 and found["rows"]
    # The program reads it, and what the fit must leave alone is as it was.
    before, after = (run("check", scenario_with(folder, model), "--explain").stdout for model in (MODEL, folder / "a.toml"))
    assert before and after
    assert numbers_of(fitted) != numbers_of(MODEL.read_text())
    for name in ("pricing", "sigma_v = 0.304", "rho = -0.778"):
        assert name in fitted


def scenario_with(folder, model):
    file = folder / "scenario.toml"
    file.write_text(f'title = "t"\n[market]\ntime = 2025-06-17T15:45:00\nspx = 5982.72\nvix = 16.0\n[model]\nfile = "{model}"\n'
                    '[condor]\nexpiry = 2025-06-18\nshort_delta = 0.15\nwing_width = 25.0\ncontracts = 1\n')
    return file


def check_weights(folder, history):
    done = run("calibrate", "--physical", MODEL, *history, *QUICK[:2], "--evaluations", 1, "--weights",
               "vix,realised_vol,term_slope,reer", "--term", folder / "vix3m.csv", "--reer", folder / "reer.csv", "--at-vix",
               18, "-o", folder / "w.toml", "--diagnostics", folder / "w.json")
    assert "100.0 effective sessions" in done.stdout and "real effective exchange rate itself" in done.stdout
    assert "beyond chance" in done.stdout, done.stdout
    found = json.loads((folder / "w.json").read_text())["weights"]
    assert abs(found["effective_sessions"] - 100) < 1e-3 and len(found["nearest"]) == 10
    assert found["state"][0] == {"variable": "vix", "value": 18.0, "z": found["state"][0]["z"]}
    assert {effect["figure"] for effect in found["reer"]["effects"]} == {"sd_z", "z_q1", "z_q5", "vix_change"}
    assert found["nearest"] == sorted(found["nearest"], key=lambda day: -day["weight"])
    assert "weighted by nearness to vix 18" in (folder / "w.toml").read_text()


def check_refusals(folder, history):
    left = files_in(folder)
    new = folder / "new.toml"
    start = ["calibrate", "--physical", MODEL, *history]
    (folder / "bad.csv").write_text("Date,x\n2015-01-01,one\n")
    for code, arguments, says in [
            (2, ["calibrate", "-o", new], "--physical"),
            (2, ["calibrate", "--physical", MODEL, "-o", new], "--spx"),
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
    check_fit(place, files)
    check_weights(place, files)
    check_refusals(place, files)
print("calibrate --physical: fits, weights and refusals as stated")
