#!/usr/bin/python3
"""The command `band`: its world `model` has the figures of `run`, the same text comes on any number of threads, every world
holds the same book, and slips are refused before anything is simulated. No table takes the place of what was read."""
import csv
import tempfile
import time
from pathlib import Path

from history import write_history
from program import FOMC, PLAIN, SCENARIOS, files_in, require, run

PATHS = ["--paths", 70_000, "-q", *PLAIN]  # so that worlds of one law have the same paths, whatever the book


def figures_of(file, world):
    return {(row["subject"], row["figure"]): row for row in csv.DictReader(file.open()) if row["world"] == world}


def check_model(folder):
    """The figures of the world `model` are those that `run` stores, to the last bit."""
    require("h5py", "numpy")
    import h5py
    model = figures_of(folder / "band.csv", "model")
    with h5py.File(folder / "run.h5") as file:
        summary, levels = file["summary"], list(file["level"][:])
        for subject, k in [("unhedged", 0), ("book", -1)]:
            for figure, name in [("mean", "mean"), ("p_loss", "p_loss")]:
                for limit, suffix in [("value", ""), ("low", "_low"), ("high", "_high")]:
                    assert float(model[subject, figure][limit]) == summary[name + suffix][k], (subject, figure, limit)
            for level in (0.975, 0.99):
                for figure, name in [("var", "value_at_risk"), ("es", "expected_shortfall")]:
                    row = model[subject, f"{figure}_{100 * level:g}"]
                    for limit, suffix in [("value", ""), ("low", "_low"), ("high", "_high")]:
                        assert float(row[limit]) == summary[name + suffix][k, levels.index(level)], row
        for limit, suffix in [("value", ""), ("low", "_low"), ("high", "_high")]:
            assert float(model["effect", "mean"][limit]) == summary["mean_change" + suffix][-1]


def check_ranges(file):
    rows = list(csv.DictReader(file.open()))
    for row in (r for r in rows if r["world"] == "range"):
        values = [float(r["value"]) for r in rows
                  if (r["subject"], r["figure"]) == (row["subject"], row["figure"]) and r["world"] != "range"]
        assert len(values) == 7 and float(row["low"]) == min(values) and float(row["high"]) == max(values), row


def entry_of(text):
    """The lines on what is put on: market, condor, layers, premium; without those on the paths."""
    kept, head = [], ""
    for line in text.splitlines():
        head = line.split()[0] if line[:1].strip() else head
        if head in ("Market", "Event", "Condor", "Layer", "Premium"):
            kept.append(line)
        if head == "Premium":
            return kept
    raise AssertionError(text)


def band(folder):
    write_history(folder)
    history = ["--history-spx", folder / "spx.csv", "--history-vix", folder / "vix.csv"]
    one = run("band", FOMC, *PATHS, *history, "--threads", 1, "-o", folder / "band.csv").stdout
    two = run("band", FOMC, *PATHS, *history, "--threads", 2, "-o", folder / "two.csv").stdout
    assert one == two
    assert (folder / "band.csv").read_bytes() == (folder / "two.csv").read_bytes()
    assert all(len(line) <= 100 for line in one.splitlines()), one
    assert "drawn from 399 sessions of history" in one and "no FOMC on these paths" in one, one
    assert "Those of bootstrap are of drawing other sessions" in one, one
    worlds = ["model", "calm", "stressed", "heston", "svj", "bootstrap", "frozen"]
    rows = list(csv.DictReader((folder / "band.csv").open()))
    assert list(dict.fromkeys(row["world"] for row in rows)) == worlds + ["range", "all"]
    check_ranges(folder / "band.csv")
    model = figures_of(folder / "band.csv", "model")
    for (subject, figure), row in figures_of(folder / "band.csv", "frozen").items():
        if subject == "unhedged":  # the same paths
            assert row["value"] == model[subject, figure]["value"], (row, model[subject, figure])
    assert figures_of(folder / "band.csv", "frozen")["book", "mean"] != model["book", "mean"]
    drawn = run("run", FOMC, "--paths", 2_000, "-q", "--set", "model.generator=bootstrap", "--set",
                f"bootstrap.spx={folder / 'spx.csv'}", "--set", f"bootstrap.vix={folder / 'vix.csv'}", "-o",
                folder / "drawn.h5").stdout
    own = run("run", FOMC, *PATHS, "-o", folder / "run.h5").stdout
    for other in (drawn, own):
        assert entry_of(other) == entry_of(one), (entry_of(other), entry_of(one))
    check_model(folder)


def worlds_by_scenario(folder):
    """Worlds that are not there are named with the reason; a section, an option and a mark make others."""
    few = ["--paths", 2_000, "-q"]
    left_out = run("band", FOMC, *few, "--set", "model.mark=frozen", "-o", folder / "band.md").stdout
    assert "\n  bootstrap  left out: no history given (--history-spx" in left_out, left_out
    assert "\n  vvix " in left_out and "as it is, mark frozen" in left_out and "\n  frozen" not in left_out, left_out
    assert "| conclusion |" in (folder / "band.md").read_text()
    sectioned = run("band", FOMC, *few, "--set", f"bootstrap.spx={folder / 'spx.csv'}", "--set",
                    f"bootstrap.vix={folder / 'vix.csv'}", "--set", "event.0.physical_sd=0.006", "--set",
                    "model.equity_premium=0.05").stdout
    assert "\n  bootstrap  sessions of history" in sectioned and "left out" not in sectioned, sectioned
    bare = run("band", SCENARIOS / "condor-only.toml", *few).stdout
    assert "frozen     left out: the book has no VIX option to mark" in bare and "effect" not in bare, bare


def slips(folder):
    history = ["--history-spx", folder / "spx.csv", "--history-vix", folder / "vix.csv"]
    for more, says in [(["-o", folder / "x.txt"], "must end in .csv or .md"), (["-o", folder], "must end in"),
                       ([*history, "-o", folder / "spx.csv"], "is read by this command"),
                       ([*history, "-o", folder / "vix.csv"], "is read by this command"),
                       (["--history-spx", folder / "spx.csv"], "--history-vix is not given"),
                       (["--history-vix", folder / "vix.csv"], "--history-spx is not given"),
                       (["--history-spx", folder / "none.csv", "--history-vix", folder / "vix.csv"],
                        "none.csv: no such file"),
                       (["--history-spx", folder / "vix.csv", "--history-vix", folder / "spx.csv"], "VIX"),
                       ([*history, "--set", "bootstrap.effective_sessions=500"], "at least 500 are needed"),
                       ([*history, "--set", "bootstrap.regime=nearr"], "did you mean near?"),
                       (["--set", "bootstrap.regime=all"], "is missing"),
                       (["--set", "model.generator=named_day"], "model.generator must be \"model\""),
                       (["--set", "sampling.measure=pricing"], "sampling.measure must be \"physical\""),
                       (["--set", "condor.short_detla=0.1"], "did you mean short_delta?"),
                       (["--set", "claim.0.expect=\"condor_retrun > 0\""], "condor_retrun"),
                       (["--paths", "0"], "--paths 0"), (["--paths", "1e12"], "would take about"),
                       (["--thread", "2"], "did you mean --threads?")]:
        started = time.monotonic()
        refused = run("band", FOMC, *more, code=2)
        assert says in refused.stderr and refused.stderr.count("\n") == 1 and not refused.stdout, refused.stderr
        assert time.monotonic() - started < 5.0, more


with tempfile.TemporaryDirectory() as name:
    band(Path(name))
    worlds_by_scenario(Path(name))
    left = files_in(name)
    slips(Path(name))
    assert files_in(name) == left
